"""VADER's four scores, equal to vaderSentiment's to the last digit, at a cost that grows with the length only.

The lexicon, the rules and the arithmetic are the library's. What is added is a cache of its answers. Each token becomes
one character: one for all words that mean nothing to the rules, one of its own for each that does. A text is then a
short string; one pattern finds the words of sentiment in it, and the characters around such a word, which are all that
its rule looks at, are the name under which the library's answer is kept.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from heapq import heappop, heappush
from typing import Any, NamedTuple, TypeVar

from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    C_INCR,
    NEGATE,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
    SentiText,
)

BEFORE, AFTER = 3, 2  # how far the rule for a word looks around it
REMEMBERED = 50000  # tokens, and neighbourhoods, kept; strangers' tokens have no end
LONGEST_REMEMBERED = 30  # characters
NORMAL = 15  # what the library's `normalize` adds under the root

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

# Characters that stand for tokens. Each kind of word has a range of its own, so that one pattern finds a kind: words
# that tell the rule of a neighbour nothing or something, each kind without sentiment of its own and with it.
_MERE, _MERE_UPPER, _BUT, _BUT_UPPER, _OUTSIDE = ".", "^", "b", "B", "#"
_QUIET, _TELLS, _QUIET_FELT, _TELLS_FELT, _LAST = "\u0080", "\u0100", "\u1000", "\u8000", "\ud7ff"
_FELT = re.compile(f"[{_QUIET_FELT}-{_LAST}]")
_TELLING_SOMETHING = re.compile(f"[{_TELLS}-\u0fff{_TELLS_FELT}-{_LAST}]")

T = TypeVar("T")
Pair = tuple[str, float]
Attributions = tuple[Pair, ...]  # the words of sentiment that a score rests on, each with its valence there
Feeling = tuple[float, Attributions]  # the compound and the words it rests on


class VaderScores(NamedTuple):
    """VADER's scores of one text, and the words they rest on, in small letters."""

    neg: float
    neu: float
    pos: float
    compound: float
    words: Attributions


_EMPTY, _SILENT = VaderScores(0.0, 0.0, 0.0, 0.0, ()), VaderScores(0.0, 1.0, 0.0, 0.0, ())


class _Word(NamedTuple):
    """A token as VADER reads it, in small letters unless all are capitals. `valence`: None when it carries none;
    `neighbour`: what it is to the words around it."""

    text: str
    valence: float | None
    neighbour: str
    is_upper: bool


class _Window(NamedTuple):
    """What VADER's rule for a word asks of a text."""

    words_and_emoticons: list[str]
    is_cap_diff: bool


class _Vocabulary(dict[str, str]):
    """The character of each token already read; when full it starts anew. `words`: what each character stands for."""

    def __init__(self, lexicon: dict[str, float]) -> None:
        super().__init__()
        self._lexicon = lexicon
        self._characters = {
            _Word("", None, _NOTHING, is_upper=False): _MERE,
            _Word("", None, _NOTHING, is_upper=True): _MERE_UPPER,
            _Word("but", None, _NOTHING, is_upper=False): _BUT,
            _Word("BUT", None, _NOTHING, is_upper=True): _BUT_UPPER,
        }
        self.words = {character: word for word, character in self._characters.items()}
        self._given: Counter[str] = Counter()

    def __missing__(self, token: str) -> str:
        text = SentiText._strip_punc_if_word(token)
        lowered = text.lower()
        if lowered in self._lexicon or lowered in _TELLING or "n't" in lowered:
            character = self._character(self._word(text, lowered))
        else:
            character = _MERE_UPPER if text.isupper() else _MERE
        if len(token) <= LONGEST_REMEMBERED:
            if len(self) >= REMEMBERED:
                self.clear()
            self[token] = character
        return character

    def _character(self, word: _Word) -> str:
        if word not in self._characters:
            is_quiet = word.neighbour in _PLAIN
            if word.valence is None:
                first = _QUIET if is_quiet else _TELLS
            else:
                first = _QUIET_FELT if is_quiet else _TELLS_FELT
            character = self._characters[word] = chr(ord(first) + self._given[first])
            self._given[first] += 1
            self.words[character] = word
        return self._characters[word]

    def _word(self, text: str, lowered: str) -> _Word:
        valence = None if lowered in BOOSTER_DICT else self._lexicon.get(lowered)
        neighbour = _neighbour(lowered, valence)
        if valence is None and lowered not in _TELLING:
            lowered = neighbour  # nothing, or one more negation: any word of its kind says the same
        if text.isupper():
            return _Word(text if lowered else "", valence, neighbour.upper(), is_upper=True)
        return _Word(lowered, valence, neighbour, is_upper=False)


