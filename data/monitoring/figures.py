"""The state of the whole in figures: what is stored, open, waiting, set aside, and how each listener fares."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from data.queue.queue import NOW_STATUS
from data.scores import layers
from data.spool.batches import waiting
from data.store.store import Connection


def status(store: Connection, incoming: Path, now: datetime) -> dict[str, Any]:
    """Mentions, open, snoozed, old, unscored, batches waiting, rejected rows, how far a re-scoring is (None when there
    is none), and per source its last run."""
    return {
        **store.rows(FIGURES, now=now)[0],
        "waiting": count_waiting(incoming),
        "rescoring": _making(store),
        "listeners": {row.pop("source"): _plain(row) for row in listeners(store)},
    }


def count_waiting(incoming: Path) -> int:
    """How many batches wait; none where the folder cannot be read, which whoever takes them in tells."""
    try:
        return len(waiting(incoming))
    except OSError:
        return 0


def _making(store: Connection) -> dict[str, Any] | None:
    making = layers.making(store)
    return _plain(asdict(making)) if making else None


def listeners(store: Connection) -> list[dict[str, Any]]:
    """One row per source that ever ran: its latest run, the latest error, and its number of new mentions in all."""
    rows = store.rows(LISTENERS)
    for row in rows:
        row["gaps"] = _gaps(row["gaps"])
    return rows


@dataclass(frozen=True, slots=True)
class Failing:
    """A source whose latest run failed: the error, and when it was last read (None: never)."""

    error: str
    read_at: datetime | None


def failing(store: Connection) -> dict[str, Failing]:
    """The sources whose latest run failed, by name. Of those that rest for days nothing is told."""
    return {row.pop("source"): Failing(**row) for row in store.rows(FAILING)}


def gaps(store: Connection) -> list[dict[str, Any]]:
    """The slices of sources that were not read, latest first: source, query, since, until, why."""
    rows = store.rows("SELECT source, ended_at, gaps FROM run WHERE gaps <> '[]' ORDER BY ended_at DESC LIMIT 100")
    return [{"source": row["source"], **gap} for row in rows for gap in _gaps(row["gaps"])]


def _gaps(stored: str) -> list[dict[str, Any]]:
    """The gaps of a run. Older versions stored some that lack a part: "" stands for it, None for an instant."""
    told = json.loads(stored)
    gaps = [gap for gap in told if isinstance(gap, dict)] if isinstance(told, list) else []
    texts = ({name: str(gap.get(name) or "") for name in ("query", "why")} for gap in gaps)
    instants = ({name: _instant(gap.get(name)) for name in ("since", "until")} for gap in gaps)
    return [{**text, **instant} for text, instant in zip(texts, instants, strict=True)]


def _instant(said: object) -> str | None:
    try:
        return datetime.fromisoformat(str(said)).isoformat()
    except ValueError:
        return None


def rejected(store: Connection, limit: int = 200) -> list[dict[str, Any]]:
    """What was set aside, latest first: file, line, reason, the first 200 characters of it, when."""
    return store.rows(REJECTED, rows=limit)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


FIGURES = f"""
SELECT
    (SELECT count(*) FROM mention) AS mentions,
    (SELECT count(*) FROM queue WHERE {NOW_STATUS} = 'open') AS open,
    (SELECT count(*) FROM queue WHERE {NOW_STATUS} = 'snoozed') AS snoozed,
    (SELECT count(*) FROM queue WHERE {NOW_STATUS} = 'old') AS old,
    (SELECT count(*) FROM unscored) AS unscored,
    (SELECT count(*) FROM rejected) AS rejected,
    (SELECT count(*) FROM action) AS actions
"""

LISTENERS = """
SELECT
    source,
    max(ended_at) AS last_run_at,
    max(ended_at) FILTER (WHERE error IS NULL) AS last_success_at,
    arg_max(next_at, ended_at) AS next_run_at,
    arg_max(added, ended_at) AS new_at_last_run,
    CAST(sum(added) AS BIGINT) AS new_in_all,
    arg_max(coalesce(error, ''), ended_at) AS error,
    arg_max(permanent, ended_at) AS permanent,
    arg_max(gaps, ended_at) AS gaps,
    count(*) AS runs
FROM run
GROUP BY source
ORDER BY source
"""

FAILING = """
SELECT
    latest.source, latest.error,
    (SELECT max(ended_at) FROM run WHERE run.source = latest.source AND run.error IS NULL) AS read_at
FROM (
    SELECT source, arg_max(coalesce(error, ''), ended_at) AS error
    FROM run
    WHERE ended_at > (SELECT max(ended_at) - INTERVAL 2 DAYS FROM run)
    GROUP BY source
) AS latest
WHERE latest.error <> ''
ORDER BY latest.source
"""

REJECTED = """
SELECT file, line, reason, left(content, 200) AS content, rejected_at
FROM rejected
ORDER BY rejected_at DESC, file, line
LIMIT $rows
"""
