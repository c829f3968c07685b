"""Pushed bodies that wait in the intake: the rows of one that is to be erased go before anybody reads them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from data import files

SUFFIX = ".body"  # a whole one, as it was pushed
LAID = ".rows"  # its rows, for as long as they are being read
PARTIAL = ".part"  # one that is being written; where it is gone then, the sender is asked to come again

_GONE = object()


def waiting(intake: Path) -> list[Path]:
    """The bodies that lie in the intake, the oldest first, and whatever else bears a body's name: the webhook source
    sets that aside. OSError when the folder cannot be read."""
    return sorted(files.named(intake, SUFFIX), key=lambda body: body.name.rsplit("-", 2)[-2:])


def size(body: Path) -> int:
    """How many bytes a body has; 0 where it is gone meanwhile."""
    try:
        return body.lstat().st_size
    except FileNotFoundError:
        return 0


def holding(intake: Path, wanted: Sequence[str]) -> list[Path]:
    """The bodies that wait and hold one of these strings in a row."""
    return [body for body in files.plain(intake, SUFFIX) if _is_changed(body, wanted)]


def wipe(intake: Path, wanted: Sequence[str]) -> int:
    """Take the rows that hold one of these strings out of every body that waits; return how many bodies changed."""
    changed = 0
    # One after the other: what is finished meanwhile is met under its other name.
    for body in chain.from_iterable(files.plain(intake, suffix) for suffix in (PARTIAL, LAID, SUFFIX)):
        try:
            content = files.read(body)
            kept = without(content, wanted)
            if kept != content:
                keep(body, kept if body.suffix == SUFFIX else b"")
                changed += body.suffix == SUFFIX
        except (FileNotFoundError, PermissionError):  # it was read, and is gone; or is none that we wrote
            continue
    return changed


def _is_changed(body: Path, wanted: Sequence[str]) -> bool:
    try:
        content = files.read(body)
    except (FileNotFoundError, PermissionError):
        return False
    return without(content, wanted) != content


def keep(file: Path, content: bytes) -> None:
    """Put this in the place of a file, whole or not at all; the file goes when nothing is left for it."""
    if not content.strip():
        files.remove(file)
        return
    files.write(file, content)


def without(body: bytes, wanted: Sequence[str]) -> bytes:
    """A body without the rows that hold one of these strings; empty when no other is in it. What is no JSON is taken
    line by line."""

    def is_wanted(said: str) -> bool:
        return any(one in said for one in wanted)

    text = body.decode("utf-8-sig", "replace")
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        lines = text.splitlines(keepends=True)
        kept = [_line_without(line, is_wanted) for line in lines]
        return body if kept == lines else "".join(kept).strip().encode("utf-8", "replace")
    return _rest(value, is_wanted, body)


def _line_without(line: str, is_wanted: Callable[[str], bool]) -> str:
    try:
        value = json.loads(line, strict=False)
    except (ValueError, RecursionError):
        return "" if is_wanted(line) else line
    kept = _rest(value, is_wanted, line.encode("utf-8", "replace")).decode("utf-8", "replace")
    return kept if not kept or kept.endswith("\n") else f"{kept}\n" if kept != line else line


def _rest(value: Any, is_wanted: Callable[[str], bool], content: bytes) -> bytes:
    try:
        kept = _pruned(value, is_wanted)
    except RecursionError:  # too deep to be a row of ours; what it says is seen all the same
        return b"" if is_wanted(content.decode("utf-8", "replace")) else content
    if kept == value:
        return content
    return b"" if kept is _GONE or (_rows(value) and not _rows(kept)) else json.dumps(kept).encode()


def _rows(value: Any) -> list[Any]:
    """The objects of a list, or of the lists that an object holds."""
    lists = value.values() if isinstance(value, dict) else [value]
    return [one for said in lists if isinstance(said, list) for one in said if isinstance(one, dict)]


def _pruned(value: Any, is_wanted: Callable[[str], bool]) -> Any:
    """JSON without the objects of its lists that hold what is wanted: such an object is a row. _GONE when it holds it
    itself, outside any row of its own."""
    if isinstance(value, list):
        kept = [one for one in (_pruned(one, is_wanted) for one in value) if one is not _GONE]
        return kept if len(kept) == len(value) or all(isinstance(one, dict) for one in value) else _GONE
    if isinstance(value, dict):
        held = {name: _pruned(one, is_wanted) for name, one in value.items()}
        return _GONE if any(one is _GONE for one in held.values()) else held
    return _GONE if value is not None and is_wanted(f'"{value}"') else value
