"""The command line: `python -m listeners` runs the sources until told to stop, `--once` runs each source once."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, BinaryIO

from data import locks, troubles
from data.cli import OTHER_ERROR, Parser, leave_out, say, say_to, to_its_end
from data.clock import now_in_utc
from data.models import HearbackError
from data.settings import Places, places
from data.setup import load
from listeners.base import Listener
from listeners.schedule.runs import Task, why_off

if TYPE_CHECKING:
    from listeners.schedule.schedule import Schedule

EPILOG = """python -m listeners import FILE ... brings in a file; python -m listeners deliver sends approved answers;
python -m listeners sources lists the sources; python -m listeners estimate SOURCE says what one would cost; each tells
how with --help."""


def main(arguments: Sequence[str]) -> int:
    """Run the command; return its exit code: 0, 1 (the user's input) or 2 (something else)."""
    return to_its_end(lambda: _run_verb(arguments))


def _run_verb(arguments: Sequence[str]) -> int:
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    with suppress(HearbackError):  # whatever needs the folder says so
        places().close_to_others()
    return VERBS[verb](rest) if verb in VERBS else _listen(arguments)


def _import(arguments: Sequence[str]) -> int:
    leave_out("numpy", "pandas")
    gc.disable()  # a process this short needs no search for cycles
    from listeners.importing import command  # brings Arrow along, which no other command needs

    parser = Parser(prog="python -m listeners import", description="Bring in mentions from a file.")
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments))


def _deliver(arguments: Sequence[str]) -> int:
    from listeners.commands import deliver  # brings the sources' clients along

    return deliver.run(arguments)


def _sources(arguments: Sequence[str]) -> int:
    from listeners.commands import sources

    return sources.run(arguments)


def _estimate(arguments: Sequence[str]) -> int:
    from listeners.commands import sources

    return sources.price(arguments)


VERBS: dict[str, Callable[[Sequence[str]], int]] = {
    "import": _import,
    "deliver": _deliver,
    "sources": _sources,
    "estimate": _estimate,
}


def _listen(arguments: Sequence[str]) -> int:
    asked = _parser().parse_args(arguments)
    from listeners.registry import LISTENERS, RECHECKERS  # after the arguments were read: --help need not wait for PRAW
    from listeners.schedule.rechecks import RecheckSchedule
    from listeners.schedule.schedule import Schedule, in_a_thread

    _check_names(asked.only, LISTENERS)
    here = places()
    if asked.supervised:
        _begin_log()
    with nullcontext() if asked.once else claim(here):  # beside a daemon, once is safe: each source has its own lock
        if not asked.once and not asked.supervised:
            _begin_log()
        rechecks = RecheckSchedule(RECHECKERS, here, say, now_in_utc, _at_once if asked.once else in_a_thread)
        schedule = Schedule(LISTENERS, here, say, frozenset(asked.only), rechecks=rechecks)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: setattr(schedule, "stopping", True))
        if asked.supervised:
            in_a_thread(lambda: _leave_with_parent(schedule))
        _tell_unknown(here)
        return _once(schedule) if asked.once else _run(schedule)


def _begin_log() -> None:
    """Write lines of a log from now on. Only a process that holds the folder, or that the app has started, does so:
    whoever runs a command reads plain sentences."""
    from data.logs import start

    start.start("listeners")
    say_to(logging.getLogger("listeners"))


def _at_once(work: Callable[[], None]) -> None:
    work()


def _parser() -> Parser:
    parser = Parser(prog="python -m listeners", description="Listen to the sources.", epilog=EPILOG)
    parser.tell_version()
    parser.add_argument("--once", action="store_true", help="visit each switched-on source once, then leave")
    parser.add_argument("--only", action="append", default=[], metavar="SOURCE", help="keep to this source; repeatable")
    parser.add_argument("--supervised", action="store_true", help="leave when standard input ends")
    return parser


def _check_names(asked: Sequence[str], listeners: Sequence[Listener]) -> None:
    known = [listener.source for listener in listeners]
    for name in asked:
        if name not in known:
            raise HearbackError(f"There is no source {name!r}; there are {', '.join(known)}.")


def _tell_unknown(here: Places) -> None:
    from listeners.catalog import unknown

    with suppress(HearbackError):  # a setup that cannot be read is told by who goes by it
        for sentence in unknown(load(here.setup)):
            say(sentence)


def claim(here: Places) -> BinaryIO:
    """Lock the data folder for this daemon until the returned file is closed. HearbackError names the process that
    holds the lock, or says why the lock file cannot be written."""
    try:
        return locks.take(here.listeners_lock)
    except locks.LockIsHeld as holder:
        raise HearbackError(f"{holder} listens for {here.root} already; only one may.") from None
    except OSError as trouble:
        raise HearbackError(troubles.sentence(trouble)) from None


def _leave_with_parent(schedule: Schedule) -> None:
    # Not sys.stdin: its lock, held while the interpreter goes down, would end us with a crash.
    with suppress(OSError):
        while os.read(0, 4096):
            pass
    schedule.stopping = True


def _run(schedule: Schedule) -> int:
    schedule.run()
    return 0


def _once(schedule: Schedule) -> int:
    setup = load(schedule.places.setup)
    real = tuple(brand for brand in setup.brands if not brand.is_sample)
    for listener in schedule.listeners:
        reason = why_off(Task(listener, real, setup.sources.get(listener.source, {})))
        if listener.source in schedule.only and reason:
            raise HearbackError(f"{reason[:1].upper()}{reason[1:]}.")
    outcomes = schedule.once(setup)
    if not outcomes:
        say("Nothing is switched on: set up a brand and a source first.")
    return OTHER_ERROR if schedule.stopping or any(outcome.error for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
