"""The absorber: follows setup.toml and takes in, one after the other, the batches that wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import duckdb

from data import setup
from data.brands import following
from data.clock import Clock, now_in_utc
from data.ingest.batch import NOT_THE_BATCH, Absorbed, absorb, set_aside
from data.ingest.context import IngestContext
from data.models import HearbackError
from data.queue import reranking
from data.retention import erasure
from data.scores import scorer, workers
from data.scores.scorer import Judgement
from data.settings import Places
from data.spool.batches import sweep, waiting
from data.store.store import Store

LOOK_EVERY = 0.5  # seconds between two readings of the drop folder


def absorb_waiting(
    store: Store,
    judgement: Judgement,
    places: Places,
    clock: Clock = now_in_utc,
    is_clock_believed: Callable[[], bool] = lambda: True,
) -> Iterator[Absorbed]:
    """Bring the brands up to date and take in every batch that waits. A bad batch does not stop the next one.
    HearbackError at the end when setup.toml cannot be read; batches that bring new brands wait until it can. While the
    clock is not believed nothing is deleted but what a person erases."""
    trouble: HearbackError | None = None
    try:
        following.follow(store, judgement.ranking, setup.load(places.setup).brands)
    except HearbackError as broken:
        trouble = broken
    if is_believed := is_clock_believed():
        sweep(places.incoming, clock())
        erasure.follow_told(store, judgement.ranking, places, clock())
    for batch in waiting(places.incoming):
        expect = partial(scorer.expect, store)
        context = IngestContext(store, judgement.ranking, places, clock(), expect, is_believed)
        try:
            yield _absorb(context, batch)
        except HearbackError as broken:
            trouble = broken
    reranking.rank_anew(store, judgement.ranking)
    if trouble:
        raise trouble


def _absorb(context: IngestContext, batch: Path) -> Absorbed:
    try:
        return absorb(context, batch)
    except NOT_THE_BATCH:
        workers.dismiss()
        raise  # the disk or the memory is short: the batch waits
    except duckdb.Error as refusal:
        workers.dismiss()
        return set_aside(context, batch, f"the store refused it: {str(refusal).splitlines()[0]}")
