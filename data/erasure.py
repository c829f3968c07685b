"""Erasure: the only place where anything that was recorded is taken out again."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow

from data import ranks, reposts, traces
from data.models import Erase
from data.ranks import Ranking
from data.store import Connection

SYSTEM = "system"
DELETED, ASKED, EXPIRED = "deleted at the source", "asked for", "expired"  # why something went
SHOWN = 50
ECHO = timedelta(days=3)  # what a source deleted may still be on its way to us in an older batch for so long


def erase_sample(store: Connection) -> None:
    """Take out every fictional mention, with its matches, scores and actions, and the fictional brands."""
    for statement in SAMPLE_GOES:
        store.run(statement)


def keep_out(store: Connection, now: datetime) -> None:
    """Take out of the batch in `fresh` what was erased: it does not come back, whoever tells of it once more."""
    if store.value("SELECT count(*) FROM barred"):
        store.run(STAYS_OUT, now=now)


def note_seen(store: Connection, now: datetime) -> None:
    """Note that what the batch in `fresh` tells of its own source was seen there now. Part of the batch's own
    transaction."""
    visited = store.value("SELECT run ->> 'source' FROM fresh WHERE run IS NOT NULL LIMIT 1")
    if visited:
        store.run(SEEN, visited=visited, now=now)


def note_told_again(store: Connection) -> None:
    """What had expired and is told again has its words back."""
    for statement in THERE_AGAIN:
        store.run(statement)


def follow_batch(store: Connection, ranking: Ranking, incoming: Path, now: datetime) -> None:
    """Do what the batch in `fresh` asks for: second looks are noted, what is gone at its source and what somebody asked
    to be erased goes. Part of the batch's own transaction."""
    if not store.value(FOLLOWS):
        return
    store.run(NOTE_LOOKS)
    store.run(TAKE_GONE)
    erase(store, ranking, incoming, SYSTEM, DELETED, now)
    for row in store.rows(REQUESTS):
        wanted = Erase(**row)
        doom(store, wanted)
        erase(store, ranking, incoming, wanted.asked_by, ASKED, now)


def doom(store: Connection, wanted: Erase) -> None:
    """Fill the table `doomed` with what a request is about. The author must be the very one, on the very source: that
    two accounts are one person is nothing we know."""
    store.run(TAKE_ASKED, mention_id=wanted.mention_id, source=wanted.source, author=wanted.author)


def count(store: Connection, wanted: Erase) -> dict[str, int]:
    """How many rows of each table would go."""
    values = {"mention_id": wanted.mention_id, "source": wanted.source, "author": wanted.author}
    ids = [row["id"] for row in store.rows(f"SELECT id FROM mention WHERE {ASKED_FOR}", **values)]
    if not ids:
        return {}
    with store.given("counted", pyarrow.table({"id": ids})):
        counts = {table: store.value(_of(COUNT, table)) for table in holders(store)}
    return {"mention": len(ids)} | {table: number for table, number in counts.items() if number}


def sources(store: Connection) -> list[str]:
    """The sources of which something is stored, by name."""
    return [row["source"] for row in store.rows("SELECT DISTINCT source FROM mention ORDER BY source")]


def past(store: Connection) -> list[dict[str, Any]]:
    """The latest erasures and expiries: erased_at, asked_by, why, counts (JSON), rewritten_at."""
    return store.rows(PAST, rows=SHOWN)


def told(counts: Mapping[str, int]) -> str:
    """Counts as people read them: "2 mentions, 1 action"."""
    return ", ".join(f"{number:,} {_named(table, number)}" for table, number in counts.items() if number)


def _named(table: str, number: int) -> str:
    name = NAMES.get(table, table)
    return name if number == 1 else PLURALS.get(name, f"{name}s")


