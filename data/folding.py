"""What people type for one and the same sign: a curly apostrophe, a no-break space, a full-width letter.

One table says which characters are one. Texts are made plain by it before they are judged. Words are spelled out by it
as a regular expression that finds each way of typing them in a text as it stands. The expressions hold nothing but
characters and classes of them, so that Python and RE2 (in DuckDB) read them alike, whatever each knows of Unicode.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from html import unescape
from html.entities import html5
from itertools import chain

# What people type for a sign, by its code points: single ones, and ranges with both ends.
_TYPED = {
    "'": "0060 00B4 02B9 02BB-02BF 02C8 02CA 02CB 0374 055A 05F3 07F4 07F5 2018-201B 2032 2035 275B 275C A78B A78C",
    '"': "00AB 00BB 02BA 02EE 05F4 201C-201F 2033 2036 275D 275E 301D-301F",
    "-": "00AD 02D7 058A 05BE 1400 1806 2010-2015 2043 2212 2796 2E17 2E1A 2E3A 2E3B 2E40 2E5D 30A0 FE31 FE32 10EAD",
    " ": "00A0 1680 2000-200B 202F 205F 2800 3164",
    "\n": "0085 2028 2029",
    "!": "2755 2757",
    "?": "2753 2754",
    "...": "2026",
    "!!": "203C",
    "!?": "2049",
    "?!": "2048",
    "??": "2047",
}
# What nobody sees: soft hyphens, joiners, marks of direction, variations of emoji and their skin tones.
_UNSEEN = "00AD 034F 061C 180E 200B-200F 202A-202E 2060-206F FE00-FE0F FEFF 1F3FB-1F3FF E0100-E01EF"
# Each of these is also read as what it was typed for: a hyphen, a blank.
_SOFT_HYPHEN, _NO_BREAK = "\u00ad", "\ufeff"
_DOTLESS, _DOT = "\u0131", "\u0307"  # the small "i" of Turkish, and the dot above a capital one that was made small
_BLANK = " \t\n\v\f\r\x1c\x1d\x1e\x1f"  # in plain ASCII
_WIDTHS = ("<wide>", "<narrow>", "<small>")  # as Unicode marks what is another character in another width
_LONGEST = 6  # characters that are spelled together where some of them may be one: "ss" is "ß", "ffi" is one letter
_CASED = (range(0x3400), range(0xA000, 0xAC00), range(0xE000, 0x20000))  # all but Han, Hangul, and what has no letters


def _listed(codes: str) -> Iterator[str]:
    """The characters of a list of code points and ranges."""
    for entry in codes.split():
        first, _, last = entry.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


def _in_one_width() -> Iterator[tuple[str, str]]:
    """The characters of another width, each with the common one."""
    for character in map(chr, (0x3000, *range(0xFE50, 0xFE70), *range(0xFF00, 0xFFF0))):
        tag, _, code = unicodedata.decomposition(character).partition(" ")
        if tag in _WIDTHS:
            yield character, chr(int(code, 16))


def _table() -> dict[str, str]:
    signs = {character: sign for sign, codes in _TYPED.items() for character in _listed(codes)}
    widths = {character: signs.get(common, common) for character, common in _in_one_width()}
    # A blank of no width stands between words as often as within one; of the two, only the blank can be undone.
    unseen = {character: "" for character in _listed(_UNSEEN) if signs.get(character) != " "}
    return signs | widths | unseen


def one_of(characters: Iterable[str]) -> str:
    """A regular expression for any one of the characters."""
    known = set(map(ord, characters))
    starts = sorted(code for code in known if code - 1 not in known)
    ends = sorted(code for code in known if code + 1 not in known)
    if len(known) == 1:
        return re.escape(chr(starts[0]))
    ranges = [(re.escape(chr(first)), re.escape(chr(last))) for first, last in zip(starts, ends, strict=True)]
    return f"[{''.join(first if first == last else f'{first}-{last}' for first, last in ranges)}]"


_SIGN_OF = _table()  # character -> what it is folded to, "" for nothing
_FOLDED = re.compile(one_of(_SIGN_OF))
_KANA = {
    code: unicodedata.normalize("NFD", chr(code))
    for code in range(0x3041, 0x30FF)
    if unicodedata.normalize("NFD", chr(code)) != chr(code)
}


# With its semicolon only: "?a=1&copy=2" is an address. "&amp;#39;" was escaped twice.
_ENTITY = re.compile(r"&(?P<again>(?:amp;)*)(?P<name>#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


def unescaped(text: str) -> str:
    """`text` with the characters that HTML's entities in it stand for."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(entity: re.Match[str]) -> str:
    name = entity["name"]
    if name.startswith("#") or f"{name};" in html5:
        return unescape(f"&{name};")
    return f"&{name};" if entity["again"] else entity[0]


