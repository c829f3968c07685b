"""Runs: the visits there were, what each brought, and whether a batch tells of nothing else."""

from __future__ import annotations

from pathlib import Path

from data.store import Connection

SMALL = 16_384  # bytes
STARTS = (b'{"run":', b'{"checked":')


def note(store: Connection, added: int, *, fiction: bool) -> None:
    """Keep the visit that the batch in `fresh` came of. `added`: how many of its mentions were new; `fiction`: whether
    visits to the sample count."""
    store.run(INSERT, added=added, fiction=fiction)


def seem_all(batch: Path) -> bool:
    """Whether a file is small and looks as if it told of visits alone: it is judged line by line in less time than the
    store takes to judge it whole."""
    if batch.stat().st_size > SMALL:
        return False
    return all(line.startswith(STARTS) for line in batch.read_bytes().splitlines())


def are_all(store: Connection) -> bool:
    """Whether the batch in `fresh` tells of visits and of what stands at its source as it was, and of nothing else."""
    return bool(store.value(QUIET))


QUIET = """
SELECT count(*) = 0
FROM fresh
WHERE id IS NOT NULL OR brands IS NOT NULL
    OR coalesce(answer, brand, rejected, gone, erase, topic, delivery) IS NOT NULL
"""

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
FROM fresh
WHERE run IS NOT NULL AND ($fiction OR (run ->> 'source') <> 'sample')
"""
