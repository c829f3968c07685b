"""Writes the published copy: a set of Parquet files, one a table, all of one moment, readable while the app holds the
store."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import threading
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from data import files, troubles
from data.analytics import former_names, kept_copies
from data.clock import now_in_utc
from data.models import HearbackError
from data.people.rights import Actor, Verb
from data.settings import places
from data.store.opening import IN_UTC
from data.store.paths import one_file
from data.store.store import MIGRATIONS, VIEWS, Connection, Store

READERS = "readers"  # beside the sets: a folder of links for each open snapshot
LONGEST_READING = 2 * 24 * 3600.0  # seconds after which a reader that never said goodbye is taken for gone
LATEST = "latest"  # names the newest finished set
LONGEST_NAME = 255  # bytes
SEAL = "store"  # in a set: the state of the store's file that the set was made of
SPILLED = "spilled"  # in a reader's folder: what did not fit into its memory
ROW_GROUP = 20_000  # rows; each writing thread holds one in memory, and at a million mentions that shows
SHORTEST = 2.0  # seconds between two sets
TABLES = (
    *("brand", "mention", "match", "score", "unscored", "action", "queue", "batch", "run", "rejected"),
    *("delivery", "sighting", "expired", "erasure"),
    *("topic", "correction", "blind", "layer", "applied"),
    *("repost", "own_post", "mute", "muted", "old_news"),
)  # what is published
LATER = {"old_news": "CREATE VIEW old_news AS SELECT '' AS mention_id WHERE FALSE"}  # not yet in older copies
BESIDE = ("identity", "suppressed", "told_gone")  # in each set for whoever restores a store from it; nobody is shown it
KEPT_BACK = frozenset({"migration", "fingerprint", "rescored"})  # what is of use to the store alone
SHARE = 20  # and at least so many times as long as writing the last one took: at most 5% of the time


def snapshot(folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection over the newest published copy, with a view for each of TABLES (brand, mention, match, score,
    ...) and those of views.sql (judged, first_reply, corrected, kept_out); tables and columns that were renamed stand
    under their former names, too. It cannot change the store. `folder`: that of the published copy, by default the one
    in HEARBACK_DATA. HearbackError when nothing was published yet."""
    held = _hold(latest(folder or places().published))
    # DuckDB's frames with instants in them call pandas in a way that is to go; an analyst can do nothing about it.
    warnings.filterwarnings("ignore", "The inplace keyword in DataFrame.drop", Warning)
    connection = duckdb.connect(config={"temp_directory": str(held / SPILLED)})
    connection.execute(IN_UTC)
    for table in TABLES:
        file = former_names.file_of(held, table)
        if table in LATER and not file.exists():
            connection.execute(LATER[table])
            continue
        read = connection.read_parquet(one_file(file), hive_partitioning=False)
        named = read.project(former_names.renamed(table, read.columns))
        for name in filter(None, (table, former_names.TABLES.get(table))):
            named.project(former_names.beside(table)).create_view(name)
    connection.execute(VIEWS.read_text(encoding="utf-8"))
    return connection


def _hold(finished: Path) -> Path:
    """Link the files of a set into a folder of this process, which stays until it ends, and return that folder: the app
    removes older sets. Where no links can be made, return the set itself."""
    held = finished.parent.parent / READERS / f"{finished.name}-{os.getpid()}-{secrets.token_hex(3)}"
    try:
        files.folder(held)
        for file in files.plain(finished, ".parquet"):
            os.link(file, held / file.name)
    except OSError:  # a folder we may only read, or a disk without hard links: the set itself must do
        shutil.rmtree(held, ignore_errors=True)
        return finished
    atexit.register(shutil.rmtree, held, ignore_errors=True)
    return held


def forget_readers(folder: Path) -> None:
    """Remove the links of readers that were killed: those older than LONGEST_READING seconds."""
    with suppress(OSError):  # no folder; whoever makes a snapshot does without
        for held in files.named(folder.parent / READERS, ""):
            if now_in_utc().timestamp() - held.lstat().st_mtime > LONGEST_READING:
                shutil.rmtree(held, ignore_errors=True)


def latest(folder: Path) -> Path:
    """The folder of the newest finished set. HearbackError when there is none."""
    newest = newest_set(folder)
    if newest is None:
        raise HearbackError(f"Nothing is published in {folder} yet: start the app once, or run python -m data absorb.")
    return newest


def newest_set(folder: Path) -> Path | None:
    """The folder of the newest finished set; None when there is none. Where the file that names it is missing or
    damaged, as after a power cut, it is the one that was written last: it may be all that is left of a store. OSError
    when that cannot be told for now."""
    with _unless_it_passes():
        newest = folder / files.read(folder / LATEST, most=LONGEST_NAME).decode().strip()
        if newest.is_dir() and newest.parent == folder:
            return newest
    with _unless_it_passes():
        return max(_finished(folder), key=lambda found: found.stat().st_mtime_ns, default=None)
    return None


@contextmanager
def _unless_it_passes() -> Iterator[None]:
    """Pass over what cannot be read, but for what may be read later: whoever took that for missing would write over
    it."""
    try:
        yield
    except ValueError:
        return
    except OSError as trouble:
        if troubles.passes(trouble):
            raise


def _finished(folder: Path) -> list[Path]:
    there = [path for path in files.named(folder, "") if path.suffix != files.PARTIAL and not path.is_symlink()]
    return [path for path in there if (path / "mention.parquet").is_file()]


