"""Edits: opens a mention again that changed after it was answered, closed or snoozed, and writes down what changed."""

from __future__ import annotations

from datetime import datetime

from data.folding import ONE_FOR_ONE
from data.models import SYSTEM
from data.queue import ranks
from data.queue.ranks import Ranking
from data.store.store import Connection

CONTENT = 4  # stars from here on: who gives more than before, and so many, has nothing to complain of


def find(store: Connection) -> None:
    """Fill `edited` with the stored mentions to which `arrived` gives fewer stars or other words, and with new ones of
    few stars that were edited after the answer that comes with them. Call it before they are stored. Other blanks,
    markup or punctuation are no other words, nor are more stars a reason to come back."""
    typed, signs = ONE_FOR_ONE
    store.run(FIND, content=CONTENT, typed=typed, signs=signs)


def reopen(store: Connection, ranking: Ranking, now: datetime) -> None:
    """Open the mentions in `edited` again that were closed, snoozed or too old; call it after the batch's answers were
    taken. An answer that came after the edit stands, and what was set aside as not relevant needs other words."""
    if not store.value("SELECT count(*) FROM edited"):
        return
    changed = store.run(CHANGED, now=now).to_arrow_table()
    if changed.num_rows == 0:
        return
    with store.given("changed", changed):
        store.run(INSERT, now=now, actor=SYSTEM)
        ranks.rebuild(store, ranking, "SELECT mention_id FROM changed")


# What is left of a text when only its words count: no tags, link targets, entities, accents, blanks or punctuation,
# in one width. A question mark and an emoji are words; an entity that stands for a letter is that letter.
_WORDS = r"""
    regexp_replace(
        strip_accents(lower(translate(nfc_normalize(
            regexp_replace(
                regexp_replace(
                    regexp_replace({text}, '</?[a-zA-Z][^<>]*>|\]\([^()\s]*\)', ' ', 'g'),
                    '&([a-zA-Z])(?:acute|grave|circ|uml|tilde|cedil|ring|slash|caron);', '\1', 'g'
                ),
                '&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z]+);', ' ', 'g'
            )
        ), $typed, $signs))),
        '[^\pL\pN\p{{So}}?]+', '', 'g'
    )
"""
_PARTS = {
    "text": _WORDS.format(text="fresh.text"),
    "known_text": _WORDS.format(text="known.text"),
    "title": _WORDS.format(text="fresh.title"),
    "known_title": _WORDS.format(text="known.title"),
}

# A title that is told for the first time, or no more, is how the source tells it. So is a text that is empty now; one
# that was empty may have expired. `version`: how many actions there were before the batch.
# What a review new to us said before its edit is not known; its stars tell whether it is a complaint now. Some sources
# tell the time of an edit as that of writing: then a day lies between, since a reply may have its day only.
FIND = """
CREATE OR REPLACE TEMP TABLE edited AS
SELECT mention_id, told_at, is_reworded, CASE WHEN after < before THEN [before, after] END AS stars, version
FROM (
    SELECT
        known.id AS mention_id, known.rating AS before, fresh.rating AS after,
        CASE
            WHEN fresh.edited_at > coalesce(known.edited_at, known.published_at) THEN fresh.edited_at
            WHEN fresh.published_at > coalesce(known.edited_at, known.published_at) THEN fresh.published_at
        END AS told_at,
        (
            {text} NOT IN ('', {known_text})
            OR coalesce({title} <> {known_title}, FALSE)
        )
        AND known.id NOT IN (SELECT mention_id FROM expired) AS is_reworded
    FROM arrived
    JOIN fresh ON fresh.line = arrived.line
    JOIN mention AS known ON known.id = arrived.id
    WHERE arrived.differs AND arrived.is_current AND NOT arrived.is_new
)
LEFT JOIN (
    SELECT mention_id, max(version) AS version
    FROM action
    WHERE mention_id IN (SELECT id FROM arrived WHERE differs AND is_current AND NOT is_new)
    GROUP BY mention_id
) AS acted USING (mention_id)
WHERE after < before OR is_reworded AND NOT coalesce(after > before AND after >= $content, FALSE)
UNION ALL
SELECT arrived.id, coalesce(fresh.edited_at, fresh.published_at), FALSE, [fresh.rating], NULL
FROM arrived
JOIN fresh ON fresh.line = arrived.line
JOIN (
    SELECT
        answer ->> 'mention_id' AS mention_id,
        max(CAST(answer ->> 'answered_at' AS TIMESTAMPTZ)) AS answered_at
    FROM fresh
    WHERE answer IS NOT NULL
    GROUP BY answer ->> 'mention_id'
) AS replied ON replied.mention_id = arrived.id
WHERE arrived.is_current AND arrived.is_new AND fresh.rating < $content
    AND (fresh.edited_at > replied.answered_at OR fresh.published_at > replied.answered_at + INTERVAL 1 DAY)
""".format(**_PARTS)

