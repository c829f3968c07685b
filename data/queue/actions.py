"""The log of actions: rows are appended and never changed. A mention's version is the number of its actions."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import fields
from typing import Any

from data.models import Action, ActionKind, HearbackError, Sentiment
from data.store.store import Connection


class Collision(HearbackError):
    """Somebody else acted on the mention since it was read; nothing was written. `since`: what they did."""

    def __init__(self, since: tuple[Action, ...]) -> None:
        super().__init__("Somebody else was faster; nothing of yours was written.")
        self.since = since


class NotAllowed(HearbackError):
    """The mention's status does not allow this action."""


def of_mention(store: Connection, mention_id: str) -> tuple[Action, ...]:
    """One mention's actions, first to last."""
    rows = store.rows("SELECT * FROM action WHERE mention_id = $id ORDER BY version", id=mention_id)
    return tuple(_action(row) for row in rows)


def of_rankable(store: Connection) -> dict[str, list[Action]]:
    """The actions of the mentions in the table `rankable`, first to last."""
    histories: dict[str, list[Action]] = defaultdict(list)
    for row in store.rows(OF_RANKABLE):
        histories[row["mention_id"]].append(_action(row))
    return histories


def of_queued(store: Connection) -> dict[str, list[Action]]:
    """The actions of the mentions that have a row in the queue, first to last."""
    histories: dict[str, list[Action]] = defaultdict(list)
    for row in store.rows(OF_QUEUED):
        histories[row["mention_id"]].append(_action(row))
    return histories


def _action(row: dict[str, Any]) -> Action:
    return Action(
        id=row["id"],
        mention_id=row["mention_id"],
        kind=ActionKind(row["kind"]),
        actor=row["actor"],
        happened_at=row["happened_at"],
        body=row["body"],
        assignee=row["assignee"],
        until=row["until_at"],
        sentiment=Sentiment(row["sentiment"]) if row["sentiment"] else None,
        undoes=row["undoes"],
    )


def append(store: Connection, action: Action, version: int, recorded_at: Any) -> None:
    """Write one action as the mention's `version`-th."""
    values = {field.name: getattr(action, field.name) for field in fields(Action)}
    values["kind"] = action.kind.value
    values["sentiment"] = action.sentiment.value if action.sentiment else None
    store.run(APPEND, **values, version=version, recorded_at=recorded_at)


def new_id() -> str:
    """An id no other action has."""
    return uuid.uuid4().hex


OF_RANKABLE = """
SELECT *
FROM action
WHERE mention_id IN (SELECT id FROM rankable)
ORDER BY mention_id, version
"""

OF_QUEUED = """
SELECT *
FROM action
WHERE mention_id IN (SELECT mention_id FROM queue)
ORDER BY mention_id, version
"""

APPEND = """
INSERT INTO action VALUES (
    $id, $mention_id, $version, $kind, $actor, $happened_at, $recorded_at, $body, $assignee, $until, $sentiment, $undoes
)
"""
