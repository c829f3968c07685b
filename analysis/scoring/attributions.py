"""Attributions: the words of a text that weighed most in the learned scorer, as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy
from numpy.typing import NDArray

from analysis.scoring.model import NEGATIVE, POSITIVE, Learned, Weighed, plain
from analysis.text.masking import HANDLE, LINK, NAME
from analysis.text.ngrams import EACH, spelled
from analysis.text.vader import Attributions

FEWEST = 0.25  # log-odds; a word with less is not shown
MOST = 3  # of a text
NEXT_BUT_ONE = 2  # the place of a word that says what comes after its neighbour, which nobody could read

Places = NDArray[numpy.intp]
Numbers = NDArray[numpy.float64]

_STAND_INS = frozenset(
    token.encode() for name in (NAME, LINK, HANDLE.removeprefix("@")) for token in (name, name.upper())
)


def words(model: Learned, weighed: Weighed, masked: Sequence[str], heads: Mapping[int, int]) -> dict[int, Attributions]:
    """The words, or pairs of neighbours, that weighed most for a head: at most MOST a text, the strongest first; texts
    without such are left out. `heads`: {text: head} of the texts to explain. A word's valence is its part of the
    positive log-odds for POSITIVE, else of the negative ones with the sign turned: below 0 speaks for negative."""
    if not heads:
        return {}
    texts, head = (numpy.array(list(part), dtype=numpy.intp) for part in (heads, heads.values()))
    starts = weighed.ngrams.word_starts
    lengths = numpy.diff(starts, append=len(weighed.ngrams.words))[texts]
    of_text = numpy.repeat(numpy.arange(len(texts)), lengths)
    position = numpy.arange(len(of_text)) - (numpy.cumsum(lengths) - lengths)[of_text]
    places = weighed.ngrams.words[starts[texts][of_text] + position]
    sizes = model.numbers(places, head[of_text]) * weighed.shares[1][texts, head][of_text]
    at = numpy.flatnonzero((sizes >= FEWEST) & (position >= EACH) & (position % EACH < NEXT_BUT_ONE))
    at = at[_strongest(of_text[at], sizes[at])]
    each = of_text[at]
    feels = -model.numbers(places[at], numpy.full(len(at), NEGATIVE)) * weighed.shares[1][texts[each], NEGATIVE]
    made: dict[int, dict[str, float]] = {}
    spoken: list[bytes] = []
    number = -1
    for text, place, size, feeling in zip(
        texts[each].tolist(), position[at].tolist(), sizes[at].tolist(), feels.tolist(), strict=True
    ):
        if text != number:
            number, spoken = text, spelled(plain(masked[text]))
        if word := _named(spoken, *divmod(place, EACH)):
            valence = size if heads[text] == POSITIVE else feeling
            made.setdefault(text, {})[word] = round(valence, 2)
    return {text: tuple(found.items()) for text, found in made.items()}


def _strongest(of_text: Places, sizes: Numbers) -> Places:
    """The positions of each text's MOST strongest parts, the texts in order and the strongest first."""
    order = numpy.lexsort((-sizes, of_text))
    text = of_text[order]
    rank = numpy.arange(len(order)) - numpy.searchsorted(text, text)
    kept: Places = order[rank < MOST]
    return kept


def _named(said: Sequence[bytes], at: int, and_next: int) -> str:
    """The word at a position counted from 1, or it and its neighbour; "" for names and at the ends of a text."""
    found = said[at - 1 : at + and_next]
    if len(found) != 1 + and_next or not _STAND_INS.isdisjoint(found):
        return ""
    return b" ".join(found).decode("utf-8", "replace").lower()
