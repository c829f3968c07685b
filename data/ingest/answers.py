"""Answers: writes the brands' own replies that a batch brings into the log of actions."""

from __future__ import annotations

from datetime import datetime

from data.queue import ranks
from data.queue.ranks import Ranking
from data.store.store import Connection


def take(store: Connection, ranking: Ranking, now: datetime, *, fiction: bool) -> None:
    """Insert the answers of the batch in `fresh` as replies, each once even when several batches bring it. `fiction`:
    whether to take those to mentions of the sample."""
    answered = store.run(FOUND, fiction=fiction).to_arrow_table()
    if answered.num_rows == 0:
        return
    with store.given("answered", answered):
        store.run(INSERT, now=now)
        store.run("DELETE FROM queue WHERE mention_id IN (SELECT mention_id FROM answered)")
        ranks.rebuild(store, ranking, "SELECT mention_id FROM answered")


FOUND = """
WITH told AS (
    SELECT
        answer ->> 'mention_id' AS mention_id,
        answer ->> 'text' AS body,
        coalesce(answer ->> 'author', 'the brand') AS actor,
        CAST(answer ->> 'answered_at' AS TIMESTAMPTZ) AS happened_at
    FROM fresh
    WHERE answer IS NOT NULL AND ($fiction OR NOT starts_with(answer ->> 'mention_id', 'sample:'))
)
SELECT
    mention_id || '/reply/' || md5(body) AS id, mention_id, body,
    min(happened_at) AS happened_at, min(actor) AS actor
FROM told
GROUP BY mention_id, body
"""

INSERT = """
INSERT INTO action
SELECT
    answered.id,
    answered.mention_id,
    coalesce(known.version, 0) + row_number() OVER (PARTITION BY answered.mention_id ORDER BY answered.happened_at),
    'reply', answered.actor, answered.happened_at, $now, answered.body, NULL, NULL, NULL, NULL
FROM answered
LEFT JOIN (SELECT mention_id, max(version) AS version FROM action GROUP BY mention_id) AS known USING (mention_id)
WHERE answered.id NOT IN (SELECT id FROM action)
"""
