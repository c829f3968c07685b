"""The data folder of an older version, unpacked for a test, and what that version's own code said of it."""

from __future__ import annotations

import json
import tarfile
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from analysis import ranking
from analysis.scoring import scoring
from data.ingest import absorber
from data.models import Status
from data.queue import queue
from data.scores import scorer
from data.scores.scorer import Judgement
from data.settings import Places
from data.store.store import Connection, Store

ARCHIVE = Path(__file__).parent / "data" / "old_folder" / "folder.tar.xz"
NOON = datetime(2025, 11, 20, 12, tzinfo=UTC)  # the moment it was left
JUDGEMENT = Judgement(ranking, scoring.score_line, scoring.under)
RENAMES = (
    "UPDATE layer SET content = replace(content, scorer, $scorer), scorer = $scorer",
    "UPDATE applied SET scorer = $scorer",
    "UPDATE score SET scorer = $scorer",
)
VIEWS = {
    "judged": "SELECT * EXCLUDE (compound) FROM judged ORDER BY mention_id, brand",  # each scorer has its own
    "first_reply": "SELECT * FROM first_reply ORDER BY mention_id",
    "corrected": "SELECT * FROM corrected ORDER BY mention_id",
    "kept_out": "SELECT * FROM kept_out ORDER BY mention_id",
}


def unpack(folder: Path) -> tuple[Places, dict[str, Any]]:
    """The old folder under `folder`, and what the old code told of it. Its scorer goes by today's name: what an older
    scorer made is made anew, and what is told of the folder holds for its own scores."""
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    with duckdb.connect(Places(folder / "kept").store) as store:
        for sql in RENAMES:
            store.execute(sql, {"scorer": scoring.SCORER})
    told: dict[str, Any] = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    for row in (*told["views"]["judged"], *told["after"]["views"]["judged"]):
        del row["compound"]
    return Places(folder / "kept"), told


SINCE = ("waits_from", "edited")  # what a row tells since


def absorb(store: Store, places: Places, now: datetime = NOON) -> list[absorber.Absorbed]:
    """Take in and score what waits, as an app would that runs at `now`."""
    done = list(absorber.absorb_waiting(store, JUDGEMENT, places, lambda: now))
    scorer.score_waiting(store, JUDGEMENT, lambda: now)
    return done


def page(store: Store, status: Status = Status.OPEN) -> list[queue.QueueRow]:
    """The whole queue as it stands at noon."""
    with store.read() as reading:
        return queue.page(reading, ranking, queue.View(status=status), NOON, rows=500)


def plain(value: Any) -> Any:
    """A value as told.json holds it."""
    return json.loads(json.dumps(value, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def rows(shown: list[queue.QueueRow]) -> list[dict[str, Any]]:
    """Rows of the queue as told.json holds them, which knows of no edits."""
    return [plain({name: value for name, value in asdict(row).items() if name not in SINCE}) for row in shown]


def views(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """The published views, as told.json holds them."""
    return {name: plain(connection.rows(sql)) for name, sql in VIEWS.items()}
