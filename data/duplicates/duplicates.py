"""Duplicates: groups mentions that repeat the same words; the canonical mention of a group has the row in the queue.

Mentions with similar fingerprints are compared word by word. A group has the status of its canonical mention, so
resolving, reopening and undoing apply to the whole group. The canonical mention is the earliest of a batch, or one that
was stored before: a row must not change while somebody works on it. Stored as `repost`: mention_id, canonical_id (the
canonical mention), likeness.
"""

from __future__ import annotations

from typing import Any

from data.duplicates import fingerprints
from data.duplicates.fingerprints import HASHES, SHINGLES
from data.store.store import Connection

WORDS = 8  # words from here on make a text nobody else writes by chance: "thanks for the quick reply" has five
LIKENESS = 0.6  # the part of their three-word sequences that two texts share; below it people speak of the same thing
DAYS = 30  # between two mentions; later repeats are mentions of their own
ROUNDS = 8  # from duplicate to canonical mention; each round halves the chain


def forget_edited(store: Connection) -> None:
    """Delete the fingerprints and groupings of mentions whose words `arrived` changes. An edited duplicate stands alone
    until it is compared again; a canonical mention stays one."""
    store.run(
        "CREATE OR REPLACE TEMP TABLE sifted AS SELECT id AS mention_id FROM arrived WHERE differs AND is_current"
    )
    _forget(store)


def find_among(store: Connection, wanted: str, **values: Any) -> None:
    """Group stored mentions; call it before their rows of the queue are made. `wanted`: SQL that gives their ids as
    mention_id. Mentions that are grouped or compared already are skipped."""
    store.run(f"CREATE OR REPLACE TEMP TABLE sifted AS {wanted}", **values)
    store.run(ONLY_NEW)
    fingerprints.take(store)
    _group(store)


def leave(store: Connection, wanted: str, **values: Any) -> None:
    """Take mentions out of their groups. `wanted`: SQL that gives their ids as mention_id. A group that loses its
    canonical mention gets the earliest of the rest in its place, with the same status; the table `canonical` holds
    these, so that the caller can make their rows of the queue."""
    store.run(f"CREATE OR REPLACE TEMP TABLE sifted AS {wanted}", **values)
    store.run(NEW_CANONICALS)
    if not store.value("SELECT count(*) FROM canonical"):
        _forget(store)
        return
    store.run(CLOSE_AS_BEFORE)
    store.run(REPEAT_NEW_CANONICAL)
    _forget(store)
    store.run("CREATE OR REPLACE TEMP TABLE sifted AS SELECT mention_id FROM canonical")
    store.run("DELETE FROM repost WHERE mention_id IN (SELECT mention_id FROM canonical)")
    fingerprints.take(store)
    store.run(KEEP_PRINTS)


def print_stored(store: Connection) -> None:
    """Make the fingerprints of all stored mentions that were compared before, where they are lost; nothing is grouped
    anew."""
    store.run(COMPARED_BEFORE)
    fingerprints.take(store)
    store.run(KEEP_PRINTS)


def follow_brands(store: Connection) -> None:
    """Group the mentions in `touched` anew after a change of brands. A canonical mention stays one while it names our
    brands; a duplicate leaves its group when the two name different brands."""
    leave(store, NOT_OURS)
    store.run("CREATE OR REPLACE TEMP TABLE sifted AS SELECT DISTINCT mention_id FROM touched")
    store.run(ASTRAY)
    store.run("DELETE FROM fingerprint WHERE mention_id IN (SELECT mention_id FROM sifted)")
    store.run("DELETE FROM sifted WHERE mention_id IN (SELECT mention_id FROM repost)")
    fingerprints.take(store)
    _group(store)


def count(store: Connection, mention_ids: list[str]) -> dict[str, int]:
    """The number of duplicates of each of these mentions; mentions without any are left out."""
    rows = store.rows(COUNT, ids=mention_ids)
    return {row["canonical_id"]: row["many"] for row in rows}


def of(store: Connection, mention_id: str, rows: int) -> list[dict[str, Any]]:
    """The duplicates of a mention, latest first: id, source, author, url, published_at, likeness (0.6 to 1)."""
    return store.rows(DUPLICATES, id=mention_id, rows=rows)


def canonical(store: Connection, mention_id: str) -> str | None:
    """The id of the canonical mention that this one repeats; None when it repeats none."""
    found: str | None = store.value("SELECT canonical_id FROM repost WHERE mention_id = $id", id=mention_id)
    return found


