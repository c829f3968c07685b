"""What a power cut or a bad disk leaves of a store: a log that DuckDB drops or refuses, a file that it cannot read.

DuckDB reads a log as far as its entries are whole, drops the rest without a word, and writes over it. A log that ends
in zeros it refuses altogether. So what cannot be read to its end is kept beside the store, and said.
"""

from __future__ import annotations

import itertools
import re
import shutil
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from data import files
from data.models import HearbackError

BEGINS = bytes.fromhex("640062650002ffff")  # how DuckDB 1.5 begins a log
HEAD = struct.Struct("<QQ")  # before each entry: its length in bytes, and its checksum
REPLAYING = "Failure while replaying WAL"
AT = re.compile(r"replaying WAL.*Corrupt WAL file: entry at byte position (\d+)", re.S)
DAMAGED = ("Corrupt database file", "not a valid DuckDB database file", "Could not read enough bytes")
NEWER = "with version number"
KEPT_LOG, UNFINISHED_LOG, KEPT_STORE = "damaged", "unfinished", "aside"
RESTORE = (
    "Nothing was changed. Stop Hearback and run python -m data restore: it keeps this file under another name and "
    "makes the store from its published copy. Batches that wait are kept."
)


class StoreIsDamaged(HearbackError):
    """The store's file cannot be read, or not all of it."""


@contextmanager
def told(address: str) -> Iterator[None]:
    """Raise as StoreIsDamaged what DuckDB says of a file that it cannot read."""
    try:
        yield
    except duckdb.Error as error:
        if not is_told(str(error)):
            raise
        raise unreadable(address, error) from error


def is_told(said: str) -> bool:
    """Whether an error of DuckDB tells of a file that it cannot read."""
    return any(mark in said for mark in (*DAMAGED, NEWER, REPLAYING))


def unreadable(address: str, error: Exception) -> StoreIsDamaged:
    """What to say of a store's file that cannot be read."""
    said = str(error).splitlines()[0]
    if NEWER in said:
        return StoreIsDamaged(f"{address} was written by a newer DuckDB than this one: {said} Update Hearback first.")
    return StoreIsDamaged(f"{address} is damaged, or no store: {said.rstrip('.!')}. {RESTORE}")


class Log:
    """The log beside a store's file. Before the store is opened `lay_by` copies one that is not whole; once it is open
    `keep` makes that copy last, and `drop` removes it where somebody else has the store."""

    def __init__(self, address: str) -> None:
        self.path = Path(f"{address}.wal")
        self._store = Path(address)
        self._whole = 0  # bytes that can be read
        self._copy: Path | None = None
        self._kept: Path | None = None

    def lay_by(self) -> None:
        """Copy the log if DuckDB would lose some of it. HearbackError when it cannot be copied."""
        size = self.path.stat().st_size if self.path.is_file() else 0
        self._whole = whole_bytes(self.path) if size and self._store.is_file() else 0
        if self._whole < size:
            is_cut = _is_cut(self.path, self._whole)
            self._kept = _named(self._store, UNFINISHED_LOG, ".wal") if is_cut else _free(self._store, KEPT_LOG, ".wal")
            self._copy = self._copied(self._kept)

    def _copied(self, kept: Path) -> Path:
        try:
            with files.opened(self.path, linked=True) as log:
                return files.lay(kept, lambda copy: shutil.copyfileobj(log, copy))
        except OSError as trouble:
            raise HearbackError(
                f"{self.path} is damaged and cannot be kept: {trouble.strerror}. Make room there, then start again."
            ) from None

    def cut(self, error: Exception) -> bool:
        """Shorten a log that DuckDB refused to what comes before the damage, of which `error` tells; False when it
        tells of none. Only whoever was just refused so may call this: nobody else has the store then."""
        found = AT.search(str(error))
        if found is None and (REPLAYING not in str(error) or self._copy is None):
            return False
        if found:
            self._whole = max(0, int(found.group(1)) - HEAD.size)
        if self._copy is None:
            self._kept = _free(self._store, KEPT_LOG, ".wal")
            self._copy = self._copied(self._kept)
        with files.opened(self.path, linked=True) as log:
            start = log.read(self._whole)
        files.write(self.path, start)
        return True

    def keep(self) -> str:
        """Make the copy last; return what to say, "" when there is none."""
        if self._copy is None or self._kept is None:
            return ""
        files.replace(self._copy, self._kept)
        self._copy = None
        return told_of_log(self._kept, self._whole)

    def drop(self) -> None:
        """Remove the copy again."""
        if self._copy is not None:
            with suppress(OSError):
                self._copy.unlink()
            self._copy = None


