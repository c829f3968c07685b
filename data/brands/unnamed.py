"""Stored mentions that name no brand: how many there are, and the brand that a person chooses for them."""

from __future__ import annotations

from data.duplicates import duplicates
from data.people.rights import Actor, Verb
from data.queue import ranks
from data.queue.ranks import Ranking
from data.store.store import Connection, Store


def by_source(store: Connection) -> dict[str, int]:
    """How many stored mentions by others name no brand at all, by source. They stand in no queue and in no figure."""
    return {row["source"]: row["mentions"] for row in store.rows(BY_SOURCE)}


def give(store: Store, ranking: Ranking, brand: str, by: Actor, source: str | None = None) -> int:
    """Match all mentions that name no brand with this one, as if their source had named it; return how many, 0 where
    the brand is not in the store. `source`: only those of one source. Forbidden."""
    by.insist(Verb.IMPORT)
    with store.bulk(), store.write() as transaction:
        if not transaction.value("SELECT count(*) FROM brand WHERE name = $brand", brand=brand):
            return 0
        given = transaction.run(UNNAMED, source=source).to_arrow_table()
        with transaction.given("unnamed", given):
            transaction.run("INSERT INTO match SELECT mention_id, $brand, 'source' FROM unnamed", brand=brand)
            duplicates.find_among(transaction, "SELECT mention_id FROM unnamed WHERE is_scored")
            ranks.rebuild(transaction, ranking, "SELECT mention_id FROM unnamed")
    return int(given.num_rows)


_UNNAMED = """
FROM mention
WHERE id NOT IN (SELECT mention_id FROM match) AND id NOT IN (SELECT mention_id FROM own_post)
    AND NOT starts_with(id, 'sample:')
"""
BY_SOURCE = f"SELECT source, count(*) AS mentions {_UNNAMED} GROUP BY source ORDER BY mentions DESC, source"
UNNAMED = f"""
SELECT id AS mention_id, id IN (SELECT mention_id FROM score) AS is_scored
{_UNNAMED} AND ($source IS NULL OR source = $source)
"""
