"""The learned scorer: how likely a masked text is negative, positive, or wants an answer, as log-odds, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy
from numpy.typing import NDArray

from analysis.grams import Grams, gather
from analysis.masking import HANDLE, LINK, NAME
from analysis.traits import Cues, Feeling, measure
from analysis.weights import HEADS, SHIPPED, ForeignWeights, Weights, load

Odds = NDArray[numpy.float64]  # (texts, HEADS): log-odds
NEGATIVE, POSITIVE, NEEDS_REPLY = range(len(HEADS))

_PACKED = 4  # bytes to a place, so that one look brings the weights of all heads
_PLAIN = [
    (token, plain)
    for name, plain in ((f"@{NAME}", "brandname"), (HANDLE, "brandname"), (LINK, " "))
    for token in (name, name.upper())
]


class Learned:
    """Reads texts by learned weights; one instance serves any number of them."""

    def __init__(self, weights: Weights) -> None:
        self.scorer = weights.scorer
        self._weights = weights
        packed = numpy.zeros((len(weights.table), _PACKED), dtype=numpy.int8)
        packed[:, : len(HEADS)] = weights.table
        self._table = packed.view(numpy.int32).reshape(-1)

    def odds(self, texts: Sequence[str], feelings: Sequence[Feeling], cues: Sequence[Cues]) -> Odds:
        """The log-odds of every head for each masked text, calibrated."""
        if not texts:
            return numpy.zeros((0, len(HEADS)))
        learned = self._weights
        grams = gather([plain(text) for text in texts])
        raw = measure(texts, feelings, cues) @ learned.traits.T + learned.biases
        for half, (sums, counts) in enumerate(self._sums(grams)):
            raw += sums * (learned.scales[:, half] / numpy.sqrt(counts)[:, None])
        return raw

    def _sums(self, grams: Grams) -> list[tuple[Odds, Odds]]:
        return [
            self._sum(grams.pieces, grams.piece_starts),
            self._sum(grams.words, grams.word_starts),
        ]

    def _sum(self, places: NDArray[numpy.uint32], starts: NDArray[numpy.intp]) -> tuple[Odds, Odds]:
        """For each text the sum of its places' numbers by head, and how many places it has."""
        found = self._table[places].view(numpy.int8).reshape(-1, _PACKED)
        sums = numpy.add.reduceat(found, starts, axis=0, dtype=numpy.int32)[:, : len(HEADS)]
        counts = numpy.diff(starts, append=len(places))
        return sums.astype(numpy.float64), counts.astype(numpy.float64)


def plain(masked: str) -> str:
    """A masked text as its words are hashed: whoever is named or linked to is the same."""
    if "@" in masked or LINK in masked or LINK.upper() in masked:
        for token, same in _PLAIN:
            masked = masked.replace(token, same)
    return masked


def chances(odds: Odds) -> Odds:
    """Log-odds as probabilities."""
    return 1 / (1 + numpy.exp(-numpy.clip(odds, -30, 30)))


@cache
def shipped() -> Learned | str:
    """The scorer that comes with Hearback, or why there is none."""
    try:
        return Learned(load(SHIPPED))
    except ForeignWeights as trouble:
        return str(trouble)
