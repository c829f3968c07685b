"""The store from the command line: absorb, status, queue, reply, export, backup, restore, check, erase, clock, people,
audit."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from data.cli import Parser, leave_out, to_its_end
from data.commands.invocation import Invocation, Lent
from data.models import HearbackError
from data.settings import Places, places
from data.store.command_lock import turn

if TYPE_CHECKING:
    from data.scores.scorer import Judgement

COMMANDS = {
    "absorb": "data.commands.absorb",
    "status": "data.commands.status",
    "queue": "data.commands.queue",
    "reply": "data.commands.reply",
    "export": "data.commands.copies.export",
    "backup": "data.commands.copies.backup",
    "restore": "data.commands.copies.restore",
    "check": "data.commands.copies.check",
    "erase": "data.commands.erase",
    "clock": "data.commands.clock",
    "people": "data.commands.people",
    "audit": "data.commands.audit",
}
FORMER_NAMES = {"letter": "reply"}  # which commands still answer to


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit code 0, or 1 with a sentence for what the user can mend, or 2 for anything else."""
    given = sys.argv[1:] if arguments is None else arguments
    return to_its_end(lambda: _run(_parser(given).parse_args(given)))


def _run(chosen: argparse.Namespace) -> int:
    here = places()
    here.close_to_others()
    with turn(here.root) as is_our_turn:
        return int(chosen.run(Invocation(chosen, here, is_our_turn, Lent(_judgement, _scorer, _switched_on))))


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the command that is given; of all of them where none is, for --help and for a mistake. Some need
    neither DuckDB nor Arrow, and should not wait until these are imported."""
    parser = Parser(prog="python -m data", description=__doc__)
    parser.tell_version()
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in _modules(given[0] if given else ""):
        former = [name for name, now in FORMER_NAMES.items() if now == command.NAME]
        subparser = commands.add_parser(command.NAME, aliases=former, help=command.HELP)
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    return parser


def _modules(name: str) -> Iterator[ModuleType]:
    wanted = FORMER_NAMES.get(name, name)
    if wanted == "--version":
        return
    for path in [COMMANDS[wanted]] if wanted in COMMANDS else COMMANDS.values():
        yield import_module(path)


def _judgement() -> Judgement:
    from analysis import ranking
    from analysis.scoring import scoring  # this entry point stands above both
    from data.scores.scorer import Judgement

    return Judgement(ranking, scoring.score_line, scoring.under)


def _scorer() -> str:
    from analysis.scoring.scoring import SCORER

    return SCORER


def _switched_on(here: Places) -> set[str] | None:
    """The sources that are listened to; None while setup.toml cannot be read."""
    from data import setup
    from listeners.registry import LISTENERS
    from listeners.schedule.runs import tasks

    try:
        return {task.listener.source for task in tasks(LISTENERS, setup.load(here.setup))}
    except HearbackError:
        return None


if __name__ == "__main__":
    leave_out("pandas")
    sys.exit(main())
