"""The blind check: the same twenty for everybody, each labelled once, and none of it known to what is learned later."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from data.analytics import verdicts
from data.models import Sentiment
from data.people.rights import lead
from data.scores import blind_check
from data.scores.blind_check import A_WEEK, cards, label, take_back, week_of
from tests.data.builders import ACME, NOON, RIVAL, action, found

NEGATIVE, POSITIVE = Sentiment.NEGATIVE, Sentiment.POSITIVE
WEEK = timedelta(weeks=1)


@pytest.fixture
def many(room):
    room.take(*(found(n, text=f"acme is {'bad' if n % 2 else 'good'} number {n}") for n in range(1, 61)))
    return room


def ids(room, now=NOON):
    return [card.mention_id for card in cards(room.store, now)]


def test_a_week_begins_on_monday_in_utc():
    assert week_of(NOON) == date(2026, 11, 16)
    assert week_of(datetime.fromisoformat("2026-11-23T00:30+02:00")) == date(2026, 11, 16)


def test_twenty_are_drawn_once_a_week_whoever_asks_and_when(many):
    drawn = ids(many)
    assert len(set(drawn)) == A_WEEK
    many.take(*(found(n) for n in range(100, 140)))
    assert ids(many, NOON + timedelta(days=2)) == drawn


def test_the_same_store_draws_the_same(many):
    drawn = ids(many)
    with many.store.write() as store:
        store.run("DELETE FROM blind")
    assert ids(many) == drawn


def test_no_mention_is_drawn_in_two_weeks(many):
    assert not set(ids(many)) & set(ids(many, NOON + WEEK))


def test_only_scored_mentions_of_our_own_brands_are_drawn(room):
    room.listen_for(ACME, RIVAL)
    room.take(found(1), found(2, text="rival alone"))
    room.drop(found(3))
    room.take_in()
    assert ids(room) == ["test:1"]


def test_what_came_in_lately_goes_first(many):
    with many.store.write() as store:
        store.run("UPDATE mention SET collected_at = $at", at=NOON - timedelta(days=60))
        store.run("UPDATE mention SET collected_at = $at WHERE id IN ('test:7', 'test:8')", at=NOON)
    assert set(ids(many)[:2]) == {"test:7", "test:8"}


def test_while_there_are_too_few_the_rest_is_drawn_as_they_come(room):
    room.take(found(1), found(2))
    first = ids(room)
    room.take(*(found(n) for n in range(3, 40)))
    assert ids(room)[:2] == first
    assert len(ids(room)) == A_WEEK
    assert [card.place for card in cards(room.store, NOON)] == list(range(1, A_WEEK + 1))


def test_each_is_labelled_once_and_the_second_of_two_people_is_told(many):
    card = cards(many.store, NOON)[0]
    assert label(many.store, card, NEGATIVE, True, lead("ana"), NOON)
    assert not label(many.store, card, POSITIVE, False, lead("ben"), NOON)
    again = cards(many.store, NOON)[0]
    assert (again.sentiment, again.needs_reply, again.labelled_by) == (NEGATIVE, True, "ana")
    assert many.value("SELECT count(*) FROM blind") == A_WEEK


def test_ones_own_label_can_be_taken_back_and_no_one_elses(many):
    card = cards(many.store, NOON)[0]
    label(many.store, card, NEGATIVE, True, lead("ana"), NOON)
    take_back(many.store, card, lead("ben"))
    assert cards(many.store, NOON)[0].labelled_by == "ana"
    take_back(many.store, card, lead("ana"))
    assert cards(many.store, NOON)[0].labelled_by is None


def told(room):
    with room.store.read() as store:
        return verdicts.of_blind(store), verdicts.of_corrections(store)


def test_a_verdict_holds_what_the_scorer_said_when_the_mention_was_drawn(many):
    card = cards(many.store, NOON)[0]
    with many.store.write() as store:
        store.run("UPDATE score SET label = 'neutral'")
    label(many.store, card, NEGATIVE, False, lead("ana"), NOON)
    [one], corrections = told(many)
    assert one.said in (NEGATIVE, POSITIVE)
    assert (one.sentiment, one.needs_reply, one.week, one.brands) == (NEGATIVE, False, date(2026, 11, 16), ("Acme",))
    assert corrections == ()


def test_what_nobody_can_tell_is_labelled_and_in_no_figure(many):
    card = cards(many.store, NOON)[0]
    assert label(many.store, card, None, None, lead("ana"), NOON)
    assert cards(many.store, NOON)[0].labelled_by == "ana"
    assert told(many)[0] == ()


def test_a_corrections_verdict_is_the_last_word_of_people_beside_the_first_of_the_scorer(many):
    many.record(action("judge", 1, sentiment=POSITIVE))
    with many.store.write() as store:
        store.run("UPDATE score SET label = 'positive'")
    many.record(action("judge", 1, sentiment=Sentiment.NEUTRAL))
    many.record(action("expect", 1, body="no"))
    [one] = told(many)[1]
    assert (one.said, one.sentiment, one.needs_reply, one.source) == (NEGATIVE, Sentiment.NEUTRAL, False, "test")


def test_an_erased_mention_leaves_the_check_and_another_is_drawn(many):
    gone = cards(many.store, NOON)[3].mention_id
    with many.store.write() as store:
        store.run("DELETE FROM blind WHERE mention_id = $id", id=gone)
        store.run("DELETE FROM mention WHERE id = $id", id=gone)
    assert gone not in ids(many)
    assert len(ids(many)) == A_WEEK
    assert blind_check.A_WEEK == 20
