"""What the tests of Setup share: a runtime without mentions, what is said to it, its page and the fields on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis import ranking
from analysis.scoring import scoring
from dashboard.runtime import Runtime, use_runtime
from data import setup
from data.brands import brands
from data.ingest import absorber
from data.models import Brand, Found, Mention
from data.scores import scorer
from data.scores.scorer import Judgement
from data.settings import Places
from data.spool.batches import drop
from data.store.store import Store
from tests.listeners.servers.server import Server

MAIN = str(Path(__file__).parents[2] / "dashboard" / "main.py")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ACME = Brand("Acme", ("Acme", "@acmehelp"), excluded=("acme street",), handles=("@acmehelp", "reddit:acme_support"))
RIVAL = Brand("Rival", ("Rival",), competitor=True)
CSV = b"""when,who,review,stars,company
2026-02-01 10:00,ann,"The kettle **broke** <b>again</b>",1,Acme
2026-02-02 11:00,bob,works fine so far,5,acme
never,eve,hm,3,Rival
"""


@pytest.fixture
def runtime(tmp_path):
    opened = Runtime(
        Places(tmp_path), Store(tmp_path / "store.duckdb"), Judgement(ranking, scoring.score_line), {}, None,
        clock=lambda: NOON,
    )  # fmt: skip
    use_runtime(opened)
    yield opened
    use_runtime(None)
    opened.store.close()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


def heard(runtime, *texts):
    found = [
        Found(Mention(f"x:{n}", "hackernews", "comment", text, NOON - timedelta(hours=n)))
        for n, text in enumerate(texts, start=1)
    ]
    drop(runtime.places.incoming, "hackernews", NOON, found=found)
    absorb(runtime)


def absorb(runtime):
    list(absorber.absorb_waiting(runtime.store, runtime.judgement, runtime.places, runtime.clock))
    scorer.score_waiting(runtime.store, runtime.judgement, runtime.clock)


def rows(runtime, sql, **values):
    with runtime.store.read() as store:
        return store.rows(sql, **values)


def queued(runtime):
    return {row["mention_id"] for row in rows(runtime, "SELECT mention_id FROM queue")}


def known(runtime):
    with runtime.store.read() as store:
        return [brand.name for brand in brands.known(store)]


def kept(runtime):
    return setup.load(runtime.places.setup)


def opened_page(part=None, source=None):
    page = AppTest.from_file(MAIN, default_timeout=500).run()
    page.switch_page("setup/page.py")
    if part:
        page.query_params["part"] = part
    page.run()
    return page.radio(key="platform").set_value(source).run() if source else page


def field(elements, label):
    return next(one for one in elements if one.label == label)


def said(page):
    return "\n".join(one.value for one in (*page.text, *page.caption, *page.warning, *page.markdown))


def choose(page, place):
    """Click the list's row at `place`. A click tells the page by a callback, which a test cannot press."""
    held = page.session_state["brand_form"]
    held.open(kept_brand(page, place))
    return page.run()


def kept_brand(page, place):
    return setup.load(Path(page.code[0].value)).brands[place]


def uploaded(name, content):
    page = opened_page("Import")
    page.file_uploader[0].upload(name, content, "text/csv")
    return page.run()
