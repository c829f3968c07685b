"""A real app and a real Chromium; without Chromium these tests skip and say so."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from data.clock import now_in_utc
from data.people import links, rights
from data.settings import Places

ROOT = Path(__file__).resolve().parents[2]
CERTIFICATE = "STREAMLIT_SERVER_SSL_CERT_FILE"  # with it the app speaks TLS itself
PASSWORD = "four words nobody says"
CHROMIUM = shutil.which("chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE = 300.0  # seconds; only a test that fails waits so long


def until(true: Callable[[], object], what: str, patience: float = PATIENCE) -> object:
    """Ask again until the answer is true; the pause is an event nobody sets."""
    pause, ends = threading.Event(), time.monotonic() + patience
    while time.monotonic() < ends:
        answer = true()
        if answer:
            return answer
        pause.wait(0.05)
    raise AssertionError(f"not within {patience:.0f} s: {what}")


class App:
    """`streamlit run app.py` as a process of its own. `environment`: variables beside those of this process."""

    def __init__(self, folder: Path, port: int, **environment: str) -> None:
        self.folder, self.port, self.environment = folder, port, environment
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"{'https' if CERTIFICATE in self.environment else 'http'}://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """The file with what it prints."""
        return self.folder.with_suffix(".log")

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)]
        environment = os.environ | {"HEARBACK_DATA": str(self.folder)} | self.environment
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        until(self.health, "the app answers")

    def health(self) -> dict | None:
        """What /healthz reports; None while nobody answers."""
        try:
            believed = ssl.create_default_context(cafile=self.environment.get(CERTIFICATE))
            asked = urllib.request.urlopen(f"{self.address}/healthz", timeout=30, context=believed)  # noqa: S310  # our own
            with asked as answer:
                return json.load(answer)
        except urllib.error.HTTPError as trouble:
            return json.load(trouble)
        except (OSError, ValueError):
            return None

    def figure(self, name: str) -> int:
        report = self.health()
        return report["figures"][name] if report else -1

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=500)


def set_password(places: Places, name: str) -> None:
    """Give a person of the team the password PASSWORD, by a link of the lead."""
    now = now_in_utc()
    links.use(places, links.make(places, name, rights.lead("founder"), now), PASSWORD, now)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    running = App(tmp_path / "data", free_port())
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one Playwright of this process: a second one refuses to start beside it."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    expect.set_options(timeout=PATIENCE * 1000)  # of itself it waits five seconds
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def kept(browser: Browser) -> BrowserContext:
    """The session of each test's first visit: it has Streamlit's scripts from the tests before, and no cookies."""
    return _context(browser)


def _context(browser: Browser, **options: object) -> BrowserContext:
    return browser.new_context(viewport={"width": 1280, "height": 900}, **options)


@pytest.fixture
def visit(browser: Browser, kept: BrowserContext) -> Iterator[Callable[..., Page]]:
    """Open an address in a page of its own. Each further one of a test, and one with options, has a session of its
    own, too."""
    contexts = []

    def go(address: str, **options: object) -> Page:
        contexts.append(_context(browser, **options) if contexts or options else kept)
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(address)
        return page

    yield go
    for page in kept.pages:
        page.close()
    kept.clear_cookies()
    for context in contexts:
        if context is not kept:
            context.close()
