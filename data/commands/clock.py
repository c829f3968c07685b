"""`python -m data clock`: says whether the clock is believed, and confirms it."""

from __future__ import annotations

import argparse
from functools import partial

from data.commands.invocation import Invocation
from data.people import acting
from data.retention import newest
from data.spool.time_check import TimeCheck, named

NAME, HELP = "clock", "say whether the clock is believed; --confirm that it is right"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add --confirm."""
    parser.add_argument("--confirm", action="store_true", help="the time that this machine tells is right")


def run(invocation: Invocation) -> int:
    """Print whether the clock is believed, or confirm it; a running app follows within seconds. Returns 0."""
    with invocation.reading() as store:
        check = TimeCheck(invocation.places.clock, partial(newest.instant, store))
        if invocation.chosen.confirm:
            confirmed = newest.confirm(check, acting.of_command(invocation.places))
            print(f"Confirmed: it is {named(confirmed)}. Deleting by age goes on from there.")
            return 0
        belief = check.look()
    print(belief.says or f"The clock is believed: it is {named(check.now())}.")
    return 0
