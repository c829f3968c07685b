"""The sources' cursors: one JSON file per source, replaced as a whole, and only after the run's batch is in place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from data import files
from listeners.base import Cursor


def load(folder: Path, source: str) -> dict[str, Any]:
    """The cursor of a source; empty before its first run.

    A damaged file is renamed to `.broken` and the source starts again: mentions read twice are stored once. Raises
    OSError.
    """
    path = folder / f"{source}.json"
    try:
        cursor = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(cursor, dict):
            return cursor
    except FileNotFoundError:
        return {}
    except ValueError:
        pass  # renamed below, like JSON that is no object
    files.replace(path, path.with_suffix(".broken"))
    return {}


def save(folder: Path, source: str, cursor: Cursor) -> None:
    """Replace a source's cursor. The old one stays when this fails. Raises OSError."""
    files.write(folder / f"{source}.json", json.dumps(cursor).encode())
