"""Traces: what is left of a mention in files beside the store, found by the words it is made of."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from data.incoming import REJECTED

ABANDONED = 3600.0  # seconds after which an unfinished file has no writer any more
LEAST = 4  # bytes of an own id, below which it would be found in anything
OF_ANY_SOURCE = ("import-", "webhook-")  # how batches begin that may bring what any source's authors said
SAYS_ENOUGH = 12  # characters of a text that nobody else is likely to have written


def of(doomed: Iterable[Mapping[str, Any]], *, by_author: bool = False) -> list[tuple[str, str]]:
    """The strings by which mentions are found where nothing can be read, each with the beginning of the batches it
    counts in: the id whole and on its own, the text as it is and as JSON writes it; `by_author`: the author's name too.
    `doomed`: id, source, author, title, text."""
    found: dict[tuple[str, str], None] = {}
    for row in doomed:
        source, _, own = row["id"].partition(":")
        ids = [row["id"], *([own] if len(own) >= LEAST else [])]
        # With what stands around them: "test:1" must not be found in "test:10".
        said = [quoted for one in ids for quoted in (f'"{one}"', f",{one},", f"/{one}/")]
        for text in (row["text"], row["title"]):
            if text and len(text) >= SAYS_ENOUGH:
                said += [text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]]
        found.update((("", one), None) for one in said)
        if by_author and row["author"]:
            names = (row["author"], json.dumps(row["author"])[1:-1])
            values = [around.format(name) for name in names for around in ('"{}"', ",{},")]
            found.update(((batch, one), None) for batch in (f"{source}-", *OF_ANY_SOURCE) for one in values)
    return list(found)


def wipe(incoming: Path, found: Sequence[tuple[str, str]]) -> int:
    """Take the lines that hold one of these strings out of every batch that was set aside; return how many files
    changed. Whether a line is JSON does not matter: it was set aside because it could not be read."""
    wanted = [(batch, said.encode("utf-8", "replace")) for batch, said in found]
    for partial in incoming.glob("*.part"):  # a writer that was killed; what was in it is told again
        if time.time() - partial.stat().st_mtime > ABANDONED and any(one in partial.read_bytes() for _, one in wanted):
            partial.unlink(missing_ok=True)
    files = [file for file in incoming.glob(f"*{REJECTED}") if file.is_file()]
    return sum(_wipe(file, [said for batch, said in wanted if file.name.startswith(batch)]) for file in files)


def _wipe(file: Path, wanted: Sequence[bytes]) -> bool:
    content = file.read_bytes()
    if not any(one in content for one in wanted):
        return False
    kept = b"".join(line for line in content.splitlines(keepends=True) if not any(one in line for one in wanted))
    if any(one in kept for one in wanted):  # a text over several lines: no line can be told from another
        kept = b""
    if kept.strip():
        _replace(file, kept)
    else:
        file.unlink()
    return True


def _replace(file: Path, content: bytes) -> None:
    partial = file.with_name(f"{file.name}.part")
    with partial.open("wb") as copy:
        copy.write(content)
        copy.flush()
        os.fsync(copy.fileno())
    partial.replace(file)


def forget_batches(incoming: Path, source: str, before: datetime) -> int:
    """Remove the batches of a source that were set aside before an instant; return how many."""
    gone = 0
    for file in incoming.glob(f"{source}-*{REJECTED}"):
        if file.is_file() and file.stat().st_mtime < before.timestamp():
            file.unlink()
            gone += 1
    return gone


def left(root: Path, said: Iterable[str]) -> dict[str, list[Path]]:
    """Which of these strings still stand in which files under `root`; empty when all are gone. The store's file can be
    searched only when it was written with force_compression = 'uncompressed'."""
    wanted = {one: one.encode() for one in said}
    found: dict[str, list[Path]] = {}
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        content = file.read_bytes()
        for one, as_bytes in wanted.items():
            if as_bytes in content or json.dumps(one)[1:-1].encode() in content:
                found.setdefault(one, []).append(file)
    return found
