"""Tables and chunks: what the readers make of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from listeners.importing.mapping.shapes import Shape

SHOWN = 2_000  # characters of a refused row that are kept; enough to find it again
SAMPLED = 500  # rows that columns are guessed from


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no row: its number from 1, the reason, and its beginning."""

    line: int
    reason: str
    content: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some consecutive rows of a file. `lines[n]`: the line where `rows[n]` begins; a row has a cell per name in
    `header`."""

    header: tuple[str, ...]
    lines: Sequence[int]
    rows: Sequence[Sequence[object]]
    broken: Sequence[Broken] = ()


class Table(Protocol):
    """A file as rows. `called`: the format it was read as, "CSV with semicolons"; `known`: its shape where the format
    tells it, None where only the columns can; `notes`: what of it is not read, as sentences."""

    @property
    def called(self) -> str: ...

    @property
    def known(self) -> Shape | None: ...

    @property
    def notes(self) -> tuple[str, ...]: ...

    def chunks(self, wanted: Collection[str] | None = None) -> Iterator[Chunk]:
        """All rows, in chunks. `wanted`: the needed columns; others may be left out of the header. A later chunk's
        header may add names at its end."""
        ...


@dataclass(frozen=True, slots=True)
class WholeTable:
    """A table that is in memory as one chunk: a saved page or feed."""

    called: str
    known: Shape | None
    chunk: Chunk
    notes: tuple[str, ...] = ()

    def chunks(self, wanted: Collection[str] | None = None) -> Iterator[Chunk]:
        """See Table."""
        yield self.chunk


def whole_table(called: str, known: Shape, rows: Sequence[dict[str, object] | Broken]) -> WholeTable:
    """A table made of rows, {column: cell}; their line numbers count the rows from 1."""
    whole = [(line, row) for line, row in enumerate(rows, start=1) if not isinstance(row, Broken)]
    header = tuple(dict.fromkeys(name for _, row in whole for name in row))
    cells = [[row.get(name) for name in header] for _, row in whole]
    broken = [row for row in rows if isinstance(row, Broken)]
    return WholeTable(called, known, Chunk(header, [line for line, _ in whole], cells, broken))


def header_of(names: Sequence[object]) -> tuple[str, ...]:
    """Unique column names: a blank one becomes "column 3" by its position, a second "text" becomes "text (2)"."""
    header: dict[str, None] = {}
    counts: Counter[str] = Counter()
    for place, name in enumerate(names, start=1):
        bare = str(name).strip() or f"column {place}"
        unique = bare
        while unique in header:
            counts[bare] += 1
            unique = f"{bare} ({counts[bare] + 1})"
        header[unique] = None
    return tuple(header)
