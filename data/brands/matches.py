"""Matches: which mention names which brand, found for a batch as it arrives and anew for all when a brand changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from data.matching import pattern
from data.models import Brand
from data.store.store import Connection


def find_in_batch(store: Connection, brands: Sequence[Brand], *, known: bool) -> None:
    """Match what `arrived` with these brands: what the source itself names, and what the words say. `known`: whether
    any of it was here before; else nothing in the store is looked at, which takes the longer the more there is."""
    held = named = store.run(NAMED).to_arrow_table()
    store.run(SAID)
    with store.given("named", named):
        if known:
            store.run(UNMATCH_ARRIVED)
            store.run(MERGE_NAMED)
            held = store.run(HELD).to_arrow_table()
        else:
            store.run("INSERT INTO match SELECT mention_id, brand, 'source' FROM named")
    with store.given("held", held):
        for brand in brands:
            store.run(MATCH_ARRIVED, **patterns(brand))


def find_in_all(store: Connection, brand: Brand) -> None:
    """Match all that is stored by a brand's words, apart from what names it already."""
    store.run(MATCH_ALL, **patterns(brand))


def patterns(brand: Brand) -> dict[str, Any]:
    """A brand as SQL looks for it: its name and what its terms, required and excluded words match."""
    return {
        "brand": brand.name,
        "terms": pattern(brand.terms),
        "required": pattern(brand.required),
        "excluded": pattern(brand.excluded),
    }


def try_out(store: Connection, brand: Brand) -> dict[str, Any]:
    """What a brand would match among the stored mentions that are not fictional, changing nothing: `count` of
    `stored`, and up to three `examples`, the latest first, the first 200 characters of each."""
    found = store.rows(TRY_OUT, **patterns(brand))[0]
    return found | {"examples": found["examples"] or []}


NAMED = """
SELECT DISTINCT arrived.id AS mention_id, brand.name AS brand
FROM (
    SELECT id, trim(regexp_replace(unnest(brands), '[\\s\\p{Z}\\x1c-\\x1f\\x85]+', ' ', 'g')) AS named
    FROM fresh
    WHERE brands IS NOT NULL AND line IN (SELECT line FROM arrived)
) AS arrived
JOIN brand ON lower(brand.name) = lower(arrived.named)
"""

# What the source itself names holds, whatever the words say.
MERGE_NAMED = """
MERGE INTO match AS known
USING named AS fresh
ON known.mention_id = fresh.mention_id AND known.brand = fresh.brand
WHEN MATCHED AND known.named_by <> 'source' THEN UPDATE SET named_by = 'source'
WHEN NOT MATCHED THEN INSERT VALUES (fresh.mention_id, fresh.brand, 'source')
"""

UNMATCH_ARRIVED = """
DELETE FROM match
WHERE named_by = 'terms'
    AND mention_id IN (SELECT id FROM arrived WHERE differs AND is_current AND NOT is_new)
"""

# What need not be matched by its words any more.
HELD = "SELECT mention_id, brand FROM match WHERE mention_id IN (SELECT id FROM said)"

# The words that are searched, put together once for all brands.
SAID = """
CREATE OR REPLACE TEMP TABLE said AS
SELECT id, nfc_normalize(coalesce(title || chr(10), '') || text) AS words
FROM fresh
WHERE line IN (SELECT line FROM arrived WHERE differs AND is_current)
"""

_MATCH = """
INSERT INTO match
SELECT id, $brand, 'terms'
FROM {said}
WHERE $terms IS NOT NULL
    AND regexp_matches(words, $terms)
    AND ($required IS NULL OR regexp_matches(words, $required))
    AND ($excluded IS NULL OR NOT regexp_matches(words, $excluded))
    AND id NOT IN (SELECT mention_id FROM {held} WHERE brand = $brand)
"""
MATCH_ARRIVED = _MATCH.format(said="said", held="held")
MATCH_ALL = _MATCH.format(
    said="(SELECT id, nfc_normalize(coalesce(title || chr(10), '') || text) AS words FROM mention) AS said",
    held="match",
)

TRY_OUT = """
SELECT
    count(*) AS stored,
    count(*) FILTER (WHERE is_hit) AS count,
    arg_max(left(words, 200), published_at, 3) FILTER (WHERE is_hit) AS examples
FROM (
    SELECT
        words, published_at,
        coalesce(
            regexp_matches(words, $terms)
            AND ($required IS NULL OR regexp_matches(words, $required))
            AND ($excluded IS NULL OR NOT regexp_matches(words, $excluded)),
            FALSE
        )
        OR id IN (SELECT mention_id FROM match WHERE brand = $brand AND named_by = 'source') AS is_hit
    FROM (
        SELECT id, published_at, nfc_normalize(coalesce(title || chr(10), '') || text) AS words
        FROM mention
        WHERE NOT starts_with(id, 'sample:')
    ) AS said
) AS tried
"""
