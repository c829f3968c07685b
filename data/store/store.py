"""The store: one DuckDB file (or DuckLake), its migrations, one lock for writing, a cursor for every reading."""

from __future__ import annotations

import gc
import os
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow

from data import files
from data.models import HearbackError
from data.store import damage
from data.store.condition import Condition, StoreIsShut
from data.store.gate import Gate
from data.store.opening import is_file, opened
from data.store.statements import effect

MIGRATIONS = Path(__file__).parent / "migrations"
VIEWS = Path(__file__).parent / "views.sql"
PATIENCE = 1.0  # seconds that readers are kept out for an exchange, at most; opening comes on top
REOPENINGS = 50
CORES_A_THREAD = 4  # what one key press or batch asks for is so little that sharing it out costs more than it spares

T = TypeVar("T")


class UpdateNeeded(HearbackError):
    """The store is of an earlier version, and was to be opened as it is."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address} was written by an earlier Hearback. Start the app once; it is brought up to date.")


class Connection:
    """Anything that answers SQL with named parameters: the store while reading, a transaction, a published copy."""

    def __init__(self, raw: duckdb.DuckDBPyConnection) -> None:
        self.raw = raw

    def run(self, sql: str, **values: Any) -> duckdb.DuckDBPyConnection:
        """Execute one statement; `$name` in it is bound from `values`, never formatted in."""
        return self.raw.execute(sql, values) if values else self.raw.execute(sql)

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """The answer as dictionaries; instants come as aware datetimes."""
        rows: list[dict[str, Any]] = self.run(sql, **values).to_arrow_table().to_pylist()
        return rows

    def value(self, sql: str, **values: Any) -> Any:
        """The first column of the first row; None when there is no row."""
        row = self.run(sql, **values).fetchone()
        return row[0] if row else None

    @contextmanager
    def given(self, name: str, table: pyarrow.Table) -> Iterator[None]:
        """Let SQL see an Arrow table under `name` for a while."""
        self.raw.register(name, table)
        try:
            yield
        finally:
            self.raw.unregister(name)


@dataclass(frozen=True, slots=True)
class Commit:
    """What one transaction wrote. `mention_id`: the mention of whom all the rows are that it wrote, where it is about a
    single one."""

    tables: frozenset[str]
    mention_id: str | None = None


class Writer(Connection):
    """The writing connection: it knows from its own statements which tables it wrote; temporary ones do not count."""

    def __init__(self, raw: duckdb.DuckDBPyConnection) -> None:
        super().__init__(raw)
        self.written: set[str] = set()  # since the last commit
        self._temporary: set[str] = set()

    def run(self, sql: str, **values: Any) -> duckdb.DuckDBPyConnection:
        answer = super().run(sql, **values)
        known = effect(sql)
        self._temporary |= known.temporary
        self.written |= known.written - self._temporary
        return answer


class Store:
    """The open store. Reads never wait; writes go one after the other, each whole or not at all."""

    def __init__(self, address: Path | str, *, settings: dict[str, str] | None = None, update: bool = True) -> None:
        """Open and migrate. `address`: a file, ":memory:", or "ducklake:...". StoreIsHeld when another process has it,
        HearbackError when it cannot be read; UpdateNeeded, and nothing changed, where it is of an earlier version and
        `update` is False."""
        self.address = str(address)
        self._settings = {"threads": str(max(1, (os.cpu_count() or 1) // CORES_A_THREAD))} | (settings or {})
        self._lock = threading.RLock()
        self._bulk = threading.RLock()  # batches and rewriting: neither a read nor a key press waits for it
        self._copied = threading.RLock()  # long readings, which a rewriting must not cut off
        self._gate = Gate()
        self._depth = 0
        self._about: str | None = None  # the mention that the running transaction is about
        self._observers: list[list[Commit]] = []
        self.changes: Counter[str] = Counter()  # table -> how often it was written to since this store was opened
        self._answers: dict[Callable[[Connection], Any], tuple[Any, Any]] = {}
        self._raw = opened(self.address, self._settings)
        self._writer = Writer(self._raw)
        self._condition = Condition(self.address, lambda: self._raw.cursor().execute("SELECT 1"))
        if self.is_file:
            _tidy(self.address)
        try:
            with self.write() as store:
                _migrate(store, self.address, update=update)
                store.run(VIEWS.read_text(encoding="utf-8"))
        except BaseException:
            self.close()  # DuckDB would else hand it out again for what comes in its place
            raise
        self.changes.clear()

    @property
    def is_file(self) -> bool:
        """Whether the store is one file on this machine."""
        return is_file(self.address)

    def exchange(self, fresh: Path, is_fresh: Callable[[Connection], bool]) -> bool:
        """Put a finished store in this one's place and go on with it. `is_fresh` knows it from the old one. False when
        somebody reads on and on, or the old file would not settle: then nothing has changed. HearbackError when the
        new one is in place but cannot be opened here; a restart opens it."""
        with self._copied, self._lock, self._gate.alone(PATIENCE) as alone:
            if not alone:
                return False
            self._raw.close()
            settled = not Path(f"{self.address}.wal").exists()  # else its changes would be replayed over the new file
            if settled:
                files.replace(fresh, Path(self.address))
            self._open_again(is_fresh if settled else lambda _: True)
            return settled

    def _open_again(self, is_fresh: Callable[[Connection], bool]) -> None:
        """Go on with the file as it lies there now. HearbackError when it cannot be opened: then the store is shut."""
        try:
            self._raw = self._fresh_instance(is_fresh)
        except HearbackError as trouble:
            self._condition.shut = str(trouble)
            raise
        self._writer, self._condition.shut = Writer(self._raw), None

    def _fresh_instance(self, is_fresh: Callable[[Connection], bool]) -> duckdb.DuckDBPyConnection:
        # DuckDB hands out the instance it has for a path as long as anybody holds a piece of it.
        for _ in range(REOPENINGS):
            with suppress(StoreIsShut):  # the instance that DuckDB gave up
                raw = opened(self.address, self._settings)
                if is_fresh(Connection(raw)):
                    return raw
                raw.close()
            gc.collect()
        raise HearbackError(f"{self.address} is still held open here as it was before. Restart the app.")

    @property
    def trouble(self) -> str | None:
        """What is wrong with the store, in sentences that say what to do; None when all is well."""
        return self._condition.trouble

    def heal(self) -> bool:
        """Open the store again where DuckDB gave it up, and write its log into its file once there is room for that;
        return whether it was opened again. What cannot be done yet is done by a later call."""
        was_shut = self._condition.shut
        if was_shut and self.is_file:
            self._reopen()
        elif not was_shut:
            with self._lock:
                self._condition.catch_up(self._raw)
        return bool(was_shut) and not self._condition.shut

    def _reopen(self) -> None:
        with self._copied, self._lock, self._gate.alone(PATIENCE) as alone:
            if not alone:
                return
            self._raw.close()
            with suppress(HearbackError):  # kept as what is wrong
                self._condition.insist_on_file()
                self._open_again(lambda _: True)
                self._condition.settle(self._raw)
                # Take nothing of what was known for granted: a commit that failed may have been kept.
                self._answers.clear()
                self.changes.update(row["table_name"] for row in Connection(self._raw).rows(TABLES))

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Raise in sentences what DuckDB says of a damaged file, of the disk and of the memory."""
        with self._condition.watched(), damage.told(self.address):
            yield

    def close(self) -> None:
        """Let the file go; what was committed is in it."""
        with self._lock:
            self._raw.close()

    @contextmanager
    def read(self, patience: float | None = None) -> Iterator[Connection]:
        """A connection for this reader alone that sees everything committed so far. StoreTrouble when the disk or the
        memory refuse; StoreIsShut, too, where the store's file is exchanged for more than `patience` seconds."""
        with self._gate.enter(patience), self._usable():
            cursor = self._raw.cursor()
            try:
                yield Connection(cursor)
            finally:
                cursor.close()

    @contextmanager
    def prepare(self) -> Iterator[Connection]:
        """The writing connection before its transaction: for temporary tables that the next `write` will use. What
        fails here fails alone, while inside a transaction any error undoes the rest."""
        with self._bulk, self._lock, self._usable():
            try:
                yield self._writer
            finally:
                if self._depth == 0:
                    self._record()

    @contextmanager
    def bulk(self) -> Iterator[None]:
        """No batch goes in meanwhile; reading and acting go on."""
        with self._bulk:
            yield

    @contextmanager
    def write(self, mention_id: str | None = None) -> Iterator[Connection]:
        """A transaction; an error inside undoes all of it. Entering again joins the outer one. Once it is committed
        `changes` counts the tables that its statements wrote. `mention_id`: the mention of whom all rows are that it
        writes, where that is so."""
        with self._lock, self._usable():
            if self._depth == 0:
                self._writer.run("BEGIN TRANSACTION")
                self._about = mention_id
            elif mention_id != self._about:
                self._about = None
            self._depth += 1
            try:
                yield self._writer
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._roll_back()
                raise
            self._depth -= 1
            if self._depth == 0:
                self._commit()

    def _roll_back(self) -> None:
        self._writer.written.clear()
        with suppress(duckdb.Error):  # what failed first is told
            self._writer.run("ROLLBACK")

    def _commit(self) -> None:
        try:
            self._writer.run("COMMIT")
        except BaseException:
            self._writer.written.clear()
            raise
        self._record()

    def _record(self) -> None:
        """Count what was written and is committed now."""
        if written := frozenset(self._writer.written):
            self._writer.written.clear()
            self.changes.update(written)
            for commits in self._observers:
                commits.append(Commit(written, self._about))
        self._about = None

    @contextmanager
    def commits(self) -> Iterator[list[Commit]]:
        """What is committed while this is held, first to last; the list grows."""
        commits: list[Commit] = []
        with self._lock:
            self._observers.append(commits)
        try:
            yield commits
        finally:
            with self._lock:
                self._observers = [one for one in self._observers if one is not commits]

    @property
    def writings(self) -> int:
        """How often anything was written to: what was read stands for as long as this does."""
        return self.changes.total()

    def remembered(self, ask: Callable[[Connection], T], *tables: str) -> T:
        """The answer of `ask`, asked again only after one of `tables` was written to."""
        written = tuple(self.changes[table] for table in tables)
        known, answer = self._answers.get(ask, (None, None))
        if known != written:
            with self.read() as connection:
                answer = ask(connection)
            self._answers[ask] = (written, answer)
        return answer  # type: ignore[no-any-return]  # kept under the very function that gave it

    @contextmanager
    def still(self) -> Iterator[tuple[Connection, Counter[str]]]:
        """A reading of one moment for as long as it is held, and how often each table had been written to by then."""
        with self._copied, self.read() as connection:
            with self._lock:
                connection.run("BEGIN TRANSACTION")
                connection.run("SELECT count(*) FROM migration")  # the moment is fixed by the first look
                changes = self.changes.copy()
            yield connection, changes
            connection.run("COMMIT")


