"""What others said and what stands under every letter is not the author's own word."""

import time

import pytest

from analysis.scoring.scoring import score_line
from analysis.text.quoting import own_words

REPLY = "Works for me, thanks.\n\nOn Tue, 3 Mar 2026 at 10:12, Support wrote:\n> This is terrible\n> I hate it"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("plain", "plain"),
        ("> they said it is bad\nI disagree", "I disagree"),
        ("I agree\n> it is bad\nfully", "I agree\nfully"),
        (REPLY, "Works for me, thanks.\n\n"),
        ("Please help\n-- \nA. Person\nHead of Worst Ltd", "Please help\n"),
        ("Please help\nSent from my iPhone", "Please help\n"),
        ("5 > 3 is true", "5 > 3 is true"),
        ("first\n--\n" + "line\n" * 12, "first\n--\n" + "line\n" * 12),
    ],
)
def test_only_the_author_s_own_words_stay(text, own):
    assert own_words(text) == own


@pytest.mark.parametrize("text", ["> all of it is quoted", ">", "> a\n> b", "Sent from my iPhone"])
def test_a_text_that_is_nothing_else_stays_whole(text):
    assert own_words(text) == text


def test_a_quoted_complaint_is_not_its_reader_s():
    assert score_line(REPLY)["label"] != "negative"
    assert score_line("This is terrible\nI hate it")["label"] == "negative"


@pytest.mark.parametrize("text", ["> " * 50_000, ">\n" * 50_000, "on " * 50_000 + "\n", "--\n" * 30_000])
def test_it_takes_no_time(text):
    started = time.process_time()
    own_words(text)
    assert time.process_time() - started < 1
