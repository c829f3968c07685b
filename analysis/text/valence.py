"""How a text feels by VADER: a short one as a whole, a long one as the weighted mean of its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from analysis.text.masking import is_named
from analysis.text.moods import MOODS
from analysis.text.sentences import split
from analysis.text.vader import Attributions, Feeling, Vader

READ = 20_000  # characters of a text; what follows is not read
SHORT = 50  # words; longer texts are read by sentence, for VADER's sum over a long text ends at -1 or 1 in any case
MOST_WORDS = 8

NAMING, AFTER_NAMING, OTHER = 2.0, 1.5, 1.0  # how much a sentence weighs in a long text


@cache
def vader() -> Vader:
    """The one VADER of this process, to which emoji have their moods."""
    return Vader(MOODS)


class Cut(NamedTuple):
    """A long text cut into sentences, with the weight and the feeling of each."""

    sentences: Sequence[str]
    weights: Sequence[float]
    feelings: Sequence[Feeling]


def read(masked: str) -> Feeling:
    """The compound of a masked text and every word it rests on. In a text of more than SHORT words it is the weighted
    mean over the sentences that hold a word of sentiment: one naming a brand weighs double, one right after it half as
    much again."""
    return look_into(masked)[0]


def look_into(masked: str) -> tuple[Feeling, Cut | None]:
    """What `read` gives, and the sentences it was computed from; None for a short text."""
    feel, tokens = vader().feel, masked.split()
    if len(tokens) <= SHORT:
        return feel(masked, tokens), None
    sentences = split(masked)
    cut = Cut(sentences, weigh(sentences), [feel(sentence) for sentence in sentences])
    words = tuple([word for _, words in cut.feelings for word in words])
    return (_combine(cut.feelings, cut.weights), words), cut


def weigh(sentences: Sequence[str]) -> list[float]:
    """The weight of each sentence of a long text: NAMING, AFTER_NAMING or OTHER."""
    naming = [is_named(sentence) for sentence in sentences]
    return [
        NAMING if named else AFTER_NAMING if before else OTHER
        for named, before in zip(naming, [False, *naming], strict=False)
    ]


def _combine(feelings: Sequence[Feeling], weights: Sequence[float]) -> float:
    felt = [(compound, weight) for (compound, words), weight in zip(feelings, weights, strict=True) if words]
    total = sum(weight for _, weight in felt)
    return round(sum(compound * weight for compound, weight in felt) / total, 4) if total else 0.0


def strongest(words: Sequence[tuple[str, float]]) -> Attributions:
    """The MOST_WORDS words of the largest absolute valence, each once, largest first, valences to two digits."""
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
