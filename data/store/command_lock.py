"""A lock that lets one command at a time open the store of a data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data import locks

PATIENCE = 5.0  # seconds; most commands are done in one


@contextmanager
def turn(folder: Path, patience: float | None = None) -> Iterator[bool]:
    """Be the one command that is at a data folder's store, until the end. Yields False when another command has still
    been at it after `patience` seconds (5). The app takes no turns: it holds the store for as long as it runs."""
    try:
        file = locks.take(folder / "command.lock", PATIENCE if patience is None else patience)
    except locks.LockIsHeld:
        yield False
        return
    except OSError:  # opening the store tells what is wrong with the folder
        yield True
        return
    with file:
        yield True
