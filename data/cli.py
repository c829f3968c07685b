"""What every command line has in common: exit codes, a sentence for every failure, and a quiet end."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn, TypeVar

from data import troubles
from data.models import HearbackError

USERS_ERROR = 1  # the user can mend it
OTHER_ERROR = 2
BROKEN_OFF = "Broken off. What was finished stays; doing it again does no harm."
INTERRUPTED = "Query interrupted"  # what DuckDB makes of Ctrl-C while it is at work

Code = TypeVar("Code")


class _Absent:
    """Stands before all other finders and says of some libraries that they are not there."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def find_spec(self, name: str, *_: object) -> None:
        if name in self._names:
            raise ModuleNotFoundError(f"{name} is left out of this command", name=name)


def leave_out(*libraries: str) -> None:
    """Let this process do without libraries that others would load on the side, as DuckDB does with pandas to bind a
    value: a command that ends within a second must not spend half of it on them."""
    sys.meta_path.insert(0, _Absent(libraries))


class Parser(argparse.ArgumentParser):
    """argparse, with the exit code that a slip of the user has everywhere in Hearback."""

    def error(self, message: str) -> NoReturn:
        self.exit(USERS_ERROR, f"{message[:1].upper()}{message[1:]}. {self.prog} --help tells more.\n")


def text(said: str) -> str:
    """An argument that is kept or shown as text; it may not hold bytes that are no text."""
    try:
        said.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(f"{said!r} is not valid UTF-8") from None
    return said


def say(sentence: str) -> None:
    """One sentence on stderr, even when nobody is left to read it."""
    if sys.stderr is None:  # it was closed before we began
        return
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()


def to_its_end(run: Callable[[], int]) -> int:
    """Run a command as the outermost edge of its process. Its exit code: 0, or with a sentence on stderr 1 for what
    the user can mend and 2 for anything else. A reader who left early has seen enough: that is no failure."""
    _heed_ctrl_c()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # not every terminal can show what strangers write
    try:
        return _flushed(_code_of(run))
    except SystemExit as left:  # argparse has said why
        raise SystemExit(_flushed(left.code)) from None


def _heed_ctrl_c() -> None:
    """A script starts its background jobs with SIGINT ignored, and Python leaves that as it is. Whoever sends one to a
    command means it, and the command ends as always. SIGHUP stays as it is, so `nohup` holds."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _flushed(code: Code) -> Code | int:
    """The exit code, once all that was printed is on its way: what is left to the interpreter ends in its own words."""
    try:
        if sys.stdout is not None:  # it was closed before we began
            sys.stdout.flush()
    except OSError as trouble:
        _let_go_of_stdout()
        return code if isinstance(trouble, BrokenPipeError) else _told(trouble)
    return code


def _code_of(run: Callable[[], int]) -> int:
    try:
        return run()
    except BrokenPipeError:
        _let_go_of_stdout()
        return 0
    except KeyboardInterrupt:
        say(BROKEN_OFF)
        return OTHER_ERROR
    except Exception as trouble:  # noqa: BLE001  # the process's outermost edge
        return _told(trouble)


def _told(trouble: Exception) -> int:
    """Say in a sentence what happened; the exit code that goes with it."""
    if isinstance(trouble, HearbackError):
        say(str(trouble))
        return USERS_ERROR
    first = next(iter(str(trouble).splitlines()), "")  # DuckDB goes on with the statement
    if isinstance(trouble, OSError):
        say(troubles.sentence(trouble))
    elif first == INTERRUPTED:
        say(BROKEN_OFF)
    else:
        say(f"Something went wrong here: {type(trouble).__name__}: {first}")
    return OTHER_ERROR


def _let_go_of_stdout() -> None:
    """Python would flush into it once more on its way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
