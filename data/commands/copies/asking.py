"""What the commands about copies share: who asks, and the running app where that holds the store."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from data.backup import opening, requests
from data.backup.requests import CopyOutcome
from data.cli import USERS_ERROR
from data.commands.invocation import Invocation
from data.people.acting import of_command
from data.store.opening import StoreIsHeld
from data.store.store import Store


def have_done(
    invocation: Invocation, what: str, do: Callable[[Store], CopyOutcome], folder: Path | None = None
) -> CopyOutcome:
    """What comes of `do` with the store, or of the same done by the app that holds it. `what`: as the app knows it.
    HearbackError when it cannot be done."""
    here = invocation.places
    try:
        store = opening.open_store(here)
    except StoreIsHeld as held:
        return requests.ask(here, what, of_command(here), held.holder, folder)
    try:
        return do(store)
    finally:
        store.close()


def tell(outcome: CopyOutcome) -> int:
    """Print what came of it; return the exit code."""
    if outcome.said:
        print(outcome.said)
    if outcome.trouble:
        print(outcome.trouble, file=sys.stderr)
    return USERS_ERROR if outcome.trouble else 0
