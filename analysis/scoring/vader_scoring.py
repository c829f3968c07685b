"""Scores mentions by VADER alone, with their cues and stars; the learned scorer has no part in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from analysis.cues.cues import find
from analysis.scoring.request import VADER, ScoreRequest, label_of_stars
from analysis.text.masking import mask
from analysis.text.vader import Vader
from analysis.text.valence import READ, SHORT, read, strongest, vader
from data.models import Sentiment

FELT = 0.05  # VADER's own paper: from here on a compound is positive, from its negative on negative


def score_by_vader(requests: Sequence[ScoreRequest]) -> list[dict[str, Any]]:
    """One line for each request: mention_id, scorer, label, compound, neg, neu, pos, rests_on, words, cues."""
    # One step over all requests, then the next, keeps the processor's caches warm: a sixth faster than one by one.
    masked = [_mask(request) for request in requests]
    found = [find(text) for text in masked]
    return [_line(request, text, cues) for request, text, cues in zip(requests, masked, found, strict=True)]


def _mask(request: ScoreRequest) -> str:
    text = f"{request.title}\n{request.text}" if request.title else request.text
    return mask(text[:READ], request.names)


def _line(request: ScoreRequest, masked: str, cues: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    figures = vader().read(masked)
    is_short = len(masked.split()) <= SHORT  # then it is not read by sentence
    compound, words = (figures.compound, figures.words) if is_short else read(masked)
    stars = label_of_stars(request.rating)
    return {
        "mention_id": request.id,
        "scorer": VADER,
        "label": stars or _label_of(compound),
        "compound": compound,
        "neg": figures.neg,
        "neu": figures.neu,
        "pos": figures.pos,
        "rests_on": "stars" if stars else "words" if words else "nothing",
        "words": strongest(words),
        "cues": cues,
    }


def _label_of(compound: float) -> Sentiment:
    if compound <= -FELT:
        return Sentiment.NEGATIVE
    return Sentiment.POSITIVE if compound >= FELT else Sentiment.NEUTRAL


@cache
def _library() -> Vader:
    """VADER as vaderSentiment has it."""
    return Vader()


def bare(text: str) -> dict[str, Any]:
    """Score a text as it stands, nothing masked and nothing cut: the four figures equal vaderSentiment's."""
    figures = _library().read(text)
    words = strongest(figures.words)
    return {
        "mention_id": None,
        "scorer": VADER,
        "label": _label_of(figures.compound),
        "compound": figures.compound,
        "neg": figures.neg,
        "neu": figures.neu,
        "pos": figures.pos,
        "rests_on": "words" if words else "nothing",
        "words": words,
        "cues": find(mask(text[:READ], ())),
    }
