"""What a file is cut into: stretches of rows, and the lines that are no rows."""

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
    """A line that is no row: where it stands (counted from 1), why it is none, and how it begins."""

    line: int
    reason: str
    content: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a file. `lines[n]` is where `rows[n]` begins; a row has one cell for each name in `header`."""

    header: tuple[str, ...]
    lines: Sequence[int]
    rows: Sequence[Sequence[object]]
    broken: Sequence[Broken] = ()


class Table(Protocol):
    """A file as rows. `called` says what it was read as: "CSV with semicolons"; `known` is its shape where reading
    alone tells it, None where the columns may."""

    @property
    def called(self) -> str: ...

    @property
    def known(self) -> Shape | None: ...

    def chunks(self, wanted: Collection[str] | None = None) -> Iterator[Chunk]:
        """The rows from the first on. `wanted`: the columns that matter; others may be left out of the header.
        A later chunk's header may have more names than an earlier one's, never other ones before them."""
        ...


@dataclass(frozen=True, slots=True)
class WholeTable:
    """A table that stands in memory whole: a page, a feed."""

    called: str
    known: Shape | None
    chunk: Chunk

    def chunks(self, wanted: Collection[str] | None = None) -> Iterator[Chunk]:
        """See Table."""
        yield self.chunk


def whole_table(called: str, known: Shape, rows: Sequence[dict[str, object] | Broken]) -> WholeTable:
    """A table of rows that name their cells; "line" counts them."""
    whole = [(line, row) for line, row in enumerate(rows, start=1) if not isinstance(row, Broken)]
    header = tuple(dict.fromkeys(name for _, row in whole for name in row))
    cells = [[row.get(name) for name in header] for _, row in whole]
    broken = [row for row in rows if isinstance(row, Broken)]
    return WholeTable(called, known, Chunk(header, [line for line, _ in whole], cells, broken))


def header_of(names: Sequence[object]) -> tuple[str, ...]:
    """Names that are there and differ: a blank one is called by its place, a second "text" is "text (2)"."""
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
