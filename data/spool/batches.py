"""The drop folder: listeners write one finished file per batch, and the absorber reads a file whole or not at all."""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict, Unpack

import orjson

from data import files
from data.models import Answer, Brand, Delivery, Erase, Found, Rejected, Run, Sighting, Topic

SUFFIX = ".jsonl"
REJECTED = files.REJECTED
LARGEST = 4 * 2**30  # bytes; the largest import and the busiest source stay far below
ABANDONED = 24 * 3600.0  # seconds
KEYS = {"approved_reply_id": "letter_id"}  # a field -> its key in a line, where files of the past have another name
_count = itertools.count()  # batches of one instant sort as they were written; no two ever share a name


class Content(TypedDict, total=False):
    """What a batch may hold."""

    found: Iterable[Found]
    answers: Iterable[Answer]
    brands: Iterable[Brand]
    rejected: Iterable[Rejected]
    gone: Iterable[str]  # ids of mentions that their source says were deleted
    deliveries: Iterable[Delivery]
    topics: Iterable[Topic]
    checked: Iterable[Sighting]
    erase: Iterable[Erase]
    run: Run


def drop(folder: Path, name: str, now: datetime, **content: Unpack[Content]) -> Path:
    """Write one batch and return where it lies. OSError when the disk is full: then nothing is left behind."""
    return files.write(_place(folder, name, now), lambda file: file.writelines(map(_written, _rows(content))))


def hold(folder: Path, name: str, now: datetime, **content: Unpack[Content]) -> Path:
    """Write one batch that nobody reads before `release`, and return its future place. OSError as in `drop`."""
    finished = _place(folder, name, now)
    files.lay(finished, lambda file: file.writelines(map(_written, _rows(content))))
    return finished


def release(held: Path) -> Path:
    """Publish a batch that is held back; return where it lies. OSError when it cannot be."""
    return files.replace(files.beside(held), held)


def withdraw(held: Path) -> None:
    """Remove a batch that is held back."""
    files.beside(held).unlink(missing_ok=True)


def _place(folder: Path, name: str, now: datetime) -> Path:
    return folder / f"{name}-{now:%Y%m%dT%H%M%S%f}-{next(_count):05d}{secrets.token_hex(3)}{SUFFIX}"


def _rows(content: Content) -> Iterator[dict[str, Any]]:
    for brand in content.get("brands", ()):
        yield {"brand": {"name": brand.name, "competitor": brand.competitor}}
    yield from map(as_row, content.get("found", ()))
    for answer in content.get("answers", ()):
        yield {"answer": _fields(answer)}
    for refused in content.get("rejected", ()):
        yield {"rejected": _fields(refused)}
    for mention_id in content.get("gone", ()):
        yield {"gone": {"id": mention_id}}
    for topic in content.get("topics", ()):
        yield {"topic": _fields(topic) | {"week_on": topic.week_on.isoformat()}}
    for delivery in content.get("deliveries", ()):
        yield {"delivery": _fields(delivery)}
    for sighting in content.get("checked", ()):
        yield {"checked": _fields(sighting)}
    for wanted in content.get("erase", ()):
        yield {"erase": _fields(wanted)}
    if run := content.get("run"):
        yield {"run": _fields(run) | {"gaps": [_fields(gap) for gap in run.gaps]}}


def _written(row: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(row, _in_utc, orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATETIME)
    except orjson.JSONEncodeError:  # half a character, a number without end: told as well as they can be
        return (json.dumps(row, ensure_ascii=False, default=_in_utc) + "\n").encode("utf-8", "replace")


def _in_utc(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"{type(value).__name__} has no place in a batch")


def as_row(found: Found) -> dict[str, Any]:
    """A mention as one flat line of a batch; what is None is left out."""
    row = _fields(found.mention)
    if found.brands:
        row["brands"] = list(found.brands)
    return row


def _fields(model: Any) -> dict[str, Any]:
    return {KEYS.get(name, name): value for name in model.__slots__ if (value := getattr(model, name)) is not None}


def waiting(folder: Path) -> list[Path]:
    """The finished batches, oldest first, and whatever else bears a batch's name; the absorber sets that aside. OSError
    when the folder cannot be read."""
    return sorted(files.named(folder, SUFFIX), key=lambda path: path.name.rsplit("-", 2)[-2:])


def sweep(folder: Path, now: datetime) -> None:
    """Remove unfinished files that are a day old or more: their writers were killed, and the source is read again. What
    cannot be removed stays."""
    for partial in files.plain(folder, files.PARTIAL):
        with suppress(OSError):
            if now.timestamp() - partial.lstat().st_mtime > ABANDONED:
                partial.unlink()


def reject(batch: Path) -> Path:
    """Rename a batch that cannot be read, so that it is not tried again; return its new path. OSError."""
    return files.set_aside(batch)
