"""Opens the store of a data folder for the app and the commands: ends a restore that was killed, and copies a store of
an earlier version before it is brought up to date.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from data import files, locks, troubles
from data.backup import manifest, placing
from data.backup.manifest import Made
from data.clock import Clock, now_in_utc
from data.models import HearbackError
from data.settings import Places
from data.store.opening import StoreIsHeld
from data.store.store import Store, UpdateNeeded

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class NotKept(HearbackError):
    """A store of an earlier version could not be copied, so it was not brought up to date."""


def open_store(here: Places, clock: Clock = now_in_utc) -> Store:
    """The open store of a data folder, brought up to date. StoreIsHeld when another process has it or restores it,
    HearbackError when it cannot be read, or cannot be copied before an update."""
    with _undisturbed(here):
        placing.finish(here)
        return updated(here, clock)


@contextmanager
def _undisturbed(here: Places) -> Iterator[None]:
    """Let nobody restore the store meanwhile. Where no lock can be made, the store itself says what is wrong."""
    try:
        held = placing.lock(here)
    except locks.LockIsHeld as other:
        number = re.search(r"\d+", str(other))
        raise StoreIsHeld(str(here.store), int(number[0]) if number else None) from None
    except OSError:
        yield
        return
    with held:
        yield


def updated(here: Places, clock: Clock = now_in_utc) -> Store:
    """The open store, copied before it is brought up to date. Errors as of `open_store`."""
    try:
        return Store(here.store, update=False)
    except UpdateNeeded:
        keep_before_update(here, clock())
    return Store(here.store)


def keep_before_update(here: Places, now: datetime) -> Path:
    """Copy the closed store's file in place of the former copy; return the copy's folder. NotKept when that is
    not possible: then the store must not be changed."""
    place = here.before_update / f"{now:%Y%m%dT%H%M%S%f}"
    partial = files.beside(place)
    try:
        files.keep_private()
        files.remove_folder(partial)
        files.folder(partial)
        copy_store(here.store, partial / here.store.name)
        manifest.seal(partial, Made.STORE_FILE, now, (), {})
        files.replace(partial, place)
        for former in files.named(here.before_update, ""):
            if former != place:
                files.remove_folder(former)
    except OSError as trouble:
        _forget(partial)
        raise NotKept(_untaken(here, trouble)) from None
    return place


def copy_store(store: Path, target: Path) -> None:
    """Copy a closed store's file, and the log beside it. OSError."""
    files.copy(store, target, linked=True)
    log = Path(f"{store}.wal")
    if log.exists():
        files.copy(log, Path(f"{target}.wal"), linked=True)


def _forget(partial: Path) -> None:
    try:
        files.remove_folder(partial)
    except OSError:  # what failed first is told
        return


def _untaken(here: Places, trouble: OSError) -> str:
    told = troubles.sentence(trouble)
    if trouble.errno in NO_ROOM:
        told = f"There is no room for it in {here.before_update} ({trouble.strerror})."
    return (
        f"{here.store} was written by an earlier Hearback and is copied before it is brought up to date. {told} "
        "Nothing was changed. Make that possible, then start again."
    )
