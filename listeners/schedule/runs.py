"""One run of a source: load its cursor, listen, drop one batch, and only then save the new cursor."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from data import locks
from data.clock import Clock
from data.models import SAMPLE, Brand, HearbackError, Run
from data.settings import Places, secret
from data.setup import Setup
from data.spool.batches import Content, drop
from data.spool.budgets import CAP
from data.spool.credentials import EXPIRES, TOLD
from data.spool.time_check import reckoned
from listeners.base import Cursor, Estimate, FetchResult, Listener, ListenerError, Options, Setting
from listeners.border import fingerprint
from listeners.budget import Ledger
from listeners.http import server_time
from listeners.schedule import cursors
from listeners.schedule import pace as paces
from listeners.schedule.pace import Pace
from listeners.sync import slice_pace

FIRST_PAUSE = 15.0  # seconds after a first failure, at most
LONGEST_PAUSE = 900.0  # seconds; also after a permanent error
LEAST_PAUSE = 1.0
AFTER_ANOTHER = 30.0  # seconds until the next attempt when another process runs the source
NEVER_OFTENER = 0.05  # minutes; a smaller every_minutes is refused as a mistake
SELDOMEST = 7 * 24 * 60.0  # minutes

COMMON = ("on", "approved", "every_minutes", "first_days", CAP, EXPIRES)  # the options that every source has

Chance = Callable[[], float]  # a random number between 0 and 1
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What a run needs: a source, the brands, and the source's options from setup.toml."""

    listener: Listener
    brands: tuple[Brand, ...]
    options: Options


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """How a run ended. `error`: in plain words; `failed`: nothing was read; `pause`: seconds until the next run."""

    pause: float
    error: str | None = None
    failed: bool = False
    pace: Pace | None = None  # None: unchanged
    permanent: bool = False  # a person must change something


def tasks(listeners: Sequence[Listener], setup: Setup) -> list[Task]:
    """The sources that are switched on."""
    real = tuple(brand for brand in setup.brands if not brand.is_sample)
    asked = [Task(listener, real, setup.sources.get(listener.source, {})) for listener in listeners]
    return [task for task in asked if why_off(task) is None]


def why_off(task: Task) -> str | None:
    """Why a source is not listened to; None when it is switched on."""
    source, on = task.listener.source, task.options.get("on")
    if on is False:
        return f"{source} is switched off in setup.toml"
    if source == SAMPLE:
        return "the sample gave way to a real brand" if task.brands else None
    if not task.brands:
        return f"{source} has no brand to listen for: add one on the Setup page or in setup.toml"
    if lacking := lacks(task):
        return f"{source} has no {lacking.name}: set {lacking.name} under [sources.{source}] in setup.toml"
    if task.listener.policy.approval and on is not True:
        return f"{source} is off until [sources.{source}] in setup.toml says on = true"
    return None


def lacks(task: Task) -> Setting | None:
    """The first needed setting that setup.toml does not give; None when all are given."""
    needed = [setting for setting in task.listener.policy.settings if setting.needed]
    return next((setting for setting in needed if not task.options.get(setting.name)), None)


def check(task: Task) -> None:
    """Raise ListenerError when an approval or a secret is missing, or an option is unknown or unusable."""
    source, policy = task.listener.source, task.listener.policy
    if policy.approval and not task.options.get("approved"):
        wanted = f'[sources.{source}] approved = "when and by whom" in setup.toml, once you hold {policy.approval}'
        raise ListenerError(source, f"{policy.name} may not be read yet: write {wanted}", permanent=True)
    missing = [name for name in policy.secrets if not _secret(source, name)]
    if missing:
        said = f"{policy.name} needs {' and '.join(missing)} in the environment or in .streamlit/secrets.toml"
        raise ListenerError(source, said, permanent=True)
    interval(task)
    _check_names(task)


