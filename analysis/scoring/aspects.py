"""What a mention that names several brands says of each: "switching from A to B" is bad for A and good for B."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy

from analysis.cues.confidence import cue_confidences, danger
from analysis.cues.cues import find
from analysis.scoring import layer as layers
from analysis.scoring.model import Learned
from analysis.scoring.odds import beside_danger, label_of, odds_of, read_texts, shares_of
from analysis.scoring.request import Layer, ScoreRequest, own_text
from analysis.text.masking import NAME, as_written, mask_names

SHIFT = 2.0  # log-odds by which a comparison moves the brand it favours, and the other one the other way
AT_MOST = 12  # brands told apart in one text

_HERE = "brandzz"  # followed by a letter for each brand: a word that no text holds
_ONE = rf"(?P<{{}}>{_HERE}[a-l])"
_A, _B = _ONE.format("worse"), _ONE.format("better")
_GAP = r"(?:[^.!?\n]{0,40}?)"
_BETTER = (
    r"(?:better|cheaper|faster|easier|nicer|superior|more reliable|miles ahead|far ahead|light years ahead|beats?|"
    r"destroys|outperforms|blows away|>{1,2})"
)
_WORSE = r"(?:worse|slower|inferior|more expensive|less reliable|not as good|nowhere near)"
_COMPARED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:switch\w*|mov(?:e|ed|ing)|chang(?:e|ed|ing)|go(?:ing)?|went|migrat\w+|port(?:ed|ing)?)\b{_GAP}\bfrom\s+{_A}"
        rf"{_GAP}\bto\s+{_B}",
        rf"\b(?:switch\w*|mov(?:e|ed|ing)|chang(?:e|ed|ing)|went|going)\b{_GAP}\bto\s+{_B}{_GAP}\bfrom\s+{_A}",
        rf"\b(?:leav(?:e|ing)|left|ditch\w*|dump\w*|drop(?:ped|ping)?|cancel\w*|quit(?:ting)?|replac\w+|swap\w*|trad\w+|"
        rf"done with|sick of|tired of|fed up with)\b\s+(?:my\s+)?{_A}{_GAP}\b(?:for|to|with)\s+{_B}",
        rf"{_B}{_GAP}\b(?:is|are|was|were|'s|being|so|much|way|far|feels?|works?)?{_GAP}{_BETTER}{_GAP}{_A}",
        rf"{_A}{_GAP}{_WORSE}{_GAP}{_B}",
        rf"\b(?:prefer\w*|like|love|choose|chose|pick(?:ed)?|recommend)\b{_GAP}{_B}\s+"
        rf"(?:over|to|instead of|rather than|more than)\s+{_A}",
        rf"{_B}\s+(?:instead of|over|rather than)\s+{_A}",
        rf"\b(?:unlike|compared to|compared with)\s+{_A}\s*,?\s+{_B}",
        rf"\bshould(?:'ve|\s+have)\s+(?:gone|stayed|stuck|went|flown)\b{_GAP}{_B}{_GAP}{_A}",
    )
)
_CLAUSE = re.compile(
    r"(?<=[.!?;\n])\s+|\s*[,;]?\s+\b(?:but|while|whereas|however|although|though|yet)\b\s+", re.IGNORECASE
)


def judge(
    request: ScoreRequest, line: Mapping[str, Any], model: Learned | str, layer: Layer | None
) -> dict[str, dict[str, Any]]:
    """{brand: {"label", "neg", "pos"}} for the brands that the words of `request` name. Empty where they name fewer
    than two, or where all brands have the label of `line`, the whole mention's."""
    named = _marked(as_written(own_text(request)), request)
    marks = [mark for mark in _marks(request) if mark in named]
    if len(marks) < 2:
        return {}
    clauses = _clauses(named)
    odds = _odds(clauses, marks, model, layer)
    dangers = _dangers(clauses, marks) if danger(line["cue_confidence"]) else {}
    judged = {}
    for (brand, _), mark in zip(request.brands[:AT_MOST], _marks(request), strict=False):
        if mark in odds:
            judged[brand] = _judged(*_add(odds[mark], _compared(named, mark)), dangers.get(mark, 0.0))
    labels = {made["label"] for made in judged.values()}
    return judged if len(labels) > 1 or labels - {line["label"]} else {}


