"""What it costs to tell what says the same, and how soon a brand's words are tried on all that is stored."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from data.brands import previews
from data.duplicates import duplicates
from data.ingest.batch import absorb
from data.ingest.context import IngestContext
from data.models import Found, Mention
from data.settings import Places
from data.spool.batches import drop
from data.store.store import Store
from tests.benchmarks.absorbing import opened
from tests.benchmarks.figures import Figure, race, timed
from tests.benchmarks.ground import BRANDS, SPACING, Ground

SHARE = 8_000  # mentions compared at once, as they get their scores
BESIDE = "DuckDB hashing each lowered text once"
FORGET = ("DELETE FROM fingerprint", "DELETE FROM repost")
PARTS = """
CREATE OR REPLACE TEMP TABLE part AS
SELECT id AS mention_id, row_number() OVER (ORDER BY published_at) // $share AS number FROM mention
"""
BARE = "CREATE OR REPLACE TEMP TABLE bare AS SELECT id, hash(lower(text)) AS whole FROM mention"


def noise(ground: Ground) -> Iterator[Figure]:
    """Fingerprints, index and groups of everything stored, in the portions it is scored in; and one trial."""
    count = ground.sizes.absorbed
    places, store = _stored(ground, ground.mentions(count))
    letters_places, letters = _stored(ground, _letters(count))

    def hash_alone() -> float:
        with store.write() as writing:
            return timed(lambda: writing.run(BARE))()

    times = race(lambda: _compare(store, count), hash_alone, ground.sizes.rounds)
    yield times.rate(f"tell what says the same among {count:,} mentions", count, "mentions/s", BESIDE)
    times = race(lambda: _compare(letters, count), lambda: _compare(store, count), ground.sizes.rounds)
    yield times.rate(f"the same among {count:,} letters of one form", count, "mentions/s", "among as many of all forms")

    def try_out() -> None:
        with store.read() as reading:
            previews.page(reading, previews.try_out(reading, BRANDS[0], is_saved=True), previews.HITS, 1)

    tried = race(timed(try_out), hash_alone, ground.sizes.rounds)
    yield tried.milliseconds(f"try a brand on {count:,} stored mentions", BESIDE)
    for room, open_store in ((places, store), (letters_places, letters)):
        open_store.close()
        shutil.rmtree(room.root)


def _stored(ground: Ground, found: Iterator[Found]) -> tuple[Places, Store]:
    places, store = opened(ground, 1)
    batch = drop(ground.room(), "bench", datetime.now(UTC), found=found)
    absorb(IngestContext(store, ground.judgement.ranking, places, datetime.now(UTC)), batch)
    return places, store


def _letters(count: int) -> Iterator[Found]:
    """What a campaign or a bot brings: one form, filled in otherwise each time, and never twice the same."""
    newest = datetime.now(UTC)
    for n in range(count):
        text = f"{BRANDS[0].name} order {n} was late and {n * 7} points are gone again today"
        published_at = newest - (count - n) * SPACING
        yield Found(Mention(f"reddit:t1_{n:07x}", "reddit", "comment", text, published_at, author=f"somebody {n}"))


def _compare(store: Store, count: int) -> float:
    with store.write() as writing:
        for statement in FORGET:
            writing.run(statement)
        writing.run(PARTS, share=SHARE)
        started = time.perf_counter()
        for number in range(count // SHARE + 1):
            duplicates.find_among(writing, "SELECT mention_id FROM part WHERE number = $number", number=number)
        return time.perf_counter() - started
