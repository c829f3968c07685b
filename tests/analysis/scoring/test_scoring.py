"""Scores: stars before words, sentences for long texts, names without weight, and a figure for any text at all."""

import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.scoring.request import SCORER, VADER, read_request
from analysis.scoring.scoring import score, score_line, score_lines
from analysis.text.valence import READ, SHORT
from data.models import Mention, Sentiment

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BRANDS = ("Northwind", "Best", "United", "Hope")
REFEREE = SentimentIntensityAnalyzer()


def mention(text, **facts):
    return Mention(id="x:1", source="x", kind="post", text=text, published_at=NOON, **facts)


def scored(text, names=BRANDS, scorer=SCORER, **facts):
    return score(mention(text, **facts), names, scorer)


def felt(text, **facts):
    return scored(text, scorer=VADER, **facts)


@pytest.mark.parametrize(
    ("rating", "label"),
    [
        (1, "negative"),
        (2, "negative"),
        (2.4, "negative"),
        (2.5, "neutral"),
        (3, "neutral"),
        (3.5, "positive"),
        (5, "positive"),
    ],
)
def test_stars_decide_where_there_are_stars(rating, label):
    made = scored("great great great", rating=rating)
    assert (made.label, made.rests_on) == (label, "stars")
    assert made.compound > 0.8
    assert made.words[0][0] == "great"


@pytest.mark.parametrize("rating", [None, 0, 6, -1, float("nan")])
def test_without_stars_or_with_impossible_ones_the_words_decide(rating):
    made = scored("great", rating=rating)
    assert (made.label, made.rests_on) == (Sentiment.POSITIVE, "words")


@pytest.mark.parametrize(
    ("text", "label"),
    [("I love it", "positive"), ("I hate it", "negative"), ("It is a table", "neutral"), ("", "neutral")],
)
def test_words_decide_at_the_paper_s_limits(text, label):
    assert felt(text).label == label


def test_a_score_says_when_it_rests_on_nothing():
    made = felt("It is a table")
    assert (made.rests_on, made.compound, made.words) == ("nothing", 0.0, ())


def test_a_score_says_who_made_it_and_of_what():
    made = scored("fine")
    assert (made.mention_id, made.scorer) == ("x:1", SCORER)


@pytest.mark.parametrize("text", ["United to Oslo", "HOPE is open until nine!", "@Best #best", "best, united"])
def test_a_name_is_no_feeling(text):
    assert felt(text).rests_on == "nothing"
    assert felt(text, names=()).rests_on == "words"


def test_a_name_is_no_cue():
    assert "legal" not in scored("I went suing Suing to Suing", names=("Suing",)).cues
    assert "legal" in scored("I am suing").cues


def test_the_title_is_read_with_the_text():
    assert scored("See above.", title="Terrible service").label == Sentiment.NEGATIVE
    assert "complaint" in scored("See above.", title="Terrible service").cues


def test_the_strongest_words_come_first_each_once():
    words = scored("nice nice bad TERRIBLE nice, very nice").words
    assert [word for word, _ in words] == ["terrible", "bad", "nice"]
    assert [abs(valence) for _, valence in words] == sorted((abs(valence) for _, valence in words), reverse=True)


def test_at_most_eight_words_are_kept():
    text = "good bad nice awful great evil happy sad love hate fun pain joy fear"
    assert len(scored(text).words) == 8


def test_a_short_text_is_vader_s_own_figure():
    text = "I love the new seats. But the food was terrible!"
    assert felt(text).compound == REFEREE.polarity_scores(text)["compound"]


def filler(sentences):
    return "We went there on a Monday and sat by the door. " * sentences


def test_a_long_text_is_the_mean_of_the_sentences_that_feel():
    text = filler(8) + "The food was terrible. " + "The room was good. "
    terrible, good = (
        REFEREE.polarity_scores(part)["compound"] for part in ("The food was terrible.", "The room was good.")
    )
    assert felt(text).compound == pytest.approx((terrible + good) / 2, abs=0.0001)


