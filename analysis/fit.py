"""Fits the shipped weights from the open tier: the same texts give the same bytes. `python -m analysis fit` runs it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray

from analysis.card import written
from analysis.grams import SIZE, gather
from analysis.learned import plain
from analysis.measures import auc
from analysis.scoring import SCORER
from analysis.teaching import Taught, groups, texts
from analysis.traits import NAMES, measure
from analysis.weights import HEADS, SHIPPED, Weights, save
from data.models import HearbackError

STRENGTH = 0.03  # of what the labels say against weights of nothing; chosen by leaving out one set after the other
LEAST = 2  # texts a place must be met in
FREE = 3.0  # how free each set is to be more negative than others as a whole
STEPS = 80
# The sets that are left out together to calibrate.
APART = (
    ("gplay_kids_cards", "hutto_groundtruth"),
    ("crypto_app_reviews", "goemotions_reddit"),
    ("reddit_brokers_labelled", "tweeteval_sentiment_val"),
)
STARRED, OF_STARS = ("gplay_kids_cards", "crypto_app_reviews"), 0.6
# The talk that the reply head is calibrated on asks nothing of anybody; streams about a brand do: half-way is earlier.
ASKED_MORE = 1.0
CARD = "CARD.md"
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
    """Texts as rows of numbers. Each set has a column of its own while fitting, which takes up how often its texts are
    negative at all, so that words which only tell the sets apart are not blamed for it; it is dropped afterwards."""

    def __init__(self, taught: Sequence[Taught]) -> None:
        self.grams = _grams(taught)
        self.traits = measure(
            [one.masked for one in taught], [one.feeling for one in taught], [one.cues for one in taught]
        )
        self.weights = numpy.array([one.weight for one in taught])
        self.files = numpy.array([one.group.split(":")[0] for one in taught])
        known = groups(taught)
        self.sets = numpy.array([[one.group == group for group in known] for one in taught], dtype=numpy.float32)

    def fit(self, labels: NDArray[Any], kept: Mask, free: float = FREE) -> Fitted:
        """A logistic regression of `labels` on the rows that are `kept`. `free`: how free each set is."""
        from scipy import sparse
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        rows = self.grams[kept]
        met = numpy.bincount(rows.indices, minlength=SIZE)
        live = numpy.flatnonzero(met >= LEAST)
        rarity = numpy.log(rows.shape[0] / met[live]).astype(numpy.float32)
        beside = numpy.hstack((self.traits[kept].astype(numpy.float32), free * self.sets[kept]))
        design = sparse.hstack([rows[:, live] @ sparse.diags(rarity), sparse.csr_matrix(beside)], format="csr")
        weights = self.weights[kept] / self.weights[kept].mean()
        model = LogisticRegression(C=STRENGTH, max_iter=STEPS, tol=1e-3)
        with threadpool_limits(1):  # the same sums in the same order on any machine, and no thread waits for another
            model.fit(design, labels[kept], sample_weight=weights)
        found = model.coef_[0].astype(numpy.float64)
        table = numpy.zeros(SIZE)
        table[live] = found[: len(live)] * rarity
        return Fitted(table, found[len(live) : len(live) + len(NAMES)], float(model.intercept_[0]))

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
        parts.append(
            sparse.csr_matrix(
                (values.astype(numpy.float32), places.astype(numpy.int64), ends), shape=(len(taught), SIZE)
            )
        )
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
    odds = numpy.full(len(taught), numpy.nan)
    for files in APART:
        inside = numpy.isin(matrix.files, files)
        kept = known & ~inside
        if 0 < said[kept].sum() < kept.sum():
            odds[known & inside] = matrix.odds(matrix.fit(said, kept, _free(head)))[known & inside]
    return odds


def _free(head: str) -> float:
    """Sets of talk need no reply at all: what tells them apart is what is to be learned there."""
    return 0.0 if head == HEADS[-1] else FREE


def calibrate(odds: Vector, said: NDArray[numpy.bool_], weights: Vector) -> tuple[float, float]:
    """The slope and the shift that make log-odds of texts not fitted on come true."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(odds[:, None], said, sample_weight=weights / weights.mean())
    return float(model.coef_[0, 0]), float(model.intercept_[0])


Sets = dict[str, tuple[int, int, float]]


def fit(taught: Sequence[Taught], scorer: str) -> tuple[Weights, Sets]:
    """All heads, calibrated on sets left out, and how well negatives are told there. The reply head stands on the
    negative one."""
    matrix = Matrix(taught)
    raw: dict[str, Fitted] = {}
    apart: dict[str, Vector] = {}
    for head in HEADS:
        said, known = labels(taught, head)
        raw[head], apart[head] = matrix.fit(said, known, _free(head)), held_out(matrix, taught, head)
    negative, reply = HEADS[0], HEADS[-1]
    raw[reply] = _added(raw[reply], raw[negative])
    apart[reply] = apart[reply] + apart[negative]
    heads = [_calibrated(raw[head], apart[head], matrix, *labels(taught, head)) for head in HEADS]
    heads[-1] = replace(heads[-1], bias=heads[-1].bias + ASKED_MORE)
    table, scales = _press([head.table for head in heads])
    weights = Weights(
        scorer,
        table,
        scales,
        numpy.array([head.traits for head in heads]).reshape(len(HEADS), len(NAMES)).round(5),
        numpy.array([head.bias for head in heads]).round(5),
    )
    return weights, _sets(taught, apart[negative])


def _sets(taught: Sequence[Taught], odds: Vector) -> Sets:
    said, _ = labels(taught, HEADS[0])
    of = numpy.array([one.group for one in taught])
    made = {}
    for group in groups(taught):
        inside = of == group
        seen = inside & ~numpy.isnan(odds)
        made[group] = (int(inside.sum()), int(said[inside].sum()), auc(said[seen], odds[seen]))
    return made


def _added(one: Fitted, other: Fitted) -> Fitted:
    return Fitted(one.table + other.table, one.traits + other.traits, one.bias + other.bias)


def _calibrated(raw: Fitted, apart: Vector, matrix: Matrix, said: NDArray[numpy.bool_], known: Mask) -> Fitted:
    seen = known & ~numpy.isnan(apart)
    weights = matrix.weights.copy()
    for file in STARRED:  # stars know nothing of neutral texts, of which real streams are full
        weights[matrix.files == file] *= OF_STARS
    slope, shift = calibrate(apart[seen], said[seen], weights[seen])
    return Fitted(raw.table * slope, raw.traits * slope, raw.bias * slope + shift)


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
    weights, sets = fit(taught, SCORER)
    folder.mkdir(parents=True, exist_ok=True)
    save(weights, folder / SHIPPED.name)
    digest = hashlib.sha256(weights.table.T.tobytes()).hexdigest()
    (folder / CARD).write_text(written(SCORER, digest, SIZE, len(HEADS), sets), encoding="utf-8")
    yield f"wrote {folder / SHIPPED.name} and {CARD}"
