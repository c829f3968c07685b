"""Tells of an exception by its type and its places in the code; by its text only where the text is our own.

A library's exception may quote what it failed on: a row, a cell, an address with a key in it.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data import troubles
from data.models import HearbackError
from data.settings import ROOT

MOST_PLACES = 8  # of one exception, the innermost first
MOST_FAULTS = 5  # of a chain of exceptions
LIBRARIES = "site-packages"


@dataclass(frozen=True, slots=True)
class Fault:
    """An exception as a log may hold it. `text`: "" where it is not ours. `places`: "data/ingest/batch.py:88", the
    innermost first; empty for one that was never raised."""

    type: str
    text: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        """On one line: "KeyError in data/ingest/batch.py:88 < app.py:40"."""
        said = f"{self.type}: {self.text}" if self.text else self.type
        return f"{said} in {' < '.join(self.places)}" if self.places else said


def told(raised: BaseException) -> list[Fault]:
    """An exception, what caused it, and what a group of them holds; at most MOST_FAULTS."""
    return [_fault(one) for one, _ in zip(_chain(raised, set()), range(MOST_FAULTS), strict=False)]


def _chain(raised: BaseException, seen: set[int]) -> Iterator[BaseException]:
    if id(raised) in seen:
        return
    seen.add(id(raised))
    yield raised
    within = raised.exceptions if isinstance(raised, BaseExceptionGroup) else ()
    before = raised.__cause__ or (None if raised.__suppress_context__ else raised.__context__)
    for one in (*within, before):
        if one is not None:
            yield from _chain(one, seen)


def _fault(raised: BaseException) -> Fault:
    frames = traceback.extract_tb(raised.__traceback__)
    places = tuple(f"{_file(frame.filename)}:{frame.lineno or 0}" for frame in reversed(frames[-MOST_PLACES:]))
    return Fault(type(raised).__name__, _text(raised), places)


def _text(raised: BaseException) -> str:
    """The text of an error of ours, or of what the system refused. A library's network error is an OSError, too, and
    has no number of the system."""
    if isinstance(raised, HearbackError):
        return str(raised)
    if isinstance(raised, OSError) and isinstance(raised.errno, int) and isinstance(raised.strerror, str):
        return troubles.sentence(raised)
    return ""


def _file(name: str) -> str:
    """A file of ours from the top of the project, a library's from its own, any other by its last two parts."""
    parts = Path(name).parts
    if LIBRARIES in parts:
        return "/".join(parts[parts.index(LIBRARIES) + 1 :])
    path = Path(name)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(parts[-2:])
