"""How a file's columns write dates, scores and counts: told by their names and by all of their cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from listeners.formats.cells import is_blank
from listeners.formats.numbers import MOST_STARS, UNTOLD, Decimal, StarScale, Unfit, scale_in, score, written_count
from listeners.formats.time_words import zone_in
from listeners.formats.times import LONGEST, SHOWN, Order, numeric_date, order_in
from listeners.importing.mapping.chunks import Chunk
from listeners.importing.mapping.columns import ColumnMapping
from listeners.importing.mapping.shapes import plain

TIMES = ("published_at", "edited_at", "reply_at")
COUNTS = ("engagement", "reach")
STARS = StarScale()
RARE = 0.01  # the share of scores above five that may be slips of the pen in a column of stars
FIVE_STARS = (  # in the names of sources whose scores are stars of five
    *("google", "appstore", "apple", "playstore", "tripadvisor", "trustpilot", "yelp", "amazon", "facebook"),
    *("feefo", "glassdoor", "capterra", "ebay", "etsy", "walmart", "ekomi"),
)
ORDERS = {"dmy": Order.DAY, "mdy": Order.MONTH, "ymd": Order.YEAR}  # what a person can say with --dates
FROM_1904 = "1904"  # the same, for day numbers of a workbook that counts from 1904
FIRST = {Order.DAY: "the day first", Order.MONTH: "the month first", Order.YEAR: "the year first"}
ASK = "say which with --dates dmy or --dates mdy, or choose it on the Setup page"


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the columns of one file are written, by field. `order` of dates, `zones` of times that name none, `scale` of
    scores, and `five_stars`: the sources, in plain letters, whose scores are out of five beside others; `decimals` of
    counts.

    `is_final`: no further row can change it; else a row that does not fit asks for a look at the whole file. `notes`:
    what a person should know of it, as sentences.
    """

    orders: Mapping[str, Order] = field(default_factory=dict)
    zones: Mapping[str, tzinfo] = field(default_factory=dict)
    scale: StarScale = STARS
    five_stars: frozenset[str] = frozenset()
    decimals: Mapping[str, Decimal] = field(default_factory=dict)
    is_final: bool = True
    is_open: bool = False  # the rows seen leave something open that others may tell
    asks_dates: bool = False  # nothing tells the order of day and month in some dates
    notes: tuple[str, ...] = ()

    def reads_as(self, other: Conventions) -> bool:
        """Whether every cell is the same under both."""
        return self._readings() == other._readings()

    def scale_of(self, source: object) -> StarScale:
        """What the scores of a source are out of. `source`: the cell that names it."""
        return STARS if self.five_stars and plain(str(source)) in self.five_stars else self.scale

    def _readings(self) -> tuple[object, ...]:
        return self.orders, self.scale, self.five_stars, self.decimals


@dataclass(slots=True)
class DateEvidence:
    """What the numeric dates of one column tell of their order. `latest`: no date is later."""

    latest: datetime
    possible: set[Order] = field(default_factory=lambda: set(ORDERS.values()))
    marks: set[str] = field(default_factory=set)
    firsts: set[int] = field(default_factory=set)
    lasts: set[int] = field(default_factory=set)
    example: str = ""  # of a cell that can be several dates

    @property
    def is_doubtful(self) -> bool:
        """Whether some cell can be several dates, and its marks do not tell: points stand behind a day."""
        return bool(self.example) and self.marks != {"."}

    def look(self, cell: object) -> None:
        """Take one cell in."""
        if not isinstance(cell, str) or cell[4:5] == "-" or len(cell) > LONGEST:
            return
        numbers = numeric_date(cell)
        dates = numbers.dates() if numbers else {}
        if numbers is None or not dates or (Order.YEAR in dates and not numbers.is_short):
            return
        if numbers.is_short:
            dates = {order: day for order, day in dates.items() if day <= self.latest.date()} or dates
            self.firsts.add(numbers.one)
            self.lasts.add(numbers.three)
        self.marks.add(numbers.mark)
        self.possible &= set(dates)
        if len(set(dates.values())) > 1 and not self.example:
            self.example = cell.strip()[:SHOWN]

    def order(self) -> Order:
        """The order that the cells tell; SAID_BY_NONE where they tell none, or several."""
        left = set(self.possible)
        if Order.YEAR in left and len(left) > 1 and len(self.firsts) != len(self.lasts):
            # A column of days has few years: the number that changes least is the year.
            left &= {Order.YEAR} if len(self.firsts) < len(self.lasts) else {Order.DAY, Order.MONTH}
        if len(left) > 1 and self.marks == {"."}:
            left &= {Order.DAY}
        return left.pop() if len(left) == 1 and self.marks else Order.SAID_BY_NONE


