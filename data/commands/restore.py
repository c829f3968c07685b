"""`python -m data restore`: makes the store from its published copy or from an export."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data.analytics import kept_copies, published
from data.cli import USERS_ERROR
from data.clock import now_in_utc
from data.commands.invocation import Invocation
from data.ingest import restoring
from data.ingest.restoring import Restored
from data.store.store import Store

NAME, HELP = "restore", "make the store from its published copy, or from the folder of an export"
SHOWN = ("mention", "score", "action", "queue", "correction")  # whose rows are counted first
MISSING = {
    "match": "which mentions are about which brand, which was found anew by the brands' words",
    "queue": "the queue, which was made anew",
    "suppressed": "the suppression list: what was erased before the copy was made may come in again from its source",
    "identity": "the store's identity: it gets a new one",
    "told_gone": "deletions that waited for the clock to be believed",
    "fingerprint": "fingerprints, which were made anew",
    "rescored": "scores of a version that was being made, which are made anew",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the copy's folder and --replace."""
    parser.add_argument("copy", nargs="?", type=Path, metavar="DIR", help="a copy or an export (the published copy)")
    parser.add_argument("--replace", action="store_true", help="also where a store that can be read holds mentions")


def run(invocation: Invocation) -> int:
    """Restore the store and print the counts. Returns 1 when tables of the copy contradict each other, else 0."""
    invocation.insist()
    here = invocation.places
    copy = (invocation.chosen.copy or restoring.newest_copy(here)).absolute()
    ranking = invocation.lent.judgement().ranking
    done = restoring.restore(copy, here, ranking, now_in_utc(), over=invocation.chosen.replace)
    code = _tell(done)  # before anything else may fail
    store = Store(here.store)
    published.Publisher(store, here.published).publish()
    store.close()
    published.seal(here.published, here.store)
    return code


def _tell(done: Restored) -> int:
    told = kept_copies.copy_of(done.copy) if done.copy.exists() else None
    when = f" of {told.written_at:%-d %B %Y, %H:%M} UTC" if told else ""
    print(f"The store was made from {done.copy}{when}: {_counted(done)}.")
    print("What came in or was done after that is not in it.")
    if done.erased:
        print(f"{done.erased:,} mentions were left out: they had been erased.")
    lacking = "; ".join(MISSING.get(table, f"the table {table}") for table in done.missing)
    print(f"Not in the copy: {lacking}.")
    if done.aside:
        names = " and ".join(map(str, done.aside))
        print(f"What was there before is kept as {names}; remove it when nobody needs it.")
    for sentence in done.wrong:
        print(f"Look into this: {sentence}.", file=sys.stderr)
    return USERS_ERROR if done.wrong else 0


def _counted(done: Restored) -> str:
    first = [f"{done.rows[table]:,} rows of {table}" for table in SHOWN if table in done.rows]
    others = sum(rows for table, rows in done.rows.items() if table not in SHOWN)
    return ", ".join([*first, f"{others:,} rows of {len(done.rows) - len(first)} other tables"])
