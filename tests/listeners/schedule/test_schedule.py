"""When sources are visited: rounds, how often, a changed setup, a hanging neighbour."""

import math
import os
import threading
from datetime import timedelta

import pytest

from data.setup import Setup, parse
from listeners.base import FetchResult, ListenerError
from listeners.schedule.pace import Pace, pause
from listeners.schedule.runs import LONGEST_PAUSE
from listeners.schedule.schedule import Schedule, WatchedSetup
from tests.listeners.clockwork import NOON, Hours
from tests.listeners.probes import BRAND, PATIENCE, Probe, a_mention, runs

# --- rounds ---


@pytest.fixture
def hours():
    return Hours()


def test_a_source_is_run_when_it_is_due_and_not_before(hours, kept):
    probe = Probe()
    schedule = hours.schedule(kept, probe)
    for steady, count in ((1000, 1), (1001, 1), (1299, 1), (1300, 2), (1301, 2)):
        hours.steady = float(steady)
        hours.round(schedule, parse(BRAND))
        assert len(probe.runs) == count


def test_a_wall_clock_that_jumps_changes_nothing_about_what_is_due(hours, kept):
    probe = Probe()
    schedule = hours.schedule(kept, probe)
    hours.round(schedule, parse(BRAND))
    for jump in (timedelta(days=400), timedelta(days=-4000)):
        hours.wall = NOON + jump
        hours.round(schedule, parse(BRAND))
        assert len(probe.runs) == 1
    hours.steady += 300
    hours.round(schedule, parse(BRAND))
    assert len(probe.runs) == 2


def test_failures_in_a_row_are_counted_until_one_run_goes_well(hours, kept):
    down = ListenerError("probe", "down")
    probe = Probe(down, down, FetchResult(), down)
    schedule = hours.schedule(kept, probe)
    pauses = []
    for _ in range(4):
        hours.round(schedule, parse(BRAND))
        pauses.append(schedule._states["probe"].due - hours.steady)
        hours.steady = schedule._states["probe"].due
    assert pauses == [7.5, 15, 300, 7.5]


def test_a_changed_setup_makes_a_source_due_at_once_and_forgets_its_failures(hours, kept):
    probe = Probe(ListenerError("probe", "down", permanent=True), FetchResult())
    schedule = hours.schedule(kept, probe)
    hours.round(schedule, parse(BRAND))
    hours.round(schedule, parse(BRAND))
    assert len(probe.runs) == 1
    hours.round(schedule, parse(BRAND + '[[brand]]\nname = "Beta"\n'))
    assert [brand.name for brand in probe.runs[1][0]] == ["Acme", "Beta"]
    hours.round(schedule, parse(BRAND + "[sources.probe]\nevery_minutes = 1\n"))
    assert len(probe.runs) == 3


def test_a_source_that_is_under_way_is_not_started_twice_and_a_change_meanwhile_counts_right_after(hours, kept):
    def change():
        hours.steady += 9999
        schedule.follow(parse(BRAND + "[sources.probe]\nevery_minutes = 1\n"))
        schedule.start_due()
        assert not hours.started
        return FetchResult()

    probe = Probe(change, FetchResult())
    schedule = hours.schedule(kept, probe)
    hours.round(schedule, parse(BRAND))
    assert [options for _, options, _, _ in probe.runs] == [{}]
    hours.look()
    assert [options for _, options, _, _ in probe.runs] == [{}, {"every_minutes": 1}]


def test_only_the_named_sources_are_run(hours, kept):
    one, other = Probe(source="one"), Probe(source="other")
    hours.round(hours.schedule(kept, one, other, only=frozenset({"one"})), parse(BRAND))
    assert (len(one.runs), len(other.runs)) == (1, 0)


def test_one_source_failing_or_hanging_does_not_stop_another_and_is_not_run_twice(kept):
    hold, second = threading.Event(), threading.Event()
    hanging = Probe(lambda: hold.wait(PATIENCE) and FetchResult(), source="hanging")
    failing = Probe(ListenerError("failing", "down", permanent=True), source="failing")
    faulty = Probe(RuntimeError("bug"), source="faulty")
    well = Probe(FetchResult(), lambda: second.set() or FetchResult(), source="well")
    kept.root.mkdir()
    kept.setup.write_text(BRAND)
    quick = iter(range(0, 10**9, 400)).__next__  # each look at the clock is minutes later
    schedule = Schedule((hanging, failing, faulty, well), kept, lambda _: None, monotonic=quick)
    running = threading.Thread(target=schedule.run, daemon=True)
    running.start()
    try:
        assert second.wait(PATIENCE)
        assert len(hanging.runs) == 1
    finally:
        schedule.stopping = True
        running.join(PATIENCE)
        hold.set()
    assert not running.is_alive(), "a source that hangs keeps nobody"


