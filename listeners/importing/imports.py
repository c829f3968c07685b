"""Imports files, for the command and the Setup page: tables, JSON, saved pages and feeds become batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path

from data.clock import now_in_utc
from data.folding import key
from data.models import Brand, HearbackError, Mention
from data.people import audit
from data.people.audit import Event
from data.people.rights import Actor, Verb
from data.settings import Places
from data.spool.batches import Content
from listeners.importing.border import AHEAD, Border, RowRefused, WrittenOtherwise
from listeners.importing.intake import ImportIntake
from listeners.importing.mapping.chunks import SAMPLED, Chunk, Table
from listeners.importing.mapping.columns import ColumnMapping, guess
from listeners.importing.mapping.conventions import FROM_1904, ColumnSurvey, Conventions, surveyed
from listeners.importing.mapping.exports import EXPORTS
from listeners.importing.mapping.providers import PROVIDERS
from listeners.importing.mapping.shaped import Shaped, clock_beside, made_in
from listeners.importing.mapping.shapes import Shape, recognise
from listeners.importing.prospects import Outlook, Prospects
from listeners.importing.readers.tables import AS_TOLD, Layout, open_table
from listeners.importing.summary import Summary

PREVIEWED = 5  # rows
FORESEEN = 20_000  # rows that are read before an import to tell what will become of them
Choices = Mapping[str, str | None]  # column -> field, None to ignore it; columns left out are guessed


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would become: how its columns are read, and its first rows as mentions, or as the reasons why not.
    `written`: the same rows as the file has them, cells by column; `missing`: what must be chosen before
    the import, as a sentence; `shape`: the known shape it was recognised as; `notes`: how it is read and what of it is
    not, as sentences; `asks_dates`: whether nothing tells the order of day and month in some dates."""

    called: str
    header: tuple[str, ...]
    reading: ColumnMapping
    rows: tuple[Mention | str, ...]
    missing: str | None
    shape: Shape | None = None
    notes: tuple[str, ...] = ()
    written: Mapping[str, Sequence[object]] = field(default_factory=dict)
    asks_dates: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """What an import would do, told by the first rows of a file. `rejected`: the rows that would be set aside;
    `is_whole`: whether these are all rows."""

    rows: int
    rejected: int
    prospects: Prospects
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a file will be read, decided from its first rows and a person's choices."""

    table: Table
    first: Chunk
    reading: ColumnMapping
    conventions: Conventions
    survey: Callable[[], Conventions]  # of the whole file

    @property
    def source(self) -> str | None:
        """The source of all rows, where the shape tells it and no column is read as the source."""
        shape = self.table.known
        return None if shape is None or "source" in self.reading.columns else shape.source


def preview(path: Path, told: Instructions | None = None, *, now: datetime | None = None) -> Preview:
    """Preview an import from the first rows of `path`; nothing is written. HearbackError when it cannot be read."""
    now, told = now or now_in_utc(), told or Instructions()
    plan = _plan(path, told, now)
    border = _border(plan, told, now, plan.conventions)
    border.face(plan.reading.columns, plan.first.header)
    broken = [f"line {one.line}: {one.reason}" for one in plan.first.broken]
    read = (_shown(border, cells) for cells in plan.first.rows[:PREVIEWED])
    return Preview(
        called=plan.table.called,
        header=plan.first.header,
        reading=plan.reading,
        rows=() if plan.reading.missing else tuple([*read, *broken][:PREVIEWED]),
        missing=plan.reading.missing,
        shape=plan.table.known,
        notes=(*plan.conventions.notes, *plan.table.notes),
        written={
            name: [row[place] for row in plan.first.rows[:PREVIEWED]]
            for place, name in enumerate(plan.first.header)
            if place >= made_in(plan.table)
        },
        asks_dates=plan.conventions.asks_dates,
    )


