"""Ranks: the queue's rows of some mentions, made anew from everything that is kept about them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import pyarrow

from data.actions import of_asked
from data.models import Action, Case, Reason, Sentiment, Standing, Status
from data.standing import stand
from data.store import Connection

EXCERPT = 240  # characters of a mention kept beside its rank, for the list
SHARED_NAME = 30  # complaints under one name on one source; beyond it the name is many people's ("A Google user")
UNTOUCHED = Standing()


class Ranking(Protocol):
    """What the queue asks of whoever judges urgency; `analysis.ranking` is one."""

    def rank(self, case: Case) -> tuple[Reason, ...]:
        """The reasons a mention stands where it does, apart from how long it waits."""

    def waiting(self, published_at: datetime, reply_within: timedelta, now: datetime) -> Reason | None:
        """What waiting adds; None while it adds nothing."""


def rebuild(store: Connection, ranking: Ranking, wanted: str, **values: Any) -> None:
    """Make the queue's rows of some mentions anew. `wanted`: SQL that gives their ids as mention_id. A mention without
    a score waits for it; one that names none of our brands, or is resolved, has no row."""
    store.run(f"CREATE OR REPLACE TEMP TABLE wanted AS {wanted}", **values)
    store.run("DELETE FROM queue WHERE mention_id IN (SELECT mention_id FROM wanted)")
    store.run(ASKED, length=EXCERPT)
    store.run(FACTS, shared=SHARED_NAME)
    facts = store.run("SELECT * FROM fact").to_arrow_table().to_pydict()
    if not facts["mention_id"]:
        return
    rows = list(_rows(facts, of_asked(store), ranking))
    if rows:
        with store.given("ranked", pyarrow.table(list(zip(*rows, strict=True)), schema=SCHEMA)):
            store.run(PLACE, length=EXCERPT)


def _rows(
    facts: dict[str, list[Any]], histories: dict[str, list[Action]], ranking: Ranking
) -> Iterator[tuple[Any, ...]]:
    """One tuple in the order of SCHEMA for each mention that is not resolved."""
    ranked: dict[Case, tuple[int, str]] = {}  # few cases differ among thousands of mentions
    for mention_id, label, rating, cues, reach, engagement, nth, set_to, expects in zip(*facts.values(), strict=True):
        standing = stand(histories[mention_id]) if mention_id in histories else UNTOUCHED
        if standing.status is Status.RESOLVED:
            continue
        corrected = set_to is not None
        seen = Sentiment(set_to or label)
        complaint = nth if seen is Sentiment.NEGATIVE else 0
        stars = None if corrected else rating
        case = Case(seen, stars, frozenset(cues), reach, engagement, complaint, corrected, expects)
        if case not in ranked:
            ranked[case] = _ranked(ranking.rank(case))
        yield (
            mention_id, standing.status.value, seen.value, *ranked[case],
            standing.assignee, standing.snoozed_until, standing.version,
        )  # fmt: skip


def _ranked(reasons: Sequence[Reason]) -> tuple[int, str]:
    return sum(reason.points for reason in reasons), json.dumps([[reason.why, reason.points] for reason in reasons])


SCHEMA = pyarrow.schema(
    [
        ("mention_id", pyarrow.string()),
        ("status", pyarrow.string()),
        ("label", pyarrow.string()),
        ("points", pyarrow.int32()),
        ("reasons", pyarrow.string()),
        ("assignee", pyarrow.string()),
        ("snoozed_until", pyarrow.timestamp("us", "UTC")),
        ("version", pyarrow.int32()),
    ]
)

# The wanted mentions that name a brand of ours, with the brands they name. Most that are closed were closed by their
# latest action, an import's reply for one: those are passed over here, and only the rest are folded action by action.
ASKED = """
CREATE OR REPLACE TEMP TABLE asked AS
SELECT
    mention.id, mention.source, mention.author, mention.rating, mention.reach, mention.engagement, mention.published_at,
    coalesce(expired.notice, left(coalesce(mention.title || ': ', '') || mention.text, 2 * $length)) AS said,
    ours.brands, ours.reply_within_hours
FROM mention
LEFT JOIN expired ON expired.mention_id = mention.id
JOIN (
    SELECT
        match.mention_id,
        list(brand.name ORDER BY brand.name) AS brands,
        min(brand.reply_within_hours) AS reply_within_hours
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
)
"""

# All that ranking looks at. An author's complaints are counted per source in the order they were made; a name with very
# many of them is shared, and says nothing about one person.
FACTS = """
CREATE OR REPLACE TEMP TABLE fact AS
WITH theirs AS (
    SELECT mention.id, mention.source, mention.author, mention.published_at
    FROM mention
    JOIN score ON score.mention_id = mention.id AND score.label = 'negative'
    WHERE mention.author IN (SELECT author FROM asked)
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
)
SELECT
    asked.id AS mention_id, score.label, asked.rating, json_keys(score.cues) AS cues, asked.reach, asked.engagement,
    CASE WHEN complaint.in_all <= $shared THEN complaint.nth ELSE 0 END AS nth_complaint,
    corrected.sentiment AS set_to, corrected.needs_reply AS expects
FROM asked
JOIN score ON score.mention_id = asked.id
LEFT JOIN complaint ON complaint.id = asked.id
LEFT JOIN corrected ON corrected.mention_id = asked.id
"""

PLACE = """
INSERT INTO queue
SELECT
    ranked.mention_id, ranked.status, asked.brands, asked.source, asked.author,
    left(ltrim(replace(asked.said, chr(10), ' ')), $length),
    asked.rating, ranked.label, ranked.points, ranked.reasons, asked.published_at, asked.reply_within_hours,
    asked.published_at + to_microseconds(CAST(asked.reply_within_hours * 3.6e9 AS BIGINT)),
    ranked.assignee, ranked.snoozed_until, ranked.version
FROM ranked
JOIN asked ON asked.id = ranked.mention_id
"""
