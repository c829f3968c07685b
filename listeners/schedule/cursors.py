"""Where each source stopped: one small JSON file per source, replaced whole, only after its batch is in place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from data import files
from listeners.base import Cursor


def load(folder: Path, source: str) -> dict[str, Any]:
    """The cursor of a source; empty before its first visit.

    A broken file is set aside as `.broken` and the source starts anew: what it reads twice is kept once. OSError.
    """
    path = folder / f"{source}.json"
    try:
        cursor = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(cursor, dict):
            return cursor
    except FileNotFoundError:
        return {}
    except ValueError:
        pass  # set aside below, like JSON that is no cursor
    files.replace(path, path.with_suffix(".broken"))
    return {}


def save(folder: Path, source: str, cursor: Cursor) -> None:
    """Put a new cursor in the old one's place; the old one stays when this fails. OSError."""
    files.write(folder / f"{source}.json", json.dumps(cursor).encode())
