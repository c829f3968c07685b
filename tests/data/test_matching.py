"""Which brands a text names: one rule, held alike by the test in Python and by the pattern in the store."""

from __future__ import annotations

import pytest

from data.matching import is_about, names, pattern, searched
from data.models import Brand

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
    ("GRÖSSE", ("größe",), False),
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


def test_the_store_finds_the_same(store):
    with store.read() as connection:
        found = [
            bool(pattern(terms))
            and connection.value(
                "SELECT regexp_matches(nfc_normalize($text), $pattern)", text=text, pattern=pattern(terms)
            )
            for text, terms, _ in CASES
        ]
    assert [(case[0], hit) for case, hit in zip(CASES, found, strict=True) if hit is not case[2]] == []


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
