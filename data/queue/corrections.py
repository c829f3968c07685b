"""Corrections: the sentiment and need of a reply that people set, each with what the scorer had said at that time."""

from __future__ import annotations

from datetime import datetime

from data.models import Action, ActionKind
from data.queue.status import YES
from data.store.store import Connection

SETS = frozenset({ActionKind.JUDGE, ActionKind.EXPECT})


def follow(store: Connection, action: Action, version: int) -> None:
    """Keep the correction that an action makes, and remove the one that it undoes. `version`: the action's."""
    if action.kind is ActionKind.UNDO:
        store.run("DELETE FROM correction WHERE action_id = $id", id=action.undoes)
    elif action.kind in SETS:
        store.run(
            INSERT, id=action.id, mention_id=action.mention_id, version=version, by=action.actor,
            at=action.happened_at, sentiment=action.sentiment.value if action.sentiment else None,
            needs_reply=action.body == YES if action.kind is ActionKind.EXPECT else None,
        )  # fmt: skip


def mark_edited(store: Connection, now: datetime) -> None:
    """Mark the corrections of mentions whose words `arrived` changes. They still count, but no scorer is trained on
    them."""
    store.run(MARK_EDITED, now=now)


def count(store: Connection) -> int:
    """How many mentions were corrected."""
    return int(store.value("SELECT count(DISTINCT mention_id) FROM correction"))


INSERT = """
INSERT INTO correction
SELECT
    $id, $mention_id, $version, $sentiment, $needs_reply, $by, $at,
    score.label, score.confidence, score.needs_reply, score.scorer, score.layer, NULL
FROM (SELECT 1 AS one)
LEFT JOIN (SELECT * FROM score WHERE mention_id = $mention_id ORDER BY scored_at DESC LIMIT 1) AS score ON TRUE
"""

MARK_EDITED = """
UPDATE correction
SET edited_at = $now
WHERE edited_at IS NULL
    AND mention_id IN (SELECT id FROM arrived WHERE differs AND is_current AND NOT is_new)
"""
