"""Reposts: mentions that say again what another one said; one of them leads and stands in the queue for all.

Words are compared without capitals, links, handles and "RT". The same words are found by one hash of them all, nearly
the same by the least hash of their three-word sequences in four different orders (MinHash): whoever shares one is
compared word by word. Nothing is compared with everything: in a batch each with the earliest that shares its hash, in
the store with the few that share most. A group stands where its leader stands, so closing, reopening and undoing hold
for all of it. The lead goes to the earliest in a batch and to whoever stood in the store before, for a row must not
change under somebody's hands.
"""

from __future__ import annotations

from typing import Any

from data.store import Connection

WORDS = 8  # words from here on make a text nobody else writes by chance: "thanks for the quick reply" has five
RETOLD_WORDS = 4  # of a text that says itself that it is a repost
REVIEW_WORDS = 16  # of a review: stars are one person's word, so only what is long and the same is a copy
LIKENESS = 0.6  # the part of their three-word sequences that two texts share; below it people speak of the same thing
DAYS = 30  # between two mentions; what is said again later is said anew
COMPARED = 2  # stored mentions that one new mention is compared with
ROUNDS = 8  # from follower to leader; each round halves the way


def forget_edited(store: Connection) -> None:
    """Forget what is known of the words that `arrived` changes: a repost that was edited stands for itself until it is
    compared again; whoever leads goes on leading."""
    store.run("CREATE OR REPLACE TEMP TABLE sifted AS SELECT id AS mention_id FROM said")
    _forget(store)


def find_among(store: Connection, wanted: str, **values: Any) -> None:
    """Group stored mentions, before the queue's rows of them are made. `wanted`: SQL that gives their ids as
    mention_id. Those that are grouped or compared already stay as they are."""
    store.run(f"CREATE OR REPLACE TEMP TABLE sifted AS {wanted}", **values)
    store.run(ONLY_NEW)
    _print(store)
    _group(store)


def leave(store: Connection, wanted: str, **values: Any) -> None:
    """Take mentions out of their groups. `wanted`: SQL that gives their ids as mention_id. A group that loses its
    leader is led by the earliest of the rest, which stands where the leader stood; the table `heir` holds those, for
    whoever makes the queue's rows."""
    store.run(f"CREATE OR REPLACE TEMP TABLE sifted AS {wanted}", **values)
    store.run(HEIRS)
    if not store.value("SELECT count(*) FROM heir"):
        _forget(store)
        return
    store.run(STAND_AS_BEFORE)
    store.run(FOLLOW_HEIR)
    _forget(store)
    store.run("CREATE OR REPLACE TEMP TABLE sifted AS SELECT mention_id FROM heir")
    store.run("DELETE FROM repost WHERE mention_id IN (SELECT mention_id FROM heir)")
    _print(store)
    store.run(KEEP_PRINTS)


def follow_brands(store: Connection) -> None:
    """Group anew what the mentions in `touched` name now. Who leads keeps the lead while it stands for our brands;
    who follows one that names other brands does not follow any more."""
    leave(store, NOT_OURS)
    store.run("CREATE OR REPLACE TEMP TABLE sifted AS SELECT DISTINCT mention_id FROM touched")
    store.run(ASTRAY)
    store.run("DELETE FROM fingerprint WHERE mention_id IN (SELECT mention_id FROM sifted)")
    store.run("DELETE FROM sifted WHERE mention_id IN (SELECT mention_id FROM repost)")
    _print(store)
    _group(store)


def count(store: Connection, mention_ids: list[str]) -> dict[str, int]:
    """How many follow each of these, for those that anybody follows."""
    rows = store.rows(COUNT, ids=mention_ids)
    return {row["leader_id"]: row["many"] for row in rows}


def of(store: Connection, mention_id: str, rows: int) -> list[dict[str, Any]]:
    """Those that repeat a mention, the latest first: id, source, author, url, published_at, likeness."""
    return store.rows(FOLLOWERS, id=mention_id, rows=rows)


