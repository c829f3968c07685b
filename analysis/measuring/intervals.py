"""How right a scorer was by people's verdicts: precision, recall and calibration, each with its interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from data.models import Sentiment, Verdict

FEW = 30  # cases; of fewer nothing is said
Z = 1.96  # 95% of the time the true share lies within the interval
NEEDED = 0.5  # from here on the scorer says that a reply is needed
BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9)  # where the bands of confidence begin


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of` cases as a share, with the Wilson score interval in which the true share lies 95 times of 100."""

    hits: int
    of: int

    @property
    def is_enough(self) -> bool:
        """Whether there are at least FEW cases."""
        return self.of >= FEW

    @property
    def value(self) -> float:
        """0 to 1; 0 of nothing."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Low and high, 0 to 1."""
        if not self.of:
            return 0.0, 1.0
        centre = (self.hits + Z * Z / 2) / (self.of + Z * Z)
        reach = Z / (self.of + Z * Z) * math.sqrt(self.hits * (self.of - self.hits) / self.of + Z * Z / 4)
        return max(0.0, centre - reach), min(1.0, centre + reach)


@dataclass(frozen=True, slots=True)
class Figures:
    """How a scorer answered one yes-or-no question. `precision`: right, of those it said yes to; `recall`: said yes, of
    those people said yes to; `cases`: how many both answered."""

    precision: Share
    recall: Share
    cases: int


@dataclass(frozen=True, slots=True)
class Band:
    """The labels given with a confidence from `low` up to `high`. `sure`: their mean confidence; `right`: how many
    of them were right."""

    low: float
    high: float
    sure: float
    right: Share


def negative(verdicts: Iterable[Verdict]) -> Figures:
    """Precision and recall of the label negative; verdicts without a label or a correction are left out."""
    return _figures(
        (one.said is Sentiment.NEGATIVE, one.sentiment is Sentiment.NEGATIVE)
        for one in verdicts
        if one.said is not None and one.sentiment is not None
    )


def needs_reply(verdicts: Iterable[Verdict]) -> Figures:
    """Precision and recall of the need of a reply; verdicts without a score or a correction of it are left out."""
    return _figures(
        (one.said_needs_reply >= NEEDED, one.needs_reply)
        for one in verdicts
        if one.said_needs_reply is not None and one.needs_reply is not None
    )


def _figures(answers: Iterable[tuple[bool, bool]]) -> Figures:
    told = list(answers)
    hits = sum(said and true for said, true in told)
    return Figures(
        Share(hits, sum(said for said, _ in told)), Share(hits, sum(true for _, true in told)), cases=len(told)
    )


def right(verdicts: Iterable[Verdict]) -> Share:
    """How often the label was the one that people gave."""
    told = [one.said is one.sentiment for one in verdicts if one.said is not None and one.sentiment is not None]
    return Share(sum(told), len(told))


def calibration(verdicts: Iterable[Verdict]) -> list[Band]:
    """The labels by bands of confidence, lowest first; bands without a case are left out."""
    told = sorted(
        (one.confidence, one.said is one.sentiment)
        for one in verdicts
        if one.confidence is not None and one.said is not None and one.sentiment is not None
    )
    return [
        Band(
            BANDS[band],
            [*BANDS, 1.0][band + 1],
            sum(sure for sure, _ in cases) / len(cases),
            Share(sum(is_right for _, is_right in cases), len(cases)),
        )
        for band, group in groupby(told, key=lambda case: _band(case[0]))
        if (cases := list(group))
    ]


def _band(confidence: float) -> int:
    return max(place for place, low in enumerate(BANDS) if confidence >= low)


def by(verdicts: Sequence[Verdict], parts: Callable[[Verdict], Sequence[str]]) -> dict[str, list[Verdict]]:
    """The verdicts by part, the largest group first; a verdict is in the group of each of its `parts`."""
    groups: dict[str, list[Verdict]] = {}
    for one in verdicts:
        for part in parts(one):
            groups.setdefault(part, []).append(one)
    return dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])))
