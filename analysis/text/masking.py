"""Replaces handles, links and the names of brands by neutral words, so that no name is taken for a feeling.

"united", "best" and "hope" are words of sentiment to VADER and names to the people who write to United, Best and Hope.
A replacement has as many words as the name and its capitals, so that distances between words and the emphasis by
capitals stay those of the text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from analysis.text.moods import with_stars
from data.folding import key, plain, unescaped
from data.matching import is_word, spellings

NAME = "brandname"
HANDLE = "@handle"
LINK = "weblink"

# What goes on after a Mastodon's and a Bluesky's user name.
_ELSEWHERE = r"@[\w.-]*\w|(?:\.\w[\w-]*)*\.(?:social|com|net|org|app|dev)\b"
_HANDLE = re.compile(rf"@(?!(?:{NAME}|{NAME.upper()}|{HANDLE[1:]})\b)\w+(?:{_ELSEWHERE})?")
_LINK = re.compile(r"(?:https?://|\bwww\.)\S*[^\s.,;:!?)\]}'\"]", re.IGNORECASE)


def as_written(text: str) -> str:
    """`text`, plain, with the characters that HTML's entities stand for: "isn&#39;t" is "isn't"."""
    return plain(unescaped(text))


def mask(text: str, names: tuple[str, ...]) -> str:
    """`text`, as written, with each link, handle and each of `names` (whole words, case-blind, by data.matching's rule)
    replaced. A handle or hashtag that is one of the names counts as the name; a row of stars is a word."""
    text = as_written(text)
    if not text.isascii():
        text = with_stars(text)
    if names:
        text = mask_names(text, names)
    if "@" in text:
        text = _HANDLE.sub(_replace_handle, text)
    if "://" in text or "www." in text.lower():
        text = _LINK.sub(_replace_link, text)
    return text


def is_named(masked: str) -> bool:
    """Whether a masked text held one of the names."""
    return NAME in masked or NAME.upper() in masked


def mask_names(text: str, names: tuple[str, ...]) -> str:
    """`text` with each of `names` replaced, and nothing else."""
    is_plain = text.isascii()
    searched = text.lower() if is_plain else text
    finder = _finder(_likely(searched, names) if is_plain else names, is_plain=is_plain)
    pieces: list[str] = []
    done = at = 0
    while finder and (hit := finder.search(searched, at)):
        start, end = hit.span()
        if _is_whole(text, start, end):
            pieces += text[done:start], _stand_in(text[start:end])
            done = at = end
        else:
            at = start + 1
    return "".join([*pieces, text[done:]]) if pieces else text


def _likely(lowered: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names whose first word is somewhere in the text: mostly one or none, which is found much faster than many."""
    return tuple([name for name, first in _firsts(names) if first in lowered])


@lru_cache(maxsize=256)
def _firsts(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, words[0]) for name in names if (words := key(name).split()))


@lru_cache(maxsize=1024)
def _finder(names: tuple[str, ...], *, is_plain: bool) -> re.Pattern[str] | None:
    """Finds candidates, which still may begin inside a word; None when there is nothing to find. `is_plain`: in ASCII
    with small letters: they stand where the capitals stood, and a pattern is quickest on those."""
    alternatives = "|".join(spellings(names, is_plain=is_plain))
    return re.compile(rf"(?:{alternatives})(?!\w)") if alternatives else None


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word goes on at either side. Python's own idea of a word leaves out the marks of many scripts."""
    return not (start and is_word(text[start - 1])) and not (end < len(text) and is_word(text[end]))


def _stand_in(name: str) -> str:
    return " ".join([_in_case_of(word, NAME) for word in name.split()])


def _replace_handle(hit: re.Match[str]) -> str:
    start = hit.start()
    if start and (is_word(hit.string[start - 1]) or hit.string[start - 1] == "@"):
        return hit[0]  # an e-mail address
    return _in_case_of(hit[0], HANDLE)


def _replace_link(hit: re.Match[str]) -> str:
    return _in_case_of(hit[0], LINK)


def _in_case_of(original: str, token: str) -> str:
    return token.upper() if original.isupper() else token
