"""The corpus as a matrix of n-grams and features, and the logistic regression of one head on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy
from numpy.typing import NDArray

from analysis.scoring.model import plain
from analysis.text.features import NAMES, feature_rows
from analysis.text.ngrams import SIZE, gather
from analysis.training import lexicon
from analysis.training.corpus import LabelledText, groups
from analysis.training.fitted import FittedHead, Mask, Vector

STRENGTH = 0.03  # of what the labels say against weights of nothing; chosen by leaving out one set after the other
LEAST = 2  # texts a place must be met in
FREE = 3.0  # how free each set is to be more negative than others as a whole
SPOKEN = 3.0  # how free the weights of customers' own words are, against those of single places
STEPS = 80


class Matrix:
    """Texts as rows of numbers, on which heads are fitted. While fitting, each set has a column of its own, which takes
    up how often its texts are negative at all: so words that only tell the sets apart get no weight for it. The column
    is dropped afterwards."""

    def __init__(self, corpus: Sequence[LabelledText]) -> None:
        self.ngrams = _ngrams(corpus)
        self.features = feature_rows(
            [one.masked for one in corpus], [one.feeling for one in corpus], [one.cues for one in corpus]
        )
        self.spoken = _spoken()
        self.beside = numpy.hstack((self.features, self.ngrams @ self.spoken))
        self.weights = numpy.array([one.weight for one in corpus])
        self.files = numpy.array([one.group.split(":")[0] for one in corpus])
        known = groups(corpus)
        self.sets = numpy.array([[one.group == group for group in known] for one in corpus], dtype=numpy.float32)

    def fit(self, labels: Mask, kept: Mask, free: float = FREE) -> FittedHead:
        """Fit a logistic regression of `labels` on the rows that are `kept`. `free`: how free each set's column is."""
        from scipy import sparse
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        rows, truth = self.ngrams[kept], labels[kept]
        weights = self.weights[kept] / self.weights[kept].mean()
        live, scale = _scales(rows, truth, weights)
        beside = numpy.hstack((self.beside[kept], free * self.sets[kept])).astype(numpy.float32)
        design = sparse.hstack([rows[:, live] @ sparse.diags(scale), sparse.csr_matrix(beside)], format="csr")
        model = LogisticRegression(C=STRENGTH, max_iter=STEPS, tol=1e-3)
        with threadpool_limits(1):  # the same sums in the same order on any machine, and no thread waits for another
            model.fit(design, truth, sample_weight=weights)
        of_places, of_features, of_spoken, _ = numpy.split(
            model.coef_[0].astype(numpy.float64),
            numpy.cumsum((len(live), len(NAMES), self.spoken.shape[1])),
        )
        table: Vector = self.spoken @ of_spoken
        table[live] += of_places * scale
        return FittedHead(table, of_features, float(model.intercept_[0]))

    def odds(self, fitted: FittedHead) -> Vector:
        """The log-odds that a fitted head gives every row, (texts,)."""
        odds: Vector = self.ngrams @ fitted.table + self.features @ fitted.features + fitted.bias
        return odds


def _scales(rows: Any, truth: Mask, weights: Vector) -> tuple[NDArray[numpy.intp], Vector]:
    """The places that are met often enough, and how free each one's weight is: its inverse document frequency times its
    log-count ratio for `truth`, as naive Bayes has it, scaled to the mean square of the former."""
    met = numpy.bincount(rows.indices, minlength=SIZE)
    live = numpy.flatnonzero(met >= LEAST)
    is_met = rows[:, live]
    is_met.data = numpy.ones_like(is_met.data)
    yes, no = (is_met.T @ (weights * one) + 1.0 for one in (truth, ~truth))
    rarity = numpy.log(rows.shape[0] / met[live])
    scale = rarity * numpy.abs(numpy.log((yes / yes.sum()) / (no / no.sum())))
    scale *= numpy.sqrt((rarity**2).mean() / (scale**2).mean())
    return live, scale.astype(numpy.float32)


def _spoken() -> NDArray[numpy.float32]:
    """Which places hold the words of the lexicon, (SIZE, KINDS): SPOKEN there, 0 elsewhere."""
    made = numpy.zeros((SIZE, len(lexicon.KINDS)), dtype=numpy.float32)
    for column, words in enumerate(lexicon.KINDS):
        made[lexicon.places(words), column] = SPOKEN
    return made


def _ngrams(corpus: Sequence[LabelledText]) -> Any:
    """A sparse matrix (texts, SIZE): how often a text has a place, over the root of how many places it has."""
    from scipy import sparse

    ngrams = gather([plain(one.masked) for one in corpus])
    parts = []
    for places, starts in ((ngrams.pieces, ngrams.piece_starts), (ngrams.words, ngrams.word_starts)):
        counts = numpy.diff(starts, append=len(places))
        values = numpy.repeat(1 / numpy.sqrt(counts), counts)
        ends = numpy.append(starts, len(places))
        parts.append(
            sparse.csr_matrix(
                (values.astype(numpy.float32), places.astype(numpy.int64), ends), shape=(len(corpus), SIZE)
            )
        )
    made = (parts[0] + parts[1]).tocsr()
    made.sort_indices()
    return made