def told_of_log(kept: Path, whole: int | None = None) -> str:
    """What to say of a log that was kept. `whole`: bytes of it that were read, where that is known."""
    read = f" {whole:,} of its {kept.stat().st_size:,} bytes were read." if whole is not None else ""
    if UNFINISHED_LOG in kept.name:
        why = (
            "The store's log ended within an entry, as after a kill or a power cut; what was finished before is there."
        )
    else:
        why = "The store's log was damaged; what could be read of it is there, what came after the damage is not."
    reach = "" if is_unfinished(kept) else " What is erased or expires may stand in it."
    return f"{why}{read} The log is kept as {kept}; remove it when nobody needs it.{reach}"


def whole_bytes(log: Path) -> int:
    """The length of a log's readable start, by the lengths of its entries; 0 when it begins as no log does."""
    size = log.stat().st_size
    with files.opened(log, linked=True) as file:
        if file.read(len(BEGINS)) != BEGINS:
            return 0
        place = len(BEGINS)
        while len(head := file.read(HEAD.size)) == HEAD.size:
            length, _ = HEAD.unpack(head)
            if not 0 < length <= size - place - HEAD.size:
                break
            place += HEAD.size + length
            file.seek(place)
    return place


def _is_cut(log: Path, whole: int) -> bool:
    """Whether a log ends within an entry, where it would otherwise go on well."""
    with files.opened(log, linked=True) as file:
        file.seek(whole)
        head = file.read(HEAD.size)
    return bool(whole) and any(head) and (len(head) < HEAD.size or HEAD.unpack(head)[0] < 2**40)


def set_aside(store: Path) -> list[Path]:
    """Give a store's file and its log other names, under which they are a store still; return them. The log goes first:
    it must never lie beside another store. OSError."""
    aside = _free(store, KEPT_STORE, "")
    pairs = ((Path(f"{store}.wal"), Path(f"{aside}.wal")), (store, aside))
    return [files.replace(there, kept) for there, kept in pairs if there.exists()]


def set_aside_log(address: str) -> str:
    """Rename a log whose store is not there, for DuckDB would remove it; return what to say, "" when there is none."""
    log = Path(f"{address}.wal")
    if Path(address).exists() or not log.is_file() or not log.stat().st_size:
        return ""
    return told_of_log(files.replace(log, _free(Path(address), KEPT_LOG, ".wal")), 0)


def kept(store: Path) -> list[Path]:
    """The logs and stores that were kept beside a store."""
    marks = (f"{store.name}.{KEPT_LOG}-", f"{store.name}.{UNFINISHED_LOG}", f"{store.name}.{KEPT_STORE}-")
    try:
        return sorted(path for path in store.parent.iterdir() if path.name.startswith(marks))
    except OSError:
        return []


def stores_aside(store: Path) -> list[Path]:
    """The stores that were set aside beside a store, without their logs."""
    return [path for path in kept(store) if path.name.removeprefix(f"{store.name}.{KEPT_STORE}-").isdecimal()]


def is_unfinished(log: Path) -> bool:
    """Whether a log that was kept ended within an entry only: all that was ever confirmed is in the store."""
    return log.name.endswith(f".{UNFINISHED_LOG}.wal")


def _named(store: Path, mark: str, ending: str) -> Path:
    return store.with_name(f"{store.name}.{mark}{ending}")


def _free(store: Path, mark: str, ending: str) -> Path:
    """The first name of its kind that nobody has."""
    numbered = (_named(store, f"{mark}-{number}", ending) for number in itertools.count(1))
    return next(path for path in numbered if not path.exists() and not Path(f"{path}.wal").exists())
