"""The audit log: who logged in, changed people or settings, exported, erased or restored. It only grows.

One line of JSON each, in a file from which nobody takes a line. It holds no text of mentions and no name of an author:
of an erasure it keeps the counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from data import files, locks, troubles
from data.clock import Clock, now_in_utc
from data.models import HearbackError
from data.settings import Places

FILE = "audit.jsonl"
PATIENCE = 10.0  # seconds that a line waits for another process that writes one


class Event(StrEnum):
    """What the log tells of."""

    LOGIN = "login"
    LOGIN_FAILED = "login failed"
    LOGOUT = "logout"
    PERSON_ADDED = "person added"
    PERSON_CHANGED = "person changed"
    PERSON_REMOVED = "person removed"
    LINK_MADE = "link made"
    PASSWORD_SET = "password set"  # noqa: S105
    SETTINGS = "settings changed"
    IMPORT = "import"
    EXPORT = "export"
    ERASURE = "erasure"
    BACKUP = "backup"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the log. `facts`: what belongs to the event, such as counts, a role, a network address."""

    at: datetime
    event: str
    by: str
    facts: dict[str, Any]


def note(here: Places, event: Event, by: str, clock: Clock = now_in_utc, **facts: Any) -> None:
    """Write a line, and have the disk keep it. HearbackError where that is not possible: what it tells of must not be
    done then, so this comes first."""
    line = {"at": clock().isoformat(), "event": event.value, "by": by, **facts}
    with _writing(here):
        files.append_lines(here.audit / FILE, [json.dumps(line, ensure_ascii=False).encode("utf-8", "replace")])


def bring_in(here: Places, earlier: Path) -> None:
    """Put the lines of a backup's log first where the log here is missing, or adds nothing to them but restores: then
    the folder was lost. No line of either goes. HearbackError where that is not possible."""
    with _writing(here):
        lines, present = _lines(earlier), _lines(here.audit / FILE)
        earlier_ones = set(lines)
        added = [line for line in present if line not in earlier_ones]
        if earlier_ones - set(present) and all(_tells_of_a_restore(line) for line in added):
            files.write(here.audit / FILE, b"".join(line + b"\n" for line in (*lines, *added)))


@contextmanager
def _writing(here: Places) -> Iterator[None]:
    """Be the only one who writes to the log. HearbackError where it cannot be written."""
    try:
        files.folder(here.audit)
        with locks.take(here.audit / "audit.lock", PATIENCE):
            yield
    except OSError as trouble:
        raise HearbackError(f"The audit log cannot be written. {troubles.sentence(trouble)}") from None
    except locks.LockIsHeld as held:
        raise HearbackError(f"The audit log cannot be written: {held} writes to it. Try again.") from None


def _lines(log: Path) -> list[bytes]:
    """The lines of a log without their ends; none where there is no log. OSError."""
    try:
        return [line for line in files.read(log).split(b"\n") if line.strip()]
    except FileNotFoundError:
        return []


def _tells_of_a_restore(line: bytes) -> bool:
    entry = _entry(line, 0)
    return entry is not None and entry.event == Event.RESTORE


def entries(here: Places, since: datetime | None = None) -> Iterator[AuditEntry]:
    """The log, first to last, from `since` on. A line that cannot be read is told as an event "unreadable line"."""
    path = here.audit / FILE
    if not files.is_plain(path):
        return
    with files.opened(path) as file:
        for number, line in enumerate(file, start=1):
            entry = _entry(line, number)
            if entry is not None and (since is None or entry.at >= since):
                yield entry


def as_row(entry: AuditEntry) -> dict[str, Any]:
    """An entry as one flat row: at, event, by, and its facts."""
    return {"at": entry.at.isoformat(), "event": entry.event, "by": entry.by, **entry.facts}


def _entry(line: bytes, number: int) -> AuditEntry | None:
    try:
        told = json.loads(line)
        at = datetime.fromisoformat(told.pop("at"))
        return AuditEntry(at, str(told.pop("event")), str(told.pop("by")), told)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return AuditEntry(EARLIEST, "unreadable line", "", {"line": number}) if line.strip() else None


EARLIEST = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
