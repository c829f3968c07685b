"""Second looks: what the app lists as due is looked for at its source, in portions, and what came of it is dropped."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from data import locks
from data.clock import Clock
from data.models import Checked
from data.settings import Places
from data.spool import recheck_lists as due
from data.spool.batches import Content, drop
from listeners.base import Held, ListenerError, Looked, Rechecker
from listeners.schedule.runs import LONGEST_PAUSE, Chance, Say, Task, check, own_fault, pause_after

BETWEEN = 2.0  # seconds between two portions of one source; its visits go on meanwhile
EMPTY = 30.0  # seconds between two looks at a list in which nothing new stands
AGAIN = 6 * 3600.0  # seconds before something is asked once more that nobody could tell
MANY = 10  # so many gone of one portion, and more than half of it, is asked a second time before it is believed


def look(rechecker: Rechecker, task: Task, held: Sequence[Held], now: datetime) -> Looked:
    """Look for one portion. What was not asked for is not believed; that nearly all is gone, only when it is said
    twice: a source in trouble says so, too, and what is erased cannot be brought back. ListenerError."""
    check(task)
    asked = {one.id for one in held}
    looked = rechecker.recheck(held, task.options, now)
    gone = [one for one in looked.gone if one in asked]
    if len(gone) >= MANY and 2 * len(gone) > len(held):
        lost = set(gone)
        again = rechecker.recheck([one for one in held if one.id in lost], task.options, now)
        gone = [one for one in again.gone if one in lost]
    return Looked(gone, [one for one in looked.standing if one in asked and one not in gone], looked.found)


def _standing(looked: Looked, held: Sequence[Held], now: datetime) -> list[Checked]:
    """What was seen to stand: as it was, or saying something else now."""
    seen = dict.fromkeys((*looked.standing, *(found.mention.id for found in looked.found)))
    asked = {one.id for one in held}
    return [Checked(one, now) for one in seen if one in asked]


@dataclass
class _Turn:
    due: float = 0.0  # monotonic seconds
    failures: int = 0
    looking: bool = False
    asked: dict[str, float] = field(default_factory=dict)  # id -> when


@dataclass
class SecondLooks:
    """Looks for what is due at every source that can tell, beside its visits; one portion of a source at a time."""

    rechecks: Sequence[Rechecker]
    places: Places
    say: Say
    clock: Clock
    start: Callable[[Callable[[], None]], None]
    monotonic: Callable[[], float] = time.monotonic
    chance: Chance = random.random
    _turns: dict[str, _Turn] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def round(self, tasks: Sequence[Task]) -> None:
        """Start a portion of every source that is switched on, whose turn it is, and of which something is due."""
        on = {task.listener.source: task for task in tasks}
        for rechecker in self.rechecks:
            task = on.get(rechecker.source)
            turn = self._turns.setdefault(rechecker.source, _Turn())
            if task and self._take(turn):
                self.start(lambda rechecker=rechecker, task=task, turn=turn: self._portion(rechecker, task, turn))  # type: ignore[misc]

    def _take(self, turn: _Turn) -> bool:
        with self._lock:
            if turn.looking or self.monotonic() < turn.due:
                return False
            turn.looking = True
            return True

    def _portion(self, rechecker: Rechecker, task: Task, turn: _Turn) -> None:
        pause = LONGEST_PAUSE
        try:
            pause = self._look(rechecker, task, turn)
            turn.failures = 0
        except ListenerError as trouble:
            turn.failures += 1
            pause = pause_after(trouble, turn.failures, self.chance)
            self.say(f"{rechecker.source}, second looks: {trouble}.")
        except OSError as trouble:
            self.say(f"{rechecker.source}, second looks: {trouble.strerror or trouble}; they are made again.")
        except Exception as fault:  # noqa: BLE001  # the outermost edge of one source: a fault in it must not stop others
            self.say(f"{rechecker.source}, second looks: {own_fault(fault)}.")
        finally:
            with self._lock:
                turn.looking, turn.due = False, self.monotonic() + pause

    def _look(self, rechecker: Rechecker, task: Task, turn: _Turn) -> float:
        """One portion; seconds until the next."""
        source = rechecker.source
        started = self.monotonic()
        turn.asked = {one: then for one, then in turn.asked.items() if started - then < AGAIN}
        listed = due.read(self.places.recheck / f"{source}{due.SUFFIX}")
        held = [one for one in listed if one.id not in turn.asked][: rechecker.ids_at_once]
        if not held:
            return EMPTY
        with suppress(locks.LockIsHeld), locks.take(self.places.locks / f"{source}-second-looks.lock"):
            now = self.clock()
            looked = look(rechecker, task, held, now)
            told: Content = {"gone": looked.gone, "found": looked.found, "checked": _standing(looked, held, now)}
            if any(told.values()):
                drop(self.places.incoming, source, now, **told)
            turn.asked |= dict.fromkeys((one.id for one in held), started)
        return BETWEEN
