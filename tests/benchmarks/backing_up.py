"""What a backup, a restore and a check of a large store cost, and who waits meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from data.backup import backing_up, checking, putting_back
from data.people.rights import OURSELVES
from data.settings import Places
from data.store.store import Store
from tests.benchmarks.erasing import People
from tests.benchmarks.figures import Figure, Work
from tests.benchmarks.ground import Ground


def backup(ground: Ground) -> Iterator[Figure]:
    """A backup and a check with people at work all the while, then a restore of it into an empty folder."""
    places, folder = ground.million(), ground.room() / "backup"
    stored = f"{ground.sizes.stored:,} mentions"
    with closing(Store(places.store)) as store:
        with People(store, ground) as people:
            taken = _seconds(lambda: backing_up.make(store, places, folder, OURSELVES))
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        yield Figure(f"a backup of {stored}", taken, "s")
        yield Figure("its size", size / 1e6, "MB")
        yield from _waits(people)
        with People(store, ground) as people:
            taken = _seconds(lambda: _check(store))
        yield Figure(f"a check of {stored}", taken, "s")
        yield from _waits(people)
    yield Figure(f"a restore of {stored}", _seconds(lambda: _restore(folder, Places(ground.room()), ground)), "s")


def _waits(people: People) -> Iterator[Figure]:
    yield Figure("a key press meanwhile, 99 of 100", people.slowest(people.presses), "ms")
    yield Figure("the longest key press meanwhile", max(people.presses), "ms")
    yield Figure("the longest read of the queue meanwhile", max(people.reads), "ms")


def _check(store: Store) -> None:
    found = checking.check(store, OURSELVES, datetime.now(UTC))
    assert not found.wrong, found.wrong


def _restore(folder: Path, here: Places, ground: Ground) -> None:
    done = putting_back.restore(folder, here, ground.judgement.ranking, datetime.now(UTC), by=OURSELVES)
    assert done.rows["mention"] == ground.sizes.stored
    assert not done.wrong


def _seconds(work: Work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
