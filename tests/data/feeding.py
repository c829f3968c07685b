"""A process that feeds: drops slices of a finished batch as batches of their own, and says so after each."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.models import Answer, Brand, Found, Mention
from data.settings import places
from data.spool.batches import drop

SLICE = 1_265  # lines of mentions


def main(arguments: Sequence[str]) -> None:
    """`python -m tests.data.feeding BATCH NUMBER...`: drop these slices of the batch, counted from 0."""
    found, answers, brands = read(Path(arguments[0]))
    for number in map(int, arguments[1:]):
        part = found[number * SLICE : (number + 1) * SLICE]
        ids = {one.mention.id for one in part}
        told = [one for one in answers if one.mention_id in ids]
        drop(places().incoming, "feed", datetime.now(UTC), found=part, answers=told, brands=brands)
        print(number, flush=True)


def read(batch: Path) -> tuple[list[Found], list[Answer], list[Brand]]:
    """What a batch holds."""
    rows = [json.loads(line) for line in batch.read_text(encoding="utf-8").splitlines()]
    brands = [Brand(row["brand"]["name"], (), competitor=row["brand"]["competitor"]) for row in rows if "brand" in row]
    answers = [Answer(**_timed(row["answer"])) for row in rows if "answer" in row]
    return [_found(_timed(row)) for row in rows if "id" in row], answers, brands


def _found(row: dict[str, Any]) -> Found:
    names = row.pop("brands", ())
    return Found(Mention(**row), tuple(names))


def _timed(row: dict[str, Any]) -> dict[str, Any]:
    return {name: datetime.fromisoformat(value) if name.endswith("_at") else value for name, value in row.items()}


if __name__ == "__main__":
    main(sys.argv[1:])