class Publisher:
    """Keeps the published copy current; tables that have not changed since the last set are linked, not written again.
    `is_current`: whether the newest set was made of this store as it was when it was opened."""

    def __init__(self, store: Store, folder: Path, *, is_current: bool = False) -> None:
        self._store = store
        self._folder = folder
        self._seen: Counter[str] | None = Counter() if is_current else None
        self._due = 0.0
        self._turn = threading.RLock()

    def publish(self) -> bool:
        """Write a new set if anything changed and the last one is old enough; return whether it did."""
        with self._turn:
            if time.monotonic() < self._due or self._seen == self._store.changes:
                return False
            started = time.monotonic()
            if self._seen is None:
                with self._store.read() as reading:  # one of its own: a damaged copy would end the transaction below
                    kept_copies.guard(reading, newest_set(self._folder))
            with self._store.still() as (connection, changes):
                write(connection, self._folder, self._unchanged(changes))
            self._seen = changes
            ended = time.monotonic()
            self._due = ended + max(SHORTEST, SHARE * (ended - started))
            return True

    def withdraw(self) -> None:
        """Publish now, and remove all older sets and the links that snapshots hold on them, because they contain erased
        rows. An open snapshot fails from then on; a new one is needed."""
        with self._turn:
            self._due = 0.0
            with suppress(kept_copies.NothingToPublish):  # the copy of the former store stays; it was cleaned
                self.publish()
            _sweep(self._folder, {newest_set(self._folder)})
            shutil.rmtree(self._folder.parent / READERS, ignore_errors=True)

    def _unchanged(self, changes: Counter[str]) -> set[str]:
        if self._seen is None:
            return set()
        return {table for table in (*TABLES, *BESIDE) if changes[table] == self._seen[table]}


def seal(folder: Path, address: Path) -> None:
    """Write into the newest set the state of the store's file, which must be closed; `is_sealed` compares it."""
    newest = newest_set(folder)
    if newest and address.is_file():
        files.write(newest / SEAL, _state(address).encode())


def is_sealed(folder: Path, address: Path) -> bool:
    """Whether the newest set was made of the store's file as it is now, before it is opened. False when a log lies
    beside the file, since the store then holds more than the file."""
    newest = newest_set(folder)
    if newest is None or not (newest / SEAL).exists() or not address.is_file():
        return False
    return files.read(newest / SEAL).decode("utf-8", "replace") == _state(address) and not _log(address).exists()


def _state(address: Path) -> str:
    """The inode, size and time of the store's file, and the name of the newest migration, which opening it applies."""
    seen, newest = address.stat(), max(file.name for file in MIGRATIONS.glob("*.sql"))
    return f"{seen.st_ino} {seen.st_size} {seen.st_mtime_ns} {newest}"


def _log(address: Path) -> Path:
    return address.with_name(f"{address.name}.wal")


def write(connection: Connection, folder: Path, unchanged: set[str] = frozenset()) -> Path:  # type: ignore[assignment]
    """Write one set of all tables and make it the newest; tables in `unchanged` are taken over from the former set."""
    files.folder(folder)
    name = f"{now_in_utc():%Y%m%dT%H%M%S%f}"
    partial = files.beside(folder / name)
    shutil.rmtree(partial, ignore_errors=True)
    files.folder(partial)
    former = newest_set(folder)
    try:
        for table in (*TABLES, *BESIDE):
            file = f"{table}.parquet"
            if former and table in unchanged and (former / file).exists():
                _take_over(former / file, partial / file)
            else:
                _write(connection, table, partial / file)
        files.sync(partial)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)  # on a full disk one try after the other would leave its own
        raise
    finished = files.replace(partial, folder / name)
    _point(folder, name)
    _sweep(folder, {finished, former})  # a reader that opened the former set may finish with it
    return finished


def _write(connection: Connection, table: str, file: Path) -> None:
    # Rows have no order; to keep the one they came in, much of the table would be held in memory until its turn came.
    connection.run("SET SESSION preserve_insertion_order = false")
    connection.raw.table(table).write_parquet(str(file), compression="zstd", row_group_size=ROW_GROUP)
    files.adopt(file)


def _take_over(file: Path, copy: Path) -> None:
    try:
        os.link(file, copy)
    except OSError:  # some disks know no links
        with files.opened(file) as source:
            files.write(copy, lambda target: shutil.copyfileobj(source, target))


def _point(folder: Path, name: str) -> None:
    files.write(folder / LATEST, name.encode())


def _sweep(folder: Path, kept: set[Path | None]) -> None:
    """Remove all sets but `kept`, and unfinished ones of a killed writer. Names are not compared: the clock may have
    been set back between two sets."""
    for old in [path for path in folder.iterdir() if path.is_dir() and path not in kept]:
        shutil.rmtree(old, ignore_errors=True)


def export(connection: Connection, folder: Path, by: Actor) -> list[Path]:
    """Write each of TABLES as a Parquet file into `folder`; return the files. Forbidden; OSError when they cannot be
    written."""
    by.insist(Verb.EXPORT)
    files.keep_private()
    files.folder(folder)
    return [write_table(connection, table, folder / f"{table}.parquet") for table in TABLES]


def write_table(connection: Connection, table: str, file: Path) -> Path:
    """Write one table as a Parquet file in place of what was there; return `file`. OSError, HearbackError."""
    partial = files.beside(file)
    try:
        _write(connection, table, partial)
        return files.replace(partial, file)
    finally:
        partial.unlink(missing_ok=True)
