"""One visit: batch before cursor, what the platform asks for, and how long a source is kept away from."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest

from data.models import Gap, Rejected
from data.setup import parse
from listeners.base import FetchResult, ListenerError
from listeners.schedule import cursors
from listeners.schedule.runs import FIRST_PAUSE, LONGEST_PAUSE, Task, interval, pause_after, tasks, why_off
from tests.listeners import probes
from tests.listeners.clockwork import NOON
from tests.listeners.probes import BRAND, KINDS, ROOT, Guarded, Probe, a_mention, a_task, lines, runs

go = probes.go

# --- one visit ---


def test_a_run_leaves_one_batch_with_its_run_and_then_the_cursor(go, kept):
    gap = Gap("acme", NOON - timedelta(hours=1), NOON, "ceiling")
    fetched = FetchResult([a_mention()], rejected=[Rejected("f", 1, "why", "x")], cursor={"at": 7}, gaps=[gap])
    outcome = go(Probe(fetched), chance=lambda: 0.5)
    ((mention, refused, run),) = lines(kept)
    assert mention["id"] == "probe:1"
    assert refused["rejected"]["reason"] == "why"
    assert run["run"]["found"] == 1
    assert run["run"]["gaps"][0]["why"] == "ceiling"
    assert run["run"]["next_at"] == "2026-11-23T12:05:00.000000+00:00"
    assert "error" not in run["run"]
    assert cursors.load(kept.cursors, "probe") == {"at": 7}
    assert (outcome.pause, outcome.error, outcome.failed) == (300, None, False)


def test_a_run_that_finds_nothing_still_says_that_it_was_there(go, kept):
    go(Probe())
    assert [run["found"] for run in runs(kept)] == [0]


def test_when_the_credentials_end_is_kept_beside_the_cursor_as_long_as_the_source_says_so(go, kept):
    go(Probe(FetchResult(cursor={"at": 1}, credentials_end=NOON)))
    assert cursors.load(kept.cursors, "probe") == {"at": 1, "credentials_end": NOON.isoformat()}
    go(Probe(FetchResult(cursor={"at": 2, "credentials_end": "as it came in"})))
    assert cursors.load(kept.cursors, "probe") == {"at": 2}


def test_a_failure_keeps_the_cursor_and_says_why_and_when_it_goes_on(go, kept):
    said = []
    go(Probe(FetchResult(cursor={"at": 1})))
    outcome = go(Probe(ListenerError("probe", "it is down (503)")), said=said)
    assert cursors.load(kept.cursors, "probe") == {"at": 1}
    assert runs(kept)[-1]["error"] == "it is down (503)"
    assert runs(kept)[-1]["permanent"] is False
    assert runs(kept)[-1]["next_at"] == "2026-11-23T12:00:15.000000+00:00"
    assert outcome.failed
    assert said == ["probe: it is down (503)."]


def test_a_permanent_failure_is_marked(go, kept):
    assert go(Probe(ListenerError("probe", "no", permanent=True))).pause == LONGEST_PAUSE
    assert runs(kept)[0]["permanent"] is True


def test_what_could_be_read_is_kept_beside_what_failed(go, kept):
    outcome = go(Probe(FetchResult([a_mention()], cursor={"at": 2}, troubles=["one feed is gone"])))
    assert runs(kept)[0]["found"] == 1
    assert runs(kept)[0]["error"] == "one feed is gone"
    assert cursors.load(kept.cursors, "probe") == {"at": 2}
    assert not outcome.failed


def test_a_fault_of_our_own_is_a_failure_like_any_other_and_tells_no_secret(go, kept):
    go(Probe(KeyError("s3cret")))
    assert runs(kept)[0]["error"].startswith("a fault of Hearback's own: KeyError in probes.py, line ")
    assert "s3cret" not in json.dumps(lines(kept))


def test_a_clock_that_is_set_back_during_a_run_makes_no_negative_run(go, kept):
    times = [NOON, NOON - timedelta(hours=3)]
    go(Probe(), clock=lambda: times.pop(0))
    assert runs(kept)[0]["started_at"] == runs(kept)[0]["ended_at"]


def test_a_cursor_that_cannot_be_read_is_set_aside_and_the_source_starts_anew(go, kept):
    kept.cursors.mkdir(parents=True)
    (kept.cursors / "probe.json").write_text('{"at": ')
    probe = Probe()
    go(probe)
    assert probe.runs[0][2] == {}
    assert (kept.cursors / "probe.broken").exists()


def test_a_disk_that_is_full_moves_no_cursor_and_is_said(go, kept):
    """A file where the folder should be stops every write, whoever runs the test."""
    said = []
    kept.root.mkdir()
    kept.incoming.write_text("")
    outcome = go(Probe(FetchResult([a_mention()], cursor={"at": 3})), said=said)
    assert outcome.failed
    assert cursors.load(kept.cursors, "probe") == {}
    assert "could not be kept" in said[0]
    kept.incoming.unlink()
    go(Probe(FetchResult([a_mention()], cursor={"at": 3})))
    assert cursors.load(kept.cursors, "probe") == {"at": 3}


LIMITED = """
import resource, signal, sys
from datetime import UTC, datetime
from tests.listeners.probes import Probe, a_mention
from data.models import Brand
from data.settings import Places
from listeners.base import FetchResult
from listeners.schedule.runs import Task, run_once
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
fetched = FetchResult([a_mention(number) for number in range(500)], cursor={"at": 9})
told = []
task = Task(Probe(fetched), (Brand("Acme", ("acme",)),), {})
outcome = run_once(task, Places(Path(sys.argv[1])), 0, lambda: datetime.now(UTC), told.append)
print(outcome.failed, "could not be kept" in told[0])
"""


def test_a_limit_reached_in_the_middle_of_a_batch_leaves_nothing_half_written(kept):
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(kept.root)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "True"]
    assert list(kept.incoming.iterdir()) == []
    assert cursors.load(kept.cursors, "probe") == {}


def test_dying_between_batch_and_cursor_brings_the_same_again_and_loses_nothing(go, kept, monkeypatch):
    first = FetchResult([a_mention(1), a_mention(2)], cursor={"at": 2})
    with monkeypatch.context() as dying:
        dying.setattr(cursors, "save", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            go(Probe(first))
    probe = Probe(first)
    go(probe)
    assert probe.runs[0][2] == {}
    ids = [line["id"] for batch in lines(kept) for line in batch if "id" in line]
    assert sorted(ids) == ["probe:1", "probe:1", "probe:2", "probe:2"]
    assert cursors.load(kept.cursors, "probe") == {"at": 2}


# --- what the platform asks for ---


def test_a_source_that_needs_approval_is_not_run_without(go, kept, monkeypatch):
    probe = Guarded()
    go(probe, on=True)
    assert not probe.runs
    assert 'approved = "when and by whom"' in runs(kept)[0]["error"]
    monkeypatch.delenv("GUARDED_KEY", raising=False)
    go(probe, on=True, approved="2026-10-01, by mail")
    assert "GUARDED_KEY" in runs(kept)[1]["error"]
    monkeypatch.setenv("GUARDED_KEY", "s3cret")
    go(probe, on=True, approved="2026-10-01, by mail")
    assert len(probe.runs) == 1
    assert [run["permanent"] for run in runs(kept)] == [True, True, False]
    assert "s3cret" not in json.dumps(lines(kept))


@pytest.mark.parametrize("said", ["often", 0, -5, True, 10**9, float("nan")])
def test_an_interval_that_is_no_number_is_said(acme, said):
    with pytest.raises(ListenerError, match="every_minutes"):
        interval(a_task(Probe(), acme, every_minutes=said))


def test_an_interval_is_what_setup_says_or_the_sources_own(acme):
    assert interval(a_task(Probe(), acme, every_minutes=2)) == 120
    assert interval(a_task(Probe(), acme)) == 300


SWITCHED = [
    ("", "sample", True),
    (BRAND, "sample", False),
    ('[[brand]]\nname = "Acme (sample)"', "sample", True),
    ("[sources.sample]\non = false", "sample", False),
    ("", "hackernews", False),
    (BRAND, "hackernews", True),
    (BRAND + "[sources.hackernews]\non = false", "hackernews", False),
    (BRAND, "rss", False),
    (BRAND + '[sources.rss]\nfeeds = ["https://x"]', "rss", True),
    (BRAND, "guarded", False),
    (BRAND + "[sources.guarded]\non = true", "guarded", True),
    ("[sources.guarded]\non = true", "guarded", False),
]


@pytest.mark.parametrize(("text", "source", "on"), SWITCHED)
def test_what_is_switched_on(text, source, on):
    probe = KINDS.get(source, Probe)(source=source)
    assert bool(tasks([probe], parse(text))) is on


def test_a_source_that_is_off_says_why(acme):
    assert why_off(Task(Guarded(), (acme,), {})) == ("probe is off until [sources.probe] in setup.toml says on = true")


# --- how long it keeps away ---


def test_the_pause_after_failures_doubles_up_to_fifteen_minutes():
    trouble = ListenerError("probe", "down")
    longest = [pause_after(trouble, failures, lambda: 1.0) for failures in range(1, 9)]
    assert longest == [15, 30, 60, 120, 240, 480, 900, 900]
    assert pause_after(trouble, 10_000, lambda: 1.0) == LONGEST_PAUSE


def test_the_pause_is_spread_over_its_whole_bound_but_never_nothing():
    trouble = ListenerError("probe", "down")
    assert pause_after(trouble, 3, lambda: 0.5) == 2 * FIRST_PAUSE
    assert pause_after(trouble, 3, lambda: 0.0) == 1


@pytest.mark.parametrize(("asked", "least"), [(90.0, 90), (4000.0, 4000), (0.0, 1), (3.0, 3)])
def test_a_source_that_says_how_long_is_not_asked_sooner(asked, least):
    trouble = ListenerError("probe", "wait", retry_after=asked)
    assert least <= pause_after(trouble, 1, lambda: 0.0) <= least + 1
    assert pause_after(trouble, 7, lambda: 1.0) >= 900


def test_a_permanent_failure_waits_fifteen_minutes_or_as_told():
    assert pause_after(ListenerError("p", "x", permanent=True), 1, lambda: 0.0) == 900
    assert pause_after(ListenerError("p", "x", permanent=True, retry_after=2000.0), 1, lambda: 0.0) == 2000
