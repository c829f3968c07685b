"""Which brands a text names: whole words, case-blind, handles and hashtags included, in any script.

One rule, read by two: as a pattern for the store's SQL (RE2) and as a test for listeners that filter as they read.
However a term is typed (data.folding) it is one and the same. A word character is a letter, a mark, a number or "_"; a
term may touch anything else, so "acme" is found in "@Acme," and "#acme" but not in "acmeville". Scripts written without
spaces, or with endings joined to names (Chinese, Japanese, Korean, Thai, ...), end a word wherever they begin. A term
of several words is also found run together as a handle or hashtag ("#GreenLight").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple
from unicodedata import category, name, normalize

from data.folding import GAP, UNSEEN, key, one_of, plain, sign_of, spelled
from data.models import Brand

JOINED = (  # how Unicode's names begin for the characters of scripts that join words
    "CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR",
)  # fmt: skip
# Where letters, marks and numbers stand; between these are Han and Hangul, which end a word, and nothing.
_WRITTEN = (range(0x3400), range(0xA000, 0xAC00), range(0xD7A4, 0xD800), range(0xF900, 0x20000))


def searched(*parts: str | None) -> str:
    """The text that terms are looked for in: what is there of title and text, composed (NFC)."""
    return normalize("NFC", "\n".join(part for part in parts if part))


def sought(term: str) -> str:
    """A term as platforms are asked for it: with the plainest signs and small letters, so that none is asked twice."""
    return " ".join(plain(term).casefold().replace("i\u0307", "i").split())


class _Way(NamedTuple):
    """How the words of a term are spelled and what joins them, in a phrase and run together."""

    spelled: Callable[[str], str]
    gap: str
    tag: str
    joint: str


_PLAIN = _Way(re.escape, r"\s+", "[@#]", "[_-]?")


@cache
def _as_typed() -> _Way:
    joint = f"{UNSEEN}(?:{spelled('-')}|{spelled('_')})?{UNSEEN}"
    return _Way(spelled, GAP, f"(?:{spelled('@')}|{spelled('#')}){UNSEEN}", joint)


def spellings(terms: Iterable[str], *, is_plain: bool = False) -> tuple[str, ...]:
    """Every spelling of the terms as a regular expression that Python and RE2 read alike, the longest first.
    `is_plain`: for texts of plain ASCII in small letters only, in which it is found sooner."""
    way = _PLAIN if is_plain else _as_typed()
    found = set()
    for words in filter(None, map(str.split, map(key, terms))):
        each = list(map(way.spelled, words))
        found.add(way.gap.join(each))
        if len(each) > 1:
            found.add(way.tag + way.joint.join(each))
    return tuple(sorted(found, key=lambda spelling: (-len(spelling), spelling)))


def pattern(terms: Iterable[str]) -> str | None:
    """The terms for DuckDB's regexp_matches over NFC text; None when there are none."""
    alternatives = "|".join(spellings(terms))
    return f"(?:^|{_edge()})(?:{alternatives})(?:$|{_edge()})" if alternatives else None


@cache
def _edge() -> str:
    """Any character that is none of a word. It is spelled out, for RE2 knows other scripts than Python does."""
    written = [one for one in map(chr, chain.from_iterable(_WRITTEN)) if category(one)[0] in "LMNP"]
    return f"[^{one_of(filter(is_word, written))[1:]}"


@lru_cache(maxsize=256)
def _compiled(terms: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    # One pattern a spelling, and a lookahead: one that fails at its edge must hide neither a shorter nor a later one.
    return tuple(re.compile(f"(?=({spelling}))") for spelling in spellings(terms))


@lru_cache(maxsize=4096)
def is_word(character: str) -> bool:
    """Whether a character belongs to a word, so that a term may not touch it."""
    sign = sign_of(character)[:1] or " "  # a modifier letter that is typed for an apostrophe is none
    if category(sign)[0] not in "LMN":
        return sign == "_"
    return not name(sign, "").startswith(JOINED)


def names(text: str, terms: tuple[str, ...]) -> bool:
    """Whether `text` (composed, see `searched`) holds any of the terms as whole words."""
    return any(_stands_alone(text, hit) for compiled in _compiled(terms) for hit in compiled.finditer(text))


def _stands_alone(text: str, hit: re.Match[str]) -> bool:
    start, end = hit.span(1)
    return (start == 0 or not is_word(text[start - 1])) and (end == len(text) or not is_word(text[end]))


def is_about(brand: Brand, text: str) -> bool:
    """Whether `text` names the brand: any term, one of the required words when there are any, no excluded word."""
    return (
        names(text, brand.terms)
        and (not _compiled(brand.required) or names(text, brand.required))
        and not names(text, brand.excluded)
    )
