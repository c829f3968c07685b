"""Applies a known shape to a table: adds the columns that the shape makes from others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from listeners.importing.mapping.chunks import Chunk, Table
from listeners.importing.mapping.shapes import Shape, plain


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
        return self.shape

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


def _picker(columns: Sequence[str], header: Sequence[str]) -> Callable[[Sequence[object]], Sequence[object]]:
    """A function that picks the cells of `columns` from a row; a row must end with one extra None, for missing
    columns."""
    places = {plain(name): place for place, name in enumerate(header)}
    picked = [places.get(plain(name), len(header)) for name in columns]
    if len(picked) > 1:
        return itemgetter(*picked)
    return lambda row: [row[place] for place in picked]
