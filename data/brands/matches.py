"""Finds which mention names which brand: in a batch as it is taken in, and in all mentions when a brand changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow

from data.folding import key
from data.matching import pattern
from data.models import Brand
from data.store.store import Connection


def find_in_batch(store: Connection, brands: Sequence[Brand], *, known: bool) -> None:
    """Match the mentions in `arrived` with these brands, by the names that the source gives and by the words. `known`:
    whether the store already has any of them; if not, the table `match` is not searched, which saves time in a large
    store."""
    with store.given("called", _called(store, brands)):
        held = named = store.run(NAMED).to_arrow_table()
    store.run(SAID)
    with store.given("named", named):
        if known:
            store.run(UNMATCH_ARRIVED)
            store.run(SCORE_NEWLY_NAMED)
            store.run(MERGE_NAMED)
            held = store.run(HELD).to_arrow_table()
        else:
            store.run("INSERT INTO match SELECT mention_id, brand, 'source' FROM named")
    with store.given("held", held):
        for brand in brands:
            store.run(MATCH_ARRIVED, **patterns(brand))


def _called(store: Connection, brands: Sequence[Brand]) -> pyarrow.Table:
    """The names in the batch that mean one of these brands, however they are typed, each with the brand's own."""
    meant: dict[str, list[str]] = {}
    for brand in brands:
        meant.setdefault(key(brand.name), []).append(brand.name)
    said = [row["named"] for row in store.rows(SAID_NAMES)]
    pairs = [{"named": one, "brand": name} for one in said if one for name in meant.get(key(one), ())]
    return pyarrow.Table.from_pylist(pairs, schema=NAMES)


def find_in_all(store: Connection, brand: Brand) -> None:
    """Match all stored mentions by a brand's words; mentions that have a match with it are passed over."""
    store.run(MATCH_ALL, **patterns(brand))


def patterns(brand: Brand) -> dict[str, Any]:
    """The parameters of HIT for a brand: its name, and its terms, required and excluded words as regular expressions,
    None for an empty list."""
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


NAMES = pyarrow.schema([("named", pyarrow.string()), ("brand", pyarrow.string())])

_ARRIVED = "FROM fresh WHERE brands IS NOT NULL AND line IN (SELECT line FROM arrived)"
SAID_NAMES = f"SELECT DISTINCT unnest(brands) AS named {_ARRIVED}"

NAMED = f"""
SELECT DISTINCT told.id AS mention_id, called.brand
FROM (SELECT id, unnest(brands) AS named {_ARRIVED}) AS told
JOIN called ON called.named = told.named
"""

# What the source itself names holds, whatever the words say.
MERGE_NAMED = """
MERGE INTO match AS known
USING named AS fresh
ON known.mention_id = fresh.mention_id AND known.brand = fresh.brand
WHEN MATCHED AND known.named_by <> 'source' THEN UPDATE SET named_by = 'source'
WHEN NOT MATCHED THEN INSERT VALUES (fresh.mention_id, fresh.brand, 'source')
"""

# What was here before, unchanged, and is said to be about one more brand is scored anew, and so comes into the queue.
SCORE_NEWLY_NAMED = """
INSERT INTO unscored
SELECT mention_id, uuid()
FROM (
    SELECT DISTINCT named.mention_id
    FROM named
    ANTI JOIN match ON match.mention_id = named.mention_id AND match.brand = named.brand
)
WHERE mention_id IN (SELECT id FROM mention)
    AND mention_id NOT IN (SELECT id FROM arrived WHERE differs AND is_current)
    AND mention_id NOT IN (SELECT mention_id FROM unscored)
    AND mention_id NOT IN (SELECT mention_id FROM expired)
"""

UNMATCH_ARRIVED = """
DELETE FROM match
WHERE named_by = 'terms'
    AND mention_id IN (SELECT id FROM arrived WHERE differs AND is_current AND NOT is_new)
"""

# The words in which a brand is looked for, and whether they name it.
WORDS = "nfc_normalize(coalesce(title || chr(10), '') || text)"
HIT = """
    regexp_matches(words, $terms)
    AND ($required IS NULL OR regexp_matches(words, $required))
    AND ($excluded IS NULL OR NOT regexp_matches(words, $excluded))
"""

# What need not be matched by its words any more.
HELD = "SELECT mention_id, brand FROM match WHERE mention_id IN (SELECT id FROM said)"

# The words that are searched, put together once for all brands.
SAID = f"""
CREATE OR REPLACE TEMP TABLE said AS
SELECT id, {WORDS} AS words
FROM fresh
WHERE line IN (SELECT line FROM arrived WHERE differs AND is_current)
"""

_MATCH = """
INSERT INTO match
SELECT id, $brand, 'terms'
FROM {said}
WHERE $terms IS NOT NULL AND {hit} AND id NOT IN (SELECT mention_id FROM {held} WHERE brand = $brand)
"""
MATCH_ARRIVED = _MATCH.format(said="said", held="held", hit=HIT)
MATCH_ALL = _MATCH.format(said=f"(SELECT id, {WORDS} AS words FROM mention) AS said", held="match", hit=HIT)

TRY_OUT = f"""
SELECT
    count(*) AS stored,
    count(*) FILTER (WHERE is_hit) AS count,
    arg_max(left(words, 200), published_at, 3) FILTER (WHERE is_hit) AS examples
FROM (
    SELECT
        words, published_at,
        coalesce({HIT}, FALSE)
        OR id IN (SELECT mention_id FROM match WHERE brand = $brand AND named_by = 'source') AS is_hit
    FROM (
        SELECT id, published_at, {WORDS} AS words
        FROM mention
        WHERE NOT starts_with(id, 'sample:')
    ) AS said
) AS tried
"""
