"""Where a mention stands: the fold of its actions, and what may be done to it there."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from data.models import Action, ActionKind, MentionState, Sentiment, Status
from data.queue.status import allowed, state_after, wake
from tests.data.builders import HOUR, NOON, action

K = ActionKind
_ids = itertools.count()


def done(kind, **what_matters):
    return replace(action(kind, **what_matters), id=f"a{next(_ids)}")


def undo(one: Action) -> Action:
    return done(K.UNDO, undoes=one.id)


def test_a_mention_nobody_touched_is_open():
    assert state_after([]) == MentionState()


@pytest.mark.parametrize(
    ("kind", "status", "outcome"),
    [
        (K.ASSIGN, Status.OPEN, None),
        (K.NOTE, Status.OPEN, None),
        (K.JUDGE, Status.OPEN, None),
        (K.SNOOZE, Status.SNOOZED, None),
        (K.REPLY, Status.RESOLVED, K.REPLY),
        (K.RESOLVE, Status.RESOLVED, K.RESOLVE),
        (K.DISMISS, Status.RESOLVED, K.DISMISS),
    ],
)
def test_each_verb_leads_somewhere_and_its_undo_leads_back(kind, status, outcome):
    first = done(kind, assignee="bo", until=NOON + HOUR, sentiment=Sentiment.POSITIVE)
    state = state_after([first])
    assert (state.status, state.outcome, state.version) == (status, outcome, 1)
    assert state_after([first, undo(first)]) == MentionState(version=2)


def test_reopening_makes_it_open_and_keeps_who_has_it_and_when_it_was_answered():
    actions = [done(K.ASSIGN, assignee="bo"), done(K.REPLY, at=NOON), done(K.REOPEN, at=NOON + HOUR)]
    assert state_after(actions) == MentionState(assignee="bo", first_reply_at=NOON, version=3)


def test_the_first_reply_is_the_earliest_however_late_it_was_told():
    assert state_after([done(K.REPLY, at=NOON), done(K.REPLY, at=NOON - HOUR)]).first_reply_at == NOON - HOUR


def test_a_reply_taken_back_was_no_reply():
    first, second = done(K.REPLY, at=NOON), done(K.REPLY, at=NOON + HOUR)
    assert state_after([first, second, undo(first)]).first_reply_at == NOON + HOUR


def test_closing_ends_a_snooze():
    state = state_after([done(K.SNOOZE, until=NOON + HOUR), done(K.RESOLVE)])
    assert (state.status, state.snoozed_until) == (Status.RESOLVED, None)


def test_the_latest_of_a_kind_counts_and_its_undo_brings_the_former_back():
    first = done(K.ASSIGN, assignee="ana")
    second = done(K.ASSIGN, assignee="bo")
    mood = done(K.JUDGE, sentiment=Sentiment.NEGATIVE)
    assert state_after([first, second, mood]).assignee == "bo"
    assert state_after([first, second, mood, undo(second)]).assignee == "ana"
    assert state_after([first, second, mood, undo(second)]).sentiment is Sentiment.NEGATIVE


def test_whether_a_reply_is_needed_is_what_was_said_last():
    yes, no = done(K.EXPECT, body="yes"), done(K.EXPECT, body="no")
    assert state_after([]).expects is None
    assert state_after([yes, no]).expects is False
    assert state_after([yes, no, undo(no)]).expects is True


def test_an_assignment_to_nobody_gives_it_back():
    assert state_after([done(K.ASSIGN, assignee="bo"), done(K.ASSIGN, assignee=None)]).assignee is None


@pytest.mark.parametrize(("after", "status"), [(-HOUR, Status.SNOOZED), (0 * HOUR, Status.OPEN), (HOUR, Status.OPEN)])
def test_a_snooze_ends_by_itself_at_its_very_moment(after, status):
    state = state_after([done(K.SNOOZE, until=NOON)])
    assert wake(state, NOON + after).status is status


def test_a_snooze_without_an_end_is_none_and_nothing_else_wakes():
    assert wake(state_after([done(K.SNOOZE)]), NOON).status is Status.OPEN
    assert wake(state_after([done(K.RESOLVE)]), NOON).status is Status.RESOLVED


ALLOWED = {
    Status.OPEN: {K.ASSIGN, K.NOTE, K.REPLY, K.JUDGE, K.EXPECT, K.SNOOZE, K.RESOLVE, K.DISMISS},
    Status.SNOOZED: {K.ASSIGN, K.NOTE, K.REPLY, K.JUDGE, K.EXPECT, K.SNOOZE, K.REOPEN, K.RESOLVE, K.DISMISS},
    Status.OLD: {K.ASSIGN, K.NOTE, K.REPLY, K.JUDGE, K.EXPECT, K.SNOOZE, K.REOPEN, K.RESOLVE, K.DISMISS},
    Status.RESOLVED: {K.ASSIGN, K.NOTE, K.REPLY, K.JUDGE, K.EXPECT, K.REOPEN},
}


@pytest.mark.parametrize("status", Status)
def test_what_may_be_done_is_a_table(status):
    assert allowed(status) == ALLOWED[status]
