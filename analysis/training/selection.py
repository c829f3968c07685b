"""Model selection: chooses the values beside the weights, leaving out one set of the open tier after the other.

The shifts that make labels are measured on the sets that people labelled in three ways; stars have no neutral label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from analysis.cues.cues import find
from analysis.measuring.metrics import auc, macro_f1
from analysis.text.valence import Cut, look_into
from analysis.training.corpus import NEGATIVE, NEUTRAL, POSITIVE, LabelledText

THREE_WAYS = ("goemotions_reddit", "reddit_brokers_labelled", "tweeteval_sentiment_val")
KINDS = (NEGATIVE, NEUTRAL, POSITIVE)
STEPS = tuple(step / 10 for step in range(-12, 13))  # of log-odds
PARTS = (0.0, 0.15, 0.3, 0.5, 0.7, 1.0)  # of a long text that its sentences may be
CLOSE = 0.001  # to the best AUC
FELT_AS = {"complaint": NEGATIVE, "churn": NEGATIVE, "praise": POSITIVE}  # cues that sentiments can measure
SEEN = 20  # texts, fewer than which measure nothing
FELT = 0.05  # VADER's own limit

Vector = NDArray[numpy.float64]
Labels = NDArray[numpy.str_]


class TriedValue(NamedTuple):
    """A value that was tried, its figure on each set, and their mean."""

    value: float
    by_set: Mapping[str, float]
    mean: float


class ChosenValue(NamedTuple):
    """A value that was chosen and all that were tried for it. `apart`: the figure on each set of the value that the
    other sets choose; `beside`: VADER's figure on the same sets, where it has one."""

    value: float
    trials: Sequence[TriedValue]
    apart: Mapping[str, float]
    beside: Mapping[str, float]


class CueFigures(NamedTuple):
    """The texts of one set that hold one phrase of a cue, and the share that feels as the cue says."""

    texts: int
    share: float


def sentiments(corpus: Sequence[LabelledText]) -> Labels:
    """The sentiment of each text; "" where it is not known."""
    return numpy.array([one.sentiment or "" for one in corpus])


def label(negative: Vector, positive: Vector, negative_shift: float, positive_shift: float) -> Labels:
    """The label of each text by its log-odds: negative from a shifted 0 on, else positive above a shifted 0."""
    rest = numpy.where(positive + positive_shift > 0, POSITIVE, NEUTRAL)
    return numpy.where(negative + negative_shift >= 0, NEGATIVE, rest)


def shifts(
    negative: Vector, positive: Vector, corpus: Sequence[LabelledText], files: Labels
) -> tuple[ChosenValue, ChosenValue]:
    """Choose how far the log-odds of negative and of positive are moved to make labels: negative as far as macro-F1
    stays above VADER's on every set, for a complaint that nobody sees costs more than a look at one that is none;
    positive so that macro-F1 is best then. `files`: the set of each text."""
    golds, by_vader = sentiments(corpus), _by_vader(corpus)
    beside = {file: _f1(golds, by_vader, files == file) for file in THREE_WAYS}

    def tried(one: float, other: float) -> TriedValue:
        called = label(negative, positive, one, other)
        return _trial(one, {file: _f1(golds, called, files == file) for file in THREE_WAYS})

    trials = {(one, other): tried(one, other) for one in STEPS for other in STEPS}

    def choose(sets: Sequence[str]) -> tuple[float, float]:
        better = [pair for pair, trial in trials.items() if all(trial.by_set[file] > beside[file] for file in sets)]
        most = max(one for one, _ in better or trials)
        among = [pair for pair in better or trials if pair[0] == most]
        return max(among, key=lambda pair: _over(trials[pair], sets))

    one, other = choose(THREE_WAYS)
    apart = {file: trials[choose([each for each in THREE_WAYS if each != file])].by_set[file] for file in THREE_WAYS}
    return (
        ChosenValue(one, [trials[step, other] for step in STEPS], apart, beside),
        ChosenValue(other, [trials[one, step]._replace(value=step) for step in STEPS], apart, beside),
    )


