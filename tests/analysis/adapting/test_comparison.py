"""What another layer would change is told before it is used."""

import pytest

from analysis.adapting import comparison
from analysis.adapting.layer_fit import fit
from tests.analysis.adapting.corrections import corrections


@pytest.fixture(scope="module")
def learned():
    return fit(corrections(120))


def test_a_comparison_tells_flips_with_examples_and_figures_on_corrections_held_out(learned):
    told = comparison.compare(None, learned, corrections(120))
    assert told["flipped"] == sum(told["flips"].values()) > 0
    assert {"text", "before", "after"} == told["examples"][0].keys()
    before, after = told["held_out"]["before"]["negative"], told["held_out"]["after"]["negative"]
    assert after["recall"] > before["recall"]
    assert after["recall"] > 0.9


def test_the_same_layer_changes_nothing(learned):
    told = comparison.compare(learned, learned, corrections(60))
    assert (told["flipped"], told["examples"]) == (0, [])


def test_too_few_to_hold_some_out_is_said():
    assert comparison.held_out(corrections(30), None)["after"] is None


def test_words_that_corrections_speak_for_are_suggested():
    found = {one["word"]: one for one in comparison.words(corrections(60))}
    assert found["sick"]["sentiment"] == "positive"
    assert found["sick"]["why"] == 'in 20 of 20 corrections "sick" was positive: add it?'
    assert not {"the", "where"} & found.keys()


def test_words_that_are_judged_rightly_already_are_not_suggested():
    assert comparison.words([{"text": "I love it", "sentiment": "positive"}] * 9) == []
