"""Times, stars and counts in a file, read as people, sites and programs write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from listeners.formats import cells
from listeners.formats.times import Order, UnreadableTime, instant, order_of
from listeners.importing import imports
from tests.listeners import taking
from tests.listeners.taking import GOOD

take = taking.take

# --- times


@pytest.mark.parametrize(
    ("cell", "expected", "has_zone"),
    [
        ("2026-11-22T10:11:12Z", "2026-11-22T10:11:12", True),
        ("2026-11-22T10:11:12.123456789+01:00", "2026-11-22T09:11:12.123456", True),
        ("2026-11-22 10:11:12", "2026-11-22T10:11:12", False),
        ("2026-11-22 10:11:12 UTC", "2026-11-22T10:11:12", True),
        ("2026-11-22 10:11:12 +0200", "2026-11-22T08:11:12", True),
        ("2026-11-22", "2026-11-22T00:00:00", False),
        ("2026/11/22 9:05", "2026-11-22T09:05:00", False),
        ("20261122", "2026-11-22T00:00:00", False),
        ("20261122101112", "2026-11-22T10:11:12", False),
        ("1763806272", "2025-11-22T10:11:12", True),
        (1763806272, "2025-11-22T10:11:12", True),
        (1763806272.5, "2025-11-22T10:11:12.500000", True),
        ("1763806272500", "2025-11-22T10:11:12.500000", True),
        (1763806272500000, "2025-11-22T10:11:12.500000", True),
        (1763806272500000000, "2025-11-22T10:11:12.500000", True),
        ("Sat Nov 22 10:11:12 +0000 2025", "2025-11-22T10:11:12", True),
        ("Sat, 22 Nov 2025 10:11:12 GMT", "2025-11-22T10:11:12", True),
        ("22.11.2025 10:11", "2025-11-22T10:11:00", False),
        ("22/11/2025", "2025-11-22T00:00:00", False),
        ("11/22/2025 1:05 PM", "2025-11-22T13:05:00", False),
        ("11/11/2025 12:05 am", "2025-11-11T00:05:00", False),
        ("November 22, 2025", "2025-11-22T00:00:00", False),
        ("Nov 22, 2025 at 10:11 p.m.", "2025-11-22T22:11:00", False),
        ("22nd November 2025", "2025-11-22T00:00:00", False),
        ("Reviewed in the United States on November 22, 2025", "2025-11-22T00:00:00", False),
        (datetime(2025, 11, 22, 10), "2025-11-22T10:00:00", False),
        (datetime(2025, 11, 22).date(), "2025-11-22T00:00:00", False),
    ],
)
def test_times_are_read_as_people_and_programs_write_them(cell, expected, has_zone):
    assert instant(cell) == (datetime.fromisoformat(expected).replace(tzinfo=UTC), has_zone)


@pytest.mark.parametrize("cell", ["", "soon", "2026-13-01", "31/31/2025", "Foo 22, 2025", "x" * 200, [], True, 10**400])
def test_what_is_no_time_is_said_so(cell):
    with pytest.raises(UnreadableTime):
        instant(cell)


def test_day_and_month_are_told_apart_by_the_column_and_never_by_a_guess(take):
    assert order_of(["3/4/2026", "13/4/2026", None]) is Order.DAY
    assert order_of(["3/4/2026", "3/13/2026"]) is Order.MONTH
    assert order_of(["3/4/2026"]) is order_of(["13/4/2026", "4/13/2026"]) is Order.SAID_BY_NONE
    taken = take({**GOOD, "created_at": "3/4/2026"}, {**GOOD, "id": 2, "created_at": "25/4/2026"})
    assert [mention["published_at"][:10] for mention in taken.mentions] == ["2026-04-03", "2026-04-25"]


def test_times_without_a_zone_are_counted_and_the_summary_says_what_was_done(take):
    taken = take({**GOOD, "created_at": "2026-11-20 10:00"})
    assert "1 times had no zone and were read as UTC." in imports.sentences(taken.summary)


@given(some.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)))
def test_every_instant_written_as_iso_comes_back(moment):
    assert instant(moment.isoformat() + "+00:00") == (moment.replace(tzinfo=UTC), True)
    assert instant(moment.isoformat()) == (moment.replace(tzinfo=UTC), False)


# --- values


@pytest.mark.parametrize(
    ("cell", "stars"),
    [
        (5, 5),
        ("4", 4),
        ("4,5", 4.5),
        ("3 stars", 3),
        ("1 Star", 1),
        ("2/5", 2),
        ("4.0 out of 5 stars", 4),
        ("★★★☆☆", 3),
    ],
)
def test_stars_are_read_as_sites_write_them(cell, stars):
    assert cells.stars(cell) == stars


@pytest.mark.parametrize("cell", [0, 6, -1, "8/10", "good", True, "inf", float("inf")])
def test_stars_outside_one_to_five_are_none(cell):
    with pytest.raises(cells.Unfit):
        cells.stars(cell)


@pytest.mark.parametrize(("cell", "count"), [("1,234", 1234), ("1.2K", 1200), ("3m", 3_000_000), (7.0, 7), ("-4", -4)])
def test_counts_are_read_as_sites_write_them(cell, count):
    assert cells.count(cell) == count


@pytest.mark.parametrize("cell", ["many", 2**60, float("inf"), "1e999"])
def test_counts_that_are_none_are_said_so(cell):
    with pytest.raises(cells.Unfit):
        cells.count(cell)
