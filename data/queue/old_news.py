"""Old news: what was too old to answer when it first came in. It has a tab of its own, and nothing of it is late."""

from __future__ import annotations

from data.store.store import Connection


def set_apart(store: Connection) -> None:
    """Spare the old ones in `rankable` that are work all the same, and keep the ids of the others in `old_news`. Work
    is what waited in a batch, what was said while its source could not be read, and what others repeat by now."""
    if store.value("SELECT count(*) FROM rankable WHERE published_at < old_before"):
        for statement in SPARE:
            store.run(statement)
    if store.value(IS_MOVED):
        store.run("DELETE FROM old_news WHERE mention_id IN (SELECT id FROM rankable)")
        store.run("INSERT INTO old_news SELECT id FROM rankable WHERE published_at < old_before")


def is_old(store: Connection, mention_id: str) -> bool:
    """Whether a mention stands in the tab of old ones."""
    return bool(store.value("SELECT count(*) FROM queue WHERE mention_id = $id AND status = 'old'", id=mention_id))


# A batch is named by the instant it was written at, however long it lay there before it was taken in.
WAITED = """
UPDATE rankable
SET old_before = came.written_at - to_days(rankable.days)
FROM (
    SELECT absorbed_at, min(CAST(written_at AS TIMESTAMPTZ)) AS written_at
    FROM (
        SELECT
            absorbed_at,
            try_strptime(regexp_extract(name, '-([0-9]{8}T[0-9]{12})-', 1), '%Y%m%dT%H%M%S%f') AS written_at
        FROM batch
        WHERE absorbed_at IN (SELECT collected_at FROM rankable WHERE published_at < old_before)
    )
    WHERE written_at IS NOT NULL
    GROUP BY absorbed_at
) AS came
WHERE came.absorbed_at = rankable.collected_at
    AND rankable.published_at < rankable.old_before
    AND came.written_at < rankable.collected_at
    AND coalesce(rankable.known_at <= rankable.collected_at, TRUE) -- else nobody looked for it then
"""

# Between two runs that went well: for a failing source, or while this machine was off, nobody could know of it in time.
UNREAD = """
UPDATE rankable
SET old_before = NULL
FROM (
    SELECT
        source, started_at AS until_at,
        lag(ended_at) OVER (PARTITION BY source ORDER BY ended_at, started_at) AS since_at
    FROM run
    WHERE error IS NULL AND source IN (SELECT source FROM rankable WHERE published_at < old_before)
) AS outage
WHERE outage.source = rankable.source
    AND rankable.published_at < rankable.old_before
    AND rankable.published_at BETWEEN outage.since_at AND outage.until_at
    AND coalesce(rankable.known_at <= rankable.collected_at, TRUE)
    AND 2 * epoch_us(outage.until_at) - 2 * epoch_us(outage.since_at) > rankable.days * 86400000000
"""

REPEATED = """
UPDATE rankable
SET old_before = NULL
WHERE published_at < old_before AND id IN (
    SELECT repost.canonical_id
    FROM repost
    JOIN mention ON mention.id = repost.mention_id
    JOIN rankable AS said ON said.id = repost.canonical_id
    WHERE mention.published_at >= mention.collected_at - to_days(said.days)
)
"""
SPARE = (WAITED, UNREAD, REPEATED)

IS_MOVED = """
SELECT count(*)
FROM (
    SELECT count(*) AS many FROM rankable WHERE published_at < old_before
    UNION ALL
    SELECT count(*) FROM old_news WHERE mention_id IN (SELECT id FROM rankable)
)
WHERE many > 0
"""
