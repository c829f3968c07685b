"""Rechecks: asks the sources about the mentions that the app lists as due, in portions, and drops the results."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from data import locks, troubles
from data.clock import Clock
from data.models import HearbackError, Sighting
from data.settings import Places
from data.spool import recheck_lists
from data.spool.batches import Content, drop
from listeners.base import ListenerError, Rechecker, RecheckResult, RecheckTarget
from listeners.schedule.runs import LONGEST_PAUSE, Chance, Say, Task, check, own_fault, pause_after

BETWEEN = 2.0  # seconds between two portions of one source; its runs go on meanwhile
EMPTY = 30.0  # seconds until a list without new entries is read again
AGAIN = 6 * 3600.0  # seconds before an undecided mention is rechecked again
MANY = 10  # when at least so many of a portion, and more than half, are gone, the source is asked a second time


def recheck_portion(rechecker: Rechecker, task: Task, held: Sequence[RecheckTarget], now: datetime) -> RecheckResult:
    """Recheck one portion. Ids that were not asked for are ignored. When most are reported gone, they are asked for
    again: a source in trouble reports that, too, and an erased mention cannot be restored. Raises ListenerError."""
    check(task)
    asked = {one.id for one in held}
    result = rechecker.recheck(held, task.options, now)
    gone = [one for one in result.gone if one in asked]
    if len(gone) >= MANY and 2 * len(gone) > len(held):
        lost = set(gone)
        again = rechecker.recheck([one for one in held if one.id in lost], task.options, now)
        gone = [one for one in again.gone if one in lost]
    return RecheckResult(gone, [one for one in result.present if one in asked and one not in gone], result.found)


def _checked(result: RecheckResult, held: Sequence[RecheckTarget], now: datetime) -> list[Sighting]:
    """The mentions that were found at the source, changed or not."""
    seen = dict.fromkeys((*result.present, *(found.mention.id for found in result.found)))
    asked = {one.id for one in held}
    return [Sighting(one, now) for one in seen if one in asked]


@dataclass
class _RecheckState:
    due: float = 0.0  # monotonic seconds
    failures: int = 0
    running: bool = False
    asked: dict[str, float] = field(default_factory=dict)  # id -> when


@dataclass
class RecheckSchedule:
    """Rechecks due mentions at every source that can, beside its runs; one portion of a source at a time."""

    recheckers: Sequence[Rechecker]
    places: Places
    say: Say
    clock: Clock
    start: Callable[[Callable[[], None]], None]
    monotonic: Callable[[], float] = time.monotonic
    chance: Chance = random.random
    _states: dict[str, _RecheckState] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def round(self, tasks: Sequence[Task]) -> None:
        """Start a portion of each source that is switched on, is due, and is not being rechecked."""
        on = {task.listener.source: task for task in tasks}
        for rechecker in self.recheckers:
            task = on.get(rechecker.source)
            state = self._states.setdefault(rechecker.source, _RecheckState())
            if task and self._take(state):
                self.start(lambda rechecker=rechecker, task=task, state=state: self._portion(rechecker, task, state))  # type: ignore[misc]

    def _take(self, state: _RecheckState) -> bool:
        with self._lock:
            if state.running or self.monotonic() < state.due:
                return False
            state.running = True
            return True

    def _portion(self, rechecker: Rechecker, task: Task, state: _RecheckState) -> None:
        pause = LONGEST_PAUSE
        try:
            pause = self._recheck(rechecker, task, state)
            state.failures = 0
        except ListenerError as trouble:
            state.failures += 1
            pause = pause_after(trouble, state.failures, self.chance)
            self.say(f"{rechecker.source}, rechecks: {trouble}.")
        except HearbackError as trouble:
            self.say(f"{rechecker.source}, rechecks: {trouble}")
        except OSError as trouble:
            self.say(f"{rechecker.source}, rechecks: {troubles.sentence(trouble)}")
        except Exception as fault:  # noqa: BLE001  # the outermost edge of one source: a fault in it must not stop others
            self.say(f"{rechecker.source}, rechecks: {own_fault(fault)}.")
        finally:
            with self._lock:
                state.running, state.due = False, self.monotonic() + pause

    def _recheck(self, rechecker: Rechecker, task: Task, state: _RecheckState) -> float:
        """Recheck one portion; return the seconds until the next."""
        source = rechecker.source
        started = self.monotonic()
        state.asked = {one: then for one, then in state.asked.items() if started - then < AGAIN}
        listed = recheck_lists.read(self.places.recheck / f"{source}{recheck_lists.SUFFIX}")
        held = [one for one in listed if one.id not in state.asked][: rechecker.ids_at_once]
        if not held:
            return EMPTY
        with suppress(locks.LockIsHeld), locks.take(self.places.locks / f"{source}-second-looks.lock"):
            now = self.clock()
            result = recheck_portion(rechecker, task, held, now)
            told: Content = {"gone": result.gone, "found": result.found, "checked": _checked(result, held, now)}
            if any(told.values()):
                drop(self.places.incoming, source, now, **told)
            state.asked |= dict.fromkeys((one.id for one in held), started)
        return BETWEEN
