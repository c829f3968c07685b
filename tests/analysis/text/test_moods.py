"""Emoji, faces and rows of stars have a mood: alone, in a text, and whatever variation or tone of skin they come in."""

from __future__ import annotations

import pytest

from analysis.scoring.request import SCORER, VADER, read_request
from analysis.scoring.scoring import score_lines
from analysis.scoring.vader_scoring import bare
from analysis.text.masking import mask
from analysis.text.moods import MOODS
from analysis.text.valence import vader

BAD = [
    "👎", "👎👎👎", "👎🏽", "👎 👎🏿", "😡", "🤬", "🤮", "😠", "😤", "🙄", "💩", "💔", "☹️", "☹", "🖕🏻", "😒😒",
    "🤦🏼‍♀️", "🤢",
    "🫤", "🆘", "1⭐", "1️⃣⭐", "2 ★", "⭐ 1/5", "1/5 ⭐️",
    "★☆☆☆☆", "★★☆☆☆", "⭐", "⭐️⭐️", "☆☆☆☆☆", "⭐☆☆☆☆", ":(", ">:(", ":'(", ":´(", "：（", "T_T", ">_<",
]  # fmt: skip
GOOD = [
    "👍", "👍🏾", "❤️", "❤", "♥️", "🥰", "🎉", "👏👏", "💯", "🤍", "★★★★★", "⭐⭐⭐⭐⭐", "⭐️ ⭐️ ⭐️ ⭐️ ⭐️", "★★★★☆",
    "5⭐", "5️⃣ ⭐️", "4/5 ★", "😍", "😍😍", "🌟🌟🌟🌟🌟", ":)", ":-D", "<3", "^_^",
]  # fmt: skip
NEITHER = ["7⭐", "3⭐", "🚗", "🔥", "🤔", "★★★☆☆", "📦📦"]


def judged(*texts, scorer=SCORER):
    return score_lines([read_request(text) for text in texts], scorer=scorer)


@pytest.mark.parametrize("scorer", [SCORER, VADER])
def test_a_bad_mood_alone_is_negative(scorer):
    lines = judged(*BAD, scorer=scorer)
    assert [text for text, line in zip(BAD, lines, strict=True) if line["label"] != "negative"] == []
    assert [text for text, line in zip(BAD, lines, strict=True) if not line["words"]] == []


def test_a_bad_mood_alone_may_need_a_reply():
    assert [text for text, line in zip(BAD, judged(*BAD), strict=True) if not line["needs_reply"] > 0] == []


@pytest.mark.parametrize("scorer", [SCORER, VADER])
def test_a_good_mood_alone_is_positive(scorer):
    lines = judged(*GOOD, scorer=scorer)
    assert [text for text, line in zip(GOOD, lines, strict=True) if line["label"] != "positive"] == []


def test_what_has_no_mood_rests_on_nothing():
    assert {line["rests_on"] for line in judged(*NEITHER)} == {"nothing"}
    assert {line["label"] for line in judged(*NEITHER)} == {"neutral"}


def test_the_words_shown_are_the_emoji_themselves():
    assert judged("Three weeks late 👎🏽")[0]["words"][0] == ("👎", -2.5)
    assert ("★☆☆☆☆", -3.1) in judged("⭐️☆☆☆☆ Three weeks late")[0]["words"]


def test_an_emoji_weighs_wherever_it_stands():
    for text in ("Monday👎", "👎Monday", "on 👎Monday👎 again"):
        assert vader().feel(mask(text, ()))[0] < 0, text


def test_a_few_full_stars_beside_words_adorn_and_many_judge():
    assert mask("⭐ NEW ⭐", ()) == "⭐ NEW ⭐"
    assert mask("⭐⭐⭐⭐ neat", ()).split() == ["★★★★☆", "neat"]
    assert mask("★★★★★★☆☆☆☆", ()).split() == ["★★★☆☆"]


def test_every_mood_is_one_that_words_of_vader_have():
    known = set(vader()._same)
    assert {mood for mood in MOODS.values() if mood} <= known
    assert all(vader().feel(f"the {sign} thing")[1] == ((sign, mood),) for sign, mood in MOODS.items() if mood)


def test_vader_as_a_library_is_untouched_by_moods():
    assert bare("👎")["compound"] == 0
    assert bare("💔")["compound"] > 0
