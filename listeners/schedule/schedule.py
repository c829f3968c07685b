"""The schedule: runs each source when it is due, more often while it is busy, and at once when its setup changes."""

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

TICK = 0.5  # seconds between two checks of setup.toml and of what is due
LAST_WAIT = 1.0  # seconds that active runs are given after a signal to stop

BROKE_OFF = RunOutcome(LONGEST_PAUSE, "the visit broke off", failed=True)


def in_a_thread(work: Callable[[], None]) -> None:
    """Start `work` in a daemon thread, which does not keep the process alive."""
    threading.Thread(target=work, daemon=True).start()


class WatchedSetup:
    """setup.toml, read again when it changes. While it cannot be read, the last good one is used; that is reported
    once."""

    def __init__(self, path: Path, say: Say) -> None:
        self._path = path
        self._say = say
        self._seen: object = None
        self._broken = False
        self._good: Setup | None = None

    def current(self) -> Setup | None:
        """The last setup that could be read; None when there was none."""
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
    """One source's state in the schedule. Written under the schedule's lock only."""

    task: Task  # from the present setup.toml
    due: float  # monotonic seconds
    failures: int = 0
    pace: Pace = field(default_factory=Pace)
    on: bool = True
    running: bool = False
    started_with: Task | None = None  # the task when the last run began


@dataclass
class Schedule:
    """Runs all sources that are switched on, each when it is due. `only`: run these sources only; empty: all.

    Due times are in monotonic seconds, so setting the wall clock changes nothing. Each run has its own thread, and a
    source has at most one run: a source that hangs delays no other, and there are no more threads than sources.
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
    stopping: bool = False  # set by a signal handler: a plain flag, because the interrupted code could hold a lock
    _states: dict[str, _SourceState] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)  # a run ended

    def run(self) -> None:
        """Run the sources until `stopping` is set."""
        setup = WatchedSetup(self.places.setup, self.say)
        followed = None
        while not self.stopping:
            latest = setup.current()
            if latest is not None and latest is not followed:
                self.follow(latest)
                followed = latest
            if latest is not None and self.rechecks:
                self.rechecks.round(self._on(latest))
            self._ended.wait(min(TICK, self.start_due()))
            self._ended.clear()
        self._wait_for_runs()

    def follow(self, setup: Setup) -> None:
        """Add the sources that are switched on now and suspend the others. A changed setup makes its source due at
        once."""
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
        """Start a run of each source that is due and not running. Return the seconds until the next one is due;
        infinity when none waits."""
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
        """Run every source that is switched on once, in parallel; return the outcomes."""
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
        except BaseException as fault:  # noqa: BLE001  # the outermost edge of a run's thread: reported, and tried again
            self.say(f"{task.listener.source}: {own_fault(fault)}.")
        finally:
            ended(outcome)

    def _after(self, state: _SourceState, outcome: RunOutcome) -> None:
        """Note a run's end and when the next is due."""
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
