"""When each source is visited: oftener while it is busy, less often while it fails, at once when its setup changes."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from apscheduler.executors.base import BaseExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from data.clock import Clock, now_in_utc
from data.models import HearbackError
from data.settings import Places
from data.setup import Setup, load
from listeners.base import Listener
from listeners.schedule.pace import Pace
from listeners.schedule.rechecks import SecondLooks
from listeners.schedule.runs import LONGEST_PAUSE, Chance, Outcome, Say, Task, tasks, visit
from listeners.schedule.timetable import FAR, Timetable

TICK = 0.5  # seconds between two looks at setup.toml and at what is due
FAREWELL = 1.0  # seconds that visits under way are given when we are told to stop

BROKE_OFF = Outcome(LONGEST_PAUSE, "the visit broke off", failed=True)


def in_a_thread(work: Callable[[], None]) -> None:
    """Start `work` beside us; it never keeps the process alive."""
    threading.Thread(target=work, daemon=True).start()


class WatchedSetup:
    """setup.toml as last read whole: while it is broken the last good one stands, and that is said once."""

    def __init__(self, path: Path, say: Say) -> None:
        self._path = path
        self._say = say
        self._seen: object = None
        self._broken = False
        self._good: Setup | None = None

    def current(self) -> Setup | None:
        """The setup that stands; None when there never was a good one."""
        marks = self._marks()
        if marks != self._seen:
            self._seen = marks
            self._read()
        return self._good

    def _marks(self) -> object:
        try:
            status = self._path.stat()
        except OSError:
            return "absent"
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _read(self) -> None:
        try:
            self._good = load(self._path)
        except HearbackError as trouble:
            until = "the last good one stands" if self._good else "nothing is listened to"
            self._say(f"{trouble} Until then {until}.")
            self._broken = True
            return
        if self._broken:
            self._say("setup.toml can be read again.")
        self._broken = False


@dataclass
class _Turn:
    """Where one source stands. Written under the schedule's lock only."""

    task: Task  # as setup.toml says it now
    due: float  # monotonic seconds
    failures: int = 0
    pace: Pace = field(default_factory=Pace)
    visiting: bool = False
    visited: Task | None = None  # as it was at the last visit


def _due(turn: _Turn) -> float:
    return turn.due + (FAR if turn.visiting else 0.0)  # while it is visited nobody knows


@dataclass
class Schedule:
    """Visits all that is switched on, each source when it is due. `only`: the sources it keeps to; empty: all.

    APScheduler keeps the time and starts the visits; what decides is ours: how long to wait after each (the pace, what
    the source asked for, how often it failed), and that a changed setup counts at once.
    """

    listeners: Sequence[Listener]
    places: Places
    say: Say
    only: frozenset[str] = frozenset()
    clock: Clock = now_in_utc
    monotonic: Callable[[], float] = time.monotonic
    chance: Chance = random.random
    kind: Callable[..., Any] = BackgroundScheduler
    executor: BaseExecutor | None = None
    looks: SecondLooks | None = None
    stopping: bool = False  # set by a signal: a plain flag, because a lock could be held by whom it interrupts
    _turns: dict[str, _Turn] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)  # a visit is over

    def __post_init__(self) -> None:
        self.timetable = Timetable(self.monotonic, self._after, self.kind, self.executor)

    def run(self) -> None:
        """Go on until `stopping`."""
        setup = WatchedSetup(self.places.setup, self.say)
        followed = None
        self.timetable.start()
        while not self.stopping:
            standing = setup.current()
            if standing is not None and standing is not followed:
                self.follow(standing)
                followed = standing
            if standing is not None and self.looks:
                self.looks.round(self._on(standing))
            self._ended.wait(TICK)
            self._ended.clear()
        self.timetable.stop()
        self._say_farewell()

    def follow(self, setup: Setup) -> None:
        """Enter what is switched on now and strike what is not; a changed setup makes a source due at once."""
        on = {task.listener.source: task for task in self._on(setup)}
        for source in self._turns.keys() - on.keys():
            self.timetable.strike(source)
        for source, task in on.items():
            with self._lock:
                turn = self._turns.setdefault(source, _Turn(task, self.monotonic()))
                turn.task = task
                if turn.visited not in (None, task):
                    turn.due, turn.failures = self.monotonic(), 0
            self.timetable.enter(source, partial(self._visit, turn), partial(_due, turn))

    def once(self, setup: Setup) -> list[Outcome]:
        """One visit to every source that is switched on, side by side; how each went."""
        outcomes: list[Outcome] = []

        def note(_: str, outcome: Outcome | None) -> None:
            outcomes.append(outcome or BROKE_OFF)
            self._ended.set()

        once = Timetable(self.monotonic, note, self.kind, self.executor)
        waiting = self._on(setup)
        for task in waiting:
            turn = _Turn(task, self.monotonic())
            once.enter(task.listener.source, partial(self._visit, turn), partial(_due, turn))
        once.start()
        while len(outcomes) < len(waiting) and not self.stopping:
            self._ended.wait(TICK)
            self._ended.clear()
        once.stop()
        if self.looks and not self.stopping:
            self.looks.round(waiting)
        return outcomes

    def _on(self, setup: Setup) -> list[Task]:
        return [task for task in tasks(self.listeners, setup) if not self.only or task.listener.source in self.only]

    def _visit(self, turn: _Turn) -> Outcome:
        with self._lock:
            turn.visiting, turn.visited = True, turn.task
            task, failures, pace = turn.task, turn.failures, turn.pace
        return visit(task, self.places, failures, self.clock, self.say, self.chance, pace)

    def _after(self, source: str, outcome: Outcome | None) -> None:
        """A visit is over: when the next is due. `outcome`: None when it broke off."""
        outcome = outcome or BROKE_OFF
        turn = self._turns[source]
        with self._lock:
            changed = turn.visited != turn.task
            turn.visiting = False
            turn.failures = 0 if changed or not outcome.failed else turn.failures + 1
            turn.pace = outcome.pace or turn.pace
            turn.due = self.monotonic() + (0.0 if changed else outcome.pause)
        self.timetable.look_again(source)
        self._ended.set()

    def _say_farewell(self) -> None:
        ends = self.monotonic() + FAREWELL
        while any(turn.visiting for turn in self._turns.values()) and self.monotonic() < ends:
            self._ended.wait(TICK / 5)
            self._ended.clear()