def _neighbour(word: str, valence: float | None) -> str:
    if word in _BY_NAME or word in _PHRASED:
        return word
    if word in BOOSTER_DICT:
        return _BOOSTER if BOOSTER_DICT[word] > 0 else _DAMPENER
    negates = word in _NEGATE or "n't" in word
    if valence is not None:
        return word if negates else _SENTIMENT
    return _NEGATION if negates else _NOTHING


class _Answers(dict[str, T]):
    """What was answered about a word amid its neighbours, asked when it was not; when full it starts anew."""

    def __init__(self, ask: Callable[[str], T]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, around: str) -> T:
        if len(self) >= REMEMBERED:
            self.clear()
        self[around] = answer = self._ask(around)
        return answer


class Vader:
    """Scores texts by VADER; one instance serves any number of them. `moods`: what is read as a word of its own, be it
    an emoji, with its valence there (0: none); without any, its figures are the library's."""

    def __init__(self, moods: Mapping[str, float] | None = None) -> None:
        self._rules: Any = SentimentIntensityAnalyzer()
        moods = moods or {}
        self._rules.lexicon |= {sign: mood for sign, mood in moods.items() if mood}
        # Words of one valence are one to the rule: the answer for "not great" is that for all of great's valence.
        plain = ((word, valence) for word, valence in self._rules.lexicon.items() if word.isalpha())
        plain = ((word, valence) for word, valence in plain if _neighbour(word, valence) == _SENTIMENT)
        self._same: dict[float | None, str] = {valence: word for word, valence in plain}
        self._vocabulary = _Vocabulary(self._rules.lexicon)
        self._ask = lru_cache(REMEMBERED)(self._ask_rule)
        self._told = _Answers(self._tell)
        self._told_by_case = _Answers(self._tell_by_case)
        # VADER puts a space before an emoji's description when there is none; one too many is split away all the same.
        singles = {emoji: text for emoji, text in self._rules.emojis.items() if len(emoji) == 1}
        singles |= {sign: f"{sign} " for sign in moods if len(sign) == 1}
        self._emoji = _among(singles)
        self._in_words = {ord(emoji): f" {description}" for emoji, description in singles.items()}

    def read(self, text: str) -> VaderScores:
        """Score one text of any length. The four figures equal vaderSentiment's polarity_scores(text)."""
        tokens, text = self._split(text)
        felt = self._attribute(tokens)
        if not felt:
            return _SILENT if tokens else _EMPTY
        emphasis = self._emphasis(text)
        positive = negative = 0.0
        for _, valence in felt:
            if valence > 0:
                positive += valence + 1  # every other word counts as 1
            else:
                negative += 1 - valence
        neutral = len(tokens) - len(felt)
        compound = _compound(felt, emphasis)
        if positive > negative:
            positive += emphasis
        elif positive < negative:
            negative += emphasis
        whole = positive + negative + neutral
        return VaderScores(
            round(negative / whole, 3), round(neutral / whole, 3), round(positive / whole, 3), compound, tuple(felt)
        )

    def feel(self, text: str, tokens: list[str] | None = None) -> Feeling:
        """The compound and the words of `read` alone, which costs less. `tokens`: text.split(), where it is at hand."""
        tokens, text = self._split(text, tokens)
        felt = self._attribute(tokens)
        return (_compound(felt, self._emphasis(text)), tuple(felt)) if felt else (0.0, ())

    def _split(self, text: str, tokens: list[str] | None = None) -> tuple[list[str], str]:
        """The tokens of a text, and the text, both with emoji in words. `tokens`: its own."""
        if not text.isascii() and self._emoji.search(text):
            text, tokens = text.translate(self._in_words), None
        return text.split() if tokens is None else tokens, text

    def _emphasis(self, text: str) -> float:
        """What exclamation and question marks add."""
        if "!" in text or "?" in text:
            return float(self._rules._punctuation_emphasis(text))
        return 0.0

    def _attribute(self, tokens: list[str]) -> list[Pair]:
        """The words of sentiment with their valences there, in their order, without those whose valence came to 0."""
        codes = f"{_OUTSIDE * BEFORE}{''.join(map(self._vocabulary.__getitem__, tokens))}{_OUTSIDE * AFTER}"
        places = [hit.start() for hit in _FELT.finditer(codes)]
        told = self._told
        felt: list[Any] = [told[codes[place - BEFORE : place + AFTER + 1]] for place in places]
        if None in felt:
            return self._attribute_closely(codes, places)
        if felt and (_BUT in codes or _BUT_UPPER in codes):
            return _weigh_but(felt, places, codes)
        return felt

    def _attribute_closely(self, codes: str, places: list[int]) -> list[Pair]:
        """The same where some word comes to 0, or hangs on whether only some words of the text are in capitals."""
        words = self._vocabulary.words
        is_cap_diff = len({words[code].is_upper for code in set(codes) if code != _OUTSIDE}) > 1
        both = self._told_by_case
        felt = [both[codes[place - BEFORE : place + AFTER + 1]][is_cap_diff] for place in places]
        if _BUT in codes or _BUT_UPPER in codes:
            felt = _weigh_but(felt, places, codes)
        return [pair for pair in felt if pair[1]]

    def _tell(self, around: str) -> Pair | None:
        """The word in the middle of these codes with its valence; None where that asks for a closer look."""
        word = self._vocabulary.words[around[BEFORE]]
        if not word.is_upper and word.valence and not _TELLING_SOMETHING.search(around):
            return word.text, word.valence
        calm, amid_capitals = self._told_by_case[around]
        return calm if calm == amid_capitals and calm[1] else None

    def _tell_by_case(self, around: str) -> tuple[Pair, Pair]:
        """The word in the middle of these codes with its valence, where all words are in capitals or none, and where
        only some are."""
        words = [self._vocabulary.words[code] for code in around.strip(_OUTSIDE)]
        index = BEFORE - around[:BEFORE].count(_OUTSIDE)
        text = words[index].text.lower()
        calm = amid_capitals = self._valence(words, index, is_cap_diff=False)
        if any(word.is_upper for word in words):
            amid_capitals = self._valence(words, index, is_cap_diff=True)
        return (text, calm), (text, amid_capitals)

    def _valence(self, words: list[_Word], index: int, *, is_cap_diff: bool) -> float:
        """The valence of the word at `index` of its neighbourhood."""
        near = [word.neighbour for word in words]
        if not _PHRASED_IN_ANY_CASE.isdisjoint(near):
            return self._ask(tuple([word.text for word in words]), index, is_cap_diff)
        if near[index] in _NO:
            return self._ask(tuple(near), index, is_cap_diff)
        word, before = words[index], near[:index]
        if _PLAIN.issuperset(before):
            return _valence_alone(word, is_cap_diff=is_cap_diff)
        same = self._same[word.valence]
        emphasised = is_cap_diff and any(text.is_upper for text in words[: index + 1])
        return self._ask((*before, same.upper() if word.is_upper else same), index, emphasised)

    def _ask_rule(self, near: tuple[str, ...], index: int, is_cap_diff: bool) -> float:
        """The library's own answer for the word at `index` of its neighbourhood."""
        word = near[index]
        if word.lower() == "kind" and [text.lower() for text in near[index + 1 : index + 2]] == ["of"]:
            return 0.0
        return float(self._rules.sentiment_valence(0, _Window(list(near), is_cap_diff), word, index, [])[0])


