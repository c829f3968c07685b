"""Commands take turns: whoever opens the store for a moment lets the one before finish."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PATIENCE = 5.0  # seconds; most commands are done in one
LOOK_EVERY = 0.05  # seconds


@contextmanager
def turn(folder: Path, patience: float | None = None) -> Iterator[bool]:
    """Be the one command that is at a data folder's store, until the end. Yields False when another command has still
    been at it after `patience` seconds (5). The app takes no turns: it holds the store for as long as it runs."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "command.lock").open("a", encoding="utf-8")
    except OSError:  # opening the store tells what is wrong with the folder
        yield True
        return
    with file:  # closing it gives the lock back, and so does dying
        yield _taken(file, time.monotonic() + (PATIENCE if patience is None else patience))


def _taken(file: IO[str], until: float) -> bool:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(LOOK_EVERY)
        else:
            return True
