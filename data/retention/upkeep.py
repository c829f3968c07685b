"""Upkeep: what may not stay goes in time, and what was erased is followed into every file that could still hold it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from data.analytics.published import Publisher
from data.clock import Clock, now_in_utc
from data.models import HearbackError, Keeping
from data.retention import expiry, files, rechecks, rewriting
from data.settings import Places
from data.spool import outbox
from data.store.store import Store

SWEEP_EVERY = 300.0  # seconds between two looks for texts that expire
LOOK_EVERY = 30.0  # and for mentions that are due at their source
SHORTEST = 600.0  # between two rewritings that nobody waits for
SHARE = 1000  # and at least so many times as long as the last one took: a disk is not written over all day
LONGEST = 6 * 3600.0


class Upkeep:
    """One round every few seconds, beside the absorber. `keepings`: what each source's policy asks."""

    def __init__(
        self,
        store: Store,
        places: Places,
        keepings: Sequence[Keeping],
        publisher: Publisher,
        clock: Clock = now_in_utc,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._places = places
        self._keepings = keepings
        self._publisher = publisher
        self._clock = clock
        self._monotonic = monotonic
        self._due = dict.fromkeys(("sweep", "look", "rewrite"), 0.0)

    def round(self) -> None:
        """Do what is due."""
        if self._take("sweep", SWEEP_EVERY):
            files.sweep(self._places)
            expiry.expire(self._store, self._places, self._keepings, self._clock())
        if self._is_to_finish():
            self.finish()
        if self._take("look", LOOK_EVERY):
            rechecks.write_due(self._store, self._places, self._keepings, self._clock())

    def _take(self, what: str, every: float) -> bool:
        if self._monotonic() < self._due[what]:
            return False
        self._due[what] = self._monotonic() + every
        return True

    def _is_to_finish(self) -> bool:
        with self._store.read() as reading:
            if rewriting.is_waited_for(reading):
                return True
            return self._monotonic() >= self._due["rewrite"] and rewriting.is_due(reading)

    def finish(self) -> None:
        """Follow what was erased into every file: letters, lists for second looks, published copies, and last the
        store itself, which notes that it is done. HearbackError when somebody reads on and on; it is tried again."""
        started = self._monotonic()
        self._take_letters_out()
        rechecks.write_due(self._store, self._places, self._keepings, self._clock())
        self._publisher.withdraw()
        if not rewriting.rewrite(self._store, self._clock()):
            raise HearbackError("The store is being read without a pause, so erased text is still in its file.")
        ended = self._monotonic()
        self._due["rewrite"] = ended + min(LONGEST, max(SHORTEST, SHARE * (ended - started)))

    def _take_letters_out(self) -> None:
        """An approved answer to what is not stored any more is not sent, and not kept."""
        posted = [one for one in outbox.letters(self._places.outbox)[0] if one.place is not outbox.Place.SENDING]
        with self._store.read() as reading:
            for one in posted:
                if not reading.value(STANDS, id=one.letter.mention_id):
                    outbox.take_out(one)


STANDS = "SELECT count(*) FROM mention WHERE id = $id AND id NOT IN (SELECT mention_id FROM expired)"
