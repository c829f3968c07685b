"""Fits a layer from a team's own corrections: a small linear model whose scores are added to the shipped log-odds.

A layer is a dict of plain values that JSON can carry. Corrections that agree with the shipped scorer change nothing. A
layer keeps hashed words and nobody's text, but for the words a person accepted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy

from analysis.scoring.layer import FOLDED, FORMAT, Vector, basis, folded_words, pack
from analysis.scoring.model import NEEDS_REPLY, Odds, shipped
from analysis.scoring.odds import odds_of, read_texts
from analysis.scoring.request import SCORER, own_text, read_request
from analysis.scoring.weights import HEADS
from analysis.text.masking import mask

FEWEST = 50  # corrections, below which nothing is learned
STEADY, SHY = 0.02, 1.0  # how much it costs to move the shipped log-odds' own weights, and a word's
STEPS = 200
LEAST_KNOWN = 10  # corrections of one head, fewer than which leave it alone

Row = Mapping[str, Any]  # a correction: {"text", "title", "names", "sentiment", "needs_reply"}


class TooFew(ValueError):
    """There are not enough corrections to learn from; the message is written for people."""


def fit(rows: Sequence[Row], lexicon: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A layer from corrections. Each row is {"text", "title", "names", "sentiment", "needs_reply"}, of which "text" and
    one of the last two must be there; other rows are left out. `lexicon`: accepted words with their sentiment. TooFew
    below FEWEST."""
    corrections = [row for row in rows if row.get("sentiment") or row.get("needs_reply") is not None]
    if len(corrections) < FEWEST:
        raise TooFew(f"{len(corrections)} corrections are too few to learn from: {FEWEST} are needed.")
    masked, odds = texts_and_odds(corrections)
    features = _features(masked)
    heads = {}
    for head, name in enumerate(HEADS):
        wanted = _labels(corrections, name)
        known = ~numpy.isnan(wanted)
        if known.sum() >= LEAST_KNOWN and 0 < wanted[known].mean() < 1:
            heads[name] = pack(*_learn(odds[known], odds[known, head], features[known], wanted[known]))
    made = {
        "format": FORMAT,
        "scorer": SCORER,
        "corrections": len(corrections),
        "heads": heads,
        "lexicon": dict(sorted((lexicon or {}).items())),
    }
    return made | {"digest": hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:12]}


def texts_and_odds(rows: Sequence[Row]) -> tuple[list[str], Odds]:
    """The masked texts of corrections and their shipped log-odds, (rows, HEADS)."""
    requests = [read_request({key: row.get(key) for key in ("title", "text", "names")}) for row in rows]
    masked = [mask(own_text(request), request.names) for request in requests]
    return masked, odds_of(read_texts(masked), shipped())


def _labels(rows: Sequence[Row], head: str) -> Vector:
    """What each correction says of a head: 1, 0, or NaN where it says nothing."""
    if head == HEADS[NEEDS_REPLY]:
        answers = [row.get("needs_reply") for row in rows]
        return numpy.array([numpy.nan if one is None else float(one) for one in answers])
    answers = [row.get("sentiment") for row in rows]
    return numpy.array([numpy.nan if one is None else float(one == head) for one in answers])


def _features(masked: Sequence[str]) -> Any:
    from scipy import sparse

    places, values, starts = folded_words(masked)
    ends = numpy.append(starts, len(places))
    return sparse.csr_matrix((values, places.astype(numpy.int64), ends), shape=(len(masked), 1 << FOLDED))


def _learn(odds: Odds, known: Vector, features: Any, wanted: Vector) -> tuple[Vector, Vector]:
    """The weights over the log-odds and over the words that, added to the `known` log-odds, explain what is wanted."""
    from scipy.optimize import minimize
    from threadpoolctl import threadpool_limits

    terms = basis(odds)
    width = terms.shape[1]

    def cost(weights: Vector) -> tuple[float, Vector]:
        slopes, table = weights[:width], weights[width:]
        scores = known + terms @ slopes + features @ table
        wrong = 1 / (1 + numpy.exp(-scores)) - wanted
        loss = numpy.logaddexp(0, scores).sum() - wanted @ scores
        loss += STEADY * slopes @ slopes / 2 + SHY * table @ table / 2
        return loss, numpy.concatenate((terms.T @ wrong + STEADY * slopes, features.T @ wrong + SHY * table))

    start = numpy.zeros(width + features.shape[1])
    with threadpool_limits(1):  # several threads wait for each other longer than these small sums take
        found: Vector = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return found[:width], found[width:]
