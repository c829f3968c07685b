"""Reads a cell as an instant: ISO 8601, seconds or milliseconds since 1970, and dates as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NAMES_OF_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
MONTHS = {name: number for number, name in enumerate(NAMES_OF_MONTHS.split(), start=1)}
TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
ZONES = {  # names of zones that are read, in hours from UTC: those of RFC 5322, and those with one likely meaning
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
    **{"MSK": 3},
    **{"IST": 5.5, "BST": 1, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "JST": 9, "AEST": 10},
}
ZONE = rf"(?P<zone>Z|UTC|GMT|[+-]\d{{2}}:?\d{{2}}|{'|'.join(ZONES)})?"
NUMBERS = re.compile(
    rf"(?P<one>\d{{1,2}})(?P<mark>[/.-])(?P<two>\d{{1,2}})(?P=mark)(?P<year>\d{{4}})(?:[T,\s]+{TIME}\s*{ZONE})?$"
)
YEAR_FIRST = re.compile(rf"(?P<year>\d{{4}})[/.-](?P<two>\d{{1,2}})[/.-](?P<one>\d{{1,2}})(?:[T,\s]+{TIME}\s*{ZONE})?$")
MONTH_FIRST = re.compile(
    rf"\b(?P<month>[A-Za-z]{{3,9}})\.?\s+(?P<one>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})"
    rf"(?:,?\s+(?:at\s+)?{TIME}\s*{ZONE})?$"
)
DAY_FIRST = re.compile(
    rf"\b(?P<one>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month>[A-Za-z]{{3,9}})\.?,?\s+(?P<year>\d{{4}})"
    rf"(?:,?\s+(?:at\s+)?{TIME}\s*{ZONE})?$"
)
WEEKDAY_FIRST = re.compile(  # "Tue Oct 31 22:10:47 +0000 2017", as X and C write it
    rf"\b(?P<month>[A-Za-z]{{3}})\s+(?P<one>\d{{1,2}})\s+{TIME}\s*{ZONE}\s+(?P<year>\d{{4}})$"
)
MONTH_ONLY = re.compile(r"(?:(?P<month>[A-Za-z]{3,9})\.?,?\s+)?(?P<year>\d{4})(?:-(?P<number>\d{2}))?$")
NO_YEAR = re.compile(r"\b(?:[A-Za-z]{3,9}\.?\s+\d{1,2}|\d{1,2}\.?\s+[A-Za-z]{3,9})\.?$")
LONGEST = 100  # characters; a longer cell is no date


class Order(Enum):
    """Which number comes first in 3/4/2024, as a column's cells show it; SAID_BY_NONE: no cell shows it."""

    DAY = "day/month/year"
    MONTH = "month/day/year"
    SAID_BY_NONE = "unknown"


class UnreadableTime(ValueError):
    """A cell that holds no time, or could mean two dates."""


def order_of(cells: Iterable[object]) -> Order:
    """The order of day and month in one column, told by numbers above 12, which are days."""
    orders = set()
    for cell in cells:
        parts = NUMBERS.match(cell.strip()) if isinstance(cell, str) and len(cell) < LONGEST else None
        if parts and parts["mark"] != ".":
            orders |= {Order.DAY} if int(parts["one"]) > 12 else set()
            orders |= {Order.MONTH} if int(parts["two"]) > 12 else set()
    return orders.pop() if len(orders) == 1 else Order.SAID_BY_NONE


def instant(cell: object, order: Order = Order.SAID_BY_NONE) -> tuple[datetime, bool]:
    """The instant in UTC, and whether the cell itself gave its zone; without one UTC is assumed. UnreadableTime when
    no time can be read, or when the cell could mean two dates."""
    try:
        if type(cell) is str:
            return _written(cell.strip(), order)
        if isinstance(cell, datetime):
            return _in_utc(cell)
        if isinstance(cell, date):
            return datetime(cell.year, cell.month, cell.day, tzinfo=UTC), False
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return _counted(cell), True
    except (ValueError, OverflowError) as trouble:
        if isinstance(trouble, UnreadableTime):
            raise
    raise UnreadableTime(f"no time can be read from {str(cell)[:40]!r}")


