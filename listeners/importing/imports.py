"""Imports files, for the command and the Setup page: tables, JSON, saved pages and feeds become batches."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.cli import text
from data.clock import now_in_utc
from data.models import Brand, HearbackError, Mention
from data.settings import places
from data.setup import load
from data.spool.batches import Content
from listeners.importing.border import AHEAD, Border, RowRefused, WrittenOtherwise
from listeners.importing.intake import ImportIntake
from listeners.importing.mapping.chunks import SAMPLED, Chunk, Table
from listeners.importing.mapping.columns import FIELDS, IGNORED, ColumnMapping, guess
from listeners.importing.mapping.conventions import FROM_1904, ORDERS, ColumnSurvey, Conventions, surveyed
from listeners.importing.mapping.exports import EXPORTS
from listeners.importing.mapping.providers import PROVIDERS
from listeners.importing.mapping.shaped import Shaped, clock_beside
from listeners.importing.mapping.shapes import Shape, recognise
from listeners.importing.readers.tables import AS_TOLD, Layout, open_table
from listeners.importing.summary import Summary, as_plain, printable, sentences

PREVIEWED = 5  # rows
NEXT = "The app takes it in within seconds; with no app running: python -m data absorb"
Choices = Mapping[str, str | None]  # column -> field, None to ignore it; columns left out are guessed


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would become: how its columns are read, and its first rows as mentions, or as the reasons why not.
    `missing`: what must be chosen before the import, as a sentence; `shape`: the known shape it was recognised as;
    `notes`: how dates, scores and counts are read, as sentences."""

    called: str
    header: tuple[str, ...]
    reading: ColumnMapping
    rows: tuple[Mention | str, ...]
    missing: str | None
    shape: Shape | None = None
    notes: tuple[str, ...] = ()


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


def preview(
    path: Path,
    mapping: Choices | None = None,
    *,
    now: datetime | None = None,
    shown_name: str | None = None,
    dates: str = "",
    layout: Layout = AS_TOLD,
) -> Preview:
    """Preview an import from the first rows of `path`; nothing is written. HearbackError when it cannot be read.
    `dates`, `layout`: as Instructions have them."""
    now = now or now_in_utc()
    plan = _plan(path, Instructions(mapping=mapping, shown_name=shown_name, dates=dates, layout=layout), now)
    border = Border(now, source=plan.source, conventions=plan.conventions, is_1904=dates == FROM_1904)
    border.face(plan.reading.columns, plan.first.header)
    broken = [f"line {one.line}: {one.reason}" for one in plan.first.broken]
    read = (_shown(border, cells) for cells in plan.first.rows[:PREVIEWED])
    rows = () if plan.reading.missing else tuple([*read, *broken][:PREVIEWED])
    notes, known = plan.conventions.notes, plan.table.known
    return Preview(plan.table.called, plan.first.header, plan.reading, rows, plan.reading.missing, known, notes)


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


def take_in(path: Path, incoming: Path, now: datetime, told: Instructions | None = None) -> Summary:
    """Write the rows of `path` as batches into `incoming`. HearbackError for errors that a person can correct; OSError
    when the disk is full: finished batches stay, and importing the file again is harmless."""
    told = told or Instructions()
    name = told.shown_name or path.name
    plan = _ready_plan(path, told, now)
    intake, border, reading = _read_rows(plan, told, now, lambda: ImportIntake(incoming, now, name, told.competitors))
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
        notes=border.conventions.notes,
        is_from_anywhere=not (told.source or plan.source or "source" in reading.columns)
        and "native_id" in reading.columns,
    )


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


def _read_rows(
    plan: _Plan, told: Instructions, now: datetime, begun: Callable[[], ImportIntake]
) -> tuple[ImportIntake, Border, ColumnMapping]:
    """Read all rows; again from the start where a later row shows that the columns are written otherwise than the first
    ones showed. `begun`: an intake that holds nothing yet."""
    conventions = plan.conventions
    while True:
        border = Border(
            now,
            source=told.source or plan.source,
            brand=told.brand,
            conventions=conventions,
            survey=plan.survey,
            zone=told.zone,
            is_1904=told.dates == FROM_1904,
        )
        with begun() as intake:
            try:
                return intake, border, _take_rows(plan, intake, border)
            except WrittenOtherwise as found:
                conventions = found.conventions
                intake.forget()


def _take_rows(plan: _Plan, intake: ImportIntake, border: Border) -> ColumnMapping:
    """Hand every chunk to `intake`; return the column mapping, with the columns that only later rows have."""
    reading, header = plan.reading, None
    for chunk in plan.table.chunks(wanted=frozenset(reading.columns.values())):
        if chunk.header != header:
            header, reading = chunk.header, reading.extended(chunk.header)
            border.face(reading.columns, header)
        intake.add(chunk, border)
    return reading


