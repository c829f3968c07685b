"""A real Chromium, and the time from a key press to its effect, taken inside the page."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.benchmarks.figures import NotMeasured

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDTH, HEIGHT = 1280, 800
PATIENCE_MS = 60_000
BETWEEN_PRESSES = 0.15  # seconds after the page has come to rest

# What is on the screen: the selected row's id (it lives in a component's shadow root), and the box that belongs to the
# mention on the right, whose name differs for each mention. The empty page has a line of text only.
WATCH = """
() => {
    const find = (root, wanted) => {
        const hit = root.querySelector(wanted);
        if (hit) return hit;
        for (const element of root.querySelectorAll("*")) {
            const inner = element.shadowRoot && find(element.shadowRoot, wanted);
            if (inner) return inner;
        }
        return null;
    };
    let list = null;
    const row = () => {
        if (!list || !list.isConnected) {
            const chosen = find(document, 'button.row[aria-selected="true"]');
            list = chosen && chosen.parentElement;
        }
        return list && list.querySelector('button.row[aria-selected="true"]')?.dataset.id;
    };
    const detail = () => document.querySelector('[class*="st-key-words_"]')?.className.match(/st-key-words_\\w+/)?.[0];
    const line = () => document.querySelector('[data-testid="stText"]')?.textContent;
    const looks = { row, detail, line };
    window.shown = (name) => looks[name]();
    window.arm = (names) => {
        window.outcome = new Promise((resolve) => {
            const before = Object.fromEntries(names.map((name) => [name, looks[name]()]));
            const taken = {};
            window.addEventListener("keydown", (event) => {
                const pressed = event.timeStamp;
                const look = () => {
                    for (const name of names) {
                        const now = looks[name]();
                        if (!(name in taken) && now && now !== before[name]) taken[name] = performance.now() - pressed;
                    }
                    if (Object.keys(taken).length === names.length) resolve(taken);
                    else if (performance.now() - pressed > 10000) resolve(null);
                    else requestAnimationFrame(look);
                };
                requestAnimationFrame(look);
            }, { capture: true, once: true });
        });
    };
}
"""


@dataclass(frozen=True, slots=True)
class Screen:
    """One page, and which parts of it change when a key is pressed: "row", "detail" or "line"."""

    page: Page
    parts: tuple[str, ...]

    def press(self, key: str) -> dict[str, float] | None:
        """Press a key; return for each part the milliseconds until the frame in which it had changed. None when
        something had not changed after 10 s; the page is loaded anew then."""
        self.page.bring_to_front()
        self.page.evaluate("names => window.arm(names)", list(self.parts))
        self.page.keyboard.press(key)
        taken: dict[str, float] | None = self.page.evaluate("() => window.outcome")
        if taken is None:
            self.page.reload()
            self.wait_for_parts()
        self._rest()
        return taken

    def wait_for_parts(self) -> None:
        """Wait until all parts are on the screen."""
        self.page.wait_for_selector('[data-testid="stApp"]')
        self.page.evaluate(WATCH)
        for part in self.parts:
            self.page.wait_for_function("name => window.shown(name)", arg=part, polling="raf")

    def _rest(self) -> None:
        """A person reads before the next key; and what still runs must not count for the next press."""
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=PATIENCE_MS)
        time.sleep(BETWEEN_PRESSES)


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium that stands ready. NotMeasured where there is none."""
    executable = shutil.which("chromium")
    if executable is None:
        raise NotMeasured("There is no Chromium here: apt-get install chromium.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        try:
            yield started
        finally:
            started.close()


def open_page(started: Browser, address: str, parts: tuple[str, ...]) -> Screen:
    """A page of its own at an address, as soon as all its parts are there."""
    page = started.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    _go(page, address)
    screen = Screen(page, parts)
    screen.wait_for_parts()
    return screen


def _go(page: Page, address: str) -> None:
    """The server may not listen yet."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while True:
        try:
            page.goto(address, wait_until="commit")
            return
        except Error as refusal:
            if "ERR_CONNECTION_REFUSED" not in str(refusal) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
