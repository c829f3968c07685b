"""Puts what was restored in the place of what is there: one file decides it, and a start after a kill finishes it.

All that is to be put in place is made in the folder `restoring`, which is laid out as the data folder is. Until the
journal is written there, the store that was there stands. From then on each move is done, or done again after a kill,
until the new one stands with all that belongs to it.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from data import files, locks, troubles
from data.models import HearbackError
from data.settings import Places

JOURNAL = "decided.json"
REPLACED = "replaced"  # in the folder `restoring`: what goes for good once all is in place
LOCK = "restore.lock"
PATIENCE = 5.0  # seconds; opening a store takes less


@dataclass(frozen=True, slots=True)
class Move:
    """One thing to put in place. `name`: its path in the data folder; `aside`: the path there that gets what was in its
    place, None where nothing may be replaced; `endings`: what belongs to that and goes aside before it."""

    name: str
    aside: str | None = None
    endings: tuple[str, ...] = ()


def lock(here: Places) -> BinaryIO:
    """Keep others from opening or replacing the store until the file is closed. locks.LockIsHeld, OSError."""
    return locks.take(here.locks / LOCK, PATIENCE)


@contextmanager
def alone(here: Places, *, only_look: bool) -> Iterator[None]:
    """Be the only one who restores, with nothing left of a restore that was killed, and with no listeners unless
    nothing will be put in place (`only_look`): they would write their cursors over those of the backup. HearbackError
    when another process is at it."""
    try:
        held = lock(here)
    except locks.LockIsHeld as other:
        raise HearbackError(f"{other} opens or restores the store of {here.root}; try again when it is done.") from None
    except OSError as trouble:
        raise HearbackError(troubles.sentence(trouble)) from None
    with held, nullcontext() if only_look else _without_listeners(here):
        finish(here)
        yield


def _without_listeners(here: Places) -> BinaryIO:
    try:
        return locks.take(here.listeners_lock)
    except locks.LockIsHeld as listeners:
        raise HearbackError(
            f"{listeners} listens for {here.root}. Stop it first: it would go on from where it is now, not from where "
            "the backup was. Nothing was changed."
        ) from None
    except OSError as trouble:
        raise HearbackError(troubles.sentence(trouble)) from None


def begin(here: Places) -> Places:
    """An empty folder to lay out what is to be put in place. OSError."""
    files.keep_private()
    files.remove_folder(here.restoring)
    return Places(files.folder(here.restoring))


def decide(here: Places, moves: Iterable[Move]) -> None:
    """Put these in place, whatever happens from now on. The caller holds the lock. OSError when that cannot be ended
    now: then the next start does."""
    told = json.dumps({"moves": [asdict(one) for one in moves]}).encode()
    files.write(here.restoring / JOURNAL, told)
    finish(here)


def finish(here: Places) -> bool:
    """End what was decided, and remove what was not; return whether anything had been decided. The caller holds the
    lock. HearbackError when it cannot be ended."""
    if not here.restoring.is_dir():
        return False
    try:
        moves = _decided(here)
        for one in moves or ():
            _move(here, one)
        files.remove(here.restoring / JOURNAL, missing_ok=True)
    except OSError as trouble:
        raise HearbackError(
            f"A restore is not ended yet: {troubles.sentence(trouble)} Then start again; the rest is put in place."
        ) from None
    with suppress(OSError):  # the next start tries again
        files.remove_folder(here.restoring)
    return moves is not None


def is_decided(here: Places) -> bool:
    """Whether a restore was decided and is not ended."""
    return (here.restoring / JOURNAL).exists()


def _decided(here: Places) -> list[Move] | None:
    try:
        told = files.read_json(here.restoring / JOURNAL)
    except FileNotFoundError:
        return None
    return [Move(one["name"], one["aside"], tuple(one["endings"])) for one in told["moves"]]


def _move(here: Places, one: Move) -> None:
    """Put one in place; nothing is done where that was done before a kill."""
    made, place = here.restoring / one.name, here.root / one.name
    if not os.path.lexists(made):
        return
    files.folder(place.parent)
    if one.aside is None and os.path.lexists(place):
        files.remove(made)
        return
    for ending in (*one.endings, "") if one.aside else ():
        there, aside = Path(f"{place}{ending}"), here.root / f"{one.aside}{ending}"
        if os.path.lexists(there):
            files.folder(aside.parent)
            files.replace(there, aside)
    files.replace(made, place)


def aside_of(here: Places, name: str) -> str:
    """A free name under which what is in a place is kept: "setup.toml.aside-1"."""
    numbered = (f"{name}.aside-{number}" for number in itertools.count(1))
    return next(one for one in numbered if not any(os.path.lexists(here.root / f"{one}{end}") for end in ("", ".wal")))


def store_move(here: Places) -> Move:
    """The move of the store's file; its log goes aside before it, for it must never lie beside another store."""
    return Move(here.store.name, aside_of(here, here.store.name), (".wal",))