def leader(store: Connection, mention_id: str) -> str | None:
    """Whom a mention repeats; None when it stands for itself."""
    found: str | None = store.value("SELECT leader_id FROM repost WHERE mention_id = $id", id=mention_id)
    return found


def _print(store: Connection) -> None:
    """Fill `printed` with the fingerprints of what of `sifted` is long enough to be told apart from chance."""
    store.run(SPOKEN)
    store.run(HASH)
    store.run(PRINT, words=RETOLD_WORDS, review_words=REVIEW_WORDS)


def _forget(store: Connection) -> None:
    store.run("DELETE FROM fingerprint WHERE mention_id IN (SELECT mention_id FROM sifted)")
    store.run("DELETE FROM repost WHERE mention_id IN (SELECT mention_id FROM sifted)")


def _group(store: Connection) -> None:
    """Bring what is `printed` into the index, or behind the one that it repeats."""
    store.run(PAIRS_IN_BATCH)
    store.run(PAIRS_WITH_STORED, days=DAYS, compared=COMPARED)
    store.run(CANDIDATES, likeness=LIKENESS, words=WORDS, days=DAYS)
    if store.value("SELECT count(*) FROM candidate"):
        store.run(OTHERS)
        store.run(LINKS, likeness=LIKENESS)
        for _ in range(ROUNDS):
            if not store.value(SHORTEN):
                break
        store.run(FOLLOW)
    store.run(KEEP_PRINTS)


# A text as hashes of its words; and of its three-word sequences, out of those.
_HASHES = r"""
    list_filter(
        list_transform(
            string_split(
                CASE
                    WHEN contains({words}, '@') OR contains({words}, '://')
                        THEN regexp_replace(replace(lower({words}), chr(10), ' '), 'https?://\S+|@\w+:?', ' ', 'g')
                    ELSE replace(lower({words}), chr(10), ' ')
                END,
                ' '
            ),
            lambda word: hash(word)
        ),
        lambda hashed: hashed <> hash('') AND hashed <> hash('rt')
    )
"""
_SHINGLES = "list_transform(hashes[3:], lambda third, n: hash(xor(third, xor(hashes[n + 1] >> 1, hashes[n] >> 2))))"
_LEAST = "list_min(list_transform(shingles, lambda hashed: xor(hashed, CAST({order} AS UBIGINT))))"

# Only what stands for our own brands is compared, and only with what names the very same ones: else a filter by brand
# would miss it. A review has no marks: nearly the same is not enough.
# The texts first and alone: a store that composed and cut them in the same breath would do so for all it holds.
SPOKEN = """
CREATE OR REPLACE TEMP TABLE spoken AS
SELECT id, published_at, rating, title, text
FROM mention
WHERE id IN (SELECT mention_id FROM sifted)
"""

_HASH = """
CREATE OR REPLACE TEMP TABLE hashed AS
SELECT
    said.id, said.published_at, brands.ours, said.rating IS NOT NULL AS is_review,
    lower(left(said.words, 4)) = 'rt @' AS is_repost, {hashes} AS hashes
FROM (
    SELECT id, published_at, rating, nfc_normalize(coalesce(title || chr(10), '') || text) AS words FROM spoken
) AS said
JOIN (
    SELECT mention_id, bit_xor(hash(brand)) AS ours
    FROM match
    WHERE mention_id IN (SELECT id FROM spoken)
        AND brand IN (SELECT name FROM brand WHERE NOT competitor)
    GROUP BY mention_id
) AS brands ON brands.mention_id = said.id
WHERE length(said.words) >= 20
    AND (said.rating IS NULL OR length(said.words) >= 60)
    AND said.id NOT IN (SELECT mention_id FROM own_post)
    AND said.id NOT IN (SELECT mention_id FROM muted)
"""
# A table of its own: were it a part of the other, the store would take the hashes twice, once to count them.
_PRINT = """
CREATE OR REPLACE TEMP TABLE printed AS
SELECT
    id AS mention_id, published_at, CAST(len(hashes) AS INTEGER) AS words, is_repost, xor(hash(hashes), ours) AS whole,
    xor({mark_1}, ours) AS mark_1, xor({mark_2}, ours) AS mark_2, xor({mark_3}, ours) AS mark_3,
    xor({mark_4}, ours) AS mark_4, shingles
FROM (
    SELECT id, published_at, hashes, ours, is_repost, CASE WHEN is_review THEN [] ELSE {shingles} END AS shingles
    FROM hashed
    WHERE len(hashes) >= CASE WHEN is_review THEN $review_words ELSE $words END
)
"""
_MARKS = {
    "mark_1": "list_min(shingles)",
    "mark_2": _LEAST.format(order="12297829382473034410"),
    "mark_3": _LEAST.format(order="7378697629483820646"),
    "mark_4": _LEAST.format(order="16204198715729174752"),
}
_PARTS = {"hashes": _HASHES.format(words="said.words"), "shingles": _SHINGLES, **_MARKS}
HASH = _HASH.format(**_PARTS)
PRINT = _PRINT.format(**_PARTS)

