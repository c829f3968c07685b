"""The gate of the store: readers enter freely; an exchange of the file waits until all have left."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from data.store.condition import StoreIsShut


class Gate:
    """Counts who is inside. A thread that is inside may enter again even while others are kept out."""

    def __init__(self) -> None:
        self._state = threading.Condition()
        self._inside = 0
        self._shut = False
        self._mine = threading.local()

    @contextmanager
    def enter(self, patience: float | None = None) -> Iterator[None]:
        """Be inside for a while; waits only while somebody is alone. StoreIsShut when that takes more than `patience`
        seconds."""
        depth = getattr(self._mine, "depth", 0)
        with self._state:
            if not self._state.wait_for(lambda: depth or not self._shut, patience):
                raise StoreIsShut("The store's file is being opened anew. It is back within seconds.")
            self._inside += 1
        self._mine.depth = depth + 1
        try:
            yield
        finally:
            self._mine.depth = depth
            with self._state:
                self._inside -= 1
                self._state.notify_all()

    @contextmanager
    def alone(self, patience: float) -> Iterator[bool]:
        """Keep new ones out and wait until nobody is inside; False when that took more than `patience` seconds."""
        with self._state:
            self._shut = True
            empty = self._state.wait_for(lambda: not self._inside, patience)
        try:
            yield empty
        finally:
            with self._state:
                self._shut = False
                self._state.notify_all()
