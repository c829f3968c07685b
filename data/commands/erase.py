"""`python -m data erase`: one author of one source, or one mention, out of every file; by the app where one runs."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from data.analytics import published
from data.backup import opening
from data.cli import say
from data.clock import now_in_utc
from data.commands.invocation import Invocation
from data.ingest import absorber
from data.models import Erase, HearbackError, PartlyDone
from data.monitoring import leftovers
from data.people import acting
from data.people.rights import Actor, Verb
from data.retention import erasure_requests, newest
from data.retention.upkeep import Upkeep
from data.scores.scorer import Judgement
from data.settings import Places
from data.store.opening import StoreIsHeld
from data.store.store import Connection, Store

NAME, HELP = "erase", "take an author of one source, or a mention, out of every file"
SOME = 20  # sources named in a sentence, at most
NOT_REACHED = (
    "What you exported elsewhere is yours to delete. Backups made before still hold it; a restore leaves it out."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add --author, --source, --mention, --by and --count."""
    parser.add_argument("--author", metavar="NAME", help="all that this very name said on one source")
    parser.add_argument(
        "--source", metavar="SOURCE", help="the source the name stands on; needed where several have it"
    )
    parser.add_argument("--mention", metavar="ID", help="one mention, by its id")
    parser.add_argument("--by", metavar="WHO", help="who does it (the user of this machine)")
    parser.add_argument("--count", action="store_true", help="only say what would go")


def run(invocation: Invocation) -> int:
    """Erase, or hand the request to a running app, and print what is erased. Returns 0. HearbackError when the
    arguments do not name one author or mention, or nothing of it is stored."""
    invocation.insist()
    by = acting.of_command(invocation.places, invocation.chosen.by)
    if not invocation.chosen.count:
        by.insist(Verb.ERASE)
    print(_erased(invocation, by))
    return 0


def _erased(invocation: Invocation, by: Actor) -> str:
    chosen, here = invocation.chosen, invocation.places
    if bool(chosen.author) == bool(chosen.mention):
        raise HearbackError("Say what to erase: --author NAME (with --source SOURCE), or --mention ID.")
    if chosen.mention and chosen.source:
        raise HearbackError("A mention's id says its source already: leave --source out.")
    try:
        store = opening.open_store(here)
    except StoreIsHeld as held:
        return _ask_the_app(chosen, here, by, held)
    try:
        return _erase(chosen, here, by, invocation.lent.judgement(), store)
    finally:
        store.close()
        if not chosen.count:
            published.seal(here.published, here.store)


def _ask_the_app(chosen: argparse.Namespace, here: Places, by: Actor, held: StoreIsHeld) -> str:
    store = Connection(published.snapshot(here.published))
    wanted, counts = asked_for(store, chosen, here, by)
    others = _others(store, wanted) + leftovers.told_of_erasure(here)
    if chosen.count:
        return f"{erasure_requests.told(counts)} would go.{others}"
    erasure_requests.hand_in(here, wanted, counts, by, now_in_utc())
    told = erasure_requests.told(counts)
    return f"The app (process {held.holder}) erases it within seconds: {told}. {NOT_REACHED}{others}"


def _erase(chosen: argparse.Namespace, here: Places, by: Actor, judgement: Judgement, store: Store) -> str:
    if not chosen.count:
        _absorb(store, judgement, here)  # what waits may be theirs, too
    with store.read() as reading:
        wanted, counts = asked_for(reading, chosen, here, by)
        others = _others(reading, wanted) + leftovers.told_of_erasure(here)
    if chosen.count:
        return f"{erasure_requests.told(counts)} would go.{others}"
    request = erasure_requests.hand_in(here, wanted, counts, by, now_in_utc())
    trouble = _absorb(store, judgement, here)
    if request.exists():
        raise HearbackError(f"Nothing is erased yet: the request waits in {request}. {trouble or ''}".strip())
    Upkeep(store, here, (), published.Publisher(store, here.published)).finish()
    return f"Erased for good: {erasure_requests.told(counts)}. {NOT_REACHED}{others}"


def _absorb(store: Store, judgement: Judgement, here: Places) -> PartlyDone | None:
    """Take in the waiting batches; print and return what went wrong, None when nothing did."""
    check = newest.time_check(store, here)
    _, trouble = absorber.absorb_all(store, judgement, here, lambda: check.look().is_believed)
    if trouble:
        say(str(trouble))
    return trouble


def _others(store: Connection, wanted: Erase) -> str:
    told = erasure_requests.told_repeated(erasure_requests.repeated(store, wanted))
    return f"\n{told} To take one out, too: python -m data erase --mention ID" if told else ""


def asked_for(
    store: Connection, chosen: argparse.Namespace, here: Places, by: Actor
) -> tuple[Erase, Mapping[str, int]]:
    """The erasure request that the arguments make, and the counts of what it would erase. HearbackError when the
    author is found on several sources, or nothing is found."""
    source = chosen.source
    if chosen.author and not source:
        found = erasure_requests.sources_of(store, chosen.author, here)
        if len(found) > 1:
            raise HearbackError(
                f"{chosen.author!r} stands on {', '.join(found[:SOME])}, and need not be one person: name one with "
                "--source."
            )
        source = found[0] if found else None
    wanted = Erase(by.name, chosen.mention, source, chosen.author)
    counts = erasure_requests.count(store, wanted, here)
    if not counts:
        where = f" on {source}" if source else ""
        raise HearbackError(f"Nothing is stored of {chosen.mention or chosen.author!r}{where}.{_others(store, wanted)}")
    return wanted, counts
