"""The command line: `python -m listeners` listens until told to stop, `--once` visits each source once."""

from __future__ import annotations

import fcntl
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO

from data.command import OTHER_ERROR, USERS_ERROR, Parser, leave_out
from data.models import HearbackError
from data.settings import Places, places
from data.setup import load
from listeners.base import Listener, PaidListener
from listeners.schedule import Schedule, in_a_thread
from listeners.visits import Task, why_off

EPILOG = """python -m listeners import FILE ... brings in a file; python -m listeners deliver sends approved answers;
each tells how with --help."""


def say(sentence: str) -> None:
    """One sentence on stderr, even when nobody is left to read it."""
    with suppress(OSError, ValueError):
        print(sentence, file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run the command; return its exit code: 0, 1 (the user's input) or 2 (something else)."""
    try:
        verb, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
        return VERBS[verb](rest) if verb in VERBS else _listen(arguments)
    except HearbackError as trouble:
        say(str(trouble))
        return USERS_ERROR


def _import(arguments: Sequence[str]) -> int:
    leave_out("numpy", "pandas")
    gc.disable()  # a process this short needs no search for cycles
    from listeners import imports  # brings Arrow along, which no other command needs

    parser = Parser(prog="python -m listeners import", description="Bring in mentions from a file.")
    imports.add_arguments(parser)
    return imports.run(parser.parse_args(arguments))


def _deliver(arguments: Sequence[str]) -> int:
    from listeners import delivery_command  # brings the sources' clients along

    return delivery_command.run(arguments)


VERBS: dict[str, Callable[[Sequence[str]], int]] = {"import": _import, "deliver": _deliver}


def _listen(arguments: Sequence[str]) -> int:
    asked = _parser().parse_args(arguments)
    from listeners.registry import LISTENERS  # after the arguments were read: --help need not wait for PRAW

    _check_names(asked.only, LISTENERS)
    here = places()
    lock = claim(here)
    try:
        schedule = Schedule(LISTENERS, here, say, frozenset(asked.only))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: setattr(schedule, "stopping", True))
        if asked.supervised:
            in_a_thread(lambda: _leave_with_parent(schedule))
        return _once(schedule) if asked.once else _run(schedule)
    finally:
        lock.close()


def _parser() -> Parser:
    parser = Parser(prog="python -m listeners", description="Listen to the sources.", epilog=EPILOG)
    parser.add_argument("--once", action="store_true", help="visit each switched-on source once, then leave")
    parser.add_argument("--only", action="append", default=[], metavar="SOURCE", help="keep to this source; repeatable")
    parser.add_argument("--supervised", action="store_true", help="leave when standard input ends")
    return parser


def _check_names(asked: Sequence[str], listeners: Sequence[Listener | PaidListener]) -> None:
    known = [listener.source for listener in listeners]
    for name in asked:
        if name not in known:
            raise HearbackError(f"There is no source {name!r}; there are {', '.join(known)}.")


def claim(here: Places) -> IO[str]:
    """Hold the data folder's listeners until the file is closed. HearbackError says who holds them already."""
    path = here.root / "listeners.lock"
    try:
        here.root.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as trouble:
        raise HearbackError(f"{here.root} cannot be written to: {trouble.strerror}.") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "another process"
        file.close()
        raise HearbackError(f"{holder} listens for {here.root} already; only one may.") from None
    with suppress(OSError):  # a full disk must not keep us from listening: the lock holds without its text
        file.truncate(0)
        file.write(f"Process {os.getpid()}")
        file.flush()
    return file


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
