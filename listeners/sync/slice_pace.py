"""When each stretch of a source was read, and which may rest because it was quiet for long; kept in the cursor."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from listeners.base import Cursor

KEY = "turns"  # the entry of a cursor: {stretch: {"read_at": ..., "fresh_at": ..., "due": ..., "more_since": ...}}
QUIET = timedelta(days=1)  # without anything new, after which a stretch is read less often
SHARE = 96  # quiet for a day: read every 15 minutes
LONGEST_REST = timedelta(minutes=30)  # however quiet it is

SlicePace = Mapping[str, str]


def rests(pace: SlicePace, now: datetime) -> bool:
    """Whether a stretch is not due yet. A time further ahead than any rest comes of a clock that jumped."""
    return "due" in pace and timedelta() < datetime.fromisoformat(pace["due"]) - now <= LONGEST_REST * 1.1


def read(key: str, pace: SlicePace, now: datetime, *, fresh: bool, more: bool) -> dict[str, str]:
    """The turn of a stretch that was read. `fresh`: it brought something; `more`: it left something."""
    fresh_at = now if fresh or "fresh_at" not in pace else min(now, datetime.fromisoformat(pace["fresh_at"]))
    after = {"read_at": now.isoformat(), "fresh_at": fresh_at.isoformat()}
    if more:
        return after | {"more_since": pace.get("more_since", now.isoformat())}
    if now - fresh_at >= QUIET:
        after["due"] = (now + min((now - fresh_at) / SHARE, LONGEST_REST) * _spread(key)).isoformat()
    return after


def _spread(key: str) -> float:
    """0.9 to 1.1, always the same for a stretch: many that fell quiet together are not all due together."""
    return 0.9 + zlib.crc32(key.encode("utf-8", "replace")) % 201 / 1000


def all_due(cursor: Cursor) -> dict[str, Any]:
    """A cursor none of whose stretches rests."""
    paces = {key: {name: at for name, at in pace.items() if name != "due"} for key, pace in cursor.get(KEY, {}).items()}
    return {**cursor, KEY: paces} if paces else dict(cursor)


def with_asked_for(cursor: Cursor, asked_for: str) -> Cursor:
    """A cursor that knows what was asked for, where stretches may rest."""
    return {**cursor, "asked_for": asked_for} if KEY in cursor else cursor
