"""Tells the encodings of Japanese, Korean and Chinese apart, by how many of the characters are everyday ones."""

from __future__ import annotations

from collections.abc import Callable

from charset_normalizer.constant import FREQUENCIES

KANA = range(0x3040, 0x3100)
HANGUL = range(0xAC00, 0xD7A4)
MARKS = (range(0x3000, 0x3040), range(0xFF01, 0xFF5F))  # punctuation, wide letters and digits
ALSO_MARKS = frozenset("“”‘’…—‥·×÷°℃※★☆○●◎→←↑↓♪")
EVERYDAY = 0.85  # of the characters, at least
POSSIBLE = 0.6  # the same, below which it is certainly none of these
FEWEST_KANA = 0.15  # of a Japanese text's characters
FEWEST_NARROW = 0.1  # of the second bytes of Big5 are below 0x80
FREQUENT = 0.08  # of a text's characters are among the hundred most frequent ones; by chance 0.03 would be
ENOUGH = 40  # characters beyond which EVERYDAY tells enough
FEWEST = 4  # characters
NEARLY = 0.1  # shares of everyday characters that differ by less tell nothing
CHINESE, JAPANESE, KOREAN = (frozenset(FREQUENCIES[one]) for one in ("Chinese", "Japanese", "Korean"))


def encoding_by_characters(sample: bytes) -> tuple[str | None, bool]:
    """The East Asian encoding of lines that are not UTF-8, None where it cannot be told; and whether it may be one at
    all."""
    if b"\x1b$" in sample:
        return "iso2022_jp", True
    shares = {encoding: share for encoding in READERS if (share := _share(sample, encoding)) is not None}
    highest = max(shares.values(), default=0)
    if highest < POSSIBLE:
        return None, False
    likely = {one: _frequent(sample.decode(one), one) for one in shares if shares[one] > highest - NEARLY}
    best = max(likely, key=lambda one: likely[one] / CHANCES[one])
    wide = sum(not one.isascii() for one in sample.decode(best))
    is_enough = wide >= ENOUGH or (wide >= FEWEST and likely[best] >= FREQUENT)
    return (best if is_enough and shares[best] >= EVERYDAY else None), wide >= FEWEST


def _share(sample: bytes, encoding: str) -> float | None:
    """The share of everyday characters if the sample has this encoding; None where it cannot have it."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return None
    wide = [one for one in text if not one.isascii()]
    if encoding == "big5" and len(wide) > FEWEST and _narrow(wide) < FEWEST_NARROW:
        return None
    if encoding in ("cp932", "euc_jp") and sum(ord(one) in KANA for one in wide) < FEWEST_KANA * len(wide):
        return None
    is_everyday = READERS[encoding]
    return sum(1 for one in wide if _is_mark(one) or is_everyday(one)) / len(wide)


def _narrow(characters: list[str]) -> float:
    return sum(1 for one in characters if one.encode("big5", "replace")[-1] < 0x80) / len(characters)


def _frequent(text: str, encoding: str) -> float:
    """The share of the characters that are among the most frequent ones of the encoding's language."""
    wide = [one for one in text if not one.isascii() and not _is_mark(one)]
    return sum(map(FREQUENTLY[encoding], wide)) / max(1, len(wide))


def _is_mark(character: str) -> bool:
    return character in ALSO_MARKS or any(ord(character) in marks for marks in MARKS)


def _lead(character: str, encoding: str) -> int:
    """The first of a character's two bytes; 0 where it has no two."""
    written = character.encode(encoding, "ignore")
    return written[0] if len(written) == 2 else 0


def _is_hangul(character: str) -> bool:
    return ord(character) in HANGUL and _lead(character, "euc_kr") > 0


READERS: dict[str, Callable[[str], bool]] = {  # encoding -> whether a character is an everyday one; Korean goes first,
    # for Korean text is everyday Chinese, too, while Chinese text is no everyday Korean.
    "cp949": _is_hangul,
    "cp932": lambda one: ord(one) in KANA or 0xB0 <= _lead(one, "euc_jp") <= 0xCF,
    "euc_jp": lambda one: ord(one) in KANA or 0xB0 <= _lead(one, "euc_jp") <= 0xCF,
    "gb18030": lambda one: 0xB0 <= _lead(one, "gb2312") <= 0xD7,
    "big5": lambda one: 0xA4 <= _lead(one, "big5") <= 0xC6,
}


def _is_japanese(character: str) -> bool:
    return ord(character) in KANA or character in JAPANESE


FREQUENTLY: dict[str, Callable[[str], bool]] = {
    "cp949": KOREAN.__contains__,
    "cp932": _is_japanese,
    "euc_jp": _is_japanese,
    "gb18030": CHINESE.__contains__,
    "big5": CHINESE.__contains__,
}
CHANCES = {"cp949": 0.011, "cp932": 0.03, "euc_jp": 0.03, "gb18030": 0.027, "big5": 0.019}  # that any one is frequent
