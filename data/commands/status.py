"""`python -m data status`: counts of mentions and batches, and the health of each source."""

from __future__ import annotations

import argparse
import json
from functools import partial

from data.cli import say
from data.clock import now_in_utc
from data.commands.invocation import Invocation
from data.monitoring import leftovers
from data.monitoring.health import whole
from data.retention import newest
from data.spool.time_check import TimeCheck

NAME, HELP = "status", "what is stored, open, waiting and set aside"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add --json."""
    parser.add_argument("--json", action="store_true", help="as one JSON object")


def run(invocation: Invocation) -> int:
    """Print the figures, the troubles and the state of each source, or all as one JSON object. Returns 0."""
    here = invocation.places
    for obstacle in here.obstacles():
        say(obstacle)
    with invocation.reading() as store:
        figures = whole(store, here, now_in_utc(), invocation.lent.switched_on(here))
        clock = TimeCheck(here.clock, partial(newest.instant, store)).look()
    if invocation.chosen.json:
        print(json.dumps(figures | {"clock": clock.says or "ok", "kept_aside": leftovers.told(here)}))
        return 0
    sources, making = figures.pop("listeners"), figures.pop("rescoring")
    for name, figure in figures.items():
        print(f"{name:10} {figure:>10,}")
    if making:
        rests = f", stopped by {making['stopped_by']}" if making["stopped_by"] else ""
        print(f"rescoring  version {making['version']}: {making['done']:,} of {making['total']:,}{rests}")
    if not clock.is_believed:
        print(f"clock      {clock.says}")
    for sentence in leftovers.told(here):
        print(f"kept aside {sentence}")
    for source, row in sources.items():
        if "runs" in row:
            print(f"{source:10} {row['error'] or 'well'} (last run {row['last_run_at']})")
        if row.get("spent") is not None:
            print(f"{'':10} ${row['spent']:,.2f} spent this month" + (f" of ${row['cap']:,.2f}" if row["cap"] else ""))
        for concern in row["concerns"]:
            print(f"{'':10} {concern['says']}")
    return 0
