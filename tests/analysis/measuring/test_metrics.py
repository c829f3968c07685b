"""The figures of accuracy, held against scikit-learn's."""

import numpy
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from analysis.measuring.metrics import (
    auc,
    average_precision,
    calibration_error,
    confusion,
    macro_f1,
    recall_and_precision,
)

PAIRS = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])), min_size=2, max_size=40)
KINDS = ("negative", "neutral", "positive")


@settings(deadline=None)  # a busy machine is no fault
@given(PAIRS)
def test_auc_and_average_precision_are_the_usual_ones(pairs):
    truth, scores = numpy.array([one for one, _ in pairs]), numpy.array([score for _, score in pairs])
    assume(0 < truth.sum() < len(truth))
    assert auc(truth, scores) == pytest.approx(roc_auc_score(truth, scores))
    assert average_precision(truth, scores) == pytest.approx(average_precision_score(truth, scores))


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(KINDS)), min_size=1, max_size=30))
def test_macro_f1_is_the_usual_one_over_what_occurs(pairs):
    gold, labels = [one for one, _ in pairs], [other for _, other in pairs]
    kinds = sorted(set(gold))
    expected = f1_score(gold, labels, labels=kinds, average="macro", zero_division=0)
    assert macro_f1(gold, labels, KINDS) == pytest.approx(expected)


def test_without_one_of_both_kinds_there_is_no_auc():
    assert numpy.isnan(auc(numpy.array([True, True]), numpy.array([0.1, 0.2])))
    assert numpy.isnan(average_precision(numpy.array([False]), numpy.array([0.1])))


def test_a_promise_that_is_kept_has_no_calibration_error():
    truth = numpy.array([True] * 8 + [False] * 2)
    assert calibration_error(truth, numpy.full(10, 0.8)) == pytest.approx(0)
    assert calibration_error(truth, numpy.full(10, 0.3)) == pytest.approx(0.5)
    assert calibration_error(truth, numpy.full(10, 1.0)) == pytest.approx(0.2)


def test_recall_and_precision_say_of_how_many():
    told = recall_and_precision([(True, True), (True, False), (False, True), (False, False)])
    assert told == {"recall": 0.5, "precision": 0.5, "of": 2, "called": 2}
    assert recall_and_precision([(False, False)])["recall"] is None


def test_confusion_counts_what_was_called_what():
    assert confusion(["negative"], ["neutral"], KINDS)["negative"] == {"negative": 0, "neutral": 1, "positive": 0}
