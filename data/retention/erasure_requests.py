"""Erasure requests: counts what one would delete in tables and files, and finds others who repeat the words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pyarrow

from data.models import Erase
from data.people import audit
from data.people.audit import Event
from data.people.rights import Actor, Verb
from data.retention import files, kept_aside
from data.retention.erasure import holders
from data.retention.requested import ABOUT, ASKED_FOR, REQUESTED, count_about, rows_about, sought_texts, values_of
from data.settings import Places
from data.spool import batches
from data.store.store import Connection

NAMED = 20  # ids named in a sentence, at most


def count(store: Connection, wanted: Erase, here: Places) -> dict[str, int]:
    """How many rows of each table, and how many files, the request would change; zeros are left out. Files and rejected
    rows are searched for the author's name and at most PORTION mentions, but the erasure itself searches for all."""
    ids = [row["id"] for row in store.rows(REQUESTED, **values_of(wanted))]
    counts = {"mention": len(ids)}
    if ids:
        with store.given("counted", pyarrow.table({"id": ids})):
            counts |= {table: store.value(COUNT.replace("{table}", f'"{table}"')) for table in holders(store)}
    found = sought_texts(store, wanted)
    counts |= count_about(store, wanted, found) | files.holding(here, found)
    counts["kept"] = kept_aside.total(kept_aside.found(here, store), lambda kept: rows_about(kept, wanted))
    return {table: number for table, number in counts.items() if number}


def hand_in(here: Places, wanted: Erase, counts: Mapping[str, int], by: Actor, now: datetime) -> Path:
    """Lay down a request, which whoever has the store carries out, and return where it lies. The audit log keeps the
    counts only. Forbidden, OSError."""
    by.insist(Verb.ERASE)
    audit.note(here, Event.ERASURE, by.name, counts=dict(counts))
    return batches.drop(here.incoming, "erase", now, erase=[wanted])


def repeated(store: Connection, wanted: Erase) -> list[str]:
    """The ids of mentions by others that repeat the erased words, earliest first: later duplicates, and texts with
    "RT @NAME" or "via @NAME" on the same source. They belong to their authors and are not erased."""
    name = (wanted.author or "").removeprefix("@")
    retold = RETOLD.replace("NAME", re.escape(name)) if name else None
    return [row["id"] for row in store.rows(REPEATED, retold=retold, handle=f"@{name.lower()}", **values_of(wanted))]


def told_repeated(ids: Sequence[str]) -> str:
    """A sentence that names the mentions of `repeated`; empty when there are none."""
    if not ids:
        return ""
    which = ", ".join(ids[:NAMED]) + (f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else "")
    if len(ids) == 1:
        return f"1 mention by somebody else repeats these words and stays, for it is theirs: {which}."
    return f"{len(ids):,} mentions by others repeat these words and stay, for they are theirs: {which}."


def sources(store: Connection) -> list[str]:
    """The sources that have stored mentions or rejected lines, sorted."""
    return [row["source"] for row in store.rows(SOURCES)]


def sources_of(store: Connection, author: str, here: Places) -> list[str]:
    """The sources where an author of this name is found, sorted. Rejected lines of a file or a push may be of any
    source, so "import" or "webhook" is returned only when no other source has the name."""
    found = files.of([{"id": None, "source": "", "author": author, "title": None, "text": None}])
    said = [("", one) for _, one in found]
    with store.given("residual", files.table(said)):
        names = {row["source"] for row in store.rows(SOURCES_OF)}
    names |= {files.brought_by(file.name) for file in files.aside_with(here.incoming, said)}
    names |= {"webhook"} if files.holding(here, said)["bodies"] else set()
    stored = {row["source"] for row in store.rows(AUTHORS_SOURCES, author=author)}
    for place in kept_aside.found(here, store):
        with suppress(*kept_aside.OUT_OF_REACH), kept_aside.reading(place) as kept:
            stored |= {row["source"] for row in kept.rows(AUTHORS_SOURCES, author=author)}
    own = {one for one in names if one not in files.OF_ANY_SOURCE}
    return sorted(stored | own) or sorted(names)[:1]


def told(counts: Mapping[str, int]) -> str:
    """Counts as people read them: "2 mentions, 1 action"."""
    return ", ".join(f"{number:,} {_named(table, number)}" for table, number in counts.items() if number)


def _named(table: str, number: int) -> str:
    name = NAMES.get(table, table)
    return name if number == 1 else PLURALS.get(name, f"{name}s")


COUNT = "SELECT count(*) FROM {table} WHERE mention_id IN (SELECT id FROM counted)"

AUTHORS_SOURCES = """
SELECT source FROM mention WHERE author = $author
UNION
SELECT source FROM mute WHERE kind = 'author' AND lower(name) = lower($author)
"""
_BROUGHT_BY = "regexp_extract(batch, '^(.*)-[^-]+-[^-]+$', 1)"
SOURCES_OF = f"""
SELECT DISTINCT {_BROUGHT_BY} AS source
FROM rejected
WHERE {ABOUT}
"""
SOURCES = f"""
SELECT DISTINCT source
FROM (SELECT source FROM mention UNION ALL SELECT {_BROUGHT_BY} AS source FROM rejected)
WHERE source <> ''
ORDER BY source
"""

# Who said the same before them repeats nothing of theirs.
REPEATED = f"""
WITH theirs AS (
    SELECT mention.id, mention.published_at, coalesce(repost.canonical_id, mention.id) AS canonical_id
    FROM mention
    LEFT JOIN repost ON repost.mention_id = mention.id
    WHERE mention.id IN (SELECT id FROM mention WHERE {ASKED_FOR})
),
alike AS (
    SELECT mention_id AS id, canonical_id FROM repost
    UNION ALL
    SELECT DISTINCT canonical_id AS id, canonical_id FROM repost
),
retelling AS (
    SELECT mention.id, mention.published_at
    FROM alike
    JOIN theirs ON theirs.canonical_id = alike.canonical_id
    JOIN mention ON mention.id = alike.id
    WHERE mention.published_at >= theirs.published_at
    UNION
    SELECT id, published_at
    FROM mention
    WHERE $retold IS NOT NULL AND ($source IS NULL OR source = $source)
        AND contains(lower(text), $handle) AND regexp_matches(text, $retold, 'i')
)
SELECT id
FROM retelling
WHERE id NOT IN ({REQUESTED})
ORDER BY published_at, id
"""
RETOLD = r"(^|[^\w@])(RT|via)[:\s]+@NAME($|[^\w.@-]|[.](\s|$))"

NAMES = {"queue": "row of the queue", "rejected": "rejected row", "batches": "batch set aside", "look": "sighting"}
NAMES |= {"repost": "tie to a mention alike", "own_post": "post of our own", "muted": "mention muted"}
NAMES |= {"match": "brand match", "unscored": "mention without a score", "rescored": "score being made"}
NAMES |= {"kept": "row kept aside", "bodies": "push that waits", "told_gone": "deletion that waits"}
PLURALS = {
    "row of the queue": "rows of the queue", "batch set aside": "batches set aside", "brand match": "brand matches",
    "delivery": "deliveries", "mention without a score": "mentions without a score", "expired": "expired",
    "score being made": "scores being made", "blind": "blind labels",
    "tie to a mention alike": "ties to mentions alike", "post of our own": "posts of our own",
    "mention muted": "mentions muted", "push that waits": "pushes that wait",
    "deletion that waits": "deletions that wait", "row kept aside": "rows kept aside",
}  # fmt: skip
