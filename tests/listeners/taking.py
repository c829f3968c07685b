"""Rows taken in as a test writes them, and the command that takes a file in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from listeners.importing.imports import Instructions, take_in

ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("HEARBACK_SHARED") or ROOT.parent / "shared") / "data"
needs_real_data = pytest.mark.skipif(not REAL.is_dir(), reason="the recorded files in ../shared/data are not here")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
GOOD = {"id": "1", "created_at": "2026-11-20T10:00:00Z", "text": "It is slow again."}


def worked_by_children() -> float:
    """Seconds of a core that ended child processes have used: on a busy machine the clock tells nothing of them."""
    times = os.times()
    return times.children_user + times.children_system


class Taken:
    """A file taken in, and what lies in the drop folder afterwards."""

    def __init__(self, path: Path, **options) -> None:
        self.folder = path.parent / "incoming"
        self.summary = take_in(path, self.folder, NOW, Instructions(**options))
        self.lines = [json.loads(line) for batch in self.summary.batches for line in batch.open(encoding="utf-8")]

    def of(self, kind: str) -> list[dict]:
        return [line[kind] for line in self.lines if kind in line]

    @property
    def mentions(self) -> list[dict]:
        return [line for line in self.lines if "published_at" in line]

    @property
    def reasons(self) -> list[tuple[int, str]]:
        return [(one["line"], one["reason"]) for one in self.of("rejected")]


@pytest.fixture
def take(tmp_path):
    """Take in rows given as dicts (JSON Lines) or a file's own text."""

    def taking(*rows: dict | str | bytes, name: str = "file.jsonl", **options) -> Taken:
        lines = [
            row if isinstance(row, bytes) else (row if isinstance(row, str) else json.dumps(row)).encode()
            for row in rows
        ]
        path = tmp_path / name
        path.write_bytes(b"\n".join(lines))
        return Taken(path, **options)

    return taking


def adds_up(summary) -> bool:
    return summary.rows == summary.taken + summary.own + summary.repeats + summary.rejected


def ran(path: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "listeners", "import", str(path), *options]
    kept = {**os.environ, "HEARBACK_DATA": str(folder / "kept")}
    return subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=500, check=False)
