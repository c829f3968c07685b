"""Counts the stored mentions that a brand's words would match, and those that a change of the words gains or loses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow

from data.brands.matches import HIT, WORDS, patterns
from data.models import Brand
from data.store.store import Connection

HITS, GAINED, LOST = "hits", "gained", "lost"
ROWS = 5  # examples on a page
LENGTH = 240  # characters of an example


@dataclass(frozen=True, slots=True)
class Trial:
    """`hits` of `stored` mentions match, by source; `gained` and `lost`: against the words that are saved, both 0 for a
    brand that is not. `examples`: one row for those that say the same, newest first: id, alike, and whether it `is_hit`
    and `is_saved`."""

    stored: int
    hits: int
    gained: int
    lost: int
    by_source: tuple[tuple[str, int], ...]
    examples: pyarrow.Table

    def counted(self, which: str) -> int:
        """How many examples of a kind there are."""
        return int(self.of(which).num_rows)

    def of(self, which: str) -> pyarrow.Table:
        """The examples of a kind: HITS, GAINED, or LOST."""
        from pyarrow import compute

        hit, saved = self.examples["is_hit"], self.examples["is_saved"]
        wanted = {HITS: hit, GAINED: compute.and_not(hit, saved), LOST: compute.and_not(saved, hit)}
        return self.examples.filter(wanted[which])


@dataclass(frozen=True, slots=True)
class Example:
    """One example as it is shown."""

    id: str
    source: str
    author: str | None
    url: str | None
    thread_id: str | None
    said: str
    published_at: datetime
    alike: int


def try_out(store: Connection, brand: Brand, *, is_saved: bool) -> Trial:
    """Try a brand on the stored mentions that are not fictional, changing nothing. `is_saved`: whether the brand is
    known under its name, so that gains and losses can be told."""
    with store.given("tried", store.run(TRY, **patterns(brand)).to_arrow_table()):
        found = store.rows(COUNTS, is_saved=is_saved)[0]
        by_source = store.rows(BY_SOURCE)
        examples = store.run(EXAMPLES, is_saved=is_saved).to_arrow_table()
    return Trial(**found, by_source=tuple((row["source"], row["many"]) for row in by_source), examples=examples)


def page(store: Connection, trial: Trial, which: str, number: int) -> list[Example]:
    """One page of a trial's examples, counted from 1, newest first."""
    rows = trial.of(which).slice(ROWS * (number - 1), ROWS)
    alike = dict(zip(rows["id"].to_pylist(), rows["alike"].to_pylist(), strict=True))
    found = {row["id"]: row for row in store.rows(BY_ID, ids=list(alike), length=LENGTH)}
    return [Example(**found[one], alike=many) for one, many in alike.items() if one in found]


# Those that say the same are one example: as the queue groups them, or else by the very words.
TRY = f"""
SELECT
    tried.id, tried.source, tried.published_at, tried.is_hit, tried.is_saved,
    CASE
        WHEN repost.canonical_id IS NOT NULL THEN hash(repost.canonical_id)
        WHEN tried.id IN (SELECT canonical_id FROM repost) THEN hash(tried.id)
        ELSE hash(lower(tried.words))
    END AS said
FROM (
    SELECT
        said.id, said.source, said.published_at, said.words, match.brand IS NOT NULL AS is_saved,
        coalesce(match.named_by = 'source', FALSE)
        OR coalesce({HIT}, FALSE) AS is_hit
    FROM (
        SELECT id, source, published_at, {WORDS} AS words
        FROM mention
        WHERE NOT starts_with(id, 'sample:')
    ) AS said
    LEFT JOIN match ON match.mention_id = said.id AND match.brand = $brand
) AS tried
LEFT JOIN repost ON repost.mention_id = tried.id
WHERE tried.is_hit OR tried.is_saved
"""

COUNTS = """
SELECT
    (SELECT count(*) FROM mention WHERE NOT starts_with(id, 'sample:')) AS stored,
    count(*) FILTER (WHERE is_hit) AS hits,
    count(*) FILTER (WHERE $is_saved AND is_hit AND NOT is_saved) AS gained,
    count(*) FILTER (WHERE $is_saved AND is_saved AND NOT is_hit) AS lost
FROM tried
"""

BY_SOURCE = "SELECT source, count(*) AS many FROM tried WHERE is_hit GROUP BY source ORDER BY many DESC, source"

EXAMPLES = """
SELECT
    arg_max(id, published_at) AS id, CAST(count(*) - 1 AS INTEGER) AS alike, is_hit,
    is_saved OR NOT $is_saved AS is_saved
FROM tried
WHERE is_hit OR $is_saved
GROUP BY said, is_hit, is_saved
ORDER BY max(published_at) DESC
"""

BY_ID = """
SELECT id, source, author, url, thread_id, left(coalesce(title || ': ', '') || text, $length) AS said, published_at
FROM mention
WHERE list_contains($ids, id)
"""
