"""Ranks: makes the queue's rows of some mentions from everything that is stored about them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

import orjson
import pyarrow

from data.models import OLD_AFTER, REVIEWS_OLD_AFTER, Action, Case, Reason, Sentiment
from data.queue import old_news
from data.queue.actions import of_rankable
from data.queue.status import state_after
from data.store.store import Connection

EXCERPT = 240  # characters of a mention kept beside its rank, for the list
SHARED_NAME = 30  # complaints under one name on one source; beyond it the name is many people's ("A Google user")


class Ranking(Protocol):
    """What the queue needs from a ranking; `analysis.ranking` implements it."""

    def rank(self, case: Case) -> tuple[Reason, ...]:
        """The reasons of a mention's rank, without the time it waits."""

    def waiting(self, published_at: datetime, reply_within: timedelta, now: datetime) -> Reason | None:
        """The points that waiting adds; None while it adds none."""


def rebuild(store: Connection, ranking: Ranking, wanted: str, **values: Any) -> None:
    """Delete the queue's rows of some mentions and insert them anew. `wanted`: SQL that gives their ids as mention_id.
    A mention gets no row while it has no score, when it names none of our brands, or when it is resolved."""
    store.run(f"CREATE OR REPLACE TEMP TABLE wanted AS {wanted}", **values)
    store.run("DELETE FROM queue WHERE mention_id IN (SELECT mention_id FROM wanted)")
    if cases := _find_cases(store):
        with store.given("ranked", _ranked(cases, ranking)):
            store.run(PLACE)


def compute(store: Connection, ranking: Ranking, wanted: str, **values: Any) -> pyarrow.Table:
    """The ranks that `rebuild` would write: mention_id, points, reasons, told. Nothing is written; a reading connection
    is enough."""
    store.run(f"CREATE OR REPLACE TEMP TABLE wanted AS {wanted}", **values)
    with store.given("ranked", _ranked(_find_cases(store), ranking)):
        return store.run(COMPUTED).to_arrow_table()


def _find_cases(store: Connection) -> list[str]:
    """Fill `rankable` and `fact` for the mentions in `wanted`; return the cases that differ."""
    store.run(RANKABLE, length=EXCERPT, days=OLD_AFTER, review_days=REVIEWS_OLD_AFTER)
    old_news.set_apart(store)
    with store.given("state", _states(of_rankable(store))):
        store.run(FACTS, shared=SHARED_NAME)
    return [row["told"] for row in store.rows("SELECT DISTINCT told FROM fact")]


def correct(store: Connection, ranking: Ranking, mention_id: str, version: int) -> bool:
    """Rank one row anew after a person corrected it, from the case stored with the row, so that a key press does not
    wait for reads of whole tables. False, and nothing written, when the stored case is not enough; then call `rebuild`.
    `version`: the mention's new version."""
    rows = store.rows("SELECT told, rating FROM queue WHERE mention_id = $id AND told IS NOT NULL", id=mention_id)
    if not rows:
        return False
    facts = orjson.loads(rows[0]["told"])
    held = store.rows("SELECT sentiment, needs_reply FROM corrected WHERE mention_id = $id", id=mention_id)
    set_to, expects = (held[0]["sentiment"], held[0]["needs_reply"]) if held else (None, None)
    label = set_to or facts["label"]
    is_complaint = label == Sentiment.NEGATIVE
    if (facts["corrected"] and not set_to) or (is_complaint and facts["label"] != Sentiment.NEGATIVE):
        return False  # what the scorer said is not known here, nor how many complaints the author has
    facts |= {
        "label": label,
        "rating": None if set_to else rows[0]["rating"],
        "nth_complaint": facts["nth_complaint"] if is_complaint else 0,
        "corrected": set_to is not None,
        "expects": expects,
        "unjudged": None if set_to else facts.get("unjudged"),
    }
    told = orjson.dumps(facts).decode()
    points, reasons = _rank(ranking.rank, told)
    store.run(CORRECT, id=mention_id, label=label, points=points, reasons=reasons, told=told, version=version)
    return True


def _states(histories: Mapping[str, Sequence[Action]]) -> pyarrow.Table:
    """The triage states of mentions that have actions, as a table."""
    states = {mention_id: state_after(history) for mention_id, history in histories.items()}
    return pyarrow.Table.from_pylist(
        [
            {
                "mention_id": mention_id,
                "status": state.status.value,
                "assignee": state.assignee,
                "snoozed_until": state.snoozed_until,
                "version": state.version,
                "edited": state.edited,
                "edited_at": state.edited_at,
                "wanted_at": state.wanted_at,
            }
            for mention_id, state in states.items()
        ],
        schema=STATES,
    )


