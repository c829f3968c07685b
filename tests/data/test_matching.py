"""Which brands a text names: one rule, held alike by the test in Python and by the pattern in the store."""

from __future__ import annotations

import sys
from unicodedata import category

import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from data.brands.matches import HIT, WORDS, patterns
from data.folding import phrase
from data.matching import is_about, names, searched
from data.models import Brand
from data.store.store import Store

CASES = [  # text, terms, whether it names one
    ("acme", ("acme",), True),
    ("ACME is down", ("acme",), True),
    ("i like Acme.", ("acme",), True),
    ("@acme, help", ("acme",), True),
    ("#Acme", ("acme",), True),
    ("(acme)", ("acme",), True),
    ("acme's app", ("acme",), True),
    ("acme-card", ("acme",), True),
    ("https://acme.com/x", ("acme",), True),
    ("acmeville", ("acme",), False),
    ("macme", ("acme",), False),
    ("acme_card", ("acme",), False),
    ("acme2", ("acme",), False),
    ("acmé", ("acme",), False),
    ("acmeville and acme", ("acme",), True),
    ("acmeacme acme", ("acme",), True),
    ("green light", ("green light",), True),
    ("green  \n light", ("green light",), True),
    ("greenlight", ("green light",), False),
    ("#GreenLight", ("green light",), True),
    ("@green_light", ("green light",), True),
    ("#green-light", ("green light",), True),
    ("evergreen light", ("green light",), False),
    ("Größe", ("größe",), True),
    ("GRÖSSE", ("größe",), True),
    ("größe", ("GRÖSSE",), True),
    ("Grosse", ("größe",), False),
    ("Mira\u2019s soup", ("mira's",), True),
    ("Mira's soup", ("Mira\u2019s",), True),
    ("Mira\u02bcs", ("mira\u00b4s",), True),
    ("Mira\uff07s", ("mira`s",), True),
    ("acme\u02bcs app", ("acme",), True),
    ("Fizz\u2011Bang", ("fizz-bang",), True),
    ("Fizz\u00adBang", ("fizz-bang",), True),
    ("Fi\u00adzz\u2013Bang", ("fizz\u2010bang",), True),
    ("FizzBang", ("fizz-bang",), False),
    ("green\u00a0light", ("green light",), True),
    ("green\u202flight", ("Green Light",), True),
    ("green\u3000light", ("green light",), True),
    ("green\u200blight", ("green light",), True),
    ("green \ufefflight", ("green light",), True),
    ("green\u000blight", ("green light",), True),
    ("green\u0085light", ("green light",), True),
    ("green\u001flight", ("green light",), True),
    ("green light", ("green\u2009light",), True),
    ("green\u00adlight", ("green light",), False),
    ("#Green\u200dLight", ("green light",), True),
    ("\uff03GreenLight", ("green light",), True),
    ("a\u00adc\u200bm\u2060e", ("acme",), True),
    ("\u202aacme\u202c", ("acme",), True),
    ("\uff21\uff23\uff2d\uff25", ("acme",), True),
    ("acme", ("\uff41\uff43\uff4d\uff45",), True),
    ("\uff76\uff9e\uff7d\uff84", ("\u30ac\u30b9\u30c8",), True),
    ("\u30ac\u30b9\u30c8", ("\uff76\uff9e\uff7d\uff84",), True),
    ("\u0130zmir Kart", ("izmir kart",), True),
    ("IZMIR", ("\u0130zmir",), True),
    ("i\u0307zmir", ("izmir",), True),
    ("ALTIN", ("alt\u0131n",), True),
    ("\u03bf\u03b4\u03cc\u03c2", ("\u039f\u03b4\u03cc\u03a3",), True),
    ("o\ufb03ce", ("office",), True),
    ("ssss", ("ßß",), True),
    ("\u212aoala", ("koala",), True),
    ("acme\u3005", ("acme",), True),
    ("acme\u30fc", ("acme",), True),
    ("cafe\u0301", ("café",), True),
    ("café", ("cafe\u0301",), True),
    ("я люблю Яндекс!", ("яндекс",), True),
    ("яндексом", ("яндекс",), False),
    ("東京のアクメです", ("アクメ",), True),
    ("我用acme付款", ("acme",), True),
    ("아크메를 써요", ("아크메",), True),
    ("ใช้แอคมีอยู่", ("แอคมี",), True),
    ("a+ is great", ("A+",), True),
    ("c++", ("c",), True),
    ("what.ever", ("what.ever",), True),
    ("whatXever", ("what.ever",), False),
    ("(acme", ("(acme",), True),
    ("acme", (), False),
    ("", ("acme",), False),
    ("acme\u200b", ("acme",), True),
    ("🙂acme🙂", ("acme",), True),
    ("first acme", ("bolt", "acme"), True),
    ("X", ("x",), True),
    ("xX x", ("x",), True),
]
each_case = pytest.mark.parametrize(
    ("text", "terms", "named"), CASES, ids=[f"{terms} in {text!r}" for text, terms, _ in CASES]
)


@each_case
def test_a_text_names_a_brand_or_not(text, terms, named):
    assert names(searched(text), terms) is named


@pytest.fixture(scope="module")
def stored():
    """Asks the store's own SQL which of some (title, text) are about a brand."""
    store = Store(":memory:", settings={"threads": "1"})

    def about(brand, said):
        table = pyarrow.table(
            {"n": range(len(said)), "title": [one for one, _ in said], "text": [one for _, one in said]}
        )
        sql = f"SELECT n, coalesce({HIT}, FALSE) AS hit FROM (SELECT n, {WORDS} AS words FROM told) WHERE $brand <> ''"
        with store.read() as connection, connection.given("told", table):
            return [row["hit"] for row in connection.rows(f"{sql} ORDER BY n", **patterns(brand))]

    yield about
    store.close()


