"""Reads a cell as an instant: ISO 8601, counts since 1970, a spreadsheet's day numbers, dates as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from listeners.formats.time_words import month_of, zone_of


class Order(Enum):
    """Which number comes first in 3/4/2024, as a column's cells show it; SAID_BY_NONE: no cell shows it."""

    DAY = "day/month/year"
    MONTH = "month/day/year"
    YEAR = "year/month/day"
    SAID_BY_NONE = "unknown"


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_SERIAL_DAY = datetime(1899, 12, 30, tzinfo=UTC)  # day 0 of a spreadsheet, as it counts from March 1900 on
SERIAL_DAYS = (32_874, 73_050)  # 1990 to 2100; as seconds since 1970 they are one day of January 1970
FROM_1904 = timedelta(days=1_462)  # its day numbers are lower by as much
LONGEST = 100  # characters; a longer cell is no date
SHOWN = 40  # characters of a cell in messages
SAY_ORDER = "say the order (--dates dmy or mdy), or write year-month-day"

NUMBERS = re.compile(
    r"(?<![\d.:/-])(?P<one>\d{1,4})(?P<mark>[/.-]) ?(?P<two>\d{1,2})(?P=mark) ?(?P<three>\d{4}|\d{1,2})(?!\d)"
)
WORD = r"(?P<month>[^\W\d_]{3,10})"
YEAR = r"(?P<year>\d{4}(?!\d)|'?\d{2}(?![\d:]))"
OF = r"(?:of |de |del |d')?"
DATES_IN_WORDS = (
    re.compile(
        rf"(?<![\d:.])(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|e|o|a|°|\.)?[ /-]?{OF}{WORD}\.?,?(?: ?[ /-]|){OF}{YEAR}", re.I
    ),
    re.compile(
        rf"\b{WORD}\.?[ -](?P<day>\d{{1,2}})(?:st|nd|rd|th|o|e)?(?:,? (?:de )?|-)(?P<year>\d{{4}}|'\d{{2}})(?![\d:])",
        re.I,
    ),
    re.compile(rf"(?<!\d)(?P<year>\d{{4}})[ /-]{WORD}\.?[ /-](?P<day>\d{{1,2}})(?!\d)", re.I),
    re.compile(r"(?<!\d)(?P<year>\d{4}) ?[年년] ?(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2}) ?[日일]"),
)
YEAR_LAST = re.compile(rf"\b{WORD}\.? (?P<day>\d{{1,2}}) (?P<clock>\d{{1,2}}:.*?),? (?P<year>\d{{4}})$", re.I)
CLOCK = re.compile(
    r"(?P<first>上午|下午|午前|午後|오전|오후)? ?"
    r"(?P<hour>\d{1,2})(?: ?[:.h] ?(?P<minute>\d{2})"
    r"(?:(?:[:.]| ?m(?:in)? ?)(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?(?: ?s\b)?)?"
    r"(?: ?(?P<half>[ap]) ?\.? ?m\b\.?)?(?: ?(?:uhr|uur|hrs?|h)\b)?"
    r"| ?(?P<bare_half>[ap]) ?\.? ?m\b\.?| ?(?:h|uhr|uur)\b)",
    re.I,
)
BETWEEN = re.compile(r"^(?:[ ,·•|@–—:T-]|\b(?:at|um|[aà]s?|las?|los|alle|ore|ora|om|kl|h)\b\.?)*", re.I)
COMMON = re.compile(
    r"(?P<date>\d{1,4}([/.-])\d{1,2}\2\d{2,4}"
    r"|(?:[A-Za-z]{3,9},? )?(?:[A-Za-z]{3,9}\.? \d{1,2},?|\d{1,2}[ -][A-Za-z]{3,9})[ -]\d{4})"
    r"(?:,? (?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?: ?(?P<half>[AaPp])[Mm])?"
    r"(?: ?(?P<zone>[A-Z]{3,4}|[+-]\d\d:?\d\d))?)?$"
)
AS_X_WRITES = re.compile(  # "Tue Oct 31 22:10:47 +0000 2017"
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2} \d{1,2}) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
    r" (?P<zone>[+-]\d{4}|[A-Z]{3,4}) (?P<year>\d{4})$"
)
MONTH_ONLY = re.compile(r"(?:(?P<month>[^\W\d_]{3,10})\.?,? (?:de |del )?)?(?P<year>\d{4})(?:-(?P<number>\d{2}))?$")
NO_YEAR = re.compile(r"\b(?:[^\W\d_]{3,10}\.?[ -]\d{1,2}|\d{1,2}\.?[ -][^\W\d_]{3,10})\.?$")
DOT_NET = re.compile(r"/Date\((?P<count>-?\d+)(?:[+-]\d{4})?\)/$")
COUNT = re.compile(r"-?\d+(?:[.,]\d+)?$")
FROM_NOW = re.compile(
    r"\b(?:ago|vor|hace|il y a|fa|geleden|atr[aá]s|just now|today|yesterday|heute|gestern|hier|aujourd|hoy|ayer|oggi"
    r"|ieri|vandaag|gisteren|hoje|ontem|last (?:week|month|year))\b|^\d+ ?(?:s|m|h|d|w|mo|y|min|std)\.?$",
    re.I,
)
ORDERS_IN_NAMES = (  # "DD/MM/YYYY", "TT.MM.JJJJ", "JJ/MM/AAAA", "GG/MM/AAAA" in a column's name
    (Order.YEAR, re.compile(r"(?<![a-z])[yja]{2,4}[./-]?m{1,2}[./-]?[djtg]{1,2}(?![a-z])", re.I)),
    (Order.DAY, re.compile(r"(?<![a-z])[djtg]{1,2}[./-]?m{1,2}[./-]?[yja]{2,4}(?![a-z])", re.I)),
    (Order.MONTH, re.compile(r"(?<![a-z])m{1,2}[./-]?[djtg]{1,2}[./-]?[yja]{2,4}(?![a-z])", re.I)),
)
MARKS_OF_DIRECTION = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
LATE = frozenset(("下午", "午後", "오후"))


