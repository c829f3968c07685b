"""One mention with everything stored about it, for the detail beside the queue."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.models import Action, Mention, MentionState, Score, Sentiment, Status
from data.queue import old_news
from data.queue.actions import of_mention
from data.queue.queue import QueueRow
from data.queue.status import state_after
from data.store.store import Connection

NEEDED = 0.5  # from here on the scorer says that a reply is needed
EARLIER = 5  # the author's other mentions shown beside one


@dataclass(frozen=True, slots=True)
class Detail:
    """A mention, the brands it names, its score, and what was done to it."""

    mention: Mention
    brands: tuple[str, ...]
    score: Score | None
    actions: tuple[Action, ...]
    state: MentionState
    notice: str | None = None  # what is shown in place of a text that expired
    is_old: bool = False  # it stands in the tab of old ones

    @property
    def needs_reply(self) -> bool:
        """Whether the mention needs a reply, as a person said, else as the scorer says."""
        if self.state.expects is not None:
            return self.state.expects
        return bool(self.score and (self.score.needs_reply or 0) >= NEEDED)


def find(store: Connection, mention_id: str, row: QueueRow | None = None) -> Detail | None:
    """One mention by its id; None when there is none. `row`: its row in the queue, where it has one; it makes the
    look-up faster, because its time, brands and version are known then."""
    found = store.rows(BY_ID, id=mention_id) if row is None else store.rows(BY_TIME, id=mention_id, at=row.published_at)
    if not found:
        return None
    actions = () if row and row.version == 0 else of_mention(store, mention_id)
    brands = row.brands if row else _brands(store, mention_id)
    notice = None if found[0]["text"] else store.value(NOTICE, id=mention_id)
    is_old = row.status is Status.OLD if row else old_news.is_old(store, mention_id)
    return Detail(Mention(**found[0]), brands, _score(store, mention_id), actions, state_after(actions), notice, is_old)


def _brands(store: Connection, mention_id: str) -> tuple[str, ...]:
    rows = store.rows("SELECT brand FROM match WHERE mention_id = $id ORDER BY brand", id=mention_id)
    return tuple(row["brand"] for row in rows)


def _score(store: Connection, mention_id: str) -> Score | None:
    for row in store.rows(SCORE, id=mention_id):
        row["label"] = row["label"] and Sentiment(row["label"])
        row["words"] = tuple((word, valence) for word, valence in json.loads(row["words"]))
        row["cues"] = {cue: tuple(words) for cue, words in json.loads(row["cues"]).items()}
        row["cue_confidence"] = json.loads(row["cue_confidence"] or "{}")
        row["by_brand"] = json.loads(row["by_brand"] or "null")
        return Score(**row)
    return None


def others(store: Connection, mention: Mention) -> list[dict[str, Any]]:
    """Up to EARLIER other mentions by the same author on the same source, latest first: id, published_at, sentiment,
    excerpt."""
    if mention.author is None:
        return []
    return store.rows(OTHERS, author=mention.author, source=mention.source, id=mention.id, rows=EARLIER)


def not_stored(store: Connection, mention_ids: Sequence[str]) -> tuple[str, ...]:
    """Those of these ids that no stored mention has."""
    stored = {row["id"] for row in store.rows(STORED, ids=list(mention_ids))}
    return tuple(one for one in mention_ids if one not in stored)


STORED = "SELECT id FROM mention WHERE list_contains($ids, id)"

SCORE = """
SELECT
    mention_id, scorer, label, compound, rests_on, words, cues, confidence, needs_reply, layer, corrections,
    cue_confidence, language, by_brand
FROM score
WHERE mention_id = $id
"""

BY_ID = "SELECT * EXCLUDE (collected_at) FROM mention WHERE id = $id"
BY_TIME = f"{BY_ID} AND published_at = $at"  # the store skips row groups of other times

NOTICE = "SELECT notice FROM expired WHERE mention_id = $id"

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
