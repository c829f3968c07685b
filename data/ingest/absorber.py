"""The absorber and the scorer: two threads that take batches in as they come and score what has no score yet."""

from __future__ import annotations

import json
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from data import setup
from data.brands import matches
from data.clock import Clock, now_in_utc
from data.ingest import batch as mentions
from data.ingest.batch import NOT_THE_BATCH, Absorbed
from data.models import HearbackError
from data.queue.ranks import Ranking
from data.retention import erasure
from data.scores import layers, rescoring, scores, workers
from data.scores.layers import Version
from data.settings import Places
from data.spool.batches import sweep, waiting
from data.store.store import Store

Score = Callable[[dict[str, Any]], dict[str, Any]]  # analysis.scoring.scoring.score_line
LOOK_EVERY = 0.5  # seconds between two looks into the drop folder
LONGEST_REST = 30.0  # seconds a thread rests after failing again and again
AT_ONCE = 200_000  # mentions scored in one round; bounds the memory a large import takes
KEPT_AT_ONCE = 8_000  # scores written in one transaction; a person's key press waits for no longer than that takes
BY_HAND = 200  # up to so many are scored here before a worker process would have started


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the store leaves to others: how urgent a case is, and what a text says."""

    ranking: Ranking
    score: Score
    under: Callable[[str], Score] | None = None  # the same under a layer, JSON; None: ask the crew


def absorb_waiting(store: Store, judgement: Judgement, places: Places, clock: Clock = now_in_utc) -> Iterator[Absorbed]:
    """Bring the brands up to date and take in every batch that waits. One bad batch never stops the next; HearbackError
    at the end when setup.toml must be mended, for then the batches that bring new brands wait."""
    trouble: HearbackError | None = None
    try:
        matches.follow(store, judgement.ranking, setup.load(places.setup).brands)
    except HearbackError as broken:
        trouble = broken
    sweep(places.incoming, clock())
    for batch in waiting(places.incoming):
        try:
            yield _absorb(store, judgement, places, batch, clock())
        except HearbackError as broken:
            trouble = broken
    erasure.rank_anew(store, judgement.ranking)
    if trouble:
        raise trouble


def _absorb(store: Store, judgement: Judgement, places: Places, batch: Path, now: datetime) -> Absorbed:
    try:
        return mentions.absorb(store, judgement.ranking, batch, now, places.setup, lambda many: _expect(store, many))
    except NOT_THE_BATCH:
        workers.dismiss()
        raise  # the disk or the memory is short: the batch waits
    except duckdb.Error as refusal:
        workers.dismiss()
        return mentions.set_aside(store, batch, f"the store refused it: {str(refusal).splitlines()[0]}", now)


def _expect(store: Store, unscored: int) -> None:
    """Have the crew start while the batch is still being taken in, so that it stands when there is work."""
    with store.read() as reading:
        is_shipped = layers.counting(reading).content is None
    if unscored > BY_HAND and is_shipped and not rescoring.is_updating(store):
        workers.stand_by(scores.names(store))


def score_waiting(store: Store, judgement: Judgement, clock: Clock = now_in_utc) -> int:
    """Score everything that waits, in rounds; return how many scores were kept."""
    kept = 0
    while not rescoring.is_updating(store) and (rows := scores.waiting(store, AT_ONCE)):
        with store.read() as reading:
            version = layers.counting(reading)
        done = 0
        for block in _score(rows, scores.names(store), judgement, version):
            read, now = rows[done : done + len(block)], clock()
            if not scores.keep(store, judgement.ranking, block, read, now, version):
                break  # another version counts now
            done += len(block)
        kept += done
    return kept


def _score(
    rows: list[dict[str, Any]], names: Sequence[str], judgement: Judgement, version: Version
) -> Iterator[list[bytes]]:
    if len(rows) <= BY_HAND and (score := _by_hand(judgement, version)):
        yield [json.dumps(score(row | {"names": names})).encode() + b"\n" for row in rows]
        return
    gathered: list[bytes] = []
    for block in workers.score(rows, names, layer=version.content):
        gathered += block
        if len(gathered) >= KEPT_AT_ONCE:
            yield gathered
            gathered = []
    if gathered:
        yield gathered


def _by_hand(judgement: Judgement, version: Version) -> Score | None:
    """Who scores a few in this process, where somebody can."""
    if version.content is None:
        return judgement.score
    return judgement.under(version.content) if judgement.under else None


class Loop(threading.Thread):
    """A thread that does one round of work, rests, and starts again; `trouble` tells what stopped the last round."""

    def __init__(self, name: str, work: Callable[[], object], rest: float) -> None:
        super().__init__(name=name, daemon=True)
        self._work = work
        self._rest = rest
        self._leave = threading.Event()
        self._wake = threading.Event()
        self._failures = 0
        self.trouble: str | None = None

    def run(self) -> None:
        while not self._leave.is_set():
            try:
                self._work()
                self.trouble = None
            except HearbackError as trouble:
                self.trouble = str(trouble)
            except Exception as trouble:  # noqa: BLE001  # a thread's outermost edge: shown, and tried again
                self.trouble = f"{type(trouble).__name__}: {trouble}"
                traceback.print_exc(file=sys.stderr)
            self._failures = self._failures + 1 if self.trouble else 0
            self._wake.wait(min(self._rest * 2**self._failures, LONGEST_REST))
            self._wake.clear()

    def is_leaving(self) -> bool:
        """Whether it was told to end, so that long work can break off."""
        return self._leave.is_set()

    def wake(self) -> None:
        """Start the next round now."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the round that runs, then end."""
        self._leave.set()
        self._wake.set()
        self.join(timeout=10)
