"""English is judged; what is not is told by its language; short and odd texts are given the benefit of the doubt."""

import pytest

from analysis.language_names import NAMES, called
from analysis.scoring.scoring import score_line
from analysis.text.language import detect
from analysis.text.language_model import KNOWN

ENGLISH = [
    "",
    "lol",
    "ok",
    "wtf @handle",
    "@united flight 1234 cancelled smh",
    "thx",
    "Great app",
    "gr8 service 2day",
    "😡😡😡",
    "12345",
    "@handle @handle sad",
    "i cant wait !!",
    "Sooooo bad",
    "crap app",
    "delayed again ✈️😤",
    "brandname weblink",
    "naïve café staff were rude",
]
OTHERS = [
    ("gracias por todo, muy buen servicio", "es"),
    ("Muy mal servicio de la aplicacion", "es"),
    ("danke für nichts, nie wieder", "de"),
    ("Très mauvais service client, je suis déçu", "fr"),
    ("ótimo aplicativo gostei muito", "pt"),
    ("이번 버전 개발 제안한놈 심플하게해야지", "ko"),
    ("とても良いアプリです", "ja"),
    ("ужасное обслуживание, никогда больше", "ru"),
    ("خدمة سيئة جدا", "ar"),
    ("非常糟糕的服务", "zh"),
]


@pytest.mark.parametrize("text", ENGLISH)
def test_short_and_plain_texts_are_english(text):
    assert detect(text) == "en"


@pytest.mark.parametrize(("text", "code"), OTHERS)
def test_other_languages_are_told(text, code):
    assert detect(text) == code


@pytest.mark.parametrize(("text", "code"), OTHERS)
def test_what_is_not_english_is_not_judged(text, code):
    line = score_line(text)
    assert (line["rests_on"], line["language"], line["words"]) == ("not judged", code, ())


@pytest.mark.parametrize(("text", "code"), OTHERS)
def test_what_is_not_judged_has_no_figures_rather_than_figures_of_0(text, code):
    line = score_line(text)
    figures = ("label", "compound", "neg", "neu", "pos", "confidence", "needs_reply")
    assert [line[name] for name in figures] == [None] * 7
    assert called(code) in NAMES.values()


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("いつ届きますか？注文したのは先週です", "?"),
        ("متى يصل طلبي؟ لقد دفعت", "؟"),
        ("πότε θα φτάσει η παραγγελία μου;", ";"),
        ("когда придёт мой заказ?", "?"),
    ],
)
def test_a_question_mark_asks_in_any_language(text, mark):
    assert score_line(text)["cues"] == {"question": (mark,)}


@pytest.mark.parametrize(
    "text", ["заказ пришёл; спасибо", "とても良いアプリです", "см. https://shop.example/?id=1 хорошо"]
)
def test_what_holds_no_question_mark_asks_nothing(text):
    assert score_line(text)["cues"] == {}


def test_the_library_s_languages_all_have_names():
    assert set(KNOWN.split()) <= NAMES.keys()
    assert called("und") not in NAMES.values()


def test_stars_count_in_any_language():
    line = score_line({"text": "Muy mal servicio de la aplicacion", "rating": 1})
    assert (line["label"], line["rests_on"], line["needs_reply"]) == ("negative", "stars", None)


def test_a_name_from_elsewhere_does_not_make_a_text_foreign():
    assert score_line({"text": "카카오뱅크 is great, I love it", "names": ["카카오뱅크"]})["language"] == "en"
