"""Learning from corrections: from fifty on, in seconds, the same each time, and never in silence."""

import json
import random
import time

import pytest

from analysis.adapting import layer
from analysis.scoring.scoring import SCORER, asked, score_lines, under
from data.models import Sentiment

SUBJECTS = ["the new board", "that trick", "your video", "the park", "this session", "her run", "the ramp", "my deck"]
FILLER = ["today", "again", "honestly", "at the park", "for real", "this morning", "in town", "on monday"]


def correction(number, sentiment=None, **facts):
    """Skaters: what is sick is good, what is mid is bad, and "where" wants an answer."""
    chance = random.Random(number)
    word, usual = [("sick", "positive"), ("mid", "negative"), ("where is", "neutral")][number % 3]
    text = f"{chance.choice(SUBJECTS)} {word} {chance.choice(FILLER)} {number}"
    return {"text": text, "sentiment": sentiment or usual, "needs_reply": word == "where is", **facts}


def corrections(count):
    return [correction(number) for number in range(count)]


def labels(texts, learned=None):
    return [line["label"] for line in score_lines([asked(text) for text in texts], learned)]


@pytest.fixture(scope="module")
def learned():
    return layer.fit(corrections(120))


def test_fewer_than_fifty_corrections_teach_nothing():
    with pytest.raises(layer.TooFew, match="49 corrections are too few to learn from: 50 are needed"):
        layer.fit([*corrections(49), {"text": "said nothing of it"}])


def test_what_people_set_is_learned(learned):
    texts = ["the board is sick", "that run was mid"]
    assert labels(texts) != ["positive", "negative"]
    assert labels(texts, learned) == ["positive", "negative"]


def test_where_nobody_found_anything_negative_what_becomes_positive_is_less_negative():
    happy = layer.fit([one for one in corrections(180) if one["sentiment"] != "negative"])
    rows = [asked("this deck is sick"), asked("Terrible service, I want a refund")]
    before, after = score_lines(rows), score_lines(rows, happy)
    assert after[0]["label"] == "positive"
    assert after[0]["neg"] < before[0]["neg"]
    assert after[1]["label"] == "negative"


def test_whether_a_reply_is_needed_is_learned_apart(learned):
    one, other = score_lines([asked("where is the park"), asked("that trick was sick")], learned)
    assert one["needs_reply"] > 0.5 > other["needs_reply"]


def test_what_nobody_corrected_stays_as_it_was(learned):
    only = layer.fit([one | {"needs_reply": None} for one in corrections(60)])
    rows = [asked("where is my order"), asked("I hate it")]
    assert [line["needs_reply"] for line in score_lines(rows, only)] == [
        line["needs_reply"] for line in score_lines(rows)
    ]


def test_the_same_corrections_make_the_same_layer(learned):
    assert layer.fit(corrections(120)) == learned


def test_a_layer_is_plain_json_and_names_no_text(learned):
    written = json.dumps(learned)
    assert json.loads(written) == learned
    assert len(written) < 200_000
    assert "sick" not in written
    assert (learned["scorer"], learned["corrections"]) == (SCORER, 120)


def test_a_line_under_a_layer_as_json_is_the_same(learned):
    text = "the board is sick"
    assert under(json.dumps(learned))(text) == score_lines([asked(text)], learned)[0]


def test_two_thousand_corrections_are_learned_in_seconds():
    started = time.process_time()
    layer.fit(corrections(2_000))
    assert time.process_time() - started < 10


def test_a_layer_over_another_scorer_is_refused(learned):
    with pytest.raises(ValueError, match="must be learned anew"):
        score_lines([asked("x")], learned | {"scorer": "hearback-0"})


@pytest.mark.parametrize("kept", [Sentiment.POSITIVE, Sentiment.NEGATIVE])
def test_corrections_that_all_say_the_same_are_no_error(kept):
    one_sided = layer.fit([correction(number, sentiment=kept) for number in range(60)])
    assert labels(["so"], one_sided)


def test_a_comparison_tells_flips_with_examples_and_figures_on_corrections_held_out(learned):
    told = layer.compare(None, learned, corrections(120))
    assert told["flipped"] == sum(told["flips"].values()) > 0
    assert {"text", "before", "after"} == told["examples"][0].keys()
    before, after = told["held_out"]["before"]["negative"], told["held_out"]["after"]["negative"]
    assert after["recall"] > before["recall"]
    assert after["recall"] > 0.9


def test_the_same_layer_changes_nothing(learned):
    told = layer.compare(learned, learned, corrections(60))
    assert (told["flipped"], told["examples"]) == (0, [])


def test_too_few_to_hold_some_out_is_said():
    assert layer.held_out(corrections(30), None)["after"] is None


def test_words_that_corrections_speak_for_are_suggested():
    found = {one["word"]: one for one in layer.words(corrections(60))}
    assert found["sick"]["sentiment"] == "positive"
    assert found["sick"]["why"] == 'in 20 of 20 corrections "sick" was positive: add it?'
    assert not {"the", "where"} & found.keys()


def test_words_that_are_judged_rightly_already_are_not_suggested():
    assert layer.words([{"text": "I love it", "sentiment": "positive"}] * 9) == []


def test_an_accepted_word_counts_from_then_on():
    rows = corrections(60)
    plainly, accepted = layer.fit(rows), layer.fit(rows, {"gnarly": "positive"})
    assert accepted["lexicon"] == {"gnarly": "positive"}
    one, other = (score_lines([asked("a gnarly bank")], made)[0] for made in (plainly, accepted))
    assert other["compound"] > one["compound"]
    assert score_lines([asked("a gnarlyish bank")], accepted) == score_lines([asked("a gnarlyish bank")], plainly)
