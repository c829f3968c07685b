"""Threads that do one round of work after the other."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable

from data import troubles
from data.models import HearbackError, PartlyDone

_logger = logging.getLogger(__name__)

LONGEST_REST = 8.0  # seconds a thread rests after failing again and again: what is mended is found mended within ten


class Loop(threading.Thread):
    """A thread that does one round of work, rests, and starts again; `trouble` tells what stopped the last round."""

    def __init__(self, name: str, work: Callable[[], object], rest: float) -> None:
        super().__init__(name=name, daemon=True)
        self._work = work
        self._rest = rest
        self._leave = threading.Event()
        self._wake = threading.Event()
        self._failures = 0
        self._logged: object = None  # the kind of the exception that was logged last
        self.trouble: str | None = None

    def run(self) -> None:
        while not self._leave.is_set():
            self._failures = 0 if self._round() else self._failures + 1
            self._wake.wait(min(self._rest * 2**self._failures, LONGEST_REST))
            self._wake.clear()

    def _round(self) -> bool:
        """Work once; whether the next round may come as soon as after a good one."""
        try:
            self._work()
        except HearbackError as trouble:
            self._note(str(trouble))
            return isinstance(trouble, PartlyDone)
        except OSError as trouble:
            self._note(troubles.sentence(trouble))
            return False
        except Exception as trouble:  # noqa: BLE001  # a thread's outermost edge: shown, and tried again
            self.trouble = f"{type(trouble).__name__}: {trouble}"
            self._log(trouble)
            return False
        if self.trouble is not None:
            _logger.info(f"The {self.name} works again")
        self.trouble = self._logged = None
        return True

    def _note(self, trouble: str) -> None:
        """Keep what stopped the round, and log it when it is another than that of the round before."""
        if trouble != self.trouble:
            _logger.warning(trouble)
        self.trouble = trouble

    def _log(self, trouble: Exception) -> None:
        """Log a fault, once for what fails in the same place again and again."""
        kind = (type(trouble), traceback.extract_tb(trouble.__traceback__)[-1].lineno)
        if kind != self._logged:
            _logger.error("A round failed", exc_info=trouble)
        self._logged = kind

    def is_leaving(self) -> bool:
        """Whether it was told to end, so that long work can break off."""
        return self._leave.is_set()

    def wake(self) -> None:
        """Start the next round now."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the round that runs, then end."""
        self._leave.set()
        self._wake.set()
        self.join(timeout=10)
