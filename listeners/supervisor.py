"""Runs the listeners' process beside the app: starts it, restarts it when it dies, and ends it with the app."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

from data.settings import ROOT

COMMAND = (sys.executable, "-m", "listeners", "--supervised")
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before a dead process is restarted
GOOD_RUN = 60.0  # seconds after which a process counts as healthy, and the pause starts over


class Supervisor(threading.Thread):
    """One child process. Its standard input is a pipe that nobody writes to: when the app ends, even by a crash, the
    pipe closes and the child exits."""

    def __init__(self, command: tuple[str, ...] = COMMAND, folder: Path = ROOT) -> None:
        super().__init__(name="listeners", daemon=True)
        self._command = command
        self._folder = folder
        self._leave = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        pause = FIRST_PAUSE
        while not self._leave.is_set():
            started = time.monotonic()
            self._child = subprocess.Popen(self._command, cwd=self._folder, stdin=subprocess.PIPE)
            self._child.wait()
            if time.monotonic() - started >= GOOD_RUN:
                pause = FIRST_PAUSE
            if self._leave.wait(pause):
                return
            pause = min(pause * 2, LONGEST_PAUSE)

    @property
    def pid(self) -> int | None:
        """The child's process id while it lives."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def stop(self) -> None:
        """Terminate the child; kill it after 5 seconds."""
        self._leave.set()
        if self._child is None:
            return
        self._child.terminate()
        try:
            self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