def parts(whole: Vector, about: Vector, corpus: Sequence[LabelledText], files: Labels) -> ChosenValue:
    """Choose how much of a long text's log-odds are its sentences', where some are about the brand and others are not:
    the least part whose AUC for negative is within CLOSE of the best. `about`: the weighted mean over the sentences,
    NaN for other texts."""
    golds = sentiments(corpus)
    seen = ~numpy.isnan(about) & (golds != "")
    sets = list(dict.fromkeys(files[seen].tolist()))

    def tried(part: float) -> TriedValue:
        odds = (1 - part) * whole + part * about
        told = {file: seen & (files == file) for file in sets}
        return _trial(part, {file: auc(golds[one] == NEGATIVE, odds[one]) for file, one in told.items()})

    trials = [tried(part) for part in PARTS]

    def choose(among: Sequence[str]) -> TriedValue:
        best = max(_over(trial, among) for trial in trials)
        return next(trial for trial in trials if _over(trial, among) >= best - CLOSE)

    apart = {file: choose([one for one in sets if one != file]).by_set[file] for file in sets}
    return ChosenValue(choose(sets).value, trials, apart, {})


def sentences(corpus: Sequence[LabelledText]) -> dict[int, Cut]:
    """By its position each long text in which some sentences are about the brand and others are not, cut."""
    made = {}
    for number, one in enumerate(corpus):
        _, cut = look_into(one.masked)
        if cut and len(set(cut.weights)) > 1:
            made[number] = cut
    return made


def as_corpus(cuts: Mapping[int, Cut], corpus: Sequence[LabelledText]) -> Iterator[LabelledText]:
    """The sentences as texts of the set that their text is of."""
    for number, cut in cuts.items():
        for text, feeling in zip(cut.sentences, cut.feelings, strict=True):
            yield corpus[number]._replace(masked=text, feeling=feeling, cues=find(text), weight=1.0)


def about(cuts: Mapping[int, Cut], odds: Vector, count: int) -> Vector:
    """The weighted mean of the sentences' `odds` for each of `count` texts; NaN for texts that are not cut."""
    made = numpy.full(count, numpy.nan)
    start = 0
    for number, cut in cuts.items():
        made[number] = numpy.average(odds[start : start + len(cut.sentences)], weights=cut.weights)
        start += len(cut.sentences)
    return made


def cue_figures(corpus: Sequence[LabelledText]) -> dict[str, dict[str, CueFigures]]:
    """The figures of each cue of FELT_AS by set; sets with fewer than SEEN texts are left out."""
    made: dict[str, dict[str, CueFigures]] = {}
    for cue, feeling in FELT_AS.items():
        told: dict[str, list[bool]] = {}
        for one in corpus:
            if one.sentiment and len(one.cues.get(cue, ())) == 1:
                told.setdefault(one.group, []).append(one.sentiment == feeling)
        made[cue] = {group: CueFigures(len(is_so), fmean(is_so)) for group, is_so in told.items() if len(is_so) >= SEEN}
    return made


def _trial(value: float, by_set: Mapping[str, float]) -> TriedValue:
    return TriedValue(value, by_set, float(numpy.mean(list(by_set.values()))))


def _over(trial: TriedValue, sets: Sequence[str]) -> float:
    return float(numpy.mean([trial.by_set[file] for file in sets]))


def _f1(golds: Labels, called: Labels, inside: NDArray[numpy.bool_]) -> float:
    known = inside & (golds != "")
    return macro_f1(golds[known].tolist(), called[known].tolist(), KINDS)


def _by_vader(corpus: Sequence[LabelledText]) -> Labels:
    compounds = numpy.array([one.feeling[0] for one in corpus])
    return numpy.where(compounds <= -FELT, NEGATIVE, numpy.where(compounds >= FELT, POSITIVE, NEUTRAL))