# An answer closes for good what it answers. Where an edit has no time, or that of the answer (of both only the day is
# told), the answers of the same batch are the later ones, and those known before are not.
# What we opened because of an edit is told of the next one, too. What came in too old to answer may be work now.
CHANGED = """
WITH stand AS (
    SELECT
        mention_id, max(version) AS version, arg_max(kind, version) AS kind, arg_max(actor, version) AS actor,
        arg_max(happened_at, version) AS happened_at, arg_max(until_at, version) AS until_at,
        arg_max(coalesce(body, ''), version) AS body
    FROM action
    WHERE mention_id IN (SELECT mention_id FROM edited)
        AND kind IN ('reply', 'resolve', 'dismiss', 'snooze', 'reopen')
        AND id NOT IN (
            SELECT undoes FROM action WHERE undoes IS NOT NULL AND mention_id IN (SELECT mention_id FROM edited)
        )
    GROUP BY mention_id
)
SELECT
    edited.mention_id,
    least(coalesce(edited.told_at, $now), $now) AS happened_at,
    CASE coalesce(stand.kind, '')
        WHEN '' THEN 'edited since it came in'
        WHEN 'reply' THEN 'edited after our answer'
        WHEN 'resolve' THEN 'edited after it was resolved'
        WHEN 'dismiss' THEN 'edited after it was set aside'
        WHEN 'snooze' THEN 'edited while it was snoozed'
        ELSE split_part(stand.body, ':', 1)
    END || ': ' || concat_ws(
        ', ',
        CASE len(edited.stars)
            WHEN 2 THEN format('{:g} \N{RIGHTWARDS ARROW} {:g} stars', edited.stars[1], edited.stars[2])
            WHEN 1 THEN format('{:g} of 5 stars', edited.stars[1])
        END,
        CASE WHEN edited.is_reworded THEN 'other words' END
    ) AS body
FROM edited
LEFT JOIN stand ON stand.mention_id = edited.mention_id
WHERE CASE coalesce(stand.kind, '')
    WHEN '' THEN edited.mention_id IN (SELECT mention_id FROM queue WHERE status = 'old')
    WHEN 'reply' THEN CASE
        WHEN stand.happened_at <> edited.told_at THEN stand.happened_at < edited.told_at
        ELSE stand.version <= edited.version
    END
    WHEN 'resolve' THEN TRUE
    WHEN 'dismiss' THEN edited.is_reworded
    WHEN 'snooze' THEN stand.until_at > $now
    ELSE stand.actor = 'system'
END
"""

INSERT = """
INSERT INTO action
SELECT
    changed.mention_id || '/edit/' || (coalesce(known.version, 0) + 1), changed.mention_id,
    coalesce(known.version, 0) + 1, 'reopen', $actor, changed.happened_at, $now, changed.body, NULL, NULL, NULL, NULL
FROM changed
LEFT JOIN (
    SELECT mention_id, max(version) AS version
    FROM action
    WHERE mention_id IN (SELECT mention_id FROM changed)
    GROUP BY mention_id
) AS known ON known.mention_id = changed.mention_id
"""
