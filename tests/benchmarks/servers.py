"""A Streamlit server as a process of its own: the app over a data folder, or a page with nothing on it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from urllib.error import URLError
from urllib.request import urlopen

from data.settings import ROOT
from tests.benchmarks.figures import NotMeasured

EMPTY_PAGE = Path(__file__).with_name("empty_page.py")
LONGEST_START = 120.0  # seconds


class Server:
    """`streamlit run` of one script. The clock of `started` begins just before its process does."""

    def __init__(self, script: Path, data: Path, **environment: str) -> None:
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.started = time.perf_counter()
        command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(self.port)]
        environment = os.environ | {"HEARBACK_DATA": str(data), "HEARBACK_LISTEN": "off"} | environment
        self._log = (data / "server.log").open("wb")
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self._log, stderr=self._log)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, kind: type[BaseException] | None, raised: BaseException | None, _: TracebackType | None) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    @property
    def pid(self) -> int:
        """The process that serves."""
        return self._process.pid

    def wait_until_well(self, path: str) -> float:
        """Ask until `path` answers 200; return the seconds since the start."""
        while not _answers(self.address + path):
            if self._process.poll() is not None or time.perf_counter() - self.started > LONGEST_START:
                raise NotMeasured(f"The server did not start: see {self._log.name}.")
            time.sleep(0.01)
        return time.perf_counter() - self.started

    def resident_mb(self) -> float:
        """What the process holds in memory, in MB (10^6 bytes)."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        [held] = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
        return int(held) * 1024 / 1e6


def app(data: Path, **environment: str) -> Server:
    """Hearback over this data folder; its listeners stay at home. `environment`: variables beside our own."""
    return Server(ROOT / "app.py", data, **environment)


def empty_page(data: Path) -> Server:
    """The empty page; the folder only takes its log."""
    return Server(EMPTY_PAGE, data)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as answer:  # noqa: S310  # loopback
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
