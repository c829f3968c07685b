"""Hashes many texts at once into n-grams: pieces, words and pairs of words, each as a place in a table of weights.

All texts are laid end to end as bytes, four zeros before each, and hashed together in a few array operations. A piece
that reaches into the zeros is the beginning or the end of its text. Only places in the table leave this module, so that
a table of weights holds nobody's words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

Places = NDArray[numpy.uint32]
Numbers = NDArray[numpy.uint64]

BITS = 19  # of a place in each half of the table: pieces in the first, words in the second
SIZE = 2 << BITS
SIZES = (3, 4, 5)  # bytes in a piece
EACH = 3  # places of a word: of itself, with its neighbour, with the one after that
GAP = b"\0\0\0\0"

_MIX = tuple(numpy.uint32(odd) for odd in (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F))
_BASE = 0x100000001B3  # of the words' polynomial; odd, so that it can be taken back
_BACK = pow(_BASE, -1, 1 << 64)
_OUTSIDE, _NEXT, _BEYOND = (numpy.uint64(odd) for odd in (7, 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93))
_SHIFT = numpy.uint32(32 - BITS)
_WORD = re.compile(rb"[A-Za-z0-9'_\x80-\xff]+")


def _folded() -> NDArray[numpy.uint8]:
    """What each byte counts as: capitals as small letters, digits as one digit, blanks as one blank."""
    fold = numpy.arange(256, dtype=numpy.uint8)
    fold[ord("A") : ord("Z") + 1] += 32
    fold[ord("0") : ord("9") + 1] = ord("0")
    fold[1:33] = 32
    return fold


def _in_words() -> NDArray[numpy.bool_]:
    """Which bytes belong to words; all of other scripts do."""
    in_words = numpy.zeros(256, dtype=numpy.bool_)
    in_words[[*range(ord("a"), ord("z") + 1), ord("0"), ord("'"), ord("_"), *range(128, 256)]] = True
    return in_words


_FOLD, _IN_WORDS = _folded(), _in_words()


class NGrams(NamedTuple):
    """The places of all texts' pieces (in the first half of the table) and words (in the second), each with the index
    at which every text's own begin, (texts,); every text has some. A word has EACH places: of itself, of it and its
    neighbour, of it and the next but one."""

    pieces: Places
    piece_starts: NDArray[numpy.intp]
    words: Places
    word_starts: NDArray[numpy.intp]


def gather(texts: Sequence[str]) -> NGrams:
    """The places of the texts' pieces and words. `texts`: at least one; a text may be empty."""
    laid, starts = _lay(texts)
    pieces = _pieces(laid)
    words, word_starts = _words(laid, starts)
    return NGrams(pieces, starts * len(SIZES), words, word_starts)


def spelled(text: str) -> list[bytes]:
    """The words of a text in the order of their places, without the gap before them."""
    return _WORD.findall(text.encode("utf-8", "replace"))


def _lay(texts: Sequence[str]) -> tuple[NDArray[numpy.uint8], NDArray[numpy.intp]]:
    """The texts as folded bytes, no byte more than twice in a row, and where each begins."""
    encoded = [text.encode("utf-8", "replace") for text in texts]
    raw = numpy.frombuffer(GAP + GAP.join(encoded), dtype=numpy.uint8)
    lengths = numpy.fromiter(map(len, encoded), dtype=numpy.intp, count=len(encoded)) + len(GAP)
    laid = _FOLD[raw]
    again = laid[1:] == laid[:-1]
    kept = numpy.ones(len(laid), dtype=numpy.bool_)
    kept[2:] = ~(again[1:] & again[:-1] & (laid[2:] != 0))
    kept[1:] &= ~(again & (laid[1:] == 32))
    ends = numpy.concatenate(([0], numpy.cumsum(lengths)[:-1]))
    before = numpy.concatenate(([0], numpy.cumsum(kept)))
    return laid[kept], before[ends].astype(numpy.intp)


def _pieces(laid: NDArray[numpy.uint8]) -> Places:
    """Three places for each byte: of the pieces of three, four and five bytes that begin there."""
    padded = numpy.concatenate((laid, numpy.zeros(len(GAP), dtype=numpy.uint8))).astype(numpy.uint32)
    count = len(laid)
    three = padded[:count] | padded[1 : count + 1] << 8 | padded[2 : count + 2] << 16
    four = three | padded[3 : count + 3] << 24
    five = (four * _MIX[0]) ^ padded[4 : count + 4] * _MIX[1]
    places = numpy.empty((count, len(SIZES)), dtype=numpy.uint32)
    for column, code in enumerate((three, four, five)):
        numpy.right_shift((code ^ code >> numpy.uint32(15)) * _MIX[column + 1], _SHIFT, out=places[:, column])
    return places.reshape(-1)


def _words(laid: NDArray[numpy.uint8], starts: NDArray[numpy.intp]) -> tuple[Places, NDArray[numpy.intp]]:
    """EACH places for each word, and where each text's begin. The gap before a text counts as a word, so that every
    text has one and a pair tells what a text begins or ends with."""
    is_in_word = _IN_WORDS[laid]
    opens = is_in_word.copy()
    opens[1:] &= ~is_in_word[:-1]
    closes = is_in_word.copy()
    closes[:-1] &= ~is_in_word[1:]
    gaps = starts
    opens[gaps] = True
    firsts = numpy.flatnonzero(opens)
    lasts = numpy.flatnonzero(closes)
    is_gap = laid[firsts] == 0
    codes = numpy.full(len(firsts), _OUTSIDE, dtype=numpy.uint64)
    codes[~is_gap] = _spelled(laid, firsts[~is_gap], lasts + 1)
    after = numpy.concatenate((codes[1:], codes[:1]))
    # The second word after the last one of a text is no longer its own.
    beyond = numpy.where(after == _OUTSIDE, _OUTSIDE, numpy.concatenate((after[1:], codes[:1])))
    mixed = numpy.stack((codes, codes * _NEXT + after, codes * _BEYOND + beyond), axis=1).reshape(-1)
    mixed ^= mixed >> numpy.uint64(29)
    mixed *= numpy.uint64(0xBF58476D1CE4E5B9)
    places = (mixed >> numpy.uint64(64 - BITS)).astype(numpy.uint32) + numpy.uint32(1 << BITS)
    return places, numpy.flatnonzero(is_gap) * EACH


def _spelled(laid: NDArray[numpy.uint8], firsts: NDArray[numpy.intp], ends: NDArray[numpy.intp]) -> Numbers:
    """One number for the letters of each word: differences of one running sum, moved to a common place."""
    powers, back = _powers(len(laid))
    sums = numpy.zeros(len(laid) + 1, dtype=numpy.uint64)
    numpy.cumsum((laid + numpy.uint64(1)) * powers[: len(laid)], out=sums[1:])
    return (sums[ends] - sums[firsts]) * back[firsts]


def _powers(count: int) -> tuple[Numbers, Numbers]:
    """The base and its inverse, each to the powers from 0 to `count` - 1, modulo 2 to the 64th."""
    both = []
    for base in (_BASE, _BACK):
        steps = numpy.full(count, base, dtype=numpy.uint64)
        steps[:1] = 1
        both.append(numpy.cumprod(steps, dtype=numpy.uint64))
    return both[0], both[1]
