"""Reads Parquet as rows, one record batch at a time; the only module that imports Arrow."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as arrow
from pyarrow import parquet

from data.models import HearbackError
from listeners.importing.mapping.chunks import SAMPLED, Broken, Chunk, header_of

ROWS = 10_000  # in a chunk
DAMAGED = (arrow.ArrowException, OSError, ValueError)
UNITS = {"ns": (1_000, 1), "us": (1, 1), "ms": (1, 1_000), "s": (1, 1_000_000)}  # how a unit becomes microseconds
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LOCAL_EPOCH = datetime(1970, 1, 1)  # the file gave no zone


@dataclass(frozen=True, slots=True)
class ParquetTable:
    """One Parquet file. HearbackError when its footer, which lists the columns, is missing or damaged."""

    path: Path
    name: str
    called: str = "Parquet"
    notes: tuple[str, ...] = ()

    @property
    def known(self) -> None:
        return None

    def chunks(self, wanted: Collection[str] | None = None) -> Iterator[Chunk]:
        """See Table; only the wanted columns are read. Lines are row numbers."""
        try:
            file = parquet.ParquetFile(self.path)
        except DAMAGED as trouble:
            raise HearbackError(f"{self.name} is cut off or damaged: {_first_line(trouble)}") from None
        with file:
            names = file.schema_arrow.names
            columns = None if wanted is None else [name for name in names if name in wanted]
            yield from self._read(file.iter_batches(ROWS if wanted is not None else SAMPLED, columns=columns))

    def _read(self, batches: Iterator[Any]) -> Iterator[Chunk]:
        line = 1
        header: tuple[str, ...] = ()
        while True:
            try:
                batch = next(batches, None)
            except DAMAGED as trouble:
                reason = f"damaged from this row on: {_first_line(trouble)}"
                yield Chunk(header, (), (), (Broken(line, reason, ""),))
                return
            if batch is None:
                return
            header = header_of(batch.schema.names)
            yield _chunk(header, batch, line)
            line += batch.num_rows


def _chunk(header: tuple[str, ...], batch: Any, line: int) -> Chunk:
    lines = range(line, line + batch.num_rows)
    try:
        rows = list(zip(*map(_cells, batch.columns), strict=True))
    except UnicodeDecodeError:
        return _chunk_of_sound_rows(header, batch, lines)
    return Chunk(header, lines, rows)


def _chunk_of_sound_rows(header: tuple[str, ...], batch: Any, lines: range) -> Chunk:
    """A chunk read row by row, for a batch in which some text is not UTF-8; those rows are broken."""
    kept: list[int] = []
    rows: list[tuple[object, ...]] = []
    broken: list[Broken] = []
    for offset, line in enumerate(lines):
        try:
            rows.append(tuple(_cells(column.slice(offset, 1))[0] for column in batch.columns))
            kept.append(line)
        except UnicodeDecodeError:
            broken.append(Broken(line, "not valid UTF-8", ""))
    return Chunk(header, kept, rows, broken)


def _cells(column: Any) -> list[object]:
    kind = column.type
    if arrow.types.is_timestamp(kind):
        return _instants(column, kind)
    if arrow.types.is_binary(kind) or arrow.types.is_large_binary(kind):
        return [cell if cell is None else cell.decode() for cell in column.to_pylist()]
    cells: list[object] = column.to_pylist()
    return cells


def _instants(column: Any, kind: Any) -> list[object]:
    """Times computed from whole numbers: Arrow's conversion imports pandas, and its casts 0.04 s of other modules."""
    epoch = EPOCH if kind.tz else LOCAL_EPOCH
    per_microsecond, microseconds = UNITS[kind.unit]
    return [
        None if count is None else _instant(epoch, count // per_microsecond * microseconds)
        for count in column.view("int64").to_pylist()
    ]


def _instant(epoch: datetime, microseconds: int) -> object:
    try:
        return epoch + timedelta(0, 0, microseconds)
    except OverflowError:
        return f"{microseconds} microseconds after 1970"


def _first_line(trouble: BaseException) -> str:
    return next(islice(str(trouble).splitlines(), 1), type(trouble).__name__)
