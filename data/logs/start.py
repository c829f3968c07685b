"""Begins the log of a process that runs on: from then on all that it logs is written as lines."""

from __future__ import annotations

import logging
import os
import sys
import threading
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any

from data.logs.lines import OURS, JsonLines, TextLines
from data.logs.repeats import OncePerKind
from data.models import HearbackError

SHAPE, FILE = "HEARBACK_LOG", "HEARBACK_LOG_FILE"
SHAPES: dict[str, type[TextLines]] = {"text": TextLines, "json": JsonLines}
ITSELF = "app"  # the process whose lines go to the named file itself

_logger = logging.getLogger(__name__)


def start(part: str, *, own_file: bool = True) -> None:
    """Write what this process logs from now on to the file that HEARBACK_LOG_FILE names, or else to standard error.
    `part`: the process's name in each line. `own_file`: False for one of many processes that serve the app, which write
    to standard error in any case: only one process may rotate a file. HearbackError when a setting cannot be
    followed. What ends the process is said on standard error, too."""
    shape, file = _shape(), _file(part) if own_file else None
    handlers: list[logging.Handler] = [*([file] if file else []), logging.StreamHandler()]
    handlers[-1].setLevel(logging.CRITICAL if file else logging.NOTSET)
    for handler in handlers:
        handler.setFormatter(shape(part))
    handlers[0].addFilter(OncePerKind())
    _take_over(handlers)
    logging.raiseExceptions = False  # what fails in logging itself would be printed with the arguments of its record
    sys.excepthook = _ended
    threading.excepthook = lambda hook: _ended(hook.exc_type, hook.exc_value, hook.exc_traceback)
    warnings.showwarning = _warned  # type: ignore[assignment]  # it takes what it is given


def _shape() -> type[TextLines]:
    named = os.environ.get(SHAPE, "").strip().lower() or "text"
    if named not in SHAPES:
        raise HearbackError(f"{SHAPE} is {named!r}, and must be {' or '.join(SHAPES)}.")
    return SHAPES[named]


def _file(part: str) -> logging.Handler | None:
    named = os.environ.get(FILE, "").strip()
    if not named:
        return None
    from data.logs.file import opened  # only who writes a file needs what it brings along

    path = Path(named).expanduser().absolute()
    return opened(path if part == ITSELF else path.with_stem(f"{path.stem}-{part}"))


def _take_over(handlers: list[logging.Handler]) -> None:
    """Let these write all records, in place of the handlers that libraries made for theirs."""
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        if logger.handlers:  # one without any was silenced
            logger.handlers.clear()
            logger.propagate = True
    logging.root.handlers[:] = handlers
    logging.root.setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error"):  # it tells of itself as it starts and ends
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def _ended(_: type[BaseException], raised: BaseException | None, __: TracebackType | None) -> None:
    """What nobody caught: the interpreter would print its text."""
    if not isinstance(raised, SystemExit | KeyboardInterrupt | None):
        _logger.critical("A thread ended by a fault", exc_info=raised)


def _warned(_: object, category: type[Warning], filename: str, lineno: int, *__: Any) -> None:
    """A warning by its kind and place: its text may quote values."""
    _logger.warning("%s in %s:%d", category.__name__, Path(filename).name, lineno)
