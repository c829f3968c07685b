"""What it costs to tell what says the same, and how soon a brand's words are tried on all that is stored."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime

from data import mentions, reposts, trials
from tests.benchmarks.absorbing import laid, opened
from tests.benchmarks.figures import Figure, race, timed
from tests.benchmarks.ground import BRANDS, Ground

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
    places, store = opened(ground, 1)
    mentions.absorb(store, ground.judgement.ranking, laid(ground, count, 1), datetime.now(UTC), places.setup)

    def compare() -> float:
        with store.write("repost") as writing:
            for statement in FORGET:
                writing.run(statement)
            writing.run(PARTS, share=SHARE)
            started = time.perf_counter()
            for number in range(count // SHARE + 1):
                reposts.find_among(writing, "SELECT mention_id FROM part WHERE number = $number", number=number)
            return time.perf_counter() - started

    def hash_alone() -> float:
        with store.write() as writing:
            return timed(lambda: writing.run(BARE))()

    times = race(compare, hash_alone, ground.sizes.rounds)
    yield times.rate(
        f"tell what says the same among {count:,} mentions",
        count,
        "mentions/s",
        "DuckDB hashing each lowered text once",
    )

    def try_out() -> None:
        with store.read() as reading:
            trials.page(reading, trials.try_out(reading, BRANDS[0], is_saved=True), trials.HITS, 1)

    tried = race(timed(try_out), hash_alone, ground.sizes.rounds)
    yield tried.milliseconds(f"try a brand on {count:,} stored mentions", BESIDE)
    store.close()
    shutil.rmtree(places.root)
