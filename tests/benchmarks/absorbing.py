"""How fast mentions come in: absorbing beside a bare read of the same file, and with scoring beside VADER alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from data.brands import following
from data.ingest import absorber
from data.ingest import batch as batch_module
from data.ingest.context import IngestContext
from data.ingest.reading import COLUMNS
from data.scores import scorer, workers
from data.settings import Places
from data.setup import save_brands
from data.spool.batches import drop
from data.store.store import Store
from tests.benchmarks.figures import Figure, race
from tests.benchmarks.ground import BRANDS, Ground

BARE = f"CREATE TABLE bare AS SELECT * FROM read_json(?, format = 'newline_delimited', columns = {COLUMNS})"


def absorb(ground: Ground) -> Iterator[Figure]:
    """A batch into an empty store on the disk, without scores."""
    for count in (1, 3):
        batch = laid(ground, ground.sizes.absorbed, count)
        times = race(lambda: _absorb(ground, batch, count), lambda: _read_bare(ground, batch), ground.sizes.rounds)  # noqa: B023
        name = f"absorb {ground.sizes.absorbed:,} mentions, {count} brand{'s' * (count > 1)}"
        yield times.rate(name, ground.sizes.absorbed, "mentions/s", "DuckDB's read_json of the same file into a table")


def laid(ground: Ground, count: int, brands: int) -> Path:
    """A batch of so many mentions."""
    return drop(ground.room(), "bench", datetime.now(UTC), found=ground.mentions(count, brands))


def opened(ground: Ground, brands: int) -> tuple[Places, Store]:
    """An empty store that listens for so many brands."""
    places = Places(ground.room())
    save_brands(places.setup, BRANDS[:brands])
    store = Store(places.store)
    following.follow(store, ground.judgement.ranking, BRANDS[:brands])
    return places, store


def _absorb(ground: Ground, batch: Path, brands: int) -> float:
    places, store = opened(ground, brands)
    copy = shutil.copy(batch, places.root / batch.name)
    started = time.perf_counter()
    done = batch_module.absorb(IngestContext(store, ground.judgement.ranking, places, datetime.now(UTC)), Path(copy))
    taken = time.perf_counter() - started
    store.close()
    assert done.added == ground.sizes.absorbed
    shutil.rmtree(places.root)
    return taken


def _read_bare(ground: Ground, batch: Path) -> float:
    room = ground.room()
    with duckdb.connect(room / "bare.duckdb") as connection:
        started = time.perf_counter()
        connection.execute(BARE, [str(batch)])
        taken = time.perf_counter() - started
    shutil.rmtree(room)
    return taken


def score(ground: Ground) -> Iterator[Figure]:
    """A batch from the drop folder to kept scores and a ranked queue, on all cores."""
    count = ground.sizes.scored
    batch = laid(ground, count, 1)
    spoken = _spoken(batch)
    cores = os.cpu_count() or 1
    against = f"vaderSentiment alone, polarity_scores of the same texts in {cores} processes that already stand"
    for judge in ("vader", "hearback"):
        with _workers(judge):
            times = race(lambda: _score(ground, batch), lambda: vader_alone(spoken), ground.sizes.rounds)
        yield times.rate(f"absorb and score {count:,} mentions by {judge}", count, "mentions/s", against)


@contextmanager
def _workers(judge: str) -> Iterator[None]:
    """Let the workers judge by one scorer; the one that counts is the learned one, and VADER is raced with it."""
    as_it_was = workers.WORKER
    workers.WORKER = (*as_it_was, "--scorer", judge)
    try:
        yield
    finally:
        workers.WORKER = as_it_was


def _spoken(batch: Path) -> list[str]:
    with batch.open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def _score(ground: Ground, batch: Path) -> float:
    places, store = opened(ground, 1)
    places.incoming.mkdir()
    shutil.copy(batch, places.incoming / batch.name)
    started = time.perf_counter()
    list(absorber.absorb_waiting(store, ground.judgement, places))
    kept = scorer.score_waiting(store, ground.judgement)
    taken = time.perf_counter() - started
    store.close()
    assert kept == ground.sizes.scored
    shutil.rmtree(places.root)
    return taken


VADER = """
import json, sys
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
score = SentimentIntensityAnalyzer().polarity_scores
texts = json.loads(sys.stdin.readline())
print(flush=True)
sys.stdin.readline()
for text in texts:
    score(text)
print(flush=True)
"""


def vader_alone(spoken: list[str], processes: int | None = None) -> float:
    """Seconds that vaderSentiment needs for these texts, in as many processes at once; starting them, and giving them
    the texts, does not count."""
    count = processes or os.cpu_count() or 1
    started = [_start_vader(spoken[number::count]) for number in range(count)]
    for process in started:
        _told(process)
    begun = time.perf_counter()
    for process in started:
        _tell(process, "")
    for process in started:
        _told(process)
    taken = time.perf_counter() - begun
    for process in started:
        process.communicate()
    return taken


def _start_vader(texts: list[str]) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", VADER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    _tell(process, json.dumps(texts))
    return process


def _tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _told(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    process.stdout.readline()
