"""Learning from a team's own corrections: a small linear layer over the shipped log-odds.

Pure: corrections in, a layer out, which is a dict of plain values that JSON can carry. Without corrections that say
otherwise it changes nothing: what it learns is a difference to the shipped scorer. It keeps hashed words and nobody's
text, but for the words a person accepted.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy
from numpy.typing import NDArray

from analysis.scoring.model import NEEDS_REPLY, NEGATIVE, POSITIVE, Odds, chances, plain, shipped
from analysis.scoring.scoring import SCORER, said
from analysis.scoring.weights import HEADS
from analysis.text.masking import mask
from analysis.text.ngrams import BITS, gather
from data.models import Sentiment

FORMAT = "hearback-layer-1"
FEWEST = 50  # corrections, below which nothing is learned
FOLDED = 14  # bits of a place
STEADY, SHY = 0.02, 1.0  # how much it costs to move the shipped log-odds' own weights, and a word's
GAIN = 3.0  # of the words' numbers beside the log-odds
ADDED = 1.5  # log-odds that an accepted word is worth
STEPS = 200
LEAST_KNOWN = 10  # corrections of one head, fewer than which leave it alone

Row = Mapping[str, Any]
Vector = NDArray[numpy.float64]


class TooFew(ValueError):
    """There are not enough corrections to learn from; the sentence is fit to be shown."""


def fit(rows: Sequence[Row], lexicon: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What corrections teach. Each row is {"text", "title", "names", "sentiment", "needs_reply"}, of which "text" and
    one of the last two must be there. `lexicon`: accepted words with their sentiment. TooFew below FEWEST."""
    taught = [row for row in rows if row.get("sentiment") or row.get("needs_reply") is not None]
    if len(taught) < FEWEST:
        raise TooFew(f"{len(taught)} corrections are too few to learn from: {FEWEST} are needed.")
    masked, odds = texts_and_odds(taught)
    features = _features(masked)
    heads = {}
    for head, name in enumerate(HEADS):
        wanted = _labels(taught, name)
        known = ~numpy.isnan(wanted)
        if known.sum() >= LEAST_KNOWN and 0 < wanted[known].mean() < 1:
            heads[name] = _pack(*_learn(odds[known], odds[known, head], features[known], wanted[known]))
    made = {
        "format": FORMAT,
        "scorer": SCORER,
        "corrections": len(taught),
        "heads": heads,
        "lexicon": dict(sorted((lexicon or {}).items())),
    }
    return made | {"digest": hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:12]}


def texts_and_odds(rows: Sequence[Row]) -> tuple[list[str], Odds]:
    """The masked texts of corrections and the shipped log-odds of each."""
    from analysis.scoring.judging import look, odds_of
    from analysis.scoring.scoring import asked

    read = [asked({key: row.get(key) for key in ("title", "text", "names")}) for row in rows]
    masked = [mask(said(row), row.names) for row in read]
    return masked, odds_of(look(masked), shipped())


def adjust(odds: Odds, masked: Sequence[str], layer: Mapping[str, Any]) -> Odds:
    """Shipped log-odds of masked texts as a layer sees them. ValueError for a layer of another format or scorer."""
    if not isinstance(layer, Mapping) or layer.get("format") != FORMAT or layer.get("scorer") != SCORER:
        raise ValueError(f"the layer is not one over {SCORER}; it must be learned anew")
    adjusted = odds.copy()
    heads = layer["heads"]
    if heads and masked:
        places, values, starts = _places(masked)
        basis = _basis(odds)
        for head, name in enumerate(HEADS):
            if name in heads:
                slopes, table = _unpack(heads[name])
                adjusted[:, head] += basis @ slopes + numpy.add.reduceat(table[places] * values, starts)
        if HEADS[NEGATIVE] not in heads:  # nobody ever said what is
            adjusted[:, NEGATIVE] = _giving_way(adjusted[:, NEGATIVE], adjusted[:, POSITIVE])
    return _add_words(adjusted, masked, layer["lexicon"]) if layer["lexicon"] else adjusted


