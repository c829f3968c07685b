"""`python -m data restore`: makes the store from a backup, from its published copy, or from an export."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from data.analytics import kept_copies, published
from data.backup import manifest, opening, putting_back, restoring, telling
from data.backup.restoring import Restored
from data.cli import USERS_ERROR
from data.clock import now_in_utc
from data.commands.invocation import Invocation
from data.people.acting import of_command
from data.settings import Places

NAME, HELP = "restore", "make the store from a backup, its published copy, or the folder of an export"
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
    """Add the copy's folder, --check and --replace."""
    parser.add_argument(
        "copy", nargs="?", type=Path, metavar="DIR", help="a backup, a copy or an export (the published copy)"
    )
    parser.add_argument("--check", action="store_true", help="only say whether it is whole and what would come of it")
    parser.add_argument("--replace", action="store_true", help="also where a store that can be read holds mentions")


def run(invocation: Invocation) -> int:
    """Restore the store and print the counts. Returns 1 when tables of the copy contradict each other, else 0."""
    invocation.insist()
    here = invocation.places
    copy = (invocation.chosen.copy or restoring.newest_copy(here)).absolute()
    restored = _put_back if manifest.is_backup(copy) else _restore
    code = restored(invocation, copy)  # it tells, before anything else may fail
    if not invocation.chosen.check:
        _publish(here)
    return code


def _put_back(invocation: Invocation, backup: Path) -> int:
    chosen, here = invocation.chosen, invocation.places
    ranking = invocation.lent.judgement().ranking
    done = putting_back.restore(
        backup, here, ranking, now_in_utc(), by=of_command(here), over=chosen.replace, only_look=chosen.check
    )
    print(telling.of_restore(done, only_look=chosen.check))
    return _warn(done.wrong)


def _restore(invocation: Invocation, copy: Path) -> int:
    chosen, here = invocation.chosen, invocation.places
    ranking = invocation.lent.judgement().ranking
    done = restoring.restore(
        copy, here, ranking, now_in_utc(), by=of_command(here), over=chosen.replace, only_look=chosen.check
    )
    _tell(done, only_look=chosen.check)
    return _warn(done.wrong)


def _publish(here: Places) -> None:
    store = opening.open_store(here)
    published.Publisher(store, here.published).publish()
    store.close()
    published.seal(here.published, here.store)


def _tell(done: Restored, *, only_look: bool) -> None:
    told = kept_copies.copy_of(done.copy) if done.copy.exists() else None
    when = f" of {told.written_at:%-d %B %Y, %H:%M} UTC" if told else ""
    counts = telling.counted(done.rows)
    if only_look:
        print(f"{done.copy}{when} is whole and can be restored: {counts}. Nothing was changed.")
    else:
        print(f"The store was made from {done.copy}{when}: {counts}.")
        print("What came in or was done after that is not in it.")
    if done.erased:
        print(f"{done.erased:,} mentions were left out: they had been erased.")
    lacking = "; ".join(MISSING.get(table, f"the table {table}") for table in done.missing)
    print(f"Not in the copy: {lacking}.")
    if done.aside:
        names = " and ".join(map(str, done.aside))
        print(f"What was there before is kept as {names}; remove it when nobody needs it.")


def _warn(wrong: list[str]) -> int:
    for sentence in wrong:
        print(f"Look into this: {sentence}.", file=sys.stderr)
    return USERS_ERROR if wrong else 0
