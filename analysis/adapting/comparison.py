"""Compares layers before one is used: changed labels with examples, figures on held-out corrections, words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy

from analysis.adapting.layer_fit import FEWEST, Row, fit, texts_and_odds
from analysis.measuring.metrics import recall_and_precision
from analysis.scoring import layer as layers
from analysis.scoring.model import Odds
from analysis.scoring.odds import labels_of
from analysis.scoring.request import Layer
from data.models import Sentiment

FOLDS = 5
EXAMPLES = 5  # each way
FEWEST_SAID = 4  # corrections with a word, before it is suggested
AGREEING = 0.75  # of them at least say the same
EXCERPT = 160  # characters
MOST_WORDS = 20

_WORD = re.compile(r"[a-z][a-z'’]{2,}")
_COMMON_WORDS = """
    the and for you your are was were with this that have has had not but they them their there what when where which
    who how why can can't could would should will won't just from about get got our out all any been being its it's i'm
    i've don't didn't doesn't isn't now one two too very more some than then because after before into over only also
    brandname handle weblink her his him she him does did here let like make see say said much know want need time day
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def compare(before: Layer | None, after: Layer | None, rows: Sequence[Row]) -> dict[str, Any]:
    """How the labels of `rows` differ under two layers (None: the shipped scorer alone): {"rows", "flips": {"neutral >
    negative": n}, "flipped", "replies": {"asked": n, "spared": n}, "examples": [{"text", "before", "after"}],
    "held_out": as `held_out` gives it}. `rows`: as for layer_fit.fit, but those without a correction count, too."""
    masked, odds = texts_and_odds(rows)
    old, new = (_judged(odds, masked, layer) for layer in (before, after))
    flips = Counter(f"{one} > {other}" for (one, _), (other, _) in zip(old, new, strict=True) if one != other)
    replies = Counter(reply for (_, one), (_, reply) in zip(old, new, strict=True) if one != reply)
    return {
        "rows": len(rows),
        "flipped": sum(flips.values()),
        "flips": dict(flips.most_common()),
        "replies": {"asked": replies[True], "spared": replies[False]},
        "examples": list(_examples(rows, old, new)),
        "held_out": held_out(rows, before, lexicon=(after or {}).get("lexicon")),
    }


def _judged(odds: Odds, masked: Sequence[str], layer: Layer | None) -> list[tuple[str, bool]]:
    """The label of each text and whether it needs a reply."""
    return labels_of(layers.apply(odds, masked, layer) if layer else odds)


def _examples(rows: Sequence[Row], old: Sequence[Any], new: Sequence[Any]) -> Iterator[dict[str, str]]:
    shown: Counter[tuple[str, str]] = Counter()
    for row, (one, _), (other, _) in zip(rows, old, new, strict=True):
        if one != other and shown[one, other] < EXAMPLES:
            shown[one, other] += 1
            yield {"text": row["text"][:EXCERPT], "before": str(one), "after": str(other)}


def held_out(rows: Sequence[Row], before: Layer | None, lexicon: Mapping[str, str] | None = None) -> dict[str, Any]:
    """{"corrections", "before": {...}, "after": {...}}, each with recall and precision for negative and needs_reply: as
    judged by `before`, and by layers fitted without the corrections they are measured on (FOLDS folds). Both None where
    there are too few corrections."""
    corrections = [row for row in rows if row.get("sentiment") or row.get("needs_reply") is not None]
    if len(corrections) * (FOLDS - 1) // FOLDS < FEWEST:
        return {"corrections": len(corrections), "before": None, "after": None}
    masked, odds = texts_and_odds(corrections)
    old = _judged(odds, masked, before)
    new: list[tuple[str, bool]] = [(str(Sentiment.NEUTRAL), False)] * len(corrections)
    for fold in range(FOLDS):
        apart = list(range(fold, len(corrections), FOLDS))
        layer = fit([row for number, row in enumerate(corrections) if number % FOLDS != fold], lexicon)
        judged = _judged(odds[numpy.array(apart)], [masked[number] for number in apart], layer)
        for number, one in zip(apart, judged, strict=True):
            new[number] = one
    return {"corrections": len(corrections), "before": _figures(corrections, old), "after": _figures(corrections, new)}


def _figures(rows: Sequence[Row], judged: Sequence[tuple[str, bool]]) -> dict[str, Any]:
    negative = [
        (row["sentiment"] == Sentiment.NEGATIVE, label == Sentiment.NEGATIVE)
        for row, (label, _) in zip(rows, judged, strict=True)
        if row.get("sentiment")
    ]
    reply = [
        (bool(row["needs_reply"]), needed)
        for row, (_, needed) in zip(rows, judged, strict=True)
        if row.get("needs_reply") is not None
    ]
    return {"negative": recall_and_precision(negative), "needs_reply": recall_and_precision(reply)}


def words(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Words to suggest for the lexicon: [{"word", "sentiment", "said", "of", "why"}], at most MOST_WORDS, those that
    most corrections agree on first. A word is suggested where the shipped scorer had judged most of its texts wrongly.
    """
    corrections = [row for row in rows if row.get("sentiment")]
    if not corrections:
        return []
    masked, odds = texts_and_odds(corrections)
    shipped = _judged(odds, masked, None)
    by_word: defaultdict[str, list[tuple[str, bool]]] = defaultdict(list)
    for row, text, (label, _) in zip(corrections, masked, shipped, strict=True):
        for word in set(_WORD.findall(text.lower())) - _COMMON:
            by_word[word].append((str(row["sentiment"]), label != row["sentiment"]))
    found = [made for word, told in by_word.items() if (made := _suggestion(word, told))]
    return sorted(found, key=lambda one: (-(one["said"] ** 2) / one["of"], one["word"]))[:MOST_WORDS]


def _suggestion(word: str, told: Sequence[tuple[str, bool]]) -> dict[str, Any] | None:
    sentiment, said = Counter(one for one, _ in told).most_common(1)[0]
    missed = sum(wrong for one, wrong in told if one == sentiment)
    if sentiment == Sentiment.NEUTRAL or said < FEWEST_SAID or said < AGREEING * len(told) or missed * 2 < said:
        return None
    why = f'in {said} of {len(told)} corrections "{word}" was {sentiment}: add it?'
    return {"word": word, "sentiment": sentiment, "said": said, "of": len(told), "why": why}
