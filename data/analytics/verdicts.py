"""Verdicts: people's judgements beside what the scorer had said before it was trained on them."""

from __future__ import annotations

from typing import Any

from data.models import Sentiment, Verdict
from data.store.store import Connection


def of_corrections(store: Connection) -> tuple[Verdict, ...]:
    """One for each corrected mention: the latest values that people set beside the first that the scorer had said."""
    return tuple(_verdict(row) for row in store.rows(OF_CORRECTIONS))


def of_blind(store: Connection) -> tuple[Verdict, ...]:
    """One for each mention that was labelled blind, the latest week first; those nobody could tell are left out."""
    return tuple(_verdict(row) for row in store.rows(OF_BLIND))


def _verdict(row: dict[str, Any]) -> Verdict:
    for name in ("said", "sentiment"):
        row[name] = Sentiment(row[name]) if row[name] else None
    return Verdict(**row | {"brands": tuple(row["brands"] or ())})


_SEEN = """
    mention.source,
    (
        SELECT list(match.brand ORDER BY match.brand)
        FROM match
        WHERE match.mention_id = told.mention_id
            AND match.brand IN (SELECT name FROM brand WHERE NOT competitor)
    ) AS brands
"""

OF_CORRECTIONS = f"""
SELECT
    told.mention_id, {_SEEN}, told.said, told.confidence, told.said_needs_reply, corrected.sentiment,
    corrected.needs_reply, told.scorer, told.layer, NULL AS week
FROM (SELECT * FROM correction QUALIFY row_number() OVER (PARTITION BY mention_id ORDER BY version) = 1) AS told
JOIN corrected ON corrected.mention_id = told.mention_id
JOIN mention ON mention.id = told.mention_id
ORDER BY told.mention_id
"""

OF_BLIND = f"""
SELECT
    told.mention_id, {_SEEN}, told.said, told.confidence, told.said_needs_reply, told.sentiment, told.needs_reply,
    told.scorer, told.layer, told.week
FROM blind AS told
JOIN mention ON mention.id = told.mention_id
WHERE told.sentiment IS NOT NULL
ORDER BY told.week DESC, told.place
"""
