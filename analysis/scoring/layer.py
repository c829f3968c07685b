"""A team's layer over the shipped scorer: its format, and how it changes the shipped log-odds."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy
from numpy.typing import NDArray

from analysis.scoring.model import NEGATIVE, POSITIVE, Odds, chances, plain
from analysis.scoring.request import SCORER, Layer
from analysis.scoring.weights import HEADS
from analysis.text.ngrams import BITS, gather
from data.models import Sentiment

FORMAT = "hearback-layer-1"
FOLDED = 14  # bits of a place
GAIN = 3.0  # of the words' numbers beside the log-odds
ADDED = 1.5  # log-odds that an accepted word is worth

Vector = NDArray[numpy.float64]


def apply(odds: Odds, masked: Sequence[str], layer: Layer) -> Odds:
    """Add a layer to the shipped log-odds (texts, HEADS) of masked texts; `odds` itself is not changed. ValueError for
    a layer of another format or scorer."""
    if not isinstance(layer, Mapping) or layer.get("format") != FORMAT or layer.get("scorer") != SCORER:
        raise ValueError(f"the layer is not one over {SCORER}; it must be learned anew")
    adjusted = odds.copy()
    heads = layer["heads"]
    if heads and masked:
        places, values, starts = folded_words(masked)
        terms = basis(odds)
        for head, name in enumerate(HEADS):
            if name in heads:
                slopes, table = unpack(heads[name])
                adjusted[:, head] += terms @ slopes + numpy.add.reduceat(table[places] * values, starts)
        if HEADS[NEGATIVE] not in heads:  # no correction ever said what is negative
            adjusted[:, NEGATIVE] = _lowered(adjusted[:, NEGATIVE], adjusted[:, POSITIVE])
    return _add_words(adjusted, masked, layer["lexicon"]) if layer["lexicon"] else adjusted


def _lowered(negative: Vector, positive: Vector) -> Vector:
    """Negative log-odds, lowered where a text is positive: the probability is halved where that of positive is 1."""
    shared = chances(negative) * (1 - chances(positive) / 2)
    lowered: Vector = numpy.log(shared / (1 - shared))
    return lowered


def _add_words(odds: Odds, masked: Sequence[str], lexicon: Mapping[str, str]) -> Odds:
    words = re.compile(rf"\b(?:{'|'.join(map(re.escape, lexicon))})\b")
    for number, text in enumerate(masked):
        for word in set(words.findall(text.lower())):
            odds[number, NEGATIVE] += ADDED if lexicon[word] == Sentiment.NEGATIVE else -ADDED
            odds[number, POSITIVE] += ADDED if lexicon[word] == Sentiment.POSITIVE else -ADDED
    return odds


def basis(odds: Odds) -> Odds:
    """The log-odds as a layer's slopes weigh them: clipped, halved, with a column of ones; (texts, HEADS + 1)."""
    return numpy.column_stack((numpy.clip(odds, -6, 6) / 2, numpy.ones(len(odds))))


def folded_words(masked: Sequence[str]) -> tuple[NDArray[numpy.uint32], Vector, NDArray[numpy.intp]]:
    """The places of all texts' words, folded to FOLDED bits, the value at each, and the index at which each text's
    begin."""
    ngrams = gather([plain(text) for text in masked])
    counts = numpy.diff(ngrams.word_starts, append=len(ngrams.words))
    values = numpy.repeat(GAIN / numpy.sqrt(counts), counts)
    return ngrams.words >> numpy.uint32(BITS - FOLDED) & numpy.uint32((1 << FOLDED) - 1), values, ngrams.word_starts


def pack(slopes: Vector, table: Vector) -> dict[str, Any]:
    """One head as plain values: {"slopes", "scale", "words"}; the table as whole numbers of a byte."""
    scale = float(numpy.abs(table).max()) / 127 or 1.0
    numbers = numpy.rint(table / scale).astype(numpy.int8).tobytes()
    return {
        "slopes": slopes.round(5).tolist(),
        "scale": float(f"{scale:.6g}"),
        "words": base64.b64encode(zlib.compress(numbers, 9)).decode(),
    }


def unpack(head: Mapping[str, Any]) -> tuple[Vector, Vector]:
    """The slopes and the table that `pack` was given, to its precision."""
    numbers = zlib.decompressobj().decompress(base64.b64decode(head["words"]), 1 << FOLDED)
    table = numpy.frombuffer(numbers, dtype=numpy.int8).astype(numpy.float64) * float(head["scale"])
    return numpy.array(head["slopes"], dtype=numpy.float64), table