def test_the_store_finds_the_same(stored):
    found = [stored(Brand("Acme", terms), [(None, text)])[0] for text, terms, _ in CASES]
    assert [(case[0], hit) for case, hit in zip(CASES, found, strict=True) if hit is not case[2]] == []


# What people and programs put between, around and in place of letters, and letters that change with their case.
ODD = (
    "'`\u00b4\u02b9\u02bb\u02bc\u02c8\u2018\u2019\u201b\u2032\uff07"
    "-\u00ad\u058a\u2010\u2011\u2013\u2014\u2212\ufe63\uff0d \t\n\x0b\x1c\x85"
    "\u00a0\u1680\u2003\u2007\u200b\u2028\u202f\u205f\u3000\u200c\u200d\u200e\u2060\ufeff\ufe0f\u0301\u0307\u0323_@#\uff03\uff20\uff3f.,"
)
LETTERS = (
    "aAbBiIsS\u00df\u1e9e\u0130\u0131\u017f\u00e9\u03c3\u03c2\u03a3\u212a"
    "\ufb03\ufb06\uff21\uff53\u01c5\u0149\u044f\u042f\u30ac\uff76\uff9e\u4e2d\u3005\ud55c\u0e01\u0663"
)
typed = some.text(
    some.sampled_from(ODD + LETTERS) | some.characters(min_codepoint=1, exclude_categories=["Cs", "Cn"]), max_size=12
)
terms = some.lists(some.text(some.sampled_from(LETTERS + "'- \u2019\u00ad\u200b"), min_size=1, max_size=6), max_size=3)


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    terms=terms, required=terms, excluded=terms, said=some.lists(some.tuples(some.none() | typed, typed), min_size=1),
    woven=some.lists(some.tuples(some.integers(0, 2), typed, typed, some.sampled_from((str, str.upper, str.title)))),
)  # fmt: skip
def test_listeners_and_store_agree_on_any_words_and_any_text(stored, terms, required, excluded, said, woven):
    brand = Brand("Acme", tuple(terms), tuple(required), tuple(excluded))
    # Texts that hold a term most often name nothing: so some are made of one.
    said += [(None, before + case(terms[at]) + after) for at, before, after, case in woven if at < len(terms)]
    assert stored(brand, said) == [is_about(brand, searched(title, text)) for title, text in said]


def test_listeners_and_store_agree_on_every_character_beside_and_within_a_word(stored):
    acme = Brand("Acme", ("acme", "fizz bang", "d-e"))
    every = [chr(code) for code in range(1, sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    # Of Han and Hangul, which are most of all and alike, and of what is no character, every hundredth.
    kept = [
        one
        for at, one in enumerate(every)
        if at % 100 == 0 or ord(one) < 0x3400 or category(one) not in ("Lo", "Cn", "Co")
    ]
    said = [
        (None, text)
        for one in kept
        for text in (f"acme{one}", f"{one}acme", f"ac{one}me", f"fizz{one}bang", f"d{one}e")
    ]
    found = stored(acme, said)
    assert [text for (_, text), hit in zip(said, found, strict=True) if hit is not is_about(acme, searched(text))] == []


@pytest.mark.parametrize("kind", ["Zs", "Zl", "Zp"])
def test_every_space_of_unicode_stands_between_two_words(kind):
    every = [chr(code) for code in range(sys.maxunicode + 1) if category(chr(code)) == kind]
    assert [one for one in every if not names(searched(f"green{one}light"), ("green light",))] == []


def test_every_dash_of_unicode_that_joins_words_is_a_hyphen():
    every = [chr(code) for code in range(sys.maxunicode + 1) if category(chr(code)) == "Pd"]
    apart = [one for one in every if not names(searched(f"fizz{one}bang"), ("fizz-bang",))]
    assert apart == ["\u301c", "\u3030"]  # the wave dashes, which are a kind of tilde


def test_a_word_is_found_in_any_case_that_unicode_knows():
    cased = [chr(code) for code in range(0x80, 0x20000) if chr(code).casefold() != chr(code)]
    assert [one for one in cased if not names(searched(one), (one.casefold(),))] == []
    assert [one for one in cased if not names(searched(one.casefold()), (one,))] == []


def test_a_phrase_is_found_where_it_stands_in_the_text_itself():
    import re

    said = "We\u00adll, Mira\u2019s\u00a0soup is cold"
    hit = re.search(phrase("mira's soup"), said)
    assert hit is not None
    assert said[hit.start() : hit.end()] == "Mira\u2019s\u00a0soup"


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("united is late", False),
        ("united flight is late", True),
        ("the airline united", True),
        ("manchester united flight", False),
        ("flight", False),
    ],
)
def test_required_words_must_and_excluded_words_may_not_stand_beside(text, about):
    united = Brand("United", ("united",), required=("flight", "airline"), excluded=("manchester",))
    assert is_about(united, searched(text)) is about


def test_title_and_text_are_searched_together():
    assert searched("Acme?", None) == "Acme?"
    assert names(searched("green", "light"), ("green light",))
    assert not names(searched("ac", "me"), ("acme",))


def test_a_shorter_term_is_found_where_a_longer_one_fails_at_its_edge():
    terms = ("acme", "acme air")
    assert names(searched("acme airlines"), terms)
