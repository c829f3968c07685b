"""Recheck lists: the app writes one file per source with the mentions that are due, the listeners read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from data import files
from data.models import HearbackError, RecheckTarget

SUFFIX = ".jsonl"


def write(file: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Replace a source's list; without rows the file is removed. `rows`: id, url, thread_id, published_at."""
    if not rows:
        files.remove(file, missing_ok=True)
        return
    content = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
    if _content(file) != content:
        files.write(file, content)


def _content(file: Path) -> bytes | None:
    """What a list holds; None where there is no file, or something else in its place."""
    try:
        return files.read(file)
    except (FileNotFoundError, files.NotAFile):
        return None


def read(file: Path) -> list[RecheckTarget]:
    """The mentions in a source's list; empty when there is no file. OSError, HearbackError when it cannot be read."""
    content = _content(file) or b""
    try:
        return [_held(orjson.loads(line)) for line in content.splitlines()]
    except (ValueError, KeyError, TypeError):
        raise HearbackError(f"{file} is damaged; the app writes it anew. Remove it where no app runs.") from None


def _held(row: dict[str, Any]) -> RecheckTarget:
    return RecheckTarget(row["id"], row["url"], row["thread_id"], datetime.fromisoformat(row["published_at"]))
