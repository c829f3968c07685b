"""A disk that is full, in a browser: the page says so, a key answers with a sentence, and all of it goes by itself."""

from __future__ import annotations

import socket

import pytest
from playwright.sync_api import expect

from data.models import Brand, Erase
from data.settings import Places
from data.setup import save_brands, save_source
from data.spool.batches import drop
from tests.browser.conftest import App, until
from tests.data.builders import NOON, found
from tests.full_disk import FullDisk

pytestmark = pytest.mark.timeout(1800)
NO_ROOM = "No room is left on the disk of"


@pytest.fixture
def disk(tmp_path):
    return FullDisk(tmp_path)


@pytest.fixture
def app(tmp_path, disk, monkeypatch):
    """The app with four mentions in its queue, on a disk that may be full."""
    for name, value in disk.environment.items():
        monkeypatch.setenv(name, value)
    here = Places(tmp_path / "data")
    save_brands(here.setup, [Brand("Acme", ("acme",))])
    save_source(here.setup, "hackernews", {"on": False})
    drop(here.incoming, "test", NOON, found=[found(number, text=f"acme is bad {number}") for number in range(1, 5)])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        running = App(here.root, free.getsockname()[1])
    running.start()
    until(lambda: running.figure("open") == 4 and not running.figure("unscored"), "four mentions are open")
    yield running
    running.stop()


def test_pages_say_that_the_disk_is_full_and_recover_by_themselves(app, disk, visit):
    places = Places(app.folder)
    page = visit(app.address)
    rows = page.locator("button.row")
    expect(rows).to_have_count(4)

    disk.fill(str(places.store))
    drop(places.incoming, "erase", NOON, erase=[Erase("a test", mention_id="test:1")])
    expect(page.get_by_text(NO_ROOM).first).to_be_visible()
    expect(rows).to_have_count(3)

    disk.fill(f"{places.root}/*")
    until(lambda: _is_told_on_a_key(page), "a key answers with a sentence")
    expect(rows).to_have_count(3)
    beside = visit(f"{app.address}/trends")
    expect(beside.get_by_text(NO_ROOM).first).to_be_visible()

    disk.make_room()
    for one in (page, beside):
        expect(one.get_by_text("The store needs help:")).to_have_count(0)
    until(lambda: app.health()["status"] in ("ok", "trouble") and app.health()["store"] == "ok", "the store is whole")
    page.keyboard.press("e")
    expect(rows).to_have_count(2)
    for one in (page, beside):
        expect(one.locator("[data-testid=stException]")).to_have_count(0)


def _is_told_on_a_key(page) -> bool:
    """Press a key; it goes nowhere while the list is just being drawn anew."""
    page.keyboard.press("e")
    try:
        expect(page.get_by_text("That key did nothing.")).to_be_visible(timeout=5000)
    except AssertionError:
        return False
    return True
