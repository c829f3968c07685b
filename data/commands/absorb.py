"""`python -m data absorb`: takes in what waits, scores it and publishes the copy."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from data.analytics import published
from data.backup import opening
from data.cli import USERS_ERROR
from data.commands.invocation import Invocation
from data.ingest import absorber
from data.ingest.batch import Absorbed
from data.models import PartlyDone
from data.retention import erased, newest
from data.scores import rescoring, scorer
from data.store.opening import StoreIsHeld

NAME, HELP = "absorb", "take in the batches that wait and score them, when no app runs"


def add_arguments(_: argparse.ArgumentParser) -> None:
    """Add nothing: the command takes no arguments."""


def run(invocation: Invocation) -> int:
    """Take in the waiting batches, score the new mentions, publish the copy. Does nothing while the app holds the
    store. Returns 1 when a batch could not be taken in, else 0."""
    invocation.insist()
    here = invocation.places
    is_current = published.is_sealed(here.published, here.store)
    try:
        store = opening.open_store(here)
    except StoreIsHeld as held:
        print(f"The app (process {held.holder}) holds the store and takes batches in by itself, within seconds.")
        return 0
    erased.catch_up(store, here)
    judgement = invocation.lent.judgement()
    if rescoring.Rescoring(store, judgement.ranking, invocation.lent.scorer()).go_on():
        print("Everything that is stored has been scored anew.")
    check = newest.time_check(store, here)
    done, trouble = absorber.absorb_all(store, judgement, here, lambda: check.look().is_believed)
    scored = scorer.score_waiting(store, judgement)
    published.Publisher(store, here.published, is_current=is_current).publish()
    store.close()
    published.seal(here.published, here.store)
    if not check.latest.is_believed:
        print(check.latest.says, file=sys.stderr)
    return _tell(done, scored, trouble)


def _tell(done: Sequence[Absorbed], scored: int, trouble: PartlyDone | None) -> int:
    """Print the counts and the troubles; return the exit code."""
    unreadable = [one for one in done if one.unreadable]
    for one in unreadable:
        print(f"{one.batch} was set aside as .rejected: {one.unreadable}.", file=sys.stderr)
    added, edited, rejected = (sum(getattr(one, name) for one in done) for name in ("added", "edited", "rejected"))
    taken, new = _of(len(done), "batch", "batches"), _of(added, "new mention", "new mentions")
    print(f"{taken}: {new}, {edited:,} edited, {scored:,} scored, {rejected:,} set aside.")
    if trouble:
        print(trouble, file=sys.stderr)
    return USERS_ERROR if unreadable or trouble else 0


def _of(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
