"""When each source is visited: every one in a thread of its own, due by the monotonic clock, backing off on failures.

The standard library does it. APScheduler 3 keeps due times by the wall clock, which may jump, and would still leave us
to write what decides here: back-off with Retry-After, one visit at a time, a changed setup at once.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from data.models import HearbackError
from data.settings import Places
from data.setup import Setup, load
from listeners.base import Listener, PaidListener
from listeners.visits import LONGEST_PAUSE, Chance, Outcome, Say, Task, tasks, visit

TICK = 0.5  # seconds between two looks at setup.toml and at what is due
FAREWELL = 1.0  # seconds that visits under way are given when we are told to stop

Start = Callable[[Callable[[], None]], None]


def in_a_thread(work: Callable[[], None]) -> None:
    """Start `work` beside us; it never keeps the process alive."""
    threading.Thread(target=work, daemon=True).start()


def now_in_utc() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


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

    due: float = 0.0  # monotonic seconds
    failures: int = 0
    visiting: bool = False
    last: Task | None = None  # as it was at the last visit


@dataclass
class Schedule:
    """Visits all that is switched on, each source when it is due. `only`: the sources it keeps to; empty: all."""

    listeners: Sequence[Listener | PaidListener]
    places: Places
    say: Say
    only: frozenset[str] = frozenset()
    clock: Callable[[], datetime] = now_in_utc
    monotonic: Callable[[], float] = time.monotonic
    chance: Chance = random.random
    start: Start = in_a_thread
    stopping: bool = False  # set by a signal: a plain flag, because a lock could be held by whom it interrupts
    _turns: dict[str, _Turn] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)  # a visit is over

    def run(self) -> None:
        """Go on until `stopping`."""
        setup = WatchedSetup(self.places.setup, self.say)
        while not self.stopping:
            standing = setup.current()
            if standing is not None:
                self.round(standing)
            self._ended.wait(TICK)
            self._ended.clear()
        self._say_farewell()

    def round(self, setup: Setup) -> None:
        """Start every visit that is due now."""
        for task in self._on(setup):
            turn = self._turns.setdefault(task.listener.source, _Turn())
            if self._take(turn, task):
                self.start(partial(self._visit, turn, task))

    def once(self, setup: Setup) -> list[Outcome]:
        """One visit to every source that is switched on, side by side; how each went."""
        outcomes: list[Outcome] = []
        waiting = self._on(setup)
        for task in waiting:
            self.start(partial(self._visit, _Turn(visiting=True), task, outcomes.append))
        while len(outcomes) < len(waiting) and not self.stopping:
            self._ended.wait(TICK)
            self._ended.clear()
        return outcomes

    def _on(self, setup: Setup) -> list[Task]:
        return [task for task in tasks(self.listeners, setup) if not self.only or task.listener.source in self.only]

    def _take(self, turn: _Turn, task: Task) -> bool:
        """Whether the source is to be visited now; a changed setup makes it due at once."""
        with self._lock:
            changed = turn.last is not None and turn.last != task
            if turn.visiting or not (changed or self.monotonic() >= turn.due):
                return False
            turn.visiting, turn.last = True, task
            turn.failures = 0 if changed else turn.failures
            return True

    def _visit(self, turn: _Turn, task: Task, tell: Callable[[Outcome], None] | None = None) -> None:
        outcome = Outcome(LONGEST_PAUSE, "the visit broke off", failed=True)
        try:
            outcome = visit(task, self.places, turn.failures, self.clock, self.say, self.chance)
        finally:
            with self._lock:
                turn.visiting = False
                turn.failures = turn.failures + 1 if outcome.failed else 0
                turn.due = self.monotonic() + outcome.pause
            if tell:
                tell(outcome)
            self._ended.set()

    def _say_farewell(self) -> None:
        ends = self.monotonic() + FAREWELL
        while any(turn.visiting for turn in self._turns.values()) and self.monotonic() < ends:
            self._ended.wait(TICK / 5)
            self._ended.clear()
