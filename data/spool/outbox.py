"""The outbox: one small file for each approved reply, so that it is sent at most once even when a process is killed.

A reply is "approved" until it is taken, "sending" from before its request until its outcome is in a finished batch,
"held" when only a person can say what to do. The state is in the file's name and changes by renaming.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from data import files, locks
from data.models import ApprovedReply, HearbackError

SUFFIX = ".json"


class OutboxState(StrEnum):
    """The state of a reply in the outbox."""

    APPROVED = "approved"
    SENDING = "sending"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A reply in the outbox. `why`: what held it or put it off; `not_before`: when it may be tried (again)."""

    reply: ApprovedReply
    place: OutboxState
    path: Path
    why: str | None = None
    tried_at: datetime | None = None
    not_before: datetime | None = None


def post(folder: Path, reply: ApprovedReply) -> OutboxEntry:
    """Put an approved reply into the outbox. HearbackError when one to the same mention is there already."""
    with alone(folder):
        for other in replies(folder)[0]:
            if other.reply.mention_id == reply.mention_id:
                raise HearbackError(
                    f"A letter to {reply.mention_id} is in the outbox already ({other.reply.id}, "
                    f"{other.place.value}); send it or take it out first."
                )
        return _write(OutboxEntry(reply, OutboxState.APPROVED, _path(folder, reply.id, OutboxState.APPROVED)))


def replies(folder: Path) -> tuple[list[OutboxEntry], list[str]]:
    """Every reply in the outbox, in the order of approval, and a sentence for each file that cannot be read. Such files
    stay where they are."""
    entries: list[OutboxEntry] = []
    troubles: list[str] = []
    for path in sorted(files.named(folder, SUFFIX)):
        try:
            entries.append(_read(path))
        except HearbackError as trouble:
            troubles.append(str(trouble))
    return sorted(entries, key=lambda one: (one.reply.approved_at, one.reply.id)), troubles


def move(entry: OutboxEntry, place: OutboxState, **changes: Any) -> OutboxEntry:
    """Write a reply under its new state and with `changes`, then remove its old file, so that one of them always
    exists."""
    moved = replace(entry, place=place, path=_path(entry.path.parent, entry.reply.id, place), **changes)
    _write(moved)
    if moved.path != entry.path:
        files.remove(entry.path, missing_ok=True)
    return moved


def take_out(entry: OutboxEntry) -> None:
    """Remove a reply whose outcome is stored, or that a person took back."""
    files.remove(entry.path, missing_ok=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Lock the outbox against other processes. HearbackError when another process holds the lock."""
    try:
        lock = locks.take(folder / "lock")
    except locks.LockIsHeld:
        raise HearbackError(f"Another process is delivering from {folder}; try again in a moment.") from None
    with lock:
        yield


def _path(folder: Path, reply_id: str, place: OutboxState) -> Path:
    return folder / f"{reply_id}.{place.value}{SUFFIX}"


def _write(entry: OutboxEntry) -> OutboxEntry:
    row = {"letter": asdict(entry.reply)} | {
        name: getattr(entry, name) for name in ("why", "tried_at", "not_before") if getattr(entry, name) is not None
    }
    # It must last: after a power cut the former state would be back, and the reply be sent twice.
    files.write(entry.path, json.dumps(row, default=datetime.isoformat, ensure_ascii=False).encode())
    return entry


def _read(path: Path) -> OutboxEntry:
    try:
        place = OutboxState(path.name.removesuffix(SUFFIX).rsplit(".", 1)[1])
        row = files.read_json(path)
        said = row["letter"] | {"approved_at": datetime.fromisoformat(row["letter"]["approved_at"])}
        reply = ApprovedReply(**{field.name: said[field.name] for field in fields(ApprovedReply) if field.name in said})
        times = {name: datetime.fromisoformat(row[name]) for name in ("tried_at", "not_before") if row.get(name)}
        return OutboxEntry(replace(reply, named=tuple(reply.named)), place, path, row.get("why"), **times)
    except OSError as trouble:
        raise HearbackError(f"The letter {path} cannot be read: {trouble.strerror}; mend it or take it out.") from None
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as trouble:
        raise HearbackError(f"The letter {path} cannot be read ({trouble}); mend it or take it out.") from None
