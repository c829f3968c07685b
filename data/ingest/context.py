"""What taking in a batch needs, in one value that is passed along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from data.queue.ranks import Ranking
from data.settings import Places
from data.store.store import Store

Expect = Callable[[int], None]


def _nothing(_: int) -> None: ...


@dataclass(frozen=True, slots=True)
class IngestContext:
    """Where a batch goes, who ranks what it brings, where files lie, and when it is taken in. `expect` hears how many
    mentions will wait for a score as soon as that is known; while the clock is not believed, nothing is deleted because
    its source says so."""

    store: Store
    ranking: Ranking
    places: Places
    now: datetime
    expect: Expect = _nothing
    is_clock_believed: bool = True
