"""What is chosen beside the weights: each choice by leaving out one set of the open tier after the other, and no other.

How a text is labelled is measured on the sets that people labelled in three ways; stars know nothing of neutral texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

from analysis.measuring.metrics import auc, macro_f1
from analysis.text.valence import Cut, look_into
from analysis.training.corpus import NEGATIVE, NEUTRAL, POSITIVE, Taught

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


class Trial(NamedTuple):
    """A value that was tried: what it came to on each set, and for the sets all together. `apart`: what the choice
    comes to when it is made without the set that it is measured on."""

    value: float
    by_set: Mapping[str, float]
    mean: float


class Choice(NamedTuple):
    """A value that was chosen and all that were tried for it."""

    value: float
    trials: Sequence[Trial]
    apart: Mapping[str, float]
    beside: Mapping[str, float]  # VADER's figure on the same sets, where it has one


def sentiments(taught: Sequence[Taught]) -> Labels:
    """What each text is labelled; "" where that is not known."""
    return numpy.array([one.sentiment or "" for one in taught])


def label(negative: Vector, positive: Vector, negative_shift: float, positive_shift: float) -> Labels:
    """Negative from where the shifted log-odds are even; of the rest positive where theirs are, too."""
    rest = numpy.where(positive + positive_shift > 0, POSITIVE, NEUTRAL)
    return numpy.where(negative + negative_shift >= 0, NEGATIVE, rest)


def shifts(negative: Vector, positive: Vector, taught: Sequence[Taught], files: Labels) -> tuple[Choice, Choice]:
    """How far the log-odds of negative and of positive are moved to make labels. A complaint that nobody sees costs
    more than one look too many: negative is moved as far as macro-F1 stays above VADER's on every set, and positive so
    that it is best then."""
    golds, by_vader = sentiments(taught), _by_vader(taught)
    beside = {file: _f1(golds, by_vader, files == file) for file in THREE_WAYS}

    def tried(one: float, other: float) -> Trial:
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
        Choice(one, [trials[step, other] for step in STEPS], apart, beside),
        Choice(other, [trials[one, step]._replace(value=step) for step in STEPS], apart, beside),
    )


def parts(whole: Vector, about: Vector, taught: Sequence[Taught], files: Labels) -> Choice:
    """How much of a long text's log-odds are its sentences', where some are about the brand and others are not: the AUC
    for negative decides, and as near as CLOSE the least part. `about`: the weighed mean over the sentences, NaN for
    other texts."""
    golds = sentiments(taught)
    seen = ~numpy.isnan(about) & (golds != "")
    sets = list(dict.fromkeys(files[seen].tolist()))

    def tried(part: float) -> Trial:
        odds = (1 - part) * whole + part * about
        told = {file: seen & (files == file) for file in sets}
        return _trial(part, {file: auc(golds[one] == NEGATIVE, odds[one]) for file, one in told.items()})

    trials = [tried(part) for part in PARTS]

    def choose(among: Sequence[str]) -> Trial:
        best = max(_over(trial, among) for trial in trials)
        return next(trial for trial in trials if _over(trial, among) >= best - CLOSE)

    apart = {file: choose([one for one in sets if one != file]).by_set[file] for file in sets}
    return Choice(choose(sets).value, trials, apart, {})


def sentences(taught: Sequence[Taught]) -> dict[int, Cut]:
    """Each long text in which some sentences are about the brand and others are not, cut, by the text's place."""
    made = {}
    for number, one in enumerate(taught):
        _, cut = look_into(one.masked)
        if cut and len(set(cut.weights)) > 1:
            made[number] = cut
    return made


def as_taught(cuts: Mapping[int, Cut], taught: Sequence[Taught]) -> Iterator[Taught]:
    """The sentences as texts of their text's own set."""
    from analysis.cues.cues import find

    for number, cut in cuts.items():
        for text, feeling in zip(cut.sentences, cut.feelings, strict=True):
            yield taught[number]._replace(masked=text, feeling=feeling, cues=find(text), weight=1.0)


def about(cuts: Mapping[int, Cut], odds: Vector, count: int) -> Vector:
    """The weighed mean of the sentences' `odds` for each of `count` texts; NaN for texts that are not cut."""
    made = numpy.full(count, numpy.nan)
    start = 0
    for number, cut in cuts.items():
        made[number] = numpy.average(odds[start : start + len(cut.sentences)], weights=cut.weights)
        start += len(cut.sentences)
    return made


def certainties(taught: Sequence[Taught]) -> dict[str, dict[str, tuple[int, float]]]:
    """By cue and set how many texts hold one phrase of it, and which part of them feels as the cue says; sets with
    fewer than SEEN are left out."""
    made: dict[str, dict[str, tuple[int, float]]] = {}
    for cue, feeling in FELT_AS.items():
        told: dict[str, list[bool]] = {}
        for one in taught:
            if one.sentiment and len(one.cues.get(cue, ())) == 1:
                told.setdefault(one.group, []).append(one.sentiment == feeling)
        made[cue] = {group: (len(is_so), fmean(is_so)) for group, is_so in told.items() if len(is_so) >= SEEN}
    return made


def _trial(value: float, by_set: Mapping[str, float]) -> Trial:
    return Trial(value, by_set, float(numpy.mean(list(by_set.values()))))


def _over(trial: Trial, sets: Sequence[str]) -> float:
    return float(numpy.mean([trial.by_set[file] for file in sets]))


def _f1(golds: Labels, called: Labels, inside: NDArray[numpy.bool_]) -> float:
    known = inside & (golds != "")
    return macro_f1(golds[known].tolist(), called[known].tolist(), KINDS)


def _by_vader(taught: Sequence[Taught]) -> Labels:
    compounds = numpy.array([one.feeling[0] for one in taught])
    return numpy.where(compounds <= -FELT, NEGATIVE, numpy.where(compounds >= FELT, POSITIVE, NEUTRAL))