def _check_names(task: Task) -> None:
    """Raise ListenerError for an unknown option: ignoring `enabled = false` would listen against the team's will."""
    listener = task.listener
    known = dict.fromkeys([*COMMON, *(setting.name for setting in listener.policy.settings)])
    for name, said in task.options.items():
        if name not in known and not isinstance(said, dict):
            told = f"[sources.{listener.source}] in setup.toml knows no {name!r}; it knows {', '.join(known)}"
            raise ListenerError(listener.source, told, permanent=True)


def _secret(source: str, name: str) -> str | None:
    try:
        return secret(name)
    except HearbackError as trouble:
        raise ListenerError(source, str(trouble).rstrip("."), permanent=True) from None


def interval(task: Task) -> float:
    """Seconds between two runs. ListenerError when `every_minutes` is no usable number."""
    said = task.options.get("every_minutes")
    if said is None:
        return task.listener.every.total_seconds()
    if isinstance(said, bool) or not isinstance(said, int | float) or not NEVER_OFTENER <= said <= SELDOMEST:
        wrong = f"every_minutes must be a number of minutes, at most a week, not {said!r}"
        raise ListenerError(task.listener.source, wrong, permanent=True)
    return said * 60.0


def estimate(task: Task, now: datetime) -> Estimate:
    """Estimate what a source would cost a month as it is set up, before it is switched on. ListenerError when a secret
    or an approval is missing, or the source refuses."""
    if task.listener.policy.is_paid:
        check(task)
    return task.listener.estimate(task.brands, task.options, now)


def pause_after(trouble: ListenerError, failures: int, chance: Chance) -> float:
    """Seconds to wait after the `failures`-th failure in a row.

    Full jitter, its bound doubling from 15 s to 15 min; a permanent error waits 15 min. A source that names a wait is
    never asked sooner, even where that is more than 15 min.
    """
    if trouble.permanent:
        return max(LONGEST_PAUSE, trouble.retry_after or 0.0)
    bound = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 16))
    asked = trouble.retry_after or 0.0
    return max(LEAST_PAUSE, bound * chance(), asked + chance() if asked else 0.0)


def run_once(
    task: Task,
    places: Places,
    failures: int,
    clock: Clock,
    say: Say,
    chance: Chance = random.random,
    pace: Pace | None = None,
) -> RunOutcome:
    """Run a source once and drop one batch with the run in it. A lock keeps other processes from running the same
    source. `failures`: failures in a row until now; `pace`: the pace until now."""
    name = task.listener.source
    made = _SourceRun(task, places, failures, clock, say, chance, pace or Pace())
    try:
        lock = locks.take(places.locks / f"{name}.lock")
    except locks.LockIsHeld as held:
        say(f"{name}: {held} is reading it at this moment.")
        return RunOutcome(AFTER_ANOTHER * (0.95 + 0.1 * chance()))
    except OSError as trouble:
        outcome = made.on_disk_trouble(trouble)
        say(f"{name}: {outcome.error}.")
        return outcome
    with lock:
        return made.make()


