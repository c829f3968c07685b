"""Silence: whether a source has brought nothing new for longer than its own runs of 30 days make usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from data.store.store import Connection

WINDOW = timedelta(days=30)  # the runs that a habit is computed from
PAUSES, SPAN = 12, timedelta(days=3)  # a history shorter than either is no habit
SHORTEST = timedelta(hours=6)  # a shorter silence is not reported
EMPTY_RUNS = 3  # successful runs without anything new before it is called silence


@dataclass(frozen=True, slots=True)
class Habit:
    """The runs of a source that brought something new in the last 30 days, and the pauses between two of them."""

    pauses: int
    usual: timedelta  # 19 of 20 pauses are no longer
    longest: timedelta
    first_new_at: datetime
    last_new_at: datetime
    last_success_at: datetime
    empty: int  # successful runs since that brought nothing


def silence(habit: Habit) -> timedelta | None:
    """For how long a source has been silent, counted up to its last successful run; None when that is not unusual.

    Unusual is more than SHORTEST, three times the usual pause and 1.25 times the longest one. Regular quiet times such
    as weekends are among the pauses. The measure is our own.
    """
    if habit.pauses < PAUSES or habit.last_new_at - habit.first_new_at < SPAN or habit.empty < EMPTY_RUNS:
        return None
    lasted = habit.last_success_at - habit.last_new_at
    return lasted if lasted > max(SHORTEST, 3 * habit.usual, 1.25 * habit.longest) else None


def habits(store: Connection, now: datetime) -> dict[str, Habit]:
    """The habit of every source that brought something new more than once in the last 30 days."""
    rows = store.rows(HABITS, since=now - WINDOW)
    return {row.pop("source"): _habit(**row) for row in rows}


def _habit(*, usual: float, longest: float, **facts: int | datetime) -> Habit:
    return Habit(usual=timedelta(seconds=usual), longest=timedelta(seconds=longest), **facts)  # type: ignore[arg-type]


HABITS = """
WITH fresh AS (
    SELECT
        source,
        ended_at,
        epoch(ended_at) - epoch(lag(ended_at) OVER (PARTITION BY source ORDER BY ended_at)) AS pause
    FROM run
    WHERE added > 0 AND ended_at > $since
), habit AS (
    SELECT
        source,
        count(pause) AS pauses,
        quantile_cont(pause, 0.95) AS usual,
        max(pause) AS longest,
        min(ended_at) AS first_new_at,
        max(ended_at) AS last_new_at
    FROM fresh
    GROUP BY source
    HAVING count(pause) > 0
), later AS (
    SELECT run.source, max(run.ended_at) AS last_success_at, count(*) FILTER (WHERE run.added = 0) AS empty
    FROM run JOIN habit ON run.source = habit.source AND run.ended_at >= habit.last_new_at
    WHERE run.error IS NULL
    GROUP BY run.source
)
SELECT habit.*, coalesce(last_success_at, last_new_at) AS last_success_at, coalesce(empty, 0) AS empty
FROM habit LEFT JOIN later ON habit.source = later.source
ORDER BY habit.source
"""