@dataclass(frozen=True, slots=True)
class Instructions:
    """What a person says about a file; it overrides what the file itself tells."""

    source: str | None = None  # of all rows
    brand: str | None = None  # of the rows that name none
    competitors: Sequence[str] = ()  # among the brands that are new
    mapping: Choices | None = None  # overrides the guessed columns
    zone: tzinfo | None = None  # of times that name none, over their column's name; UTC otherwise
    dates: str = ""  # how dates such as 3/4/2026 are written: one of ORDERS, or FROM_1904
    shown_name: str | None = None  # the file's name for people, where it differs
    layout: Layout = AS_TOLD  # how it is written
    listed: Sequence[Brand] | None = None  # the brands that are set up; None where that is not known

    def outlook(self, now: datetime) -> Outlook | None:
        """What tells which rows will be in the queue; None where nothing can."""
        return None if self.listed is None else Outlook(self.listed, now)


def take_in(path: Path, incoming: Path, now: datetime, told: Instructions | None = None) -> Summary:
    """Write the rows of `path` as batches into `incoming`. HearbackError for errors that a person can correct; OSError
    when the disk is full: finished batches stay, and importing the file again is harmless."""
    told = told or Instructions()
    name = told.shown_name or path.name
    plan = _ready_plan(path, told, now)
    intake, border, reading = _read_rows(
        plan, told, now, lambda: ImportIntake(incoming, now, name, told.competitors, told.outlook(now))
    )
    return Summary(
        file=name,
        called=plan.table.called,
        shape=plan.table.known,
        reading=reading,
        **intake.counts,
        reasons=tuple(intake.reasons),
        brands=intake.brands,
        unmet=_unmet(told.competitors, intake.brands),
        remarks=border.remarks,
        batches=tuple(intake.batches),
        notes=(*border.conventions.notes, *plan.table.notes),
        prospects=intake.prospects if told.listed is not None else None,
        is_from_anywhere=not (told.source or plan.source or "source" in reading.columns)
        and "native_id" in reading.columns,
    )


def import_file(here: Places, path: Path, now: datetime, told: Instructions, by: Actor) -> Summary:
    """Take a file in as a person asked for. Forbidden; errors as of `take_in`."""
    by.insist(Verb.IMPORT)
    summary = take_in(path, here.incoming, now, told)
    audit.note(here, Event.IMPORT, by.name, rows=summary.rows, rejected=summary.rejected)
    return summary


def foresee(path: Path, now: datetime, told: Instructions) -> Forecast:
    """Read the first FORESEEN rows as an import would, and tell what would become of them; nothing is written.
    HearbackError when the columns cannot be told."""
    plan = _ready_plan(path, told, now)
    intake, _, _ = _read_rows(
        plan, told, now, lambda: ImportIntake(None, now, path.name, told.competitors, told.outlook(now)), FORESEEN
    )
    rows = intake.counts["rows"]
    return Forecast(rows, intake.counts["rejected"], intake.prospects, is_whole=rows < FORESEEN)


def read_whole(path: Path, now: datetime, told: Instructions | None = None) -> Content:
    """The rows of a small file as the content of one batch; nothing is written. HearbackError when its columns cannot
    be told."""
    told = told or Instructions()
    name = told.shown_name or path.name
    plan = _ready_plan(path, told, now)
    intake, _, _ = _read_rows(plan, told, now, lambda: ImportIntake(None, now, name, ()))
    return intake.gathered


def _ready_plan(path: Path, told: Instructions, now: datetime) -> _Plan:
    plan = _plan(path, told, now)
    if plan.reading.missing:
        raise HearbackError(f"{told.shown_name or path.name}: {plan.reading.missing}")
    return plan


def _border(plan: _Plan, told: Instructions, now: datetime, conventions: Conventions) -> Border:
    return Border(
        now,
        source=told.source or plan.source,
        brand=told.brand,
        conventions=conventions,
        survey=plan.survey,
        zone=told.zone,
        is_1904=told.dates == FROM_1904,
    )


