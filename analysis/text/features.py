"""The features of a text beside its n-grams, as a row of numbers: VADER's figures, cues, punctuation, length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy
from numpy.typing import NDArray

from analysis.text.masking import HANDLE, LINK, NAME
from analysis.text.vader import Feeling

Rows = NDArray[numpy.float64]  # (texts, figures)
Numbers = NDArray[numpy.float64]  # (texts,)
Cues = Mapping[str, tuple[str, ...]]

CUES = ("complaint", "churn", "request", "praise", "safety", "legal", "press", "security", "spam", "question")
FIGURES = (
    "compound", "negative_sum", "positive_sum", "most_negative", "most_positive", "last", "unfelt", "is_negative",
    "is_positive", "words", "capitals", "question_marks", "exclamation_marks", "asks_last", "cries_last", "ellipsis",
    "link", "addressed", "complaints", "praises",
)  # fmt: skip
NAMES = (*FIGURES, *CUES)

_FELT = 0.05
_LONGEST = 400  # words; a longer text counts as one of so many
_ADDRESSED = ("@", NAME, NAME.upper())
_LINKS = (LINK, LINK.upper())
_LOUD_STAND_INS = (NAME.upper(), LINK.upper(), HANDLE.upper())
_FELT_AT, _SHAPE_AT = FIGURES.index("compound"), FIGURES.index("words")
_COUNTED = ("complaint", "praise")  # cues that are counted, too
_CAPITALS = bytes(range(ord("A"), ord("Z") + 1))


def feature_rows(texts: Sequence[str], feelings: Sequence[Feeling], cues: Sequence[Cues]) -> Rows:
    """(texts, NAMES): one row of features for each masked text, all roughly between -1 and 1."""
    rows = numpy.zeros((len(texts), len(NAMES)))
    words = numpy.array([text.count(" ") + text.count("\n") + 1 for text in texts], dtype=numpy.float64)
    roots = numpy.sqrt(numpy.minimum(words, _LONGEST))
    is_felt = numpy.array([bool(words) for _, words in feelings], dtype=numpy.bool_)
    rows[:, FIGURES.index("unfelt")] = 1.0
    if is_felt.any():
        rows[is_felt, _FELT_AT:_SHAPE_AT] = _felt([feeling for feeling in feelings if feeling[1]], roots[is_felt])
    rows[:, _SHAPE_AT : _SHAPE_AT + 9] = _shapes(texts, roots)
    for row, found in zip(rows, cues, strict=True):
        if found:
            row[len(FIGURES) - len(_COUNTED) :] = _cues(found)
    return rows


def _felt(feelings: Sequence[Feeling], roots: Numbers) -> Rows:
    """The features from "compound" to "is_positive" of texts that hold words of sentiment, (texts, 9). `roots`: the
    square roots of their numbers of words."""
    compounds = numpy.array([compound for compound, _ in feelings])
    valences = numpy.array([valence for _, words in feelings for _, valence in words])
    ends = numpy.cumsum([len(words) for _, words in feelings])
    starts = numpy.concatenate(([0], ends[:-1]))
    negative, positive = numpy.minimum(valences, 0.0), numpy.maximum(valences, 0.0)
    return numpy.stack(
        (
            compounds,
            -numpy.add.reduceat(negative, starts) / roots,
            numpy.add.reduceat(positive, starts) / roots,
            -numpy.minimum.reduceat(negative, starts) / 3,
            numpy.maximum.reduceat(positive, starts) / 3,
            valences[ends - 1] / 3,
            numpy.zeros(len(feelings)),
            compounds <= -_FELT,
            compounds >= _FELT,
        ),
        axis=1,
    )


def _shapes(texts: Sequence[str], roots: Numbers) -> Rows:
    """The features from "words" to "addressed", (texts, 9)."""
    asks, cries = [text.count("?") for text in texts], [text.count("!") for text in texts]
    columns = (
        roots / 10,
        [0.0 if text.islower() else _capitals(text) for text in texts],
        numpy.minimum(asks, 3) / 3,
        numpy.minimum(cries, 3) / 3,
        [asked > 0 and text.rstrip().endswith("?") for text, asked in zip(texts, asks, strict=True)],
        [cried > 0 and text.rstrip().endswith("!") for text, cried in zip(texts, cries, strict=True)],
        ["..." in text or "…" in text for text in texts],
        [_LINKS[0] in text or _LINKS[1] in text for text in texts],
        [text.startswith(_ADDRESSED) for text in texts],
    )
    return numpy.stack(columns, axis=1)


def _cues(found: Cues) -> list[float]:
    counts = [min(len(found.get(cue, ())), 3) / 3 for cue in _COUNTED]
    return [*counts, *[float(cue in found) for cue in CUES]]


def _capitals(text: str) -> float:
    """The share of capitals in a text, without what stands in for names; shouting is near 1."""
    said = text
    for stand_in in _LOUD_STAND_INS:
        if stand_in in said:
            said = said.replace(stand_in, "")
    if said.isascii():
        raw = said.encode()
        capitals = len(raw) - len(raw.translate(None, _CAPITALS))
    else:
        capitals = sum(map(str.isupper, said))
    return capitals / max(len(said), 20)
