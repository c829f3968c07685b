"""Keeps a log short: what is said again and again is written once a minute, with how often it came."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

AGAIN_AFTER = 60.0  # seconds
MOST_KINDS = 500  # that are remembered

Kind = tuple[object, ...]


@dataclass
class OncePerKind(logging.Filter):
    """Lets one record of a kind through a minute. A kind is where it was logged, and of an exception its type and
    place."""

    monotonic: Callable[[], float] = time.monotonic
    _seen: dict[Kind, tuple[float, int]] = field(default_factory=dict)  # since when, and how many were left out
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written. One that is says how many like it were not. Its arguments stay apart from its
        message: what they hold is for the formatter to judge."""
        kind, now = _kind(record), self.monotonic()
        with self._lock:
            since, left_out = self._seen.get(kind, (None, 0))
            if since is not None and now - since < AGAIN_AFTER:
                self._seen[kind] = (since, left_out + 1)
                return False
            if len(self._seen) >= MOST_KINDS:
                self._seen.clear()
            self._seen[kind] = (now, 0)
        if left_out:
            record.msg = f"{record.msg} ({left_out:,} more like it since the last)"
        return True


def _kind(record: logging.LogRecord) -> Kind:
    where = (record.name, record.levelno, record.pathname, record.lineno)
    if record.exc_info and record.exc_info[1] is not None:
        fault = record.exc_info[1]
        return (*where, type(fault).__name__, place_of(fault))
    return (*where, record.msg)


def place_of(fault: BaseException) -> tuple[str, int]:
    """The file and the line in which an exception was raised."""
    frames = traceback.extract_tb(fault.__traceback__)
    return (frames[-1].filename, frames[-1].lineno or 0) if frames else ("", 0)
