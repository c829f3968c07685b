"""Rechecks: lists the mentions that are due to be looked up at their source again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from data import files
from data.models import RetentionRule
from data.settings import Places
from data.spool import recheck_lists
from data.spool.recheck_lists import SUFFIX
from data.store.store import Connection, Store

MOST = 5_000  # lines in a list; the rest is listed once these were rechecked
RECENT = timedelta(days=7)  # most of what is deleted is deleted soon


def write_due(store: Store, places: Places, rules: Sequence[RetentionRule], now: datetime) -> int:
    """Write each source's recheck list; return how many mentions are due. Only the app writes these files."""
    wanted = {one.source: one for one in rules if one.recheck_every}
    for file in files.named(places.recheck, SUFFIX):
        if file.stem not in wanted:
            files.remove(file)
    return sum(_write(store, places.recheck / f"{source}{SUFFIX}", one, now) for source, one in wanted.items())


def withdraw(places: Places) -> None:
    """Remove every list, so that nothing is rechecked until they are written again."""
    for file in places.recheck.glob(f"*{SUFFIX}"):
        files.remove(file, missing_ok=True)


def _write(store: Store, file: Path, rule: RetentionRule, now: datetime) -> int:
    with store.read() as reading:
        rows = find(reading, rule, now)
    recheck_lists.write(file, rows)
    return len(rows)


def find(store: Connection, rule: RetentionRule, now: datetime) -> list[dict[str, Any]]:
    """Up to MOST mentions that are due for a recheck, longest unseen first: id, url, thread_id, published_at. Open
    mentions and recent ones each count as unseen for one interval longer. Left out: mentions that came only from a
    file, whose id may mean nothing to the source, and those that the rule says the source cannot tell of."""
    every = rule.recheck_every or timedelta(0)
    return store.rows(
        DUE,
        source=rule.source,
        before=now - every,
        since=now - rule.recheck_within if rule.recheck_within else None,
        ids=rule.recheck_ids,
        recent=now - RECENT,
        most=MOST,
        ahead=int(every / timedelta(microseconds=1)),
    )


DUE = """
SELECT id, url, thread_id, published_at
FROM (
    SELECT
        mention.id, mention.url, mention.thread_id, mention.published_at, sighting.checked_at AS seen_at
    FROM mention
    JOIN sighting ON sighting.mention_id = mention.id
    WHERE mention.source = $source AND mention.id NOT IN (SELECT mention_id FROM expired)
        AND ($since IS NULL OR mention.published_at >= $since)
        AND ($ids IS NULL OR regexp_full_match(mention.id, $ids))
) AS held
WHERE seen_at <= $before
ORDER BY
    epoch_us(seen_at)
        - CASE WHEN id IN (SELECT mention_id FROM queue) THEN $ahead ELSE 0 END
        - CASE WHEN published_at >= $recent THEN $ahead ELSE 0 END,
    published_at DESC, id
LIMIT $most
"""