class UnreadableTime(ValueError):
    """A cell that holds no time, or could mean two dates."""


class DoubtfulDate(UnreadableTime):
    """A cell that can be two dates in the order given, or none in it."""


class NumericDate(NamedTuple):
    """Three numbers of a date, and what stands between them."""

    one: int
    mark: str
    two: int
    three: int
    is_short: bool  # no number of four digits is the year

    def dates(self) -> dict[Order, date]:
        """The date that it is in each order in which it is one."""
        return {order: day for order in (Order.DAY, Order.MONTH, Order.YEAR) if (day := self._in(order)) is not None}

    def _in(self, order: Order) -> date | None:
        if order is Order.YEAR:
            year, month, day = self.one, self.two, self.three
        else:
            year, (day, month) = self.three, (self.one, self.two) if order is Order.DAY else (self.two, self.one)
        if not self.is_short and year < 1000:
            return None
        try:
            return date(_full(year), month, day)
        except ValueError:
            return None


def numeric_date(text: str) -> NumericDate | None:
    """The numbers of a date such as "3/4/2024", "03.04.24" or "2024/4/3"; None for any other text."""
    found = NUMBERS.search(text)
    return _numeric(found) if found else None


def order_in(name: str) -> tuple[Order, str] | None:
    """The order that a column's name gives, and the name without it: "Date" for "Date (DD/MM/YYYY)". None where it
    gives none."""
    for order, pattern in ORDERS_IN_NAMES:
        if found := pattern.search(name):
            return order, f"{name[: found.start()]} {name[found.end() :]}".strip(" ()[]_-")
    return None


def _numeric(found: re.Match[str]) -> NumericDate | None:
    one, three = found["one"], found["three"]
    if len(one) == 3 or (len(three) == 1 and len(one) < 4) or len(one) == len(three) == 4:
        return None
    return NumericDate(int(one), found["mark"], int(found["two"]), int(three), len(one) < 4 and len(three) < 4)


def _full(year: int) -> int:
    """A year of two digits as one of 1990 to 2089."""
    return year if year >= 100 else year + (1900 if year >= 90 else 2000)


def instant(cell: object, order: Order = Order.SAID_BY_NONE) -> tuple[datetime, bool]:
    """The instant in UTC, and whether the cell itself gave its zone; without one UTC is assumed. UnreadableTime when
    no time can be read; DoubtfulDate when the cell could mean two dates, or is none in this order."""
    try:
        if type(cell) is str:
            return _written(cell.strip(), order)
        if isinstance(cell, datetime):
            return _in_utc(cell)
        if isinstance(cell, date):
            return datetime(cell.year, cell.month, cell.day, tzinfo=UTC), False
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return _counted(cell)
    except (ValueError, OverflowError) as trouble:
        if isinstance(trouble, UnreadableTime):
            raise
    raise UnreadableTime(f"no time can be read from {str(cell)[:SHOWN]!r}")


def _in_utc(moment: datetime) -> tuple[datetime, bool]:
    if moment.tzinfo is UTC:
        return moment, True
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC), False
    return moment.astimezone(UTC), True


