"""Loads a published set or an export: into the tables of a store, or as views to ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow.parquet

from data.analytics import former_names, kept_copies
from data.analytics.published import BESIDE, TABLES
from data.models import HearbackError
from data.store.opening import IN_UTC
from data.store.paths import one_file
from data.store.store import Connection

ALL = (*TABLES, *BESIDE)


def fill(store: Connection, copy: Path) -> dict[str, int]:
    """Replace the tables of a store by those of a copy, matching columns by name; return the rows of each table that
    the copy holds. HearbackError when one does not fit this version, or was not read whole."""
    kept_copies.check_files(copy)
    rows = {}
    for table in ALL:
        file = former_names.file_of(copy, table)
        if file.exists():
            rows[table] = _bring(store, table, file)
    return rows


def _bring(store: Connection, table: str, file: Path) -> int:
    store.run(_of(EMPTY, table))
    try:
        columns = store.run(COLUMNS, file=one_file(file)).fetchall()
        chosen = former_names.renamed(table, [name for name, *_ in columns])
        store.run(_of(BRING, table).replace("{columns}", chosen), file=one_file(file))
    except duckdb.Error as trouble:
        said = str(trouble).splitlines()[0]
        if not _is_readable(file):
            raise damaged(file, trouble) from None
        raise HearbackError(
            f"{file} does not fit this version: {said} Use the version of Hearback that wrote it."
        ) from None
    many: int = store.value(_of(COUNT, table))
    if many != pyarrow.parquet.read_metadata(file).num_rows:
        raise HearbackError(f"{file} was not read whole. Nothing was changed.")
    return many


def _is_readable(file: Path) -> bool:
    """Whether every value of a table's file can be read."""
    with duckdb.connect() as raw:
        try:
            raw.execute(READ_ALL, {"file": one_file(file)})
        except duckdb.Error:
            return False
    return True


def damaged(file: Path, trouble: Exception) -> HearbackError:
    """What to raise for a table's file that cannot be read."""
    said = (str(trouble).splitlines() or [type(trouble).__name__])[0]
    return HearbackError(f"{file} is damaged: {said.rstrip('.')}. Nothing was changed. Name another copy.")


@contextmanager
def asked(copy: Path) -> Iterator[Connection]:
    """A connection with a view for each table that a copy holds. OSError, duckdb.Error when one cannot be read."""
    kept_copies.check_files(copy)
    with duckdb.connect() as raw:
        raw.execute(IN_UTC)
        for table in ALL:
            file = former_names.file_of(copy, table)
            if file.exists():
                read = raw.read_parquet(one_file(file), hive_partitioning=False)
                read.project(former_names.renamed(table, read.columns)).create_view(table)
        yield Connection(raw)


def _of(statement: str, table: str) -> str:
    return statement.replace("{table}", f'"{table}"')


READ_ALL = "SELECT sum(hash(whole)) FROM read_parquet($file, hive_partitioning = false) AS whole"
EMPTY = "DELETE FROM {table}"
COLUMNS = "DESCRIBE SELECT * FROM read_parquet($file, hive_partitioning = false)"
BRING = "INSERT INTO {table} BY NAME SELECT {columns} FROM read_parquet($file, hive_partitioning = false)"
COUNT = "SELECT count(*) FROM {table}"
