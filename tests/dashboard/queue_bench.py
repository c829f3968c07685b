"""What the tests of the reply queue share: a runtime with mentions, its page, and keys pressed on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.runtime import open_runtime, use_runtime
from data import setup
from data.ingest import absorber
from data.models import Action, ActionKind, Brand, Found, Mention
from data.people.rights import lead
from data.queue import actions, triage
from data.scores import scorer
from data.settings import Places
from data.spool.batches import drop

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script> [click](javascript:alert(1)) ![x](http://x/y.png) $\\latex$ \u202eesrever \x1b[31mred"
)


def said(n: int, text: str, **more: object) -> Found:
    facts = {"source": "reddit", "kind": "post", "published_at": NOON - timedelta(hours=n)} | more
    return Found(Mention(id=f"reddit:t3_{n}", text=text, author=f"author{n}", url=f"https://example.com/{n}", **facts))


@pytest.fixture
def runtime(tmp_path):
    here = Places(tmp_path)
    setup.save_brands(here.setup, [Brand("Acme", ("Acme",)), Brand("Rival", ("Rival",), competitor=True)])
    opened = open_runtime(here, listen=False, clock=lambda: NOON)
    for loop in opened.loops.values():
        loop.stop()
    use_runtime(opened)
    yield opened
    use_runtime(None)
    opened.store.close()


@pytest.fixture
def filled(runtime):
    found = [
        said(1, "Acme is broken and nobody answers, I want a refund"),
        said(2, "How do I reset my Acme?", published_at=NOON - timedelta(hours=1)),  # as long as the first
        said(3, "Acme is lovely, thank you"),
        said(4, "Rival is terrible"),
        said(5, f"Acme {HOSTILE}"),
    ]
    take_in(runtime, found)
    return runtime


def take_in(runtime, found):
    drop(runtime.places.incoming, "reddit", NOON, found=found)
    list(absorber.absorb_waiting(runtime.store, runtime.judgement, runtime.places, runtime.clock))
    scorer.score_waiting(runtime.store, runtime.judgement, runtime.clock)


@pytest.fixture
def page():
    test = AppTest.from_file("../../dashboard/queue/page.py", default_timeout=500)
    test.query_params["me"] = "Ana"
    return test


def press(page: AppTest, key: str) -> AppTest:
    return page.button(key=key).click().run()


def history(runtime, mention_id):
    with runtime.store.read() as store:
        return actions.of_mention(store, mention_id)


def texts(page: AppTest) -> str:
    return "\n".join(element.value for element in page.text)


def chosen(page: AppTest) -> str:
    return page.session_state.triage_state.chosen


def give(runtime, mention_id, name):
    record(runtime, mention_id, ActionKind.ASSIGN, assignee=name)


def record(runtime, mention_id, kind, **more):
    action = Action("", mention_id, kind, "Ana", NOON, **more)
    triage.record(runtime.store, runtime.judgement.ranking, action, None, lead(action.actor))
