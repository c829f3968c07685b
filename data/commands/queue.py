"""`python -m data queue`: the reply queue's first rows with their points and reasons."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from data.clock import now_in_utc
from data.commands.invocation import Invocation
from data.models import Status
from data.queue import queue

NAME, HELP = "queue", "the reply queue, most urgent first"
MOST_ROWS = 1 << 62  # more than that DuckDB does not count


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add --json, --old and --limit."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--old", action="store_true", help="what was too old to answer when it came in, instead")
    parser.add_argument("--limit", type=_count, default=queue.PAGE, metavar="N", help="how many rows (25)")


def _count(said: str) -> int:
    if not said.isdecimal() or int(said) == 0:
        raise argparse.ArgumentTypeError(f"{said!r} is not a number of rows")
    return min(int(said), MOST_ROWS)


def run(invocation: Invocation) -> int:
    """Print the first rows of the queue, the most urgent first: points, id, reasons. Returns 0."""
    judgement = invocation.lent.judgement()
    with invocation.reading() as store:
        view = queue.View(status=Status.OLD if invocation.chosen.old else Status.OPEN)
        rows = queue.page(store, judgement.ranking, view, now_in_utc(), rows=invocation.chosen.limit)
    for row in rows:
        if invocation.chosen.json:
            print(json.dumps({"id": row.mention_id, **asdict(row)}, default=_plain))
        else:
            reasons = ", ".join(f"{reason.why} {reason.points:+}" for reason in row.reasons)
            print(f"{row.points:>4}  {row.mention_id}  {reasons}")
    return 0


def _plain(value: object) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)
