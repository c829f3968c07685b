"""What was kept aside of former stores: opens each copy and store, so that erasure and expiry reach what lies in it.

A copy is loaded into a store of its own, changed there, and written back table by table. A store that was set aside is
changed as it is. A damaged one, and a damaged log, cannot be changed: they are named, for a person to remove.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from data import files
from data.analytics import former_names, kept_copies, loading, published
from data.models import HearbackError
from data.retention import rewriting
from data.settings import Places
from data.store import damage
from data.store.store import Connection, Store

SCRATCH = "cleaned"  # in the name of the store that a copy is loaded into
UNFINISHED_FOR = timedelta(days=1)  # a log that ended within an entry holds nothing that was ever confirmed
OUT_OF_REACH = (HearbackError, OSError, duckdb.Error)

_turn = threading.RLock()  # the threads of one process would share the open file


def found(here: Places, store: Connection) -> list[Path]:
    """The copies, as folders, and the stores that are kept in a data folder; the newest published set, too, while it is
    of another store than `store`."""
    newest = kept_copies.foreign(store, published.newest_set(here.published))
    copies = [one.path for one in kept_copies.kept(here.root)]
    return [*([newest] if newest else []), *copies, *damage.stores_aside(here.store)]


@contextmanager
def reading(place: Path) -> Iterator[Connection]:
    """Ask a copy or a store that was kept. HearbackError, duckdb.Error when it cannot be read."""
    with _turn:
        if place.is_dir():
            with loading.asked(place) as connection:
                yield connection
            return
        store = Store(place)
        try:
            with store.read() as connection:
                yield connection
        finally:
            store.close()


def total(places: list[Path], count: Callable[[Connection], int]) -> int:
    """What `count` gives of all these together; what cannot be read counts for nothing."""
    many = 0
    for place in places:
        with suppress(*OUT_OF_REACH), reading(place) as connection:
            many += count(connection)
    return many


def change(
    here: Places, place: Path, is_due: Callable[[Connection], object], do: Callable[[Store], object], now: datetime
) -> bool:
    """Let `do` change a copy or a store that was kept, where `is_due` says that there is something to change. False
    when it cannot be reached. What went is in no byte of it then."""
    try:
        with _turn:
            with reading(place) as connection:
                if not _asked(is_due, connection):
                    return True
            (_in_copy if place.is_dir() else _in_store)(here, place, do, now)
    except OUT_OF_REACH:
        return False
    return True


def _asked(is_due: Callable[[Connection], object], connection: Connection) -> bool:
    try:
        return bool(is_due(connection))
    except duckdb.CatalogException:  # a copy of an earlier version lacks a table; once loaded it is there
        return True


def _in_store(_: Places, place: Path, do: Callable[[Store], object], now: datetime) -> None:
    store = Store(place)
    try:
        do(store)
        rewriting.rewrite(store, now)
    finally:
        store.close()


def _in_copy(here: Places, place: Path, do: Callable[[Store], object], _: datetime) -> None:
    scratch = _scratch(here)
    _remove(scratch)
    try:
        store = Store(scratch)
        try:
            with store.write() as transaction:
                loading.fill(transaction, place)
            store.changes.clear()
            do(store)
            _put_back(store, place)
        finally:
            store.close()
    finally:
        _remove(scratch)


def _put_back(store: Store, place: Path) -> None:
    """Write the tables that changed; mentions last, for by them a work that was broken off is found again."""
    changed = (table for table in loading.ALL if store.changes[table])
    for table in sorted(changed, key=lambda table: table == "mention"):
        file = former_names.file_of(place, table)
        if file.exists():
            with store.read() as connection:
                published.write_table(connection, table, file)


def _scratch(here: Places) -> Path:
    return here.store.with_name(f"{here.store.name}.{SCRATCH}")


def _remove(scratch: Path) -> None:
    for left in (scratch, Path(f"{scratch}.wal"), Path(f"{scratch}.fresh"), Path(f"{scratch}.fresh.wal")):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink(missing_ok=True)
    shutil.rmtree(f"{scratch}.tmp", ignore_errors=True)


def sweep(here: Places, now: datetime) -> None:
    """Remove what a killed process left of its work, and logs that are a day old whose end was never finished."""
    with _turn:
        _remove(_scratch(here))
    for log in _unfinished(here):
        with suppress(OSError):
            if now.timestamp() - log.stat().st_mtime > UNFINISHED_FOR.total_seconds():
                files.remove(log)


def forget_unfinished(here: Places) -> None:
    """Remove logs whose end was never finished: all else that they hold is in the store. OSError."""
    for log in _unfinished(here):
        files.remove(log, missing_ok=True)


def _unfinished(here: Places) -> list[Path]:
    return [path for path in damage.kept(here.store) if damage.is_unfinished(path)]


def out_of_reach(here: Places) -> dict[Path, str]:
    """What neither an erasure nor an expiry can change, and what it is."""
    stores = damage.stores_aside(here.store)
    logs = {store.with_name(f"{store.name}.wal"): store for store in stores}
    told = {}
    for path in damage.kept(here.store):
        store = logs.get(path, path)
        if store in stores and not _can_be_read(store):
            told[path] = "a damaged store" if store == path else "the log of a damaged store"
        elif store not in stores and path.suffix == ".wal" and not damage.is_unfinished(path):
            told[path] = "a damaged log"
    return told | {one.path: "a damaged copy" for one in kept_copies.kept(here.root) if not _can_be_read(one.path)}


def _can_be_read(place: Path) -> bool:
    try:
        with reading(place) as connection:
            connection.value("SELECT count(text) FROM mention")
    except OUT_OF_REACH:
        return False
    return True
