"""Masked texts as calibrated log-odds, by the learned model or by VADER, and log-odds as shares and labels."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy

from analysis.cues.cues import find
from analysis.scoring.model import NEEDS_REPLY, NEGATIVE, POSITIVE, Learned, Odds, Weighed, chances
from analysis.text import language
from analysis.text.features import Cues
from analysis.text.vader import Feeling
from analysis.text.valence import Cut, look_into
from data.models import Sentiment

# Both by `python -m analysis fit`, which tells when they should be others; the model card shows by what figures.
SENTENCES = 0.3  # of a long text's log-odds are its sentences', where some are about the brand and others are not
NEGATIVE_FROM = 0.4  # how likely a text is negative that is called so

CLEARLY = 0.6  # how likely a text is positive that happy words make so beside a report of danger

LABELS = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)  # in the order of Shares


class ReadTexts(NamedTuple):
    """Masked texts with all that is found in them before the model weighs them; each part has one entry a text."""

    masked: Sequence[str]
    feelings: Sequence[Feeling]
    cues: Sequence[Cues]
    languages: Sequence[str]
    cuts: Sequence[Cut | None]


class Shares(NamedTuple):
    """How likely one text is of each sentiment; the three come to 1."""

    negative: float
    neutral: float
    positive: float


def read_texts(masked: list[str]) -> ReadTexts:
    """Read masked texts: their words of feeling, their cues, their language."""
    feelings, cuts = zip(*map(look_into, masked), strict=True) if masked else ((), ())
    cues = [find(text) for text in masked]
    languages = [
        language.detect(text, [word for word, _ in words]) for text, (_, words) in zip(masked, feelings, strict=True)
    ]
    return ReadTexts(masked, feelings, cues, languages, cuts)


def odds_of(texts: ReadTexts, model: Learned | str, weighed: Weighed | None = None) -> Odds:
    """Calibrated log-odds (texts, HEADS); by VADER alone where `model` is the reason why there is none. `weighed`: what
    the model makes of the texts, where that is known already."""
    if isinstance(model, str):
        return vader_odds(texts.feelings, texts.cues)
    odds = weighed.odds if weighed else model.odds(texts.masked, texts.feelings, texts.cues)
    # Sentences that all weigh the same are the text once more.
    cuts = {number: cut for number, cut in enumerate(texts.cuts) if cut and len(set(cut.weights)) > 1}
    of_sentences = _odds_of_sentences(cuts.values(), model)
    start = 0
    for number, cut in cuts.items():
        about = numpy.average(of_sentences[start : start + len(cut.sentences)], axis=0, weights=cut.weights)
        odds[number] = (1 - SENTENCES) * odds[number] + SENTENCES * about
        start += len(cut.sentences)
    return odds


def _odds_of_sentences(cuts: Collection[Cut], model: Learned) -> Odds:
    """The sentences of many texts at once: asked one by one, the model's own start costs more than its work."""
    sentences = [sentence for cut in cuts for sentence in cut.sentences]
    feelings = [feeling for cut in cuts for feeling in cut.feelings]
    return model.odds(sentences, feelings, [find(sentence) for sentence in sentences])


def vader_odds(feelings: Sequence[Feeling], cues: Sequence[Cues]) -> Odds:
    """Log-odds (texts, HEADS) from VADER's compounds and the cues alone; the factors are set by hand."""
    compounds = numpy.array([compound for compound, _ in feelings])
    asks = numpy.array([bool({"complaint", "question", "request"} & found.keys()) for found in cues])
    odds = numpy.stack((-4 * compounds - 0.4, 4 * compounds - 0.4, 2.0 * asks - 1.0 - compounds), axis=1)
    return odds.reshape(len(feelings), 3)


def shares_of(odds: Odds) -> list[Shares]:
    """The shares of each text, to four digits. The positive log-odds are those of a text that is not negative."""
    negative, positive = chances(odds[:, NEGATIVE]).round(4), chances(odds[:, POSITIVE])
    positive = ((1 - negative) * positive).round(4)
    rows = numpy.stack((negative, (1 - negative - positive).round(4), positive), axis=1).tolist()
    return [*map(Shares._make, rows)]


def beside_danger(shares: Shares, sure: float) -> Shares:
    """The shares of a text that reports danger: nothing of it is positive. Where the words alone were clearly positive,
    that counts as neutral; else it counts as negative as far as the report is sure, 0 to 1."""
    moved = sure * shares.positive if shares.positive < CLEARLY else 0.0
    negative = round(shares.negative + moved, 4)
    return Shares(negative, round(1 - negative, 4), 0.0)


def negative_from(shift: float) -> float:
    """The probability that log-odds of 0 stand for after `shift` was added to them, to two digits."""
    return round(1 / (1 + math.exp(shift)), 2)


def labels_of(odds: Odds) -> list[tuple[str, bool]]:
    """The label of each text, and whether it needs a reply."""
    return [
        (str(label_of(shares)), reply > 0)
        for shares, reply in zip(shares_of(odds), odds[:, NEEDS_REPLY].tolist(), strict=True)
    ]


def label_of(shares: Shares) -> Sentiment:
    """The label of a text with these shares: negative from NEGATIVE_FROM on, for a complaint that nobody sees costs
    more than a look at one that is none; else the larger of the other two."""
    if shares.negative >= NEGATIVE_FROM:
        return Sentiment.NEGATIVE
    return Sentiment.NEUTRAL if shares.neutral >= shares.positive else Sentiment.POSITIVE
