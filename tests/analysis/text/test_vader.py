"""VADER's figures are vaderSentiment's own, whatever the text, and cost in proportion to its length."""

import os
import time
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer

from analysis.text.vader import REMEMBERED, Vader, _Vocabulary

REFEREE = SentimentIntensityAnalyzer()
VADER = Vader()
LABELLED = Path(os.environ.get("HEARBACK_SHARED", Path(__file__).parents[4] / "shared")) / "data" / "labelled"

LEXICON = list(REFEREE.lexicon)
EMOJI = [emoji for emoji in REFEREE.emojis if len(emoji) == 1]
QUIRKS = [
    *SPECIAL_CASES,
    *BOOSTER_DICT,
    *NEGATE,
    "but",
    "BUT",
    "no",
    "No",
    "NO",
    "nor",
    "or",
    "at least",
    "very least",
    "least",
]
QUIRKS += [
    "never so",
    "never this",
    "without doubt",
    "without a doubt",
    "kind of",
    "KIND OF",
    "the",
    "of",
    "to",
    "for",
    "cant",
]
QUIRKS += [
    "good",
    "bad",
    "GOOD",
    "terrible",
    "Great",
    "isn't",
    "wouldN'T",
    "shit",
    "bomb",
    "die",
    "heart",
    "stop",
    "right",
]

words = st.one_of(
    st.sampled_from(QUIRKS),
    st.sampled_from(LEXICON),
    st.sampled_from(EMOJI),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=8),
    st.text(max_size=6),
)
dressed = st.builds(
    lambda word, case, tail: case(word) + tail,
    words,
    st.sampled_from([str, str.upper, str.title, str.lower]),
    st.sampled_from(["", "", "", "!", "?", ".", ",", "!!!", "??", ")", "'"]),
)
texts = st.lists(
    st.tuples(dressed, st.sampled_from([" ", " ", " ", "", "  ", "\n", "\u00a0", "\u200b"])), max_size=25
).map(lambda parts: "".join(word + space for word, space in parts))


def figures(text):
    reading = VADER.read(text)
    assert VADER.feel(text) == (reading.compound, reading.words)
    return {"neg": reading.neg, "neu": reading.neu, "pos": reading.pos, "compound": reading.compound}


@settings(max_examples=700, deadline=None)
@given(texts)
@example("")
@example(" \n\t")
@example("kind")
@example("no")
@example("no good no no bad")
@example("the food was kind of good but the service was never so bad BUT great")
@example("good good but good good bad bad good")
@example("but but good but")
@example("NOT good, it is THE SHIT, and to die for")
@example("😡😡good😀!")
@example("not great great great least bad")
def test_every_figure_equals_vadersentiments(text):
    assert figures(text) == REFEREE.polarity_scores(text)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(["good", "bad", "but", "not", "very", "x", "great", "GOOD", "so"]), max_size=60).map(
        " ".join
    )
)
def test_the_quirks_of_but_are_kept(text):
    assert figures(text) == REFEREE.polarity_scores(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all_equals(text):
    assert figures(text) == REFEREE.polarity_scores(text)


@pytest.mark.parametrize(
    "text",
    [
        "good",
        "x",
        "😡",
        "!",
        "\u202egood\u202c bad",
        "طيب good جدا! אבל bad",
        "🔛🆙 good",
        "never so good never this bad it was never THIS good",
        "without doubt good without a doubt bad",
        "GOOD GOOD GOOD",
        "GOOD good VERY good",
        "K\u0130LL \u212aILL good BAD",
        "no good, no or no good; NO! no",
        "wasn't good xyzn't bad XYZN'T good",
        "kind of GOOD Kind",
    ],
)
def test_odd_texts_equal(text):
    assert figures(text) == REFEREE.polarity_scores(text)


# The library takes hours over a long text full of feeling; these hold little of it, at the start, within, at the end.
@pytest.mark.parametrize(
    "text",
    [
        "not GOOD " + "it is a plane " * 25_000 + "and bad 😡!",
        "x " * 60_000 + "never so good, kind of BAD, " + "X " * 40_000,
        "but " * 50_000,
        "good but " + "but " * 30_000 + "bad",
    ],
    ids=["100,000 words", "half in capitals", "50,000 buts", "words around buts"],
)
def test_very_long_texts_equal(text):
    assert figures(text) == REFEREE.polarity_scores(text)


def test_a_long_text_full_of_feeling_is_summed_as_the_library_sums():
    text = "good bad really great AWFUL " * 20_000
    felt = [valence for _, valence in VADER.read(text).words]
    assert len(felt) == 80_000
    assert figures(text) == REFEREE.score_valence([*felt, *[0] * 20_000], text)


def labelled(path, most):
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(path)
    if "text" not in table.column_names:
        return []
    column = [text for text in table["text"].to_pylist() if text and len(text) < 3_000]
    return list(islice(column, 0, None, max(1, len(column) // most)))


@pytest.mark.skipif(not LABELLED.is_dir(), reason="the labelled texts are not on this machine")
def test_every_figure_equals_on_real_mentions():
    for path in sorted(LABELLED.glob("*/*.parquet")):
        for text in labelled(path, most=250):
            assert figures(text) == REFEREE.polarity_scores(text), path.name


def test_the_words_that_drove_it_come_with_their_valence_there():
    assert VADER.read("not good and the whole meal was really AWFUL").words == (
        ("good", pytest.approx(1.9 * -0.74)),
        ("awful", pytest.approx(-2.0 - 0.293 - 0.733)),
    )


def test_after_but_a_word_weighs_more():
    words = dict(VADER.read("nice place but awful food").words)
    assert words["nice"] == pytest.approx(1.8 / 2)
    assert words["awful"] == pytest.approx(-2.0 * 1.5)


def test_no_word_of_sentiment_reads_as_neutral():
    assert VADER.read("the plane is a plane") == (0.0, 1.0, 0.0, 0.0, ())


@pytest.mark.parametrize("piece", ["good but ", "not good ", "GREAT bad ", "😡", "but ", "the bomb ", "x"])
def test_a_very_long_text_takes_no_longer_than_its_length(piece):
    started = time.process_time()
    VADER.read(piece * (400_000 // len(piece)))
    assert time.process_time() - started < 2


def test_tokens_of_strangers_are_not_kept_without_end():
    vocabulary = _Vocabulary({})
    for number in range(REMEMBERED + 10):
        vocabulary[f"w{number}"]
    vocabulary["w" * 1_000]
    assert len(vocabulary) == 10
