"""Remembers the accepted requests of a webhook's intake, so that one sent again is stored once."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from data import files

TOLERANCE = timedelta(minutes=5)  # between the sender's clock and ours; an older request is a replay
MOST_LINES = 1_000  # of the file, before it is written anew without what is too old to come again


class Accepted(NamedTuple):
    """An accepted request: when, as ISO text, and the SHA-256 of its body."""

    at: str
    fingerprint: str


class SeenRequests:
    """The accepted requests of one intake, in memory and in a file for the next start. Not safe between threads.

    The file has JSON objects, one a line. It is not synced: what a power cut takes from it is sent again at most once,
    and a mention is stored once whatever its body's id.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held = _read(path)
        self._lines = len(self._held)

    def fingerprint(self, message_id: str, now: datetime) -> str | None:
        """The SHA-256 of the body that came with this id; None when none came that could be sent again."""
        held = self._held.get(message_id)
        return held.fingerprint if held and _is_recent(held, now) else None

    def add(self, message_id: str, fingerprint: str, now: datetime) -> None:
        """Remember an accepted request."""
        accepted = Accepted(now.isoformat(), fingerprint)
        self._held[message_id] = accepted
        self._lines += 1
        with suppress(OSError):  # its body is stored already
            if self._lines > MOST_LINES:
                self._write_anew(now)
            else:
                line = json.dumps({message_id: accepted}).encode()
                files.append(self._path, b"\n" + line + b"\n")  # what came before may have been cut off

    def _write_anew(self, now: datetime) -> None:
        self._held = {key: one for key, one in self._held.items() if _is_recent(one, now)}
        self._lines = len(self._held)
        files.write(self._path, json.dumps(self._held).encode() + b"\n")


def _is_recent(accepted: Accepted, now: datetime) -> bool:
    return now - datetime.fromisoformat(accepted.at) < 2 * TOLERANCE


def _read(path: Path) -> dict[str, Accepted]:
    """The requests in a file; a line that is damaged is left out."""
    held: dict[str, Accepted] = {}
    with suppress(FileNotFoundError, PermissionError, files.NotAFile):
        for line in files.read(path).splitlines():
            with suppress(ValueError, AttributeError, TypeError):
                held |= {key: _accepted(*one) for key, one in json.loads(line).items()}
    return held


def _accepted(at: str, fingerprint: str) -> Accepted:
    datetime.fromisoformat(at)  # ValueError unless it is a time
    return Accepted(at, fingerprint)
