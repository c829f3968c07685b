"""VADER's four scores, equal to vaderSentiment's to the last digit, at a cost that grows with the length only.

The lexicon, the rules and the arithmetic are the library's and are run by it. What is added is not asking it twice: a
word of sentiment is shown to its rule with the three words before and the two after, which is all the rule looks at;
those of them that mean nothing to the rule are shown as one such word, and the answer for that neighbourhood is kept.
"""

from __future__ import annotations

import math
from collections import defaultdict
from functools import lru_cache
from heapq import heappop, heappush
from typing import Any, NamedTuple

from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    C_INCR,
    NEGATE,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
    SentiText,
    normalize,
)

BEFORE, AFTER = 3, 2  # how far the rule for a word looks around it
REMEMBERED = 50000  # tokens, and neighbourhoods, kept; strangers' tokens have no end
LONGEST_REMEMBERED = 30  # characters

# What a neighbour is to the rule: a kind of word that stands for all of its kind, a word by name, or nothing.
_NOTHING, _SENTIMENT, _NEGATION, _BOOSTER, _DAMPENER = "", "good", "not", "really", "slightly"
_NEGATE = frozenset(NEGATE)
_BY_NAME = frozenset({"never", "without", "doubt", "so", "this", "nor", "or", "no", "least", "at", "very"})
_PLAIN = frozenset({_NOTHING, _SENTIMENT, _SENTIMENT.upper()})  # neighbours that change nothing
_NO = frozenset({"no", "NO"})  # the one word whose own valence hangs on the next word
# One word of each phrase is enough to notice it: its longest, if that is not met everywhere ("shit", not "the").
_COMMON = frozenset({"the", "of", "to", "for", "bad"})
_PHRASES = [phrase.split() for phrase in (*SPECIAL_CASES, *BOOSTER_DICT) if " " in phrase]
_PHRASED = frozenset(max((word for word in words if word not in _COMMON), key=len) for words in _PHRASES)
_PHRASED_IN_ANY_CASE = _PHRASED | {word.upper() for word in _PHRASED}
_TELLING = _BY_NAME | _NEGATE | frozenset({"but", *BOOSTER_DICT, *(word for words in _PHRASES for word in words)})


Driving = tuple[tuple[str, float], ...]  # the words of sentiment, each with the valence it was given there


class Reading(NamedTuple):
    """VADER's scores of one text, and the words that drove them, in small letters."""

    neg: float
    neu: float
    pos: float
    compound: float
    words: Driving


class _Word(NamedTuple):
    """A token as VADER reads it, in small letters unless all are capitals. `valence`: None when it carries none;
    `neighbour`: what it is to the words around it."""

    text: str
    valence: float | None
    neighbour: str
    is_upper: bool


_MERE, _MERE_UPPER = _Word("", None, _NOTHING, False), _Word("", None, _NOTHING, True)  # most words, all told by one


class _Window(NamedTuple):
    """What VADER's rule for a word asks of a text."""

    words_and_emoticons: list[str]
    is_cap_diff: bool


class _Rules(SentimentIntensityAnalyzer):  # type: ignore[misc]
    """The library's rules; only words that carry something are sifted one by one."""

    def _sift_sentiment_scores(self, valences: list[float]) -> tuple[float, float, int]:
        felt = [valence for valence in valences if valence]
        positive, negative, _ = super()._sift_sentiment_scores(felt)
        return positive, negative, len(valences) - len(felt)


class _Vocabulary(dict[str, _Word]):
    """Tokens already read; when full it starts anew."""

    def __init__(self, lexicon: dict[str, float]) -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, token: str) -> _Word:
        word = self._read(SentiText._strip_punc_if_word(token))
        if len(token) <= LONGEST_REMEMBERED:
            if len(self) >= REMEMBERED:
                self.clear()
            self[token] = word
        return word

    def _read(self, text: str) -> _Word:
        lowered = text.lower()
        valence = self._lexicon.get(lowered)
        if valence is None and lowered not in _TELLING and "n't" not in lowered:
            return _MERE_UPPER if text.isupper() else _MERE
        if lowered in BOOSTER_DICT:
            valence = None
        neighbour = _neighbour(lowered, valence)
        if text.isupper():
            return _Word(text, valence, neighbour.upper(), True)
        return _Word(lowered, valence, neighbour, False)


def _neighbour(word: str, valence: float | None) -> str:
    if word in _BY_NAME or word in _PHRASED:
        return word
    if word in BOOSTER_DICT:
        return _BOOSTER if BOOSTER_DICT[word] > 0 else _DAMPENER
    negates = word in _NEGATE or "n't" in word
    if valence is not None:
        return word if negates else _SENTIMENT
    return _NEGATION if negates else _NOTHING


