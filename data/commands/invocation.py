"""What each command of `python -m data` is given: what was chosen, where everything lies, and whose turn it is."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from data.analytics import published
from data.models import HearbackError
from data.scores.scorer import Judgement
from data.settings import Places
from data.store.opening import StoreIsHeld
from data.store.store import Connection, Store


@dataclass(frozen=True, slots=True)
class Lent:
    """What the entry point brings from other folders; each is asked for only by the commands that need it."""

    judgement: Callable[[], Judgement]
    scorer: Callable[[], str]  # the shipped scorer's name
    switched_on: Callable[[Places], set[str] | None]  # the sources; None while setup.toml cannot be read


@dataclass(frozen=True, slots=True)
class Invocation:
    """One run of one command."""

    chosen: argparse.Namespace
    places: Places
    is_our_turn: bool
    lent: Lent

    def insist(self) -> None:
        """HearbackError while another command is long at the store: what is asked for cannot be done beside it."""
        if not self.is_our_turn:
            raise HearbackError(f"Another command is at work in {self.places.root}; try again when it is done.")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The store where it is free, else the copy that the app which holds it keeps published."""
        try:
            store = Store(self.places.store)
        except StoreIsHeld as held:
            who = "the app" if self.is_our_turn else "another command"
            print(f"From the published copy: {who} (process {held.holder}) holds the store.", file=sys.stderr)
            yield Connection(published.snapshot(self.places.published))
            return
        try:
            with store.read() as connection:
                yield connection
        finally:
            store.close()
