"""Rewrites the store into a new file that replaces the old one, so that erased bytes are in no file any more.

A DELETE leaves the bytes in free blocks of the file and behind DuckDB's second, older header; rewriting a table in
place does too. A new file never held them. After a kill at any moment either the old store or the new one is in place,
and a rewriting that was not finished is still due.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from data.store.store import Commit, Connection, Store, fresh_copy


def is_due(store: Connection) -> bool:
    """Whether something was erased whose bytes may still be there."""
    return bool(store.value("SELECT count(*) FROM erasure WHERE rewritten_at IS NULL"))


def is_waited_for(store: Connection) -> bool:
    """Whether a person requested an erasure that is not rewritten yet."""
    return bool(store.value("SELECT count(*) FROM erasure WHERE rewritten_at IS NULL AND at_once"))


def rewrite(store: Store, now: datetime) -> bool:
    """Rewrite the store without what was erased so far, and mark those erasures as rewritten. False when readers kept
    the old file open; nothing has changed then, and the caller tries again later.

    Batches wait meanwhile. People do not: their reads and actions use the old file, and their changes are copied to the
    new file before it replaces the old one.
    """
    if not store.is_file:
        with store.write() as transaction:
            transaction.run(FULFIL_ALL, now=now)
        return True
    with store.bulk(), store.commits() as meanwhile:
        fresh = fresh_copy(store.address)
        with store.prepare() as writer:
            writer.run("CHECKPOINT")  # so that little is left to do when the file changes
            writer.run(ATTACH.replace("{file}", _quoted(str(fresh), "'")))
        try:
            with store.still() as (reading, _):
                due = [row["id"] for row in reading.rows("SELECT id FROM erasure WHERE rewritten_at IS NULL")]
                reading.run(COPY.replace("{name}", _quoted(reading.value("SELECT current_database()"), '"')))
            with store.read() as reading:
                reading.run("CHECKPOINT fresh")  # while people go on, for then the little that is left goes quickly
            return _take_over(store, fresh, meanwhile, due, now)
        finally:
            _drop(store, fresh)


def _take_over(store: Store, fresh: Path, meanwhile: Iterable[Commit], due: list[str], now: datetime) -> bool:
    """Copy what was committed `meanwhile` to the new file and put that in place. A commit that the copy holds already
    may be copied again without harm."""
    with store.prepare() as writer:
        writer.run("BEGIN TRANSACTION")
        _bring_over(writer, meanwhile)
        writer.run(FULFIL, due=due, now=now)
        writer.run("COMMIT")
        writer.run("DETACH fresh")
        return store.exchange(fresh, lambda new: not due or new.value(DONE, due=due) == len(due))


def _bring_over(store: Connection, meanwhile: Iterable[Commit]) -> None:
    """Copy only the rows of mentions that people acted on, since a key press waits for this; copy whole every table
    that was written in another way or whose number of rows differs."""
    whole: set[str] = set()
    touched: dict[str, set[str]] = {}
    for commit in meanwhile:
        if commit.mention_id is None:
            whole |= commit.tables
        else:
            for table in commit.tables:
                touched.setdefault(table, set()).add(commit.mention_id)
    for table in sorted(touched.keys() - whole):
        store.run(_of(CLEAR_TOUCHED, table), ids=sorted(touched[table]))
        store.run(_of(REFILL_TOUCHED, table), ids=sorted(touched[table]))
    for row in store.rows(NAMES):
        if row["name"] in whole or store.value(_of(DIFFER, row["name"])):
            store.run(_of(CLEAR, row["name"]))
            store.run(_of(REFILL, row["name"]))


def _of(statement: str, table: str) -> str:
    return statement.replace("{table}", _quoted(table, '"'))


def _drop(store: Store, fresh: Path) -> None:
    """Leave nothing of a rewriting that was not finished."""
    with store.prepare() as writer:
        if writer.value("SELECT count(*) FROM duckdb_databases() WHERE database_name = 'fresh'"):
            writer.run("DETACH fresh")
    for left in (fresh, fresh.with_name(f"{fresh.name}.wal")):
        left.unlink(missing_ok=True)


def _quoted(name: str, mark: str) -> str:
    return mark + name.replace(mark, mark * 2) + mark


ATTACH = "ATTACH {file} AS fresh"  # a file's name cannot be bound
COPY = "COPY FROM DATABASE {name} TO fresh"
CLEAR_TOUCHED = "DELETE FROM fresh.{table} WHERE mention_id IN (SELECT unnest($ids))"
REFILL_TOUCHED = "INSERT INTO fresh.{table} SELECT * FROM {table} WHERE mention_id IN (SELECT unnest($ids))"
NAMES = "SELECT table_name AS name FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary"
DIFFER = "SELECT (SELECT count(*) FROM {table}) <> (SELECT count(*) FROM fresh.{table})"
CLEAR = "DELETE FROM fresh.{table}"
REFILL = "INSERT INTO fresh.{table} SELECT * FROM {table}"
FULFIL = "UPDATE fresh.erasure SET rewritten_at = $now WHERE list_contains($due, id)"
FULFIL_ALL = "UPDATE erasure SET rewritten_at = $now WHERE rewritten_at IS NULL"
DONE = "SELECT count(*) FROM erasure WHERE rewritten_at IS NOT NULL AND list_contains($due, id)"