ONLY_NEW = """
DELETE FROM sifted
WHERE mention_id IN (SELECT mention_id FROM fingerprint) OR mention_id IN (SELECT mention_id FROM repost)
"""

_SHARED = """
    SELECT printed.mention_id, shared.other_id, {weight} AS weight
    FROM (
        SELECT
            {mark} AS mark, epoch_us(published_at) // 2592000000000 AS period,
            arg_min(mention_id, (published_at, mention_id)) AS other_id
        FROM printed
        WHERE {mark} IS NOT NULL
        GROUP BY ALL
        HAVING count(*) > 1
    ) AS shared
    JOIN printed ON printed.{mark} = shared.mark AND epoch_us(printed.published_at) // 2592000000000 = shared.period
    WHERE printed.mention_id <> shared.other_id
"""
_KNOWN = """
    SELECT printed.mention_id, known.mention_id AS other_id, known.published_at, {weight} AS weight
    FROM fingerprint AS known
    JOIN printed ON printed.{mark} = known.{mark}
    WHERE printed.mention_id <> known.mention_id
        AND abs(epoch_us(printed.published_at) - epoch_us(known.published_at)) <= $days * 86400000000
"""
# One shared mark of four is what any two texts with a common turn of phrase have; it takes two, or all the words.
_WEIGHTS = {"whole": 2} | dict.fromkeys(_MARKS, 1)
PAIRS_IN_BATCH = """
CREATE OR REPLACE TEMP TABLE pair AS
SELECT mention_id, other_id
FROM ({shared})
GROUP BY mention_id, other_id
HAVING sum(weight) >= 2
""".format(shared="UNION ALL".join(_SHARED.format(mark=mark, weight=weight) for mark, weight in _WEIGHTS.items()))

PAIRS_WITH_STORED = """
INSERT INTO pair
SELECT mention_id, other_id
FROM ({known})
GROUP BY mention_id, other_id, published_at
HAVING sum(weight) >= 2
QUALIFY row_number() OVER (PARTITION BY mention_id ORDER BY sum(weight) DESC, published_at, other_id) <= $compared
""".format(known="UNION ALL".join(_KNOWN.format(mark=mark, weight=weight) for mark, weight in _WEIGHTS.items()))

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

# The pairs that hold, one for each mention: the earliest that it repeats. Whoever was acted on stands for itself.
_TOLD = """
    SELECT mention_id AS id, list_distinct(shingles) AS shingles
    FROM printed
    WHERE mention_id IN (SELECT mention_id FROM candidate UNION ALL SELECT other_id FROM candidate)
    UNION ALL
    SELECT id, list_distinct({shingles}) AS shingles
    FROM (
        SELECT id, {hashes} AS hashes
        FROM (
            SELECT id, nfc_normalize(coalesce(title || chr(10), '') || text) AS words FROM other
        ) AS said
    )
""".format(**_PARTS)
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
SELECT mention_id, arg_min(other_id, (published_at, other_id)) AS leader_id, max(likeness) AS likeness
FROM alike
WHERE likeness >= $likeness
    AND mention_id NOT IN (SELECT mention_id FROM action)
    AND mention_id NOT IN (SELECT leader_id FROM repost)
