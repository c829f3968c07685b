"""The command `python -m listeners import`: its arguments, what it asks for, and what it prints."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.cli import text
from data.clock import now_in_utc
from data.models import Brand, HearbackError
from data.people import acting
from data.settings import places
from data.setup import load
from listeners.importing.imports import Instructions, import_file, preview
from listeners.importing.mapping.columns import FIELDS, IGNORED
from listeners.importing.mapping.conventions import FROM_1904, ORDERS
from listeners.importing.readers.tables import Layout
from listeners.importing.summary import as_plain, printable, sentences

NEXT = "The app takes it in within seconds; with no app running: python -m data absorb"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `python -m listeners import` to `parser`."""
    # The file comes first: an option that takes several values would swallow it.
    parser.usage = "%(prog)s FILE [--source S] [--brand B | --by-words] [--competitor NAME ...]"
    parser.usage += " [--map COLUMN=FIELD ...] [--zone NAME] [--dates ORDER] [--encoding NAME] [--skip N] [--json]"
    fields = ", ".join(FIELDS)
    parser.add_argument("file", type=Path, help="CSV, JSON, Parquet, or a saved page or feed")
    parser.add_argument(
        "--source", type=text, help="where the rows are from, when no column says so (or says it badly)"
    )
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument(
        "--brand", type=text, help="the brand of every row that names none; the only brand set up, unless it is said"
    )
    whose.add_argument(
        "--by-words", action="store_true", help="rows that name no brand are about whichever their words name"
    )
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
    _add_writing(parser)
    parser.add_argument("--json", action="store_true", help="print what was done as one JSON object")


def _add_writing(parser: argparse.ArgumentParser) -> None:
    """The arguments on how the file is written."""
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
            listed=_listed(),
        )
        if not (told.brand or arguments.by_words):
            told = replace(told, brand=_only_brand(arguments.file, told))
        if told.brand and not arguments.brand and not arguments.json:
            print(printable(f"Rows that name no brand are about {told.brand}, the only one set up."))
        summary = import_file(places(), arguments.file, now_in_utc(), told, acting.of_command(places()))
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


def _listed() -> tuple[Brand, ...] | None:
    """The brands that are set up; None where setup.toml cannot be read: those who need it say why."""
    try:
        return load(places().setup).brands
    except HearbackError:
        return None


def _only_brand(path: Path, told: Instructions) -> str | None:
    """The only brand of ours, for the rows that name none; None where there is none. HearbackError where there are
    several and no column of the file says which."""
    ours = [brand.name for brand in told.listed or () if not (brand.competitor or brand.is_sample)]
    if len(ours) < 2:
        return ours[0] if ours else None
    if "brand" in preview(path, told).reading.columns:
        return None
    raise HearbackError(
        f"{path.name} names no brand, and several are set up: {', '.join(ours)}. Say whose mentions these are: "
        f"--brand {shlex.quote(ours[0])}, or --by-words where each row's own words name the brand."
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
