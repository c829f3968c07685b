"""What may only be looked at: it is there when somebody asks, and then it is nowhere."""

from __future__ import annotations

import logging
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis import ranking
from analysis.scoring import scoring
from dashboard.runtime import Runtime, use_runtime
from dashboard.sources import live_view
from dashboard.sources.live_view import lacks
from data import setup
from data.analytics.published import Publisher
from data.ingest import absorber
from data.models import Brand
from data.scores.scorer import Judgement
from data.settings import Places
from data.setup import Setup
from data.store.store import Store
from listeners.http.web import Limits, Web
from listeners.sources.tripadvisor import Tripadvisor
from tests.listeners.servers.server import Answer, Server

MAIN = str(Path(__file__).parents[3] / "dashboard" / "main.py")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACME = Brand("Acme", ("Acme",))
WORDS = "Pelicans screamed at dawn"
HOSTILE = "<script>alert(1)</script> **bold**"
SET_UP = {"approved": "Ada, today", "location_ids": ["123"]}


@pytest.fixture
def site():
    server = Server()
    review = {
        "id": 812345678, "published_date": "2026-11-20T03:04:05Z", "rating": 2, "title": HOSTILE, "text": WORDS,
        "url": "https://www.tripadvisor.com/ShowUserReviews-1", "user": {"username": "a traveller"},
    }  # fmt: skip
    server.answers["/location/123/reviews"] = Answer({"data": [review]})
    yield server
    server.close()


@pytest.fixture
def runtime(tmp_path, site, monkeypatch):
    monkeypatch.setenv("TRIPADVISOR_API_KEY", "s3cret")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("data.settings.SECRETS", tmp_path / "no-secrets.toml")
    monkeypatch.setattr(live_view, "LIVE_VIEWS", (Tripadvisor(site.url, Web(Limits(10.0, 10.0, 20.0))),))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    places = Places(tmp_path / "kept")
    places.root.mkdir()
    opened = Runtime(places, Store(places.store), Judgement(ranking, scoring.score_line), {}, None, clock=lambda: NOON)
    use_runtime(opened)
    setup.save_brands(places.setup, [ACME])
    setup.save_source(places.setup, "tripadvisor", SET_UP)
    yield opened
    use_runtime(None)
    opened.store.close()


def sources_page():
    return AppTest.from_file(MAIN, default_timeout=500).run().switch_page("sources/page.py").run()


def look_button(page):
    return next(button for button in page.button if button.key == "look_tripadvisor")


def shown(page):
    return "\n".join(one.value for one in page.text)


def test_nothing_is_fetched_before_somebody_asks(runtime, site):
    page = sources_page()
    assert not page.exception
    assert WORDS not in shown(page)
    assert not site.requests


def test_a_click_shows_the_reviews_as_text_with_their_link(runtime, site):
    page = look_button(sources_page()).click().run()
    assert not page.exception
    assert WORDS in shown(page)
    assert HOSTILE in shown(page)
    assert "★★☆☆☆ · Acme · a traveller · 20 Nov 2026" in shown(page)
    assert [link.url for link in page.get("link_button")] == ["https://www.tripadvisor.com/ShowUserReviews-1"]
    assert len(site.requests) == 1


def test_the_next_rerun_has_forgotten_them_and_so_has_the_session(runtime, site):
    page = look_button(sources_page()).click().run()
    assert WORDS not in repr(page.session_state)
    page.run()
    assert WORDS not in shown(page)
    page.switch_page("trends/page.py").run()
    page.switch_page("sources/page.py").run()
    assert WORDS not in shown(page)
    assert len(site.requests) == 1


def test_no_byte_of_a_look_lies_on_a_disk_or_in_a_log(runtime, site, tmp_path, caplog, capfd):
    caplog.set_level(logging.INFO)
    page = look_button(sources_page()).click().run()
    assert WORDS in shown(page)
    list(absorber.absorb_waiting(runtime.store, runtime.judgement, runtime.places, runtime.clock))
    Publisher(runtime.store, runtime.places.published).publish()
    with runtime.store.read() as connection:
        assert connection.value("SELECT count(*) FROM mention WHERE source = 'tripadvisor'") == 0
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"setup.toml", runtime.places.store.name} <= {path.name for path in files}
    for told in (WORDS, "a traveller", "812345678", "s3cret"):
        assert not [path for path in files if told.encode() in path.read_bytes()], told
        assert told not in caplog.text + "".join(capfd.readouterr())


def test_a_look_that_fails_says_why_and_shows_no_key(runtime, site):
    site.answers["/location/123/reviews"] = Answer({"message": "no"}, 403)
    page = look_button(sources_page()).click().run()
    assert "refuses us (403)" in shown(page)
    assert "s3cret" not in shown(page)


@pytest.mark.parametrize(
    ("options", "brands", "said"),
    [
        (SET_UP, (), "No brand to look for"),
        ({"location_ids": ["1"]}, (ACME,), "First confirm below"),
        ({"approved": "Ada"}, (ACME,), "Locations: none yet"),
        (SET_UP, (ACME,), "TRIPADVISOR_API_KEY"),
    ],
)
def test_what_is_missing_is_said_and_nobody_can_look(options, brands, said, monkeypatch, tmp_path):
    monkeypatch.delenv("TRIPADVISOR_API_KEY", raising=False)
    monkeypatch.setattr("data.settings.SECRETS", tmp_path / "no-secrets.toml")
    assert said in lacks(Tripadvisor(), Setup(brands, {"tripadvisor": options}))


def test_without_a_confirmed_approval_the_button_rests(runtime):
    setup.save_source(runtime.places.setup, "tripadvisor", {"approved": ""})
    assert look_button(sources_page()).disabled


def test_locations_and_the_approval_are_set_on_the_page(runtime):
    setup.save_source(runtime.places.setup, "tripadvisor", {"approved": "", "location_ids": []})
    page = sources_page()
    page.checkbox(key="approved_tripadvisor").check()
    page.text_input(key="confirmed_tripadvisor").set_value("Ada")
    next(button for button in page.button if button.label == "Confirm").click().run()
    page.text_area(key="list_tripadvisor_location_ids").set_value("123 = Acme\n456")
    next(button for button in page.button if button.label == "Save").click().run()
    kept = setup.load(runtime.places.setup).sources["tripadvisor"]
    assert kept["location_ids"] == ["123 = Acme", "456"]
    assert kept["approved"].startswith("Ada, ")
    page.text_area(key="list_tripadvisor_location_ids").set_value("the kettle shop")
    next(button for button in page.button if button.label == "Save").click().run()
    assert "A location is a number" in " ".join(one.value for one in (*page.text, *page.markdown, *page.error))
    assert setup.load(runtime.places.setup).sources["tripadvisor"]["location_ids"] == ["123 = Acme", "456"]
