"""Rechecks: what is due is asked for in portions, what is gone is told, a source in trouble erases nothing."""

from datetime import date, timedelta

import orjson
import pytest

from data import locks
from data.models import Brand, Found, Mention
from data.settings import Places
from data.spool import recheck_lists
from data.spool.batches import waiting
from listeners.base import ListenerError, Policy, RecheckResult
from listeners.schedule.rechecks import AGAIN, BETWEEN, EMPTY, RecheckSchedule
from listeners.schedule.runs import LONGEST_PAUSE, Task
from tests.listeners.clockwork import NOON

ACME = Brand("Acme", ("acme",))


class Probe:
    """A source of which some mentions are gone, some changed, and some cannot be told."""

    source = "probe"
    ids_at_once = 3
    every = timedelta(minutes=5)
    policy = Policy("Probe", True, "-", "-", date(2026, 11, 23), "-", recheck_every=timedelta(days=1))

    def __init__(self, gone=(), unknown=(), found=(), at_once=3):
        self.gone = set(gone)
        self.unknown = set(unknown)
        self.found = found
        self.ids_at_once = at_once
        self.asked = []
        self.trouble = None

    def recheck(self, held, options, now):
        self.asked.append([int(one.id.partition(":")[2]) for one in held])
        if self.trouble:
            raise self.trouble
        numbers = self.asked[-1]
        gone = [f"probe:{n}" for n in numbers if n in self.gone]
        present = [f"probe:{n}" for n in numbers if n not in self.gone | self.unknown]
        return RecheckResult(gone, present, self.found)


class Bench:
    """A data folder, a list of what is due in it, clocks, and rechecks that are made when the test says so."""

    def __init__(self, folder, probe, **options):
        self.places = Places(folder)
        self.probe = probe
        self.said = []
        self.seconds = 1000.0
        self.task = Task(probe, (ACME,), options)
        self.looks = RecheckSchedule(
            [probe], self.places, self.said.append, lambda: NOON, lambda work: work(), lambda: self.seconds, lambda: 0.5
        )

    def due(self, *numbers):
        self.places.recheck.mkdir(exist_ok=True)
        rows = [{"id": f"probe:{n}", "url": None, "thread_id": None, "published_at": NOON} for n in numbers]
        recheck_lists.write(self.places.recheck / "probe.jsonl", rows)

    def round(self, after=0.0, on=True):
        self.seconds += after
        self.looks.round([self.task] if on else [])

    def dropped(self):
        """What lies in the drop folder, by kind."""
        told = {"gone": [], "checked": [], "mention": []}
        for batch in waiting(self.places.incoming):
            for line in batch.read_bytes().splitlines():
                row = orjson.loads(line)
                kind = next((kind for kind in ("gone", "checked") if kind in row), "mention")
                told[kind].append((row[kind] if kind != "mention" else row)["id"])
        return told


@pytest.fixture
def bench(tmp_path):
    return lambda probe, **options: Bench(tmp_path, probe, **options)


def test_what_is_due_is_asked_for_in_portions_and_told(bench):
    room = bench(Probe(gone=[2]))
    room.due(1, 2, 3, 4, 5)
    room.round()
    room.round(after=BETWEEN)
    assert room.probe.asked == [[1, 2, 3], [4, 5]]
    assert room.dropped()["gone"] == ["probe:2"]
    assert room.dropped()["checked"] == ["probe:1", "probe:3", "probe:4", "probe:5"]


def test_what_says_something_else_now_is_brought_along(bench):
    fresh = Found(Mention("probe:1", "probe", "post", "edited", NOON))
    room = bench(Probe(found=[fresh]))
    room.due(1)
    room.round()
    assert room.dropped() == {"gone": [], "checked": ["probe:1"], "mention": ["probe:1"]}


def test_what_says_something_else_now_was_seen_to_stand(bench):
    """Though its source did not list it as standing as it was: else it would be asked for without end."""
    fresh = [Found(Mention(f"probe:{n}", "probe", "post", "edited", NOON)) for n in (1, 9)]
    room = bench(Probe(unknown=[1], found=fresh))
    room.due(1)
    room.round()
    assert room.dropped()["checked"] == ["probe:1"]


def test_nothing_is_asked_twice_before_the_app_took_the_answer(bench):
    room = bench(Probe())
    room.due(1, 2)
    for _ in range(5):
        room.round(after=EMPTY)
    assert room.probe.asked == [[1, 2]]


def test_what_could_not_be_told_is_asked_again_after_hours(bench):
    room = bench(Probe(unknown=[1]))
    room.due(1)
    room.round()
    assert waiting(room.places.incoming) == [], "an empty batch would be set aside as unreadable"
    room.round(after=AGAIN + 1)
    assert room.probe.asked == [[1], [1]]


def test_nothing_due_asks_nothing(bench):
    room = bench(Probe())
    room.round()
    assert room.probe.asked == []
    assert waiting(room.places.incoming) == []


def test_a_source_that_is_switched_off_is_not_asked(bench):
    room = bench(Probe())
    room.due(1)
    room.round(on=False)
    assert room.probe.asked == []


def test_what_was_not_asked_for_cannot_be_said_to_be_gone(bench):
    room = bench(Probe(gone=[1, 2]))
    room.probe.recheck = lambda *_: RecheckResult(["probe:1", "other:9"], ["probe:7"])
    room.due(1)
    room.round()
    assert room.dropped() == {"gone": ["probe:1"], "checked": [], "mention": []}


def test_that_nearly_all_is_gone_is_believed_when_it_is_said_twice(bench):
    numbers = range(1, 21)
    room = bench(Probe(gone=numbers, at_once=20))
    room.due(*numbers)
    room.round()
    assert [len(asked) for asked in room.probe.asked] == [20, 20]
    assert len(room.dropped()["gone"]) == 20


def test_a_source_that_takes_it_back_erases_nothing(bench):
    numbers = range(1, 21)
    probe = Probe(gone=numbers, at_once=20)
    room = bench(probe)
    first = probe.recheck

    def then_well(held, options, now):
        result = first(held, options, now)
        probe.gone = set()
        return result

    probe.recheck = then_well
    room.due(*numbers)
    room.round()
    assert room.dropped()["gone"] == []


def test_a_failure_is_said_and_nothing_is_dropped_until_the_source_lets_us(bench):
    room = bench(Probe())
    room.due(1)
    room.probe.trouble = ListenerError("probe", "asks us to slow down (429)", retry_after=120.0)
    room.round()
    room.round(after=119.0)
    assert (room.probe.asked, room.said) == ([[1]], ["probe, rechecks: asks us to slow down (429)."])
    assert waiting(room.places.incoming) == []
    room.probe.trouble = None
    room.round(after=2.0)
    assert room.dropped()["checked"] == ["probe:1"]


def test_a_fault_of_our_own_is_said_without_what_strangers_wrote(bench):
    room = bench(Probe())
    room.due(1)
    room.probe.trouble = KeyError("words of a stranger")
    room.round()
    room.round(after=LONGEST_PAUSE - 1)
    assert len(room.probe.asked) == 1
    assert "KeyError" in room.said[0]
    assert "stranger" not in room.said[0]


def test_another_process_at_it_is_left_alone(bench):
    room = bench(Probe())
    room.due(1)
    with locks.take(room.places.locks / "probe-second-looks.lock"):
        room.round()
    assert (room.probe.asked, room.said) == ([], [])
    room.round(after=EMPTY)
    assert room.probe.asked == [[1]]