def erase(store: Connection, ranking: Ranking, incoming: Path, who: str, why: str, now: datetime) -> Mapping[str, int]:
    """Take out everything there is of the mentions in `doomed`, in the store and in the batches that were set aside;
    return how many rows of which table went. The bytes go with the next rewriting."""
    if not store.value("SELECT count(*) FROM doomed"):
        return {}
    found = traces.of(store.rows("SELECT * FROM doomed"), by_author=why == ASKED)
    counts = {"batches": traces.wipe(incoming, found)}
    with store.given("trace", pyarrow.table(list(zip(*found, strict=True)), names=["batch", "said"])):
        counts["rejected"] = store.value(REJECTED_GO)
    reposts.leave(store, "SELECT id AS mention_id FROM doomed")
    for table in holders(store):
        counts[table] = store.value(_of(ROWS_GO, table))
    counts["mention"] = store.value("DELETE FROM mention WHERE id IN (SELECT id FROM doomed)")
    store.run(BAR, until=now + ECHO if why == DELETED else None)
    if why == ASKED:
        store.run(MUTES_GO)
    if store.value(f"SELECT count(*) FROM ({THEIR_OTHERS})"):
        ranks.rebuild(store, ranking, THEIR_OTHERS)
    store.run("DROP TABLE doomed")
    note(store, who, why, counts, now)
    return counts


def note(store: Connection, who: str, why: str, counts: Mapping[str, int], now: datetime) -> None:
    """Keep that something went, in counts and nothing else. The bytes are still to be written over."""
    told = json.dumps({name: number for name, number in counts.items() if number})
    if told != "{}":
        store.run(NOTE, id=uuid.uuid4().hex, who=who, why=why, counts=told, now=now, at_once=why == ASKED)


def holders(store: Connection) -> list[str]:
    """The tables that hold something of single mentions, by their column `mention_id`, whoever added them."""
    return [row["table_name"] for row in store.rows(HOLDERS)]


def _of(statement: str, table: str) -> str:
    """The statement for one of `holders`, whose names are our own."""
    return statement.replace("{table}", f'"{table}"')


HOLDERS = """
SELECT table_name
FROM information_schema.columns
JOIN information_schema.tables USING (table_catalog, table_schema, table_name)
WHERE column_name = 'mention_id' AND table_type = 'BASE TABLE' AND table_catalog = current_database()
ORDER BY table_name
"""

STAYS_OUT = """
DELETE FROM fresh
WHERE sha256(coalesce(id, answer ->> 'mention_id', delivery ->> 'mention_id', ''))
    IN (SELECT digest FROM barred WHERE until_at IS NULL OR until_at > $now)
"""

FOLLOWS = "SELECT count(*) FROM fresh WHERE coalesce(gone, checked, erase) IS NOT NULL"

# Told by the visit to its own source, not by a file or by somebody who pushes.
SEEN = """
MERGE INTO look AS known
USING (
    SELECT arrived.id
    FROM arrived
    JOIN fresh ON fresh.line = arrived.line
    WHERE arrived.is_current AND fresh.source = $visited
) AS seen
ON known.mention_id = seen.id
WHEN MATCHED THEN UPDATE SET checked_at = $now
WHEN NOT MATCHED THEN INSERT VALUES (seen.id, $now)
"""

THERE_AGAIN = (
    """
    UPDATE match SET named_by = 'terms'
    WHERE named_by = 'expired' AND mention_id IN (SELECT id FROM arrived WHERE is_current AND NOT is_new)
    """,
    "DELETE FROM expired WHERE mention_id IN (SELECT id FROM arrived WHERE is_current AND NOT is_new)",
)

NOTE_LOOKS = """
MERGE INTO look AS known
USING (
    SELECT checked ->> 'id' AS mention_id, max(CAST(checked ->> 'checked_at' AS TIMESTAMPTZ)) AS checked_at
    FROM fresh
    WHERE checked IS NOT NULL AND (checked ->> 'id') IN (SELECT id FROM mention)
    GROUP BY ALL
) AS seen
ON known.mention_id = seen.mention_id
WHEN MATCHED THEN UPDATE SET checked_at = seen.checked_at
WHEN NOT MATCHED THEN INSERT VALUES (seen.mention_id, seen.checked_at)
"""

