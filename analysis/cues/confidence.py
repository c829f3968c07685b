"""How sure a cue is, by its kind, by how many phrases gave it, and by how the text around them feels.

The starting values of complaint, churn and praise are measured on labelled sentiments; the model card has the figures.
All other numbers here are set by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from analysis.text.masking import is_named

# How likely one phrase of each kind means what it says, before anything else is looked at.
MEASURED = {"complaint": 0.62, "churn": 0.8, "praise": 0.81}  # on the open sets, by `python -m analysis fit`
BY_HAND = {  # nobody has labelled these
    "question": 0.75,
    "request": 0.65,
    "safety": 0.5,
    "legal": 0.5,
    "press": 0.55,
    "security": 0.55,
    "spam": 0.55,
}
ONE = MEASURED | BY_HAND
RAISED = 0.4  # a cue less sure than this is not raised
EACH_MORE = 0.4  # of the remaining doubt is taken away by a further phrase

_FROM_BLAME = frozenset({"complaint", "churn", "safety", "legal", "security"})
_GRAVE = frozenset({"safety", "legal", "security"})  # also talked about in general: in the news, as a topic
_PERSONAL = re.compile(r"\b(?:i|i'm|i've|i'll|im|my|me|mine|we|we're|our|us|you|your|u|ur)\b", re.IGNORECASE)
_TOLD = re.compile(
    r"\b(?:according to|reported(?:ly)?|news|article|headline|study|studies|statistics|stats|court(?:s)? rul|judge|"
    r"settlement|allegedly|plaintiff|billion|million|per 100|percent|investigat\w+|the media|politicians?|congress|"
    r"government|lawmakers?|nhtsa|sec filed|doj|historically|in general)\b",
    re.IGNORECASE,
)


def cue_confidences(
    masked: str, cues: Mapping[str, tuple[str, ...]], negative: float, positive: float
) -> dict[str, float]:
    """The confidence of each cue of a masked text, 0 to 1; cues below RAISED are left out. `cues`: as cues.find gives
    them; `negative`, `positive`: how likely the text is that, 0 to 1."""
    weighed = {cue: _weigh(masked, cue, len(words), negative, positive) for cue, words in cues.items()}
    return {cue: sure for cue, sure in weighed.items() if sure >= RAISED}


def _weigh(masked: str, cue: str, count: int, negative: float, positive: float) -> float:
    doubt = (1 - ONE.get(cue, 0.5)) * (1 - EACH_MORE) ** (count - 1)
    if cue in _FROM_BLAME:
        doubt *= 1.5 - negative
    elif cue == "praise":
        doubt *= 1.5 - positive
    sure = 1 - min(doubt, 1.0)
    if cue in _GRAVE:
        sure *= _concerns_us(masked)
    return round(sure, 2)


def _concerns_us(masked: str) -> float:
    """Less than 1 when grave words are talk about the world: nobody speaks of oneself or to anybody."""
    is_personal = bool(_PERSONAL.search(masked)) or masked.startswith("@") or is_named(masked)
    factor = 1.0 if is_personal else 0.6
    return factor * (0.7 if _TOLD.search(masked) else 1.0)
