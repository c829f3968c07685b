"""Tells whether a text is English, the only language judged: by its letters and frequent words, else by a library.

A short text counts as English unless its letters or words are of another language: "lol delayed again" must be judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from analysis.text import language_model
from analysis.text.masking import HANDLE, LINK, NAME

ENGLISH = "en"
UNKNOWN = "und"  # letters without a known language, as ISO 639 has it
SURE = 0.4  # the library's own probability from which a short Latin text is believed to be another language
FEWEST = 3  # words without which Latin letters are taken for English
READ = 1_000  # characters
MOSTLY_ASCII = 1.2  # bytes a character up to which a text may have signs and emoji of its own
# Frequent in English, and rare in what is written in other Latin alphabets.
_SMALL_WORDS = """
    the and is it this that you your my not with have has was were are been they them their there what when where which
    why how who would could should can't don't didn't doesn't isn't wasn't won't i'm i've it's that's we're you're
    of for from but all just very so too more out get got went can will would about after again because before being
    today tomorrow yesterday day days know think want need make made see people some any even still over than only other
    first last back does did him his her she he than then these those through while every anyone someone something
    nothing everything thing things right here why let lets come coming going gonna wanna years year week weeks hours
    hour minutes month months money new look looking like liked really much many little big long same old
    good great nice best love bad worst worse terrible awful please thanks thank help never always working yes
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_STAND_INS = frozenset({NAME, HANDLE.removeprefix("@"), LINK})
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ASKING = re.compile("[?？؟՞፧\u037e]")
_ASKING_IN_GREEK = re.compile("[?;\u037e]")  # its question mark is a semicolon
_SCRIPTS = (
    ("\u0400", "\u052f", "ru"), ("\u0370", "\u03ff", "el"), ("\u0590", "\u05ff", "he"), ("\u0600", "\u06ff", "ar"),
    ("\u0900", "\u097f", "hi"), ("\u0e00", "\u0e7f", "th"), ("\uac00", "\ud7af", "ko"), ("\u3040", "\u30ff", "ja"),
    ("\u4e00", "\u9fff", "zh"),
)  # fmt: skip


def detect(masked: str, felt: Iterable[str] = ()) -> str:
    """The ISO 639-1 code of a masked text's language; "en" also where nothing tells, UNKNOWN for letters of no known
    language. `felt`: words in it that are certainly English."""
    text = masked[:READ]
    if (text.isascii() or len(text.encode("utf-8", "replace")) < MOSTLY_ASCII * len(text)) and _is_plainly_english(
        text, felt
    ):
        return ENGLISH
    words = [word for word in _WORD.findall(text.lower()) if word not in _STAND_INS]
    foreign = [word for word in words if not _is_latin(word)]
    if len(foreign) * 2 > len(words):
        return _by_script("".join(foreign))
    latin = len(words) - len(foreign)
    small = sum(1 for word in words if word.replace("’", "'") in _SMALL) + sum(word != "no" for word in felt)
    if latin < FEWEST or small * 6 >= len(words):
        return ENGLISH
    code, sure = _ask(" ".join(words))
    return ENGLISH if code == ENGLISH or sure < SURE else code


def asking(masked: str, code: str) -> str:
    """The first question mark of a masked text in the language `code`; "" where it has none."""
    found = (_ASKING_IN_GREEK if code == "el" else _ASKING).search(masked)
    return found[0] if found else ""


def _is_plainly_english(text: str, felt: Iterable[str]) -> bool:
    """Whether enough words are frequent in English (two, in longer texts one in ten), or one in six certainly is."""
    words = text.lower().split()
    small = len(_SMALL.intersection(words))
    if len(words) < FEWEST or small >= max(2, min(len(words) / 10, 6)):
        return True
    return (small + sum([word != "no" for word in felt])) * 6 >= len(words)


def _is_latin(word: str) -> bool:
    return word.isascii() or all(
        character < "\u0250" or "\u1e00" <= character <= "\u1eff" or character == "’" for character in word
    )


def _by_script(text: str) -> str:
    counts = [(sum(1 for character in text if low <= character <= high), code) for low, high, code in _SCRIPTS]
    many, code = max(counts)
    if not many:
        return UNKNOWN
    # Some alphabets serve many languages.
    return _ask(text)[0] if code in {"ru", "ar", "hi"} else code


def _ask(text: str) -> tuple[str, float]:
    code, sure = _identifier().classify(text)
    return str(code), float(sure)


@cache
def _identifier() -> Any:
    return language_model.identifier()
