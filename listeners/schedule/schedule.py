"""When each source is visited: oftener while it is busy, less often while it fails, at once when its setup changes."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from data.clock import Clock, now_in_utc
from data.models import HearbackError
from data.settings import Places
from data.setup import Setup, load
from listeners.base import Listener
from listeners.schedule.pace import Pace
from listeners.schedule.rechecks import RecheckSchedule
from listeners.schedule.runs import LONGEST_PAUSE, Chance, RunOutcome, Say, Task, own_fault, run_once, tasks

TICK = 0.5  # seconds between two looks at setup.toml and at what is due
LAST_WAIT = 1.0  # seconds that visits under way are given when we are told to stop

BROKE_OFF = RunOutcome(LONGEST_PAUSE, "the visit broke off", failed=True)


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
class _SourceState:
    """Where one source stands. Written under the schedule's lock only."""

    task: Task  # as setup.toml says it now
    due: float  # monotonic seconds
    failures: int = 0
    pace: Pace = field(default_factory=Pace)
    on: bool = True
    running: bool = False
    started_with: Task | None = None  # as it was when the last visit began


@dataclass
class Schedule:
    """Visits all that is switched on, each source when it is due. `only`: the sources it keeps to; empty: all.

    Due times are the monotonic clock's: a wall clock that is set brings neither a storm of visits nor a silence. Each
    visit has a thread of its own, and a source has at most one visit: a source that hangs keeps no other waiting, and
    no more threads run than there are sources.
    """

    listeners: Sequence[Listener]
    places: Places
    say: Say
    only: frozenset[str] = frozenset()
    clock: Clock = now_in_utc
    monotonic: Callable[[], float] = time.monotonic
    chance: Chance = random.random
    start: Callable[[Callable[[], None]], None] = in_a_thread
    rechecks: RecheckSchedule | None = None
    stopping: bool = False  # set by a signal: a plain flag, because a lock could be held by whom it interrupts
    _states: dict[str, _SourceState] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)  # a visit is over

    def run(self) -> None:
        """Go on until `stopping`."""
        setup = WatchedSetup(self.places.setup, self.say)
        followed = None
        while not self.stopping:
            standing = setup.current()
            if standing is not None and standing is not followed:
                self.follow(standing)
                followed = standing
            if standing is not None and self.rechecks:
                self.rechecks.round(self._on(standing))
            self._ended.wait(min(TICK, self.start_due()))
            self._ended.clear()
        self._wait_for_runs()

    def follow(self, setup: Setup) -> None:
        """Enter what is switched on now and strike what is not; a changed setup makes a source due at once."""
        on = {task.listener.source: task for task in self._on(setup)}
        with self._lock:
            for source, state in self._states.items():
                state.on = source in on
            for source, task in on.items():
                state = self._states.setdefault(source, _SourceState(task, self.monotonic()))
                state.task = task
                if state.started_with not in (None, task):
                    state.due, state.failures = self.monotonic(), 0

    def start_due(self) -> float:
        """Start a visit to each source that is due and not visited at this moment. Return the seconds until the next
        one is due; infinite when none waits."""
        now = self.monotonic()
        with self._lock:
            waiting = [state for state in self._states.values() if state.on and not state.running]
            due = [state for state in waiting if state.due <= now]
            for state in due:
                state.running, state.started_with = True, state.task
        for state in due:
            self.start(partial(self._run_source, state.task, state.failures, state.pace, partial(self._after, state)))
        return min((state.due - now for state in waiting if state.due > now), default=math.inf)

    def once(self, setup: Setup) -> list[RunOutcome]:
        """One visit to every source that is switched on, side by side; how each went."""
        outcomes: list[RunOutcome] = []

        def note(outcome: RunOutcome) -> None:
            outcomes.append(outcome)
            self._ended.set()

        waiting = self._on(setup)
        for task in waiting:
            self.start(partial(self._run_source, task, 0, Pace(), note))
        while len(outcomes) < len(waiting) and not self.stopping:
            self._ended.wait(TICK)
            self._ended.clear()
        if self.rechecks and not self.stopping:
            self.rechecks.round(waiting)
        return outcomes

    def _on(self, setup: Setup) -> list[Task]:
        return [task for task in tasks(self.listeners, setup) if not self.only or task.listener.source in self.only]

    def _run_source(self, task: Task, failures: int, pace: Pace, ended: Callable[[RunOutcome], None]) -> None:
        outcome = BROKE_OFF
        try:
            outcome = run_once(task, self.places, failures, self.clock, self.say, self.chance, pace)
        except BaseException as fault:  # noqa: BLE001  # the outermost edge of a visit's thread: said, and tried again
            self.say(f"{task.listener.source}: {own_fault(fault)}.")
        finally:
            ended(outcome)

    def _after(self, state: _SourceState, outcome: RunOutcome) -> None:
        """A visit is over: when the next is due."""
        with self._lock:
            changed = state.started_with != state.task
            state.running = False
            state.failures = 0 if changed or not outcome.failed else state.failures + 1
            state.pace = outcome.pace or state.pace
            state.due = self.monotonic() + (0.0 if changed else outcome.pause)
        self._ended.set()

    def _wait_for_runs(self) -> None:
        ends = self.monotonic() + LAST_WAIT
        while any(state.running for state in self._states.values()) and self.monotonic() < ends:
            self._ended.wait(TICK / 5)
            self._ended.clear()
