"""Fits the shipped weights from the open tier, for `python -m analysis fit`: the same texts give the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy
from numpy.typing import NDArray

from analysis.measuring.metrics import auc
from analysis.scoring.odds import NEGATIVE_FROM, SENTENCES, negative_from
from analysis.scoring.request import SCORER
from analysis.scoring.weights import HEADS, SHIPPED, Weights, save
from analysis.text.features import NAMES
from analysis.text.ngrams import SIZE
from analysis.training import selection
from analysis.training.card import card
from analysis.training.corpus import OPEN, LabelledText, groups, texts
from analysis.training.fitted import FitResult, FittedHead, Mask, Models, Scale, Scales, SetFigures, Vector, labels
from analysis.training.matrix import FREE, Matrix
from analysis.training.selection import ChosenValue
from data.models import HearbackError

CARD = "CARD.md"
LARGEST = 127  # of a number in the table


def without_each(matrix: Matrix, corpus: Sequence[LabelledText], head: str) -> Models:
    """The head fitted without each set in turn; a set is left out where the others know one answer only."""
    truth, known = labels(corpus, head)
    made = {}
    for file in dict.fromkeys(matrix.files.tolist()):
        kept = known & (matrix.files != file)
        if 0 < truth[kept].sum() < kept.sum():
            made[file] = matrix.fit(truth, kept, _free(head))
    return made


def held_out(matrix: Matrix, models: Models) -> Vector:
    """The log-odds of each text by the weights fitted without its set; NaN where there are none."""
    odds = numpy.full(len(matrix.files), numpy.nan)
    for file, fitted in models.items():
        inside = matrix.files == file
        odds[inside] = matrix.odds(fitted)[inside]
    return odds


def _free(head: str) -> float:
    """How free the sets' columns are. No text of a set of talk needs a reply: that difference is to be learned."""
    return 0.0 if head == HEADS[-1] else FREE


def calibrate(odds: Vector, truth: Mask, weights: Vector) -> Scale:
    """Platt scaling: the slope and shift that make the log-odds of texts not fitted on those of `truth`."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(odds[:, None], truth, sample_weight=weights / weights.mean())
    return Scale(float(model.coef_[0, 0]), float(model.intercept_[0]))


def fit(corpus: Sequence[LabelledText], scorer: str) -> FitResult:
    """Fit all heads and calibrate each on sets left out. The reply head is added to the negative one."""
    matrix = Matrix(corpus)
    raw: dict[str, FittedHead] = {}
    models: dict[str, Models] = {}
    for head in HEADS:
        truth, known = labels(corpus, head)
        raw[head], models[head] = matrix.fit(truth, known, _free(head)), without_each(matrix, corpus, head)
    apart = {head: held_out(matrix, models[head]) for head in HEADS}
    negative, positive, reply = HEADS
    raw[reply] = raw[reply] + raw[negative]
    apart[reply] = apart[reply] + apart[negative]
    scales = {head: _scales(apart[head], matrix, *labels(corpus, head), is_even=head == reply) for head in HEADS}
    scaled = {head: _scaled(apart[head], matrix, scales[head]) for head in (negative, positive)}
    by_negative, by_positive = selection.shifts(scaled[negative], scaled[positive], corpus, matrix.files)
    part = _part(corpus, models[negative], scales[negative], scaled[negative], matrix.files)
    heads = {head: raw[head].calibrated(scales[head][""]) for head in HEADS}
    heads[positive] = replace(heads[positive], bias=heads[positive].bias + by_positive.value)
    return FitResult(
        _weights(list(heads.values()), scorer),
        _sets(corpus, apart[negative]),
        by_negative,
        by_positive,
        part,
        selection.cue_figures(corpus),
    )


def _part(
    corpus: Sequence[LabelledText], models: Models, scales: Scales, whole: Vector, files: NDArray[numpy.str_]
) -> ChosenValue:
    """Choose what part of a long text's log-odds its sentences are."""
    cuts = selection.sentences(corpus)
    of_sentences = Matrix(list(selection.as_corpus(cuts, corpus)))
    odds = _scaled(held_out(of_sentences, models), of_sentences, scales)
    return selection.parts(whole, selection.about(cuts, odds, len(corpus)), corpus, files)


