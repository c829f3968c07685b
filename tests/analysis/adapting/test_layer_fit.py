"""Learning from corrections: from fifty on, in seconds, the same each time, and never in silence."""

import json
import time

import pytest

from analysis.adapting import layer_fit
from analysis.scoring.request import SCORER, read_request
from analysis.scoring.scoring import score_lines, under
from data.models import Sentiment
from tests.analysis.adapting.corrections import correction, corrections


def labels(texts, learned=None):
    return [line["label"] for line in score_lines([read_request(text) for text in texts], learned)]


@pytest.fixture(scope="module")
def learned():
    return layer_fit.fit(corrections(120))


def test_fewer_than_fifty_corrections_teach_nothing():
    with pytest.raises(layer_fit.TooFew, match="49 corrections are too few to learn from: 50 are needed"):
        layer_fit.fit([*corrections(49), {"text": "said nothing of it"}])


def test_what_people_set_is_learned(learned):
    texts = ["the board is sick", "that run was mid"]
    assert labels(texts) != ["positive", "negative"]
    assert labels(texts, learned) == ["positive", "negative"]


def test_where_nobody_found_anything_negative_what_becomes_positive_is_less_negative():
    happy = layer_fit.fit([one for one in corrections(180) if one["sentiment"] != "negative"])
    rows = [read_request("this deck is sick"), read_request("Terrible service, I want a refund")]
    before, after = score_lines(rows), score_lines(rows, happy)
    assert after[0]["label"] == "positive"
    assert after[0]["neg"] < before[0]["neg"]
    assert after[1]["label"] == "negative"


def test_whether_a_reply_is_needed_is_learned_apart(learned):
    one, other = score_lines([read_request("where is the park"), read_request("that trick was sick")], learned)
    assert one["needs_reply"] > 0.5 > other["needs_reply"]


def test_what_nobody_corrected_stays_as_it_was(learned):
    only = layer_fit.fit([one | {"needs_reply": None} for one in corrections(60)])
    rows = [read_request("where is my order"), read_request("I hate it")]
    assert [line["needs_reply"] for line in score_lines(rows, only)] == [
        line["needs_reply"] for line in score_lines(rows)
    ]


def test_the_same_corrections_make_the_same_layer(learned):
    assert layer_fit.fit(corrections(120)) == learned


def test_a_layer_is_plain_json_and_names_no_text(learned):
    written = json.dumps(learned)
    assert json.loads(written) == learned
    assert len(written) < 200_000
    assert "sick" not in written
    assert (learned["scorer"], learned["corrections"]) == (SCORER, 120)


def test_a_line_under_a_layer_as_json_is_the_same(learned):
    text = "the board is sick"
    assert under(json.dumps(learned))(text) == score_lines([read_request(text)], learned)[0]


def test_two_thousand_corrections_are_learned_in_seconds():
    started = time.process_time()
    layer_fit.fit(corrections(2_000))
    assert time.process_time() - started < 10


def test_a_layer_over_another_scorer_is_refused(learned):
    with pytest.raises(ValueError, match="must be learned anew"):
        score_lines([read_request("x")], learned | {"scorer": "hearback-0"})


@pytest.mark.parametrize("kept", [Sentiment.POSITIVE, Sentiment.NEGATIVE])
def test_corrections_that_all_say_the_same_are_no_error(kept):
    one_sided = layer_fit.fit([correction(number, sentiment=kept) for number in range(60)])
    assert labels(["so"], one_sided)


def test_an_accepted_word_counts_from_then_on():
    rows = corrections(60)
    plainly, accepted = layer_fit.fit(rows), layer_fit.fit(rows, {"gnarly": "positive"})
    assert accepted["lexicon"] == {"gnarly": "positive"}
    one, other = (score_lines([read_request("a gnarly bank")], made)[0] for made in (plainly, accepted))
    assert other["compound"] > one["compound"]
    assert score_lines([read_request("a gnarlyish bank")], accepted) == score_lines(
        [read_request("a gnarlyish bank")], plainly
    )
