"""The file of a log: open to its user only, rotated by size, and written by one process."""

from __future__ import annotations

import io
import logging
import sys
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import BinaryIO

from data import files, locks, troubles
from data.models import HearbackError

LARGEST = 10 * 2**20  # bytes, after which a new file is begun
KEPT = 5  # former files: hearback.log.1, the latest, to hearback.log.5


class LogFile(RotatingFileHandler):
    """Writes lines to a file and renames it when it is full. Where the disk refuses a line, it goes to standard error.
    `held`: the lock that keeps other processes from the file."""

    def __init__(self, path: Path, held: BinaryIO, largest: int = LARGEST) -> None:
        self._held = held
        super().__init__(path, maxBytes=largest, backupCount=KEPT, encoding="utf-8")

    def _open(self) -> io.TextIOWrapper:
        return io.TextIOWrapper(files.opened_to_append(Path(self.baseFilename)), "utf-8", errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:
        """Say on standard error what the file could not take. The library would print the arguments, too."""
        with suppress(OSError, ValueError):
            sys.stderr.write(f"{self.format(record)}\n")
            sys.stderr.flush()

    def close(self) -> None:
        """Close the file, and let another process write it."""
        super().close()
        self._held.close()


def opened(path: Path) -> LogFile:
    """The log at `path`, locked for this process. HearbackError when another has it, or the disk refuses."""
    try:
        held = locks.take(path.with_name(f"{path.name}.lock"))
        return LogFile(path, held)
    except locks.LockIsHeld as holder:
        raise HearbackError(
            f"{holder} writes the log {path} already. Name another file in HEARBACK_LOG_FILE."
        ) from None
    except OSError as trouble:
        raise HearbackError(f"The log cannot be written. {troubles.sentence(trouble)}") from None
