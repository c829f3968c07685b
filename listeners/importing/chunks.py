"""What a file is cut into: stretches of rows, and the lines that are no rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

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
    """A file as rows. `called` says what it was read as: "CSV with semicolons"."""

    @property
    def called(self) -> str: ...

    def chunks(self, wanted: Collection[str] | None = None) -> Iterator[Chunk]:
        """The rows from the first on. `wanted`: the columns that matter; others may be left out of the header.
        A later chunk's header may have more names than an earlier one's, never other ones before them."""
        ...


def header_of(names: Sequence[object]) -> tuple[str, ...]:
    """Names that are there and differ: a blank one is called by its place, a second "text" is "text (2)"."""
    header: list[str] = []
    for place, name in enumerate(names, start=1):
        bare = str(name).strip() or f"column {place}"
        unique, count = bare, 1
        while unique in header:
            count += 1
            unique = f"{bare} ({count})"
        header.append(unique)
    return tuple(header)
