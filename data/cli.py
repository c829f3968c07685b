"""Runs a command of ours: exit codes, one sentence on standard error for a failure, and Ctrl-C."""

from __future__ import annotations

import argparse
import io
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn, TypeVar

from data import troubles
from data.models import HearbackError
from data.settings import VERSION

USERS_ERROR = 1  # the user can mend it
OTHER_ERROR = 2
BROKEN_OFF = "Broken off. What was finished stays; doing it again does no harm."
WENT_WRONG = "Something went wrong here"
INTERRUPTED = "Query interrupted"  # what DuckDB makes of Ctrl-C while it is at work

Code = TypeVar("Code")


class _Absent:
    """An import finder that raises ModuleNotFoundError for the named libraries."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def find_spec(self, name: str, *_: object) -> None:
        if name in self._names:
            raise ModuleNotFoundError(f"{name} is left out of this command", name=name)


def leave_out(*libraries: str) -> None:
    """Make imports of these libraries fail in this process. DuckDB imports pandas, where it can, to bind a value; that
    takes half of the second in which a command should end."""
    sys.meta_path.insert(0, _Absent(libraries))


class Parser(argparse.ArgumentParser):
    """An argparse parser that exits with USERS_ERROR on wrong arguments."""

    def tell_version(self) -> None:
        """Know --version, which prints it and leaves with 0."""
        self.add_argument("--version", action="version", version=f"Hearback {VERSION}")

    def error(self, message: str) -> NoReturn:
        self.exit(USERS_ERROR, f"{message[:1].upper()}{message[1:]}. {self.prog} --help tells more.\n")


def text(said: str) -> str:
    """Return a text argument as it is; argparse's type function. ArgumentTypeError when it is not valid UTF-8."""
    try:
        said.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(f"{said!r} is not valid UTF-8") from None
    return said


_log: list[logging.Logger] = []  # at most one


def say_to(log: logging.Logger) -> None:
    """Write to a log from now on what `say` would print: nobody sits before this process."""
    _log[:] = [log]


def say(sentence: str) -> None:
    """Print a sentence on standard error; when that is closed, do nothing. Where `say_to` named a log, it goes
    there."""
    if _log:
        _log[0].warning(sentence)
        return
    if sys.stderr is None:  # it was closed before we began
        return
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()


def to_its_end(run: Callable[[], int]) -> int:
    """Run a command and return the exit code of its process. An exception becomes a sentence on standard error:
    USERS_ERROR for a HearbackError, OTHER_ERROR for any other. A closed pipe on standard output (`| head`) counts as
    success. SystemExit passes through."""
    _heed_ctrl_c()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # not every terminal can show what strangers write
    try:
        return _flushed(_code_of(run))
    except SystemExit as left:  # argparse has said why
        raise SystemExit(_flushed(left.code)) from None


def _heed_ctrl_c() -> None:
    """Let SIGINT end this process where a script started it with SIGINT ignored, as scripts do with background jobs.
    SIGHUP stays ignored under `nohup`."""
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _flushed(code: Code) -> Code | int:
    """Flush standard output and return `code`. Left to the interpreter, a failing flush would print a traceback."""
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
    """Print an exception as a sentence and return its exit code."""
    if isinstance(trouble, HearbackError):
        say(str(trouble))
        return USERS_ERROR
    first = next(iter(str(trouble).splitlines()), "")  # DuckDB goes on with the statement
    if isinstance(trouble, OSError):
        say(troubles.sentence(trouble))
    elif first == INTERRUPTED:
        say(BROKEN_OFF)
    elif _log:
        _log[0].critical(WENT_WRONG, exc_info=trouble)  # its text may quote what it failed on
    else:
        say(f"{WENT_WRONG}: {type(trouble).__name__}: {first}")
    return OTHER_ERROR


def _let_go_of_stdout() -> None:
    """Point standard output at the null device: Python flushes it once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
