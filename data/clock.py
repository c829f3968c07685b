"""The wall clock, and the running clock that nobody can set; no other module reads the wall clock."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

Clock = Callable[[], datetime]  # tells an aware instant
Running = Callable[[], float]  # tells seconds of a clock that is never set

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# On Linux and macOS these two go on while the machine sleeps, which time.monotonic() does not.
_RUNNING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment by two clocks. `at`: the wall clock; `running`: seconds since the machine started; `boot`: the name of
    that start, by which another process knows whether the seconds may be compared."""

    at: datetime
    boot: str
    running: float


def now_in_utc() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def seconds_running() -> float:
    """Seconds since the machine started, with those that it slept."""
    return time.clock_gettime(_RUNNING)


@cache
def boot() -> str:
    """The name of the machine's latest start; where the system has none, one that is good for this process."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return uuid.uuid4().hex


def moment(clock: Clock = now_in_utc, running: Running = seconds_running) -> Moment:
    """This moment by both clocks."""
    return Moment(clock(), boot(), running())