TABLES = "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary"


def fresh_copy(address: str) -> Path:
    """Where a store is written anew, beside the one it will replace."""
    return Path(f"{address}.fresh")


def _tidy(address: str) -> None:
    """Remove what a killed process left beside its store: a half-written new one, and rows that did not fit in memory.
    Called with the store open, so that no other process can be at it."""
    fresh = fresh_copy(address)
    for left in (fresh, fresh.with_name(f"{fresh.name}.wal")):
        left.unlink(missing_ok=True)
    shutil.rmtree(f"{address}.tmp", ignore_errors=True)


def _migrate(store: Connection, address: str, *, update: bool) -> None:
    """Bring the tables to the newest shape; each migration runs once, in the order of the file names. HearbackError
    where the tables are not ours; UpdateNeeded where one would run on a store that has tables and `update` is False."""
    tables = {row["table_name"] for row in store.rows(TABLES)}
    if tables and "migration" not in tables:
        raise HearbackError(
            f"{address} is a DuckDB file of another program: it holds {min(tables)!r}, and nothing of Hearback. "
            "Move it away, or name another folder in HEARBACK_DATA."
        )
    done = {row["name"] for row in store.rows("SELECT name FROM migration")} if tables else set()
    known = [file.name for file in migrations()]
    unknown = done - set(known)
    if unknown:
        raise HearbackError(f"The store was written by a newer Hearback ({max(unknown)}). Update this copy first.")
    if tables and not update and done != set(known):
        raise UpdateNeeded(address)
    _run_migrations(store, [name for name in known if name not in done])


def migrations() -> list[Path]:
    """The files of all migrations, in the order in which they run."""
    return sorted(MIGRATIONS.glob("*.sql"))


def _run_migrations(store: Connection, names: Collection[str]) -> None:
    store.run("CREATE TABLE IF NOT EXISTS migration (name VARCHAR NOT NULL)")
    for file in migrations():
        if file.name in names:
            store.run(file.read_text(encoding="utf-8"))
            store.run("INSERT INTO migration VALUES ($name)", name=file.name)


@contextmanager
def of_past_shape(
    address: Path, names: Collection[str], settings: dict[str, str] | None = None
) -> Iterator[Connection]:
    """A new store whose tables are shaped by these migrations alone, in one transaction, to be filled; opened as a
    Store afterwards, it is brought up to date. HearbackError when it cannot be made."""
    raw = opened(str(address), settings or {})
    try:
        store = Connection(raw)
        store.run("BEGIN TRANSACTION")
        _run_migrations(store, names)
        yield store
        store.run("COMMIT")
    finally:
        raw.close()