def plain(text: str) -> str:
    """`text`, composed, with every sign as the plainest of those it is typed as (a curly apostrophe is a straight one,
    an ellipsis three dots) and without what nobody sees. Capitals, lines and accents stay; the length may change."""
    if text.isascii():
        return text.replace("`", "'") if "`" in text else text
    return _FOLDED.sub(_sign, unicodedata.normalize("NFC", text))


# Each character that is folded to one other, and at the same place that other.
ONE_FOR_ONE = tuple(map("".join, zip(*((one, sign) for one, sign in _SIGN_OF.items() if len(sign) == 1), strict=True)))


def _sign(hit: re.Match[str]) -> str:
    return _SIGN_OF[hit[0]]


def sign_of(character: str) -> str:
    """What one composed character is typed for: the sign, or a few; "" for what nobody sees, itself for all others."""
    return _SIGN_OF.get(character, character)


def key(text: str) -> str:
    """What is the same for all ways of typing a text: plain, in small letters whatever the language, with single
    blanks. "Straße" and "STRASSE" are one, and so are "i" and "I" with a dot, without one, and with a dot above it."""
    return " ".join(_small(plain(text)).split())


def _small(text: str) -> str:
    folded = text if text.isascii() else unicodedata.normalize("NFC", text)
    folded = "".join(_SIGN_OF.get(character, character) for character in folded.casefold())
    return folded.translate(_KANA).replace(_DOTLESS, "i").replace(f"i{_DOT}", "i")


@cache
def _alike() -> Mapping[str, str]:
    """Folded characters, or a few in a row, and all the single characters that are folded to them."""
    cased = map(chr, chain.from_iterable(_CASED))
    changed = {character for character in cased if character.casefold() != character} | {_DOTLESS, *_SIGN_OF}
    found = {"-": {_SOFT_HYPHEN}}
    for character in changed | set(map(chr, _KANA)):
        # Composed text does not hold what falls apart when it is composed.
        if (folded := _small(character)) and unicodedata.normalize("NFC", character) == character:
            found.setdefault(folded, set()).add(character)
    return {folded: "".join(sorted(typed)) for folded, typed in found.items()}


UNSEEN = f"{one_of(_listed(_UNSEEN))}*"
_SPACE = _BLANK + _NO_BREAK + "".join(character for character, sign in _SIGN_OF.items() if sign.isspace())
GAP = f"{UNSEEN}{one_of(_SPACE)}{one_of([*_SPACE, *_listed(_UNSEEN)])}*"  # between two words


@lru_cache(maxsize=4096)
def spelled(word: str) -> str:
    """A regular expression that finds a word, however it is typed, in any composed (NFC) text. `word`: one without
    blanks, as `key` gives it. The expression has no groups that count and needs no flags."""
    pieces = []
    at = 0
    while at < len(word):
        end = _end_of_run(word, at)
        pieces.append(_run(word[at:end]))
        at = end
    return UNSEEN.join(pieces)


def _end_of_run(word: str, start: int) -> int:
    """Where a run of characters ends of which some may be typed as one."""
    end, at = start + 1, start
    while at < end < start + _LONGEST:
        end = max([end, *(at + size for size in (2, 3) if len(word) >= at + size and word[at : at + size] in _alike())])
        at += 1
    return min(end, start + _LONGEST)


def _run(run: str) -> str:
    ways = [UNSEEN.join(way) for way in _ways(run)]
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _ways(run: str) -> Iterator[list[str]]:
    """Each way to spell a run: its characters, or some of them as one."""
    if not run:
        yield []
    for size in range(1, min(3, len(run)) + 1):
        typed = _alike().get(run[:size], "") + (run[0] if size == 1 else "")
        if typed:
            dot = f"{_DOT}?" if run[:size] == "i" else ""  # what a capital "İ" leaves behind when it is made small
            yield from ([one_of(typed) + dot, *rest] for rest in _ways(run[size:]))


def phrase(text: str) -> str:
    """A regular expression that finds these words in a row, however they are typed; "" for a text without any."""
    return GAP.join(spelled(word) for word in key(text).split())
