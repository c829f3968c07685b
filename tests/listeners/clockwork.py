"""A schedule whose clocks a test moves: a wall clock, a monotonic clock, and visits that run when the test says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.executors.base import BaseExecutor, run_job
from apscheduler.schedulers.base import BaseScheduler

from listeners.schedule.schedule import Schedule

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class ByHand(BaseScheduler):
    """APScheduler without a thread: it looks for what is due when it is told to."""

    def wakeup(self):
        pass

    def shutdown(self, wait=True):
        super().shutdown(wait)

    def look(self):
        """Start what is due; return the seconds until the next is."""
        return self._process_jobs()


class Started(BaseExecutor):
    """Keeps what was started until somebody lets it run."""

    def __init__(self):
        super().__init__()
        self.waiting = []

    def _do_submit_job(self, job, run_times):
        self.waiting.append(partial(self._run, job, run_times))

    def _run(self, job, run_times):
        self._run_job_success(job.id, run_job(job, job._jobstore_alias, run_times, self._logger.name))

    def finish(self):
        while self.waiting:
            self.waiting.pop(0)()


class Hours:
    """A wall clock and a monotonic clock, each moved on its own, and a schedule that goes by them."""

    def __init__(self, chance=lambda: 0.5, wall=NOON):
        self.wall = wall
        self.steady = 1000.0
        self.started = Started()
        self.chance = chance

    def _by_hand(self, **options):
        self.scheduler = ByHand(**options)
        return self.scheduler

    def schedule(self, kept, *listeners, said=None, **facts):
        schedule = Schedule(
            listeners,
            kept,
            (said if said is not None else []).append,
            clock=lambda: self.wall,
            monotonic=lambda: self.steady,
            chance=self.chance,
            kind=self._by_hand,
            executor=self.started,
            **facts,
        )
        schedule.timetable.start()
        return schedule

    def look(self):
        """Visit all that is due; return the seconds until the next is."""
        self.scheduler.look()
        self.started.finish()
        return self.scheduler.look()

    def round(self, schedule, setup):
        schedule.follow(setup)
        return self.look()

    def pass_by(self, seconds):
        """Time goes on, on both clocks."""
        self.steady += seconds
        self.wall += timedelta(seconds=seconds)