def test_a_run_that_breaks_off_leaves_its_source_to_be_run_again(hours, kept):
    probe = Probe(SystemExit(), FetchResult())
    schedule = hours.schedule(kept, probe)
    hours.round(schedule, parse(BRAND))
    hours.steady += LONGEST_PAUSE
    hours.look()
    assert len(probe.runs) == 2


def test_a_run_that_breaks_off_is_said_without_what_strangers_said(hours, kept):
    said = []
    hours.round(hours.schedule(kept, Probe(SystemExit("s3cret")), said=said), parse(BRAND))
    assert len(said) == 1
    assert said[0].startswith("probe: a fault of Hearback's own: SystemExit in ")
    assert "s3cret" not in said[0]


def test_a_source_that_hangs_takes_one_thread_however_late_it_is_and_keeps_no_process_alive(kept):
    hold, begun, seconds = threading.Event(), threading.Event(), [0.0]
    probe = Probe(lambda: begun.set() or (hold.wait(PATIENCE) and FetchResult()))
    schedule = Schedule((probe,), kept, lambda _: None, monotonic=lambda: seconds[0])
    before = set(threading.enumerate())
    schedule.follow(parse(BRAND))
    schedule.start_due()
    assert begun.wait(PATIENCE)
    for _ in range(5):
        seconds[0] += 9999
        assert schedule.start_due() == math.inf, "while it is visited nobody knows"
    [visiting] = set(threading.enumerate()) - before
    assert visiting.daemon
    assert len(probe.runs) == 1
    hold.set()
    visiting.join(PATIENCE)
    assert 0 < schedule.start_due() < math.inf


def test_how_long_the_schedule_may_wait_is_told_by_the_source_that_is_due_first(hours, kept):
    once, never = Probe(source="once"), Probe(source="never")
    schedule = hours.schedule(kept, once, never)
    assert schedule.start_due() == math.inf
    schedule.follow(parse(BRAND + "[sources.once]\nevery_minutes = 2\n[sources.never]\non = false\n"))
    assert hours.look() == pytest.approx(120)


def test_a_source_switched_off_and_on_again_is_not_run_before_it_is_due(hours, kept):
    probe = Probe(ListenerError("probe", "later", retry_after=5000.0), FetchResult())
    schedule = hours.schedule(kept, probe)
    hours.round(schedule, parse(BRAND))
    hours.round(schedule, parse(BRAND + "[sources.probe]\non = false\n"))
    hours.round(schedule, parse(BRAND))
    assert len(probe.runs) == 1
    hours.pass_by(5001)
    hours.round(schedule, parse(BRAND + "[sources.probe]\non = false\n"))
    assert len(probe.runs) == 1
    hours.round(schedule, parse(BRAND))
    assert len(probe.runs) == 2


def test_the_next_run_is_known_to_the_second_after_each(hours, kept):
    assert hours.round(hours.schedule(kept, Probe()), parse(BRAND)) == pytest.approx(300)


# --- how often ---


def runs_within(hours, schedule, probe, seconds):
    ends, before = hours.steady + seconds, len(probe.runs)
    while (wait := hours.look()) <= ends - hours.steady:
        hours.pass_by(wait)
    hours.pass_by(ends - hours.steady)
    return len(probe.runs) - before


def test_a_busy_source_is_run_oftener_and_a_quiet_one_less_often_within_bounds(hours, kept):
    busy = FetchResult([a_mention(number) for number in range(50)])
    probe = Probe(busy)
    schedule = hours.schedule(kept, probe)
    hours.round(schedule, parse(BRAND))
    assert runs_within(hours, schedule, probe, 3 * 3600) in range(100, 111), "at most three times as often"
    probe.said = [FetchResult()]
    runs_within(hours, schedule, probe, 3 * 3600)
    assert runs_within(hours, schedule, probe, 3 * 3600) in range(11, 14), "at least a third as often"
    probe.said = [FetchResult([a_mention()])]
    runs_within(hours, schedule, probe, 1000)
    assert runs_within(hours, schedule, probe, 3 * 3600) in range(35, 38), "as often as was asked for"


