"""Names, handles and links lose their weight, and nothing else of the text changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import BOOSTER_DICT, SentiText

from analysis.cues.cues import cues
from analysis.text.masking import HANDLE, LINK, NAME, is_named, mask
from analysis.text.sentences import LONGEST, split
from analysis.text.vader import Vader
from data.matching import names, searched

BRANDS = ("United", "Best", "Hope", "Green Light", "T-Mobile", "Yahoo!", "Über")
VADER = Vader()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("United is late", "brandname is late"),
        ("UNITED is late", "BRANDNAME is late"),
        ("I united them, reunited, unitedly", "I brandname them, reunited, unitedly"),
        ("@United and #united, (United)!", "@brandname and #brandname, (brandname)!"),
        ("@united_help I wrote", "@handle I wrote"),
        ("@HELPDESK NOW", "@HANDLE NOW"),
        ("ask @ann@mastodon.example or @ann.bsky.social.", "ask @handle or @handle."),
        ("write to joe@example.org", "write to joe@example.org"),
        ("see https://united.example/x?a=1!b. Bye", "see weblink. Bye"),
        ("www.example.org/best", "weblink"),
        (
            "green  light, GREEN LIGHT, #GreenLight @green_light",
            "brandname brandname, BRANDNAME BRANDNAME, brandname brandname",
        ),
        ("T-MOBILE Yahoo! über", "BRANDNAME brandname brandname"),
        ("ÜBER uber", "BRANDNAME uber"),
        ("hopeful hopes hope", "hopeful hopes brandname"),
    ],
)
def test_what_is_replaced(text, expected):
    assert mask(text, BRANDS) == expected


@pytest.mark.parametrize("name", ["United", "Best", "Hope", "Love", "Kill Bill", "Fine!", "no"])
def test_a_name_has_no_feeling(name):
    assert VADER.read(mask(f"I flew with {name} on Monday. {name.upper()}", (name,))).compound == 0


def test_what_stands_in_means_nothing_to_vader_and_gives_no_cue():
    for token in (NAME, HANDLE, LINK):
        assert token.strip("@") not in VADER._rules.lexicon
        assert token.strip("@") not in BOOSTER_DICT
        assert cues(f"{token} {token}") == {}


@pytest.mark.parametrize(
    "text",
    [
        "UNITED IS BAD",
        "United IS BAD",
        "@united THIS IS BAD",
        "UNITED is bad",
        "GREEN light IS BAD",
        "GREEN LIGHT IS BAD",
    ],
)
def test_emphasis_by_capitals_stays_as_it_was(text):
    assert SentiText(mask(text, BRANDS)).is_cap_diff == SentiText(text).is_cap_diff


def test_without_names_only_handles_and_links_go():
    assert mask("best @x http://a.b", ()) == "best @handle weblink"
    assert mask("best", ("", "  ")) == "best"


@given(
    st.text(st.sampled_from(list("aAbB .,@#_-é́\n1ß")), max_size=30),
    st.sampled_from([("a",), ("ab", "b"), ("a b", "é")]),
)
def test_a_text_is_masked_exactly_where_it_names(text, terms):
    assert (mask(text.replace("@", ""), terms) != searched(text.replace("@", ""))) == names(
        searched(text.replace("@", "")), terms
    )


@given(st.text(max_size=80))
def test_masking_twice_changes_nothing_more(text):
    once = mask(text, BRANDS)
    assert mask(once, ()) == once


def test_a_masked_text_tells_whether_it_named_a_brand():
    assert is_named(mask("I like UNITED", BRANDS))
    assert is_named(mask("I like @united", BRANDS))
    assert not is_named(mask("I like @united_help", BRANDS))


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "@" * 200_000, "united" * 100_000, "http://" * 50_000, "@a.b" * 50_000]
)
def test_long_and_odd_texts_are_masked_in_time(text):
    mask(text, BRANDS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It broke. I am sad! Why?  Yes", ["It broke.", "I am sad!", "Why?", "Yes"]),
        ("Dr. Who met J. Smith at 3.5 km", ["Dr. Who met J. Smith at 3.5 km"]),
        ("one\n\ntwo", ["one", "two"]),
        ('He said "no." Then left...  Done', ['He said "no."', "Then left...", "Done"]),
        ("好的。不好！真的？", ["好的。", "不好！", "真的？"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences(text, expected):
    assert split(text) == expected


@given(st.lists(st.sampled_from(["a", "b.", "c!", "\n", "Mr."]), max_size=300).map(" ".join))
def test_every_word_is_in_one_sentence_and_none_is_too_long(text):
    sentences = split(text)
    assert " ".join(sentences).split() == text.split()
    assert all(0 < len(sentence.split()) <= LONGEST for sentence in sentences)
