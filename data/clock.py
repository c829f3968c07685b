"""The wall clock; no other module reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]  # tells an aware instant


def now_in_utc() -> datetime:
    """This moment."""
    return datetime.now(UTC)
