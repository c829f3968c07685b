"""What should be known of each source: silent against its habit, behind, refused, near the end of its budget."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest

from data.models import Gap, Run
from data.monitoring.health import Lag, concerns, judge, lags, lasting, whole
from data.monitoring.silence import Habit, habits, silence
from data.spool.budgets import Spending, spending
from tests.data.builders import HOUR, NOON

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def habit(**facts) -> Habit:
    """A source that brought something every two hours for ten days, up to an hour before noon."""
    plain = {
        "pauses": 120, "usual": 2 * HOUR, "longest": 9 * HOUR, "first_new_at": NOON - 10 * DAY,
        "last_new_at": NOON - HOUR, "last_success_at": NOON, "empty": 12,
    }  # fmt: skip
    return Habit(**plain | facts)


def run(**facts):
    """A source's row of data.monitoring.figures.listeners: all is well."""
    plain = {
        "source": "x", "last_run_at": NOON, "next_run_at": NOON + 5 * MINUTE, "last_success_at": NOON,
        "error": "", "permanent": False, "gaps": [],
    }  # fmt: skip
    return plain | facts


def kinds(now=NOON, *, habit=None, behind=(), spent=None, **facts):
    return [concern.kind for concern in judge(run(**facts), habit, behind, spent, now)]


# Silence


@pytest.mark.parametrize(
    ("hours", "longest", "silent"),
    [(1, 2, False), (11, 9, False), (12, 9, True), (60, 62, False), (80, 62, True), (5, 1, False), (7, 1, True)],
)
def test_silent_is_who_brings_nothing_for_much_longer_than_ever_lately(hours, longest, silent):
    one = habit(last_new_at=NOON - hours * HOUR, usual=min(longest, 2) * HOUR, longest=longest * HOUR)
    assert (silence(one) == hours * HOUR) is silent


@pytest.mark.parametrize(
    "facts",
    [{"pauses": 11}, {"first_new_at": NOON - 3 * DAY}, {"empty": 2}, {"last_success_at": NOON - 2 * DAY + HOUR}],
)
def test_too_short_a_history_or_nobody_looking_is_no_silence(facts):
    quiet = {"last_new_at": NOON - 2 * DAY}
    assert silence(habit(**quiet)) == 2 * DAY
    assert silence(habit(**quiet | facts)) is None


def runs(room, source, *times, added=1, error=None):
    with room.store.write() as store:
        for at in times:
            store.run(RUN, source=source, at=at, added=added, error=error, next=at + 5 * MINUTE)


RUN = "INSERT INTO run VALUES ($source, $at, $at, $added, $added, $error, FALSE, $next, '[]')"


def test_a_habit_is_drawn_from_the_runs_of_the_last_month(room):
    news = [NOON - 6 * DAY + n * 8 * HOUR for n in range(15)]
    runs(room, "rss", NOON - 90 * DAY, *news)
    runs(room, "rss", *(news[-1] + n * HOUR for n in range(1, 6)), added=0)
    runs(room, "rss", news[-1] + 6 * HOUR, added=0, error="down")
    runs(room, "once", NOON)
    with room.store.read() as store:
        known = habits(store, NOON)
    assert known == {
        "rss": Habit(
            pauses=14, usual=8 * HOUR, longest=8 * HOUR, first_new_at=news[0], last_new_at=news[-1],
            last_success_at=news[-1] + 5 * HOUR, empty=5,
        )
    }  # fmt: skip


def test_a_source_that_fell_silent_is_told_and_one_that_is_switched_off_is_not(room):
    news = [NOON - 6 * DAY + n * HOUR for n in range(80)]
    runs(room, "rss", *news)
    runs(room, "rss", *(NOON - n * HOUR for n in range(24)), added=0)
    with room.store.read() as store:
        [told] = concerns(store, room.places, NOON)["rss"]
        assert concerns(store, room.places, NOON, on={"hackernews"}) == {}
        figures = whole(store, room.places, NOON)
    assert (told.kind, told.broken) == ("silent", False)
    assert told.says.startswith("Nothing new for 2 days, though it is visited; it was never silent for longer than")
    assert [one["kind"] for one in figures["listeners"]["rss"]["concerns"]] == ["silent"]
    json.dumps(figures)


# Runs, slices, gaps


def test_only_what_a_person_must_change_is_broken():
    [refused] = judge(run(error="the key is refused (401)", permanent=True), None, (), None, NOON)
    assert (refused.kind, refused.broken) == ("refused", True)
    assert refused.says == "A person must change something: the key is refused (401)."
    assert kinds(error="it is down (503)") == []


def test_a_run_that_did_not_come_is_told():
    assert kinds(NOON + 9 * MINUTE) == []
    assert kinds(NOON + 11 * MINUTE) == ["late"]


