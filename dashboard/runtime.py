"""The runtime: what the app process holds while it runs: the store, its threads, and the listeners' process."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from analysis import ranking
from analysis.scoring import scoring
from data import setup, troubles
from data.analytics.published import Publisher
from data.backup import opening
from data.backup.schedule import BackupSchedule
from data.clock import Clock, now_in_utc
from data.ingest import absorber
from data.ingest.put_off import PutOff
from data.loops import Loop
from data.models import HearbackError
from data.monitoring import leftovers
from data.monitoring.health import lying, whole
from data.retention import newest
from data.retention.upkeep import Upkeep
from data.scores import rescoring, scorer
from data.scores.scorer import Judgement
from data.scores.training import Trainer
from data.settings import Places
from data.spool.time_check import BELIEVED, TimeCheck
from data.store.store import Store
from listeners.registry import LISTENERS
from listeners.retention import retention_policies
from listeners.schedule.runs import tasks
from listeners.supervisor import Supervisor

_logger = logging.getLogger(__name__)

TRAIN_EVERY = 2.0  # seconds between two looks at whether there is enough to learn from
ARCHIVE_EVERY = 0.5  # and at whether a command asks for a backup
HEAL_EVERY = 1.0  # and at whether the store must be opened again
HEALTH_PATIENCE = 1.0  # seconds that a report of health waits for a store that is being exchanged


@dataclass(frozen=True, slots=True)
class Runtime:
    """The open store and everything that works on it. `listeners`: None where this app does not run them."""

    places: Places
    store: Store
    judgement: Judgement
    loops: dict[str, Loop]
    listeners: Supervisor | None
    trainer: Trainer | None = None
    clock: Clock = now_in_utc
    time_check: TimeCheck | None = None
    backups: BackupSchedule | None = None
    _figures: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # "latest": as they were read last

    def close(self) -> None:
        """Stop the listeners, let each thread finish its round, close the store."""
        if self.listeners:
            self.listeners.stop()
        for loop in self.loops.values():
            loop.stop()
        self.store.close()

    def health(self, now: datetime) -> tuple[bool, dict[str, Any]]:
        """Whether all is well, and the state of the store, the threads and the listeners in plain words. A source that
        waits for a person is trouble; one that is silent, behind or near its cap is reported and is none. While the
        store cannot be read, its figures are those that were read last; what lies in the folders is counted anew."""
        trouble = self._read_figures(now) or self.store.trouble
        figures = {**self._figures.get("latest", NO_FIGURES), **lying(self.places)}
        threads = {name: _state(loop) for name, loop in self.loops.items()}
        child = self.listeners.pid if self.listeners else None
        alive = child is not None or self.listeners is None
        broken = any(concern["broken"] for row in figures["listeners"].values() for concern in row["concerns"])
        doubt = self.time_check.look() if self.time_check else BELIEVED
        backups = self.backups.state() if self.backups else NO_BACKUPS
        threads_run = all(state == "ok" for state in threads.values()) and not backups["trouble"]
        well = alive and not broken and not trouble and not doubt.asks and threads_run
        report = {
            "status": "ok" if well else "trouble",
            "store": trouble or "ok",
            "clock": doubt.says or "ok",
            "kept_aside": leftovers.told(self.places),
            "backup": backups,
            **threads,
            "listeners": "ok" if child else "not started here" if alive else "starting again",
            "listeners_pid": child,
            "figures": figures,
        }
        return report["status"] == "ok", report

    def _read_figures(self, now: datetime) -> str | None:
        """Read the figures anew; return why that was not possible."""
        try:
            with self.store.read(HEALTH_PATIENCE) as connection:
                figures = whole(connection, self.places, now, self.switched_on())
        except HearbackError as trouble:
            return str(trouble)
        except OSError as trouble:
            return troubles.sentence(trouble)
        self._figures["latest"] = figures
        return None

    def switched_on(self) -> set[str] | None:
        """The names of the sources that are listened to; None while setup.toml cannot be read."""
        try:
            return {task.listener.source for task in tasks(LISTENERS, setup.load(self.places.setup))}
        except HearbackError:
            return None


NO_BACKUPS: Mapping[str, Any] = {"schedule": "no schedule", "newest": None, "trouble": None}
NO_FIGURES: Mapping[str, Any] = {
    **dict.fromkeys(("mentions", "open", "snoozed", "old", "unscored", "rejected", "actions", "waiting"), 0),
    "rescoring": None,
    "listeners": {},
}  # where the store could never be read


def _state(loop: Loop) -> str:
    if loop.trouble:
        return loop.trouble
    if not loop.is_alive():
        return "stopped"
    return "ok"


def open_runtime(places: Places, *, listen: bool = True, clock: Clock = now_in_utc) -> Runtime:
    """Open the store, start the threads and, unless `listen` is False, the listeners' process. HearbackError when
    another process holds the store or it cannot be read."""
    store = _opened(places)
    judgement = Judgement(ranking, scoring.score_line, scoring.under)
    publisher = Publisher(store, places.published)
    check = newest.time_check(store, places, clock)

    def is_believed() -> bool:
        return check.look().is_believed

    scoring_loop = Loop("scorer", lambda: scorer.score_waiting(store, judgement, clock), rest=absorber.LOOK_EVERY)
    policies = retention_policies()
    upkeep = Upkeep(store, places, policies, publisher, clock, is_clock_believed=is_believed, ranking=ranking)
    put_off = PutOff()
    loops = {
        "absorber": Loop(
            "absorber",
            lambda: list(absorber.absorb_waiting(store, judgement, places, clock, is_believed, put_off)),
            absorber.LOOK_EVERY,
        ),
        "scorer": scoring_loop,
        "publisher": Loop("publisher", publisher.publish, rest=1.0),
        "upkeep": Loop("upkeep", upkeep.round, rest=2.0),
    }
    trainer = Trainer(store, scoring.SCORER, clock)
    loops["trainer"] = Loop("trainer", trainer.go_on, rest=TRAIN_EVERY)
    maker = rescoring.Rescoring(store, ranking, scoring.SCORER, clock)
    loops["rescorer"] = Loop("rescorer", lambda: maker.go_on(loops["rescorer"].is_leaving), rest=1.0)
    loops["healer"] = Loop("healer", lambda: _heal(store, loops), rest=HEAL_EVERY)
    backups = BackupSchedule(store, places, clock)
    loops["archiver"] = Loop("archiver", backups.round, rest=ARCHIVE_EVERY)
    for loop in loops.values():
        loop.start()
    supervisor = Supervisor() if listen else None
    if supervisor:
        supervisor.start()
    return Runtime(places, store, judgement, loops, supervisor, trainer, clock, check, backups)


def _opened(places: Places) -> Store:
    """The store of a data folder that is closed to others. HearbackError when it cannot be opened."""
    places.close_to_others()
    try:
        return opening.open_store(places)
    except OSError as trouble:
        raise HearbackError(troubles.sentence(trouble)) from None


def _heal(store: Store, loops: Mapping[str, Loop]) -> None:
    """Do what brings the store back; when it is back, let nobody rest any longer."""
    if store.heal():
        for loop in loops.values():
            loop.wake()


def report(at: datetime | None = None) -> tuple[bool, dict[str, Any]]:
    """The report of Runtime.health at this moment, also where no runtime is started, or none any more."""
    try:
        return runtime().health(at or now())
    except HearbackError as trouble:
        return False, {"status": "trouble", "store": str(trouble), "figures": dict(NO_FIGURES)}
    except Exception as trouble:  # the outermost edge of a request: whoever asks is told in any case
        said = f"The state cannot be told: {type(trouble).__name__}. Look into the log of the app."
        _logger.error("The state cannot be told", exc_info=trouble)
        return False, {"status": "trouble", "store": said, "figures": dict(NO_FIGURES)}


_held: list[Runtime] = []  # at most one


def use_runtime(started: Runtime | None) -> None:
    """Set the runtime that the pages of this process work with; None removes it."""
    _held[:] = [started] if started else []


def runtime() -> Runtime:
    """The runtime that the pages work with. HearbackError where none was started."""
    if not _held:
        raise HearbackError("The dashboard is started with: streamlit run app.py (or make run).")
    return _held[0]


def now() -> datetime:
    """This moment, by the clock of the runtime."""
    return _held[0].clock() if _held else now_in_utc()