def _weights(heads: Sequence[FittedHead], scorer: str) -> Weights:
    table, scales = _quantized([head.table for head in heads])
    return Weights(
        scorer,
        table,
        scales,
        numpy.array([head.features for head in heads]).reshape(len(HEADS), len(NAMES)).round(5),
        numpy.array([head.bias for head in heads]).round(5),
    )


def _sets(corpus: Sequence[LabelledText], odds: Vector) -> dict[str, SetFigures]:
    truth, known = labels(corpus, HEADS[0])
    of = numpy.array([one.group for one in corpus])
    made = {}
    for group in groups(corpus):
        inside = of == group
        seen = inside & known & ~numpy.isnan(odds)
        made[group] = SetFigures(int((inside & known).sum()), int(truth[inside].sum()), auc(truth[seen], odds[seen]))
    return made


def _scales(apart: Vector, matrix: Matrix, truth: Mask, known: Mask, *, is_even: bool) -> Scales:
    """What calibrates the log-odds of sets left out: under "" by all sets, under a set's name by the others. Texts
    count as while fitting: counting each set the same calibrates three sets better and three worse. `is_even`: both
    answers count the same, for their share is not known."""
    seen = known & ~numpy.isnan(apart)
    weights = matrix.weights.copy()
    if is_even:
        for answer in (truth, ~truth):
            weights[seen & answer] /= weights[seen & answer].sum()
    made = {"": calibrate(apart[seen], truth[seen], weights[seen])}
    for file in dict.fromkeys(matrix.files.tolist()):
        kept = seen & (matrix.files != file)
        if 0 < truth[kept].sum() < kept.sum():
            made[file] = calibrate(apart[kept], truth[kept], weights[kept])
    return made


def _scaled(odds: Vector, matrix: Matrix, scales: Scales) -> Vector:
    """The log-odds of each set, calibrated by the other sets."""
    slopes = numpy.array([scales[file].slope for file in matrix.files])
    shifts = numpy.array([scales[file].shift for file in matrix.files])
    scaled: Vector = slopes * odds + shifts
    return scaled


def _quantized(tables: Sequence[Vector]) -> tuple[NDArray[numpy.int8], Vector]:
    """Tables as whole numbers of a byte, (SIZE, heads), and the scale of each half of each, (heads, 2); the largest
    0.05% of the weights are cut off."""
    half = SIZE // 2
    numbers = numpy.zeros((SIZE, len(tables)), dtype=numpy.int8)
    scales = numpy.ones((len(tables), 2))
    for column, table in enumerate(tables):
        for side, part in enumerate((slice(0, half), slice(half, SIZE))):
            used = numpy.abs(table[part][table[part] != 0])
            top = float(numpy.quantile(used, 0.9995)) if len(used) else 1.0
            scales[column, side] = round(top / LARGEST, 9)
            numbers[part, column] = numpy.clip(numpy.rint(table[part] / scales[column, side]), -LARGEST, LARGEST)
    return numbers, scales


def write(into: Path | None) -> Iterator[str]:
    """Fit, and write the weights and their card into a folder (None: the shipped ones'); yields a line for people at
    each step. HearbackError without the open tier."""
    folder = into or SHIPPED.parent
    try:
        corpus = texts()
    except FileNotFoundError:
        raise HearbackError(f"The labelled sets that weights are fitted on are not in {OPEN}.") from None
    yield f"{len(corpus):,} texts of {len(groups(corpus))} sets"
    made = fit(corpus, SCORER)
    folder.mkdir(parents=True, exist_ok=True)
    save(made.weights, folder / SHIPPED.name)
    digest = hashlib.sha256(made.weights.table.T.tobytes()).hexdigest()
    (folder / CARD).write_text(card(SCORER, digest, made), encoding="utf-8")
    yield f"wrote {folder / SHIPPED.name} and {CARD}"
    for name, used, best in (
        ("NEGATIVE_FROM", NEGATIVE_FROM, negative_from(made.negative.value)),
        ("SENTENCES", SENTENCES, made.part.value),
    ):
        if used != best:
            yield f"scoring.odds.{name} is {used}, and should be {best}"