@dataclass(frozen=True, slots=True)
class _SourceRun:
    """One run: its task, where its batch goes, and the source's failures and pace until now."""

    task: Task
    places: Places
    failures: int  # in a row
    clock: Clock
    say: Say
    chance: Chance
    pace: Pace

    @property
    def source(self) -> str:
        return self.task.listener.source

    def make(self) -> RunOutcome:
        started_at = self.clock()
        try:
            fetched, outcome = self._listen(started_at)
        except ListenerError as trouble:
            fetched, outcome = FetchResult(), self._failed(trouble)
        except OSError as trouble:
            fetched, outcome = FetchResult(), self.on_disk_trouble(trouble)
        except Exception as fault:  # noqa: BLE001  # the outermost edge of one source: a fault in it must not stop others
            fetched, outcome = FetchResult(), self._failed(ListenerError(self.source, own_fault(fault)))
        return self._deliver(fetched, outcome, started_at)

    def _listen(self, now: datetime) -> tuple[FetchResult, RunOutcome]:
        """Fetch what is new, and decide when the source is due again."""
        check(self.task)
        cursor = _as_asked(self.task, cursors.load(self.places.cursors, self.source, self.say))
        fetched, left = self._read(cursor, now)
        pace = paces.after(self.pace, len(fetched.found), left)
        soon = self.task.listener.soon
        pause = paces.pause(pace, interval(self.task), left, more=fetched.more, soon=soon)
        pause *= 0.95 + 0.1 * self.chance()
        return fetched, RunOutcome(pause, "; ".join(fetched.troubles) or None, pace=pace)

    def _read(self, cursor: Cursor, now: datetime) -> tuple[FetchResult, float | None]:
        """The fetch result, and the smallest remaining share of requests or money, 0 to 1; None when nothing is
        limited."""
        task = self.task
        if not task.listener.policy.is_paid:
            fetched = task.listener.listen(task.brands, task.options, cursor, now)
            return fetched, fetched.left
        ledger = Ledger(self.places.budgets, self.source, task.options, reckoned(self.places.clock, now))
        fetched = task.listener.listen(task.brands, task.options, cursor, now, ledger)
        return fetched, ledger.share if fetched.left is None else min(fetched.left, ledger.share)

    def _failed(self, trouble: ListenerError) -> RunOutcome:
        pause = pause_after(trouble, self.failures + 1, self.chance)
        return RunOutcome(pause, str(trouble), failed=True, permanent=trouble.permanent)

    def on_disk_trouble(self, trouble: OSError) -> RunOutcome:
        where = f"{trouble.filename}: " if trouble.filename else ""
        said = f"what it brought could not be kept ({where}{trouble.strerror or trouble}); it will be read again"
        return self._failed(ListenerError(self.source, said))

    def _deliver(self, fetched: FetchResult, outcome: RunOutcome, started_at: datetime) -> RunOutcome:
        """Drop the batch, then save the cursor. After a crash in between, the items are read again; none is lost."""
        content: Content = {
            "found": fetched.found,
            "answers": fetched.answers,
            "rejected": fetched.rejected,
            "gone": fetched.gone,
            "topics": fetched.topics,
            "run": self._run(fetched, outcome, started_at),
        }
        server_time.keep(self.places.clock)
        try:
            drop(self.places.incoming, self.source, started_at, **content)
            if not outcome.failed:
                cursors.save(self.places.cursors, self.source, _kept(self.task, fetched))
        except OSError as trouble:
            outcome = self.on_disk_trouble(trouble)
        if outcome.error:
            self.say(f"{self.source}: {outcome.error}" + ("" if outcome.error.endswith("?") else "."))
        return outcome

    def _run(self, fetched: FetchResult, outcome: RunOutcome, started_at: datetime) -> Run:
        ended_at = max(started_at, self.clock())  # the wall clock may have been set back meanwhile
        return Run(
            source=self.source,
            started_at=started_at,
            ended_at=ended_at,
            found=len(fetched.found),
            error=outcome.error,
            permanent=outcome.permanent,
            next_at=ended_at + timedelta(seconds=outcome.pause),
            gaps=tuple(fetched.gaps),
        )


def _as_asked(task: Task, cursor: Cursor) -> Cursor:
    """The cursor; when brands or options changed since the last run, every slice of it is due."""
    asked = _asked_for(task)
    return cursor if cursor.get("asked_for") == asked else slice_pace.all_due(cursor)


def _asked_for(task: Task) -> str:
    return fingerprint(*task.brands, sorted(task.options.items(), key=repr))


def _kept(task: Task, fetched: FetchResult) -> Cursor:
    """The cursor as it is stored: with a mark of brands and options, and the credentials' end, where it is known."""
    marked = slice_pace.with_asked_for(fetched.cursor, _asked_for(task))
    cursor = {name: said for name, said in marked.items() if name != TOLD}
    return cursor if fetched.credentials_end is None else {**cursor, TOLD: fetched.credentials_end.isoformat()}


def own_fault(fault: BaseException) -> str:
    """An unexpected exception's type and place, without its text, which may hold strangers' text or secrets."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    return f"a fault of Hearback's own: {type(fault).__name__} in {Path(last.filename).name}, line {last.lineno}"
