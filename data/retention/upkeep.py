"""Upkeep: runs expiry and rechecks on time, and after an erasure cleans every file that may still hold the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from data.analytics import published
from data.analytics.published import Publisher
from data.clock import Clock, Running, now_in_utc, seconds_running
from data.models import HearbackError, RetentionRule
from data.retention import expiry, files, rechecks, rewriting
from data.settings import Places
from data.spool import outbox
from data.store.store import Store

SWEEP_EVERY = 300.0  # seconds between two expiries
RECHECK_EVERY = 30.0  # and between two writings of the recheck lists
SHORTEST = 600.0  # between two rewritings that nobody waits for
SHARE = 1000  # and at least so many times as long as the last one took: a disk is not written over all day
LONGEST = 6 * 3600.0


class Upkeep:
    """Does one round every few seconds beside the absorber. `retention_rules`: one for each source that has any;
    `is_clock_believed`: while it says no, nothing goes but what a person erased."""

    def __init__(
        self,
        store: Store,
        places: Places,
        retention_rules: Sequence[RetentionRule],
        publisher: Publisher,
        clock: Clock = now_in_utc,
        running: Running = seconds_running,
        is_clock_believed: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._places = places
        self._retention_rules = retention_rules
        self._publisher = publisher
        self._clock = clock
        self._running = running
        self._is_clock_believed = is_clock_believed
        self._due = dict.fromkeys(("sweep", "recheck", "rewrite"), 0.0)

    def round(self) -> None:
        """Do what is due."""
        is_believed = self._is_clock_believed()
        if is_believed and self._take("sweep", SWEEP_EVERY):
            files.sweep(self._places)
            published.forget_readers(self._places.published)
            expiry.count_from_now(self._store, self._clock())
            expiry.expire(self._store, self._places, self._retention_rules, self._clock())
        if self._is_to_finish():
            self.finish()
        if not is_believed or self._take("recheck", RECHECK_EVERY):
            self._list_rechecks(is_believed)

    def _list_rechecks(self, is_believed: bool) -> None:
        if is_believed:
            rechecks.write_due(self._store, self._places, self._retention_rules, self._clock())
        else:
            rechecks.withdraw(self._places)

    def _take(self, what: str, every: float) -> bool:
        if self._running() < self._due[what]:
            return False
        self._due[what] = self._running() + every
        return True

    def _is_to_finish(self) -> bool:
        with self._store.read() as reading:
            if rewriting.is_waited_for(reading):
                return True
            return self._running() >= self._due["rewrite"] and rewriting.is_due(reading)

    def finish(self) -> None:
        """Remove what was erased from every file: approved replies, recheck lists, published copies, and last the
        store's own file. HearbackError when readers kept the store's file open; the next round tries again."""
        started = self._running()
        self._drop_orphaned_replies()
        self._list_rechecks(self._is_clock_believed())
        self._publisher.withdraw()
        if not rewriting.rewrite(self._store, self._clock()):
            raise HearbackError("The store is being read without a pause, so erased text is still in its file.")
        ended = self._running()
        self._due["rewrite"] = ended + min(LONGEST, max(SHORTEST, SHARE * (ended - started)))

    def _drop_orphaned_replies(self) -> None:
        """Remove approved replies to mentions that are not stored any more, unless one is being sent."""
        posted = [one for one in outbox.replies(self._places.outbox)[0] if one.place is not outbox.OutboxState.SENDING]
        with self._store.read() as reading:
            for one in posted:
                if not reading.value(STANDS, id=one.reply.mention_id):
                    outbox.take_out(one)


STANDS = "SELECT count(*) FROM mention WHERE id = $id AND id NOT IN (SELECT mention_id FROM expired)"
