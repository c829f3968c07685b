"""A cue is as sure as its words and its text make it; grave words about the world at large are not raised."""

import pytest

from analysis.cues.confidence import RAISED
from analysis.scoring.scoring import score_line


def confidence(text):
    return score_line(text)["cue_confidence"]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("My charger caught fire last night and burned my hand", "safety"),
        ("Your heater started smoking, I nearly got hurt", "safety"),
        ("I am contacting my lawyer, see you in court", "legal"),
        ("my account was hacked and someone used my card", "security"),
        ("I'm cancelling my subscription and switching to another provider", "churn"),
        ("Still waiting for my refund, this is ridiculous", "complaint"),
        ("Can you help me with my order?", "question"),
        ("Thank you so much for the great service", "praise"),
    ],
)
def test_what_happened_to_somebody_is_raised(text, cue):
    assert confidence(text)[cue] >= 0.5


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("According to a study, electric cars caught fire in 25 of 100,000 sales", "safety"),
        ("The court ruled on the class_action lawsuit, news reports say", "legal"),
        ("Government investigation of hackers goes on, the media reported", "security"),
    ],
)
def test_what_is_told_of_the_world_is_not_raised(text, cue):
    assert cue not in confidence(text)
    assert cue not in score_line(text)["cues"]


def test_more_phrases_are_surer_than_one():
    assert confidence("It is broken, useless and faulty")["complaint"] > confidence("It is broken")["complaint"]


def test_every_raised_cue_has_words_and_a_confidence_within_bounds():
    line = score_line("My charger caught fire! I want a refund, can you call me? I will sue you")
    assert line["cues"].keys() == line["cue_confidence"].keys()
    assert all(RAISED <= sure <= 1 for sure in line["cue_confidence"].values())
