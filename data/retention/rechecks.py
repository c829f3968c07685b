"""Second looks: which mentions are due to be looked for at their source again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from data import files
from data.models import Keeping
from data.settings import Places
from data.spool import recheck_lists
from data.spool.recheck_lists import SUFFIX
from data.store.store import Connection, Store

MOST = 5_000  # lines a file holds; what is due beyond them follows when these were looked for
RECENT = timedelta(days=7)  # most of what is deleted is deleted soon


def write_due(store: Store, places: Places, keepings: Sequence[Keeping], now: datetime) -> int:
    """Bring each source's file up to date; return how many mentions are due. The app alone writes them."""
    places.recheck.mkdir(parents=True, exist_ok=True)
    wanted = {one.source: one for one in keepings if one.recheck_every}
    for file in places.recheck.glob(f"*{SUFFIX}"):
        if file.stem not in wanted:
            files.remove(file)
    return sum(_write(store, places.recheck / f"{source}{SUFFIX}", one, now) for source, one in wanted.items())


def _write(store: Store, file: Path, keeping: Keeping, now: datetime) -> int:
    with store.read() as reading:
        rows = find(reading, keeping, now)
    recheck_lists.write(file, rows)
    return len(rows)


def find(store: Connection, keeping: Keeping, now: datetime) -> list[dict[str, Any]]:
    """Up to MOST mentions that were not seen at their source for longer than they may be: id, url, thread_id,
    published_at. The longest unseen first; what is open, and what is recent, counts as unseen for longer. What came
    from a file only was never seen there: its id may mean nothing to the source, and "not found" no deletion. Those of
    which the source cannot tell are left out: they would be due for ever, before all others."""
    every = keeping.recheck_every or timedelta(0)
    return store.rows(
        DUE,
        source=keeping.source,
        before=now - every,
        since=now - keeping.recheck_within if keeping.recheck_within else None,
        ids=keeping.recheck_ids,
        recent=now - RECENT,
        most=MOST,
        ahead=int(every / timedelta(microseconds=1)),
    )


DUE = """
SELECT id, url, thread_id, published_at
FROM (
    SELECT
        mention.id, mention.url, mention.thread_id, mention.published_at, look.checked_at AS seen_at
    FROM mention
    JOIN look ON look.mention_id = mention.id
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
