"""The audit log: who logged in, changed people or settings, exported, erased or restored. It only grows.

One line of JSON each, in a file that nobody rewrites. It holds no text of mentions and no name of an author: of an
erasure it keeps the counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
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
    try:
        files.folder(here.audit)
        with locks.take(here.audit / "audit.lock", PATIENCE):
            files.append_lines(here.audit / FILE, [json.dumps(line, ensure_ascii=False).encode("utf-8", "replace")])
    except OSError as trouble:
        raise HearbackError(f"The audit log cannot be written. {troubles.sentence(trouble)}") from None
    except locks.LockIsHeld as held:
        raise HearbackError(f"The audit log cannot be written: {held} writes to it. Try again.") from None


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
