"""When and how sources are visited: batch before cursor, back-off, a changed setup, a hanging neighbour."""

import json
import os
import subprocess
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

from data.models import Found, Gap, Mention, Rejected
from data.setup import Setup, parse
from listeners import cursors
from listeners.base import Haul, ListenerError, Policy, Setting
from listeners.pace import Pace, pause
from listeners.schedule import Schedule, WatchedSetup
from listeners.visits import FIRST_PAUSE, LONGEST_PAUSE, Task, interval, pause_after, tasks, visit, why_off
from tests.listeners.clockwork import NOON, Hours

ROOT = Path(__file__).resolve().parents[2]
BRAND = '[[brand]]\nname = "Acme"\n'
PATIENCE = 10.0  # seconds that a test waits for an event before it fails


def a_mention(number=1):
    return Found(Mention(f"probe:{number}", "probe", "post", "acme", NOON))


class Probe:
    """A source that does as the test says: returns or raises what `said` holds, in turn, the last one for ever."""

    every = timedelta(minutes=5)
    policy = Policy("Probe", True, "-", "-", date(2026, 11, 23), "-")

    def __init__(self, *said, source="probe"):
        self.source = source
        self.said = list(said) or [Haul()]
        self.visits = []

    def listen(self, brands, options, cursor, now):
        self.visits.append((brands, options, cursor, now))
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
        return visit(a_task(probe, acme, **options), kept, failures, clock, tell, chance)

    return once


# --- one visit ---


def test_a_visit_leaves_one_batch_with_its_run_and_then_the_cursor(go, kept):
    gap = Gap("acme", NOON - timedelta(hours=1), NOON, "ceiling")
    haul = Haul([a_mention()], rejected=[Rejected("f", 1, "why", "x")], cursor={"at": 7}, gaps=[gap])
    outcome = go(Probe(haul), chance=lambda: 0.5)
    ((mention, refused, run),) = lines(kept)
    assert mention["id"] == "probe:1"
    assert refused["rejected"]["reason"] == "why"
    assert run["run"]["found"] == 1
    assert run["run"]["gaps"][0]["why"] == "ceiling"
    assert run["run"]["next_at"] == "2026-11-23T12:05:00.000000+00:00"
    assert "error" not in run["run"]
    assert cursors.load(kept.cursors, "probe") == {"at": 7}
    assert (outcome.pause, outcome.error, outcome.failed) == (300, None, False)


def test_a_visit_that_finds_nothing_still_says_that_it_was_there(go, kept):
    go(Probe())
    assert [run["found"] for run in runs(kept)] == [0]


def test_when_the_credentials_end_is_kept_beside_the_cursor_as_long_as_the_source_says_so(go, kept):
    go(Probe(Haul(cursor={"at": 1}, credentials_end=NOON)))
    assert cursors.load(kept.cursors, "probe") == {"at": 1, "credentials_end": NOON.isoformat()}
    go(Probe(Haul(cursor={"at": 2, "credentials_end": "as it came in"})))
    assert cursors.load(kept.cursors, "probe") == {"at": 2}


def test_a_failure_keeps_the_cursor_and_says_why_and_when_it_goes_on(go, kept):
    said = []
    go(Probe(Haul(cursor={"at": 1})))
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
    outcome = go(Probe(Haul([a_mention()], cursor={"at": 2}, troubles=["one feed is gone"])))
    assert runs(kept)[0]["found"] == 1
    assert runs(kept)[0]["error"] == "one feed is gone"
    assert cursors.load(kept.cursors, "probe") == {"at": 2}
    assert not outcome.failed


def test_a_fault_of_our_own_is_a_failure_like_any_other_and_tells_no_secret(go, kept):
    go(Probe(KeyError("s3cret")))
    assert runs(kept)[0]["error"].startswith("a fault of Hearback's own: KeyError in test_schedule.py, line ")
    assert "s3cret" not in json.dumps(lines(kept))