@dataclass(slots=True)
class ScoreEvidence:
    """How far a column's bare scores reach."""

    total: int = 0
    above_5: int = 0
    above_10: int = 0
    above_100: int = 0
    has_parts: bool = False  # of one, such as 0.4
    highest: float = 0.0
    reached: set[float] = field(default_factory=set)  # which of 10 and 100 occur
    said: set[int] = field(default_factory=set)  # what others are out of, as they say themselves: "4/10"

    def look(self, cell: object) -> None:
        """Take one cell in."""
        told = _score(cell)
        if told is None:
            return
        value, best = told
        if best is not None:
            self.said.add(best)
        else:
            self.total += 1
            self.highest = max(self.highest, value)
            self.has_parts |= 0 < value < 1
            self.above_5 += value > 5
            self.above_10 += value > 10
            self.above_100 += value > 100
            if value in (10, 100):
                self.reached.add(value)

    def scale(self) -> StarScale:
        """What the scores are out of; `best` 0 where they leave that open, as shares of one do."""
        if len(self.said) == 1 and self.highest <= (best := next(iter(self.said))):
            return StarScale(best)
        if self.has_parts and self.highest <= 1:
            return StarScale(0)
        if self._are_slips(self.above_5):
            return StarScale(0 if 10 in self.reached else 5)
        if self._are_slips(self.above_10):
            return StarScale(10 if 10 in self.reached else 0)
        return StarScale(100 if 100 in self.reached and self._are_slips(self.above_100) else 0)

    def _are_slips(self, count: int) -> bool:
        return count == 0 or count < self.total * RARE


@dataclass(slots=True)
class CountEvidence:
    """What a column's counts tell of their decimal mark."""

    possible: set[Decimal] = field(default_factory=lambda: {Decimal.POINT, Decimal.COMMA})
    as_groups: set[Decimal] = field(default_factory=set)
    has_marks: bool = False
    example: str = ""

    def look(self, cell: object) -> None:
        """Take one cell in."""
        if not isinstance(cell, str) or cell.isdecimal():
            return
        written = written_count(cell)
        if written is None or not written.has_marks or not (readings := written.decimals()):
            return
        self.has_marks = True
        self.possible &= readings
        if written.as_group:
            self.as_groups.add(written.as_group)
            self.example = self.example or cell.strip()[:SHOWN]

    def decimal(self) -> Decimal:
        """The decimal mark. A count is whole, so that "1.234" alone means 1234."""
        if not self.has_marks:
            return Decimal.NOT_SEEN
        left = self.possible if len(self.possible) == 1 else self.possible & self.as_groups
        return next(iter(left)) if len(left) == 1 else Decimal.UNCLEAR


Evidence = DateEvidence | ScoreEvidence | CountEvidence


def _score(cell: object) -> tuple[float, int | None] | None:
    """A score, and what it says itself that it is out of; None for a cell that holds none."""
    try:
        return None if is_blank(cell) else score(cell)
    except Unfit:
        return None


