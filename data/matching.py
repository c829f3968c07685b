"""Which brands a text names: whole words, case-blind, handles and hashtags included, in any script.

One rule, written twice: as a pattern for the store's SQL (RE2) and as a test for listeners that filter as they read.
A word character is a letter, a mark, a number or "_"; a term may touch anything else, so "acme" is found in "@Acme,"
and "#acme" but not in "acmeville". Scripts written without spaces, or with endings joined to names (Chinese, Japanese,
Korean, Thai, ...), end a word wherever they begin. A term of several words is also found run together as a handle or
hashtag ("#GreenLight").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from data.models import Brand

WORD = r"\p{L}\p{M}\p{N}_"
JOINED = {  # scripts as RE2 names them, and how Unicode names begin for their characters
    "Han": "CJK",
    "Hiragana": "HIRAGANA",
    "Katakana": "KATAKANA",
    "Hangul": "HANGUL",
    "Thai": "THAI",
    "Lao": "LAO",
    "Khmer": "KHMER",
    "Myanmar": "MYANMAR",
}
EDGE = "[^" + WORD + "]|[" + "".join(r"\p{" + script + "}" for script in JOINED) + "]"


def searched(*parts: str | None) -> str:
    """The text that terms are looked for in: what is there of title and text, composed (NFC)."""
    return unicodedata.normalize("NFC", "\n".join(part for part in parts if part))


def spellings(terms: Iterable[str]) -> tuple[str, ...]:
    """Every spelling of the terms as a regular expression that Python and RE2 read alike, the longest first."""
    found = set()
    for term in terms:
        words = [re.escape(word) for word in unicodedata.normalize("NFC", term).split()]
        if words:
            found.add(r"\s+".join(words))
        if len(words) > 1:
            found.add("[@#]" + "[_-]?".join(words))
    return tuple(sorted(found, key=lambda spelling: (-len(spelling), spelling)))


def pattern(terms: Iterable[str]) -> str | None:
    """The terms for DuckDB's regexp_matches over NFC text; None when there are none."""
    alternatives = "|".join(spellings(terms))
    return f"(?i)(?:^|{EDGE})(?:{alternatives})(?:$|{EDGE})" if alternatives else None


@lru_cache(maxsize=256)
def _compiled(terms: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    # One pattern a spelling, and a lookahead: one that fails at its edge must hide neither a shorter nor a later one.
    return tuple(re.compile(f"(?=({spelling}))", re.IGNORECASE) for spelling in spellings(terms))


@lru_cache(maxsize=4096)
def is_word(character: str) -> bool:
    """Whether a character belongs to a word, so that a term may not touch it."""
    if unicodedata.name(character, "").startswith(tuple(JOINED.values())):
        return False
    return character == "_" or unicodedata.category(character)[0] in "LMN"


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
        and (not brand.required or names(text, brand.required))
        and not names(text, brand.excluded)
    )
