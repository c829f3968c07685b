"""Re-scoring under kill -9: a real process, killed again and again, loses nothing of what it made and ends whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from data.ingest import absorber
from data.models import Brand, Found, Mention
from data.scores import layers, scorer
from data.settings import ROOT, Places
from data.setup import save_brands
from data.spool.batches import drop
from data.store.store import Store
from tests.data.builders import JUDGEMENT

COUNT = 3_000
BLOCK = 250
OLDER = "three-words"  # the scorer of the tests' builders
# The command itself, with small blocks, saying after each that it is kept.
RUN = f"""
import sys
from data.scores import rescoring, workers
from data.__main__ import main
workers.BLOCK, rescoring.KEPT_AT_ONCE = 50, {BLOCK}
keep = rescoring._keep
def told(*given):
    keep(*given)
    print("kept", flush=True)
rescoring._keep = told
sys.exit(main(["absorb"]))
"""

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A store of mentions that were scored by an older scorer, and everything they need."""
    here = Places(tmp_path / "kept")
    save_brands(here.setup, [Brand("Acme", ("acme",))])
    now = datetime.now(UTC)
    found = [
        Found(
            Mention(
                f"test:{n}", "test", "post", f"acme is {('bad', 'good', 'open')[n % 3]} {n}", now - timedelta(hours=n)
            )
        )
        for n in range(COUNT)
    ]
    drop(here.incoming, "test", now, found=found)
    monkeypatch.setattr(scorer, "BY_HAND", COUNT)
    store = Store(here.store)
    list(absorber.absorb_waiting(store, JUDGEMENT, here))
    assert scorer.score_waiting(store, JUDGEMENT) == COUNT
    store.close()
    return here


def start(places):
    environment = os.environ | {"HEARBACK_DATA": str(places.root)}
    return subprocess.Popen(
        [sys.executable, "-c", RUN],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def look(places):
    """Which scorers' scores count, of how many mentions, how many the queue shows, how far the making is."""
    store = Store(places.store)
    with store.read() as reading:
        scorers = {row["scorer"] for row in reading.rows("SELECT DISTINCT scorer FROM score")}
        scores = reading.value("SELECT count(DISTINCT mention_id) FROM score")
        queued = reading.value("SELECT count(DISTINCT mention_id) FROM queue")
        charted = reading.value("SELECT count(*) FROM judged")
        making = layers.making(reading)
    store.close()
    return scorers, (scores, queued, charted), making.done if making else None


def test_a_killed_re_scoring_goes_on_where_it_was_and_two_versions_never_stand_together(places):
    done = 0
    for kept in (1, 3, 2):
        process = start(places)
        for _ in range(kept):
            assert process.stdout.readline() == "kept\n"
        process.send_signal(signal.SIGKILL)
        process.communicate()
        scorers, counts, now_done = look(places)
        assert scorers == {OLDER}
        assert counts == (COUNT, COUNT, COUNT)
        assert done + kept * BLOCK <= now_done < COUNT
        done = now_done
    process = start(places)
    said, errors = process.communicate(timeout=500)
    assert process.returncode == 0, errors
    assert said.count("kept\n") == -(-(COUNT - done) // BLOCK)
    assert "scored anew" in said
    scorers, counts, left = look(places)
    assert OLDER not in scorers and len(scorers) == 1
    assert counts == (COUNT, COUNT, COUNT)
    assert left is None
