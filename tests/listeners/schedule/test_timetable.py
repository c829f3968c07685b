"""APScheduler by the monotonic clock: what it takes for the time, what it starts, what it lets go."""

import threading
from datetime import datetime, timedelta

from listeners.schedule.timetable import SteadyTime, Timetable
from tests.listeners.clockwork import ByHand, Started

PATIENCE = 10.0


def test_in_steady_time_it_is_as_late_as_the_monotonic_clock_says():
    seconds = iter([1000.0, 1000.5, 87_400.5])
    steady = SteadyTime(lambda: next(seconds))
    first, second, third = (datetime.now(steady) for _ in range(3))
    assert (second - first, third - second) == (timedelta(seconds=0.5), timedelta(days=1))
    assert first.astimezone(steady) == first == steady.moment(1000.0), "an instant of it is not made the present again"


def by_hand(seconds):
    started, ended = Started(), []
    built = []

    def kind(**options):
        built.append(ByHand(**options))
        return built[0]

    timetable = Timetable(lambda: seconds[0], lambda name, came: ended.append((name, came)), kind, started)
    timetable.start()
    return timetable, built[0], started, ended


def test_who_was_started_is_not_started_again_before_somebody_asks_when_they_are_due():
    seconds, due = [100.0], [105.0]
    timetable, scheduler, started, ended = by_hand(seconds)
    timetable.enter("rss", lambda: "came", lambda: due[0])
    assert scheduler.look() == 5.0
    seconds[0] = 106.0
    scheduler.look()
    started.finish()
    assert ended == [("rss", "came")]
    seconds[0] = 9_999.0
    scheduler.look()
    assert not started.waiting
    due[0] = 9_000.0
    assert timetable.look_again("rss")
    scheduler.look()
    assert len(started.waiting) == 1


def test_what_breaks_off_is_told_as_nothing_and_who_is_struck_is_forgotten():
    seconds = [100.0]
    timetable, scheduler, started, ended = by_hand(seconds)
    timetable.enter("rss", lambda: 1 / 0, lambda: 100.0)
    scheduler.look()
    started.finish()
    assert ended == [("rss", None)]
    timetable.strike("rss")
    timetable.strike("rss")
    assert not timetable.look_again("rss")


def test_in_threads_two_work_side_by_side_and_stopping_waits_for_nobody():
    meet, hold, over = threading.Barrier(2, timeout=PATIENCE), threading.Event(), threading.Event()
    timetable = Timetable(lambda: 5.0, lambda *_: over.set())
    timetable.enter("one", meet.wait, lambda: 0.0)
    timetable.enter("other", meet.wait, lambda: 0.0)
    timetable.enter("hanging", lambda: hold.wait(PATIENCE), lambda: 0.0)
    timetable.start()
    assert over.wait(PATIENCE)
    timetable.stop()
    hanging = [thread for thread in threading.enumerate() if thread.name == "hanging"]
    assert hanging
    assert all(thread.daemon for thread in hanging)
    hold.set()