def _unmet(competitors: Sequence[str], brands: Sequence[Brand]) -> tuple[str, ...]:
    met = {brand.name.casefold() for brand in brands}
    return tuple(name for name in competitors if name.casefold() not in met)


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


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `python -m listeners import` to `parser`."""
    # The file comes first: an option that takes several values would swallow it.
    parser.usage = "%(prog)s FILE [--source S] [--brand B] [--competitor NAME ...] [--map COLUMN=FIELD ...]"
    parser.usage += " [--zone NAME] [--dates ORDER] [--encoding NAME] [--skip N] [--json]"
    fields = ", ".join(FIELDS)
    parser.add_argument("file", type=Path, help="CSV, JSON, Parquet, or a saved page or feed")
    parser.add_argument(
        "--source", type=text, help="where the rows are from, when no column says so (or says it badly)"
    )
    parser.add_argument("--brand", type=text, help="the brand of every row that names none")
    parser.add_argument(
        "--competitor", action="extend", nargs="+", default=[], type=text, metavar="NAME", help="brands not ours"
    )
    parser.add_argument(
        "--map",
        action="extend",
        nargs="+",
        default=[],
        metavar="COLUMN=FIELD",
        help=f"read a column as a field, whatever its name; fields: {fields}; or {IGNORED}",
    )
    parser.add_argument("--zone", metavar="NAME", help="of times that name none, e.g. Asia/Kolkata; UTC otherwise")
    parser.add_argument(
        "--dates",
        choices=(*ORDERS, FROM_1904),
        default="",
        help="which comes first in dates such as 3/4/2026, where the file does not tell: dmy, the day; mdy, the month; "
        "ymd, the year; 1904: a workbook's day numbers count from 1904",
    )
    parser.add_argument(
        "--encoding", metavar="NAME", help="of a text file where it is not told, e.g. cp1255 for Hebrew"
    )
    parser.add_argument("--skip", type=_whole_number, metavar="N", help="how many lines stand above a CSV's header")
    parser.add_argument("--json", action="store_true", help="print what was done as one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Import the file and print the summary. Exit code 0: done; 1: wrong input, explained on stderr; 2: anything
    else."""
    try:
        told = Instructions(
            source=arguments.source,
            brand=arguments.brand,
            competitors=arguments.competitor,
            mapping=_choices(arguments.map),
            zone=_zone(arguments.zone),
            dates=arguments.dates,
            layout=Layout(arguments.encoding, arguments.skip),
        )
        told = replace(told, brand=told.brand or _only_brand(arguments.file, told))
        if told.brand and not arguments.brand and not arguments.json:
            print(printable(f"Rows that name no brand are about {told.brand}, the only one set up."))
        summary = take_in(arguments.file, places().incoming, now_in_utc(), told)
    except HearbackError as trouble:
        print(printable(str(trouble)), file=sys.stderr)
        return 1
    except OSError as trouble:
        print(
            printable(f"{arguments.file} was not taken in whole: {_told(trouble)}. Taking it in again does no harm."),
            file=sys.stderr,
        )
        return 2
    print(
        json.dumps(as_plain(summary), ensure_ascii=False) if arguments.json else "\n".join([*sentences(summary), NEXT])
    )
    if summary.rejected == summary.rows:
        print("No row could be taken in; see the reasons above.", file=sys.stderr)
        return 1
    return 0


def _only_brand(path: Path, told: Instructions) -> str | None:
    """The only brand of ours, for the rows that name none; None where there is none. HearbackError where there are
    several and no column of the file says which."""
    try:
        listed = load(places().setup).brands
    except HearbackError:
        return None  # what is wrong in setup.toml is said by those who need it
    ours = [brand.name for brand in listed if not (brand.competitor or brand.is_sample)]
    if len(ours) < 2:
        return ours[0] if ours else None
    if "brand" in _plan(path, told, now_in_utc()).reading.columns:
        return None
    raise HearbackError(
        f"{path.name} names no brand, and several are set up: {', '.join(ours)}. Say whose mentions these are: "
        f"--brand {shlex.quote(ours[0])}."
    )


def _told(trouble: OSError) -> str:
    """The system's error and its file."""
    return f"{trouble.filename}: {trouble.strerror}" if trouble.filename and trouble.strerror else str(trouble)


def _zone(name: str | None) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise HearbackError(f"--zone {name!r} is no time zone; write it like Europe/Berlin or Asia/Kolkata.") from None


def _whole_number(said: str) -> int:
    if not said.isdecimal():
        raise argparse.ArgumentTypeError(f"{said!r} is no whole number of lines")
    return int(said)


def _choices(pairs: Sequence[str]) -> dict[str, str]:
    choices = {}
    for pair in pairs:
        column, equals, field = pair.rpartition("=")
        if not equals or not column:
            raise HearbackError(f"--map {pair!r} must be written COLUMN=FIELD.")
        if column in choices:
            raise HearbackError(f"--map names the column {column!r} twice.")
        choices[column] = field
    return choices