def _ranked(cases: Sequence[str], ranking: Ranking) -> pyarrow.Table:
    """The points and reasons (JSON) of each case, as a table. Thousands of mentions share few cases."""
    ranked = [_rank(ranking.rank, told) for told in cases]
    return pyarrow.table([cases, [points for points, _ in ranked], [why for _, why in ranked]], schema=RANKED)


@lru_cache(maxsize=20_000)
def _rank(rank: Callable[[Case], Sequence[Reason]], told: str) -> tuple[int, str]:
    facts = orjson.loads(told)
    case = Case(**facts | {"label": facts["label"] and Sentiment(facts["label"]), "cues": frozenset(facts["cues"])})
    reasons = rank(case)
    return sum(reason.points for reason in reasons), json.dumps([[reason.why, reason.points] for reason in reasons])


STATES = pyarrow.schema(
    [
        ("mention_id", pyarrow.string()),
        ("status", pyarrow.string()),
        ("assignee", pyarrow.string()),
        ("snoozed_until", pyarrow.timestamp("us", "UTC")),
        ("version", pyarrow.int32()),
        ("edited", pyarrow.string()),
        ("edited_at", pyarrow.timestamp("us", "UTC")),
        ("wanted_at", pyarrow.timestamp("us", "UTC")),
    ]
)
RANKED = pyarrow.schema([("told", pyarrow.string()), ("points", pyarrow.int32()), ("reasons", pyarrow.string())])

# The wanted mentions that name a brand of ours, with the brands they name. Most that are closed were closed by their
# latest action, an import's reply for one: those are passed over here, and only the rest are folded action by action.
RANKABLE = """
CREATE OR REPLACE TEMP TABLE rankable AS
SELECT
    mention.id, mention.source, mention.author, mention.rating, mention.reach, mention.engagement, mention.published_at,
    coalesce(expired.notice, left(coalesce(mention.title || ': ', '') || mention.text, 2 * $length)) AS said,
    left(ltrim(replace(said, chr(10), ' ')), $length) AS excerpt,
    ours.brands, ours.reply_within_hours, mention.collected_at, ours.known_at,
    CASE WHEN mention.kind = 'review' OR mention.rating IS NOT NULL THEN $review_days ELSE $days END AS usual,
    CAST(greatest(
        CASE WHEN ours.are_usual THEN usual END,
        list_max(list_transform(ours.set_days, lambda told: CAST(coalesce(
            json_extract(told, '/' || mention.source),
            CASE WHEN usual = $review_days THEN json_extract(told, '/reviews') END,
            json_extract(told, '/default'),
            to_json(usual)
        ) AS INTEGER)))
    ) AS INTEGER) AS days,
    CASE
        WHEN NOT starts_with(mention.id, 'sample:')
            THEN greatest(mention.collected_at, ours.known_at) - to_days(days)
    END AS old_before
FROM mention
LEFT JOIN expired ON expired.mention_id = mention.id
JOIN (
    SELECT
        match.mention_id,
        list_sort(list(brand.name)) AS brands,
        min(brand.reply_within_hours) AS reply_within_hours,
        bool_or(coalesce(brand.old_after, '{}') = '{}') AS are_usual,
        list(brand.old_after) FILTER (WHERE brand.old_after <> '{}') AS set_days,
        CASE WHEN count(brand.known_at) = count(*) THEN min(brand.known_at) END AS known_at
    FROM match
    JOIN brand ON brand.name = match.brand
    WHERE NOT brand.competitor AND match.mention_id IN (SELECT mention_id FROM wanted)
    GROUP BY match.mention_id
) AS ours ON ours.mention_id = mention.id
WHERE mention.id NOT IN (
    SELECT mention_id
    FROM action
    WHERE mention_id IN (SELECT mention_id FROM wanted)
    GROUP BY mention_id
    HAVING arg_max(kind, version) IN ('reply', 'resolve', 'dismiss')
        AND NOT bool_or(kind = 'reopen' AND actor = 'system') -- a late answer may be to what was said before
)
AND NOT EXISTS (SELECT 1 FROM kept_out WHERE kept_out.mention_id = mention.id)
"""

