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


def _alternatives(terms: Iterable[str]) -> str:
    """Every spelling of the terms as one regular expression that Python and RE2 read alike; "" when there are none."""
    spellings = []
    for term in terms:
        words = [re.escape(word) for word in unicodedata.normalize("NFC", term).split()]
        if words:
            spellings.append(r"\s+".join(words))
        if len(words) > 1:
            spellings.append("[@#]" + "[_-]?".join(words))
    return "|".join(sorted(set(spellings), key=lambda spelling: (-len(spelling), spelling)))


def pattern(terms: Iterable[str]) -> str | None:
    """The terms for DuckDB's regexp_matches over NFC text; None when there are none."""
    alternatives = _alternatives(terms)
    return f"(?i)(?:^|{EDGE})(?:{alternatives})(?:$|{EDGE})" if alternatives else None


@lru_cache(maxsize=256)
def _compiled(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    alternatives = _alternatives(terms)
    # The lookahead finds overlapping candidates: a spelling that fails at its edge must not hide a later one.
    return re.compile(f"(?=({alternatives}))", re.IGNORECASE) if alternatives else None


@lru_cache(maxsize=4096)
def _is_word(character: str) -> bool:
    if unicodedata.name(character, "").startswith(tuple(JOINED.values())):
        return False
    return character == "_" or unicodedata.category(character)[0] in "LMN"


def names(text: str, terms: tuple[str, ...]) -> bool:
    """Whether `text` (composed, see `searched`) holds any of the terms as whole words."""
    compiled = _compiled(terms)
    if compiled is None:
        return False
    return any(
        (hit.start(1) == 0 or not _is_word(text[hit.start(1) - 1]))
        and (hit.end(1) == len(text) or not _is_word(text[hit.end(1)]))
        for hit in compiled.finditer(text)
    )


def is_about(brand: Brand, text: str) -> bool:
    """Whether `text` names the brand: any term, one of the required words when there are any, no excluded word."""
    return (
        names(text, brand.terms)
        and (not brand.required or names(text, brand.required))
        and not names(text, brand.excluded)
    )
