"""Applies changes of setup.toml's brands to the store, and adds the brands that batches name to setup.toml."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from data import setup
from data.brands import brands, matches
from data.exclusions import exclusions
from data.folding import key
from data.models import Brand
from data.queue import ranks
from data.queue.ranks import Ranking
from data.retention.erasure import erase_sample
from data.store.store import Connection, Store

LONGEST_NAME = 200  # characters
DAMAGED = re.compile("[\x00\ufffd]")  # NUL, and what line validation puts in its place


def add_found(
    store: Store, ranking: Ranking, setup_file: Path, found: Sequence[dict[str, Any]], now: datetime | None = None
) -> None:
    """Add the brands that a batch names and setup.toml lacks, first to setup.toml, then to the store. `found`: rows of
    `name` and `competitor` (whether it is one); `now`: as for `follow`. HearbackError, OSError as for
    `setup.save_brands`."""
    if not found:
        return
    listed = setup.load(setup_file).brands
    if new := _not_listed(listed, found):
        setup.save_brands(setup_file, [*listed, *new])
        follow(store, ranking, [*listed, *new], now)


def _not_listed(listed: Sequence[Brand], found: Sequence[dict[str, Any]]) -> list[Brand]:
    """The found brands that setup.toml lacks, each once however it is spelt."""
    known = {key(brand.name) for brand in listed}
    new: dict[str, Brand] = {}
    for one in found:
        name = " ".join(one["name"].split())  # as setup.toml will read it back
        if not 0 < len(name) <= LONGEST_NAME or DAMAGED.search(name):  # a column misread, not a name
            continue
        if key(name) not in known and not name.endswith(" (sample)"):
            new.setdefault(key(name), Brand(name, (name,), competitor=one["competitor"]))
    return list(new.values())


def follow(store: Store, ranking: Ranking, listed: Sequence[Brand], now: datetime | None = None) -> bool:
    """Make the store's brands those in `listed`, setup.toml's; return whether anything changed. Mentions of changed
    brands are matched and scored anew, and enter or leave the queue. `now`: when new brands come into the store. For
    them a stored mention's age is measured at `now`; without it, when the mention was collected."""
    with store.read() as reading:
        wanted, before = brands.wanted(reading, listed), brands.known(reading)
        is_aged = not brands.without_ages(reading, wanted)
    if set(before) == set(wanted) and is_aged:
        return False
    with store.write() as transaction:
        if set(before) != set(wanted):
            _change(transaction, ranking, wanted, before, now)
        if ages := brands.put_ages(transaction, wanted):
            ranks.rebuild(transaction, ranking, MAY_AGE, names=list(ages), days=min(ages.values()))
    return True


def _change(
    store: Connection, ranking: Ranking, wanted: Sequence[Brand], before: Sequence[Brand], now: datetime | None
) -> None:
    if any(one.is_sample for one in before) and not any(one.is_sample for one in wanted):
        erase_sample(store)
    changed = [brand for brand in wanted if brand not in before]
    gone = {brand.name for brand in before} - {brand.name for brand in wanted}
    touched = [*gone, *(brand.name for brand in changed)]
    since = _since(brands.known_at(store), changed, gone, now)
    store.run(TOUCHED, names=touched)
    for name in touched:
        store.run("DELETE FROM match WHERE brand = $name AND named_by = 'terms'", name=name)
        store.run("DELETE FROM brand WHERE name = $name", name=name)
    brands.put(store, changed, since)
    if not store.value("SELECT count(*) FROM (SELECT id FROM mention LIMIT 1)"):
        return  # nothing is there to be matched, left out or ranked
    for brand in changed:
        matches.find_in_all(store, brand)
    store.run(TOUCHED_NOW, names=touched)
    exclusions.follow_brands(store, ranking)
    store.run("DELETE FROM unscored WHERE mention_id IN (SELECT mention_id FROM touched)")
    store.run(SCORE_AGAIN)
    ranks.rebuild(store, ranking, "SELECT mention_id FROM touched UNION SELECT mention_id FROM canonical")


def _since(
    known_at: Mapping[str, datetime | None], changed: Sequence[Brand], gone: Collection[str], now: datetime | None
) -> dict[str, datetime | None]:
    """Since when each of the changed brands stands in the store. One that comes as another goes may be that one under
    another name."""
    times = [known_at.get(name) for name in gone if not Brand(name, ()).is_sample]
    earliest = None if None in times else min((*filter(None, times), *filter(None, [now])), default=None)
    return {brand.name: known_at.get(brand.name, earliest) for brand in changed}


# What other days may move: the rest of the queue stays as it was ranked.
MAY_AGE = """
SELECT queue.mention_id
FROM queue
JOIN mention ON mention.id = queue.mention_id
WHERE list_has_any(queue.brands, $names) AND (
    queue.status = 'old'
    OR queue.published_at < to_days(CAST(-$days AS INTEGER)) + greatest(
        mention.collected_at, (SELECT max(known_at) FROM brand WHERE list_contains($names, name))
    )
)
"""

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