# All that ranking looks at, told as the fields of a case, and where the mention stands, unless it is resolved. An
# author's complaints are counted per source in the order they were made; a name with very many of them is shared, and
# says nothing about one person. What a person said of the sentiment goes before the stars. Words that cannot be judged
# are searched for our handles.
FACTS = """
CREATE OR REPLACE TEMP TABLE fact AS
WITH felt AS MATERIALIZED (
    SELECT
        rankable.id, rankable.author, json_keys(score.cues) AS cues,
        coalesce(corrected.sentiment, score.label) AS label,
        corrected.sentiment IS NOT NULL AS is_corrected, corrected.needs_reply AS expects,
        coalesce(score.needs_reply, 0) >= 0.5 AS expected,
        CASE WHEN corrected.sentiment IS NULL AND score.language <> 'en' THEN score.language END AS unjudged
    FROM rankable
    JOIN score ON score.mention_id = rankable.id
    LEFT JOIN corrected ON corrected.mention_id = rankable.id
),
addressed AS (
    SELECT DISTINCT rankable.id
    FROM rankable
    JOIN felt ON felt.id = rankable.id AND felt.unjudged IS NOT NULL
    JOIN match ON match.mention_id = rankable.id
    JOIN (
        SELECT name, lower(unnest(list_concat(terms, coalesce(handles, [])))) AS handle FROM brand WHERE NOT competitor
    ) AS ours ON ours.name = match.brand
    WHERE starts_with(ours.handle, '@')
        AND regexp_matches(lower(rankable.said), '(^|[^a-z0-9_@])' || regexp_escape(ours.handle) || '($|[^a-z0-9_])')
),
by_them AS MATERIALIZED (
    SELECT id, source, author, published_at
    FROM mention
    WHERE author IN (SELECT author FROM felt WHERE label = 'negative')
),
theirs AS (
    SELECT * FROM by_them WHERE id IN (
        SELECT mention_id FROM score WHERE label = 'negative' AND mention_id IN (SELECT id FROM by_them)
    )
),
complaint AS (
    SELECT
        id,
        row_number() OVER (PARTITION BY source, author ORDER BY published_at, id) AS nth,
        count(*) OVER (PARTITION BY source, author) AS in_all
    FROM theirs
    WHERE id IN (
        SELECT match.mention_id
        FROM match
        JOIN brand ON brand.name = match.brand
        WHERE NOT brand.competitor AND match.mention_id IN (SELECT id FROM theirs)
    )
),
seen AS (
    SELECT
        felt.*, rankable.rating, rankable.reach, rankable.engagement,
        CASE WHEN label = 'negative' AND complaint.in_all <= $shared THEN complaint.nth ELSE 0 END AS nth,
        rankable.published_at < rankable.old_before AS came_old,
        CASE
            WHEN coalesce(state.status, 'open') = 'open' AND came_old AND state.wanted_at IS NULL
                AND coalesce(state.edited_at < rankable.old_before, TRUE) THEN 'old'
            ELSE coalesce(state.status, 'open')
        END AS status,
        CASE WHEN came_old THEN greatest(state.edited_at, state.wanted_at) ELSE state.edited_at END AS waits_from,
        state.assignee, state.snoozed_until, coalesce(state.version, 0) AS version, state.edited,
        addressed.id IS NOT NULL AS addressed
    FROM felt
    JOIN rankable ON rankable.id = felt.id
    LEFT JOIN complaint ON complaint.id = felt.id
    LEFT JOIN state ON state.mention_id = felt.id
    LEFT JOIN addressed ON addressed.id = felt.id
)
SELECT
    id AS mention_id, status, label, assignee, snoozed_until, version, waits_from,
    CAST(to_json({
        label: label, rating: CASE WHEN NOT is_corrected THEN rating END, cues: cues, reach: reach,
        engagement: engagement, nth_complaint: nth, corrected: is_corrected, expects: expects, expected: expected,
        edited: edited, unjudged: unjudged, addressed: addressed
    }) AS VARCHAR) AS told
FROM seen
WHERE status <> 'resolved'
"""

CORRECT = """
UPDATE queue
SET label = $label, points = $points, reasons = $reasons, told = $told, version = $version
WHERE mention_id = $id
"""

COMPUTED = """
SELECT fact.mention_id, ranked.points, ranked.reasons, fact.told
FROM fact
JOIN ranked ON ranked.told = fact.told
"""

PLACE = """
INSERT INTO queue
SELECT
    fact.mention_id, fact.status, rankable.brands, rankable.source, rankable.author, rankable.excerpt, rankable.rating,
    fact.label, ranked.points, ranked.reasons, rankable.published_at, rankable.reply_within_hours,
    coalesce(fact.waits_from, rankable.published_at)
        + to_microseconds(CAST(rankable.reply_within_hours * 3.6e9 AS BIGINT)),
    fact.assignee, fact.snoozed_until, fact.version, fact.told, fact.waits_from
FROM fact
JOIN ranked ON ranked.told = fact.told
JOIN rankable ON rankable.id = fact.mention_id
"""
