"""Following setup.toml: what a change of its brands means for all that is stored, and brands that batches name."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
from data.store.store import Store

LONGEST_NAME = 200  # characters
DAMAGED = re.compile("[\x00\ufffd]")  # NUL, and what line validation puts in its place


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
    known = {key(brand.name) for brand in listed}
    new: dict[str, Brand] = {}
    for one in found:
        name = " ".join(one["name"].split())  # as setup.toml will read it back
        if not 0 < len(name) <= LONGEST_NAME or DAMAGED.search(name):  # a column misread, not a name
            continue
        if key(name) not in known and not name.endswith(" (sample)"):
            new.setdefault(key(name), Brand(name, (name,), competitor=one["competitor"]))
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
            matches.find_in_all(transaction, brand)
        transaction.run(TOUCHED_NOW, names=touched)
        exclusions.follow_brands(transaction, ranking)
        transaction.run("DELETE FROM unscored WHERE mention_id IN (SELECT mention_id FROM touched)")
        transaction.run(SCORE_AGAIN)
        ranks.rebuild(transaction, ranking, "SELECT mention_id FROM touched UNION SELECT mention_id FROM canonical")
    return True


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
