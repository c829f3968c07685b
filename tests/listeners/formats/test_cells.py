"""Times, stars and counts in a file, read as people, sites and programs write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from listeners.formats import cells
from listeners.formats.numbers import Decimal, OutOfPlace
from listeners.formats.times import UnreadableTime, instant
from listeners.importing.summary import sentences
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


def test_times_without_a_zone_are_counted_and_the_summary_says_what_was_done(take):
    taken = take({**GOOD, "created_at": "2026-11-20 10:00"})
    assert "1 time had no zone and was read as UTC; with --zone, as of that zone." in sentences(taken.summary)


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
        ("★★★½", 3.5),
        ("4½", 4.5),
        ("⭐️⭐️", 2),
        ("8/10", 4),
        ("7 of 10", 3.5),
        ("4,5 von 5", 4.5),
        ("4 sur 5", 4),
        ("80 %", 4),
        ("0/10", 1),
        ("four stars", 4),
        ("FOUR", 4),
        ("vier Sterne", 4),
        ("4 étoiles", 4),
        ("Rated 3.5 out of 5", 3.5),
    ],
)
def test_stars_are_read_as_sites_write_them(cell, stars):
    assert cells.stars(cell) == stars


@pytest.mark.parametrize(
    "cell", [0, 6, -1, "6/5", "110%", "4/5/2026", "good", True, "inf", float("inf"), "☆☆☆☆☆", "4-5"]
)
def test_stars_outside_one_to_five_are_none(cell):
    with pytest.raises(cells.Unfit):
        cells.stars(cell)


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("1,234", 1234),
        ("1.2K", 1200),
        ("3m", 3_000_000),
        (7.0, 7),
        ("7.0", 7),
        ("-4", -4),
        ("1'234", 1234),
        ("1\N{RIGHT SINGLE QUOTATION MARK}234", 1234),
        ("1\N{NO-BREAK SPACE}234", 1234),
        ("1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567", 1_234_567),
        ("1,23,456", 123_456),
        ("2 lakh", 200_000),
        ("1.5万", 15_000),
        ("1,000+", 1000),
    ],
)
def test_counts_are_read_as_sites_write_them(cell, count):
    assert cells.count(cell) == count


@pytest.mark.parametrize(("cell", "count"), [("1.234", 1234), ("3,4 Mio", 3_400_000), ("1,2 Tsd.", 1200), ("2,5", 2)])
def test_counts_are_read_with_the_decimal_mark_of_their_column(cell, count):
    assert cells.count(cell, Decimal.COMMA) == count


@pytest.mark.parametrize(
    ("cell", "decimal"), [("1.2k", Decimal.COMMA), ("1.234", Decimal.UNCLEAR), ("1,2", Decimal.POINT)]
)
def test_a_count_that_its_column_contradicts_is_out_of_place(cell, decimal):
    with pytest.raises(OutOfPlace):
        cells.count(cell, decimal)


@pytest.mark.parametrize("cell", ["many", 2**60, float("inf"), "1e999", "9" * 5_000, "12 34", "1.2.3", True])
def test_counts_that_are_none_are_said_so(cell):
    with pytest.raises(cells.Unfit):
        cells.count(cell)
