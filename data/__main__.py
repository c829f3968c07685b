"""The store from the command line: absorb, status, queue, reply, export, backup, restore, check, erase, clock, people,
audit."""

from __future__ import annotations

import argparse
import sys

from data import setup
from data.cli import Parser, leave_out, to_its_end
from data.commands import absorb, audit, clock, erase, people, queue, reply, status
from data.commands.copies import backup, check, export, restore
from data.commands.invocation import Invocation, Lent
from data.models import HearbackError
from data.scores.scorer import Judgement
from data.settings import Places, places
from data.store.command_lock import turn

FORMER_NAMES = {"reply": ("letter",)}  # commands that still answer to the name they had


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Exit code 0, or 1 with a sentence for what the user can mend, or 2 for anything else."""
    return to_its_end(lambda: _run(_parser().parse_args(arguments)))


def _run(chosen: argparse.Namespace) -> int:
    here = places()
    here.close_to_others()
    with turn(here.root) as is_our_turn:
        return int(chosen.run(Invocation(chosen, here, is_our_turn, Lent(_judgement, _scorer, _switched_on))))


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m data", description=__doc__)
    parser.tell_version()
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (absorb, status, queue, reply, export, backup, restore, check, erase, clock, people, audit):
        subparser = commands.add_parser(command.NAME, aliases=FORMER_NAMES.get(command.NAME, ()), help=command.HELP)
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    return parser


def _judgement() -> Judgement:
    from analysis import ranking
    from analysis.scoring import scoring  # this entry point stands above both

    return Judgement(ranking, scoring.score_line, scoring.under)


def _scorer() -> str:
    from analysis.scoring.scoring import SCORER

    return SCORER


def _switched_on(here: Places) -> set[str] | None:
    """The sources that are listened to; None while setup.toml cannot be read."""
    from listeners.registry import LISTENERS
    from listeners.schedule.runs import tasks

    try:
        return {task.listener.source for task in tasks(LISTENERS, setup.load(here.setup))}
    except HearbackError:
        return None


if __name__ == "__main__":
    leave_out("pandas", "numpy")
    sys.exit(main())
