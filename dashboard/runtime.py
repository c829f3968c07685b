"""The runtime: what the app process holds while it runs: the store, its threads, and the listeners' process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from analysis import ranking
from analysis.scoring import scoring
from data import setup
from data.analytics.published import Publisher
from data.clock import Clock, now_in_utc
from data.ingest import absorber
from data.loops import Loop
from data.models import HearbackError
from data.monitoring.health import whole
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

TEACH_EVERY = 2.0  # seconds between two looks at whether there is enough to learn from


@dataclass(frozen=True, slots=True)
class Runtime:
    """The open store and everything that works on it. `listeners`: None where this app does not run them."""

    places: Places
    store: Store
    judgement: Judgement
    loops: dict[str, Loop]
    listeners: Supervisor | None
    teacher: Trainer | None = None
    clock: Clock = now_in_utc
    time_check: TimeCheck | None = None

    def close(self) -> None:
        """Stop the listeners, let each thread finish its round, close the store."""
        if self.listeners:
            self.listeners.stop()
        for loop in self.loops.values():
            loop.stop()
        self.store.close()

    def health(self, now: datetime) -> tuple[bool, dict[str, Any]]:
        """Whether all is well, and the state of the store, the threads and the listeners in plain words. A source that
        waits for a person is trouble; one that is silent, behind or near its cap is reported and is none."""
        with self.store.read() as connection:
            figures = whole(connection, self.places, now, self._switched_on())
        threads = {name: _state(loop) for name, loop in self.loops.items()}
        child = self.listeners.pid if self.listeners else None
        alive = child is not None or self.listeners is None
        broken = any(concern["broken"] for row in figures["listeners"].values() for concern in row["concerns"])
        doubt = self.time_check.look() if self.time_check else BELIEVED
        well = alive and not broken and not doubt.asks and all(state == "ok" for state in threads.values())
        report = {
            "status": "ok" if well else "trouble",
            "store": "ok",
            "clock": doubt.says or "ok",
            **threads,
            "listeners": "ok" if child else "not started here" if alive else "starting again",
            "listeners_pid": child,
            "figures": figures,
        }
        return report["status"] == "ok", report

    def _switched_on(self) -> set[str] | None:
        """The names of the sources that are listened to; None while setup.toml cannot be read."""
        try:
            return {task.listener.source for task in tasks(LISTENERS, setup.load(self.places.setup))}
        except HearbackError:
            return None


def _state(loop: Loop) -> str:
    if loop.trouble:
        return loop.trouble
    if not loop.is_alive():
        return "stopped"
    return "ok"


def open_runtime(places: Places, *, listen: bool = True, clock: Clock = now_in_utc) -> Runtime:
    """Open the store, start the threads and, unless `listen` is False, the listeners' process. HearbackError when
    another process holds the store or it cannot be read."""
    store = Store(places.store)
    judgement = Judgement(ranking, scoring.score_line, scoring.under)
    publisher = Publisher(store, places.published)
    check = newest.time_check(store, places, clock)

    def is_believed() -> bool:
        return check.look().is_believed

    scoring_loop = Loop("scorer", lambda: scorer.score_waiting(store, judgement, clock), rest=absorber.LOOK_EVERY)
    upkeep = Upkeep(store, places, retention_policies(), publisher, clock, is_clock_believed=is_believed)
    loops = {
        "absorber": Loop(
            "absorber",
            lambda: list(absorber.absorb_waiting(store, judgement, places, clock, is_believed)),
            absorber.LOOK_EVERY,
        ),
        "scorer": scoring_loop,
        "publisher": Loop("publisher", publisher.publish, rest=1.0),
        "upkeep": Loop("upkeep", upkeep.round, rest=2.0),
    }
    teacher = Trainer(store, scoring.SCORER)
    loops["teacher"] = Loop("teacher", teacher.go_on, rest=TEACH_EVERY)
    maker = rescoring.Rescoring(store, ranking, scoring.SCORER)
    loops["rescorer"] = Loop("rescorer", lambda: maker.go_on(loops["rescorer"].is_leaving), rest=1.0)
    for loop in loops.values():
        loop.start()
    supervisor = Supervisor() if listen else None
    if supervisor:
        supervisor.start()
    return Runtime(places, store, judgement, loops, supervisor, teacher, clock, check)


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
