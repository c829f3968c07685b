"""The blind check: people label A_WEEK random mentions a week without seeing their scores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from data.models import Sentiment
from data.people.rights import Actor, Verb
from data.store.store import Store

A_WEEK = 20  # mentions
RECENT = timedelta(days=28)  # drawn from what came in since, and from the rest where that is too little


@dataclass(frozen=True, slots=True)
class Card:
    """One mention to label. `labelled_by` is None until somebody did; then `sentiment` None means that nobody can
    tell."""

    week: date
    place: int
    mention_id: str
    source: str
    brands: tuple[str, ...]
    title: str | None
    text: str
    rating: float | None
    published_at: datetime
    sentiment: Sentiment | None
    needs_reply: bool | None
    labelled_by: str | None


def week_of(now: datetime) -> date:
    """The Monday, in UTC, of the week in which `now` lies."""
    today = now.astimezone(UTC).date()
    return today - timedelta(days=today.weekday())


def cards(store: Store, now: datetime) -> tuple[Card, ...]:
    """This week's mentions to label. The first call draws them, later calls in the same week return the same ones. When
    fewer than A_WEEK mentions could be drawn, later calls draw the missing ones."""
    week = week_of(now)
    with store.read() as reading:
        found = reading.rows(CARDS, week=week)
        drawn = (
            reading.run(DRAW, week=week, since=now - RECENT, wanted=A_WEEK).to_arrow_table()
            if len(found) < A_WEEK
            else None
        )
    if drawn is None or drawn.num_rows == 0:
        return tuple(_card(row) for row in found)
    with store.write() as transaction, transaction.given("drawn", drawn):
        transaction.run(KEEP, week=week, wanted=A_WEEK)
        return tuple(_card(row) for row in transaction.rows(CARDS, week=week))


def _card(row: dict[str, Any]) -> Card:
    sentiment = Sentiment(row["sentiment"]) if row["sentiment"] else None
    return Card(**row | {"sentiment": sentiment, "brands": tuple(row["brands"] or ())})


def label(
    store: Store, card: Card, sentiment: Sentiment | None, needs_reply: bool | None, by: Actor, now: datetime
) -> bool:
    """Store a label; False when the mention has one already, which is kept. `sentiment` None: the person cannot
    tell. Forbidden."""
    by.insist(Verb.LABEL)
    with store.write() as transaction:
        found = transaction.value(LABELLED, week=card.week, mention_id=card.mention_id)
        if found is not False:
            return False
        transaction.run(
            LABEL, week=card.week, mention_id=card.mention_id, sentiment=sentiment.value if sentiment else None,
            needs_reply=needs_reply, who=by.name, now=now,
        )  # fmt: skip
    return True


def take_back(store: Store, card: Card, by: Actor) -> None:
    """Remove the label that `by` gave. Forbidden."""
    by.insist(Verb.LABEL)
    with store.write() as transaction:
        transaction.run(TAKE_BACK, week=card.week, mention_id=card.mention_id, who=by.name)


CARDS = """
SELECT
    blind.week, blind.place, blind.mention_id, mention.source,
    (
        SELECT list(match.brand ORDER BY match.brand)
        FROM match
        WHERE match.mention_id = blind.mention_id
            AND match.brand IN (SELECT name FROM brand WHERE NOT competitor)
    ) AS brands,
    mention.title, mention.text, mention.rating, mention.published_at, blind.sentiment, blind.needs_reply,
    blind.labelled_by
FROM blind
JOIN mention ON mention.id = blind.mention_id
WHERE blind.week = $week
ORDER BY blind.place
"""

# By a hash of week and id: the same for whoever draws, and no mention twice.
DRAW = """
SELECT
    mention.id AS mention_id,
    row_number() OVER (ORDER BY mention.collected_at < $since, md5(CAST($week AS VARCHAR) || mention.id)) AS place
FROM mention
WHERE mention.id NOT IN (SELECT mention_id FROM blind)
    AND mention.id NOT IN (SELECT mention_id FROM expired)
    AND mention.id IN (SELECT mention_id FROM score)
    AND mention.id IN (SELECT mention_id FROM match WHERE brand IN (SELECT name FROM brand WHERE NOT competitor))
ORDER BY place
LIMIT $wanted
"""

# What the scorer says is kept as it stands at the drawing: nothing it learns afterwards can know these labels.
KEEP = """
INSERT INTO blind
SELECT
    $week, had.drawn + drawn.place, drawn.mention_id, NULL, NULL, NULL, NULL,
    score.label, score.confidence, score.needs_reply, score.scorer, score.layer
FROM drawn
JOIN score ON score.mention_id = drawn.mention_id
CROSS JOIN (SELECT coalesce(max(place), 0) AS drawn, count(*) AS cards FROM blind WHERE week = $week) AS had
WHERE drawn.mention_id NOT IN (SELECT mention_id FROM blind) AND drawn.place <= $wanted - had.cards
"""

LABELLED = "SELECT labelled_at IS NOT NULL FROM blind WHERE week = $week AND mention_id = $mention_id"

LABEL = """
UPDATE blind
SET sentiment = $sentiment, needs_reply = $needs_reply, labelled_by = $who, labelled_at = $now
WHERE week = $week AND mention_id = $mention_id
"""

TAKE_BACK = """
UPDATE blind
SET sentiment = NULL, needs_reply = NULL, labelled_by = NULL, labelled_at = NULL
WHERE week = $week AND mention_id = $mention_id AND labelled_by = $who
"""
