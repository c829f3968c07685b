"""Scores: reads the mentions that wait for one, and stores scores together with the queue's rows that follow."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow

from data.duplicates import duplicates
from data.queue import ranks
from data.queue.ranks import Ranking
from data.scores import layers
from data.scores.layers import Version
from data.store.paths import one_file
from data.store.store import Connection, Store

SHIPPED = Version()


def waiting(store: Store, limit: int) -> list[dict[str, Any]]:
    """Up to `limit` mentions that wait for their score, oldest first, as a scorer reads them: id, source, title, text,
    rating, brands (name and terms of each, where it names several); and `token`, which `keep` needs back."""
    with store.read() as connection:
        if not connection.value("SELECT count(*) FROM unscored"):
            return []  # called twice a second, and mostly nothing waits
        return connection.rows(WAITING, limit=limit)


def names(store: Store) -> list[str]:
    """The terms of all brands, sorted; the scorer gives them no sentiment."""
    with store.read() as connection:
        return [
            row["term"] for row in connection.rows("SELECT DISTINCT unnest(terms) AS term FROM brand ORDER BY term")
        ]


def keep(
    store: Store,
    ranking: Ranking,
    scores: Sequence[bytes],
    read: Sequence[dict[str, Any]],
    now: datetime,
    version: Version = SHIPPED,
) -> bool:
    """Replace the mentions' scores and the queue's rows. `scores`: JSON lines as the scoring command writes them;
    `read`: the rows of `waiting` that they are for; a mention that was edited since goes on waiting. `version`: the one
    that made them. False, and nothing stored, when that version is not active any more; the mentions go on waiting."""
    settled = pyarrow.table({name: [row[name] for row in read] for name in ("id", "token")}, schema=SETTLED)
    with store.prepare() as preparing:
        lines = read_lines(preparing, scores)
        with preparing.given("lines", lines):
            scored = preparing.run(NOT_EXPIRED).to_arrow_table()
        with store.write() as transaction, transaction.given("scored", scored):
            if layers.active_version(transaction).layer != version.layer:
                return False
            transaction.run("DELETE FROM score WHERE mention_id IN (SELECT mention_id FROM scored)")
            transaction.run("DELETE FROM rescored WHERE mention_id IN (SELECT mention_id FROM scored)")
            transaction.run(INSERT, now=now, layer=version.layer, corrections=version.corrections)
            with transaction.given("settled", settled):
                transaction.run(SETTLE)
            duplicates.find_among(transaction, "SELECT mention_id FROM scored")
            ranks.rebuild(transaction, ranking, AND_OLD_CANONICALS)
    return True


def read_lines(store: Connection, scores: Sequence[bytes]) -> pyarrow.Table:
    """JSON lines of scores as an Arrow table. DuckDB reads them, which is much faster than Python."""
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        file.writelines(scores)
        file.flush()
        return store.run(READ, file=one_file(file.name)).to_arrow_table()


WAITING = """
WITH named AS MATERIALIZED (
    SELECT mention_id, brand FROM match WHERE mention_id IN (SELECT mention_id FROM unscored)
)
SELECT mention.id, mention.source, mention.title, mention.text, mention.rating, several.brands, unscored.token
FROM mention
JOIN unscored ON unscored.mention_id = mention.id
LEFT JOIN (
    SELECT named.mention_id, list_sort(list({'name': brand.name, 'terms': brand.terms})) AS brands
    FROM named
    JOIN brand ON brand.name = named.brand
    WHERE named.mention_id IN (SELECT mention_id FROM named GROUP BY mention_id HAVING count(*) > 1)
    GROUP BY named.mention_id
) AS several ON several.mention_id = mention.id
ORDER BY mention.published_at, mention.id
LIMIT $limit
"""

SETTLED = pyarrow.schema([("id", pyarrow.string()), ("token", pyarrow.string())])

SETTLE = """
DELETE FROM unscored
WHERE EXISTS (
    SELECT 1 FROM settled WHERE settled.id = unscored.mention_id AND settled.token IS NOT DISTINCT FROM unscored.token
)
"""

READ = """
SELECT *
FROM read_json(
    $file, format = 'newline_delimited', hive_partitioning = false, maximum_object_size = 33554432, columns = {
        mention_id: 'VARCHAR', scorer: 'VARCHAR', label: 'VARCHAR', compound: 'DOUBLE', rests_on: 'VARCHAR',
        words: 'JSON', cues: 'JSON', neg: 'DOUBLE', pos: 'DOUBLE', cue_confidence: 'JSON', language: 'VARCHAR',
        by_brand: 'JSON', confidence: 'DOUBLE', needs_reply: 'DOUBLE'
    }
)
"""

NOT_EXPIRED = "SELECT * FROM lines WHERE mention_id NOT IN (SELECT mention_id FROM expired)"

# With what is old and is repeated now: it may be work again.
AND_OLD_CANONICALS = """
SELECT mention_id FROM scored
UNION
SELECT canonical_id
FROM repost
WHERE mention_id IN (SELECT mention_id FROM scored)
    AND canonical_id IN (SELECT mention_id FROM queue WHERE status = 'old')
"""

# A mention that went away while it was being scored stays away.
INSERT = """
INSERT INTO score BY NAME
SELECT scored.*, $now AS scored_at, $layer AS layer, $corrections AS corrections
FROM scored
WHERE mention_id IN (SELECT id FROM mention)
"""
