"""How a command has the running app do what only it can: it owns the store, so a backup and a check are its work.

The command lays a request into a folder; the app takes it up, does it and writes what came of it beside it. Each of
these is one file that is there whole or not at all, and whoever is killed leaves nothing that is done twice.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data import files, troubles
from data.models import HearbackError
from data.people.rights import Actor, Role
from data.settings import Places

WAITING, TAKEN, DONE = ".request", ".taken", ".done"
LOOK_EVERY = 0.1  # seconds
TAKEN_WITHIN = 60.0  # seconds in which the app takes a request up, unless it is at another
DONE_WITHIN = 4 * 3600.0  # and then has done it
LARGEST = 2**24  # bytes of a file in the folder


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """What is asked of the app. `what`: "backup" or "check"; `folder`: of the backup; `name`, `role`, `person_id`: who
    asks; `pid`: the process that waits for the outcome."""

    what: str
    folder: str
    name: str
    role: str
    person_id: str | None
    pid: int

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return Actor(self.name, Role(self.role), self.person_id)


@dataclass(frozen=True, slots=True)
class CopyOutcome:
    """What came of a request. `said`: for standard output; `trouble`: for standard error; "" where there was none."""

    said: str
    trouble: str = ""


def ask(here: Places, what: str, by: Actor, holder: int | None, folder: Path | None = None) -> CopyOutcome:
    """Have the app do something, and wait for what comes of it. `holder`: the app's process. HearbackError when it does
    not take the request up, ends meanwhile, or takes too long."""
    request = CopyRequest(what, str(folder or ""), by.name, by.role.value, by.person_id, os.getpid())
    stem = here.requests / uuid.uuid4().hex
    waiting = files.write(_with(stem, WAITING), json.dumps(asdict(request)).encode())
    try:
        return _awaited(stem, what, holder)
    finally:
        with suppress(OSError):
            waiting.unlink(missing_ok=True)
            _with(stem, DONE).unlink(missing_ok=True)


def _awaited(stem: Path, what: str, holder: int | None) -> CopyOutcome:
    began = time.monotonic()
    who = f"The app (process {holder})"
    while time.monotonic() - began < DONE_WITHIN:
        is_given_up = not any(_with(stem, ending).exists() for ending in (WAITING, TAKEN))
        if _with(stem, DONE).exists():
            return CopyOutcome(**_told(_with(stem, DONE)))
        if is_given_up:
            raise HearbackError(f"{who} could not do the {what}. Look at what it printed.")
        if holder is not None and not _lives(holder):
            raise HearbackError(f"{who} ended before the {what} was done. Do it again.")
        if time.monotonic() - began > TAKEN_WITHIN and _with(stem, WAITING).exists() and not _is_at_another(stem):
            raise HearbackError(f"{who} does not take up the {what}. Nothing was done. Stop it, then do it again.")
        time.sleep(LOOK_EVERY)
    raise HearbackError(f"{who} was at the {what} for {DONE_WITHIN / 3600:.0f} hours. Look at what it printed.")


def _is_at_another(stem: Path) -> bool:
    return bool(files.named(stem.parent, TAKEN))


def serve(here: Places, do: Callable[[CopyRequest], CopyOutcome]) -> int:
    """Do what was asked for, one after the other, and write what came of it; return how many. What nobody waits for any
    more is removed. OSError when the folder cannot be used."""
    done = 0
    for waiting in sorted(files.named(here.requests, WAITING)):
        request = _request(waiting)
        if request is None or not _lives(request.pid):
            files.remove(waiting, missing_ok=True)
            continue
        stem = waiting.with_suffix("")
        taken = files.replace(waiting, _with(stem, TAKEN))
        try:
            files.write(_with(stem, DONE), json.dumps(asdict(_outcome(request, do))).encode())
        finally:
            files.remove(taken, missing_ok=True)
        done += 1
    return done


def sweep(here: Places) -> None:
    """Remove what an app that was killed left: called before this one serves. OSError."""
    for left in files.named(here.requests, TAKEN, DONE):
        files.remove(left, missing_ok=True)


def _outcome(request: CopyRequest, do: Callable[[CopyRequest], CopyOutcome]) -> CopyOutcome:
    try:
        return do(request)
    except HearbackError as trouble:
        return CopyOutcome("", str(trouble))
    except OSError as trouble:
        return CopyOutcome("", troubles.sentence(trouble))


def _request(waiting: Path) -> CopyRequest | None:
    try:
        request = CopyRequest(**_told(waiting))
        Role(request.role)
    except FileNotFoundError:  # taken back
        return None
    except (ValueError, TypeError):  # none that we wrote
        return None
    return request


def _told(path: Path) -> dict[str, Any]:
    told = json.loads(files.read(path, most=LARGEST))
    if not isinstance(told, dict):
        raise TypeError(told)
    return told


def _with(stem: Path, ending: str) -> Path:
    return stem.with_name(stem.name + ending)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is another user's
        return True
    return True
