"""A clock that is a year ahead for a while, in a real app: nothing is deleted, everybody is told, a person confirms."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from playwright.sync_api import expect

import data
from data.models import Brand, Erase, HearbackError, Run
from data.settings import Places
from data.setup import save_brands, save_source
from data.spool.batches import drop
from tests.browser.conftest import ROOT, App, free_port, until
from tests.data.builders import found
from tests.days import __main__ as days

pytestmark = pytest.mark.timeout(1800)
AHEAD = timedelta(days=365)
SAID = "it was set ahead by 365 days, which did not pass"
SOURCES = ("youtube", "yelp", "x")


@pytest.fixture
def here(tmp_path):
    """A data folder with a mention of each of three sources and one that will be erased, all seen just now."""
    here, now = Places(tmp_path / "data"), datetime.now(UTC)
    save_brands(here.setup, [Brand("Acme", ("acme",))])
    save_source(here.setup, "hackernews", {"on": False})
    for source in SOURCES:
        told = found(1, id=f"{source}:1", source=source, text=f"acme is broken on {source}", published_at=now)
        drop(here.incoming, source, now, found=[told], run=Run(source, now, now))
    erased = found(2, id="x:2", source="x", author="Tomasina Quill", text="acme is broken, too", published_at=now)
    drop(here.incoming, "x", now, found=[erased])
    return here


@pytest.fixture
def moved(tmp_path):
    """What a process is started with whose clock is a year ahead."""
    try:
        library = days.built(tmp_path)
    except days.NoClock as reason:
        pytest.skip(str(reason))
    seconds = int(os.environ.get("CLOCK_AHEAD", "0")) + int(AHEAD.total_seconds())
    return {"LD_PRELOAD": str(library), "CLOCK_AHEAD": str(seconds)}


@pytest.fixture
def start(here):
    """Start the app with these variables in its environment; it ends with the test."""
    started = []

    def begin(**environment):
        app = App(here.root, free_port(), HEARBACK_LISTEN="off", **environment)
        app.start()
        started.append(app)
        return app

    yield begin
    for app in started:
        if app.process.poll() is None:
            app.stop()


def run(here, moved, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "data", *arguments], cwd=ROOT,
        env=os.environ | {"HEARBACK_DATA": str(here.root)} | moved,
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def published(here, sql):
    """What the published copy answers; nothing where there is none, or it is replaced just then."""
    try:
        return data.snapshot(here.published).sql(sql).fetchall()
    except (HearbackError, duckdb.Error):
        return []


def texts(here):
    return dict(published(here, "SELECT id, text FROM mention ORDER BY id"))


def _lay_list(here):
    """A list of mentions to look up again, which each round of upkeep takes away while the clock is not believed."""
    here.recheck.mkdir(exist_ok=True)
    (here.recheck / "x.jsonl").write_text("{}\n")


def test_a_year_ahead_deletes_nothing_until_a_person_confirms_it(here, moved, start, visit):
    whole = {f"{source}:1": f"acme is broken on {source}" for source in SOURCES}
    app = start()
    until(lambda: len(texts(here)) == 4, "all is taken in and published")
    app.stop()

    app = start(**moved)
    assert app.health()["status"] == "trouble"
    assert SAID in app.health()["clock"]
    assert "nothing is deleted" in app.health()["clock"]
    drop(here.incoming, "x", datetime.now(UTC), gone=["x:1"])
    drop(here.incoming, "erase", datetime.now(UTC), erase=[Erase("ana", source="x", author="Tomasina Quill")])
    until(lambda: "x:2" not in texts(here), "what a person erases goes all the same")
    for _ in range(3):
        _lay_list(here)
        until(lambda: not list(here.recheck.glob("*")), "upkeep makes its rounds, and nothing is looked up again")
    assert SAID in run(here, moved, "status")
    page = visit(app.address)
    expect(page.locator(".st-key-clock")).to_contain_text(SAID)
    assert texts(here) == whole
    app.stop()

    app = start()
    assert app.health()["clock"] == "ok"
    until(lambda: published(here, "SELECT id FROM mention WHERE id = 'x:1'") == [], "what its source deleted goes now")
    del whole["x:1"]
    assert texts(here) == whole
    app.stop()

    app = start(**moved)
    assert SAID in app.health()["clock"]
    page = visit(app.address)
    expect(page.locator(".st-key-clock")).to_be_visible()
    assert run(here, moved, "clock", "--confirm").startswith("Confirmed: it is ")
    until(lambda: app.health()["clock"] == "ok", "the app goes by what was confirmed")
    until(lambda: texts(here) == dict.fromkeys(whole, ""), "what is too old by then expires")
    page.reload()
    expect(page.locator(".st-key-clock")).to_have_count(0)
