"""Expiry: text that a source lets us keep for so long only goes in time; ids, stars, times and counts stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from data.models import Keeping
from data.retention import erasure
from data.retention import files as traces
from data.retention.erasure import Cause
from data.settings import Places
from data.store.store import Connection, Store

EARLIER = 0.1  # of a lifetime that text goes before its end, so that the bytes are gone by then
EARLIEST = timedelta(hours=3)


def notice(keeping: Keeping) -> str:
    """What is shown in place of a text: "Text expired after 24 hours, as Yelp asks"."""
    hours = int((keeping.lifetime or timedelta()) / timedelta(hours=1))
    span = f"{hours} hours" if hours <= 48 else f"{hours // 24} days"
    return f"Text expired after {span}, as {keeping.name} asks"


def expire(store: Store, places: Places, keepings: Sequence[Keeping], now: datetime) -> int:
    """Take the words and authors out of every mention whose source lets us keep them no longer; return how many.

    A text is as old as its last look at the source. What came from a file of the team's own, and never from the source
    itself, is theirs to keep.
    """
    return sum(_expire(store, places, one, one.lifetime, now) for one in keepings if one.lifetime)


def _expire(store: Store, places: Places, keeping: Keeping, lifetime: timedelta, now: datetime) -> int:
    before = now - lifetime + min(lifetime * EARLIER, EARLIEST)
    with store.read() as reading:
        aged = reading.value(AGED, source=keeping.source, before=before)
        stale = reading.value(STALE, batch=f"{keeping.source}-", before=before)
    files = traces.forget_batches(places.incoming, keeping.source, before)
    if not (aged or stale or files):
        return 0
    with store.prepare() as preparing:
        doomed = preparing.run(DOOMED, source=keeping.source, before=before).to_arrow_table()
        with preparing.given("doomed", doomed), store.write() as transaction:
            counts = _empty(transaction, places, doomed.to_pylist(), notice(keeping), now)
            counts["rejected"] += transaction.value(REJECTED_EMPTIED, batch=f"{keeping.source}-", before=before)
            counts["batches"] += files
            erasure.note(transaction, Cause(erasure.SYSTEM, erasure.EXPIRED, now), counts)
    return counts["mention"]


def _empty(store: Connection, places: Places, rows: list[dict[str, Any]], told: str, now: datetime) -> dict[str, int]:
    """Empty what lies in `doomed` of all that was said; return how many rows that touched. `rows`: the same as id,
    source, author, title, text."""
    counts = {"batches": 0, "rejected": 0, "mention": 0}
    if not rows:
        return counts
    found = traces.of(rows)
    counts["batches"] = traces.wipe_aside(places, found)
    with store.given("trace", traces.table(found)):
        counts["rejected"] = store.value(erasure.REJECTED_GO)
    counts["mention"] = store.value(MENTION)
    counts["score"] = store.value(SCORE)
    store.run(RESCORED)
    counts["queue"] = store.value(QUEUE, notice=told)
    for statement in (MATCH, UNSCORED):
        store.run(statement)
    store.run(EXPIRED, now=now, notice=told)
    return counts


_AGED = """
FROM mention
JOIN look ON look.mention_id = mention.id
WHERE mention.source = $source AND look.checked_at < $before AND mention.id NOT IN (SELECT mention_id FROM expired)
"""
AGED = f"SELECT count(*) {_AGED}"
DOOMED = f"SELECT mention.id, mention.source, mention.author, mention.title, mention.text {_AGED}"

MENTION = """
UPDATE mention
SET text = '', title = NULL, author = NULL, author_url = NULL
WHERE id IN (SELECT id FROM doomed)
"""

# The mood and the kinds of cue stay, for figures and ranks rest on them; the words that gave them go.
_SCORE = """
UPDATE {table}
SET
    words = '[]',
    cues = '{{' || array_to_string(list_transform(json_keys(cues), lambda cue: '"' || cue || '": []'), ', ') || '}}'
WHERE mention_id IN (SELECT id FROM doomed)
"""
SCORE, RESCORED = _SCORE.format(table="score"), _SCORE.format(table="rescored")

QUEUE = "UPDATE queue SET author = NULL, excerpt = $notice WHERE mention_id IN (SELECT id FROM doomed)"

# Found by words that are gone: what a brand's terms become later cannot be tried on them.
MATCH = """
UPDATE match SET named_by = 'expired' WHERE named_by = 'terms' AND mention_id IN (SELECT id FROM doomed)
"""

UNSCORED = "DELETE FROM unscored WHERE mention_id IN (SELECT id FROM doomed)"
EXPIRED = "INSERT INTO expired SELECT id, $now, $notice FROM doomed"

STALE = """
SELECT count(*) FROM rejected WHERE starts_with(batch, $batch) AND rejected_at < $before AND content <> ''
"""
REJECTED_EMPTIED = """
UPDATE rejected SET content = '' WHERE starts_with(batch, $batch) AND rejected_at < $before AND content <> ''
"""