def _marks(request: ScoreRequest) -> list[str]:
    return [f"{_HERE}{chr(ord('a') + number)}" for number in range(min(len(request.brands), AT_MOST))]


def _marked(text: str, request: ScoreRequest) -> str:
    """The text with a mark of its own for each brand."""
    for mark, (_, terms) in zip(_marks(request), request.brands, strict=False):
        masked = mask_names(text, terms)
        text = re.sub(rf"@?{NAME}(?:\s+{NAME})*", mark, masked, flags=re.IGNORECASE)
    return text


def _clauses(named: str) -> list[str]:
    return [clause for clause in _CLAUSE.split(named) if clause and clause.strip()]


def _odds(
    clauses: Sequence[str], marks: Sequence[str], model: Learned | str, layer: Layer | None
) -> dict[str, tuple[float, float]]:
    """The mean log-odds, negative and positive, of each brand's clauses: those naming it, and those after one that
    does until another is named."""
    masked = [*map(_masked, clauses)]
    odds = odds_of(read_texts(masked), model)
    if layer:
        odds = layers.apply(odds, masked, layer)
    concerned: dict[str, list[tuple[float, float]]] = {}
    for marks_here, (negative, positive, *_) in zip(_concerned(clauses, marks), odds.tolist(), strict=True):
        for mark in marks_here:
            concerned.setdefault(mark, []).append((negative, positive))
    return {mark: _mean(pairs) for mark, pairs in concerned.items()}


def _masked(clause: str) -> str:
    return re.sub(rf"{_HERE}[a-l]", NAME, clause, flags=re.IGNORECASE)


def _dangers(clauses: Sequence[str], marks: Sequence[str]) -> dict[str, float]:
    """How sure the clauses of each brand report danger; brands of which they report none are left out."""
    dangers: dict[str, float] = {}
    for marks_here, clause in zip(_concerned(clauses, marks), map(_masked, clauses), strict=True):
        if reported := danger(cue_confidences(clause, find(clause), 0.0, 0.0)):
            dangers |= {mark: max(reported, dangers.get(mark, 0.0)) for mark in marks_here}
    return dangers


def _mean(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return sum(negative for negative, _ in pairs) / len(pairs), sum(positive for _, positive in pairs) / len(pairs)


def _concerned(clauses: Sequence[str], marks: Sequence[str]) -> Iterator[list[str]]:
    """The brands that each clause is about."""
    before: list[str] = []
    for clause in clauses:
        here = [mark for mark in marks if mark in clause]
        before = here or before
        yield before


def _compared(named: str, mark: str) -> float:
    """How often the text prefers the brand to another one, less how often another one to it; from -1 to 1."""
    pairs = {(hit["better"], hit["worse"]) for pattern in _COMPARED for hit in pattern.finditer(named)}
    found = sum((better == mark) - (worse == mark) for better, worse in pairs)
    return max(-1.0, min(1.0, float(found)))


def _add(odds: tuple[float, float], preferred: float) -> tuple[float, float]:
    """A comparison decides: what the words beside it feel counts for half."""
    negative, positive = odds
    if not preferred:
        return odds
    return negative / 2 - SHIFT * preferred, positive / 2 + SHIFT * preferred


def _judged(negative: float, positive: float, reported: float) -> dict[str, Any]:
    shares = shares_of(numpy.array([[negative, positive, 0.0]]))[0]
    if reported:
        shares = beside_danger(shares, reported)
    return {"label": str(label_of(shares)), "neg": shares.negative, "pos": shares.positive}