def _among(characters: Iterable[str]) -> re.Pattern[str]:
    """Finds each of the characters, and a few beside them: ranges are found far faster than a list."""
    ranges: defaultdict[int, list[str]] = defaultdict(list)
    for character in sorted(characters):
        ranges[ord(character) >> 12].append(character)
    return re.compile(f"[{''.join([f'{one[0]}-{one[-1]}' for one in ranges.values()])}]")


def _compound(felt: Sequence[Pair], emphasis: float) -> float:
    total = sum([valence for _, valence in felt])
    if total > 0:
        total += emphasis
    elif total < 0:
        total -= emphasis
    return round(total / math.sqrt(total * total + NORMAL), 4)


def _valence_alone(word: _Word, *, is_cap_diff: bool) -> float:
    valence = word.valence or 0.0
    if is_cap_diff and word.is_upper:
        return float(valence + C_INCR if valence > 0 else valence - C_INCR)
    return valence


def _weigh_but(felt: list[Pair], places: list[int], codes: str) -> list[Pair]:
    """Halve what stands before the first "but", and add half as much to what stands after it, in the library's order.

    The library looks each valence up by value and changes the first place that holds it, which may be another word
    than the one it is at; places are kept by value here so that this is found without searching.
    """
    first = min(place for place in (codes.find(_BUT), codes.find(_BUT_UPPER)) if place >= 0)
    valences = [valence for _, valence in felt]
    holding: defaultdict[float, list[int]] = defaultdict(list)
    for index, valence in enumerate(valences):
        holding[valence].append(index)
    for index in range(len(valences)):
        valence = valences[index]
        changed = heappop(holding[valence])
        valences[changed] = valence * (0.5 if places[changed] < first else 1.5)
        heappush(holding[valences[changed]], changed)
    return [(word, valence) for (word, _), valence in zip(felt, valences, strict=True)]
