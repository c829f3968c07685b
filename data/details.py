"""One mention with all that is known about it: what the detail beside the queue shows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from data.actions import of_mention
from data.models import Action, Mention, Score, Sentiment, Standing
from data.standing import stand
from data.store import Connection

EARLIER = 5  # the author's other mentions shown beside one


@dataclass(frozen=True, slots=True)
class Detail:
    """A mention, the brands it names, its score, what was done to it, and what its author said before and after."""

    mention: Mention
    brands: tuple[str, ...]
    score: Score | None
    actions: tuple[Action, ...]
    standing: Standing
    others: tuple[dict[str, Any], ...]  # id, published_at, sentiment, excerpt; latest first


def find(store: Connection, mention_id: str) -> Detail | None:
    """One mention by its id; None when there is none."""
    found = store.rows("SELECT * EXCLUDE (collected_at) FROM mention WHERE id = $id", id=mention_id)
    if not found:
        return None
    mention = Mention(**found[0])
    actions = of_mention(store, mention_id)
    return Detail(
        mention, _brands(store, mention_id), _score(store, mention_id), actions, stand(actions), _others(store, mention)
    )


def _brands(store: Connection, mention_id: str) -> tuple[str, ...]:
    rows = store.rows("SELECT brand FROM match WHERE mention_id = $id ORDER BY brand", id=mention_id)
    return tuple(row["brand"] for row in rows)


def _score(store: Connection, mention_id: str) -> Score | None:
    sql = "SELECT * EXCLUDE (scored_at) FROM score WHERE mention_id = $id ORDER BY scored_at DESC LIMIT 1"
    for row in store.rows(sql, id=mention_id):
        row["label"] = Sentiment(row["label"])
        row["words"] = tuple((word, valence) for word, valence in json.loads(row["words"]))
        row["cues"] = {cue: tuple(words) for cue, words in json.loads(row["cues"]).items()}
        return Score(**row)
    return None


def _others(store: Connection, mention: Mention) -> tuple[dict[str, Any], ...]:
    if mention.author is None:
        return ()
    return tuple(store.rows(OTHERS, author=mention.author, source=mention.source, id=mention.id, rows=EARLIER))


OTHERS = """
SELECT said.id, said.published_at, score.label AS sentiment, said.excerpt
FROM (
    SELECT id, published_at, left(coalesce(title || ': ', '') || text, 160) AS excerpt
    FROM mention
    WHERE author = $author AND source = $source AND id <> $id
    ORDER BY published_at DESC
    LIMIT $rows
) AS said
LEFT JOIN score ON score.mention_id = said.id
ORDER BY said.published_at DESC
"""
