"""Metrics of a scorer against labels: AUC, average precision, calibration error, recall, precision, F1, confusion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy
from numpy.typing import NDArray

Floats = NDArray[numpy.float64]
Flags = NDArray[numpy.bool_]

BINS = 10  # of probability, for the calibration error


def auc(is_positive: Flags, scores: Floats) -> float:
    """The area under the ROC curve: how likely a positive scores higher than a negative, ties counting half
    (Mann-Whitney). NaN when all are positive or none is."""
    positives = int(is_positive.sum())
    negatives = len(is_positive) - positives
    if not positives or not negatives:
        return float("nan")
    _, places, counts = numpy.unique(scores, return_inverse=True, return_counts=True)
    ranks = numpy.cumsum(counts) - (counts - 1) / 2
    return float((ranks[places][is_positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def average_precision(is_positive: Flags, scores: Floats) -> float:
    """The mean of the precision over the recall, equal scores taken together. NaN when none is positive."""
    if not is_positive.any():
        return float("nan")
    falling = numpy.argsort(-scores, kind="stable")
    hits = numpy.cumsum(is_positive[falling])
    last_of_equals = numpy.append(numpy.diff(scores[falling]) != 0, True)
    precision = (hits / numpy.arange(1, len(hits) + 1))[last_of_equals]
    return float((numpy.diff(hits[last_of_equals], prepend=0) * precision).sum() / hits[-1])


def calibration_error(is_positive: Flags, chances: Floats) -> float:
    """The expected calibration error: |share of positives - mean probability| over BINS of probability, weighted by the
    number in each."""
    bins = numpy.minimum((chances * BINS).astype(int), BINS - 1)
    error = 0.0
    for one in range(BINS):
        inside = bins == one
        if inside.any():
            error += float(abs(is_positive[inside].mean() - chances[inside].mean()) * inside.mean())
    return error


def recall_and_precision(pairs: Sequence[tuple[bool, bool]]) -> dict[str, Any]:
    """{"recall", "precision", "of": positives, "called": called positive} of pairs (truth, call); None for 0 of 0."""
    true, called = sum(truth for truth, _ in pairs), sum(call for _, call in pairs)
    both = sum(truth and call for truth, call in pairs)
    return {
        "recall": both / true if true else None,
        "precision": both / called if called else None,
        "of": true,
        "called": called,
    }


def macro_f1(gold: Sequence[str], labels: Sequence[str], kinds: Sequence[str]) -> float:
    """The mean F1 over the kinds that occur in `gold`; NaN when none does."""
    scores = []
    for kind in kinds:
        both = sum(one == kind == other for one, other in zip(gold, labels, strict=True))
        either = gold.count(kind) + labels.count(kind)
        if gold.count(kind):
            scores.append(2 * both / either)
    return float(numpy.mean(scores)) if scores else float("nan")


def confusion(gold: Sequence[str], labels: Sequence[str], kinds: Sequence[str]) -> dict[str, dict[str, int]]:
    """{gold kind: {called kind: count}}."""
    return {
        kind: {
            called: sum(one == kind and other == called for one, other in zip(gold, labels, strict=True))
            for called in kinds
        }
        for kind in kinds
    }