_DOOMED = """
CREATE OR REPLACE TEMP TABLE doomed AS
SELECT ids.id, mention.source, mention.author, mention.title, mention.text
FROM ({ids}) AS ids
LEFT JOIN mention ON mention.id = ids.id
"""
TAKE_GONE = _DOOMED.format(ids="SELECT DISTINCT gone ->> 'id' AS id FROM fresh WHERE gone IS NOT NULL")
ASKED_FOR = "(id = $mention_id OR source = $source AND author = $author)"
TAKE_ASKED = _DOOMED.format(
    ids=f"SELECT id FROM mention WHERE {ASKED_FOR} UNION SELECT $mention_id WHERE $mention_id <> ''"
)

REQUESTS = """
SELECT
    erase ->> 'asked_by' AS asked_by, erase ->> 'mention_id' AS mention_id,
    erase ->> 'source' AS source, erase ->> 'author' AS author
FROM fresh
WHERE erase IS NOT NULL
"""

COUNT = "SELECT count(*) FROM {table} WHERE mention_id IN (SELECT id FROM counted)"
ROWS_GO = "DELETE FROM {table} WHERE mention_id IN (SELECT id FROM doomed)"

# An author's name is looked for only in what their own source brought: elsewhere it is somebody else's.
REJECTED_GO = """
DELETE FROM rejected
WHERE EXISTS (SELECT 1 FROM trace WHERE starts_with(rejected.batch, trace.batch) AND contains(rejected.content, said))
"""

BAR = "INSERT INTO barred SELECT sha256(id), $until FROM doomed"

# Whom nobody wants to hear is no reason to keep a name that somebody asked to be erased.
MUTES_GO = """
DELETE FROM mute
WHERE kind = 'author' AND (source, lower(name)) IN (SELECT (source, lower(author)) FROM doomed)
    OR kind = 'thread' AND name IN (SELECT id FROM doomed)
"""

# The rest of what their authors said: "third complaint from this author" counts anew; and who leads in their place.
THEIR_OTHERS = """
SELECT queue.mention_id
FROM queue
WHERE (queue.source, queue.author) IN (SELECT (source, author) FROM doomed)
UNION
SELECT mention_id FROM heir
"""

PAST = """
SELECT erased_at, asked_by, why, counts, rewritten_at
FROM erasure
ORDER BY erased_at DESC
LIMIT $rows
"""

NOTE = "INSERT INTO erasure VALUES ($id, $who, $why, $counts, $now, $at_once, NULL)"

SAMPLE_GOES = (
    "DELETE FROM mention WHERE starts_with(id, 'sample:')",
    "DELETE FROM match WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM score WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM unscored WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM queue WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM action WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM correction WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM blind WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM rescored WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM fingerprint WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM repost WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM own_post WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM muted WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM run WHERE source = 'sample'",
    "DELETE FROM brand WHERE ends_with(name, ' (sample)')",
)

NAMES = {"queue": "row of the queue", "rejected": "rejected row", "batches": "batch set aside", "look": "second look"}
NAMES |= {"repost": "tie to a mention alike", "own_post": "post of our own", "muted": "mention muted"}
NAMES |= {"match": "brand match", "unscored": "mention without a score", "rescored": "score being made"}
PLURALS = {
    "row of the queue": "rows of the queue", "batch set aside": "batches set aside", "brand match": "brand matches",
    "delivery": "deliveries", "mention without a score": "mentions without a score", "expired": "expired",
    "score being made": "scores being made", "blind": "blind labels",
    "tie to a mention alike": "ties to mentions alike", "post of our own": "posts of our own",
    "mention muted": "mentions muted",
}  # fmt: skip
