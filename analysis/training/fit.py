"""Fits the shipped weights from the open tier: the same texts give the same bytes. `python -m analysis fit` runs it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray

from analysis.measuring.metrics import auc
from analysis.scoring import judging
from analysis.scoring.model import plain
from analysis.scoring.scoring import SCORER
from analysis.scoring.weights import HEADS, SHIPPED, Weights, save
from analysis.text.features import NAMES, measure
from analysis.text.ngrams import SIZE, gather
from analysis.training import lexicon, selection
from analysis.training.card import written
from analysis.training.corpus import OPEN, Taught, groups, texts
from analysis.training.selection import Choice
from data.models import HearbackError

STRENGTH = 0.03  # of what the labels say against weights of nothing; chosen by leaving out one set after the other
LEAST = 2  # texts a place must be met in
FREE = 3.0  # how free each set is to be more negative than others as a whole
SPOKEN = 3.0  # how free the weights of customers' own words are, against those of single places
STEPS = 80
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


Cued = dict[str, dict[str, tuple[int, float]]]
Scales = dict[str, tuple[float, float]]
Models = dict[str, Fitted]  # a head's weights, by the set they were fitted without


class Matrix:
    """Texts as rows of numbers. Each set has a column of its own while fitting, which takes up how often its texts are
    negative at all, so that words which only tell the sets apart are not blamed for it; it is dropped afterwards."""

    def __init__(self, taught: Sequence[Taught]) -> None:
        self.grams = _grams(taught)
        self.traits = measure(
            [one.masked for one in taught], [one.feeling for one in taught], [one.cues for one in taught]
        )
        self.spoken = _spoken()
        self.beside = numpy.hstack((self.traits, self.grams @ self.spoken))
        self.weights = numpy.array([one.weight for one in taught])
        self.files = numpy.array([one.group.split(":")[0] for one in taught])
        known = groups(taught)
        self.sets = numpy.array([[one.group == group for group in known] for one in taught], dtype=numpy.float32)

    def fit(self, labels: NDArray[Any], kept: Mask, free: float = FREE) -> Fitted:
        """A logistic regression of `labels` on the rows that are `kept`. `free`: how free each set is."""
        from scipy import sparse
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits

        rows, said = self.grams[kept], labels[kept]
        weights = self.weights[kept] / self.weights[kept].mean()
        live, scale = _scales(rows, said, weights)
        beside = numpy.hstack((self.beside[kept], free * self.sets[kept])).astype(numpy.float32)
        design = sparse.hstack([rows[:, live] @ sparse.diags(scale), sparse.csr_matrix(beside)], format="csr")
        model = LogisticRegression(C=STRENGTH, max_iter=STEPS, tol=1e-3)
        with threadpool_limits(1):  # the same sums in the same order on any machine, and no thread waits for another
            model.fit(design, said, sample_weight=weights)
        of_places, of_traits, of_spoken, _ = numpy.split(
            model.coef_[0].astype(numpy.float64),
            numpy.cumsum((len(live), len(NAMES), self.spoken.shape[1])),
        )
        table: Vector = self.spoken @ of_spoken
        table[live] += of_places * scale
        return Fitted(table, of_traits, float(model.intercept_[0]))

    def odds(self, fitted: Fitted) -> Vector:
        """The log-odds that fitted weights give every row."""
        odds: Vector = self.grams @ fitted.table + self.traits @ fitted.traits + fitted.bias
        return odds


def _scales(rows: Any, said: NDArray[Any], weights: Vector) -> tuple[NDArray[numpy.intp], Vector]:
    """The places that are met often enough, and how free each one's weight is: the rarer a place, and the more it alone
    tells what is `said` (the log of its ratio, as naive Bayes has it), the freer."""
    met = numpy.bincount(rows.indices, minlength=SIZE)
    live = numpy.flatnonzero(met >= LEAST)
    is_met = rows[:, live]
    is_met.data = numpy.ones_like(is_met.data)
    yes, no = (is_met.T @ (weights * one) + 1.0 for one in (said, ~said))
    rarity = numpy.log(rows.shape[0] / met[live])
    scale = rarity * numpy.abs(numpy.log((yes / yes.sum()) / (no / no.sum())))
    scale *= numpy.sqrt((rarity**2).mean() / (scale**2).mean())
    return live, scale.astype(numpy.float32)


def _spoken() -> NDArray[numpy.float32]:
    """Which places are customers' own words for what went wrong, and for what went well."""
    made = numpy.zeros((SIZE, len(lexicon.KINDS)), dtype=numpy.float32)
    for column, words in enumerate(lexicon.KINDS):
        made[lexicon.places(words), column] = SPOKEN
    return made


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


def without_each(matrix: Matrix, taught: Sequence[Taught], head: str) -> Models:
    """A head fitted without each set in turn."""
    said, known = labels(taught, head)
    made = {}
    for file in dict.fromkeys(matrix.files.tolist()):
        kept = known & (matrix.files != file)
        if 0 < said[kept].sum() < kept.sum():
            made[file] = matrix.fit(said, kept, _free(head))
    return made


def held_out(matrix: Matrix, models: Models) -> Vector:
    """The log-odds of each text by the weights fitted without its set; NaN where there are none."""
    odds = numpy.full(len(matrix.files), numpy.nan)
    for file, fitted in models.items():
        inside = matrix.files == file
        odds[inside] = matrix.odds(fitted)[inside]
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


