"""The interval between a source's runs: shorter while it is busy, longer while it is quiet or its budget runs out."""

from __future__ import annotations

from dataclasses import dataclass

BUSY = 20  # new mentions in one run
EMPTY = 3  # runs in a row without new mentions before a source counts as quiet
FASTEST, SLOWEST = 1 / 3, 3.0  # factors of the configured interval
HALF_SPENT, NEARLY_SPENT = 0.5, 0.2  # remaining shares of requests or money
OFTENEST = 60.0  # seconds; a shorter configured interval wins
LONGEST_QUIET = 3_600.0  # seconds; a quiet source never waits longer, unless its configured interval is longer
SOON = 10.0  # seconds until the next run, when a run ended before all was read


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a source runs: a factor of its configured interval, below 1 for shorter."""

    factor: float = 1.0
    empty: int = 0  # runs in a row without new mentions


def after(pace: Pace, found: int, left: float | None) -> Pace:
    """The pace after a run. `found`: new mentions; `left`: the smallest remaining share of requests or money, 0 to 1;
    None when nothing is limited."""
    empty = 0 if found else pace.empty + 1
    if left is not None and left < NEARLY_SPENT:
        return Pace(min(SLOWEST, max(pace.factor, 1.0) * 1.5), empty)
    if found >= BUSY and (left is None or left >= HALF_SPENT):
        return Pace(max(FASTEST, min(pace.factor, 1.0) / 2), empty)
    if empty > EMPTY:
        return Pace(min(SLOWEST, max(pace.factor, 1.0) * 1.25), empty)
    return Pace(min(1.0, pace.factor * 1.25), empty)


def pause(pace: Pace, interval: float, left: float | None, *, more: bool, soon: float = SOON) -> float:
    """Seconds until the next run. `interval`: the configured seconds; `more`: the run ended before all was read, and
    the next one follows `soon`."""
    spare = left is None or left >= NEARLY_SPENT
    if more and spare:
        return min(soon, interval)
    if pace.factor < 1.0:
        return max(interval * pace.factor, min(interval, OFTENEST))
    slow = interval * pace.factor
    return min(slow, max(interval, LONGEST_QUIET)) if spare else slow