@pytest.mark.parametrize(("left", "count"), [(None, 108), (0.3, 36), (0.1, 12)])
def test_a_source_near_its_request_budget_is_run_less_often_however_busy_it_is(hours, kept, left, count):
    probe = Probe(FetchResult([a_mention(number) for number in range(50)], left=left))
    schedule = hours.schedule(kept, probe)
    hours.round(schedule, parse(BRAND))
    runs_within(hours, schedule, probe, 3600)
    assert runs_within(hours, schedule, probe, 3 * 3600) == pytest.approx(count, abs=2)


def test_what_a_run_left_is_fetched_within_seconds_unless_requests_are_short(hours, kept):
    assert hours.round(hours.schedule(kept, Probe(FetchResult(more=True))), parse(BRAND)) == pytest.approx(10)
    short = Hours()
    assert short.round(short.schedule(kept, Probe(FetchResult(more=True, left=0.1))), parse(BRAND)) == pytest.approx(
        450
    )


def test_a_source_that_is_asked_for_once_a_week_is_not_put_off_for_three():
    pace = Pace(3.0, 9)
    assert pause(pace, 7 * 86_400.0, None, more=False) == 7 * 86_400
    assert pause(pace, 600.0, None, more=False) == 1800
    assert pause(pace, 3000.0, None, more=False) == 3600


def test_a_busy_source_is_run_once_a_minute_at_most_unless_the_team_asks_for_less():
    assert pause(Pace(1 / 3), 120.0, None, more=False) == 60
    assert pause(Pace(1 / 3), 20.0, None, more=False) == 20


def test_two_runs_of_one_source_never_go_on_at_once_not_even_of_two_schedules(hours, kept):
    said, other = [], Hours()
    inner = other.schedule(kept, Probe(), said=said)
    outer = Probe(lambda: other.round(inner, parse(BRAND)) and FetchResult(), FetchResult())
    hours.round(hours.schedule(kept, outer), parse(BRAND))
    assert said == [f"probe: Process {os.getpid()} is reading it at this moment."]
    assert len(runs(kept)) == 1
    other.pass_by(31)
    other.look()
    assert len(runs(kept)) == 2


# --- all of them at once ---


def test_once_runs_all_side_by_side_and_tells_how_each_went(kept):
    both = threading.Barrier(2, timeout=PATIENCE)

    def meet():
        both.wait()
        return FetchResult()

    one = Probe(meet, source="one")
    other = Probe(meet, source="other")
    failing = Probe(ListenerError("failing", "down"), source="failing")
    outcomes = Schedule((one, other, failing), kept, lambda _: None).once(parse(BRAND))
    assert sorted(str(outcome.error) for outcome in outcomes) == ["None", "None", "down"]


# --- setup.toml ---


def test_a_setup_is_read_again_when_it_changes(tmp_path):
    path = tmp_path / "setup.toml"
    watched = WatchedSetup(path, lambda _: None)
    assert watched.current() == Setup()
    path.write_text(BRAND)
    assert [brand.name for brand in watched.current().brands] == ["Acme"]


def test_a_broken_setup_leaves_the_last_good_one_standing_and_is_said_once(tmp_path):
    path, said = tmp_path / "setup.toml", []
    path.write_text(BRAND)
    watched = WatchedSetup(path, said.append)
    watched.current()
    path.write_text(BRAND + "terms = [\n= 3")
    assert [brand.name for brand in watched.current().brands] == ["Acme"]
    watched.current()
    assert len(said) == 1
    assert "line 4" in said[0]
    assert "the last good one stands" in said[0]
    path.write_text(BRAND + 'terms = ["x"]')
    assert watched.current().brands[0].terms == ("x",)
    assert said[1] == "setup.toml can be read again."


def test_a_setup_that_was_never_good_switches_nothing_on(tmp_path):
    path, said = tmp_path / "setup.toml", []
    path.write_text("[[brand")
    assert WatchedSetup(path, said.append).current() is None
    assert "nothing is listened to" in said[0]