class Made(NamedTuple):
    """What fitting gives: the weights, how well negatives are told in sets left out, and what was chosen by what."""

    weights: Weights
    sets: Sets
    labels: tuple[Choice, Choice]
    parts: Choice
    cues: Cued


def fit(taught: Sequence[Taught], scorer: str) -> Made:
    """All heads, calibrated on sets left out. The reply head stands on the negative one."""
    matrix = Matrix(taught)
    raw: dict[str, Fitted] = {}
    models: dict[str, Models] = {}
    for head in HEADS:
        said, known = labels(taught, head)
        raw[head], models[head] = matrix.fit(said, known, _free(head)), without_each(matrix, taught, head)
    apart = {head: held_out(matrix, models[head]) for head in HEADS}
    negative, positive, reply = HEADS
    raw[reply] = _added(raw[reply], raw[negative])
    apart[reply] = apart[reply] + apart[negative]
    scales = {head: _true(apart[head], matrix, *labels(taught, head), is_even=head == reply) for head in HEADS}
    made_true = {head: _moved(apart[head], matrix, scales[head]) for head in (negative, positive)}
    of_labels = selection.shifts(made_true[negative], made_true[positive], taught, matrix.files)
    of_parts = _parts(taught, matrix, models[negative], scales[negative], made_true[negative])
    heads = {head: _calibrated(raw[head], *scales[head][""]) for head in HEADS}
    heads[positive] = replace(heads[positive], bias=heads[positive].bias + of_labels[1].value)
    return Made(
        _weights(list(heads.values()), scorer),
        _sets(taught, apart[negative]),
        of_labels,
        of_parts,
        selection.certainties(taught),
    )


def _parts(taught: Sequence[Taught], matrix: Matrix, models: Models, scales: Scales, whole: Vector) -> Choice:
    """What part of a long text its sentences are."""
    cuts = selection.sentences(taught)
    of_sentences = Matrix(list(selection.as_taught(cuts, taught)))
    odds = _moved(held_out(of_sentences, models), of_sentences, scales)
    return selection.parts(whole, selection.about(cuts, odds, len(taught)), taught, matrix.files)


def _weights(heads: Sequence[Fitted], scorer: str) -> Weights:
    table, scales = _press([head.table for head in heads])
    return Weights(
        scorer,
        table,
        scales,
        numpy.array([head.traits for head in heads]).reshape(len(HEADS), len(NAMES)).round(5),
        numpy.array([head.bias for head in heads]).round(5),
    )


def _sets(taught: Sequence[Taught], odds: Vector) -> Sets:
    said, known = labels(taught, HEADS[0])
    of = numpy.array([one.group for one in taught])
    made = {}
    for group in groups(taught):
        inside = of == group
        seen = inside & known & ~numpy.isnan(odds)
        made[group] = (int((inside & known).sum()), int(said[inside].sum()), auc(said[seen], odds[seen]))
    return made


def _added(one: Fitted, other: Fitted) -> Fitted:
    return Fitted(one.table + other.table, one.traits + other.traits, one.bias + other.bias)


def _true(apart: Vector, matrix: Matrix, said: Mask, known: Mask, is_even: bool) -> Scales:
    """The slope and the shift that make the log-odds of sets left out come true: under "" by all sets, under a set's
    name by the others. Texts count as while fitting: where each set counts the same, three sets come truer and three
    less true. `is_even`: both answers count the same, for their share is not known."""
    seen = known & ~numpy.isnan(apart)
    weights = matrix.weights.copy()
    if is_even:
        for answer in (said, ~said):
            weights[seen & answer] /= weights[seen & answer].sum()
    made = {"": calibrate(apart[seen], said[seen], weights[seen])}
    for file in dict.fromkeys(matrix.files.tolist()):
        kept = seen & (matrix.files != file)
        if 0 < said[kept].sum() < kept.sum():
            made[file] = calibrate(apart[kept], said[kept], weights[kept])
    return made


def _moved(odds: Vector, matrix: Matrix, scales: Scales) -> Vector:
    """Log-odds of each set made true by what all others tell."""
    slopes, shifts = (numpy.array([scales[file][one] for file in matrix.files]) for one in (0, 1))
    moved: Vector = slopes * odds + shifts
    return moved


def _calibrated(raw: Fitted, slope: float, shift: float) -> Fitted:
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
    except FileNotFoundError:
        raise HearbackError(f"The labelled sets that weights are fitted on are not in {OPEN}.") from None
    yield f"{len(taught):,} texts of {len(groups(taught))} sets"
    made = fit(taught, SCORER)
    folder.mkdir(parents=True, exist_ok=True)
    save(made.weights, folder / SHIPPED.name)
    digest = hashlib.sha256(made.weights.table.T.tobytes()).hexdigest()
    (folder / CARD).write_text(written(SCORER, digest, made), encoding="utf-8")
    yield f"wrote {folder / SHIPPED.name} and {CARD}"
    for name, used, best in (
        ("NEGATIVE_FROM", judging.NEGATIVE_FROM, judging.negative_from(made.labels[0].value)),
        ("SENTENCES", judging.SENTENCES, made.parts.value),
    ):
        if used != best:
            yield f"judging.{name} is {used}, and should be {best}"
