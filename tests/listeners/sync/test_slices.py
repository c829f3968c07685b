"""A source read in slices: more of them after an absence, the quiet ones less often, none starved."""

from datetime import datetime, timedelta

import pytest

from data.models import Found, Mention
from listeners.base import Listener, ListenerError
from listeners.schedule.runs import Task, run_once
from listeners.sync import slice_pace
from listeners.sync.slices import SLICE, Part, Slice, gather
from tests.listeners.clockwork import NOON

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class Spring:
    """Slices that bring what the test says: a number of mentions, or an error."""

    def __init__(self, **brings):
        self.brings = brings
        self.read = []
        self.number = 0

    def slices(self):
        return [Slice(key, lambda state, key=key: self._read(key, state)) for key in self.brings]

    def _read(self, key, state):
        self.read.append(key)
        brings = self.brings[key]
        if isinstance(brings, Exception):
            raise brings
        fresh = range(self.number, self.number + brings)
        self.number += brings
        found = [Found(Mention(f"probe:{number}", "probe", "post", "acme", NOON)) for number in fresh]
        return Part({"reads": state.get("reads", 0) + 1}, found)

    def taken(self):
        """What was read since the last look."""
        read, self.read = self.read, []
        return read


def test_a_slice_that_was_quiet_for_long_is_read_less_often_and_never_starves():
    spring, cursor, now = Spring(busy=1, quiet=0), {}, NOON
    reads = []
    while now < NOON + 4 * DAY:
        cursor = gather("probe", spring.slices(), cursor, now).cursor
        reads += [(now, key) for key in spring.taken()]
        now += 5 * MINUTE

    def count(key, since, until):
        return sum(1 for at, one in reads if one == key and NOON + since <= at < NOON + until)

    assert count("busy", 3 * DAY, 4 * DAY) == 288
    assert count("quiet", 0 * DAY, DAY) == 288
    assert count("quiet", 3 * DAY, 4 * DAY) in range(40, 60), "about every half hour"


def test_a_quiet_slice_that_brings_something_is_read_every_time_again():
    spring, cursor = Spring(only=0), {"turns": {"only": {"read_at": NOON.isoformat(), "fresh_at": NOON.isoformat()}}}
    cursor = gather("probe", spring.slices(), cursor, NOON + 3 * DAY).cursor
    assert "due" in cursor["turns"]["only"]
    assert gather("probe", spring.slices(), cursor, NOON + 3 * DAY + MINUTE).cursor == cursor
    assert spring.taken() == ["only"]
    spring.brings["only"] = 2
    cursor = gather("probe", spring.slices(), cursor, NOON + 3 * DAY + 40 * MINUTE).cursor
    cursor = gather("probe", spring.slices(), cursor, NOON + 3 * DAY + 45 * MINUTE).cursor
    assert spring.taken() == ["only", "only"]
    assert cursor["stretches"]["only"] == {"reads": 3}


@pytest.mark.parametrize("jump", [-400 * DAY, 400 * DAY])
def test_a_clock_that_jumps_makes_no_slice_rest_for_longer(jump):
    spring, cursor = Spring(only=0), {"turns": {"only": {"read_at": NOON.isoformat(), "fresh_at": NOON.isoformat()}}}
    cursor = gather("probe", spring.slices(), cursor, NOON + 3 * DAY).cursor
    gather("probe", spring.slices(), cursor, NOON + jump)
    assert spring.taken() == ["only", "only"]


def test_many_that_fell_quiet_together_are_not_all_due_together():
    turn = {"read_at": NOON.isoformat(), "fresh_at": NOON.isoformat()}
    due = {slice_pace.read(f"r/{n}", turn, NOON + 9 * DAY, fresh=False, more=False)["due"] for n in range(50)}
    assert len(due) > 40
    assert all(27 * MINUTE <= datetime.fromisoformat(at) - NOON - 9 * DAY <= 33 * MINUTE for at in due)


def test_after_a_long_absence_a_run_ends_early_and_the_next_goes_on_there():
    spring = Spring(a=SLICE, b=10, c=SLICE, d=1)
    first = gather("probe", spring.slices(), {}, NOON)
    assert (spring.taken(), first.more, len(first.found)) == (["a"], True, SLICE)
    second = gather("probe", spring.slices(), first.cursor, NOON)
    assert (spring.taken(), second.more) == (["b", "c"], True)
    spring.brings |= {"a": 3, "c": 3}
    third = gather("probe", spring.slices(), second.cursor, NOON)
    assert (spring.taken(), third.more) == (["d", "a", "b", "c"], False)


def test_a_run_that_takes_long_begins_no_further_slice():
    seconds = iter([0.0, 1.0, 100.0, 121.0]).__next__
    spring = Spring(a=1, b=1, c=1)
    fetched = gather("probe", spring.slices(), {}, NOON, monotonic=seconds)
    assert (spring.taken(), fetched.more, fetched.cursor["stopped"]) == (["a", "b"], True, "c")


def test_what_a_slice_left_unread_is_said_and_since_when():
    part = iter([Part({"at": 1}, more=True, left=0.4), Part({"at": 2}, more=True, left=0.3), Part({"at": 3})])
    slices = [Slice("a", lambda _: next(part))]
    first = gather("probe", slices, {}, NOON)
    second = gather("probe", slices, first.cursor, NOON + MINUTE)
    assert (first.more, second.more, second.left) == (True, True, 0.3)
    assert second.cursor["turns"]["a"]["more_since"] == NOON.isoformat()
    assert "more_since" not in gather("probe", slices, second.cursor, NOON + 2 * MINUTE).cursor["turns"]["a"]


def test_a_passing_trouble_leaves_the_rest_for_the_next_regular_run():
    spring = Spring(a=1, b=ListenerError("probe", "down"), c=1)
    fetched = gather("probe", spring.slices(), {}, NOON)
    assert (spring.taken(), fetched.more, fetched.cursor["stopped"]) == (["a", "b"], False, "b")


class Springs(Listener):
    """A source with one quiet slice."""

    source, every = "probe", 5 * MINUTE

    def __init__(self, policy):
        self.policy, self.spring = policy, Spring(only=0)

    def listen(self, brands, options, cursor, now):
        return gather("probe", self.spring.slices(), cursor, now)


def test_a_changed_setup_wakes_what_rests(kept, acme, monkeypatch):
    from tests.listeners.probes import Probe

    source = Springs(Probe.policy)

    def at(now, **options):
        run_once(Task(source, (acme,), options), kept, 0, lambda: now, lambda _: None)
        return source.spring.taken()

    at(NOON)
    at(NOON + 3 * DAY)
    assert at(NOON + 3 * DAY + MINUTE) == []
    assert at(NOON + 3 * DAY + 2 * MINUTE, first_days=3) == ["only"]