def _in_utc(moment: datetime) -> tuple[datetime, bool]:
    if moment.tzinfo is UTC:
        return moment, True
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC), False
    return moment.astimezone(UTC), True


def _counted(count: float) -> datetime:
    """An instant from a count since 1970, in seconds, milli-, micro- or nanoseconds as the count's size tells."""
    for digits, unit in ((11, 1), (14, 1_000), (17, 1_000_000)):
        if abs(count) < 10**digits:
            return EPOCH + timedelta(microseconds=round(count * 1_000_000 / unit))
    return EPOCH + timedelta(microseconds=int(count) // 1_000)


def _written(text: str, order: Order) -> tuple[datetime, bool]:
    if len(text) > LONGEST:
        raise UnreadableTime("no time can be read from a long text")
    if len(text) not in (8, 14) and text.replace(".", "", 1).isdecimal():
        return _counted(float(text) if "." in text else int(text)), True
    if len(text) == 14 and text.isdecimal():
        text = f"{text[:8]}T{text[8:]}"
    try:
        return _in_utc(datetime.fromisoformat(text))
    except ValueError:
        return _as_people_write(text, order)


def _as_people_write(text: str, order: Order) -> tuple[datetime, bool]:
    if parts := YEAR_FIRST.match(text):
        return _built(parts, int(parts["two"]), int(parts["one"]))
    if parts := NUMBERS.match(text):
        return _built(parts, *_month_and_day(parts, order, text))
    for pattern in (WEEKDAY_FIRST, MONTH_FIRST, DAY_FIRST):
        if (parts := pattern.search(text)) and (month := MONTHS.get(parts["month"][:3].lower())):
            return _built(parts, month, int(parts["one"]))
    if (month_of_year := _month_only(text)) is not None:
        return month_of_year, False
    if NO_YEAR.search(text):
        raise UnreadableTime(f"{text[:40]!r} names no year")
    raise UnreadableTime(f"no time can be read from {text[:40]!r}")


def is_month_only(cell: object) -> bool:
    """Whether a cell names a month and no day: "October 2025", "2025-10"."""
    return isinstance(cell, str) and len(cell) < LONGEST and _month_only(cell.strip()) is not None


def _month_only(text: str) -> datetime | None:
    parts = MONTH_ONLY.match(text)
    if not parts or (parts["month"] is None) == (parts["number"] is None):
        return None
    number = int(parts["number"]) if parts["number"] else MONTHS.get(parts["month"][:3].lower(), 0)
    return datetime(int(parts["year"]), number, 1, tzinfo=UTC) if 1 <= number <= 12 else None


def _month_and_day(parts: re.Match[str], order: Order, text: str) -> tuple[int, int]:
    one, two = int(parts["one"]), int(parts["two"])
    if parts["mark"] == "." or one > 12 or order is Order.DAY:
        return two, one
    if two > 12 or order is Order.MONTH or one == two:
        return one, two
    raise UnreadableTime(f"{text[:40]!r} can be two dates; write it as year-month-day")


def _built(parts: re.Match[str], month: int, day: int) -> tuple[datetime, bool]:
    hour, half = int(parts["hour"] or 0), (parts["half"] or "").lower().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    naive = datetime(int(parts["year"]), month, day, hour, int(parts["minute"] or 0), int(parts["second"] or 0))
    zone = parts["zone"]
    if not zone:
        return naive.replace(tzinfo=UTC), False
    if zone in ZONES:
        return naive.replace(tzinfo=timezone(timedelta(hours=ZONES[zone]))).astimezone(UTC), True
    if zone[0] not in "+-":
        return naive.replace(tzinfo=UTC), True
    return datetime.fromisoformat(f"{naive.isoformat()}{zone}").astimezone(UTC), True
