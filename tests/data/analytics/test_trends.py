"""The weekly figures against stores small enough to count by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from data.analytics import trends
from data.analytics.trends import Answers, Scope
from data.ingest import absorber
from data.models import Answer, Brand, Sentiment
from tests.data.builders import ACME, BOLT, HOUR, JUDGEMENT, NOON, RIVAL, action, found

MONDAY = date(2026, 11, 16)  # the week of NOON, a Friday
MIDNIGHT = datetime(2026, 11, 16, tzinfo=UTC)
WEEK = timedelta(weeks=1)
THIS_WEEK = Scope(MIDNIGHT, MIDNIGHT + WEEK)
STRICT = Brand("Strict", terms=("strict",), reply_within=2 * HOUR)


def weekly(room, **where):
    """Mentions per week, of those tallies that are as `where` says."""
    counts = Counter()
    for tally in trends.tallies(room.store):
        if all(getattr(tally, name) == value for name, value in where.items()):
            counts[tally.week] += tally.mentions
    return dict(counts)


def once(room):
    return sum(tally.once for tally in trends.tallies(room.store))


def said(n, after):
    return Answer(f"test:{n}", "sorry about that", NOON + after)


def at_noon(n, **more):
    return found(n, published_at=NOON, **more)


def test_an_empty_store_has_no_figures(room):
    assert trends.tallies(room.store) == ()
    assert trends.answers(room.store, THIS_WEEK) == ()


def test_mentions_are_counted_by_week_source_and_sentiment(room):
    room.take(
        found(1, text="acme bad"), found(2, text="acme bad"), found(3, text="acme good", source="reddit"),
        found(4, text="acme", published_at=NOON - WEEK), found(5, text="nobody"),
    )  # fmt: skip
    counted = {(t.week, t.source, t.sentiment): t.mentions for t in trends.tallies(room.store)}
    assert counted == {
        (MONDAY, "test", Sentiment.NEGATIVE): 2,
        (MONDAY, "reddit", Sentiment.POSITIVE): 1,
        (MONDAY - WEEK, "test", Sentiment.NEUTRAL): 1,
    }


@pytest.mark.parametrize(
    ("published_at", "week"),
    [
        (MIDNIGHT, MONDAY),
        (MIDNIGHT - timedelta(microseconds=1), MONDAY - WEEK),
        (MIDNIGHT + WEEK - timedelta(microseconds=1), MONDAY),
        (datetime(2020, 12, 31, 23, 59, tzinfo=UTC), date(2020, 12, 28)),  # a week that begins in one year
        (datetime(2021, 1, 3, 23, 59, tzinfo=UTC), date(2020, 12, 28)),  # and ends in the next
        (datetime(1990, 1, 1, tzinfo=UTC), date(1990, 1, 1)),
        (datetime.fromisoformat("2026-11-16T00:30:00+02:00"), MONDAY - WEEK),  # Sunday in UTC
    ],
)
def test_a_week_runs_from_monday_to_sunday_in_utc(room, published_at, week):
    a_week_later = replace(room, clock=lambda: MIDNIGHT + WEEK)
    a_week_later.take(found(1, published_at=published_at))
    assert weekly(room) == {week: 1}


def test_a_tally_knows_its_oldest_and_its_newest_mention(room):
    room.take(found(1), found(60))
    [tally] = trends.tallies(room.store)
    assert (tally.oldest_at, tally.newest_at) == (NOON - HOUR, NOON - timedelta(minutes=1))


def test_a_mention_of_two_of_our_brands_counts_for_each_but_once_in_all(empty):
    empty.listen_for(ACME, BOLT, RIVAL)
    empty.take(found(1, text="acme and bolt"), found(2, text="bolt"), found(3, text="acme or rival"))
    assert weekly(empty, brand="Acme") == {MONDAY: 2}
    assert weekly(empty, brand="Bolt") == {MONDAY: 2}
    assert once(empty) == 3


def test_competitors_are_counted_apart_and_never_as_ours(empty):
    empty.listen_for(ACME, RIVAL)
    empty.take(found(1, text="acme or rival"), found(2, text="rival"))
    assert weekly(empty, competitor=True) == {MONDAY: 2}
    assert weekly(empty, competitor=False) == {MONDAY: 1}
    assert once(empty) == 1


def test_a_sentiment_set_by_a_person_counts_before_the_computed_one(room):
    room.take(found(1, text="acme bad"))
    room.record(action("judge", 1, sentiment=Sentiment.POSITIVE))
    [tally] = trends.tallies(room.store)
    assert tally.sentiment is Sentiment.POSITIVE


def test_what_is_not_scored_yet_is_in_no_figure_but_counted_as_coming(room):
    room.drop(found(1))
    assert list(absorber.absorb_waiting(room.store, JUDGEMENT, room.places))
    assert trends.tallies(room.store) == ()
    assert trends.count_unscored(room.store) == 1


def test_answers_are_counted_in_the_week_of_their_mention(room):
    room.take(
        *(at_noon(n) for n in (1, 2, 3, 4)), found(5, published_at=NOON - WEEK),
        answers=[said(1, HOUR), said(2, 8 * HOUR), said(3, 30 * HOUR), said(5, HOUR)],
    )  # fmt: skip
    assert trends.answers(room.store, THIS_WEEK) == (
        Answers(MONDAY, answered=3, early=0, within=2, median_hours=8.0, mean_hours=13.0),
    )


def test_a_reply_dated_before_its_mention_is_answered_but_has_no_time(room):
    room.take(at_noon(1), at_noon(2), answers=[said(1, -3 * HOUR), said(2, 4 * HOUR)])
    assert trends.answers(room.store, THIS_WEEK) == (
        Answers(MONDAY, answered=2, early=1, within=1, median_hours=4.0, mean_hours=4.0),
    )


def test_where_all_replies_are_early_there_are_no_hours(room):
    room.take(at_noon(1), answers=[said(1, -HOUR)])
    [week] = trends.answers(room.store, THIS_WEEK)
    assert (week.answered, week.early, week.within, week.median_hours, week.mean_hours) == (1, 1, 0, None, None)


def test_only_the_first_answer_counts(room):
    room.take(at_noon(1))
    room.record(action("reply", 1, at=NOON + 2 * HOUR))
    room.record(action("reply", 1, at=NOON + 9 * HOUR))
    [week] = trends.answers(room.store, THIS_WEEK)
    assert (week.answered, week.median_hours) == (1, 2.0)


def test_a_reply_that_was_taken_back_is_no_answer(room):
    room.take(at_noon(1))
    reply = room.record(action("reply", 1, at=NOON + HOUR))
    room.record(action("undo", 1, undoes=reply.id, at=NOON + HOUR))
    assert trends.answers(room.store, THIS_WEEK) == ()


def test_answers_to_mentions_of_competitors_do_not_count(empty):
    empty.listen_for(ACME, RIVAL)
    empty.take(at_noon(1, text="rival"), answers=[said(1, HOUR)])
    assert trends.answers(empty.store, THIS_WEEK) == ()


def test_the_strictest_target_holds_where_two_of_our_brands_are_named(empty):
    empty.listen_for(ACME, STRICT)
    empty.take(at_noon(1, text="acme strict"), at_noon(2, text="acme"), answers=[said(1, 4 * HOUR), said(2, 4 * HOUR)])
    [together] = trends.answers(empty.store, THIS_WEEK)
    assert (together.answered, together.within) == (2, 1)
    [acme] = trends.answers(empty.store, Scope(MIDNIGHT, MIDNIGHT + WEEK, "Acme"))
    assert (acme.answered, acme.within) == (2, 2)


def test_a_scope_leaves_out_other_brands_sources_and_weeks(empty):
    empty.listen_for(ACME, BOLT)
    empty.take(
        at_noon(1), at_noon(2, text="bolt", source="reddit"), found(3, published_at=MIDNIGHT - HOUR),
        answers=[said(1, HOUR), said(2, HOUR), said(3, HOUR)],
    )  # fmt: skip

    def answered(**more):
        return [one.answered for one in trends.answers(empty.store, Scope(MIDNIGHT, MIDNIGHT + WEEK, **more))]

    assert answered() == [2]
    assert answered(brand="Bolt") == [1]
    assert answered(sources=frozenset({"reddit", "rss"})) == [1]
    assert answered(brand="Acme", sources=frozenset({"reddit"})) == []


def test_figures_are_counted_once_until_something_is_written(room):
    room.take(found(1))
    before = trends.tallies(room.store)
    assert trends.tallies(room.store) is before
    room.take(found(2), at=NOON + HOUR)
    assert weekly(room) == {MONDAY: 2}


def test_two_stores_never_share_their_figures(room, tmp_path):
    room.take(found(1))
    other = type(room.store)(tmp_path / "other.duckdb")
    assert trends.tallies(room.store)
    assert trends.tallies(other) == ()
    other.close()
