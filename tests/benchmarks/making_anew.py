"""Re-scoring everything that is stored, and what the keys feel of it meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count, cycle

from analysis.scoring.request import SCORER
from data.models import Action, ActionKind
from data.people.rights import lead
from data.queue import queue, triage
from data.scores import scores, workers
from data.scores.rescoring import Rescoring
from data.store.store import Store
from tests.benchmarks.figures import Figure, p95
from tests.benchmarks.ground import Ground

BETWEEN = 0.2  # seconds between two presses
BEFORE = 40  # presses with nothing beside them
ALONE = 20_000  # texts the workers score with no store around


def rescoring(ground: Ground) -> Iterator[Figure]:
    """All stored mentions scored by another version beside those that count, and the switch; a key is pressed every
    fifth of a second meanwhile."""
    store = Store(ground.million().store)
    try:
        with store.write() as transaction:
            transaction.run("UPDATE score SET scorer = 'an older one'")
        alone = _workers_alone(store, min(ALONE, ground.sizes.stored))
        keys = _Keys(ground, store)
        quiet = [keys.press() for _ in range(BEFORE)]
        keys.start()
        started = time.perf_counter()
        assert Rescoring(store, ground.judgement.ranking, SCORER).go_on()
        taken = time.perf_counter() - started
        keys.stop()
    finally:
        store.close()
    rate = ground.sizes.stored / taken
    against = "the workers alone over stored texts, its start included"
    yield Figure(f"re-score {ground.sizes.stored:,} mentions", rate, "mentions/s", against, rate / alone)
    before = "the same with nothing beside it"
    yield Figure(
        "correcting by key while all is re-scored, p95",
        1000 * p95(keys.taken),
        "ms",
        before,
        p95(keys.taken) / p95(quiet),
    )
    longest = max(keys.taken)
    yield Figure("the longest of these, the switch included", 1000 * longest, "ms", before, longest / max(quiet))


def _workers_alone(store: Store, many: int) -> float:
    """Texts a second."""
    with store.read() as reading:
        rows = reading.rows("SELECT id, title, text, rating FROM mention LIMIT $many", many=many)
    started = time.perf_counter()
    scored = sum(len(block) for block in workers.score(rows, scores.names(store)))
    return scored / (time.perf_counter() - started)


class _Keys(threading.Thread):
    """Somebody who says of one mention after another whether it needs a reply."""

    def __init__(self, ground: Ground, store: Store) -> None:
        super().__init__(daemon=True)
        self._store = store
        self._ranking = ground.judgement.ranking
        with store.read() as reading:
            rows = queue.page(reading, self._ranking, queue.View(), datetime.now(UTC), rows=500)
        self._ids = cycle(row.mention_id for row in rows)
        self._turn = count()
        self._leave = threading.Event()
        self.taken: list[float] = []

    def press(self) -> float:
        """Press once; return the seconds it took."""
        said = ("yes", "no")[next(self._turn) % 2]
        action = Action("", next(self._ids), ActionKind.EXPECT, "somebody", datetime.now(UTC), body=said)
        started = time.perf_counter()
        triage.record(self._store, self._ranking, action, None, lead(action.actor))
        return time.perf_counter() - started

    def run(self) -> None:
        while not self._leave.wait(BETWEEN):
            self.taken.append(self.press())

    def stop(self) -> None:
        """Press no more."""
        self._leave.set()
        self.join()
        self.taken = self.taken or [self.press()]
