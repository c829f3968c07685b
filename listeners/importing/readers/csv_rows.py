"""Reads delimited text: it finds the separator, keeps quoted line breaks, and loses one line only to a stray quote."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from data.models import HearbackError
from listeners.importing.encodings.telling import UNICODE
from listeners.importing.mapping.chunks import SHOWN, Broken, Chunk, header_of
from listeners.importing.readers.preamble import HEADERLESS, LONGEST_CELL, SEPARATORS, layout_of, zone_above

SKIP = "Where other lines stand above the header, --skip N leaves the first N lines out"
ZONE_ABOVE = (
    "The lines above the header name the zone {zone}. Times that name none are UTC all the same, unless their column's "
    "name or you say the zone."
)
ROWS = 1_000  # in a chunk


@dataclass(frozen=True, slots=True)
class CsvTable:
    """One delimited text file; `skipped` lines stand above its header, or HEADERLESS. HearbackError when the header
    cannot be read."""

    path: Path
    name: str
    encoding: str
    separator: str
    skipped: int = 0
    notes: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        written = "" if self.encoding.startswith("utf-8") else f", written as {self.encoding}"
        above = {0: "", 1: ", the first line left out", HEADERLESS: ", without a header"}.get(
            self.skipped, f", the first {self.skipped} lines left out"
        )
        return f"CSV with {SEPARATORS[self.separator]}{written}{above}"

    @property
    def known(self) -> None:
        return None

    def chunks(self, wanted: Collection[str] | None = None) -> Iterator[Chunk]:
        """See Table; always all columns, with cells as text."""
        errors = "replace" if self.encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
        with self.path.open(encoding=self.encoding, errors=errors, newline="") as file:
            records = _Records(file, self)
            header = records.first_as_numbers() if self.skipped == HEADERLESS else self._header(records)
            records.width = len(header)
            while (chunk := _gather(header, records)) is not None:
                yield chunk

    def _header(self, records: _Records) -> tuple[str, ...]:
        for _, record in records:
            if isinstance(record, Broken):
                raise HearbackError(f"{self.name}: its first line is not a header: {record.reason}. {SKIP}.")
            return header_of(record)
        if self.skipped:
            raise HearbackError(f"{self.name} holds nothing below its first {self.skipped} lines; leave fewer out.")
        raise HearbackError(f"{self.name} is empty.")


def open_csv(path: Path, name: str, encoding: str, sample: str, skip: int | None) -> CsvTable:
    """Open delimited text. `sample`: its beginning; `skip`: the lines above its header, None where they must be
    found."""
    separator, above = layout_of(sample, skip)
    zone = zone_above(sample, above)
    return CsvTable(path, name, encoding, separator, above, (ZONE_ABOVE.format(zone=zone),) if zone else ())


def _gather(header: tuple[str, ...], records: _Records) -> Chunk | None:
    lines: list[int] = []
    rows: list[list[str]] = []
    broken: list[Broken] = []
    for line, record in records:
        if isinstance(record, Broken):
            broken.append(record)
        else:
            lines.append(line)
            rows.append(record)
        if len(rows) + len(broken) == ROWS:
            break
    return Chunk(header, lines, rows, broken) if rows or broken else None


class _Lines:
    """An iterator over lines that keeps those of the present record, so that all but the first can be read again."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self.held: list[str] = []
        self.ran_out = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.popleft()
        else:
            try:
                line = next(self._file)
            except StopIteration:
                self.ran_out = True
                raise
        self.held.append(line)
        return line

    def start(self) -> None:
        self.held.clear()
        self.ran_out = False

    def give_back_all(self) -> None:
        self._again.extendleft(reversed(self.held))
        self.held.clear()

    def give_back_all_but_the_first(self) -> None:
        self._again.extendleft(reversed(self.held[1:]))
        del self.held[1:]


class _Records:
    """The records of a file, each with the line where it begins. `width`: the number of cells each must have."""

    def __init__(self, file: TextIO, table: CsvTable) -> None:
        csv.field_size_limit(LONGEST_CELL)
        self._line = 1 + max(0, table.skipped)
        for _ in range(table.skipped):
            next(file, None)
        self._lines = _Lines(file)
        self._reader = csv.reader(self._lines, delimiter=table.separator)
        self._encoding = "UTF-8" if table.encoding == UNICODE else table.encoding
        self.width: int | None = None

    def __iter__(self) -> _Records:
        return self

    def __next__(self) -> tuple[int, list[str] | Broken]:
        while True:
            self._lines.start()
            try:
                cells = next(self._reader)
                trouble = self._trouble(cells)
            except csv.Error as error:
                cells, trouble = [], str(error)
            begins = self._line
            if trouble and len(self._lines.held) > 1:
                # A quote left open swallows the rows below: only the line it stands on is at fault.
                self._lines.give_back_all_but_the_first()
                trouble = "a quote is opened and not closed, or the cells do not fit the header"
            self._line += len(self._lines.held)
            if trouble:
                return begins, Broken(begins, trouble, _readable(self._lines.held))
            if cells:
                return begins, cells

    def first_as_numbers(self) -> tuple[str, ...]:
        """Names for the columns of a file without a header: "column 1", and so on. The first record is read again."""
        self._lines.start()
        cells = next(self._reader, [])
        self._lines.give_back_all()
        return header_of([""] * len(cells))

    def _trouble(self, cells: list[str]) -> str | None:
        """Why a record is no row; None when it is one. Removes empty cells beyond the header."""
        if self._lines.ran_out:
            return "a quote is opened and not closed"
        if any(not line.isascii() and not _is_unicode(line) for line in self._lines.held):
            return f"not valid {self._encoding}"
        if self.width is None or not cells or len(cells) == self.width:
            return None
        if len(cells) > self.width and not any(cells[self.width :]):
            del cells[self.width :]
            return None
        return f"{len(cells)} cells where the header has {self.width}"


def _is_unicode(line: str) -> bool:
    try:
        line.encode()
    except UnicodeEncodeError:
        return False
    return True


def _readable(lines: list[str]) -> str:
    text = "".join(lines)[:SHOWN]
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").rstrip("\r\n")