def _forget(store: Connection) -> None:
    store.run("DELETE FROM fingerprint WHERE mention_id IN (SELECT mention_id FROM sifted)")
    store.run("DELETE FROM repost WHERE mention_id IN (SELECT mention_id FROM sifted)")


def _group(store: Connection) -> None:
    """Store the fingerprints in `printed`, or make the mention a duplicate of the one that it repeats."""
    if not fingerprints.pair(store, DAYS):
        return
    store.run(CANDIDATES, likeness=LIKENESS, words=WORDS, days=DAYS)
    if store.value("SELECT count(*) FROM candidate"):
        store.run(OTHERS)
        store.run(LINKS, likeness=LIKENESS)
        for _ in range(ROUNDS):
            if not store.value(SHORTEN):
                break
        store.run(KEEP_LINKS)
    store.run(KEEP_PRINTS)


COMPARED_BEFORE = """
CREATE OR REPLACE TEMP TABLE sifted AS
SELECT id AS mention_id
FROM mention
WHERE id IN (SELECT mention_id FROM score) AND id NOT IN (SELECT mention_id FROM repost)
    AND id NOT IN (SELECT mention_id FROM fingerprint) AND id NOT IN (SELECT mention_id FROM expired)
"""

ONLY_NEW = """
DELETE FROM sifted
WHERE mention_id IN (SELECT mention_id FROM fingerprint) OR mention_id IN (SELECT mention_id FROM repost)
"""

# What may be alike by its length alone, of those near enough in time: texts of which one has far more words than the
# other cannot share so much.
CANDIDATES = """
CREATE OR REPLACE TEMP TABLE candidate AS
WITH print AS (
    SELECT * EXCLUDE (shingles) FROM printed
    UNION ALL
    SELECT * FROM fingerprint WHERE mention_id IN (SELECT other_id FROM pair)
)
SELECT pair.mention_id, pair.other_id, theirs.published_at, mine.whole = theirs.whole AS is_same
FROM pair
JOIN print AS mine ON mine.mention_id = pair.mention_id
JOIN print AS theirs ON theirs.mention_id = pair.other_id
WHERE (least(mine.words, theirs.words) >= $words OR mine.is_repost OR theirs.is_repost)
    AND abs(epoch_us(mine.published_at) - epoch_us(theirs.published_at)) <= $days * 86400000000
    AND (
        mine.whole = theirs.whole
        OR mine.mark_1 IS NOT NULL AND theirs.mark_1 IS NOT NULL
            AND least(mine.words, theirs.words) - 2 >= $likeness * (greatest(mine.words, theirs.words) - 2) - 2
    )
"""

OTHERS = """
CREATE OR REPLACE TEMP TABLE other AS
SELECT id, title, text
FROM mention
WHERE id IN (SELECT other_id FROM candidate WHERE NOT is_same AND other_id NOT IN (SELECT mention_id FROM printed))
"""

# The pairs that hold, one for each mention: the earliest that it repeats. A mention with actions is no duplicate.
_TOLD = f"""
    SELECT mention_id AS id, list_distinct(shingles) AS shingles
    FROM printed
    WHERE mention_id IN (SELECT mention_id FROM candidate UNION ALL SELECT other_id FROM candidate)
    UNION ALL
    SELECT id, list_distinct({SHINGLES}) AS shingles
    FROM (
        SELECT id, {HASHES} AS hashes
        FROM (
            SELECT id, nfc_normalize(coalesce(title || chr(10), '') || text) AS words FROM other
        ) AS said
    )
"""
LINKS = f"""
CREATE OR REPLACE TEMP TABLE link AS
WITH told AS ({_TOLD}),
compared AS (
    SELECT
        candidate.mention_id, candidate.other_id, candidate.published_at, candidate.is_same,
        len(mine.shingles) + len(theirs.shingles) AS both_have,
        len(list_intersect(mine.shingles, theirs.shingles)) AS have_both
    FROM candidate
    LEFT JOIN told AS mine ON mine.id = candidate.mention_id
    LEFT JOIN told AS theirs ON theirs.id = candidate.other_id
),
alike AS (
    SELECT
        mention_id, other_id, published_at,
        CASE WHEN is_same THEN 1 ELSE have_both / (both_have - have_both) END AS likeness
    FROM compared
)
SELECT mention_id, arg_min(other_id, (published_at, other_id)) AS canonical_id, max(likeness) AS likeness
FROM alike
WHERE likeness >= $likeness
    AND mention_id NOT IN (SELECT mention_id FROM action WHERE mention_id IN (SELECT mention_id FROM candidate))
    AND mention_id NOT IN (SELECT canonical_id FROM repost WHERE canonical_id IN (SELECT mention_id FROM candidate))
GROUP BY mention_id
"""

