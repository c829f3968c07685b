"""Recheck lists: the app writes one file per source with the mentions that are due, the listeners read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from data import files
from data.models import RecheckTarget

SUFFIX = ".jsonl"


def write(file: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Replace a source's list; without rows the file is removed. `rows`: id, url, thread_id, published_at."""
    if not rows:
        files.remove(file, missing_ok=True)
        return
    content = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
    if file.exists() and file.read_bytes() == content:
        return
    files.write(file, content)


def read(file: Path) -> list[RecheckTarget]:
    """The mentions in a source's list; empty when there is no file."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return []
    return [_held(orjson.loads(line)) for line in content.splitlines()]


def _held(row: dict[str, Any]) -> RecheckTarget:
    return RecheckTarget(row["id"], row["url"], row["thread_id"], datetime.fromisoformat(row["published_at"]))
