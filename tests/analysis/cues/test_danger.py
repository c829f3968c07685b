"""A report of danger keeps its cue however mildly it is written, and is never called positive; talk about danger is not
taken for one."""

import pytest

from analysis.scoring.scoring import score_line
from tests.analysis.cues.danger_sentences import HARMLESS, HARMLESS_KEPT_ASIDE, KEPT_ASIDE, TUNED, listed, pairs
from tests.analysis.cues.plain_danger import LOOKALIKES, PLAIN, PLAIN_KEPT_ASIDE

DANGER = {"safety", "legal", "security"}
TWO = [{"name": "Acme", "terms": ["acme"]}, {"name": "Bolt", "terms": ["bolt"]}]


def grave(text, **facts):
    """The cues of danger that a text raises."""
    return DANGER & score_line({"text": text, **facts})["cues"].keys()


def missed(told):
    return [text for cue, text in pairs(told) if cue not in grave(text)]


def raised(told):
    return [text for text in listed(told) if grave(text)]


def test_danger_is_told_without_any_feeling():
    assert missed(TUNED) == []
    assert missed(PLAIN) == []


def test_most_danger_is_told_that_nobody_foresaw():
    assert len(missed(KEPT_ASIDE)) <= 10  # of 50
    assert len(missed(PLAIN_KEPT_ASIDE)) <= 14  # of 60


def test_what_only_sounds_like_danger_is_none():
    assert raised(HARMLESS) == []
    assert len(raised(HARMLESS_KEPT_ASIDE)) <= 2  # of 25
    assert len(raised(LOOKALIKES)) <= 2  # of 43


@pytest.mark.parametrize(("cue", "text"), [*pairs(TUNED), *pairs(KEPT_ASIDE), *pairs(PLAIN), *pairs(PLAIN_KEPT_ASIDE)])
def test_nothing_is_positive_beside_a_cue_of_danger(cue, text):
    for said in (text, f"Love it! {text} Still great, thank you so much"):
        line = score_line(said)
        if DANGER & line["cues"].keys():
            assert line["label"] != "positive"
            assert line["compound"] <= 0
            assert line["pos"] == 0


@pytest.mark.parametrize(
    "text",
    [
        "My dog is sick with joy when the box arrives.",
        "The agent asked me to reset my password and it worked.",
        "The driver asked for my number to call me when he arrives.",
        "Someone from support logged in to my computer and fixed it.",
        "I was told that there are no nuts in it, thank you for checking.",
        "The doctor says I should walk more, and your watch helps.",
        "The payment failed because I have no contract number.",
        "My phone number was transferred to the new SIM in an hour.",
        "Off the top of my head I would say five stars.",
        "The chair folded easily and fits with my other things in the boot.",
    ],
)
def test_the_same_words_about_daily_life_are_no_danger(text):
    assert grave(text) == set()


def test_why_it_is_not_positive_is_said():
    line = score_line("I love it so much, best kettle ever! The battery exploded in my hand. Great design, thank you")
    assert (line["label"], line["rests_on"]) == ("neutral", "danger")
    assert "safety" in line["cues"]


def test_a_calm_report_of_what_happened_is_negative():
    line = score_line("The battery exploded in my hand")
    assert (line["label"], line["compound"] < 0) == ("negative", True)


def test_a_long_text_may_be_content_about_the_rest():
    long = "We bought it in spring and it stands in the hall beside the door. " * 6
    calm, within = score_line("The milk made my kids throw up."), score_line(f"{long}The milk made my kids throw up.")
    assert calm["label"] == "negative"
    assert (within["label"], within["pos"]) == ("neutral", 0)


def test_an_injury_is_the_trade_of_an_insurer():
    assert grave("My dog broke her leg and my claim was paid within a day, great coverage") == set()
    assert grave("My dog broke her leg on your ramp") == {"safety"}


def test_five_stars_are_not_positive_beside_danger_and_one_star_stays_negative():
    happy, unhappy = (score_line({"text": "It caught fire in my kitchen", "rating": stars}) for stars in (5, 1))
    assert (happy["label"], happy["rests_on"]) == ("neutral", "danger")
    assert (unhappy["label"], unhappy["rests_on"]) == ("negative", "stars")


def test_of_two_brands_the_one_with_the_danger_is_not_positive():
    line = score_line(
        {
            "text": "Acme makes a lovely kettle. Acme burned my hand. Bolt makes a lovely kettle.",
            "names": ["acme", "bolt"],
            "brands": TWO,
        }
    )
    assert line["by_brand"]["Acme"]["label"] != "positive"
    assert line["by_brand"]["Bolt"]["label"] == "positive"


@pytest.mark.parametrize(
    "text",
    [
        "According to the news, a ferry caught fire",
        "I watched a documentary about people who burned their hands",
        "Reportedly two workers were injured when a rival's battery exploded",
        "Another company recalled its heaters because they catch fire",
        "Battery exploded at the plant in Ohio https://news.example/1",
    ],
)
def test_what_happened_elsewhere_is_told_by_other_marks_than_mood(text):
    assert grave(text) == set()


def test_who_heard_of_it_and_was_hurt_oneself_reports_danger():
    assert grave("I read about the fires in the news. Mine burned my hand today.") == {"safety"}
