"""Upkeep: runs expiry and rechecks on time, and after an erasure cleans every file that may still hold the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from data import files as disk
from data.analytics import published
from data.analytics.published import Publisher
from data.clock import Clock, Running, now_in_utc, seconds_running
from data.models import HearbackError, RetentionRule
from data.queue.ranks import Ranking
from data.retention import erasure, expiry, files, kept_aside, rechecks, rewriting
from data.settings import Places
from data.spool import outbox
from data.store.store import Store

SWEEP_EVERY = 300.0  # seconds between two expiries
RECHECK_EVERY = 30.0  # and between two writings of the recheck lists
SHORTEST = 600.0  # between two rewritings that nobody waits for
SHARE = 1000  # and at least so many times as long as the last one took: a disk is not written over all day
LONGEST = 6 * 3600.0


@dataclass
class Upkeep:
    """Does one round every few seconds beside the absorber. `retention_rules`: one for each source that has any;
    `is_clock_believed`: while it says no, nothing goes but what a person erased; `ranking`: with it, deletions are
    followed in what was kept aside, too."""

    store: Store
    places: Places
    retention_rules: Sequence[RetentionRule]
    publisher: Publisher
    clock: Clock = now_in_utc
    running: Running = seconds_running
    is_clock_believed: Callable[[], bool] = lambda: True
    ranking: Ranking | None = None
    _due: dict[str, float] = field(default_factory=lambda: dict.fromkeys(("sweep", "recheck", "rewrite"), 0.0))

    def round(self) -> None:
        """Do what is due. What goes by its age goes by a time that was told before the clock was checked: it may be set
        while the round is at work."""
        now = self.clock()
        is_believed = self.is_clock_believed()
        if is_believed and self._take("sweep", SWEEP_EVERY):
            files.sweep(self.places)
            published.forget_readers(self.places.published)
            expiry.count_from_now(self.store, now)
            expiry.expire(self.store, self.places, self.retention_rules, now)
            kept_aside.sweep(self.places, now)
            expiry.expire_kept(self.store, self.places, self.retention_rules, now)
        if self._is_to_finish():
            self.finish()
        if not is_believed or self._take("recheck", RECHECK_EVERY):
            self._list_rechecks(is_believed=is_believed)

    def _list_rechecks(self, *, is_believed: bool) -> None:
        if is_believed:
            rechecks.write_due(self.store, self.places, self.retention_rules, self.clock())
        else:
            rechecks.withdraw(self.places)

    def _take(self, what: str, every: float) -> bool:
        if self.running() < self._due[what]:
            return False
        self._due[what] = self.running() + every
        return True

    def _is_to_finish(self) -> bool:
        with self.store.read() as reading:
            if rewriting.is_waited_for(reading):
                return True
            return self.running() >= self._due["rewrite"] and rewriting.is_due(reading)

    def finish(self) -> None:
        """Remove what was erased from every file: approved replies, what was kept aside, recheck lists, published
        copies, the copy of before an update, and last the store's own file. HearbackError when readers kept the store's
        file open; the next round tries again."""
        started = self.running()
        self._drop_orphaned_replies()
        if self.ranking:
            erasure.follow_in_kept(self.store, self.ranking, self.places, self.clock())
        self._list_rechecks(is_believed=self.is_clock_believed())
        self.publisher.withdraw()
        disk.remove_folder(self.places.before_update)
        if not rewriting.rewrite(self.store, self.clock()):
            raise HearbackError("The store is being read without a pause, so erased text is still in its file.")
        ended = self.running()
        self._due["rewrite"] = ended + min(LONGEST, max(SHORTEST, SHARE * (ended - started)))

    def _drop_orphaned_replies(self) -> None:
        """Remove approved replies to mentions that are not stored any more, unless one is being sent."""
        entries = [one for one in outbox.replies(self.places.outbox)[0] if one.place is not outbox.OutboxState.SENDING]
        with self.store.read() as reading:
            for one in entries:
                if not reading.value(STANDS, id=one.reply.mention_id):
                    outbox.take_out(one)


STANDS = "SELECT count(*) FROM mention WHERE id = $id AND id NOT IN (SELECT mention_id FROM expired)"
