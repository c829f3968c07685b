"""Sightings: stores when each mention was last seen at its source, by a run or by a recheck."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from data.ingest import runs
from data.store.store import Connection


def note_seen(store: Connection, now: datetime) -> None:
    """Mark the mentions of the batch in `fresh` as seen at `now`, where the batch's run is of their own source. Runs in
    the batch's transaction."""
    if store.value("SELECT count(*) FROM told_gone"):
        store.run(THERE_AFTER_ALL)
    source = store.value("SELECT run ->> 'source' FROM fresh WHERE run IS NOT NULL LIMIT 1")
    if source:
        store.run(SEEN, source=source, now=now)


def note_told_again(store: Connection) -> None:
    """Remove the mark of expiry from mentions that arrived again, since their words are stored again."""
    for statement in THERE_AGAIN:
        store.run(statement)


def note_rechecks(store: Connection, lines: Sequence[str] | None = None) -> None:
    """Store the sightings of rechecks in the batch in `fresh`, or in these lines of one. Runs in the batch's
    transaction."""
    if lines is not None:
        if any(line.startswith('{"checked"') for line in lines):
            store.run(NOTE_RECHECKS.replace("{lines}", runs.GIVEN), lines=lines)
    elif store.value("SELECT count(*) FROM fresh WHERE checked IS NOT NULL"):
        store.run(NOTE_RECHECKS.replace("{lines}", "fresh"))


# Told by a run of its own source, not by a file or by somebody who pushes.
SEEN = """
MERGE INTO sighting AS known
USING (
    SELECT arrived.id
    FROM arrived
    JOIN fresh ON fresh.line = arrived.line
    WHERE arrived.is_current AND fresh.source = $source
) AS seen
ON known.mention_id = seen.id
WHEN MATCHED THEN UPDATE SET checked_at = $now
WHEN NOT MATCHED THEN INSERT VALUES (seen.id, $now)
"""

THERE_AFTER_ALL = "DELETE FROM told_gone WHERE mention_id IN (SELECT id FROM arrived WHERE is_current)"

THERE_AGAIN = (
    """
    UPDATE match SET named_by = 'terms'
    WHERE named_by = 'expired' AND mention_id IN (SELECT id FROM arrived WHERE is_current AND NOT is_new)
    """,
    "DELETE FROM expired WHERE mention_id IN (SELECT id FROM arrived WHERE is_current AND NOT is_new)",
)

NOTE_RECHECKS = """
MERGE INTO sighting AS known
USING (
    SELECT checked ->> 'id' AS mention_id, max(CAST(checked ->> 'checked_at' AS TIMESTAMPTZ)) AS checked_at
    FROM {lines} AS told
    WHERE checked IS NOT NULL AND (checked ->> 'id') IN (SELECT id FROM mention)
    GROUP BY ALL
) AS seen
ON known.mention_id = seen.mention_id
WHEN MATCHED THEN UPDATE SET checked_at = seen.checked_at
WHEN NOT MATCHED THEN INSERT VALUES (seen.mention_id, seen.checked_at)
"""
