"""What a mention that names several brands says of each: "switching from A to B" is bad for A and good for B."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy

from analysis.text.masking import NAME, mask_names

if TYPE_CHECKING:
    from analysis.scoring.model import Learned
    from analysis.scoring.scoring import Asked

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
    row: Asked, line: Mapping[str, Any], model: Learned | str, taught: Mapping[str, Any] | None
) -> dict[str, dict[str, Any]]:
    """{brand: {"label", "neg", "pos"}} for the brands of `row` that its words name, when there are two or more and they
    fare differently; else nothing."""
    from analysis.scoring.scoring import said

    named = _marked(said(row), row)
    marks = [mark for mark in _marks(row) if mark in named]
    if len(marks) < 2:
        return {}
    odds = _odds(_clauses(named), marks, model, taught)
    told = {}
    for (brand, _), mark in zip(row.brands[:AT_MOST], _marks(row), strict=False):
        if mark in odds:
            told[brand] = _told(*(_add(odds[mark], _compared(named, mark))))
    labels = {made["label"] for made in told.values()}
    return told if len(labels) > 1 or labels - {line["label"]} else {}


def _marks(row: Asked) -> list[str]:
    return [f"{_HERE}{chr(ord('a') + number)}" for number in range(min(len(row.brands), AT_MOST))]


def _marked(text: str, row: Asked) -> str:
    """The text with a mark of its own for each brand."""
    for mark, (_, terms) in zip(_marks(row), row.brands, strict=False):
        masked = mask_names(text, terms)
        text = re.sub(rf"@?{NAME}(?:\s+{NAME})*", mark, masked, flags=re.IGNORECASE)
    return text


def _clauses(named: str) -> list[str]:
    return [clause for clause in _CLAUSE.split(named) if clause and clause.strip()]


def _odds(
    clauses: Sequence[str], marks: Sequence[str], model: Learned | str, taught: Mapping[str, Any] | None
) -> dict[str, tuple[float, float]]:
    """The mean log-odds, negative and positive, of each brand's clauses: those naming it, and those after one that
    does until another is named."""
    from analysis.adapting import layer_fit
    from analysis.scoring.judging import look, odds_of

    masked = [re.sub(rf"{_HERE}[a-l]", NAME, clause, flags=re.IGNORECASE) for clause in clauses]
    texts = look(masked)
    odds = odds_of(texts, model)
    if taught:
        odds = layer_fit.adjust(odds, masked, taught)
    concerned: dict[str, list[tuple[float, float]]] = {}
    for marks_here, (negative, positive, *_) in zip(_concerned(clauses, marks), odds.tolist(), strict=True):
        for mark in marks_here:
            concerned.setdefault(mark, []).append((negative, positive))
    return {
        mark: (sum(one[0] for one in said) / len(said), sum(one[1] for one in said) / len(said))
        for mark, said in concerned.items()
    }


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
    """A comparison decides: what the words beside it feel counts for less."""
    if not preferred:
        return odds
    return odds[0] / 2 - SHIFT * preferred, odds[1] / 2 + SHIFT * preferred


def _told(negative: float, positive: float) -> dict[str, Any]:
    from analysis.scoring.judging import label_of, shares_of

    share = shares_of(numpy.array([[negative, positive, 0.0]]))[0]
    return {"label": str(label_of(share)), "neg": share[0], "pos": share[2]}
