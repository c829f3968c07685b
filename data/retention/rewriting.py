"""Rewriting the store into a new file, which takes the old one's place: what was erased stands in no file after it.

A DELETE leaves its bytes in the file, in free blocks and behind DuckDB's second, older header; a table written anew
does too. The new file never held them. Killed at any moment, the old store or the new one stands, and what was not
finished is still noted as due.
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
    """Whether a person asked for it."""
    return bool(store.value("SELECT count(*) FROM erasure WHERE rewritten_at IS NULL AND at_once"))


def rewrite(store: Store, now: datetime) -> bool:
    """Write the store anew without what was erased so far, and note that it is done. False when readers would not let
    the file go: nothing has changed then, and it is to be tried again.

    Batches wait meanwhile. People do not: their reads and actions go to the old file, and what they change is brought
    after before the new one takes its place.
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
    """Bring over what was committed `meanwhile` and put the new file in place. What is there twice, since it was
    committed just before the copy was made, does no harm."""
    with store.prepare() as writer:
        writer.run("BEGIN TRANSACTION")
        _bring_over(writer, meanwhile)
        writer.run(FULFIL, due=due, now=now)
        writer.run("COMMIT")
        writer.run("DETACH fresh")
        return store.exchange(fresh, lambda new: not due or new.value(DONE, due=due) == len(due))


def _bring_over(store: Connection, meanwhile: Iterable[Commit]) -> None:
    """The rows of the few mentions that people acted on, for a key press waits for this; and whole every table that
    was written otherwise, or whose rows are not as many as they should be."""
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
