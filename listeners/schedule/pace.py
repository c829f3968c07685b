"""How often a source is visited: oftener while it is busy, less often while it is quiet or its budget runs out."""

from __future__ import annotations

from dataclasses import dataclass

BUSY = 20  # new mentions in one visit
EMPTY = 3  # visits in a row that may bring nothing before it counts as quiet
FASTEST, SLOWEST = 1 / 3, 3.0  # times the interval that was asked for
HALF_SPENT, NEARLY_SPENT = 0.5, 0.2  # shares of requests or money that are left
OFTENEST = 60.0  # seconds; unless the team asks for less
LONGEST_QUIET = 3_600.0  # seconds; a quiet source is never looked at less often, unless the team asks for that
SOON = 10.0  # seconds until the next slice of what a visit could not finish


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a source stands between fast and slow; 1 is the interval that was asked for."""

    factor: float = 1.0
    empty: int = 0  # visits in a row that brought nothing


def after(pace: Pace, found: int, left: float | None) -> Pace:
    """The pace after a visit. `found`: new mentions; `left`: the smallest share of requests or money that is left, None
    when nothing is counted."""
    empty = 0 if found else pace.empty + 1
    if left is not None and left < NEARLY_SPENT:
        return Pace(min(SLOWEST, max(pace.factor, 1.0) * 1.5), empty)
    if found >= BUSY and (left is None or left >= HALF_SPENT):
        return Pace(max(FASTEST, min(pace.factor, 1.0) / 2), empty)
    if empty > EMPTY:
        return Pace(min(SLOWEST, max(pace.factor, 1.0) * 1.25), empty)
    return Pace(min(1.0, pace.factor * 1.25), empty)


def pause(pace: Pace, interval: float, left: float | None, *, more: bool) -> float:
    """Seconds until the next visit. `interval`: what was asked for; `more`: the visit left something to be read."""
    spare = left is None or left >= NEARLY_SPENT
    if more and spare:
        return min(SOON, interval)
    if pace.factor < 1.0:
        return max(interval * pace.factor, min(interval, OFTENEST))
    slow = interval * pace.factor
    return min(slow, max(interval, LONGEST_QUIET)) if spare else slow
