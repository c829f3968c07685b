"""Sources that bring what a test says, and one visit to them."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from data.models import Found, Mention
from listeners.base import FetchResult, Listener, Policy, Setting
from listeners.schedule.runs import Task, run_once
from tests.listeners.clockwork import NOON

ROOT = Path(__file__).resolve().parents[2]
BRAND = '[[brand]]\nname = "Acme"\n'
PATIENCE = 200.0  # seconds that a test waits for an event before it fails


def a_mention(number=1):
    return Found(Mention(f"probe:{number}", "probe", "post", "acme", NOON))


class Probe(Listener):
    """A source that does as the test says: returns or raises what `said` holds, in turn, the last one for ever."""

    every = timedelta(minutes=5)
    policy = Policy("Probe", True, "-", "-", date(2026, 11, 23), "-")

    def __init__(self, *said, source="probe"):
        self.source = source
        self.said = list(said) or [FetchResult()]
        self.runs = []

    def listen(self, brands, options, cursor, now):
        self.runs.append((brands, options, cursor, now))
        said = self.said.pop(0) if len(self.said) > 1 else self.said[0]
        if callable(said):
            said = said()
        if isinstance(said, BaseException):
            raise said
        return said


class Guarded(Probe):
    policy = Policy(
        "Guarded", True, "-", "-", date(2026, 11, 23), "-", approval="its written approval", secrets=("GUARDED_KEY",)
    )


class Listed(Probe):
    policy = Policy(
        "Listed", True, "-", "-", date(2026, 11, 23), "-", settings=(Setting("feeds", "Feeds", needed=True),)
    )


KINDS = {"guarded": Guarded, "rss": Listed}


def a_task(probe, acme, **options):
    return Task(probe, (acme,), options)


def lines(kept):
    batches = sorted(kept.incoming.glob("*.jsonl"), key=lambda path: path.stat().st_mtime_ns)
    return [[json.loads(line) for line in path.read_text().splitlines()] for path in batches]


def runs(kept):
    return [line["run"] for batch in lines(kept) for line in batch if "run" in line]


@pytest.fixture
def go(kept, acme):
    def once(probe, failures=0, clock=lambda: NOON, said=None, chance=lambda: 1.0, **options):
        tell = (said if said is not None else []).append
        return run_once(a_task(probe, acme, **options), kept, failures, clock, tell, chance)

    return once
