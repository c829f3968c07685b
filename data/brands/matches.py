"""Matches: which mention names which brand, found for a batch as it arrives and anew for all when a brand changes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data import setup
from data.brands import brands
from data.exclusions import exclusions
from data.matching import pattern
from data.models import Brand
from data.queue import ranks
from data.queue.ranks import Ranking
from data.retention.erasure import erase_sample
from data.store.store import Connection, Store

LONGEST_NAME = 200  # characters


def has_real_brand(store: Connection) -> bool:
    """Whether any brand stands that is not of the sample."""
    return any(not brand.is_sample for brand in brands.known(store))


def find_in_batch(store: Connection, *, known: bool) -> None:
    """Match what `arrived`: what the source itself names, and what the words say. `known`: whether any of it was here
    before; else nothing in the store is looked at, which takes the longer the more there is."""
    store.run(NAMED)
    store.run(SAID)
    if known:
        store.run(UNMATCH_ARRIVED)
        store.run(MERGE_NAMED)
        store.run(HELD)
    else:
        store.run("INSERT INTO match SELECT mention_id, brand, 'source' FROM named")
        store.run("CREATE OR REPLACE TEMP TABLE held AS SELECT mention_id, brand FROM named")
    for brand in brands.known(store):
        store.run(MATCH_ARRIVED, **_patterns(brand))


def _patterns(brand: Brand) -> dict[str, Any]:
    return {
        "brand": brand.name,
        "terms": pattern(brand.terms),
        "required": pattern(brand.required),
        "excluded": pattern(brand.excluded),
    }


def add_found(store: Store, ranking: Ranking, setup_file: Path, found: Sequence[dict[str, Any]]) -> None:
    """Make the brands a batch names known: in setup.toml, where people look for them, then in the store. `found`: name
    and whether it is a competitor."""
    if not found:
        return
    listed = setup.load(setup_file).brands
    if new := _not_listed(listed, found):
        setup.save_brands(setup_file, [*listed, *new])
        follow(store, ranking, [*listed, *new])


def _not_listed(listed: Sequence[Brand], found: Sequence[dict[str, Any]]) -> list[Brand]:
    """The found brands that setup.toml lacks, each once however it is spelt."""
    stand = {brand.name.casefold() for brand in listed}
    new: dict[str, Brand] = {}
    for one in found:
        name = " ".join(one["name"].split())  # as setup.toml will read it back
        if not 0 < len(name) <= LONGEST_NAME or "\x00" in name:  # a column misread, not a name
            continue
        if name.casefold() not in stand and not name.endswith(" (sample)"):
            new.setdefault(name.casefold(), Brand(name, (name,), competitor=one["competitor"]))
    return list(new.values())


def follow(store: Store, ranking: Ranking, listed: Sequence[Brand]) -> bool:
    """Make the store's brands those that setup.toml lists; return whether anything changed. Mentions are matched anew,
    scored anew where names that must not weigh have changed, and leave or enter the queue."""
    with store.read() as reading:
        wanted, before = brands.wanted(reading, listed), brands.known(reading)
    if set(before) == set(wanted):
        return False
    with store.write() as transaction:
        if listed:
            erase_sample(transaction)
        changed = [brand for brand in wanted if brand not in before]
        gone = {brand.name for brand in before} - {brand.name for brand in wanted}
        touched = [*gone, *(brand.name for brand in changed)]
        transaction.run(TOUCHED, names=touched)
        for name in touched:
            transaction.run("DELETE FROM match WHERE brand = $name AND named_by = 'terms'", name=name)
            transaction.run("DELETE FROM brand WHERE name = $name", name=name)
        brands.put(transaction, changed)
        for brand in changed:
            transaction.run(MATCH_ALL, **_patterns(brand))
        transaction.run(TOUCHED_NOW, names=touched)
        exclusions.follow_brands(transaction, ranking)
        transaction.run("DELETE FROM unscored WHERE mention_id IN (SELECT mention_id FROM touched)")
        transaction.run(SCORE_AGAIN)
        ranks.rebuild(transaction, ranking, "SELECT mention_id FROM touched UNION SELECT mention_id FROM heir")
    return True


def try_out(store: Connection, brand: Brand) -> dict[str, Any]:
    """What a brand would match among the stored mentions that are not fictional, changing nothing: `count` of
    `stored`, and up to three `examples`, the latest first, the first 200 characters of each."""
    found = store.rows(TRY_OUT, **_patterns(brand))[0]
    return found | {"examples": found["examples"] or []}


NAMED = """
CREATE OR REPLACE TEMP TABLE named AS
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
HELD = """
CREATE OR REPLACE TEMP TABLE held AS
SELECT mention_id, brand FROM match WHERE mention_id IN (SELECT id FROM said)
"""

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

TOUCHED = """
CREATE OR REPLACE TEMP TABLE touched AS
SELECT mention_id FROM match WHERE list_contains($names, brand)
"""

TOUCHED_NOW = """
INSERT INTO touched
SELECT mention_id FROM match WHERE list_contains($names, brand)
"""

SCORE_AGAIN = """
INSERT INTO unscored
SELECT mention_id, uuid()
FROM (SELECT DISTINCT mention_id FROM touched)
WHERE mention_id IN (SELECT id FROM mention) AND mention_id NOT IN (SELECT mention_id FROM expired)
"""

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
