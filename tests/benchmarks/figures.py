"""What a benchmark says, and how two things are timed fairly on a machine that others use too."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles

Work = Callable[[], object]


class NotMeasured(Exception):
    """Why a benchmark cannot run here, as a sentence."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `ratio`: of `value` to the same taken of `against` in the same run; for a rate more is better, for a
    time, a size or a count of bytes less is."""

    name: str
    value: float
    unit: str
    against: str | None = None
    ratio: float | None = None

    def line(self) -> str:
        """The figure as one JSON object, rounded to what can be told from noise."""
        fields = asdict(self)
        fields["value"] = _rounded(self.value)
        fields["ratio"] = None if self.ratio is None else _rounded(self.ratio)
        return json.dumps(fields)


def _rounded(value: float) -> float:
    return float(f"{value:.4g}") if abs(value) < 1000 else round(value)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds that two things took, round by round, side by side."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def seconds(self) -> float:
        """Ours, the median."""
        return median(self.ours)

    @property
    def ratio(self) -> float:
        """Ours to theirs in the same round, the median: what disturbs one round disturbs both sides of it."""
        return median(mine / yours for mine, yours in zip(self.ours, self.theirs, strict=True))

    def rate(self, name: str, done: int, unit: str, against: str) -> Figure:
        """How much was done in a second; a ratio above 1 is faster than the other."""
        return Figure(name, done / self.seconds, unit, against, 1 / self.ratio)

    def milliseconds(self, name: str, against: str) -> Figure:
        """How long it took; a ratio below 1 is faster than the other."""
        return Figure(name, 1000 * self.seconds, "ms", against, self.ratio)

    def whole_seconds(self, name: str, against: str) -> Figure:
        """The same for what takes seconds."""
        return Figure(name, self.seconds, "s", against, self.ratio)


def race(ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> Times:
    """Let two things run in turns, first one ahead, then the other, after one round that does not count. Each is a
    function that does its work once and returns the seconds that count."""
    ours(), theirs()
    mine, yours = [], []
    for number in range(rounds):
        for runner, kept in ((ours, mine), (theirs, yours))[:: 1 if number % 2 else -1]:
            kept.append(runner())
    return Times(tuple(mine), tuple(yours))


def timed(work: Work) -> Callable[[], float]:
    """A function that does `work` and returns the seconds it took."""

    def run() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    return run


def p95(values: Sequence[float]) -> float:
    """What one in twenty exceeds."""
    return quantiles(values, n=20, method="inclusive")[-1]
