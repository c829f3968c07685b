"""What fitting gives: weights of a head, figures by set, and the whole result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from analysis.scoring.weights import HEADS, Weights
from analysis.training.corpus import LabelledText
from analysis.training.selection import ChosenValue, CueFigures

Mask = NDArray[numpy.bool_]
Vector = NDArray[numpy.float64]


@dataclass(frozen=True, slots=True)
class FittedHead:
    """One head's weights, before they are quantized. `table`: (SIZE,); `features`: (NAMES,)."""

    table: Vector
    features: Vector
    bias: float

    def __add__(self, other: FittedHead) -> FittedHead:
        return FittedHead(self.table + other.table, self.features + other.features, self.bias + other.bias)

    def calibrated(self, scale: Scale) -> FittedHead:
        """The same head, giving log-odds that are scaled and shifted."""
        return FittedHead(self.table * scale.slope, self.features * scale.slope, self.bias * scale.slope + scale.shift)


class Scale(NamedTuple):
    """What calibrates log-odds: they are multiplied by `slope`, then `shift` is added."""

    slope: float
    shift: float


class SetFigures(NamedTuple):
    """One set of the corpus: its labelled texts, how many are negative, and the AUC for negative without the set."""

    texts: int
    negative: int
    auc: float


Scales = dict[str, Scale]  # by the set that was left out; "" for none
Models = dict[str, FittedHead]  # a head's weights, by the set they were fitted without


class FitResult(NamedTuple):
    """The weights, each set's figures, the values chosen (`negative`, `positive`: shifts of log-odds; `part`: of a long
    text's log-odds that are its sentences'), and each cue's figures by set."""

    weights: Weights
    sets: dict[str, SetFigures]
    negative: ChosenValue
    positive: ChosenValue
    part: ChosenValue
    cues: dict[str, dict[str, CueFigures]]


def labels(corpus: Sequence[LabelledText], head: str) -> tuple[Mask, Mask]:
    """What a head should say of each text, and of which texts that is known."""
    if head == HEADS[-1]:
        replies = [one.needs_reply for one in corpus]
        return numpy.array([bool(one) for one in replies]), numpy.array([one is not None for one in replies])
    known = [one.sentiment for one in corpus]
    return numpy.array([one == head for one in known]), numpy.array([one is not None for one in known])