def test_sentences_that_name_the_brand_weigh_double_and_those_after_them_half_as_much_again():
    text = "Northwind was terrible. It was good. We went on. The sea was great. " + filler(8)
    parts = ("It was terrible.", "It was good.", "The sea was great.")
    terrible, good, great = (REFEREE.polarity_scores(part)["compound"] for part in parts)
    expected = (2 * terrible + 1.5 * good + great) / 4.5
    assert felt(text).compound == pytest.approx(expected, abs=0.0001)


def test_a_long_text_does_not_end_at_one_for_its_length():
    text = "It was good. " * 100
    assert REFEREE.polarity_scores(text)["compound"] > 0.99
    assert felt(text).compound == REFEREE.polarity_scores("It was good.")["compound"]


def test_a_long_text_without_feeling_rests_on_nothing():
    assert felt(filler(20)).rests_on == "nothing"
    assert felt(filler(20)).compound == 0


def test_long_is_counted_in_words():
    short = " ".join(["it"] * (SHORT - 1) + ["good."])
    assert felt(short).compound == REFEREE.polarity_scores(short)["compound"]


def test_what_stands_beyond_the_limit_is_not_read():
    assert felt("x " * (READ // 2) + "terrible").rests_on == "nothing"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "😡",
        "\x00",
        "\ud800",
        "Добро good 好 جيد",
        "a" * 1_000_000,
        "but " * 250_000,
        "é" * 1_000_000,
        "?" * 10_000,
    ],
)
def test_any_text_gets_a_score_at_once(text):
    started = time.process_time()
    made = scored(text)
    assert made.rests_on == "not judged" or -1 <= made.compound <= 1
    assert time.process_time() - started < 1


@settings(max_examples=300)
@given(st.text(max_size=400), st.one_of(st.none(), st.floats(0, 6)), st.lists(st.text(max_size=8), max_size=3))
def test_every_score_is_within_bounds(text, rating, names):
    made = scored(text, names=tuple(names), rating=rating)
    assert made.rests_on in {"stars", "words", "nothing", "not judged", "danger"}
    if made.language != "en":
        assert (made.compound, made.confidence, made.needs_reply) == (None, None, None)
    else:
        assert -1 <= made.compound <= 1
        assert 0 <= made.confidence <= 1
        assert 0 <= made.needs_reply <= 1
    assert len(made.words) <= 8


def test_a_line_carries_the_same_score():
    row = {"id": "x:1", "source": "x", "title": "Bad", "text": "I am suing", "rating": None, "names": list(BRANDS)}
    line, made = score_line(row), scored("I am suing", title="Bad")
    kept = ("mention_id", "scorer", "label", "compound", "rests_on", "words", "cues")
    assert {name: line[name] for name in kept} == {
        "mention_id": made.mention_id,
        "scorer": made.scorer,
        "label": made.label,
        "compound": made.compound,
        "rests_on": made.rests_on,
        "words": made.words,
        "cues": made.cues,
    }
    assert json.loads(json.dumps(line))["words"] == [["bad", -2.5], ["suing", -1.1]]


def test_many_lines_are_scored_in_their_order():
    rows = [{"id": str(number), "text": text} for number, text in enumerate(["good", "bad", ""])]
    assert [(line["mention_id"], line["label"]) for line in score_lines([read_request(row) for row in rows])] == [
        ("0", "positive"),
        ("1", "negative"),
        ("2", "neutral"),
    ]


def test_a_bare_text_is_asked_about_without_an_id():
    assert score_line("bad")["mention_id"] is None


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"id": 1, "text": ""}, "id"),
        ({"id": "a"}, "text"),
        ({"text": None}, "text"),
        ({"text": "", "title": []}, "title"),
        ({"text": "", "rating": "5"}, "rating"),
        ({"text": "", "names": "Best"}, "names"),
        ({"text": "", "names": [1]}, "names"),
        ([], "neither"),
        (None, "neither"),
        (3, "neither"),
    ],
)
def test_a_row_of_wrong_types_is_refused_by_name(row, complaint):
    with pytest.raises(ValueError, match=complaint):
        read_request(row)
