"""What is told of a text beside its words, as a row of numbers: VADER's figures, its cues, its marks and its length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy
from numpy.typing import NDArray

from analysis.masking import HANDLE, LINK, NAME
from analysis.vader import Driving

Rows = NDArray[numpy.float64]
Feeling = tuple[float, Driving]  # VADER's compound and the words it rests on
Cues = Mapping[str, tuple[str, ...]]

CUES = ("complaint", "churn", "request", "praise", "safety", "legal", "press", "security", "spam", "question")
FIGURES = (
    "compound", "negative_sum", "positive_sum", "most_negative", "most_positive", "last", "unfelt", "is_negative",
    "is_positive", "words", "capitals", "question_marks", "exclamation_marks", "asks_last", "cries_last", "ellipsis",
    "link", "addressed", "complaints", "praises",
)  # fmt: skip
NAMES = (*FIGURES, *CUES)

_FELT = 0.05
_ADDRESSED = ("@", NAME, NAME.upper())
_LINKS = (LINK, LINK.upper())
_LOUD_STAND_INS = (NAME.upper(), LINK.upper(), HANDLE.upper())
_CAPITALS = bytes(range(ord("A"), ord("Z") + 1))


def measure(texts: Sequence[str], feelings: Sequence[Feeling], cues: Sequence[Cues]) -> Rows:
    """One row of NAMES for each masked text, all figures roughly between -1 and 1."""
    rows = [_measure(*each) for each in zip(texts, feelings, cues, strict=True)]
    return numpy.array(rows, dtype=numpy.float64).reshape(len(rows), len(NAMES))


def _measure(text: str, feeling: Feeling, cues: Cues) -> list[float]:
    words = text.count(" ") + text.count("\n") + 1
    asks, cries = text.count("?"), text.count("!")
    row = [
        *_felt(*feeling, words),
        min(words, 400) ** 0.5 / 10,
        _capitals(text),
        min(asks, 3) / 3,
        min(cries, 3) / 3,
        float(asks > 0 and text.rstrip().endswith("?")),
        float(cries > 0 and text.rstrip().endswith("!")),
        float("..." in text or "…" in text),
        float(any(link in text for link in _LINKS)),
        float(text.startswith(_ADDRESSED)),
    ]
    if not cues:
        return row + _NO_CUES
    counts = [min(len(cues.get(cue, ())), 3) / 3 for cue in ("complaint", "praise")]
    return [*row, *counts, *[float(cue in cues) for cue in CUES]]


_NO_CUES = [0.0] * (len(CUES) + 2)
_UNFELT = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0]


def _felt(compound: float, words: Driving, length: int) -> list[float]:
    if not words:
        return _UNFELT
    valences = [valence for _, valence in words]
    negative = -sum([valence for valence in valences if valence < 0])
    positive = sum([valence for valence in valences if valence > 0])
    root = min(length, 400) ** 0.5
    return [
        compound,
        negative / root,
        positive / root,
        max(0.0, -min(valences)) / 3,
        max(0.0, *valences, 0.0) / 3,
        valences[-1] / 3,
        0.0,
        float(compound <= -_FELT),
        float(compound >= _FELT),
    ]


def _capitals(text: str) -> float:
    """The share of capitals in a text, without what stands in for names; shouting is near 1."""
    if text.islower():
        return 0.0
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
