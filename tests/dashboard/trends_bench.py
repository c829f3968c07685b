"""What the tests of Trends share: a runtime with weeks of mentions, and its page."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis import trends
from dashboard.runtime import Runtime, use_runtime
from data.ingest import absorber
from data.scores import scorer
from data.settings import Places
from data.setup import save_brands
from data.spool.batches import drop
from data.store.store import Store
from tests.data.builders import JUDGEMENT, NOON, found

PAGE = str(Path(__file__).parents[2] / "dashboard" / "trends" / "page.py")
MONDAY = date(2023, 4, 3)
OLD = datetime(2023, 4, 9, 12, tzinfo=UTC)  # a Sunday, so its week is whole
DAY = timedelta(days=1)
QUESTIONS = [
    "How do people speak of us?",
    "Is the mood getting better?",
    "Where do they speak?",
    "How loud are we beside our competitors?",
    "How fast do we answer?",
    "How many do we answer?",
]
HOSTILE = "=1+1 <b>x</b> [y](javascript:z) \u202egnorw"
WEEKS = (MONDAY - trends.WEEK, MONDAY)


@pytest.fixture
def runtime(tmp_path):
    opened = Runtime(Places(tmp_path), Store(":memory:"), JUDGEMENT, {}, None, clock=lambda: NOON)
    use_runtime(opened)
    yield opened
    use_runtime(None)
    opened.store.close()


def fill(runtime, *brands, mentions=(), answers=()):
    """Brands and mentions as a listener would bring them in, taken in and scored."""
    save_brands(runtime.places.setup, brands)
    drop(runtime.places.incoming, "test", OLD, found=mentions, answers=answers)
    list(absorber.absorb_waiting(runtime.store, runtime.judgement, runtime.places, runtime.clock))
    scorer.score_waiting(runtime.store, runtime.judgement, runtime.clock)


def busy(n=80, *, newest=OLD, text="acme"):
    """One mention a day-quarter back from `newest`: every fourth is bad, every fourth good."""
    moods = itertools.cycle((" bad", "", " good", ""))
    return [
        found(number, text=text + next(moods), source=("reddit", "google_play")[number % 2],
              published_at=newest - number * DAY / 4)
        for number in range(n)
    ]  # fmt: skip


def page(**address):
    test = AppTest.from_file(PAGE, default_timeout=500)
    for name, value in address.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception
    return test


def said(test):
    return "\n".join(one.value for one in [*test.caption, *test.markdown, *test.subheader, *test.text])


def questions(test):
    return [one.value.lstrip("# ") for one in test.markdown if one.value.startswith("####")]


def pictures(test):
    return [json.loads(one.proto.spec) for one in test.get("plotly_chart")]
