"""Fits the shipped weights from the open tier: the same texts give the same bytes. `python -m analysis fit` runs it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray

from analysis.grams import SIZE, gather
from analysis.learned import plain
from analysis.scoring import SCORER
from analysis.teaching import Taught, groups, texts
from analysis.traits import NAMES, measure
from analysis.weights import HEADS, SHIPPED, Weights, save
from data.models import HearbackError

STRENGTH = 0.1  # of what the labels say against weights of nothing; chosen by leaving out one set after the other
LEAST = 2  # texts a place must be met in
STEPS = 150
LARGEST = 127  # of a number in the table

Mask = NDArray[numpy.bool_]
Vector = NDArray[numpy.float64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """One head's weights, before they are pressed into small numbers."""

    table: Vector
    traits: Vector
    bias: float


class Matrix:
    """Texts as rows of numbers; `rows` gives those of a part of them."""

    def __init__(self, taught: Sequence[Taught]) -> None:
        self.grams = _grams(taught)
        self.traits = measure(
            [one.masked for one in taught], [one.feeling for one in taught], [one.cues for one in taught]
        )
        self.weights = numpy.array([one.weight for one in taught])

    def fit(self, labels: NDArray[Any], kept: Mask) -> Fitted:
        """A logistic regression of `labels` on the rows that are `kept`."""
        from scipy import sparse
        from sklearn.linear_model import LogisticRegression

        rows = self.grams[kept]
        met = numpy.bincount(rows.indices, minlength=SIZE)
        live = numpy.flatnonzero(met >= LEAST)
        rarity = numpy.log(rows.shape[0] / met[live])
        design = sparse.hstack(
            [rows[:, live] @ sparse.diags(rarity), sparse.csr_matrix(self.traits[kept])], format="csr"
        )
        weights = self.weights[kept] / self.weights[kept].mean()
        model = LogisticRegression(C=STRENGTH, max_iter=STEPS, tol=1e-4)
        model.fit(design, labels[kept], sample_weight=weights)
        table = numpy.zeros(SIZE)
        table[live] = model.coef_[0, : len(live)] * rarity
        return Fitted(table, model.coef_[0, len(live) :], float(model.intercept_[0]))

    def odds(self, fitted: Fitted) -> Vector:
        """The log-odds that fitted weights give every row."""
        odds: Vector = self.grams @ fitted.table + self.traits @ fitted.traits + fitted.bias
        return odds


def _grams(taught: Sequence[Taught]) -> Any:
    """A sparse matrix (texts, SIZE): how often a place is met, over the root of how many places the text has."""
    from scipy import sparse

    grams = gather([plain(one.masked) for one in taught])
    parts = []
    for places, starts in ((grams.pieces, grams.piece_starts), (grams.words, grams.word_starts)):
        counts = numpy.diff(starts, append=len(places))
        values = numpy.repeat(1 / numpy.sqrt(counts), counts)
        ends = numpy.append(starts, len(places))
        parts.append(sparse.csr_matrix((values, places.astype(numpy.int64), ends), shape=(len(taught), SIZE)))
    made = (parts[0] + parts[1]).tocsr()
    made.sort_indices()
    return made


def labels(taught: Sequence[Taught], head: str) -> tuple[NDArray[numpy.bool_], Mask]:
    """What a head should say of each text, and of which texts that is known."""
    if head == "needs_reply":
        said = [one.needs_reply for one in taught]
        return numpy.array([bool(one) for one in said]), numpy.array([one is not None for one in said])
    known = [one.sentiment for one in taught]
    return numpy.array([one == head for one in known]), numpy.array([one is not None for one in known])


def held_out(matrix: Matrix, taught: Sequence[Taught], head: str) -> Vector:
    """The log-odds of each text by weights fitted without its set; NaN where the head's label is not known."""
    said, known = labels(taught, head)
    files = numpy.array([one.group.split(":")[0] for one in taught])
    odds = numpy.full(len(taught), numpy.nan)
    for file in dict.fromkeys(files):
        kept = known & (files != file)
        if 0 < said[kept].sum() < kept.sum():
            apart = known & (files == file)
            odds[apart] = matrix.odds(matrix.fit(said, kept))[apart]
    return odds


def calibrate(odds: Vector, said: NDArray[numpy.bool_], weights: Vector) -> tuple[float, float]:
    """The slope and the shift that make log-odds of texts not fitted on come true."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(odds[:, None], said, sample_weight=weights / weights.mean())
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def fit(taught: Sequence[Taught], scorer: str) -> Weights:
    """All heads, calibrated on sets left out."""
    matrix = Matrix(taught)
    heads = [_fit_head(matrix, taught, head) for head in HEADS]
    table, scales = _press([head.table for head in heads])
    return Weights(
        scorer,
        table,
        scales,
        numpy.array([head.traits for head in heads]).reshape(len(HEADS), len(NAMES)).round(5),
        numpy.array([head.bias for head in heads]).round(5),
    )


def _fit_head(matrix: Matrix, taught: Sequence[Taught], head: str) -> Fitted:
    said, known = labels(taught, head)
    fitted = matrix.fit(said, known)
    slope, shift = 1.0, 0.0
    if head != "needs_reply":  # its sets hold one kind of answer each, so that none of them can be left out
        odds = held_out(matrix, taught, head)
        seen = ~numpy.isnan(odds)
        slope, shift = calibrate(odds[seen], said[seen], matrix.weights[seen])
    return Fitted(fitted.table * slope, fitted.traits * slope, fitted.bias * slope + shift)


def _press(tables: Sequence[Vector]) -> tuple[NDArray[numpy.int8], Vector]:
    """Tables as whole numbers of a byte, and the scale of each half of each; the few largest weights are cut off."""
    half = SIZE // 2
    pressed = numpy.zeros((SIZE, len(tables)), dtype=numpy.int8)
    scales = numpy.ones((len(tables), 2))
    for column, table in enumerate(tables):
        for side, part in enumerate((slice(0, half), slice(half, SIZE))):
            used = numpy.abs(table[part][table[part] != 0])
            top = float(numpy.quantile(used, 0.9995)) if len(used) else 1.0
            scales[column, side] = round(top / LARGEST, 9)
            pressed[part, column] = numpy.clip(numpy.rint(table[part] / scales[column, side]), -LARGEST, LARGEST)
    return pressed, scales


def write(into: Path | None) -> Iterator[str]:
    """Fit, and write the weights and their card; yields what is done, a line at a time. HearbackError without the open
    tier."""
    folder = into or SHIPPED.parent
    try:
        taught = texts()
    except FileNotFoundError as missing:
        raise HearbackError(f"The open tier is not there: {missing.filename}") from missing
    yield f"{len(taught):,} texts of {len(groups(taught))} sets"
    weights = fit(taught, SCORER)
    folder.mkdir(parents=True, exist_ok=True)
    save(weights, folder / SHIPPED.name)
    yield f"wrote {folder / SHIPPED.name}"
