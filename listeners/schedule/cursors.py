"""The sources' cursors: one JSON file per source, replaced as a whole, and only after the run's batch is in place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from data import files
from listeners.base import Cursor
from listeners.schedule import cursor_shapes


def load(folder: Path, source: str, say: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """The cursor of a source; empty before its first run.

    A damaged file, or what else lies in its place, is renamed to `.broken`, which `say` hears, and the source starts
    again: mentions read twice are stored once. Raises OSError.
    """
    path = folder / f"{source}.json"
    try:
        cursor = files.read_json(path)
        wrong = cursor_shapes.wrong(source, cursor) if isinstance(cursor, dict) else "it is no JSON object"
    except FileNotFoundError:
        return {}
    except files.NotAFile as trouble:
        cursor, wrong = {}, str(trouble.strerror)
    except ValueError as trouble:
        cursor, wrong = {}, str(trouble)
    if wrong is None:
        return dict(cursor)
    broken = files.replace(path, path.with_suffix(".broken"))
    say(f"{source}: {path.name} in {folder} is damaged ({wrong}) and kept as {broken.name}; the source is read anew.")
    return {}


def save(folder: Path, source: str, cursor: Cursor) -> None:
    """Replace a source's cursor. The old one stays when this fails. Raises OSError."""
    files.write(folder / f"{source}.json", json.dumps(cursor).encode())
