"""Opening a store: what stands in the way of it, in sentences, and what a power cut left of its log."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from data import files
from data.cli import say
from data.models import HearbackError
from data.store import damage
from data.store.condition import WAL, StoreIsShut, check_files, shut

MAY_WRITE = "Give this user the right to write there, or name another folder in HEARBACK_DATA."
IN_UTC = "SET GLOBAL TimeZone = 'UTC'"  # global: a cursor would begin with the machine's own zone


class StoreIsHeld(HearbackError):
    """Another process has the store open. `holder`: its process id, where the system told it."""

    def __init__(self, address: str, holder: int | None) -> None:
        who = f"process {holder}" if holder else "another process"
        super().__init__(f"{address} is held by {who}: one process at a time may open it.")
        self.holder = holder


def opened(address: str, settings: dict[str, str]) -> duckdb.DuckDBPyConnection:
    """A connection to a store's file, or to what else `address` names. StoreIsHeld when another process has it,
    StoreIsDamaged when it cannot be read, StoreIsShut when the disk refuses, else HearbackError."""
    if not is_file(address):
        return _connect(address, settings)
    if "?" in address:  # DuckDB takes what follows for a query, and would lay the log elsewhere
        raise HearbackError(
            f"{address} cannot be a store: its name or its folder's holds a question mark. Name it otherwise."
        )
    try:
        files.keep_private()
        files.folder(Path(address).parent)
        check_files(address)
        said = damage.set_aside_log(address)
    except OSError as trouble:
        raise HearbackError(
            f"{trouble.filename or address} cannot be written: {trouble.strerror}. {MAY_WRITE}"
        ) from None
    log = damage.Log(address)
    log.lay_by()
    try:
        connection = _connect(address, settings, log)
    except BaseException:
        log.drop()
        raise
    for sentence in filter(None, (said, log.keep())):
        say(sentence)
    return connection


def _connect(address: str, settings: dict[str, str], log: damage.Log | None = None) -> duckdb.DuckDBPyConnection:
    try:
        connection = duckdb.connect(address, config=dict(settings))
        connection.execute(IN_UTC)
        connection.execute(f"SET wal_autocheckpoint = '{WAL}'")
        connection.execute("SET enable_progress_bar = false")  # it would stand among what a command prints
    except duckdb.Error as trouble:
        if log and log.cut(trouble):
            return _connect(address, settings)
        raise _refused(address, trouble) from None
    return connection


def _refused(address: str, trouble: duckdb.Error) -> HearbackError:
    """What to say when a store cannot be opened."""
    said = str(trouble)
    if "Could not set lock" in said:  # "lock" alone may stand in the name of a folder
        holder = re.search(r"PID (\d+)", said)
        return StoreIsHeld(address, int(holder.group(1)) if holder else None)
    if "Permission denied" in said:
        return HearbackError(f"{address} may not be opened by this user: give it the file and its folder.")
    if "Read-only file system" in said:
        return HearbackError(f"{address} lies on a disk that may only be read. {MAY_WRITE}")
    if isinstance(trouble, duckdb.FatalException) and not damage.is_told(said):
        return StoreIsShut(shut(address, trouble))
    if isinstance(trouble, duckdb.IOException) and not damage.is_told(said):
        return HearbackError(f"{address} cannot be opened: {_first_line(trouble)}")
    return damage.unreadable(address, trouble)


def is_file(address: str) -> bool:
    """Whether an address is that of one file on this machine."""
    return not address.startswith((":", "ducklake:"))


def _first_line(trouble: Exception) -> str:
    return str(trouble).splitlines()[0]
