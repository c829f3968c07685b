"""Topics: weekly counts of what reviewers write about, from platforms that do not allow storing the reviews."""

from __future__ import annotations

from typing import Any

from data.store.store import Connection


def take(store: Connection) -> None:
    """Store the topics of the batch in `fresh`; a week that arrives again replaces the former one."""
    store.run(MERGE)


def latest(store: Connection, brand: str | None = None, rows: int = 12) -> list[dict[str, Any]]:
    """The topics of each product's newest week, those that most speak of first: source, brand, subject, title, week_on,
    topic, sentiment, mentions, share (0 to 1), stars, and `before`: its share in the week before, where it had one."""
    return store.rows(LATEST, brand=brand, rows=rows)


MERGE = """
MERGE INTO topic AS known
USING (
    SELECT
        topic ->> 'source' AS source, topic ->> 'brand' AS brand, topic ->> 'subject' AS subject,
        CAST(topic ->> 'week_on' AS DATE) AS week_on, topic ->> 'topic' AS topic, topic ->> 'sentiment' AS sentiment,
        TRY_CAST(topic ->> 'mentions' AS BIGINT) AS mentions, TRY_CAST(topic ->> 'share' AS DOUBLE) AS share,
        TRY_CAST(topic ->> 'stars' AS DOUBLE) AS stars, topic ->> 'title' AS title
    FROM fresh
    WHERE fresh.topic IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY
            topic ->> 'source', topic ->> 'subject', topic ->> 'week_on', topic ->> 'topic', topic ->> 'sentiment'
        ORDER BY line DESC
    ) = 1
) AS told
ON (known.source, known.subject, known.week_on, known.topic, known.sentiment)
    = (told.source, told.subject, told.week_on, told.topic, told.sentiment)
WHEN MATCHED THEN UPDATE SET
    brand = told.brand, mentions = told.mentions, share = told.share, stars = told.stars, title = told.title
WHEN NOT MATCHED THEN INSERT VALUES (
    told.source, told.brand, told.subject, told.week_on, told.topic, told.sentiment, told.mentions, told.share,
    told.stars, told.title
)
"""

LATEST = """
WITH newest AS (
    SELECT source, subject, max(week_on) AS week_on
    FROM topic
    WHERE $brand IS NULL OR brand = $brand
    GROUP BY source, subject
)
SELECT
    topic.source, topic.brand, topic.subject, topic.title, topic.week_on, topic.topic, topic.sentiment,
    topic.mentions, topic.share, topic.stars, earlier.share AS before
FROM topic
JOIN newest ON (topic.source, topic.subject, topic.week_on) = (newest.source, newest.subject, newest.week_on)
LEFT JOIN topic AS earlier
    ON (earlier.source, earlier.subject, earlier.topic, earlier.sentiment)
        = (topic.source, topic.subject, topic.topic, topic.sentiment)
    AND earlier.week_on = topic.week_on - INTERVAL 7 DAYS
ORDER BY topic.mentions DESC NULLS LAST, topic.topic, topic.subject
LIMIT $rows
"""
