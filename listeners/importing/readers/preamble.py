"""Finds the separator of delimited text and its header, below whatever a tool wrote above it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import UTC
from functools import lru_cache
from itertools import islice

from listeners.formats import cells as values
from listeners.formats.time_words import zone_in, zone_of
from listeners.importing.mapping.exports import EXPORTS
from listeners.importing.mapping.providers import PROVIDERS
from listeners.importing.mapping.shapes import plain
from listeners.importing.mapping.synonyms import SYNONYMS

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
SAID = re.compile(r"\ufeff?sep=([,;\t|])\s*$", re.IGNORECASE)  # what a first line may tell Excel
SAMPLED = 100  # lines
LONGEST_NAME = 120  # characters of a column's name
LONGEST_CELL = 20_000_000  # characters; beyond it a quote was left open
FEWEST_FITTING = 0.5  # of the records below a header have as many cells
FEWEST_FILLED = 0.5  # of a header's cells have a name
KNOWN, WELL_KNOWN = 2, 3  # columns of known names that tell a header
NUMBER = re.compile(r"[\W\d_]*\d[\W\d_]*$")

ZONE_SAID = re.compile(  # "Time Zone,Europe/Berlin", "All times are in CET"
    r"\b(?:time ?zone|zeitzone|fuseau horaire|zona horaria|fuso orario|tijdzone|times? (?:are |shown )*in)\b"
    r"[^\w(]*(?P<zone>\(?\w.{1,60}?)[\s\",;.|]*$",
    re.IGNORECASE,
)
HEADERLESS = -1  # in place of the number of lines above a header

Record = tuple[int, list[str]]  # how many lines stand above it, and its cells


def layout_of(sample: str, skip: int | None = None) -> tuple[str, int]:
    """The separator, and how many lines stand above the header; HEADERLESS where the first line is a row like those
    below. `sample`: the text at the file's beginning; `skip`: the lines that a person says stand above it."""
    csv.field_size_limit(LONGEST_CELL)
    lines = list(islice(io.StringIO(sample, newline=""), (skip or 0) + SAMPLED))
    said = SAID.match(lines[0]) if lines else None
    first = skip if skip is not None else 1 if said else 0
    found = {
        one: _header(_records(lines, one, first), is_fixed=skip is not None)
        for one in ([said[1]] if said else SEPARATORS)
    }
    separator = max(found, key=lambda one: found[one][1:])
    return separator, found[separator][0]


def zone_above(sample: str, above: int) -> str:
    """The zone that one of the lines above the header names, as it stands there; "" where none does, or it is UTC."""
    for line in islice(io.StringIO(sample), max(0, above)):
        said = found["zone"] if (found := ZONE_SAID.search(line.strip())) else ""
        if said and (zone := zone_of(said) or next(iter(zone_in(said) or zone_in(f"({said})") or ()), None)):
            return "" if zone is UTC else said
    return ""


def _records(lines: Sequence[str], separator: str, first: int) -> list[Record]:
    reader = csv.reader(lines[first:], delimiter=separator)
    found: list[Record] = []
    above = first
    try:
        for cells in reader:
            if cells:
                found.append((above, cells))
            above = first + reader.line_num
    except csv.Error:
        pass  # what stands before it must do
    return found or [(first, [])]


def _header(records: Sequence[Record], *, is_fixed: bool) -> tuple[int, bool, float, int]:
    """How many lines stand above the header, whether it looks like one, the share of records below that fit it, and its
    width."""
    place = 0 if is_fixed else _place(records)
    above, cells = records[place]
    below = [one for _, one in records[place:]]
    is_header = _is_header(records, place)
    share = round(sum(_fits(one, cells) for one in below) / len(below), 1) if len(cells) > 1 else 0.0
    if not (is_header or is_fixed) and share and _is_row(cells):
        above = HEADERLESS
    return above, is_header, share, len(cells) if share else 0


def _is_row(cells: Sequence[str]) -> bool:
    """Whether a record is a row, and no header that is written oddly: it holds a time, and no name that is known."""
    return not _known(cells) and any(values.is_time(cell) and not cell.strip().isdecimal() for cell in cells)


def _place(records: Sequence[Record]) -> int:
    """The first record that can be a header of those below it; a later one of names that are well known goes before
    one of unknown names. The first record where none can."""
    headers = [place for place in range(len(records)) if _is_header(records, place)]
    if not headers:
        return 0
    first = headers[0]
    if _known(records[first][1]) >= KNOWN:
        return first
    enough = KNOWN if len(records[first][1]) == KNOWN else WELL_KNOWN
    return next((place for place in headers if _known(records[place][1]) >= enough), first)


def _is_header(records: Sequence[Record], place: int) -> bool:
    cells = records[place][1]
    named = [cell.strip() for cell in cells if cell.strip()]
    if len(named) < max(2, FEWEST_FILLED * len(cells)) or any(map(_is_value, named)):
        return False
    if len(named) == 2 and named[0].endswith(":"):
        return False
    if named[0].startswith("#") and named[0] != "#" and _known(cells) < KNOWN:
        return False
    below = [one for _, one in records[place + 1 :] if any(one)]
    return bool(below) and sum(_fits(one, cells) for one in below) >= FEWEST_FITTING * len(below)


def _fits(record: Sequence[str], header: Sequence[str]) -> bool:
    return len(record) == len(header) or (len(record) > len(header) and not any(record[len(header) :]))


def _is_value(cell: str) -> bool:
    """Whether a cell holds a number, a time or a link, as rows do and headers do not."""
    is_link = cell.startswith(("http://", "https://"))
    return is_link or len(cell) > LONGEST_NAME or bool(NUMBER.match(cell)) or values.is_time(cell)


def _known(cells: Sequence[str]) -> int:
    """How many cells are names of columns that are known."""
    return sum(1 for cell in cells if not cell.rstrip().endswith(":") and plain(cell) in _names())


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    said = {one for synonyms in SYNONYMS.values() for one in synonyms.split()}
    for shape in (*EXPORTS, *PROVIDERS):
        columns = [*shape.marks, *(shape.columns or {}).values(), *(one for made in shape.made for one in made.columns)]
        said |= {plain(name) for column in columns for name in column.split("|")}
    return frozenset(said)
