"""`python -m data check`: reads the whole store and says what is wrong with it, also while the app runs."""

from __future__ import annotations

import argparse

from data.backup import checking, telling
from data.clock import now_in_utc
from data.commands.copies.asking import have_done, tell
from data.commands.invocation import Invocation
from data.people.acting import of_command

NAME, HELP = "check", "read the whole store and say what is wrong"


def add_arguments(_: argparse.ArgumentParser) -> None:
    """Add nothing: the command takes no arguments."""


def run(invocation: Invocation) -> int:
    """Print the rows of each table and what is wrong, a line each. Returns 1 when anything is wrong, else 0."""
    invocation.insist()
    by = of_command(invocation.places)
    return tell(have_done(invocation, "check", lambda store: telling.of_check(checking.check(store, by, now_in_utc()))))
