"""The batches that cannot be taken in for now: each rests for a while, and holds up no other meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

FIRST_REST, LONGEST_REST = 1.0, 8.0  # seconds until one is tried again: what is mended is found mended within ten


@dataclass
class _Held:
    why: str
    due: float  # monotonic seconds
    rest: float


@dataclass
class PutOff:
    """Why each of these batches waits, and when it is tried again."""

    monotonic: Callable[[], float] = time.monotonic
    _held: dict[Path, _Held] = field(default_factory=dict)

    def due(self, waiting: Iterable[Path]) -> Iterator[Path]:
        """Those of the batches that do not rest; what is known of others is forgotten, for they are gone."""
        there = list(waiting)
        self._held = {batch: self._held[batch] for batch in there if batch in self._held}
        return (batch for batch in there if batch not in self._held or self._held[batch].due <= self.monotonic())

    def note(self, batch: Path, why: str) -> None:
        """Let a batch rest, the longer the more often it could not be taken in."""
        rest = min(self._held[batch].rest * 2, LONGEST_REST) if batch in self._held else FIRST_REST
        self._held[batch] = _Held(why, self.monotonic() + rest, rest)

    def forget(self, batch: Path) -> None:
        """Note that a batch was taken in or set aside."""
        self._held.pop(batch, None)

    def reasons(self) -> list[str]:
        """Why batches rest, a sentence each."""
        return list(dict.fromkeys(one.why for one in self._held.values()))
