"""Dates and times as people, tools and programs of many places write them; what is none is never taken for midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from listeners.formats.time_words import NAMES_OF_MONTHS, month_of, zone_in, zone_of
from listeners.formats.times import (
    DoubtfulDate,
    Order,
    UnreadableTime,
    has_clock,
    instant,
    is_clock,
    is_serial,
    order_in,
)

HALF_PAST_TWO = datetime(2026, 1, 15, 14, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell",
    [
        "2:30 PM · Jan 15, 2026",
        "2:30 PM - 15 Jan 2026",
        "14:30 · 15.01.2026",
        "1/15/26 14:30",
        "1/15/2026, 2:30:00\N{NARROW NO-BREAK SPACE}PM",
        "\N{LEFT-TO-RIGHT MARK}15\N{LEFT-TO-RIGHT MARK}/01/2026 14:30",
        "15-Jan-2026 02:30PM",
        "15-JAN-26 02.30.00.000000 PM",
        "15JAN2026:14:30:00",
        "Thursday, 15-Jan-26 14:30:00",
        "Thu Jan 15 14:30:00 2026",
        "Jan 15, 2026, 2:30:00 PM",
        "January 15th, 2026 at 2:30 p.m.",
        "2026-01-15 02:30:00 PM",
        "2026-Jan-15 14:30",
        "202601151430",
        "15.01.26, 14:30 Uhr",
        "Do. 15.01.2026 14.30",
        "15. Januar 2026 um 14:30 Uhr",
        "Donnerstag, 15. Jänner 2026, 14:30",
        "15 janvier 2026 à 14h30",
        "jeudi 15 janv. 2026 14 h 30",
        "15 janv. 2026, 14 h 30 min 00 s",
        "15 de enero de 2026 a las 14:30",
        "15 de enero del 2026, 2:30 p. m.",
        "15 ene. 2026 14:30:00",
        "giovedì 15 gennaio 2026 alle ore 14:30",
        "15 gen 2026, 14.30",
        "15 januari 2026 om 14:30",
        "15 de janeiro de 2026 às 14:30",
        "15 de jan. de 2026 14h30",
        "15 jan. 2026 14.30 uur",
        "15° gennaio 2026 14:30",
        "2026年1月15日 下午2:30",
        "2026. 1. 15. 오후 2:30:00",
        "46037.604166666664",
        "46037,6041666667",
        46037.604166666664,
    ],
)
def test_a_time_without_a_zone_keeps_its_hour(cell):
    assert instant(cell) == (HALF_PAST_TWO, False)


@pytest.mark.parametrize(
    "cell",
    [
        "Thu Jan 15 2026 14:30:00 GMT+0000 (Coordinated Universal Time)",
        "Thu Jan 15 2026 16:30:00 GMT+0200 (Eastern European Standard Time)",
        "Thu Jan 15 2026 15:30:00 GMT+0100 (Mitteleuropäische Normalzeit)",
        "2026-01-15 14:30:00.000 +0000 UTC m=+0.1",
        "2026-01-15 15:30:00 +0100 CET",
        "2026-01-15 11:30:00 -0300 -03",
        "15/Jan/2026:14:30:00 +0000",
        "Thu, 15 Jan 2026 14:30:00 +0000 (UTC)",
        "Thu Jan 15 14:30:00 UTC 2026",
        "2026-01-15T15:30:00+01:00[Europe/Berlin]",
        "2026-01-15 15:30 Europe/Berlin",
        "2026-01-15 16:30 UTC+2",
        "15 Jan 2026 20:00 GMT+05:30",
        "1/15/2026 9:30 AM (UTC\N{MINUS SIGN}5)",
        "Jan 15, 2026 9:30 AM EST",
        "Jan 15, 2026 9:30 AM ET",
        "Jan 15, 2026 6:30 AM (Pacific Standard Time)",
        "15.01.2026 15:30 MEZ",
        "15 janvier 2026, 14:30:00 TU",
        "15 Jan 2026 23:30 JST",
        "/Date(1768487400000)/",
        "1768487400",
        "1768487400000",
        1768487400000000,
    ],
)
def test_a_zone_is_read_however_it_is_written(cell):
    assert instant(cell) == (HALF_PAST_TWO, True)


@pytest.mark.parametrize(
    "cell",
    [
        "15. 1. 2026",
        "1er janvier 2026",
        "1º de janeiro de 2026",
        "15-Jan-26",
        "Jan 15 '26",
        "15th of January, 2026",
        "15. März 2026",
        "15 févr. 2026",
        "15 août 2026",
        "Rezension aus Deutschland vom 15. Januar 2026",
        "Commenté en France le 15 janvier 2026",
        "Recensito in Italia il 15 gennaio 2026",
        "46037",
        "2026年1月15日",
    ],
)
def test_a_day_without_a_time_is_its_midnight(cell):
    day = instant(cell)[0]
    assert (day.year, day.day in (1, 15), day.time()) == (2026, True, MIDNIGHT.time())


@pytest.mark.parametrize("number", range(1, 13))
def test_each_month_goes_by_its_names(number):
    for name in NAMES_OF_MONTHS[number - 1].split():
        assert instant(f"5 {name} 2026")[0] == datetime(2026, number, 5, tzinfo=UTC)
        assert instant(f"5. {name.title()}. 2026 9:05")[0] == datetime(2026, number, 5, 9, 5, tzinfo=UTC)
    assert month_of("tomorrow") is None


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2 days ago", "counts from a day that the file does not give"),
        ("vor 3 Tagen", "counts from a day"),
        ("hace 2 horas", "counts from a day"),
        ("il y a 2 jours", "counts from a day"),
        ("yesterday", "counts from a day"),
        ("3w", "counts from a day"),
        ("2:30 PM · Jan 15", "names no year"),
        ("15-Jan", "names no year"),
        ("2026-01-15 14:30 XYZT", "neither a time nor a known zone"),
        ("2026-01-15 14:30 Nowhere/Land", "neither a time nor a known zone"),
        ("Jan 15, 2026 and more", "neither a time nor a known zone"),
        ("15/01/2026 - 16/01/2026", "neither a time nor a known zone"),
        ("Version 2 of 15/01/2026", "neither a time nor a known zone"),
        ("15 Jan 2026 25:30", "is no time of day"),
        ("30/02/2026", "is no day of the calendar"),
        ("Decision 22, 2025", "no time can be read"),
        ("14:30", "no time can be read"),
        ("8/10", "no time can be read"),
        ("2026-01-15 14:30 +99:00", "neither a time nor a known zone"),
    ],
)
def test_what_is_not_wholly_a_time_is_refused_with_its_reason(cell, reason):
    with pytest.raises(UnreadableTime, match=reason.replace("(", r"\(")):
        instant(cell)


@pytest.mark.parametrize("cell", ["3/4/2026", "03-04-2026 10:00", "03/04/26", "26-01-15"])
def test_what_can_be_two_dates_is_doubtful(cell):
    with pytest.raises(DoubtfulDate, match="can be two dates"):
        instant(cell)


@pytest.mark.parametrize(
    ("order", "day"), [(Order.DAY, (2005, 4, 3)), (Order.MONTH, (2005, 3, 4)), (Order.YEAR, (2003, 4, 5))]
)
def test_an_order_settles_what_numbers_mean(order, day):
    assert instant("03/04/05", order)[0].date() == date(*day)


@pytest.mark.parametrize(
    ("cell", "order"), [("25/4/2026", Order.MONTH), ("4/25/2026", Order.DAY), ("3/4/2026", Order.YEAR)]
)
def test_a_date_against_the_order_is_refused(cell, order):
    with pytest.raises(DoubtfulDate, match="is no date in the order"):
        instant(cell, order)


@pytest.mark.parametrize("cell", ["2026-04-03", "2026/4/3", "3 April 2026"])
@pytest.mark.parametrize("order", Order)
def test_what_tells_its_order_itself_is_read_in_every_one(cell, order):
    assert instant(cell, order)[0].date() == date(2026, 4, 3)


def test_years_of_two_digits_are_of_the_last_years():
    assert [instant(f"25.12.{year}")[0].year for year in ("95", "05", "26")] == [1995, 2005, 2026]


@given(some.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2089, 1, 1)))
def test_the_quick_way_and_the_careful_one_agree(moment):
    moment = moment.replace(microsecond=0)
    expected = moment.replace(tzinfo=UTC)
    for pattern in ("%d/%m/%Y %H:%M:%S", "%d.%m.%Y, %H:%M:%S", "%d %b %Y %I:%M:%S %p", "%B %d, %Y %H:%M:%S"):
        assert instant(moment.strftime(pattern), Order.DAY) == (expected, False)
        assert instant(moment.strftime(pattern).replace(" ", "\N{NO-BREAK SPACE}"), Order.DAY) == (expected, False)


@given(some.text(alphabet="0123456789/-.: ,·TZapm+UTCJan年'", max_size=30))
def test_whatever_is_written_is_a_time_or_a_sentence(text):
    try:
        moment, _ = instant(text)
    except UnreadableTime as reason:
        assert str(reason)
    else:
        assert moment.tzinfo is UTC


@pytest.mark.parametrize("said", ["CET", "cet", "UTC+1", "GMT +1", "+0100", "+01:00 (CET)", "Europe/Oslo", "MEZ"])
def test_a_zone_goes_by_many_names(said):
    assert datetime(2026, 1, 15, tzinfo=zone_of(said)).utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize("said", ["Mars/Base", "XYZT", "", "UTC+99", "America", "../etc/passwd", "and more"])
def test_what_is_no_zone_is_none(said):
    assert zone_of(said) is None


@pytest.mark.parametrize(
    ("name", "bare", "hours"),
    [
        ("Date (UTC+2)", "Date", 2),
        ("Time [EST]", "Time", -5),
        ("Zeit (MEZ)", "Zeit", 1),
        ("Created at (America/Lima)", "Created at", -5),
        ("created_utc", "created", 0),
        ("createdAtUTC", "createdAt", 0),
        ("Date IST", "Date", 5.5),
        ("Posted GMT+05:30", "Posted", 5.5),
        ("Date/Time (Pacific Time)", "Date/Time", -8),
        ("Date - Europe/Berlin", "Date", 1),
        ("Date (UTC\N{MINUS SIGN}05:00)", "Date", -5),
        ("Date (EST5EDT)", "Date", -5),
        ("Date (Pacific)", "Date", -8),
        ("Date (Berlin time)", "Date", 1),
        ("Date (New York)", "Date", -5),
        ("Fecha (hora de Madrid)", "Fecha", 1),
        ("created_at_pst", "created_at", -8),
    ],
)
def test_a_columns_name_gives_its_zone(name, bare, hours):
    zone, rest = zone_in(name)
    assert (datetime(2026, 1, 15, tzinfo=zone).utcoffset(), rest) == (timedelta(hours=hours), bare)


@pytest.mark.parametrize(
    "name", ["Date", "UTC", "REVIEW DATE", "Date (local)", "Author (NEW)", "Date (your time)", "test", "Likes", ""]
)
def test_a_name_without_a_zone_gives_none(name):
    assert zone_in(name) is None


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("Date (DD/MM/YYYY)", Order.DAY),
        ("date_mm-dd-yyyy", Order.MONTH),
        ("Datum [TT.MM.JJJJ]", Order.DAY),
        ("Date (JJ/MM/AAAA)", Order.DAY),
        ("day yyyy/mm/dd", Order.YEAR),
    ],
)
def test_a_columns_name_gives_the_order_of_its_dates(name, order):
    assert order_in(name)[0] is order


@pytest.mark.parametrize("name", ["Date", "Comments", "Day", "My mmddx", "Sammary"])
def test_a_name_without_an_order_gives_none(name):
    assert order_in(name) is None


def test_day_numbers_and_times_of_day_are_told_from_other_cells():
    assert [is_serial(cell) for cell in (46037, "46037,5", "46037.5", 1768487400, "soon", True)] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
    assert [is_clock(cell) for cell in ("14:30", "2:30 PM", "9:05 CET", "soon", "2026-01-15", 5)] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
    assert [has_clock(cell) for cell in ("3/4/2026 10:00", "3/4/2026", "2026-01-15 00:00", "soon")] == [
        True, False, False, False,
    ]  # fmt: skip
