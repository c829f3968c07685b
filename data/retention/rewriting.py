"""Rewriting the store into a new file, which takes the old one's place: what was erased stands in no file after it.

A DELETE leaves its bytes in the file, in free blocks and behind DuckDB's second, older header; a table written anew
does too. The new file never held them. Killed at any moment, the old store or the new one stands, and what was not
finished is still noted as due.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from data.queue import triage
from data.store.store import Connection, Store, fresh_copy

BY_PEOPLE = frozenset(triage.WRITTEN)  # what a key press may change: always with an action of its own

SET_BACK = timedelta(hours=1)  # of a clock, for which no action is missed at once


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
        with store.write("erasure") as transaction:
            transaction.run(FULFIL_ALL, now=now)
        return True
    with store.bulk():
        fresh = fresh_copy(store.address)
        with store.prepare() as writer:
            writer.run("CHECKPOINT")  # so that little is left to do when the file changes
            writer.run(ATTACH.replace("{file}", _quoted(str(fresh), "'")))
        try:
            with store.still() as (reading, before):
                due = [row["id"] for row in reading.rows("SELECT id FROM erasure WHERE rewritten_at IS NULL")]
                since = reading.rows("SELECT max(recorded_at) AS latest FROM action")[0]["latest"]
                reading.run(COPY.replace("{name}", _quoted(reading.value("SELECT current_database()"), '"')))
            with store.read() as reading:
                reading.run("CHECKPOINT fresh")  # while people go on, for then the little that is left goes quickly
            return _take_over(store, fresh, before, since, due, now)
        finally:
            _drop(store, fresh)


def _take_over(
    store: Store, fresh: Path, before: dict[str, int], since: datetime | None, due: list[str], now: datetime
) -> bool:
    """Bring over what changed meanwhile and put the new file in place. `since`: when the latest action was recorded
    that the copy has."""
    with store.prepare() as writer:
        writer.run("BEGIN TRANSACTION")
        told = {name for name, times in store.changes.items() if times != before.get(name, 0)}
        if told <= BY_PEOPLE:
            _bring_over(writer, since)
            told = set()
        for table in _changed(writer, told):
            writer.run(_of(CLEAR, table))
            writer.run(_of(REFILL, table))
        writer.run(FULFIL, due=due, now=now)
        writer.run("COMMIT")
        writer.run("DETACH fresh")
        return store.exchange(fresh, lambda new: not due or new.value(DONE, due=due) == len(due))


def _bring_over(store: Connection, since: datetime | None) -> None:
    """What people did: rows of the few mentions they touched, for a key press waits for this. Actions are only ever
    added, so when both have equally many none is missing; one may be if a clock was set back, and all are compared."""
    if since:
        _bring_touched(store, TOUCHED_SINCE, since=since - SET_BACK)
    if store.value(_of(DIFFER, "action")):
        _bring_touched(store, TOUCHED)


def _bring_touched(store: Connection, touched: str, **values: Any) -> None:
    store.run(touched, **values)
    for table in sorted(BY_PEOPLE):
        store.run(_of(CLEAR_TOUCHED, table))
        store.run(_of(REFILL_TOUCHED, table))
    store.run("DROP TABLE touched_meanwhile")


def _changed(store: Connection, told: set[str]) -> list[str]:
    """The tables that were written to, as far as the writers said so, and any whose rows are not as many as before."""
    tables = [row["name"] for row in store.rows(NAMES)]
    return [name for name in tables if name in told or store.value(_of(DIFFER, name))]


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
TOUCHED = """
CREATE OR REPLACE TEMP TABLE touched_meanwhile AS
SELECT DISTINCT mention_id FROM action WHERE id NOT IN (SELECT id FROM fresh.action)
"""
TOUCHED_SINCE = """
CREATE OR REPLACE TEMP TABLE touched_meanwhile AS
SELECT DISTINCT mention_id
FROM action
WHERE recorded_at >= $since AND id NOT IN (SELECT id FROM fresh.action WHERE recorded_at >= $since)
"""
CLEAR_TOUCHED = "DELETE FROM fresh.{table} WHERE mention_id IN (SELECT mention_id FROM touched_meanwhile)"
REFILL_TOUCHED = """
INSERT INTO fresh.{table} SELECT * FROM {table} WHERE mention_id IN (SELECT mention_id FROM touched_meanwhile)
"""
NAMES = "SELECT table_name AS name FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary"
DIFFER = "SELECT (SELECT count(*) FROM {table}) <> (SELECT count(*) FROM fresh.{table})"
CLEAR = "DELETE FROM fresh.{table}"
REFILL = "INSERT INTO fresh.{table} SELECT * FROM {table}"
FULFIL = "UPDATE fresh.erasure SET rewritten_at = $now WHERE list_contains($due, id)"
FULFIL_ALL = "UPDATE erasure SET rewritten_at = $now WHERE rewritten_at IS NULL"
DONE = "SELECT count(*) FROM erasure WHERE rewritten_at IS NOT NULL AND list_contains($due, id)"
