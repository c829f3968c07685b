"""Cuts a long text into sentences, roughly, by its punctuation and line ends, in any language."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 60  # words in one piece; a text without punctuation is cut there

_END = re.compile(r"[.!?…]+[\"'”’)\]]*\s+|[。！？]+|\n+")
_LAST_WORD = re.compile(r"(\S{1,10})$")
_ABBREVIATIONS = frozenset({"mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "approx", "inc", "ltd", "nr"})


def split(text: str) -> list[str]:
    """The sentences of `text` in order, none empty, none over LONGEST words; every word is in one of them."""
    return [piece for sentence in _sentences(text) for piece in _chop(sentence.strip())]


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(text):
        if end[0].startswith(".") and _is_abbreviated(text, start, end.start()):
            continue
        yield text[start : end.end()]
        start = end.end()
    yield text[start:]


def _is_abbreviated(text: str, start: int, end: int) -> bool:
    """Whether the full stop at `end` belongs to its word: "Dr. Who", "J. Smith"."""
    last = _LAST_WORD.search(text[max(start, end - 11) : end])
    if last is None:
        return False
    return last[1].lower() in _ABBREVIATIONS or (len(last[1]) == 1 and last[1].isalpha())


def _chop(sentence: str) -> Iterator[str]:
    words = sentence.split()
    if len(words) <= LONGEST:
        if words:
            yield sentence
        return
    for start in range(0, len(words), LONGEST):
        yield " ".join(words[start : start + LONGEST])