SHORTEN = """
UPDATE link
SET canonical_id = further.canonical_id
FROM link AS further
WHERE further.mention_id = link.canonical_id
"""

KEEP_LINKS = """
INSERT INTO repost
SELECT mention_id, canonical_id, likeness
FROM link
"""

KEEP_PRINTS = """
INSERT INTO fingerprint
SELECT * EXCLUDE (shingles) FROM printed WHERE mention_id NOT IN (SELECT mention_id FROM repost)
"""

NEW_CANONICALS = """
CREATE OR REPLACE TEMP TABLE canonical AS
SELECT repost.canonical_id AS former_id, arg_min(mention.id, (mention.published_at, mention.id)) AS mention_id
FROM repost
JOIN mention ON mention.id = repost.mention_id
WHERE repost.canonical_id IN (SELECT mention_id FROM sifted)
    AND repost.mention_id NOT IN (SELECT mention_id FROM sifted)
GROUP BY repost.canonical_id
"""

# Where the former canonical mention was closed, the new one is closed too, by the actor "system".
CLOSE_AS_BEFORE = """
INSERT INTO action
SELECT
    canonical.mention_id || '/as/' || last.id, canonical.mention_id, coalesce(known.version, 0) + 1,
    CASE WHEN last.kind = 'dismiss' THEN 'dismiss' ELSE 'resolve' END, 'system', last.happened_at, last.recorded_at,
    'It repeats a mention that was closed and is gone.', NULL, NULL, NULL, NULL
FROM canonical
JOIN (
    SELECT mention_id, arg_max(id, version) AS id, arg_max(kind, version) AS kind,
        arg_max(happened_at, version) AS happened_at, arg_max(recorded_at, version) AS recorded_at
    FROM action
    WHERE mention_id IN (SELECT former_id FROM canonical)
        AND kind IN ('reply', 'resolve', 'dismiss', 'snooze', 'reopen')
        AND id NOT IN (SELECT undoes FROM action WHERE undoes IS NOT NULL)
    GROUP BY mention_id
) AS last ON last.mention_id = canonical.former_id
LEFT JOIN (
    SELECT mention_id, max(version) AS version FROM action WHERE mention_id IN (SELECT mention_id FROM canonical)
    GROUP BY mention_id
) AS known ON known.mention_id = canonical.mention_id
WHERE last.kind IN ('reply', 'resolve', 'dismiss')
"""

REPEAT_NEW_CANONICAL = """
UPDATE repost
SET canonical_id = canonical.mention_id
FROM canonical
WHERE canonical.former_id = repost.canonical_id
"""

_OURS = """
    SELECT mention_id, list_sort(list(brand)) AS names
    FROM match
    WHERE brand IN (SELECT name FROM brand WHERE NOT competitor)
        AND mention_id IN (SELECT mention_id FROM repost UNION SELECT canonical_id FROM repost)
    GROUP BY mention_id
"""
NOT_OURS = f"""
WITH ours AS ({_OURS})
SELECT canonical_id AS mention_id FROM repost WHERE canonical_id NOT IN (SELECT mention_id FROM ours)
UNION
SELECT mention_id FROM own_post
"""
ASTRAY = f"""
DELETE FROM repost
WHERE (mention_id, canonical_id) NOT IN (
    WITH ours AS ({_OURS})
    SELECT (repost.mention_id, repost.canonical_id)
    FROM repost
    JOIN ours AS mine ON mine.mention_id = repost.mention_id
    JOIN ours AS theirs ON theirs.mention_id = repost.canonical_id
    WHERE mine.names = theirs.names
)
"""

COUNT = (
    "SELECT canonical_id, count(*) AS many FROM repost WHERE list_contains($ids, canonical_id) GROUP BY canonical_id"
)

DUPLICATES = """
SELECT mention.id, mention.source, mention.author, mention.url, mention.published_at, repost.likeness
FROM repost
JOIN mention ON mention.id = repost.mention_id
WHERE repost.canonical_id = $id
ORDER BY mention.published_at DESC, mention.id
LIMIT $rows
"""