def test_a_clock_that_is_set_back_during_a_visit_makes_no_negative_run(go, kept):
    times = [NOON, NOON - timedelta(hours=3)]
    go(Probe(), clock=lambda: times.pop(0))
    assert runs(kept)[0]["started_at"] == runs(kept)[0]["ended_at"]


def test_a_cursor_that_cannot_be_read_is_set_aside_and_the_source_starts_anew(go, kept):
    kept.cursors.mkdir(parents=True)
    (kept.cursors / "probe.json").write_text('{"at": ')
    probe = Probe()
    go(probe)
    assert probe.visits[0][2] == {}
    assert (kept.cursors / "probe.broken").exists()


def test_a_disk_that_is_full_moves_no_cursor_and_is_said(go, kept):
    """A file where the folder should be stops every write, whoever runs the test."""
    said = []
    kept.root.mkdir()
    kept.incoming.write_text("")
    outcome = go(Probe(Haul([a_mention()], cursor={"at": 3})), said=said)
    assert outcome.failed
    assert cursors.load(kept.cursors, "probe") == {}
    assert "could not be kept" in said[0]
    kept.incoming.unlink()
    go(Probe(Haul([a_mention()], cursor={"at": 3})))
    assert cursors.load(kept.cursors, "probe") == {"at": 3}