class ColumnSurvey:
    """Looks at rows, and tells how their columns are written. `latest`: no date is later. `dates`: the order that a
    person said, one of ORDERS; "" where nobody did."""

    def __init__(self, latest: datetime, dates: str = "") -> None:
        self._latest, self._said = latest, ORDERS.get(dates)
        self._seen: dict[str, Evidence] = {}
        self._of_sources: dict[str, set[float]] = {}  # the bare scores of those that are known for five stars

    def look(self, reading: ColumnMapping, chunk: Chunk) -> None:
        """Take the rows of a chunk in."""
        places = {name: place for place, name in enumerate(chunk.header)}
        for name, column in reading.columns.items():
            evidence = self._of(name) if column in places else None
            if evidence is not None:
                place, look = places[column], evidence.look
                for row in chunk.rows:
                    look(row[place])
        rating, source = reading.columns.get("rating"), reading.columns.get("source")
        if rating in places and source in places:
            self._look_at_sources(chunk.rows, places[rating], places[source])

    def _look_at_sources(self, rows: Iterable[Sequence[object]], rating: int, source: int) -> None:
        names: dict[object, str] = {}
        for row in rows:
            cell = str(row[source])
            if cell not in names:
                names[cell] = name if any(one in (name := plain(cell)) for one in FIVE_STARS) else ""
            told = _score(row[rating]) if names[cell] else None
            if told is not None and told[1] is None:
                self._of_sources.setdefault(names[cell], set()).add(told[0])

    def _of(self, name: str) -> Evidence | None:
        if name not in self._seen:
            if name in TIMES:
                self._seen[name] = DateEvidence(self._latest)
            elif name in COUNTS:
                self._seen[name] = CountEvidence()
            elif name == "rating":
                self._seen[name] = ScoreEvidence()
        return self._seen.get(name)

    def conventions(self, columns: Mapping[str, str], *, is_whole: bool) -> Conventions:
        """How the columns are written. `columns`: field -> column; `is_whole`: every row was looked at."""
        orders, notes, asks = {}, [], False
        for name, evidence in self._seen.items():
            if isinstance(evidence, DateEvidence):
                orders[name], why = self._order(columns[name], evidence)
                asks |= evidence.is_doubtful and orders[name] is Order.SAID_BY_NONE
                notes += _note_on_dates(columns[name], evidence, orders[name], why)
            elif isinstance(evidence, CountEvidence):
                notes += _note_on_counts(columns[name], evidence)
        scale = self._scale(columns)
        five_stars = self._five_stars(columns) if scale != STARS else frozenset()
        scores = self._seen.get("rating")
        if isinstance(scores, ScoreEvidence) and scores.total:
            notes += _note_on_scores(columns["rating"], scale, scores.highest, five_stars)
        zones = {name: found for name in TIMES if name in columns and (found := zone_in(columns[name]))}
        notes += [f"Times in “{columns[name]}” are read in the zone that its name gives." for name in zones]
        return Conventions(
            orders=orders,
            zones={name: zone for name, (zone, _) in zones.items()},
            scale=scale,
            five_stars=five_stars,
            decimals={name: one.decimal() for name, one in self._seen.items() if isinstance(one, CountEvidence)},
            is_final=is_whole,
            is_open=asks or not scale.best,
            asks_dates=asks,
            notes=tuple(notes),
        )

    def _order(self, column: str, evidence: DateEvidence) -> tuple[Order, str]:
        """The order of a column's dates and why, as a sentence goes on: as you said, as the columns' names say, as its
        rows or those of another column tell."""
        if self._said:
            return self._said, "as you said"
        if (named := order_in(column)) is not None:
            return named[0], "as its name says"
        if (told := evidence.order()) is not Order.SAID_BY_NONE or not evidence.possible:
            return told, "as other rows of it tell" if evidence.possible else ""
        others = {one.order() for one in self._seen.values() if isinstance(one, DateEvidence)} - {Order.SAID_BY_NONE}
        return (others.pop(), "as another column tells") if len(others) == 1 else (Order.SAID_BY_NONE, "")

    def _scale(self, columns: Mapping[str, str]) -> StarScale:
        told = scale_in(columns["rating"]) if "rating" in columns else None
        evidence = self._seen.get("rating")
        return told[0] if told else evidence.scale() if isinstance(evidence, ScoreEvidence) else StarScale()

    def _five_stars(self, columns: Mapping[str, str]) -> frozenset[str]:
        """The sources known for five stars whose bare scores are such: none is above five, and not all are even, as
        they would be once they were doubled. None where the column's name gives a scale for all."""
        if scale_in(columns["rating"]):
            return frozenset()
        seen = self._of_sources.items()
        return frozenset(name for name, scores in seen if max(scores) <= MOST_STARS and any(one % 2 for one in scores))


def _note_on_dates(column: str, evidence: DateEvidence, order: Order, why: str) -> list[str]:
    if not evidence.is_doubtful:
        return []
    such = f"Dates such as {evidence.example} in “{column}”"
    if order is not Order.SAID_BY_NONE:
        return [f"{such} are read with {FIRST[order]}, {why}."]
    told = "no row tells which" if evidence.possible else "its rows tell both"
    return [f"{such} can have the day or the month first, and {told}: {ASK}."]


def _note_on_scores(column: str, scale: StarScale, highest: float, five_stars: frozenset[str]) -> list[str]:
    if scale.best == MOST_STARS:
        return []
    beside = [f"Those of {', '.join(sorted(five_stars))} are out of five, and stay."] if five_stars else []
    if not scale.best:
        return [f"Scores in “{column}” go up to {highest:g} and are left out: {UNTOLD}.", *beside]
    return [f"Scores in “{column}” are out of {scale.best}; they were brought to five stars.", *beside]


def _note_on_counts(column: str, evidence: CountEvidence) -> list[str]:
    if not evidence.example:
        return []
    such, decimal = f"Numbers such as {evidence.example} in “{column}”", evidence.decimal()
    if decimal is Decimal.UNCLEAR:
        return [f"{such} are left out: other rows use points and commas both ways."]
    written = written_count(evidence.example)
    said = f"{round(written.value(decimal)):,}" if written else evidence.example
    return [f"{such} are read as {said}."] if said != evidence.example else []


def surveyed(chunks: Iterable[Chunk], reading: ColumnMapping, survey: ColumnSurvey, *, is_whole: bool) -> Conventions:
    """The conventions that a file's chunks show."""
    for chunk in chunks:
        reading = reading.extended(chunk.header)
        survey.look(reading, chunk)
    return survey.conventions(reading.columns, is_whole=is_whole)
