"""Runs: stores each run of a listener, and recognises batches that hold nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from data import files
from data.ingest.validation import validate
from data.store.store import Connection

SMALL = 16_384  # bytes
STARTS = (b'{"run":', b'{"checked":')
KINDS = frozenset({"run", "checked"})


def note(store: Connection, added: int, *, fiction: bool) -> None:
    """Store the run of the batch in `fresh`. `added`: how many of its mentions were new; `fiction`: whether to store
    runs of the sample."""
    store.run(INSERT.replace("{lines}", "fresh"), added=added, fiction=fiction)


def alone(batch: Path, now: datetime) -> list[str]:
    """The lines of a small batch that holds only runs and sightings; empty when it holds anything else or a bad
    line."""
    try:
        content = files.read(batch, most=SMALL)
    except files.TooLarge:
        return []
    if not all(map(_seems_quiet, content.splitlines())):
        return []
    validated = validate(batch, now)
    is_quiet = not validated.rejected and all(json.loads(line).keys() <= KINDS for line in validated.good)
    return validated.good if is_quiet else []


def _seems_quiet(line: bytes) -> bool:
    return line.startswith(STARTS)


def note_alone(store: Connection, lines: Sequence[str], *, fiction: bool) -> None:
    """Store the runs in the lines that `alone` returned."""
    store.run(INSERT.replace("{lines}", GIVEN), added=0, fiction=fiction, lines=lines)


GIVEN = """(
    SELECT CAST(line AS JSON) -> 'run' AS run, CAST(line AS JSON) -> 'checked' AS checked
    FROM (SELECT unnest($lines) AS line)
)"""

INSERT = """
INSERT INTO run
SELECT
    run ->> 'source',
    CAST(run ->> 'started_at' AS TIMESTAMPTZ),
    CAST(run ->> 'ended_at' AS TIMESTAMPTZ),
    coalesce(TRY_CAST(run ->> 'found' AS BIGINT), 0),
    $added,
    run ->> 'error',
    coalesce((run ->> 'permanent') = 'true', FALSE),
    TRY_CAST(run ->> 'next_at' AS TIMESTAMPTZ),
    coalesce(run ->> 'gaps', '[]')
FROM {lines} AS told
WHERE run IS NOT NULL AND ($fiction OR (run ->> 'source') <> 'sample')
"""
