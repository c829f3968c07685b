"""How sure a cue is, by its kind, by how many phrases gave it, and by how the text around them feels.

A report of danger needs no feeling: whoever writes "the battery exploded in my hand" may write it calmly. Danger that
is only talked about (in the news, in a film, of another company) is told by the words around it.

The starting values of complaint, churn and praise are measured on labelled sentiments; the model card has the figures.
All other numbers here are set by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from analysis.cues.cues import events
from analysis.text.masking import LINK, is_named
from analysis.text.sentences import split

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
EVENT = 0.7  # the same of a phrase that says that something happened
RAISED = 0.4  # a cue less sure than this is not raised
EACH_MORE = 0.4  # of the remaining doubt is taken away by a further phrase
GRAVE = frozenset({"safety", "legal", "security"})  # with harm in them; also talked about in general

NOTHING = frozenset[str]()
_HURT = frozenset({"safety"})
_FROM_BLAME = frozenset({"complaint", "churn"})
_FIRST = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|im|ive|my|me|mine|myself|we|we're|we've|our|us)\b", re.IGNORECASE)
_PERSONAL = re.compile(rf"{_FIRST.pattern}|\b(?:you|you're|you've|your|u|ur)\b", re.IGNORECASE)
_OTHER_FIRMS = (
    r"rivals?|competitors?|(?:another|other|different) (?:makers?|company|companies|brands?|manufacturers?|airlines?|"
    r"banks?|firms?)"
)
# Marks of talk about the world: a cue in such a text is doubted.
_TOLD = re.compile(
    r"\b(?:according to|reportedly|reports say|news|article|headline|study|studies|statistics|stats|court(?:s)? rul|"
    r"settlement|allegedly|plaintiff|billion|million|per 100|percent|investigat\w+|the media|politicians?|congress|"
    rf"government|lawmakers?|nhtsa|sec filed|doj|historically|in general|{_OTHER_FIRMS})\b",
    re.IGNORECASE,
)
# What is told in a sentence with one of these happened to somebody else, or to nobody.
_ELSEWHERE = re.compile(
    r"\b(?:documentary|movies?|films?|novel|episode|headlines?|newspapers?|podcast|in the (?:news|papers?|game)|"
    r"according to (?:the |an? )?(?:news|papers?|articles?|reports?|study|studies|media|statistics|police|officials|"
    r"data|press)|(?:read|reading|watched|heard) (?:about|that|an? (?:article|story|report|video))|"
    r"news (?:report|story))\b",
    re.IGNORECASE,
)
# The same, unless the writer speaks of himself.
_OF_OTHERS = re.compile(
    r"\b(?:study|studies|statistics|statistically|percent|per cent|per \d[\d,]*|\d+ ?% of|millions?|billions?|"
    r"allegedly|reportedly|reports say|was reported|court(?:s)? ruled|judge|settlement|plaintiffs?|prosecutors?|"
    r"the media|politicians?|congress|lawmakers?|senat(?:e|or)|officials|nhtsa|doj|sec filed|historically|in general|"
    rf"on average|worldwide|nationwide|shares|stock|investors|announce[sd]?|{_OTHER_FIRMS}|"
    r"song|album|mixtape|lyrics|remix|playoffs?|striker|quarterback|gameplay|anime|lol|lmao|haha+|jk|joking|kidding|"
    r"imagine|what if|if\b.{1,80}\bwould)\b|[😂🤣]",
    re.IGNORECASE,
)
# Where it is the trade to pay for injuries, most of them are told as the reason of a claim.
_INSURED = re.compile(
    r"\b(claim|polic(?:y|ies)|insur|cover(?:s|ed|age)?\b|veterinar|vets?\b|premium|deductible|reimburs)", re.IGNORECASE
)
_FEW_INSURED = 2  # different words of insurance, from which on a text is about it


def cue_confidences(
    masked: str, cues: Mapping[str, tuple[str, ...]], negative: float, positive: float
) -> dict[str, float]:
    """The confidence of each cue of a masked text, 0 to 1; cues below RAISED are left out. `cues`: as cues.find gives
    them; `negative`, `positive`: how likely the text is that, 0 to 1."""
    reported = reports(masked) if not GRAVE.isdisjoint(cues) else NOTHING
    weighed = {
        cue: _report(masked, len(words)) if cue in reported else _weigh(masked, cue, len(words), negative, positive)
        for cue, words in cues.items()
    }
    return {cue: sure for cue, sure in weighed.items() if sure >= RAISED}


def danger(sure: Mapping[str, float]) -> float:
    """The confidence of the surest cue of GRAVE among those raised; 0 without one."""
    return max([one for cue, one in sure.items() if cue in GRAVE], default=0.0)


def reports(masked: str) -> frozenset[str]:
    """The cues of GRAVE that a masked text reports: a sentence says that it happened, and not elsewhere."""
    found = [events(sentence) for sentence in split(masked) if not _is_elsewhere(sentence)]
    return NOTHING.union(*found) - (_HURT if _is_of_insurance(masked) else NOTHING)


def _is_of_insurance(masked: str) -> bool:
    return len({word.lower() for word in _INSURED.findall(masked)}) >= _FEW_INSURED


def _is_elsewhere(sentence: str) -> bool:
    if _ELSEWHERE.search(sentence):
        return True
    if _FIRST.search(sentence):
        return False
    is_headline = LINK in sentence.lower() and not _concerns_people(sentence)
    return is_headline or bool(_OF_OTHERS.search(sentence))


def _report(masked: str, count: int) -> float:
    sure = 1 - (1 - EVENT) * (1 - EACH_MORE) ** (count - 1)
    return round(sure * (1.0 if _concerns_people(masked) else 0.85), 2)


def _weigh(masked: str, cue: str, count: int, negative: float, positive: float) -> float:
    doubt = (1 - ONE.get(cue, 0.5)) * (1 - EACH_MORE) ** (count - 1)
    if cue in _FROM_BLAME:
        doubt *= 1.5 - negative
    elif cue == "praise":
        doubt *= 1.5 - positive
    elif cue in GRAVE and not _tells_of_oneself(masked):
        doubt *= 1.5 - negative
    sure = 1 - min(doubt, 1.0)
    if cue in GRAVE:
        sure *= _concerns_us(masked)
    return round(sure, 2)


def _tells_of_oneself(masked: str) -> bool:
    if _is_of_insurance(masked):
        return False
    return any(_FIRST.search(sentence) and not _ELSEWHERE.search(sentence) for sentence in split(masked))


def _concerns_us(masked: str) -> float:
    """Less than 1 when grave words are talk about the world: nobody speaks of oneself or to anybody."""
    factor = 1.0 if _concerns_people(masked) else 0.6
    return factor * (0.7 if _TOLD.search(masked) or _is_of_insurance(masked) else 1.0)


def _concerns_people(masked: str) -> bool:
    """Whether somebody speaks of oneself, or to or of one of us."""
    return bool(_PERSONAL.search(masked)) or masked.startswith("@") or is_named(masked)
