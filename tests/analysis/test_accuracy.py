"""How right a scorer was: counted by hand here, intervals as published, silence where there is too little."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.accuracy import Share, by, calibration, needs_reply, negative, right
from data.models import Sentiment, Verdict

NEGATIVE, NEUTRAL, POSITIVE = Sentiment
PLAIN = Verdict("x:1", "reddit", ("Acme",), NEGATIVE, 0.8, 0.9, NEGATIVE, True, "s-1", 0, None)


def verdicts(*pairs, **more):
    return [replace(PLAIN, said=said, sentiment=true, **more) for said, true in pairs]


def test_precision_is_of_what_was_said_and_recall_of_what_is():
    told = verdicts((NEGATIVE, NEGATIVE), (NEGATIVE, NEUTRAL), (POSITIVE, NEGATIVE), (NEUTRAL, NEGATIVE))
    figures = negative(told)
    assert (figures.precision, figures.recall, figures.cases) == (Share(1, 2), Share(1, 3), 4)
    assert right(told) == Share(1, 4)


def test_where_either_said_nothing_nothing_is_counted():
    told = verdicts((None, NEGATIVE), (NEGATIVE, None))
    assert negative(told).cases == right(told).of == 0
    assert calibration(told) == []
    assert needs_reply([replace(PLAIN, needs_reply=None), replace(PLAIN, said_needs_reply=None)]).cases == 0


def test_a_reply_is_needed_from_one_half_on():
    told = [
        replace(PLAIN, said_needs_reply=sure, needs_reply=true)
        for sure, true in ((0.5, True), (0.49, True), (0.9, False))
    ]
    assert (needs_reply(told).precision, needs_reply(told).recall) == (Share(1, 2), Share(1, 2))


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [
        (Share(8, 10), 0.490, 0.943),
        (Share(0, 10), 0.0, 0.278),
        (Share(10, 10), 0.722, 1.0),
        (Share(50, 100), 0.404, 0.596),
    ],
)
def test_intervals_are_wilsons(share, low, high):
    assert share.interval == pytest.approx((low, high), abs=0.001)


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_share_always_lies_in_its_interval(hits, rest):
    share = Share(hits, hits + rest)
    low, high = share.interval
    assert 0 <= low <= high <= 1
    assert not share.of or low - 1e-9 <= share.value <= high + 1e-9


def test_fewer_than_thirty_say_nothing():
    assert [Share(9, of).is_enough for of in (0, 29, 30)] == [False, False, True]


def test_calibration_goes_by_bands_and_leaves_out_empty_ones():
    told = [
        replace(PLAIN, confidence=sure, sentiment=true)
        for sure, true in ((0.55, NEGATIVE), (0.95, NEGATIVE), (0.9, POSITIVE), (1.0, NEGATIVE))
    ]
    bands = calibration(told)
    assert [(band.low, band.high, band.right) for band in bands] == [(0.5, 0.6, Share(1, 1)), (0.9, 1.0, Share(2, 3))]
    assert bands[1].sure == pytest.approx(0.95)


def test_what_names_two_brands_counts_for_both_and_the_largest_group_comes_first():
    told = [replace(PLAIN, brands=("Acme", "Bolt")), replace(PLAIN, brands=("Bolt",))]
    assert {part: len(group) for part, group in by(told, lambda one: one.brands).items()} == {"Bolt": 2, "Acme": 1}
    assert list(by(told, lambda one: one.brands)) == ["Bolt", "Acme"]
