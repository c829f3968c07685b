"""The absorber: follows setup.toml and takes in, one after the other, the batches that wait."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb

from data import setup, troubles
from data.brands import following
from data.clock import Clock, now_in_utc
from data.ingest.batch import Absorbed, absorb, set_aside
from data.ingest.context import IngestContext
from data.ingest.put_off import PutOff
from data.models import HearbackError, PartlyDone
from data.queue import reranking
from data.retention import erasure
from data.scores import scorer, workers
from data.scores.scorer import Judgement
from data.settings import Places
from data.spool.batches import sweep, waiting
from data.store.condition import StoreIsShut
from data.store.store import Store

LOOK_EVERY = 0.5  # seconds between two readings of the drop folder
MANY = 5  # failures in a row that end a round: it is not the batches that fail
TOLD = 3  # reasons in a sentence, at most


def absorb_waiting(
    store: Store,
    judgement: Judgement,
    places: Places,
    clock: Clock = now_in_utc,
    is_clock_believed: Callable[[], bool] = lambda: True,
    put_off: PutOff | None = None,
) -> Iterator[Absorbed]:
    """Bring the brands up to date and take in every batch that waits. A bad batch does not stop the next one, nor does
    one that cannot be read, renamed or removed; `put_off` keeps those from one round to the next. PartlyDone at the end
    says what is wrong, as when setup.toml cannot be read; batches that bring new brands wait until it can. StoreIsShut
    ends the round at once. While the clock is not believed nothing is deleted but what a person erases."""
    put_off = put_off or PutOff()
    reasons: list[str] = []
    with _telling(reasons):
        following.follow(store, judgement.ranking, setup.load(places.setup).brands, clock())
    now = clock()  # told before the clock is checked, which may be set meanwhile
    with _telling(reasons):
        if is_clock_believed():
            sweep(places.incoming, now)
            erasure.follow_told(store, judgement.ranking, places, now)
    with _telling(reasons):
        expect = partial(scorer.expect, store)
        yield from _each(
            put_off, places.incoming,
            lambda: IngestContext(store, judgement.ranking, places, clock(), expect, is_clock_believed()),
        )  # fmt: skip
    with _telling(reasons):
        reranking.rank_anew(store, judgement.ranking)
    if reasons := list(dict.fromkeys([*reasons, *put_off.reasons()])):
        more = f" {len(reasons) - TOLD} more wait." if len(reasons) > TOLD else ""
        raise PartlyDone(" ".join(reasons[:TOLD]) + more)


def absorb_all(
    store: Store, judgement: Judgement, places: Places, is_clock_believed: Callable[[], bool] = lambda: True
) -> tuple[list[Absorbed], PartlyDone | None]:
    """One round of `absorb_waiting`: what was taken in or set aside, and what could not be."""
    done: list[Absorbed] = []
    try:
        for one in absorb_waiting(store, judgement, places, is_clock_believed=is_clock_believed):
            done.append(one)  # what was done before the trouble counts
    except PartlyDone as trouble:
        return done, trouble
    return done, None


def _each(put_off: PutOff, incoming: Path, context: Callable[[], IngestContext]) -> Iterator[Absorbed]:
    failed = 0
    for batch in put_off.due(waiting(incoming)):
        done, reasons = None, list[str]()
        with _telling(reasons):
            done = _absorb(context(), batch)
            reasons += [done.stays] if done.stays else []
        if reasons and os.path.lexists(batch):
            put_off.note(batch, reasons[0])
        else:
            put_off.forget(batch)
        if done:
            yield done
        failed = failed + 1 if reasons else 0
        if failed == MANY:
            return


@contextmanager
def _telling(reasons: list[str]) -> Iterator[None]:
    """Note what stops a part of the work, so that the rest goes on."""
    try:
        yield
    except StoreIsShut:
        raise
    except HearbackError as trouble:
        reasons.append(str(trouble))
    except OSError as trouble:
        reasons.append(troubles.sentence(trouble))
    except MemoryError:
        reasons.append("There is not memory enough. End other programs, or give this machine more.")


def _absorb(context: IngestContext, batch: Path) -> Absorbed:
    try:
        return absorb(context, batch)
    except duckdb.Error as refusal:
        workers.dismiss()
        return set_aside(context, batch, f"the store refused it: {str(refusal).splitlines()[0]}")
    except BaseException:
        workers.dismiss()
        raise  # it waits
