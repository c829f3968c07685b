"""Fingerprints: hashes of a mention's words, and the pairs of mentions that share enough of them to be compared.

Words are taken without capitals, links, handles and "RT". Equal texts share one hash of all words; similar texts share
some of four marks, each the least hash of their three-word sequences in another order (MinHash, Broder 1997). A mention
is compared with the earliest of its batch that shares a hash, and with the COMPARED stored ones that share most.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

from data.store.store import Connection

FEWEST_WORDS = 4  # of a text that may say itself that it is a repost
REVIEW_WORDS = 16  # of a review: stars are one person's word, so only what is long and the same is a copy
COMPARED = 2  # stored mentions that one new mention is compared with


def take(store: Connection) -> None:
    """Fill `printed` with the fingerprints of the mentions in `sifted` that are long enough to compare."""
    store.run(SPOKEN)
    store.run(HASH)
    store.run(PRINT, words=FEWEST_WORDS, review_words=REVIEW_WORDS)


def pair(store: Connection, days: int) -> bool:
    """Fill `pair` with the mentions of `printed` and those to compare them with, at most `days` apart. False, and
    nothing filled, when `printed` is empty."""
    [printed] = store.rows("SELECT min(published_at) AS earliest, max(published_at) AS latest FROM printed")
    if printed["earliest"] is None:
        return False
    near = timedelta(days=days)
    store.run(PAIRS_IN_BATCH)
    store.run(NEAR, earliest=printed["earliest"] - near, latest=printed["latest"] + near)
    store.run(PAIRS_WITH_STORED, days=days, compared=COMPARED)
    return True


# A text as hashes of its words; and of its three-word sequences, out of those.
_WORDS_HASHED = r"""
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
SHINGLES = "list_transform(hashes[3:], lambda third, n: hash(xor(third, xor(hashes[n + 1] >> 1, hashes[n] >> 2))))"
_LEAST = "list_min(list_transform(shingles, lambda hashed: xor(hashed, CAST({order} AS UBIGINT))))"

# Only what stands for our own brands is compared, and only with what names the very same ones: else a filter by brand
# would miss it. A review has no marks: nearly the same is not enough.
# The texts first and alone: a store that cut them in the same breath would do so for all it holds, and compose them at
# every mention of their words.
SPOKEN = """
CREATE OR REPLACE TEMP TABLE spoken AS
SELECT id, published_at, rating, nfc_normalize(coalesce(title || chr(10), '') || text) AS words
FROM mention
WHERE id IN (SELECT mention_id FROM sifted)
"""

_HASH = """
CREATE OR REPLACE TEMP TABLE hashed AS
SELECT
    said.id, said.published_at, brands.ours, said.rating IS NOT NULL AS is_review,
    lower(left(said.words, 4)) = 'rt @' AS is_repost, {hashes} AS hashes
FROM spoken AS said
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
HASHES = _WORDS_HASHED.format(words="said.words")
_PARTS = {"hashes": HASHES, "shingles": SHINGLES, **_MARKS}
HASH = _HASH.format(**_PARTS)
PRINT = _PRINT.format(**_PARTS)

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
# One shared mark of four is what any two texts with a common turn of phrase have; it takes two, or all the words.
_WEIGHTS = {"whole": 2} | dict.fromkeys(_MARKS, 1)
PAIRS_IN_BATCH = """
CREATE OR REPLACE TEMP TABLE pair AS
SELECT mention_id, other_id
FROM ({shared})
GROUP BY mention_id, other_id
HAVING sum(weight) >= 2
""".format(shared="UNION ALL".join(_SHARED.format(mark=mark, weight=weight) for mark, weight in _WEIGHTS.items()))

# Stored ones that may share enough with one of the batch: what they share may be two mentions', which is told later.
NEAR = """
CREATE OR REPLACE TEMP TABLE near AS
SELECT *
FROM fingerprint
WHERE published_at BETWEEN $earliest AND $latest
    AND {shared} >= 2
""".format(
    shared=" + ".join(
        f"CASE WHEN {mark} IN (SELECT {mark} FROM printed) THEN {weight} ELSE 0 END"
        for mark, weight in _WEIGHTS.items()
    )
)

# Two of one key share all their words, or two marks. Of many that share a key, a form letter for one, the earliest of
# each period stand for all: else each would be held against each.
_KEYS = ", ".join(f"hash({', '.join(marks)})" for marks in (("whole",), *combinations(_MARKS, 2)))
_ALL_MARKS = ", ".join(_MARKS)
_KEYED = f"""
    SELECT
        mention_id, published_at, whole, {_ALL_MARKS},
        generate_subscripts([{_KEYS}], 1) AS nth, unnest([{_KEYS}]) AS key
    FROM {{table}}
"""
PAIRS_WITH_STORED = """
INSERT INTO pair
SELECT mention_id, other_id
FROM (
    SELECT
        fresh.mention_id, known.one.mention_id AS other_id, known.one.published_at AS published_at,
        {weight} AS weight
    FROM (
        SELECT nth, key, unnest(arg_min(stored, (published_at, mention_id), {compared})) AS one
        FROM ({stored}) AS stored
        GROUP BY nth, key, epoch_us(published_at) // 2592000000000
    ) AS known
    JOIN ({fresh}) AS fresh ON fresh.nth = known.nth AND fresh.key = known.key
    WHERE fresh.mention_id <> known.one.mention_id
        AND abs(epoch_us(fresh.published_at) - epoch_us(known.one.published_at)) <= $days * 86400000000
        AND weight >= 2
    GROUP BY ALL
)
QUALIFY row_number() OVER (PARTITION BY mention_id ORDER BY weight DESC, published_at, other_id) <= $compared
""".format(
    weight=" + ".join(
        f"CASE WHEN fresh.{mark} = known.one.{mark} THEN {weight} ELSE 0 END" for mark, weight in _WEIGHTS.items()
    ),
    compared=COMPARED,
    stored=_KEYED.format(table="near"),
    fresh=_KEYED.format(table="printed"),
)
