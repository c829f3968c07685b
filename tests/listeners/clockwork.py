"""A schedule whose clocks a test moves: a wall clock, a monotonic clock, and visits that run when the test says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from listeners.schedule.schedule import Schedule

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Hours:
    """A wall clock and a monotonic clock, each moved on its own, and a schedule that goes by them."""

    def __init__(self, chance=lambda: 0.5, wall=NOON):
        self.wall = wall
        self.steady = 1000.0
        self.started = []  # visits that were started and wait until somebody lets them run
        self.chance = chance

    def schedule(self, kept, *listeners, said=None, **facts):
        self.newest = Schedule(
            listeners,
            kept,
            (said if said is not None else []).append,
            clock=lambda: self.wall,
            monotonic=lambda: self.steady,
            chance=self.chance,
            start=self.started.append,
            **facts,
        )
        return self.newest

    def look(self):
        """Visit all that is due; return the seconds until the next is."""
        self.newest.start_due()
        while self.started:
            self.started.pop(0)()
        return self.newest.start_due()

    def round(self, schedule, setup):
        schedule.follow(setup)
        return self.look()

    def pass_by(self, seconds):
        """Time goes on, on both clocks."""
        self.steady += seconds
        self.wall += timedelta(seconds=seconds)
