"""Applies a known shape to a table: adds the columns that the shape makes from others."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter

from listeners.formats.cells import is_blank
from listeners.formats.time_words import zone_of
from listeners.formats.times import has_clock, has_zone, is_clock
from listeners.importing.mapping.chunks import Chunk, Table
from listeners.importing.mapping.columns import CHOSEN, ColumnMapping, spellings
from listeners.importing.mapping.shapes import MadeField, Shape, plain


@dataclass(frozen=True, slots=True)
class Shaped:
    """A table whose chunks begin with the columns that its shape makes."""

    table: Table
    shape: Shape

    @property
    def called(self) -> str:
        return self.table.called

    @property
    def known(self) -> Shape | None:
        return self.shape if self.shape.name else self.table.known

    @property
    def notes(self) -> tuple[str, ...]:
        return self.table.notes

    def chunks(self, wanted: Collection[str] | None = None) -> Iterator[Chunk]:
        """See Table."""
        needed = [name for made in self.shape.made for name in made.columns]
        for chunk in self.table.chunks(None if wanted is None or needed else wanted):
            yield self.laid_over(chunk)

    def laid_over(self, chunk: Chunk) -> Chunk:
        """A chunk of the table with the made columns before its own."""
        if not self.shape.made:
            return chunk
        header = (*(made.called for made in self.shape.made), *chunk.header)
        makers = [(made.make, _picker(made.columns, chunk.header)) for made in self.shape.made]
        rows = [(*(make(*pick((*row, None))) for make, pick in makers), *row) for row in chunk.rows]
        return replace(chunk, header=header, rows=rows)


def made_in(table: Table) -> int:
    """How many of a table's first columns are made of others."""
    return len(table.shape.made) + made_in(table.table) if isinstance(table, Shaped) else 0


def _picker(columns: Sequence[str], header: Sequence[str]) -> Callable[[Sequence[object]], Sequence[object]]:
    """A function that picks the cells of `columns` from a row; a row must end with one extra None, for missing
    columns."""
    places = {plain(name): place for place, name in enumerate(header)}
    picked = [places.get(plain(name), len(header)) for name in columns]
    if len(picked) > 1:
        return itemgetter(*picked)
    return lambda row: [row[place] for place in picked]


MIDNIGHT = re.compile(r"[T ]0?0:00(?::00(?:\.0+)?)?$")
ZONES = frozenset(("timezone", "zone", "tz", "zeitzone", "fuseauhoraire", "zonahoraria", "utcoffset"))
CLOCKS = frozenset(("time", "hour", "clock", "timeofday", "uhrzeit", "zeit", "heure", "hora", "ora", "orario", "tijd"))


def clock_beside(reading: ColumnMapping, chunk: Chunk) -> MadeField | None:
    """The time of writing made of a column of days and one of times of day: "Date" and "Time (CET)". None where there
    are no such two columns, or a person chose."""
    places = {name: place for place, name in enumerate(chunk.header)}
    guesses = [one for one in reading.guesses if one.why != CHOSEN and one.column in places]
    day = next((one.column for one in guesses if one.field == "published_at"), None)
    clock = next((one.column for one in guesses if one.field is None and CLOCKS & set(spellings(one.column))), None)
    zone = next((one.column for one in guesses if one.field is None and ZONES & set(spellings(one.column))), None)
    if zone is not None and not all(zone_of(str(row[places[zone]]).strip()) for row in chunk.rows):
        zone = None
    if day is not None and clock is None and zone is not None:
        return MadeField("published_at", (day, zone), zoned)
    if day is None or clock is None:
        return None
    times = [row[places[clock]] for row in chunk.rows if not is_blank(row[places[clock]])]
    if not times or not all(map(is_clock, times)) or any(has_clock(row[places[day]]) for row in chunk.rows):
        return None
    return MadeField("published_at", (day, clock, *([zone] if zone else [])), moment_of)


def zoned(moment: object, zone: object) -> object:
    """A time whose zone is in a cell of its own; the time alone where it names its zone itself."""
    return " ".join(str(one) for one in (moment, zone)) if has_clock(moment) and not has_zone(moment) else moment


def moment_of(day: object, clock: object, zone: object = None) -> object:
    """A time whose day, time of day and zone are in cells of their own; the day alone where no time of day is given."""
    day = day.date() if isinstance(day, datetime) else MIDNIGHT.sub("", day) if isinstance(day, str) else day
    parts = (day, clock, zone) if not is_blank(clock) else (day,)
    return " ".join(str(one) for one in parts if not is_blank(one)) or None
