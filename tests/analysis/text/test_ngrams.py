"""Hashed pieces and words: a text's places are its own, whatever stands beside it."""

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.text.ngrams import BITS, SIZE, gather

ODD = st.text(max_size=60)


def places(texts):
    grams = gather(texts)
    pieces = numpy.split(grams.pieces, grams.piece_starts[1:])
    words = numpy.split(grams.words, grams.word_starts[1:])
    return [(one.tolist(), other.tolist()) for one, other in zip(pieces, words, strict=True)]


@settings(max_examples=200)
@given(st.lists(ODD, min_size=1, max_size=5))
def test_a_text_has_the_same_places_alone_and_in_company(texts):
    assert places(texts) == [places([text])[0] for text in texts]


@given(st.lists(ODD, min_size=1, max_size=5))
def test_places_lie_in_their_half_of_the_table(texts):
    grams = gather(texts)
    assert len(grams.piece_starts) == len(grams.word_starts) == len(texts)
    assert grams.pieces.max() < 1 << BITS <= grams.words.min()
    assert grams.words.max() < SIZE


@pytest.mark.parametrize(
    ("one", "other"),
    [("So BAD", "so bad"), ("sooooo", "soo"), ("room 17", "room 99"), ("a  b", "a b"), ("a\n\nb", "a\nb")],
)
def test_what_means_the_same_has_the_same_places(one, other):
    assert places([one]) == places([other])


@pytest.mark.parametrize(("one", "other"), [("not good", "good not"), ("good", "good."), ("", "a"), ("no", "on")])
def test_what_differs_has_other_places(one, other):
    assert places([one]) != places([other])


def test_a_very_long_text_is_hashed_at_once():
    grams = gather(["word " * 200_000])
    assert len(grams.words) > 600_000
