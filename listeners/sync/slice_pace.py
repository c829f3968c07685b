"""When each slice of a source was read, and which slices pause because they have been quiet; stored in the cursor."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from listeners.base import Cursor

KEY = "turns"  # in the cursor: {slice: {"read_at": ..., "fresh_at": ..., "due": ..., "more_since": ...}}, ISO times
QUIET = timedelta(days=1)  # the time without new items after which a slice is read less often
SHARE = 96  # the part of the quiet time that a slice pauses: quiet for a day, read every 15 minutes
LONGEST_REST = timedelta(minutes=30)  # the longest pause

SlicePace = Mapping[str, str]


def rests(pace: SlicePace, now: datetime) -> bool:
    """Whether a slice is not due yet. A due time beyond the longest pause is ignored: the clock was set back."""
    return "due" in pace and timedelta() < datetime.fromisoformat(pace["due"]) - now <= LONGEST_REST * 1.1


def read(key: str, pace: SlicePace, now: datetime, *, fresh: bool, more: bool) -> dict[str, str]:
    """The pace of a slice after it was read. `fresh`: it had new items; `more`: it was not read to its end."""
    fresh_at = now if fresh or "fresh_at" not in pace else min(now, datetime.fromisoformat(pace["fresh_at"]))
    after = {"read_at": now.isoformat(), "fresh_at": fresh_at.isoformat()}
    if more:
        return after | {"more_since": pace.get("more_since", now.isoformat())}
    if now - fresh_at >= QUIET:
        after["due"] = (now + min((now - fresh_at) / SHARE, LONGEST_REST) * _spread(key)).isoformat()
    return after


def _spread(key: str) -> float:
    """A factor from 0.9 to 1.1, constant for a slice, so that slices that fell quiet together are not due together."""
    return 0.9 + zlib.crc32(key.encode("utf-8", "replace")) % 201 / 1000


def all_due(cursor: Cursor) -> dict[str, Any]:
    """The cursor with every slice due."""
    paces = {key: {name: at for name, at in pace.items() if name != "due"} for key, pace in cursor.get(KEY, {}).items()}
    return {**cursor, KEY: paces} if paces else dict(cursor)


def with_asked_for(cursor: Cursor, asked_for: str) -> Cursor:
    """The cursor with the mark of brands and options, where its slices have a pace."""
    return {**cursor, "asked_for": asked_for} if KEY in cursor else cursor
