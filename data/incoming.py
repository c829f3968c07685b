"""The drop folder, both sides: a listener writes a finished file per batch, the absorber reads all of it or none."""

from __future__ import annotations

import itertools
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.models import Answer, Brand, Found, Gap, Rejected, Run

SUFFIX = ".jsonl"
_count = itertools.count()  # batches of one instant sort as they were written; no two ever share a name


def drop(
    folder: Path,
    name: str,
    now: datetime,
    *,
    found: Iterable[Found] = (),
    answers: Iterable[Answer] = (),
    brands: Sequence[Brand] = (),
    rejected: Iterable[Rejected] = (),
    run: Run | None = None,
) -> Path:
    """Write one batch and return where it lies. OSError when the disk is full: then nothing is left behind."""
    folder.mkdir(parents=True, exist_ok=True)
    finished = folder / f"{name}-{now:%Y%m%dT%H%M%S%f}-{next(_count):05d}{secrets.token_hex(3)}{SUFFIX}"
    partial = finished.with_suffix(".part")
    try:
        with partial.open("w", encoding="utf-8", errors="replace") as file:
            file.writelines(f"{line}\n" for line in _lines(found, answers, brands, rejected, run))
            file.flush()
            os.fsync(file.fileno())
        return partial.rename(finished)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _lines(
    found: Iterable[Found],
    answers: Iterable[Answer],
    brands: Sequence[Brand],
    rejected: Iterable[Rejected],
    run: Run | None,
) -> Iterator[str]:
    write = json.JSONEncoder(ensure_ascii=False, default=_plain).encode
    for brand in brands:
        yield write({"brand": {"name": brand.name, "competitor": brand.competitor}})
    for one in found:
        yield write(as_row(one))
    for answer in answers:
        yield write({"answer": _fields(answer)})
    for refused in rejected:
        yield write({"rejected": _fields(refused)})
    if run is not None:
        yield write({"run": _fields(run)})


def as_row(found: Found) -> dict[str, Any]:
    """A mention as one flat line of a batch; what is None is left out."""
    row = _fields(found.mention)
    if found.brands:
        row["brands"] = list(found.brands)
    return row


def _fields(model: Any) -> dict[str, Any]:
    return {name: value for name in model.__slots__ if (value := getattr(model, name)) is not None}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Gap):
        return _fields(value)
    raise TypeError(f"{type(value).__name__} has no place in a batch")


def waiting(folder: Path) -> list[Path]:
    """The finished batches, oldest first; a folder named like one is among them, to be set aside."""
    return sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.name.rsplit("-", 2)[-2:])


def reject(batch: Path) -> Path:
    """Set a batch aside that cannot be read; return where it lies now."""
    return batch.rename(batch.with_name(batch.name + ".rejected"))