GROUP BY mention_id
"""

SHORTEN = """
UPDATE link
SET leader_id = further.leader_id
FROM link AS further
WHERE further.mention_id = link.leader_id
"""

FOLLOW = """
INSERT INTO repost
SELECT mention_id, leader_id, likeness
FROM link
"""

KEEP_PRINTS = """
INSERT INTO fingerprint
SELECT * EXCLUDE (shingles) FROM printed WHERE mention_id NOT IN (SELECT mention_id FROM repost)
"""

HEIRS = """
CREATE OR REPLACE TEMP TABLE heir AS
SELECT repost.leader_id AS former_id, arg_min(mention.id, (mention.published_at, mention.id)) AS mention_id
FROM repost
JOIN mention ON mention.id = repost.mention_id
WHERE repost.leader_id IN (SELECT mention_id FROM sifted)
    AND repost.mention_id NOT IN (SELECT mention_id FROM sifted)
GROUP BY repost.leader_id
"""

# What closed the former leader, if anything, closes the heir, in the system's name.
STAND_AS_BEFORE = """
INSERT INTO action
SELECT
    heir.mention_id || '/as/' || last.id, heir.mention_id, coalesce(known.version, 0) + 1,
    CASE WHEN last.kind = 'dismiss' THEN 'dismiss' ELSE 'resolve' END, 'system', last.happened_at, last.recorded_at,
    'It repeats a mention that was closed and is gone.', NULL, NULL, NULL, NULL
FROM heir
JOIN (
    SELECT mention_id, arg_max(id, version) AS id, arg_max(kind, version) AS kind,
        arg_max(happened_at, version) AS happened_at, arg_max(recorded_at, version) AS recorded_at
    FROM action
    WHERE mention_id IN (SELECT former_id FROM heir)
        AND kind IN ('reply', 'resolve', 'dismiss', 'snooze', 'reopen')
        AND id NOT IN (SELECT undoes FROM action WHERE undoes IS NOT NULL)
    GROUP BY mention_id
) AS last ON last.mention_id = heir.former_id
LEFT JOIN (
    SELECT mention_id, max(version) AS version FROM action WHERE mention_id IN (SELECT mention_id FROM heir)
    GROUP BY mention_id
) AS known ON known.mention_id = heir.mention_id
WHERE last.kind IN ('reply', 'resolve', 'dismiss')
"""

FOLLOW_HEIR = """
UPDATE repost
SET leader_id = heir.mention_id
FROM heir
WHERE heir.former_id = repost.leader_id
"""

_OURS = """
    SELECT mention_id, list_sort(list(brand)) AS names
    FROM match
    WHERE brand IN (SELECT name FROM brand WHERE NOT competitor)
        AND mention_id IN (SELECT mention_id FROM repost UNION SELECT leader_id FROM repost)
    GROUP BY mention_id
"""
NOT_OURS = f"""
WITH ours AS ({_OURS})
SELECT leader_id AS mention_id FROM repost WHERE leader_id NOT IN (SELECT mention_id FROM ours)
UNION
SELECT mention_id FROM own_post
"""
ASTRAY = f"""
DELETE FROM repost
WHERE (mention_id, leader_id) NOT IN (
    WITH ours AS ({_OURS})
    SELECT (repost.mention_id, repost.leader_id)
    FROM repost
    JOIN ours AS mine ON mine.mention_id = repost.mention_id
    JOIN ours AS theirs ON theirs.mention_id = repost.leader_id
    WHERE mine.names = theirs.names
)
"""

COUNT = "SELECT leader_id, count(*) AS many FROM repost WHERE list_contains($ids, leader_id) GROUP BY leader_id"

FOLLOWERS = """
SELECT mention.id, mention.source, mention.author, mention.url, mention.published_at, repost.likeness
FROM repost
JOIN mention ON mention.id = repost.mention_id
WHERE repost.leader_id = $id
ORDER BY mention.published_at DESC, mention.id
LIMIT $rows
"""
