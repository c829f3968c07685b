"""Weekly figures: mentions by brand, source and sentiment, and how soon they were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from data.models import Sentiment
from data.store.store import Connection, Store

FROM = (
    "brand",
    "mention",
    "match",
    "score",
    "action",
    "correction",
    "own_post",
    "old_news",
)  # all that a figure rests on


@dataclass(frozen=True, slots=True)
class Tally:
    """How many mentions of one week, brand, source and sentiment there are. `once`: the same without those that one of
    our other brands counts already, so that the sum over our brands has each mention once; 0 for competitors."""

    week: date  # its Monday, in UTC
    brand: str
    competitor: bool
    source: str
    sentiment: Sentiment | None  # None: not judged
    mentions: int
    once: int
    oldest_at: datetime
    newest_at: datetime


@dataclass(frozen=True, slots=True)
class Answers:
    """How the mentions published in one week were answered first. Hours are None where no answer has a time; an early
    answer is dated before its mention (a review edited after the reply) and has none. `old`: mentions that were too old
    to answer when they first came in; no other figure counts them."""

    week: date
    answered: int
    early: int
    within: int  # answered no later than the brand's target
    median_hours: float | None
    mean_hours: float | None
    old: int = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """Which of our mentions to look at: published in [since, until); no brand or no sources let all through."""

    since: datetime
    until: datetime
    brand: str | None = None
    sources: frozenset[str] = frozenset()


def tallies(store: Store) -> tuple[Tally, ...]:
    """All weeks of all brands; counted anew only when something it rests on was written."""
    return _tallies(store, _changes(store))


def answers(store: Store, scope: Scope) -> tuple[Answers, ...]:
    """The weeks of the scope in which something was answered or came in too old; counted anew only when something was
    written."""
    return _answers(store, _changes(store), scope)


def count_unscored(store: Store) -> int:
    """How many mentions have no score yet and so are in no figure."""
    with store.read() as connection:
        return int(connection.value("SELECT count(*) FROM unscored"))


def _changes(store: Store) -> tuple[int, ...]:
    return tuple(store.changes[table] for table in FROM)


@lru_cache(maxsize=2)  # a store's latest figures, and one more while they change
def _tallies(store: Store, _: tuple[int, ...]) -> tuple[Tally, ...]:
    with store.read() as connection:
        return tuple(
            Tally(**row | {"sentiment": row["sentiment"] and Sentiment(row["sentiment"])})
            for row in connection.rows(_tallying(connection))
        )


@lru_cache(maxsize=64)
def _answers(store: Store, _: tuple[int, ...], scope: Scope) -> tuple[Answers, ...]:
    with store.read() as connection:
        rows = connection.rows(
            ANSWERS, since=scope.since, until=scope.until, brand=scope.brand, sources=sorted(scope.sources)
        )
    return tuple(Answers(**row) for row in rows)


def _tallying(store: Connection) -> str:
    """The query that costs least: with one brand of ours no mention can be counted twice."""
    ours = store.value("SELECT count(*) FROM brand WHERE NOT competitor")
    return TALLIES_OF_SEVERAL if ours > 1 else TALLIES


# ISO weeks as whole numbers since the Monday before 1970, which is far quicker than calendar arithmetic.
_WEEK = "(epoch_us(published_at) + 259200000000) // 604800000000"
_MONDAY = "DATE '1969-12-29' + CAST(7 * week AS INTEGER)"

_TALLIES = """
SELECT {monday} AS week, brand, competitor, source, sentiment, mentions, once, oldest_at, newest_at
FROM (
    SELECT
        {week} AS week, judged.brand, competitor, source, sentiment,
        count(*) AS mentions, {once} AS once, min(published_at) AS oldest_at, max(published_at) AS newest_at
    FROM judged {several}
    GROUP BY ALL
)
ORDER BY week, brand, source, sentiment
"""

TALLIES = _TALLIES.format(monday=_MONDAY, week=_WEEK, several="", once="count(*) FILTER (WHERE NOT competitor)")

# A mention that names several of our brands counts once, for the first of them by name.
TALLIES_OF_SEVERAL = _TALLIES.format(
    monday=_MONDAY,
    week=_WEEK,
    once="count(*) FILTER (WHERE NOT competitor AND coalesce(several.brand, judged.brand) = judged.brand)",
    several="""
    LEFT JOIN (
        SELECT mention_id, min(brand) AS brand
        FROM match
        WHERE brand IN (SELECT name FROM brand WHERE NOT competitor)
        GROUP BY mention_id
        HAVING count(*) > 1
    ) AS several ON several.mention_id = judged.mention_id
    """,
)

# Where a mention names several of our brands, the strictest target holds.
ANSWERS = f"""
SELECT
    {_MONDAY} AS week,
    count(*) FILTER (WHERE NOT is_old) AS answered,
    count(*) FILTER (WHERE hours < 0) AS early,
    count(*) FILTER (WHERE hours BETWEEN 0 AND target) AS within,
    median(hours) FILTER (WHERE hours >= 0) AS median_hours,
    avg(hours) FILTER (WHERE hours >= 0) AS mean_hours,
    count(*) FILTER (WHERE is_old) AS old
FROM (
    SELECT
        {_WEEK} AS week,
        CASE WHEN NOT is_old THEN (epoch_us(replied_at) - epoch_us(published_at)) / 3.6e9 END AS hours,
        is_old, min(reply_within_hours) AS target
    FROM (
        SELECT mention_id, replied_at, mention_id IN (SELECT mention_id FROM old_news) AS is_old
        FROM first_reply
        UNION ALL
        SELECT mention_id, NULL, TRUE
        FROM old_news
        WHERE mention_id NOT IN (SELECT mention_id FROM first_reply)
    ) AS told
    JOIN judged ON judged.mention_id = told.mention_id
    JOIN brand ON brand.name = judged.brand
    WHERE NOT judged.competitor
        AND published_at >= $since AND published_at < $until
        AND ($brand IS NULL OR judged.brand = $brand)
        AND (len($sources) = 0 OR list_contains($sources, source))
    GROUP BY told.mention_id, published_at, replied_at, is_old
)
GROUP BY week
ORDER BY week
"""
