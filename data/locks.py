"""Locks between processes: a file that one process holds and writes its number into; its end frees the lock."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from data import files

LOOK_EVERY = 0.05  # seconds between two tries


class LockIsHeld(Exception):
    """Another holds the lock; the text says who: "Process 4711"."""


def take(path: Path, patience: float | None = 0.0) -> BinaryIO:
    """Hold a lock until the file is closed. LockIsHeld when another still has it after `patience` seconds; None waits
    for as long as it takes. OSError when the folder cannot be written to, or the lock is no regular file."""
    file = files.opened_lock(path)  # unbuffered: what a full disk refuses is not tried again at the end
    until = None if patience is None else time.monotonic() + patience
    try:
        _wait(file, until)
    except BaseException:
        file.close()
        raise
    with suppress(OSError):  # on a full disk the lock holds without its text
        file.truncate(0)
        file.write(f"Process {os.getpid()}".encode())
    return file


def _wait(file: BinaryIO, until: float | None) -> None:
    """Get the lock. `until`: seconds of the monotonic clock."""
    if until is None:
        fcntl.flock(file, fcntl.LOCK_EX)
        return
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise LockIsHeld(_holder(file)) from None
            time.sleep(LOOK_EVERY)
        else:
            return


def _holder(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace").strip() or "another process"
