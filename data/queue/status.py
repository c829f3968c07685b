"""Where a mention stands and what may be done to it: the fold of its actions, and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from data.models import Action, ActionKind, Standing, Status

ALWAYS = frozenset({ActionKind.ASSIGN, ActionKind.NOTE, ActionKind.REPLY, ActionKind.JUDGE, ActionKind.EXPECT})
MOVES = {
    Status.OPEN: frozenset({ActionKind.SNOOZE, ActionKind.RESOLVE, ActionKind.DISMISS}),
    Status.SNOOZED: frozenset({ActionKind.SNOOZE, ActionKind.REOPEN, ActionKind.RESOLVE, ActionKind.DISMISS}),
    Status.RESOLVED: frozenset({ActionKind.REOPEN}),
}
YES, NO = "yes", "no"  # what an EXPECT says
CLOSES = frozenset({ActionKind.REPLY, ActionKind.RESOLVE, ActionKind.DISMISS})


def allowed(status: Status) -> frozenset[ActionKind]:
    """What may be done to a mention that stands so; taking back the latest action is judged apart."""
    return ALWAYS | MOVES[status]


def stand(actions: Sequence[Action]) -> Standing:
    """Where a mention stands after these actions, given first to last; an action taken back never was."""
    undone = {action.undoes for action in actions if action.undoes}
    standing = Standing()
    for action in actions:
        if action.kind is not ActionKind.UNDO and action.id not in undone:
            standing = _after(standing, action)
    return replace(standing, version=len(actions))


def _after(standing: Standing, action: Action) -> Standing:
    if action.kind is ActionKind.REPLY:
        standing = replace(
            standing, first_reply_at=min(standing.first_reply_at or action.happened_at, action.happened_at)
        )
    if action.kind in CLOSES:
        return replace(standing, status=Status.RESOLVED, snoozed_until=None, outcome=action.kind)
    if action.kind is ActionKind.SNOOZE:
        return replace(standing, status=Status.SNOOZED, snoozed_until=action.until)
    if action.kind is ActionKind.REOPEN:
        return replace(standing, status=Status.OPEN, snoozed_until=None, outcome=None)
    return replace(standing, **_left_in_place(action))


def _left_in_place(action: Action) -> dict[str, Any]:
    """What an action changes that leaves the mention where it is."""
    if action.kind is ActionKind.ASSIGN:
        return {"assignee": action.assignee}
    if action.kind is ActionKind.JUDGE:
        return {"sentiment": action.sentiment}
    return {"expects": action.body == YES} if action.kind is ActionKind.EXPECT else {}


def wake(standing: Standing, now: datetime) -> Standing:
    """The same, unless a snooze has run out: then it stands open."""
    if standing.status is Status.SNOOZED and (standing.snoozed_until is None or standing.snoozed_until <= now):
        return replace(standing, status=Status.OPEN, snoozed_until=None)
    return standing
