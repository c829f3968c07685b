"""What is wrong with a store, in sentences: errors of DuckDB that are the disk's or the memory's, not a statement's."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from data import files, troubles
from data.models import HearbackError

WAL = "128MB"  # written to the log before the file is brought up to date: a large batch need not wait for that
ENDLESS = "1TB"  # while there is no room to bring it up to date
GIVE_UP = (duckdb.FatalException, duckdb.InternalException)  # after which a whole instance may be dead
OUTSIDE = (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.TransactionException, duckdb.FatalException)
NO_ROOM = ("No space left", "quota exceeded", "File too large")  # as the system says it, within DuckDB's sentences
NO_RIGHT = ("Permission denied", "Read-only file system")
SPARE = 16 * 2**20  # bytes that must be free beside what the log holds, before the file is brought up to date
GROWN = 8 * 2**20  # bytes of room that somebody made: worth a try even where it may still not be enough
FIRST_REST, LONGEST_REST = 1.0, 5.0  # seconds between two tries where there seems to be room
NO_ROOM_REST = 30.0  # and where there seems to be none


class StoreTrouble(HearbackError):
    """The disk or the memory refused what was asked of the store. The same may go well later."""


class StoreIsShut(StoreTrouble):
    """The store can neither be read nor written until it is opened again, which the app does by itself."""


class Condition:
    """Whether one store can be used. `shut`: why not, until it is opened again. `probe`: asks the open store anything;
    duckdb.Error when DuckDB gave it up."""

    def __init__(self, address: str, probe: Callable[[], object]) -> None:
        self._address = address
        self._probe = probe
        self.shut: str | None = None
        self.backlog: Backlog | None = None

    @property
    def trouble(self) -> str | None:
        """What is wrong, in sentences that say what to do; None when all is well."""
        return self.shut or (self.backlog.why if self.backlog else None)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Raise as StoreTrouble what the disk or the memory refuse, and refuse everything while the store is shut."""
        if self.shut:
            raise StoreIsShut(self.shut)
        try:
            yield
        except duckdb.Error as error:
            trouble = self.note(error)
            if trouble is None:
                raise
            raise trouble from error

    def note(self, error: duckdb.Error) -> StoreTrouble | None:
        """What to raise in place of an error; None where the statement was at fault. A store that DuckDB gave up is
        shut; where that was for want of room it will be opened with a backlog, so that it can be used meanwhile."""
        if not self.shut and isinstance(error, GIVE_UP) and not self._answers():
            self.shut = shut(self._address, error)
            if self.backlog is None and "checkpoint" in str(error):
                self.backlog = Backlog(self._address, f"{_said(self._address, error)} Until then its log only grows.")
        if self.shut:
            return StoreIsShut(self.shut)
        if not isinstance(error, OUTSIDE):
            return None
        return StoreTrouble(f"{_said(self._address, error)} Nothing was changed.")

    def insist_on_file(self) -> None:
        """HearbackError, kept as what is wrong, where the store's file is gone: DuckDB would begin an empty one."""
        if not Path(self._address).exists():
            self.shut = f"{self._address} is gone. Put it back; it is opened again by itself."
            raise StoreIsShut(self.shut)

    def settle(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Tell a store that was opened again how long its log may grow."""
        connection.execute(f"SET wal_autocheckpoint = '{ENDLESS if self.backlog else WAL}'")

    def catch_up(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Write the log into the file, where that could not be done and is worth another try."""
        if self.backlog is None or not self.backlog.is_due():
            return
        try:
            connection.execute("CHECKPOINT")
        except duckdb.Error as error:
            self.backlog.note_failure()
            self.note(error)
        else:
            self.backlog = None
            self.settle(connection)

    def _answers(self) -> bool:
        try:
            self._probe()
        except duckdb.Error:
            return False
        return True


def shut(address: str, error: Exception) -> str:
    """What to say of a store that cannot be used. `error`: what made it so."""
    return f"{_said(address, error)} The store is opened again by itself; what was stored is kept."


def _said(address: str, error: Exception) -> str:
    text = " ".join(str(error).split("Original error: ")[-1].splitlines()).strip('" ')
    if any(said in text for said in NO_ROOM):
        return f"No room is left on the disk of {address}. Make room there."
    if any(said in text for said in NO_RIGHT):
        return f"{address} or what lies beside it may not be written by this user. Give this user the right to do so."
    said = text.partition(" Error: ")[2] or text
    return f"{address} could not be used: {said.rstrip('.')}."


def check_files(address: str) -> None:
    """HearbackError where something else lies in the place of the store's file or of its log: DuckDB would wait for a
    named pipe without end."""
    for path in (Path(address), Path(f"{address}.wal")):
        try:
            files.opened(path, linked=True).close()
        except files.NotAFile as trouble:
            raise HearbackError(troubles.sentence(trouble)) from None
        except OSError:  # it is missing, or DuckDB says what is wrong
            continue


@dataclass
class Backlog:
    """That a store's log could not be written into its file, for want of room. Until it can, the store is read and
    written all the same: its log only grows."""

    address: str
    why: str
    monotonic: Callable[[], float] = time.monotonic
    tries: int = 0

    def __post_init__(self) -> None:
        self._room = self._free()
        self._due = self.monotonic() + FIRST_REST

    def is_due(self) -> bool:
        """Whether to try again now."""
        waited = self.monotonic() - self._due
        free = self._free()
        return waited >= 0 and (free >= self._needed() or free >= self._room + GROWN or waited >= NO_ROOM_REST)

    def note_failure(self) -> None:
        """Note that it did not go well."""
        self.tries += 1
        self._room = self._free()
        self._due = self.monotonic() + min(FIRST_REST * 2**self.tries, LONGEST_REST)

    def _free(self) -> int:
        try:
            return shutil.disk_usage(Path(self.address).parent).free
        except OSError:
            return 0

    def _needed(self) -> int:
        with suppress(OSError):
            return Path(f"{self.address}.wal").stat().st_size + SPARE
        return SPARE
