"""What each command of `python -m data` gets: its arguments, the data folder, the command lock, the store to read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.models import HearbackError
from data.settings import Places

if TYPE_CHECKING:
    from data.scores.scorer import Judgement
    from data.store.store import Connection


@dataclass(frozen=True, slots=True)
class Lent:
    """Values from `analysis` and `listeners`, which `data` may not import; each is made when a command calls for it."""

    judgement: Callable[[], Judgement]
    scorer: Callable[[], str]  # the shipped scorer's name
    switched_on: Callable[[Places], set[str] | None]  # the sources; None while setup.toml cannot be read


@dataclass(frozen=True, slots=True)
class Invocation:
    """One run of one command. `is_our_turn`: whether this process holds the command lock."""

    chosen: argparse.Namespace
    places: Places
    is_our_turn: bool
    lent: Lent

    def insist(self) -> None:
        """Raise HearbackError when another command holds the command lock."""
        if not self.is_our_turn:
            raise HearbackError(f"Another command is at work in {self.places.root}; try again when it is done.")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to the store; to the published copy, with a note on standard error, while another process holds
        the store."""
        from data.analytics import published  # with DuckDB and Arrow, which not every command needs
        from data.backup import opening
        from data.store.opening import StoreIsHeld
        from data.store.store import Connection

        try:
            store = opening.open_store(self.places)
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
