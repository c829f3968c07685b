"""How a text feels by VADER: a short one as a whole, a long one by its sentences, the brand's own before others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from analysis.masking import is_named
from analysis.sentences import split
from analysis.vader import Driving as Words
from analysis.vader import Vader

READ = 20_000  # characters of a text; what follows is not read
SHORT = 50  # words; longer texts are read by sentence, for VADER's sum over a long text ends at -1 or 1 in any case
MOST_WORDS = 8

NAMING, AFTER_NAMING, OTHER = 2.0, 1.5, 1.0  # how much a sentence weighs in a long text


@cache
def vader() -> Vader:
    """VADER, once for the process."""
    return Vader()


def read(masked: str) -> tuple[float, Words]:
    """The compound of a masked text and every word it rests on. In a text of more than SHORT words it is the weighted
    mean over the sentences that hold a word of sentiment: one naming a brand weighs double, one right after it half as
    much again."""
    feel, tokens = vader().feel, masked.split()
    if len(tokens) <= SHORT:
        return feel(masked, tokens)
    sentences = split(masked)
    feelings = [feel(sentence) for sentence in sentences]
    return _combine(feelings, weigh(sentences)), tuple([word for _, words in feelings for word in words])


def weigh(sentences: Sequence[str]) -> list[float]:
    """How much each sentence of a long text weighs."""
    naming = [is_named(sentence) for sentence in sentences]
    return [
        NAMING if named else AFTER_NAMING if before else OTHER
        for named, before in zip(naming, [False, *naming], strict=False)
    ]


def _combine(feelings: Sequence[tuple[float, Words]], weights: Sequence[float]) -> float:
    felt = [(compound, weight) for (compound, words), weight in zip(feelings, weights, strict=True) if words]
    total = sum(weight for _, weight in felt)
    return round(sum(compound * weight for compound, weight in felt) / total, 4) if total else 0.0


def strongest(words: Sequence[tuple[str, float]]) -> Words:
    """Each word once, at its strongest, at most MOST_WORDS of them."""
    if len(words) < 2:
        return tuple([(word, round(valence, 2)) for word, valence in words])
    ranked = sorted(words, key=_strength)
    once: dict[str, float] = {}
    for word, valence in ranked:
        if word not in once:
            once[word] = round(valence, 2)
            if len(once) == MOST_WORDS:
                break
    return tuple(once.items())


def _strength(word: tuple[str, float]) -> float:
    return -abs(word[1])
