"""The words a person is shown are those the learned scorer went by, too: read from the text, few, and not its names."""

from itertools import pairwise

import pytest

from analysis.scoring import attributions
from analysis.scoring.model import NEGATIVE, shipped
from analysis.scoring.request import read_request
from analysis.scoring.scoring import score_lines
from analysis.text.ngrams import spelled
from data.folding import plain


def words(text, names=("acme",)):
    return dict(score_lines([read_request(text, names)])[0]["words"])


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("@acme I was on hold for an hour and then they hung up", "hung up"),
        ("charged me twice again", "charged"),
        ("the app keeps crashing since the update, unable to login", "unable to"),
        ("UNABLE TO login", "unable to"),
    ],
)
def test_what_vader_does_not_know_is_shown_where_it_made_the_label(text, word):
    assert words(text)[word] < 0


def test_what_praises_without_a_word_of_vader_s_is_shown():
    assert words("nailed it")["nailed"] > 0


def test_every_word_shown_stands_in_the_text():
    text = "Acme keeps charging me, keeps crashing: 3 days on hold, hung up… WORST"
    said = [word.decode().lower() for word in spelled(plain(text))]
    pairs = [" ".join(two) for two in pairwise(said)]
    assert words(text)
    assert words(text).keys() <= {*said, *pairs}


def test_no_name_handle_or_link_is_shown():
    shown = " ".join(words("ACME @bolt never again acme, unable to open https://acme.test/hate ACME is a scam"))
    assert not [name for name in ("acme", "bolt", "brandname", "handle", "weblink", "https") if name in shown]


def test_vader_s_words_come_first_and_are_not_said_twice():
    shown = score_lines([read_request("Terrible. Lost my bag, hung up on me")])[0]["words"]
    assert shown[0][0] == "terrible"
    assert len(dict(shown)) == len(shown) <= 8


@pytest.mark.parametrize("text", ["", "😡", "\x00 \ud800", "é", "a" * 5_000, "-"])
def test_odd_texts_have_no_such_words_or_their_own(text):
    assert all(isinstance(word, str) for word in words(text))


def test_a_word_has_the_part_that_its_weight_gives_it():
    """Beside the same text with another word of the same length, the odds differ by what the word is said to have, its
    pieces and pairs aside."""
    model = shipped()
    texts = ["it was delayed", "it was bbbbbbb"]
    felt = [(0.0, ()), (0.0, ())]
    weighed = model.weigh(texts, felt, [{}, {}])
    told = attributions.words(model, weighed, texts, {0: NEGATIVE, 1: NEGATIVE})
    assert 1 not in told
    odds = weighed.odds[:, NEGATIVE]
    assert 0 < -dict(told[0])["delayed"] < odds[0] - odds[1]