def test_a_slice_that_is_never_read_or_never_to_its_end_is_behind():
    old, older = NOON - 3 * HOUR, NOON - 3 * DAY
    says = [one.says for one in judge(run(), None, [Lag("r/acme", old, True), Lag("r/b", older, True)], None, NOON)]
    assert says == ["r/acme, r/b not read for 3 days."]
    says = [one.says for one in judge(run(), None, [Lag("acme", old, False)], None, NOON)]
    assert says == ["acme brings more than is read, for 3 hours now."]
    assert kinds(behind=[Lag("r/acme", NOON - HOUR, True)]) == []
    weekly = {"next_run_at": NOON + 7 * DAY}
    assert kinds(behind=[Lag("topics", NOON - 14 * DAY, True)], **weekly) == []


def test_the_lags_are_read_out_of_a_cursor_and_out_of_nothing_else(tmp_path):
    turns = {"acme": {"read_at": NOON.isoformat(), "more_since": (NOON - HOUR).isoformat()}}
    (tmp_path / "hackernews.json").write_text(json.dumps({"stretches": {}, "turns": turns}))
    assert lags(tmp_path, "hackernews") == [Lag("acme", NOON, True), Lag("acme", NOON - HOUR, False)]
    for broken in ("", "[]", '{"turns": 3}', '{"turns": {"a": {}}}', '{"turns": {"a": {"read_at": "soon"}}}'):
        (tmp_path / "rss.json").write_text(broken)
        assert lags(tmp_path, "rss") == []


def test_a_gap_at_the_last_run_is_told(room):
    gap = Gap("acme", NOON - HOUR, NOON, "more than 1000 hits in one second")
    room.drop(run=Run("hackernews", NOON, NOON, gaps=(gap,)))
    room.absorb()
    with room.store.read() as store:
        [told] = concerns(store, room.places, NOON)["hackernews"]
    assert told.says == "At its last visit not all could be read: more than 1000 hits in one second."


# Budgets


def ledger(folder, source, text):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{source}.json").write_text(text)


def test_what_was_spent_this_month_is_read_from_the_ledger_and_the_cap_from_setup(tmp_path):
    ledger(tmp_path, "x", '{"month": "2026-11", "spent": 12.5, "day": "2026-11-20", "billed": []}')
    ledger(tmp_path, "yelp", '{"month": "2026-10", "spent": 9.0}')
    ledger(tmp_path, "torn", '{"month": "2026-')
    sources = {
        "x": {"dollars_a_month": 50},
        "new": {"dollars_a_month": 5.0},
        "rss": {},
        "torn": {"dollars_a_month": "a lot"},
    }
    assert spending(tmp_path, sources, NOON) == {
        "new": Spending(0.0, 5.0),
        "torn": Spending(None, None),
        "x": Spending(12.5, 50.0),
        "yelp": Spending(0.0, None),
    }
    assert Spending(12.5, 50.0).left == 37.5


@pytest.mark.parametrize(
    ("spent", "cap", "told"),
    [
        (39.99, 50.0, []),
        (40.0, 50.0, ["budget"]),
        (50.0, 50.0, ["budget"]),
        (7.0, None, []),
        (0.0, 0.0, []),
        (None, 9, ["budget"]),
    ],
)
def test_a_budget_is_told_from_four_fifths_on(spent, cap, told):
    assert kinds(spent=Spending(spent, cap)) == told


def test_spending_stands_in_the_status_even_before_the_first_run(room):
    room.places.setup.write_text('[[brand]]\nname = "Acme"\n[sources.x]\ndollars_a_month = 50\n')
    ledger(room.places.budgets, "x", f'{{"month": "{NOON:%Y-%m}", "spent": 45.0}}')
    room.drop(run=Run("rss", NOON, NOON))
    room.absorb()
    with room.store.read() as store:
        known = whole(store, room.places, NOON)["listeners"]
    assert known["x"] == {"spent": 45.0, "cap": 50.0, "left": 5.0, "concerns": known["x"]["concerns"]}
    assert [one["says"] for one in known["x"]["concerns"]] == [
        "$45.00 of this month's $50.00 are spent; at the cap it stops until next month, or until the cap is raised."
    ]
    assert "spent" not in known["rss"]


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (MINUTE, "1 minute"),
        (90 * MINUTE, "90 minutes"),
        (5 * HOUR, "5 hours"),
        (47 * HOUR, "47 hours"),
        (3 * DAY, "3 days"),
    ],
)
def test_lengths_of_time_are_said_in_words(length, said):
    assert lasting(length) == said


def test_habits_of_a_busy_month_are_found_quickly(room):
    """Twenty sources visited every five minutes for a month; the Sources page asks every five seconds."""
    with room.store.write() as store:
        store.run(MONTH, start=NOON - 30 * DAY)
    began = time.process_time()  # on a busy machine the wall clock says nothing of us
    with room.store.read() as store:
        known = habits(store, NOON)
    assert len(known) == 20
    assert time.process_time() - began < 2


MONTH = """
INSERT INTO run
SELECT
    'source' || source AS source,
    $start + to_minutes(CAST(run * 5 AS BIGINT)) AS started_at,
    $start + to_minutes(CAST(run * 5 AS BIGINT)) AS ended_at,
    1 AS found,
    CAST(run % 3 = 0 AS BIGINT) AS added,
    NULL AS error,
    FALSE AS permanent,
    NULL AS next_at,
    '[]' AS gaps
FROM range(20) AS sources (source), range(8640) AS runs (run)
"""