LIMITED = """
import resource, signal, sys
from datetime import UTC, datetime
from tests.listeners.test_schedule import Probe, a_mention
from data.models import Brand
from data.settings import Places
from listeners.base import Haul
from listeners.visits import Task, visit
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
haul = Haul([a_mention(number) for number in range(500)], cursor={"at": 9})
told = []
task = Task(Probe(haul), (Brand("Acme", ("acme",)),), {})
outcome = visit(task, Places(Path(sys.argv[1])), 0, lambda: datetime.now(UTC), told.append)
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
    first = Haul([a_mention(1), a_mention(2)], cursor={"at": 2})
    with monkeypatch.context() as dying:
        dying.setattr(cursors, "save", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            go(Probe(first))
    probe = Probe(first)
    go(probe)
    assert probe.visits[0][2] == {}
    ids = [line["id"] for batch in lines(kept) for line in batch if "id" in line]
    assert sorted(ids) == ["probe:1", "probe:1", "probe:2", "probe:2"]
    assert cursors.load(kept.cursors, "probe") == {"at": 2}


# --- what the platform asks for ---


def test_a_source_that_needs_approval_is_not_visited_without(go, kept, monkeypatch):
    probe = Guarded()
    go(probe, on=True)
    assert not probe.visits
    assert 'approved = "when and by whom"' in runs(kept)[0]["error"]
    monkeypatch.delenv("GUARDED_KEY", raising=False)
    go(probe, on=True, approved="2026-10-01, by mail")
    assert "GUARDED_KEY" in runs(kept)[1]["error"]
    monkeypatch.setenv("GUARDED_KEY", "s3cret")
    go(probe, on=True, approved="2026-10-01, by mail")
    assert len(probe.visits) == 1
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


# --- rounds ---


@pytest.fixture
def hours():
    return Hours()


def test_a_source_is_visited_when_it_is_due_and_not_before(hours, kept):
    probe = Probe()
    schedule = hours.schedule(kept, probe)
    for steady, visits in ((1000, 1), (1001, 1), (1299, 1), (1300, 2), (1301, 2)):
        hours.steady = float(steady)
        hours.round(schedule, parse(BRAND))
        assert len(probe.visits) == visits


def test_a_wall_clock_that_jumps_changes_nothing_about_what_is_due(hours, kept):
    probe = Probe()
    schedule = hours.schedule(kept, probe)
    hours.round(schedule, parse(BRAND))
    for jump in (timedelta(days=400), timedelta(days=-4000)):
        hours.wall = NOON + jump
        hours.round(schedule, parse(BRAND))
        assert len(probe.visits) == 1
    hours.steady += 300
    hours.round(schedule, parse(BRAND))
    assert len(probe.visits) == 2


def test_failures_in_a_row_are_counted_until_one_visit_goes_well(hours, kept):
    down = ListenerError("probe", "down")
    probe = Probe(down, down, Haul(), down)
    schedule = hours.schedule(kept, probe)
    pauses = []
    for _ in range(4):
        hours.round(schedule, parse(BRAND))
        pauses.append(schedule._turns["probe"].due - hours.steady)
        hours.steady = schedule._turns["probe"].due
    assert pauses == [7.5, 15, 300, 7.5]


def test_a_changed_setup_makes_a_source_due_at_once_and_forgets_its_failures(hours, kept):
    probe = Probe(ListenerError("probe", "down", permanent=True), Haul())
    schedule = hours.schedule(kept, probe)
    hours.round(schedule, parse(BRAND))
    hours.round(schedule, parse(BRAND))
    assert len(probe.visits) == 1
    hours.round(schedule, parse(BRAND + '[[brand]]\nname = "Beta"\n'))
    assert [brand.name for brand in probe.visits[1][0]] == ["Acme", "Beta"]
    hours.round(schedule, parse(BRAND + "[sources.probe]\nevery_minutes = 1\n"))
    assert len(probe.visits) == 3


def test_a_source_that_is_under_way_is_not_started_twice_and_a_change_meanwhile_counts_right_after(hours, kept):
    def change():
        hours.steady += 9999
        schedule.follow(parse(BRAND + "[sources.probe]\nevery_minutes = 1\n"))
        hours.scheduler.look()
        assert not hours.started.waiting
        return Haul()

    probe = Probe(change, Haul())
    schedule = hours.schedule(kept, probe)
    hours.round(schedule, parse(BRAND))
    assert [options for _, options, _, _ in probe.visits] == [{}]
    hours.look()
    assert [options for _, options, _, _ in probe.visits] == [{}, {"every_minutes": 1}]


def test_only_the_named_sources_are_visited(hours, kept):
    one, other = Probe(source="one"), Probe(source="other")
    hours.round(hours.schedule(kept, one, other, only=frozenset({"one"})), parse(BRAND))
    assert (len(one.visits), len(other.visits)) == (1, 0)


def test_one_source_failing_or_hanging_does_not_stop_another_and_is_not_visited_twice(kept):
    hold, second = threading.Event(), threading.Event()
    hanging = Probe(lambda: hold.wait(PATIENCE) and Haul(), source="hanging")
    failing = Probe(ListenerError("failing", "down", permanent=True), source="failing")
    faulty = Probe(RuntimeError("bug"), source="faulty")
    well = Probe(Haul(), lambda: second.set() or Haul(), source="well")
    kept.root.mkdir()
    kept.setup.write_text(BRAND)
    quick = iter(range(0, 10**9, 400)).__next__  # each look at the clock is minutes later
    schedule = Schedule((hanging, failing, faulty, well), kept, lambda _: None, monotonic=quick)
    running = threading.Thread(target=schedule.run, daemon=True)
    running.start()
    try:
        assert second.wait(PATIENCE)
        assert len(hanging.visits) == 1
    finally:
        schedule.stopping = True
        running.join(PATIENCE)
        hold.set()
    assert not running.is_alive(), "a source that hangs keeps nobody"


def test_a_visit_that_breaks_off_leaves_its_source_to_be_visited_again(hours, kept):
    probe = Probe(SystemExit(), Haul())
    schedule = hours.schedule(kept, probe)
    hours.round(schedule, parse(BRAND))
    hours.steady += LONGEST_PAUSE
    hours.look()
    assert len(probe.visits) == 2


def test_a_source_switched_off_and_on_again_is_not_visited_before_it_is_due(hours, kept):
    probe = Probe(ListenerError("probe", "later", retry_after=5000.0), Haul())
    schedule = hours.schedule(kept, probe)
    hours.round(schedule, parse(BRAND))
    hours.round(schedule, parse(BRAND + "[sources.probe]\non = false\n"))
    hours.round(schedule, parse(BRAND))
    assert len(probe.visits) == 1
    hours.pass_by(5001)
    hours.round(schedule, parse(BRAND + "[sources.probe]\non = false\n"))
    assert len(probe.visits) == 1
    hours.round(schedule, parse(BRAND))
    assert len(probe.visits) == 2


def test_the_next_visit_is_known_to_the_second_after_each(hours, kept):
    assert hours.round(hours.schedule(kept, Probe()), parse(BRAND)) == pytest.approx(300)


# --- how often ---


def visits_within(hours, schedule, probe, seconds):
    ends, before = hours.steady + seconds, len(probe.visits)
    while (wait := hours.look()) <= ends - hours.steady:
        hours.pass_by(wait)
    hours.pass_by(ends - hours.steady)
    return len(probe.visits) - before


def test_a_busy_source_is_visited_oftener_and_a_quiet_one_less_often_within_bounds(hours, kept):
    busy = Haul([a_mention(number) for number in range(50)])
    probe = Probe(busy)
    schedule = hours.schedule(kept, probe)
    hours.round(schedule, parse(BRAND))
    assert visits_within(hours, schedule, probe, 3 * 3600) in range(100, 111), "at most three times as often"
    probe.said = [Haul()]
    visits_within(hours, schedule, probe, 3 * 3600)
    assert visits_within(hours, schedule, probe, 3 * 3600) in range(11, 14), "at least a third as often"
    probe.said = [Haul([a_mention()])]
    visits_within(hours, schedule, probe, 1000)
    assert visits_within(hours, schedule, probe, 3 * 3600) in range(35, 38), "as often as was asked for"


@pytest.mark.parametrize(("left", "visits"), [(None, 108), (0.3, 36), (0.1, 12)])
def test_a_source_near_its_request_budget_is_visited_less_often_however_busy_it_is(hours, kept, left, visits):
    probe = Probe(Haul([a_mention(number) for number in range(50)], left=left))
    schedule = hours.schedule(kept, probe)
    hours.round(schedule, parse(BRAND))
    visits_within(hours, schedule, probe, 3600)
    assert visits_within(hours, schedule, probe, 3 * 3600) == pytest.approx(visits, abs=2)


def test_what_a_visit_left_is_fetched_within_seconds_unless_requests_are_short(hours, kept):
    assert hours.round(hours.schedule(kept, Probe(Haul(more=True))), parse(BRAND)) == pytest.approx(10)
    short = Hours()
    assert short.round(short.schedule(kept, Probe(Haul(more=True, left=0.1))), parse(BRAND)) == pytest.approx(450)


def test_a_source_that_is_asked_for_once_a_week_is_not_put_off_for_three():
    pace = Pace(3.0, 9)
    assert pause(pace, 7 * 86_400.0, None, more=False) == 7 * 86_400
    assert pause(pace, 600.0, None, more=False) == 1800
    assert pause(pace, 3000.0, None, more=False) == 3600


def test_a_busy_source_is_visited_once_a_minute_at_most_unless_the_team_asks_for_less():
    assert pause(Pace(1 / 3), 120.0, None, more=False) == 60
    assert pause(Pace(1 / 3), 20.0, None, more=False) == 20


def test_two_visits_of_one_source_never_go_on_at_once_not_even_of_two_schedules(hours, kept):
    said, other = [], Hours()
    inner = other.schedule(kept, Probe(), said=said)
    outer = Probe(lambda: other.round(inner, parse(BRAND)) and Haul(), Haul())
    hours.round(hours.schedule(kept, outer), parse(BRAND))
    assert said == [f"probe: Process {os.getpid()} is reading it at this moment."]
    assert len(runs(kept)) == 1
    other.pass_by(31)
    other.look()
    assert len(runs(kept)) == 2


# --- all of them at once ---


def test_once_visits_all_side_by_side_and_tells_how_each_went(kept):
    both = threading.Barrier(2, timeout=PATIENCE)

    def meet():
        both.wait()
        return Haul()

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
