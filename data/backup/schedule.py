"""Makes backups on schedule, and does what a command asks of the app that owns the store."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from data import setup, troubles
from data.backup import backing_up, checking, pruning, requests, telling
from data.backup.requests import CopyOutcome, CopyRequest
from data.clock import Clock, Running, now_in_utc, seconds_running
from data.models import HearbackError
from data.people.rights import OURSELVES
from data.retention import erased
from data.settings import Places
from data.setup import BackupPlan
from data.store.store import Store

LOOK_EVERY = 10.0  # seconds between two looks at whether a backup is due
AGAIN_AFTER = 900.0  # seconds after one that failed: it may have written gigabytes


class BackupSchedule:
    """The work of one thread of the app. `running`: seconds of a clock that nobody can set, by which two backups are
    kept apart; the wall clock decides at the start alone."""

    def __init__(
        self, store: Store, here: Places, clock: Clock = now_in_utc, running: Running = seconds_running
    ) -> None:
        self._store = store
        self._here = here
        self._clock = clock
        self._running = running
        self._look_at = 0.0
        self._not_before = 0.0
        self._is_begun = self._is_caught_up = False
        self._plan: BackupPlan | None = None
        self._newest: datetime | None = None
        self._trouble: str | None = None

    def round(self) -> None:
        """Do what was asked for and what is due. OSError, HearbackError when a folder of ours cannot be used."""
        if not self._is_begun:
            requests.sweep(self._here)
            self._is_begun = True
        requests.serve(self._here, self._do)
        if self._running() >= self._look_at:
            self._look_at = self._running() + LOOK_EVERY
            self._follow_plan()
        if not self._is_caught_up:  # last: while its disk is full, backups to another one are made all the same
            erased.catch_up(self._store, self._here)
            self._is_caught_up = True

    def state(self) -> dict[str, Any]:
        """What /healthz says: whether there is a schedule, when the newest backup was made, why the latest failed."""
        told = f"every {self._plan.every.total_seconds() / 3600:g} hours" if self._plan else "no schedule"
        newest = self._newest.isoformat() if self._newest else None
        return {"schedule": told, "newest": newest, "trouble": self._trouble}

    def _follow_plan(self) -> None:
        with suppress(HearbackError):  # the absorber says what is wrong with setup.toml; the plan of before stands
            plan = setup.load(self._here.setup).backup
            if plan != self._plan:
                self._plan, self._not_before, self._trouble = plan, 0.0, None
        if self._plan is None:
            self._newest = None
            return
        try:
            self._make_if_due(self._plan)
        except HearbackError as trouble:
            self._fail(str(trouble))
        except OSError as trouble:
            self._fail(troubles.sentence(trouble))

    def _fail(self, trouble: str) -> None:
        self._trouble, self._not_before = trouble, self._running() + AGAIN_AFTER

    def _make_if_due(self, plan: BackupPlan) -> None:
        if self._running() < self._not_before:
            return
        if not plan.folder.is_dir():
            raise HearbackError(f"{plan.folder}, the folder of the backups, is not there. Make it, or mount its disk.")
        installation = pruning.installation(self._here)
        known = pruning.kept(plan.folder, installation)
        self._newest = known[0].made.created_at if known else None
        age = self._clock() - self._newest if self._newest else plan.every
        if age < plan.every and age.total_seconds() >= 0:
            self._trouble, self._not_before = None, self._running() + (plan.every - age).total_seconds()
            return
        self._make(plan, installation)

    def _make(self, plan: BackupPlan, installation: str) -> None:
        pruning.sweep(plan.folder, installation)
        folder = plan.folder / pruning.name(installation, self._clock())
        mark = pruning.mark(installation, folder.name)
        self._newest = backing_up.make(self._store, self._here, folder, OURSELVES, self._clock, mark).created_at
        self._trouble, self._not_before = None, self._running() + plan.every.total_seconds()
        pruning.prune(plan.folder, plan.keep, folder, installation)

    def _do(self, request: CopyRequest) -> CopyOutcome:
        if request.what == "backup":
            folder = Path(request.folder)
            made = backing_up.make(self._store, self._here, folder, request.actor, self._clock)
            return CopyOutcome(telling.of_backup(folder, made))
        if request.what == "check":
            return telling.of_check(checking.check(self._store, request.actor, self._clock()))
        return CopyOutcome("", f"This version of the app does not know {request.what!r}. Start it again.")