def _counted(count: float) -> tuple[datetime, bool]:
    """An instant from a count since 1970, in seconds, milli-, micro- or nanoseconds as the count's size tells, or from
    a spreadsheet's day number, which has no zone."""
    if SERIAL_DAYS[0] <= count < SERIAL_DAYS[1]:
        return FIRST_SERIAL_DAY + timedelta(seconds=round(count * 86_400)), False
    for digits, unit in ((11, 1), (14, 1_000), (17, 1_000_000)):
        if abs(count) < 10**digits:
            return EPOCH + timedelta(microseconds=round(count * 1_000_000 / unit)), True
    return EPOCH + timedelta(microseconds=int(count) // 1_000), True


def is_serial(cell: object) -> bool:
    """Whether a cell is a spreadsheet's day number: 46037.604 for 15 January 2026, 14:30."""
    count = _count_in(cell) if isinstance(cell, str) else cell
    is_number = isinstance(count, int | float) and not isinstance(count, bool)
    return is_number and SERIAL_DAYS[0] <= count < SERIAL_DAYS[1]  # type: ignore[operator]


def behind(moment: datetime) -> datetime:
    """An instant read from a day number, in a workbook that counts its days from 1904."""
    return moment + FROM_1904


def _count_in(text: str) -> float | None:
    """The number that a text is; None for a date run together: 20260115, 202601151430, 20260115143000."""
    bare = text.strip()
    if len(bare) > LONGEST or not COUNT.match(bare) or (bare.isdecimal() and len(bare) in (8, 12, 14)):
        return None
    return int(bare) if bare.lstrip("-").isdecimal() else float(bare.replace(",", "."))


def _written(text: str, order: Order) -> tuple[datetime, bool]:
    if text[4:5] == "-" and text[:4].isdecimal():
        try:
            return _in_utc(datetime.fromisoformat(text))
        except ValueError:
            pass  # most are ISO 8601; the others are looked at closely
    if text[4:5] != "-":
        if len(text) > LONGEST:
            raise UnreadableTime("no time can be read from a long text")
        if (count := _count_in(text)) is not None:
            return _counted(count)
        if len(text) in (12, 14) and text.isdecimal():
            text = f"{text[:8]}T{text[8:]}"
        if text[:4].isdecimal():
            with suppress(ValueError):
                return _in_utc(datetime.fromisoformat(text))
    return _at_once(text, order) or _as_people_write(text, order)


def _at_once(text: str, order: Order) -> tuple[datetime, bool] | None:
    """The instant of a text in one of the commonest ways to write one; None for any other. It only saves time."""
    found = COMMON.match(text) or AS_X_WRITES.match(text)
    if found is None:
        return None
    parts = found.groupdict()
    day = _day_alone(parts.get("date") or f"{parts['month']} {parts['year']}", order)
    zone = zone_of(parts["zone"]) if parts["zone"] else None
    if day is None or (parts["zone"] and zone is None):
        return None
    if not parts["hour"]:
        return datetime(day.year, day.month, day.day, tzinfo=UTC), False
    hour = int(parts["hour"])
    if half := parts.get("half"):
        hour = hour % 12 + (12 if half in "pP" else 0)
    try:
        moment = datetime(
            day.year, day.month, day.day, hour, int(parts["minute"]), int(parts["second"] or 0), tzinfo=zone or UTC
        )
    except ValueError:
        return None
    return moment.astimezone(UTC), zone is not None


@lru_cache(maxsize=16_384)
def _day_alone(text: str, order: Order) -> date | None:
    try:
        found = next(_dates_in(text, order), None)
    except ValueError:
        return None
    return found[0] if found and not found[2] and not any(map(str.isdecimal, found[1])) else None


def _as_people_write(text: str, order: Order) -> tuple[datetime, bool]:
    tidy = _tidy(text)
    if found := DOT_NET.match(tidy):
        return _counted(int(found["count"]))
    for day, before, after in _dates_in(tidy, order):
        if (moment := _with_clock(day, before, after)) is not None:
            return moment
        raise UnreadableTime(f"{text[:SHOWN]!r} has a date, and beside it what is neither a time nor a known zone")
    if (month_of_year := _month_only(tidy)) is not None:
        return month_of_year, False
    if FROM_NOW.search(tidy):
        raise UnreadableTime(f"{text[:SHOWN]!r} counts from a day that the file does not give; write the date itself")
    if NO_YEAR.search(tidy):
        raise UnreadableTime(f"{text[:SHOWN]!r} names no year")
    raise UnreadableTime(f"no time can be read from {text[:SHOWN]!r}")


def _tidy(text: str) -> str:
    """A text with one kind of blank, of dash and of digit, without marks of writing direction."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(MARKS_OF_DIRECTION)).replace("\N{MINUS SIGN}", "-")
    return " ".join(text.split())


def _dates_in(text: str, order: Order) -> Iterator[tuple[date, str, str]]:
    """The date in a text, and what stands before and after it: nothing where there is none. DoubtfulDate."""
    numbers = _numeric(found) if (found := NUMBERS.search(text)) else None
    if found and numbers is not None and numbers.dates():
        yield _day_of(numbers, order, text), text[: found.start()], text[found.end() :].removeprefix(".")
        return
    for pattern in DATES_IN_WORDS:
        if (found := pattern.search(text)) and (day := _named(found)) is not None:
            yield day, text[: found.start()], text[found.end() :]
            return
    if (found := YEAR_LAST.search(text)) and (day := _named(found)) is not None:
        yield day, text[: found.start()], f" {found['clock']}"
    elif numbers is not None:
        raise UnreadableTime(f"{text[:SHOWN]!r} is no day of the calendar")


def _named(found: re.Match[str]) -> date | None:
    month = int(found["month"]) if found["month"].isdecimal() else month_of(found["month"])
    return date(_full(int(found["year"].lstrip("'"))), month, int(found["day"])) if month else None


def _day_of(numbers: NumericDate, order: Order, text: str) -> date:
    dates = numbers.dates()
    if not numbers.is_short and Order.YEAR in dates:
        return dates[Order.YEAR]
    if order in dates:
        return dates[order]
    if order is not Order.SAID_BY_NONE:
        raise DoubtfulDate(f"{text[:SHOWN]!r} is no date in the order {order.value}, in which others of its column are")
    if numbers.mark == "." and Order.DAY in dates:
        return dates[Order.DAY]
    if len(set(dates.values())) == 1:
        return next(iter(dates.values()))
    raise DoubtfulDate(f"{text[:SHOWN]!r} can be two dates; {SAY_ORDER}")


def _with_clock(day: date, before: str, after: str) -> tuple[datetime, bool] | None:
    """A day with the time and the zone that stand beside it; None where something else with digits, or behind the day
    any other word, does."""
    clock, rest = _clock_in(BETWEEN.sub("", after), starts=True)
    if clock is None:
        clock, before = _clock_in(before, starts=False)
        rest = after
    rest = rest.strip(" ,.·•|–—")
    zone = zone_of(rest) if rest else None
    if (rest and zone is None) or any(character.isdecimal() for character in before):
        return None
    moment = datetime(day.year, day.month, day.day, tzinfo=zone or UTC) + (clock or timedelta())
    return moment.astimezone(UTC), zone is not None


def _clock_in(text: str, *, starts: bool) -> tuple[timedelta | None, str]:
    """The time of day at the start of a text, or at any place, as time since midnight; and the text without it."""
    found = CLOCK.match(text) if starts else CLOCK.search(text)
    if found is None:
        return None, text
    hour, half = int(found["hour"]), (found["half"] or found["bare_half"] or "").lower()
    half = half or (("p" if found["first"] in LATE else "a") if found["first"] else "")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    minute, second = int(found["minute"] or 0), int(found["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:
        raise UnreadableTime(f"{found[0]!r} is no time of day")
    fraction = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    clock = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=fraction)
    return clock, f"{text[: found.start()]} {text[found.end() :]}"


def is_clock(cell: object) -> bool:
    """Whether a cell is a time of day without a date: "14:30", "2:30 PM"."""
    if not isinstance(cell, str) or len(cell) > LONGEST:
        return hasattr(cell, "hour") and not isinstance(cell, datetime)
    tidy = _tidy(cell)
    found = CLOCK.match(tidy)
    return found is not None and (not (rest := tidy[found.end() :].strip()) or zone_of(rest) is not None)


def has_clock(cell: object) -> bool:
    """Whether a cell that is a date gives a time of day, too, and not midnight."""
    for order in (Order.DAY, Order.MONTH):
        with suppress(ValueError):
            return instant(cell, order)[0].time() != time()
    return False


def has_zone(cell: object) -> bool:
    """Whether a cell that is a time names its zone itself."""
    for order in (Order.DAY, Order.MONTH):
        with suppress(ValueError):
            return instant(cell, order)[1]
    return False


def is_month_only(cell: object) -> bool:
    """Whether a cell names a month and no day: "October 2025", "2025-10"."""
    return isinstance(cell, str) and len(cell) < LONGEST and _month_only(_tidy(cell)) is not None


def _month_only(text: str) -> datetime | None:
    parts = MONTH_ONLY.match(text)
    if not parts or (parts["month"] is None) == (parts["number"] is None):
        return None
    number = int(parts["number"]) if parts["number"] else month_of(parts["month"]) or 0
    return datetime(int(parts["year"]), number, 1, tzinfo=UTC) if 1 <= number <= 12 else None
