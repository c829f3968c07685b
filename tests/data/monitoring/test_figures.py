"""The state of the whole, in figures."""

from __future__ import annotations

import json
from datetime import timedelta

from data.models import Gap, Rejected, Run
from data.monitoring import figures
from data.monitoring.figures import gaps, listeners, rejected, status
from tests.data.builders import HOUR, NOON, action, found


def state(room, now=NOON):
    with room.store.read() as connection:
        return status(connection, room.places.incoming, now)


def test_an_empty_store_has_nothing_and_says_so(empty):
    assert state(empty) == {
        "mentions": 0,
        "open": 0,
        "snoozed": 0,
        "old": 0,
        "unscored": 0,
        "rejected": 0,
        "actions": 0,
        "waiting": 0,
        "rescoring": None,
        "listeners": {},
    }


def test_figures_follow_what_happens(room):
    room.take(found(1), found(2), found(3), found(4, text="nobody"), rejected=[Rejected("a.csv", 1, "no time")])
    room.record(action("snooze", 1, until=NOON + HOUR))
    room.record(action("resolve", 2))
    room.drop(found(5))
    figures = state(room)
    assert (figures["mentions"], figures["open"], figures["snoozed"], figures["waiting"]) == (4, 1, 1, 1)
    assert (figures["actions"], figures["rejected"], figures["unscored"]) == (2, 1, 0)
    woken = state(room, NOON + HOUR)
    assert (woken["open"], woken["snoozed"]) == (2, 0)
    json.dumps(figures)


def test_a_listener_is_known_by_its_latest_run(room):
    gap = Gap("acme", NOON - HOUR, NOON, "a ceiling")
    room.drop(found(1), found(2), run=Run("rss", NOON, NOON, found=2, next_at=NOON + HOUR))
    room.drop(run=Run("rss", NOON + HOUR, NOON + HOUR, error="HTTP 503", next_at=NOON + 2 * HOUR, gaps=(gap,)))
    room.drop(run=Run("hackernews", NOON, NOON + timedelta(seconds=1)))
    room.absorb()
    with room.store.read() as connection:
        first, second = listeners(connection)
    assert (first["source"], first["error"], first["runs"]) == ("hackernews", "", 1)
    assert second == second | {
        "source": "rss",
        "runs": 2,
        "error": "HTTP 503",
        "last_run_at": NOON + HOUR,
        "last_success_at": NOON,
        "next_run_at": NOON + 2 * HOUR,
        "new_at_last_run": 0,
        "new_in_all": 2,
        "permanent": False,
    }
    assert [one["query"] for one in second["gaps"]] == ["acme"]
    assert state(room)["listeners"]["rss"]["last_run_at"] == "2026-11-20T13:00:00+00:00"


def test_gaps_are_told_latest_first(room):
    for hours in (1, 3, 2):
        at = NOON + hours * HOUR
        room.drop(run=Run("rss", at, at, gaps=(Gap(f"q{hours}", NOON, at, "why"), Gap("also", NOON, at, "why"))))
    room.absorb()
    with room.store.read() as connection:
        assert [one["query"] for one in gaps(connection)] == ["q3", "also", "q2", "also", "q1", "also"]


def test_rejected_rows_are_shown_in_part_and_limited(room):
    room.drop(rejected=[Rejected("a.csv", n, "no time", "x" * 1000) for n in range(1, 6)])
    room.absorb()
    with room.store.read() as connection:
        shown = rejected(connection, limit=3)
    assert [(row["file"], row["line"], len(row["content"])) for row in shown] == [("a.csv", n, 200) for n in (1, 2, 3)]


def test_a_source_that_fails_is_told_with_its_error_and_when_it_was_last_read(room):
    def run(source, hours, error=None):
        at = NOON - hours * HOUR
        return Run(source, at, at, error=error)

    for one in (
        run("rss", 3), run("rss", 2, "HTTP 500"), run("x", 3, "refused"), run("reddit", 3, "down"), run("reddit", 1),
        run("yelp", 100, "switched off since"),
    ):  # fmt: skip
        room.take(run=one)
    with room.store.read() as store:
        assert figures.failing(store) == {
            "rss": figures.Failing("HTTP 500", NOON - 3 * HOUR),
            "x": figures.Failing("refused", None),
        }
