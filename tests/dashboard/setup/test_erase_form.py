"""Erase on Setup: counted first, confirmed, handed to the absorber, and told afterwards in counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis import ranking
from analysis.scoring import scoring
from dashboard.runtime import Runtime, use_runtime
from dashboard.setup.erase_form import AUTHOR, MENTION, wanted
from data.ingest import absorber
from data.loops import Loop
from data.models import Erase, Rejected
from data.scores import scorer
from data.scores.scorer import Judgement
from data.setup import save_brands
from data.store.store import Store
from tests.data.builders import ACME, NOON, found

MAIN = str(Path(__file__).parents[3] / "dashboard" / "main.py")


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ((AUTHOR, "test", " jo ", ""), Erase("ana", source="test", author="jo")),
        ((AUTHOR, None, "jo", ""), None),
        ((AUTHOR, "test", "  ", ""), None),
        ((MENTION, None, "", " test:1 "), Erase("ana", mention_id="test:1")),
        ((MENTION, None, "", ""), None),
    ],
)
def test_a_request_is_made_when_nothing_is_missing(given, asked):
    assert wanted(*given, "ana") == asked


@pytest.fixture
def opened(tmp_path):
    """A runtime with two mentions by jo and one by somebody else; its absorber works when the test says so."""
    from data.settings import Places
    from data.spool.batches import drop

    places = Places(tmp_path)
    save_brands(places.setup, [ACME])
    theirs = [found(n, author="jo") for n in (1, 2)]
    drop(places.incoming, "test", NOON, found=[*theirs, found(3, text="RT @jo: acme number 1")])
    drop(places.incoming, "webhook", NOON, rejected=[Rejected("a", 1, "no time can be read", '{"by": "jo"}')])
    store, judgement = Store(":memory:"), Judgement(ranking, scoring.score_line)
    idle = {"absorber": Loop("absorber", lambda: None, 1.0)}
    runtime = Runtime(places, store, judgement, idle, None, clock=lambda: NOON)
    absorb_all(runtime)
    use_runtime(runtime)
    yield runtime
    use_runtime(None)
    store.close()


def absorb_all(runtime):
    list(absorber.absorb_waiting(runtime.store, runtime.judgement, runtime.places, runtime.clock))
    scorer.score_waiting(runtime.store, runtime.judgement, runtime.clock)


def shown(test):
    return " ".join(element.value for kind in ("text", "caption", "success") for element in getattr(test, kind))


def test_what_would_go_is_counted_and_goes_when_it_is_confirmed(opened):
    test = AppTest.from_file(MAIN, default_timeout=500).run()
    test.switch_page("setup/page.py")
    test.query_params["part"] = "Erase"
    test.run()
    assert "Nothing was erased yet" in shown(test)
    broken = Path(f"{opened.places.store}.damaged-1.wal")
    broken.write_bytes(b"what no log says")
    test.text_input(key="erase_author").input("jo")
    next(button for button in test.button if button.label == "Show what would go").click()
    test.run()
    assert "Of jo on Test there would go: 2 mentions" in shown(test)
    assert "1 rejected row" in shown(test)
    assert "somebody else repeats these words and stays, for it is theirs: test:3. To take one out" in shown(test)
    assert f"No erasure reaches what cannot be read: {broken} (a damaged log)." in shown(test)
    assert opened.store.remembered(lambda store: store.value("SELECT count(*) FROM mention")) == 3
    next(button for button in test.button if button.label == "Erase for good").click()
    test.run()
    assert "Being erased, within seconds: 2 mentions" in shown(test)
    absorb_all(opened)
    with opened.store.read() as store:
        assert [row["id"] for row in store.rows("SELECT id FROM mention")] == ["test:3"]
    test.run()
    assert [row["Why"] for row in test.dataframe[0].value.to_dict("records")] == ["asked for"]
    assert not test.exception
