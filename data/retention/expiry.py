"""Expiry: deletes texts and authors when their source's lifetime ends; ids, ratings, times and counts stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from data.models import RetentionRule
from data.retention import erasure, files, kept_aside
from data.retention.erasure import Cause
from data.settings import Places
from data.store.store import Connection, Store

EARLIER = 0.1  # of a lifetime that text goes before its end, so that the bytes are gone by then
EARLIEST = timedelta(hours=3)
AHEAD = timedelta(hours=1)  # another machine's clock may be as far ahead


def notice(rule: RetentionRule) -> str:
    """What is shown in place of a text: "Text expired after 24 hours, as Yelp asks"."""
    hours = int((rule.lifetime or timedelta()) / timedelta(hours=1))
    span = f"{hours} hours" if hours <= 48 else f"{hours // 24} days"
    return f"Text expired after {span}, as {rule.name} asks"


def expire(store: Store, places: Places, rules: Sequence[RetentionRule], now: datetime) -> int:
    """Delete the text and author of every mention that is past its source's lifetime; return how many.

    The age is counted from the last recheck or run that saw the mention. Mentions that came only from a file of the
    team's own do not expire.
    """
    return sum(_expire(store, places, one, one.lifetime, now) for one in rules if one.lifetime)


def expire_kept(store: Store, places: Places, rules: Sequence[RetentionRule], now: datetime) -> int:
    """The same in what was kept aside of former stores; return how many texts and rejected rows were too old."""
    expiring = [one for one in rules if one.lifetime]
    with store.read() as reading:
        found = kept_aside.found(places, reading) if expiring else []

    def aged(kept: Connection) -> int:
        return sum(_aged(kept, one, _before(one.lifetime, now)) for one in expiring if one.lifetime)

    many = kept_aside.total(found, aged)
    for place in found if many else ():
        kept_aside.change(places, place, aged, lambda kept: expire(kept, places, rules, now), now)
    if many:
        with store.write() as transaction:
            erasure.note(transaction, Cause(erasure.SYSTEM, erasure.EXPIRED, now), {"kept": many})
    return many


def _before(lifetime: timedelta, now: datetime) -> datetime:
    """What was seen before this is too old."""
    return now - lifetime + min(lifetime * EARLIER, EARLIEST)


def _aged(store: Connection, rule: RetentionRule, before: datetime) -> int:
    aged = store.value(AGED, source=rule.source, before=before)
    return int(aged + store.value(STALE, batch=f"{rule.source}-", before=before))


def count_from_now(store: Store, now: datetime) -> None:
    """Count the age of what was seen in the future from now: a clock that was ahead wrote that, and it would not expire
    for so long. `now` must be an instant that can be believed."""
    with store.read() as reading:
        if not reading.value(SEEN_LATER, now=now + AHEAD):
            return
    with store.write() as transaction:
        transaction.run(SEEN_NOW, now=now, later=now + AHEAD)


def _expire(store: Store, places: Places, rule: RetentionRule, lifetime: timedelta, now: datetime) -> int:
    before = _before(lifetime, now)
    with store.read() as reading:
        aged = _aged(reading, rule, before)
    forgotten = files.forget_batches(places.incoming, rule.source, before)
    if not (aged or forgotten):
        return 0
    with store.prepare() as preparing:
        doomed = preparing.run(DOOMED, source=rule.source, before=before).to_arrow_table()
        with preparing.given("doomed", doomed), store.write() as transaction:
            counts = _empty(transaction, places, doomed.to_pylist(), notice(rule), now)
            counts["rejected"] += transaction.value(REJECTED_EMPTIED, batch=f"{rule.source}-", before=before)
            counts["batches"] += forgotten
            erasure.note(transaction, Cause(erasure.SYSTEM, erasure.EXPIRED, now), counts)
    return counts["mention"]


def _empty(store: Connection, places: Places, rows: list[dict[str, Any]], told: str, now: datetime) -> dict[str, int]:
    """Delete the words of the mentions in `doomed` from all tables and files; return how many rows of each changed.
    `rows`: the same mentions as id, source, author, title, text."""
    counts = {"batches": 0, "rejected": 0, "mention": 0}
    if not rows:
        return counts
    found = files.of(rows)
    counts["batches"] = files.wipe_aside(places, found)
    with store.given("residual", files.table(found)):
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
JOIN sighting ON sighting.mention_id = mention.id
WHERE mention.source = $source AND sighting.checked_at < $before AND mention.id NOT IN (SELECT mention_id FROM expired)
"""
AGED = f"SELECT count(*) {_AGED}"
DOOMED = f"SELECT mention.id, mention.source, mention.author, mention.title, mention.text {_AGED}"

MENTION = """
UPDATE mention
SET text = '', title = NULL, author = NULL, author_url = NULL
WHERE id IN (SELECT id FROM doomed)
"""

# The label and the kinds of cue stay, since figures and ranks use them; the words that gave them are deleted.
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

SEEN_LATER = "SELECT count(*) FROM sighting WHERE checked_at > $now"
SEEN_NOW = "UPDATE sighting SET checked_at = $now WHERE checked_at > $later"

STALE = """
SELECT count(*) FROM rejected WHERE starts_with(batch, $batch) AND rejected_at < $before AND content <> ''
"""
REJECTED_EMPTIED = """
UPDATE rejected SET content = '' WHERE starts_with(batch, $batch) AND rejected_at < $before AND content <> ''
"""
