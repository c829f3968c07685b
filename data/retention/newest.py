"""The newest instant that a store knows, and the check of the clock that starts from it."""

from __future__ import annotations

from datetime import datetime

from data.clock import Clock, now_in_utc
from data.people.rights import Actor, Verb
from data.settings import Places
from data.spool.time_check import TimeCheck
from data.store.store import Connection, Store


def instant(store: Connection) -> datetime | None:
    """The newest instant at which anything was stored; None for an empty store."""
    newest: datetime | None = store.value(NEWEST)
    return newest


def confirm(check: TimeCheck, by: Actor) -> datetime:
    """Confirm that the time which this machine tells is right; return it. Forbidden, OSError."""
    by.insist(Verb.CONFIRM_CLOCK)
    return check.confirm()


def time_check(store: Store, places: Places, clock: Clock = now_in_utc) -> TimeCheck:
    """The check of this machine's clock for whoever has the store open."""

    def newest() -> datetime | None:
        with store.read() as reading:
            return instant(reading)

    return TimeCheck(places.clock, newest, clock)


NEWEST = """
SELECT greatest(
    (SELECT max(absorbed_at) FROM batch), (SELECT max(collected_at) FROM mention),
    (SELECT max(recorded_at) FROM action), (SELECT max(checked_at) FROM sighting), (SELECT max(scored_at) FROM score)
)
"""
