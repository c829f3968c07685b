"""The time that servers tell with their answers, over connections that prove who answers."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from data.clock import Moment, moment
from data.spool import time_check

_latest: list[tuple[datetime, Moment]] = []  # at most one: what was said, and when it came


def note(url: str, headers: Mapping[str, str]) -> None:
    """Remember the time in an answer's headers. An answer without TLS may come from this very machine, whose clock
    is what it would have to confirm."""
    said = told(headers) if url.startswith("https://") else None
    if said:
        _latest[:] = [(said, moment())]


def told(headers: Mapping[str, str]) -> datetime | None:
    """The time that an answer tells: when its server made it, and for how long a cache has held it since; None when it
    tells none."""
    try:
        made_at = parsedate_to_datetime(headers.get("Date", ""))
        age = int(headers.get("Age") or 0)
        return made_at.astimezone(UTC) + timedelta(seconds=max(0, age))
    except (ValueError, TypeError, OverflowError):
        return None


def keep(folder: Path) -> None:
    """Write the latest time that was told where the app reads it, once in a while."""
    if _latest:
        with suppress(OSError):  # a full disk; the next answer tells it again
            time_check.note_told(folder, *_latest[0])
