"""APScheduler as we use it: due times by the monotonic clock, one thread a visit, never two visits of a source at once.

It keeps due times by the wall clock, which may jump: `datetime.now(timezone)`. A time zone may say what time it is in
it, so ours tells the monotonic clock's. And its own pool waits for every thread when the process ends; a source that
hangs would keep us alive, so each visit has a thread that nobody waits for.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED
from apscheduler.executors.base import BaseExecutor, run_job
from apscheduler.job import Job
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.base import BaseTrigger

FAR = 400 * 86_400.0  # seconds; due then: not before somebody says so

# It would print the traceback of a visit that broke off, and what strangers or our environment said with it.
logging.getLogger("apscheduler").setLevel(logging.CRITICAL)


class SteadyTime(tzinfo):
    """Where it is as late as the monotonic clock says, whatever is done to the wall clock."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic

    def fromutc(self, moment: datetime) -> datetime:
        """What time it is; `moment`, which the wall clock says, is not looked at."""
        return self.moment(self._monotonic())

    def moment(self, seconds: float) -> datetime:
        """A reading of the monotonic clock as an instant."""
        return datetime(2000, 1, 1, tzinfo=self) + timedelta(seconds=seconds)

    def utcoffset(self, _: datetime | None) -> timedelta:
        return timedelta(0)

    def dst(self, _: datetime | None) -> timedelta:
        return timedelta(0)

    def tzname(self, _: datetime | None) -> str:
        return "steady"


class Threads(BaseExecutor):  # type: ignore[misc]  # APScheduler states no types
    """One thread a visit; none keeps the process alive."""

    def _do_submit_job(self, job: Job, run_times: list[datetime]) -> None:
        threading.Thread(target=self._run, args=(job, run_times), name=job.id, daemon=True).start()

    def _run(self, job: Job, run_times: list[datetime]) -> None:
        events = run_job(job, job._jobstore_alias, run_times, self._logger.name)
        self._run_job_success(job.id, events)


class _Asking(BaseTrigger):  # type: ignore[misc]
    """Due when `due` says, in seconds of the monotonic clock; once started, not before it is asked anew."""

    def __init__(self, due: Callable[[], float], steady: SteadyTime) -> None:
        self._due = due
        self._steady = steady

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return now + timedelta(seconds=FAR) if previous_fire_time else self._steady.moment(self._due())


class Timetable:
    """Who is due when, by name. `ended` is told who has been visited and what came of it, None when it broke off."""

    def __init__(
        self,
        monotonic: Callable[[], float],
        ended: Callable[[str, Any], None],
        kind: Callable[..., BaseScheduler] = BackgroundScheduler,
        executor: BaseExecutor | None = None,
    ) -> None:
        """`kind`: APScheduler's scheduler, and `executor` what it starts work with; tests bring their own."""
        self._steady = SteadyTime(monotonic)
        self._scheduler = kind(
            timezone=self._steady,
            executors={"default": executor or Threads()},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
        )
        # Not at the end of the work itself: until the executor has counted it as over, it could not start again.
        self._scheduler.add_listener(
            lambda event: ended(event.job_id, event.retval), EVENT_JOB_EXECUTED | EVENT_JOB_ERROR
        )

    def start(self) -> None:
        """Begin to start what is due."""
        self._scheduler.start()

    def stop(self) -> None:
        """Start nothing any more; what runs goes on."""
        self._scheduler.shutdown(wait=False)

    def enter(self, name: str, work: Callable[[], object], due: Callable[[], float]) -> None:
        """Enter somebody, or ask anew when they are due: `due` says it in seconds of the monotonic clock."""
        if not self.look_again(name):
            self._scheduler.add_job(work, _Asking(due, self._steady), id=name)

    def look_again(self, name: str) -> bool:
        """Ask anew when somebody is due; whether they are on the table."""
        with suppress(JobLookupError):
            self._scheduler.resume_job(name)
            return True
        return False

    def strike(self, name: str) -> None:
        """Take somebody off it; unknown names are no matter."""
        with suppress(JobLookupError):
            self._scheduler.remove_job(name)
