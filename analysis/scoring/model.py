"""The learned scorer: the log-odds that masked texts are negative, are positive, or need a reply, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from analysis.scoring.weights import HEADS, SHIPPED, ForeignWeights, Weights, load
from analysis.text.features import Cues, feature_rows
from analysis.text.masking import HANDLE, LINK, NAME
from analysis.text.ngrams import NGrams, gather
from analysis.text.vader import Feeling

Odds = NDArray[numpy.float64]  # (texts, HEADS): log-odds
NEGATIVE, POSITIVE, NEEDS_REPLY = range(len(HEADS))

_PACKED = 4  # bytes to a place, so that one look brings the weights of all heads
_PLAIN = [
    (token, plain)
    for name, plain in ((f"@{NAME}", "brandname"), (HANDLE, "brandname"), (LINK, " "))
    for token in (name, name.upper())
]


class Weighed(NamedTuple):
    """The log-odds of many texts and their parts. `odds`: (texts, HEADS); `shares`: for pieces and for words the
    log-odds that a 1 in the table stands for in each text, each (texts, HEADS)."""

    odds: Odds
    ngrams: NGrams
    shares: tuple[Odds, Odds]


class Learned:
    """Computes log-odds by learned weights; one instance serves any number of texts."""

    def __init__(self, weights: Weights) -> None:
        self.scorer = weights.scorer
        self._weights = weights
        packed = numpy.zeros((len(weights.table), _PACKED), dtype=numpy.int8)
        packed[:, : len(HEADS)] = weights.table
        self._table = packed.view(numpy.int32).reshape(-1)

    def odds(self, texts: Sequence[str], feelings: Sequence[Feeling], cues: Sequence[Cues]) -> Odds:
        """The calibrated log-odds of masked texts, (texts, HEADS)."""
        return self.weigh(texts, feelings, cues).odds if texts else numpy.zeros((0, len(HEADS)))

    def weigh(self, texts: Sequence[str], feelings: Sequence[Feeling], cues: Sequence[Cues]) -> Weighed:
        """The same for at least one text, with the n-grams and what each contributes."""
        learned = self._weights
        ngrams = gather([plain(text) for text in texts])
        pieces, of_piece = self._sum(ngrams.pieces, ngrams.piece_starts, learned.scales[:, 0])
        words, of_word = self._sum(ngrams.words, ngrams.word_starts, learned.scales[:, 1])
        odds = feature_rows(texts, feelings, cues) @ learned.features.T + learned.biases + pieces + words
        return Weighed(odds, ngrams, (of_piece, of_word))

    def _sum(
        self, places: NDArray[numpy.uint32], starts: NDArray[numpy.intp], scales: NDArray[numpy.float64]
    ) -> tuple[Odds, Odds]:
        """For each text and head the log-odds of its places, and what a 1 in the table stands for in them."""
        found = self._table[places].view(numpy.int8).reshape(-1, _PACKED)
        sums = numpy.add.reduceat(found, starts, axis=0, dtype=numpy.int32)[:, : len(HEADS)]
        shares = scales / numpy.sqrt(numpy.diff(starts, append=len(places)))[:, None]
        return sums * shares, shares

    def numbers(self, places: NDArray[numpy.uint32], heads: NDArray[numpy.intp]) -> NDArray[numpy.int8]:
        """The table's entry at each place for the head at the same position of `heads`."""
        found: NDArray[numpy.int8] = self._table.view(numpy.int8)[places.astype(numpy.intp) * _PACKED + heads]
        return found


def plain(masked: str) -> str:
    """A masked text as its words are hashed: names and handles become one word, links none."""
    if "@" in masked or LINK in masked or LINK.upper() in masked:
        for token, same in _PLAIN:
            masked = masked.replace(token, same)
    return masked


def chances(odds: Odds) -> Odds:
    """Log-odds as probabilities."""
    return 1 / (1 + numpy.exp(-numpy.clip(odds, -30, 30)))


@cache
def shipped() -> Learned | str:
    """The scorer that comes with Hearback, or the reason why it cannot be loaded."""
    try:
        return Learned(load(SHIPPED))
    except ForeignWeights as trouble:
        return str(trouble)