def _read_rows(
    plan: _Plan, told: Instructions, now: datetime, begun: Callable[[], ImportIntake], most: int | None = None
) -> tuple[ImportIntake, Border, ColumnMapping]:
    """Read all rows; again from the start where a later row shows that the columns are written otherwise than the first
    ones showed. `begun`: an intake that holds nothing yet; `most`: rows after which it may stop."""
    conventions = plan.conventions
    while True:
        border = _border(plan, told, now, conventions)
        with begun() as intake:
            try:
                return intake, border, _take_rows(plan, intake, border, most)
            except WrittenOtherwise as found:
                conventions = found.conventions
                intake.forget()


def _take_rows(plan: _Plan, intake: ImportIntake, border: Border, most: int | None = None) -> ColumnMapping:
    """Hand every chunk to `intake`, at least `most` rows; return the column mapping, with the columns that only later
    rows have."""
    reading, header = plan.reading, None
    for chunk in plan.table.chunks(wanted=frozenset(reading.columns.values())):
        if chunk.header != header:
            header, reading = chunk.header, reading.extended(chunk.header)
            border.face(reading.columns, header)
        intake.add(chunk, border)
        if most is not None and intake.counts["rows"] >= most:
            break
    return reading


def _unmet(competitors: Sequence[str], brands: Sequence[Brand]) -> tuple[str, ...]:
    met = {key(brand.name) for brand in brands}
    return tuple(name for name in competitors if key(name) not in met)


def _plan(path: Path, told: Instructions, now: datetime) -> _Plan:
    name = told.shown_name or path.name
    table, first = open_known(path, name, told.layout)
    shape = table.known
    if shape is not None and shape.refusal and not told.mapping:
        raise HearbackError(f"{name} is {shape.name}. {shape.refusal}")
    if not first.rows:
        broken = first.broken[0]
        raise HearbackError(f"{name} holds no row that can be read; line {broken.line}: {broken.reason}.")
    reading = guess(first.header, first.rows[:SAMPLED])
    if shape is not None:
        reading = reading.told(shape.reads(first.header), shape.left, shape.name)
    if (made := clock_beside(reading.changed(told.mapping or {}), first)) is not None:
        table = Shaped(table, Shape("", made=(made,)))
        first = table.laid_over(first)
        reading = guess(first.header, first.rows[:SAMPLED]).told({made.called: made.field}, (), "a day and a time")
    reading = reading.changed(told.mapping or {})
    survey = partial(_surveyed, table, reading, told.dates, now)
    conventions = surveyed([first], reading, ColumnSurvey(now + AHEAD, told.dates), is_whole=False)
    return _Plan(table, first, reading, survey() if conventions.is_open else conventions, survey)


def _surveyed(table: Table, reading: ColumnMapping, dates: str, now: datetime) -> Conventions:
    """How the columns of the whole file are written."""
    chunks = table.chunks(wanted=frozenset(reading.columns.values()))
    return surveyed(chunks, reading, ColumnSurvey(now + AHEAD, dates), is_whole=True)


def open_known(path: Path, name: str | None = None, layout: Layout = AS_TOLD) -> tuple[Table, Chunk]:
    """Open a file; return its table, with a known shape applied, and its first chunk. HearbackError when it holds no
    rows."""
    table = open_table(path, name, layout)
    first = next(table.chunks(), None)
    if first is None:
        raise HearbackError(f"{name or path.name} holds no rows.")
    shape = table.known or recognise(first.header, (*PROVIDERS, *EXPORTS))
    if shape is None:
        return table, first
    shaped = Shaped(table, shape)
    return shaped, shaped.laid_over(first)


def _shown(border: Border, cells: Sequence[object]) -> Mention | str:
    try:
        row = border.read(cells)
    except RowRefused as refusal:
        return str(refusal)
    return row.found.mention if row.found else "written by the brand itself: taken as its answer"
