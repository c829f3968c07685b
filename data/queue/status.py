"""The triage state of a mention, folded from its actions, and which actions are allowed in which status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from data.models import SYSTEM, Action, ActionKind, MentionState, Status

ALWAYS = frozenset({ActionKind.ASSIGN, ActionKind.NOTE, ActionKind.REPLY, ActionKind.JUDGE, ActionKind.EXPECT})
MOVES = {
    Status.OPEN: frozenset({ActionKind.SNOOZE, ActionKind.RESOLVE, ActionKind.DISMISS}),
    Status.SNOOZED: frozenset({ActionKind.SNOOZE, ActionKind.REOPEN, ActionKind.RESOLVE, ActionKind.DISMISS}),
    Status.OLD: frozenset({ActionKind.SNOOZE, ActionKind.REOPEN, ActionKind.RESOLVE, ActionKind.DISMISS}),
    Status.RESOLVED: frozenset({ActionKind.REOPEN}),
}
YES, NO = "yes", "no"  # what an EXPECT says
BRINGS_BACK = frozenset({ActionKind.ASSIGN, ActionKind.SNOOZE, ActionKind.REOPEN})  # what is old into the work
CLOSES = frozenset({ActionKind.REPLY, ActionKind.RESOLVE, ActionKind.DISMISS})


def allowed(status: Status) -> frozenset[ActionKind]:
    """The kinds of action that a mention of this status allows. Undoing is checked apart, see `triage.record`."""
    return ALWAYS | MOVES[status]


def state_after(actions: Sequence[Action]) -> MentionState:
    """The state of a mention after these actions, first to last. Actions that were undone are left out."""
    undone = {action.undoes for action in actions if action.undoes}
    state = MentionState()
    for action in actions:
        if action.kind is not ActionKind.UNDO and action.id not in undone:
            state = _after(state, action)
    return replace(state, version=len(actions))


def _after(state: MentionState, action: Action) -> MentionState:
    if action.kind is ActionKind.REPLY:
        state = replace(state, first_reply_at=min(state.first_reply_at or action.happened_at, action.happened_at))
        if state.edited_at and action.happened_at < state.edited_at:
            return state  # it answers what was said before
    if action.kind in CLOSES:
        return replace(
            state, status=Status.RESOLVED, snoozed_until=None, outcome=action.kind, edited=None, edited_at=None
        )
    if action.kind is ActionKind.SNOOZE:
        return replace(state, status=Status.SNOOZED, snoozed_until=action.until, wanted_at=action.happened_at)
    if action.kind is ActionKind.REOPEN:
        state = replace(state, status=Status.OPEN, snoozed_until=None, outcome=None)
        if action.actor == SYSTEM and action.body:
            return replace(state, edited=action.body, edited_at=action.happened_at)
        return replace(state, wanted_at=action.happened_at)
    return replace(state, **_left_in_place(action))


def _left_in_place(action: Action) -> dict[str, Any]:
    """The fields that an action changes when it does not change the status."""
    if action.kind is ActionKind.ASSIGN:
        return {"assignee": action.assignee} | ({"wanted_at": action.happened_at} if action.assignee else {})
    if action.kind is ActionKind.JUDGE:
        return {"sentiment": action.sentiment}
    return {"expects": action.body == YES} if action.kind is ActionKind.EXPECT else {}


def wake(state: MentionState, now: datetime) -> MentionState:
    """The same state, but open where a snooze has ended by `now`."""
    if state.status is Status.SNOOZED and (state.snoozed_until is None or state.snoozed_until <= now):
        return replace(state, status=Status.OPEN, snoozed_until=None)
    return state