def _giving_way(negative: Vector, positive: Vector) -> Vector:
    """Negative log-odds that give way to positive ones, by half of what is negative where all is positive."""
    shared = chances(negative) * (1 - chances(positive) / 2)
    given: Vector = numpy.log(shared / (1 - shared))
    return given


def _add_words(odds: Odds, masked: Sequence[str], lexicon: Mapping[str, str]) -> Odds:
    words = re.compile(rf"\b(?:{'|'.join(map(re.escape, lexicon))})\b")
    for number, text in enumerate(masked):
        for word in set(words.findall(text.lower())):
            odds[number, NEGATIVE] += ADDED if lexicon[word] == Sentiment.NEGATIVE else -ADDED
            odds[number, POSITIVE] += ADDED if lexicon[word] == Sentiment.POSITIVE else -ADDED
    return odds


def _labels(rows: Sequence[Row], head: str) -> Vector:
    """1, 0, or NaN where a correction says nothing of it."""
    if head == HEADS[NEEDS_REPLY]:
        said_of = [row.get("needs_reply") for row in rows]
        return numpy.array([numpy.nan if one is None else float(one) for one in said_of])
    said_of = [row.get("sentiment") for row in rows]
    return numpy.array([numpy.nan if one is None else float(one == head) for one in said_of])


def _basis(odds: Odds) -> Odds:
    return numpy.column_stack((numpy.clip(odds, -6, 6) / 2, numpy.ones(len(odds))))


def _places(masked: Sequence[str]) -> tuple[NDArray[numpy.uint32], Vector, NDArray[numpy.intp]]:
    """Folded places of the words of each text, their values, and where each text's begin."""
    grams = gather([plain(text) for text in masked])
    counts = numpy.diff(grams.word_starts, append=len(grams.words))
    values = numpy.repeat(GAIN / numpy.sqrt(counts), counts)
    return grams.words >> numpy.uint32(BITS - FOLDED) & numpy.uint32((1 << FOLDED) - 1), values, grams.word_starts


def _features(masked: Sequence[str]) -> Any:
    from scipy import sparse

    places, values, starts = _places(masked)
    ends = numpy.append(starts, len(places))
    return sparse.csr_matrix((values, places.astype(numpy.int64), ends), shape=(len(masked), 1 << FOLDED))


def _learn(odds: Odds, known: Vector, features: Any, wanted: Vector) -> tuple[Vector, Vector]:
    """The weights over the log-odds and over the words that, added to the `known` log-odds, explain what is wanted."""
    from scipy.optimize import minimize
    from threadpoolctl import threadpool_limits

    basis = _basis(odds)
    width = basis.shape[1]

    def cost(weights: Vector) -> tuple[float, Vector]:
        slopes, table = weights[:width], weights[width:]
        scores = known + basis @ slopes + features @ table
        wrong = 1 / (1 + numpy.exp(-scores)) - wanted
        loss = numpy.logaddexp(0, scores).sum() - wanted @ scores
        loss += STEADY * slopes @ slopes / 2 + SHY * table @ table / 2
        return loss, numpy.concatenate((basis.T @ wrong + STEADY * slopes, features.T @ wrong + SHY * table))

    start = numpy.zeros(width + features.shape[1])
    with threadpool_limits(1):  # several threads wait for each other longer than these small sums take
        found: Vector = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return found[:width], found[width:]


def _pack(slopes: Vector, table: Vector) -> dict[str, Any]:
    scale = float(numpy.abs(table).max()) / 127 or 1.0
    numbers = numpy.rint(table / scale).astype(numpy.int8).tobytes()
    return {
        "slopes": slopes.round(5).tolist(),
        "scale": float(f"{scale:.6g}"),
        "words": base64.b64encode(zlib.compress(numbers, 9)).decode(),
    }


def _unpack(head: Mapping[str, Any]) -> tuple[Vector, Vector]:
    numbers = zlib.decompressobj().decompress(base64.b64decode(head["words"]), 1 << FOLDED)
    table = numpy.frombuffer(numbers, dtype=numpy.int8).astype(numpy.float64) * float(head["scale"])
    return numpy.array(head["slopes"], dtype=numpy.float64), table
