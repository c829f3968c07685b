"""What an erasure costs at a large store: taking mentions out, writing the store anew, and who waits meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from statistics import quantiles

from data.ingest import absorber
from data.models import Action, ActionKind
from data.people.rights import lead
from data.queue import queue, triage
from data.retention import rewriting
from data.settings import Places
from data.spool.batches import drop
from data.store.store import Store
from tests.benchmarks.figures import Figure
from tests.benchmarks.ground import Ground

AT_ONCE = 100  # mentions, as a source tells of them in one portion
PAUSE = 0.02  # seconds between two key presses and two reads


def erase(ground: Ground) -> Iterator[Figure]:
    """Mentions that are gone, with people at work all the while."""
    places = ground.million()
    size = places.store.stat().st_size
    with closing(Store(places.store)) as store:
        stored = f"{ground.sizes.stored:,} mentions"
        with People(store, ground) as still:
            threading.Event().wait(2.0 if ground.sizes.stored > 100_000 else 0.2)
        yield Figure(f"a key press, 99 of 100, nothing else going on, {stored}", still.slowest(still.presses), "ms")
        with People(store, ground) as people:
            started = time.perf_counter()
            _take_out(store, places, ground)
            taken = time.perf_counter() - started
        yield Figure(f"{AT_ONCE} mentions gone, out of {stored}", 1000 * taken, "ms")
        yield Figure("the longest key press meanwhile", max(people.presses), "ms")
        with People(store, ground) as people:
            started = time.perf_counter()
            done = rewriting.rewrite(store, datetime.now(UTC))
            taken = time.perf_counter() - started
        assert done, "readers would not let the file go"
        yield Figure(f"the store of {size / 1e6:,.0f} MB written anew", taken, "s")
        yield Figure("a key press meanwhile, 99 of 100", people.slowest(people.presses), "ms")
        yield Figure("the longest key press meanwhile", max(people.presses), "ms")
        yield Figure("the longest read of the queue meanwhile", max(people.reads), "ms")


def _take_out(store: Store, places: Places, ground: Ground) -> None:
    with store.read() as reading:
        rows = queue.page(reading, ground.judgement.ranking, queue.View(), datetime.now(UTC), rows=AT_ONCE)
    drop(places.incoming, "bench", datetime.now(UTC), gone=[row.mention_id for row in rows])
    assert [one.rejected for one in absorber.absorb_waiting(store, ground.judgement, places)] == [0]


class People:
    """Somebody who presses keys and somebody who reads the queue, for as long as the block lasts; in milliseconds."""

    def __init__(self, store: Store, ground: Ground) -> None:
        self._store = store
        self._ranking = ground.judgement.ranking
        self._leave = threading.Event()
        self._threads = [threading.Thread(target=self._press), threading.Thread(target=self._read)]
        self.presses: list[float] = []
        self.reads: list[float] = []

    def __enter__(self) -> People:
        with self._store.read() as reading:
            rows = queue.page(reading, self._ranking, queue.View(), datetime.now(UTC), rows=500)
        self._ids = [row.mention_id for row in rows][AT_ONCE:] or [row.mention_id for row in rows]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leave.set()
        for thread in self._threads:
            thread.join()

    def slowest(self, taken: list[float]) -> float:
        """What 99 of 100 stayed under."""
        return quantiles(taken, n=100)[-1] if len(taken) > 1 else taken[0]

    def _press(self) -> None:
        number = 0
        while not self._leave.wait(PAUSE) or not self.presses:
            one = self._ids[number % len(self._ids)]
            number += 1
            note = Action("", one, ActionKind.NOTE, "ana", datetime.now(UTC), "seen")
            started = time.perf_counter()
            triage.record(self._store, self._ranking, note, None, lead(note.actor))
            self.presses.append(1000 * (time.perf_counter() - started))

    def _read(self) -> None:
        while not self._leave.wait(PAUSE) or not self.reads:
            started = time.perf_counter()
            with self._store.read() as reading:
                queue.page(reading, self._ranking, queue.View(), datetime.now(UTC))
            self.reads.append(1000 * (time.perf_counter() - started))