class Vader:
    """Reads texts; one instance serves any number of them."""

    def __init__(self) -> None:
        self._rules: Any = _Rules()
        # Words of one valence are one to the rule: the answer for "not great" is that for all of great's valence.
        plain = ((word, valence) for word, valence in self._rules.lexicon.items() if word.isalpha())
        plain = ((word, valence) for word, valence in plain if _neighbour(word, valence) == _SENTIMENT)
        self._same: dict[float | None, str] = {valence: word for word, valence in plain}
        self._vocabulary = _Vocabulary(self._rules.lexicon)
        self._ask = lru_cache(REMEMBERED)(self._ask_rule)
        # VADER puts a space before an emoji's description when there is none; one too many is split away all the same.
        singles = ((emoji, text) for emoji, text in self._rules.emojis.items() if len(emoji) == 1)
        self._emojis = {ord(emoji): f" {description}" for emoji, description in singles}

    def read(self, text: str) -> Reading:
        """Score one text of any length. The four figures equal vaderSentiment's polarity_scores(text)."""
        words, felt, text = self._words(text)
        if not felt:
            return Reading(0.0, 1.0 if words else 0.0, 0.0, 0.0, ())
        valences = self._valences(words, felt, text)
        scores = self._rules.score_valence(valences, text)
        return Reading(scores["neg"], scores["neu"], scores["pos"], scores["compound"], _driving(words, felt, valences))

    def feel(self, text: str) -> tuple[float, Driving]:
        """The compound and the words alone, for less."""
        words, felt, text = self._words(text)
        if not felt:
            return 0.0, ()
        valences = self._valences(words, felt, text)
        total = float(sum(valences))
        if total:
            total += math.copysign(self._rules._punctuation_emphasis(text), total)
        return round(normalize(total), 4), _driving(words, felt, valences)

    def _words(self, text: str) -> tuple[list[_Word], list[int], str]:
        """The words of a text, the places of those with sentiment, and the text with its emoji in words."""
        if not text.isascii():
            text = text.translate(self._emojis)
        words = list(map(self._vocabulary.__getitem__, text.split()))
        return words, [index for index, word in enumerate(words) if word[1] is not None], text

    def _valences(self, words: list[_Word], felt: list[int], text: str) -> list[float]:
        """One valence a word, in the order of the words."""
        uppers = sum([word[3] for word in words])
        is_cap_diff = 0 < uppers < len(words)
        neighbours = [word[2] for word in words]
        valences: list[float] = [0] * len(words)
        for index in felt:
            start = index - BEFORE if index > BEFORE else 0
            end = index + AFTER + 1
            near = neighbours[start:end]
            if _PLAIN.issuperset(near):
                valences[index] = _valence_alone(words[index], is_cap_diff)
            else:
                valences[index] = self._valence_among(words[start:end], near, index - start, is_cap_diff)
        if "but" in text.lower():
            _weigh_but(words, felt, valences)
        return valences

    def _valence_among(self, words: list[_Word], near: list[str], index: int, is_cap_diff: bool) -> float:
        """The valence of the word at `index` of its neighbourhood; `near`: what each word there is to the others."""
        if not _PHRASED_IN_ANY_CASE.isdisjoint(near):
            return self._ask(tuple([word[0] for word in words]), index, is_cap_diff)
        if near[index] in _NO:
            return self._ask(tuple(near), index, is_cap_diff)
        word = words[index]
        before = near[:index]
        if _PLAIN.issuperset(before):
            return _valence_alone(word, is_cap_diff)
        same = self._same[word[1]]
        emphasised = is_cap_diff and any(text[3] for text in words[: index + 1])
        return self._ask((*before, same.upper() if word[3] else same), index, emphasised)

    def _ask_rule(self, near: tuple[str, ...], index: int, is_cap_diff: bool) -> float:
        """The library's own answer for the word at `index` of its neighbourhood."""
        word = near[index]
        if word.lower() == "kind" and [text.lower() for text in near[index + 1 : index + 2]] == ["of"]:
            return 0.0
        return float(self._rules.sentiment_valence(0, _Window(list(near), is_cap_diff), word, index, [])[0])


def _driving(words: list[_Word], felt: list[int], valences: list[float]) -> Driving:
    return tuple([(words[index][0].lower(), valences[index]) for index in felt if valences[index]])


def _valence_alone(word: _Word, is_cap_diff: bool) -> float:
    valence = word[1] or 0.0
    if is_cap_diff and word[3]:
        return float(valence + C_INCR if valence > 0 else valence - C_INCR)
    return valence


def _weigh_but(words: list[_Word], felt: list[int], valences: list[float]) -> None:
    """Halve before the first "but", half as much again after it, in place, in the library's order.

    The library looks each valence up by value and changes the first place that holds it, which may be another word
    than the one it is at; places are kept by value here so that this is found without searching.
    """
    first = next((index for index, word in enumerate(words) if word[0].lower() == "but"), None)
    if first is None:
        return
    places: defaultdict[float, list[int]] = defaultdict(list)
    for index in felt:
        places[valences[index]].append(index)
    for index in felt:
        valence = valences[index]
        if valence:
            place = heappop(places[valence])
            valences[place] = valence * (0.5 if place < first else 1.5)
            heappush(places[valences[place]], place)
