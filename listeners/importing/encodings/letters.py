"""Tells encodings of one byte a letter apart, by how well what they would give reads as words of a language."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from listeners.importing.encodings.languages import GROUPS, LATIN, UNSEEN, chances

CANDIDATES = (  # encoding, its group, and how much less likely it is than the first one, as a logarithm
    ("cp1252", "western", 0.0),
    ("cp1250", "central", 2.5),
    ("cp1254", "turkish", 2.0),
    ("cp1257", "baltic", 3.0),
    ("iso8859_2", "central", 4.0),
    ("iso8859_15", "western", 4.0),
    ("mac_roman", "western", 4.0),
    ("cp850", "western", 4.0),
    ("cp1251", "cyrillic", 2.0),
    ("koi8_u", "cyrillic", 3.0),  # KOI8-R and four letters of Ukrainian
    ("iso8859_5", "cyrillic", 4.0),
    ("cp866", "cyrillic", 4.0),
    ("mac_cyrillic", "cyrillic", 5.0),
    ("cp1253", "greek", 2.0),
    ("iso8859_7", "greek", 3.0),
    ("cp1255", "hebrew", 2.0),
    ("cp1256", "arabic", 2.0),
    ("iso8859_6", "arabic", 4.0),
    ("cp874", "thai", 2.0),
)
SURE = 2.5  # by how much the best must be likelier than the next one that gives another text, as a logarithm
MOST_ODD = 0.15  # of the words with letters beyond ASCII
ODD_WORD = 6.0  # what each of them costs, as a logarithm
QUOTE, MARK, SIGN = -4.0, -7.0, -8.0  # the chance of one of QUOTES, of EDGES, of any other that is no letter
FEWEST = 8  # letters of a script other than Latin
QUOTES = frozenset("“”‘’–—…")
EDGES = "“”„‘’‚«»‹›–—…•·¿¡™®©†‡№\u00a0\u200e\u200f"  # what may stand at the edge of a word
IN_WORDS = "'’ـ׳״־\u200c"
BESIDE_NUMBERS = frozenset("€£¥¢°±½¼¾×§µº²³¹")
BETWEEN_WORDS = re.compile(r"[\x00-/:-@\[-`{-\x7f\s]+")
MOST_UNPAIRED = 2  # quotes that count; a quotation may go on in the next line
PRICE = re.compile(r"[€£¥] ?(?=\d)|(?<=\d) ?[€£]|(?<=\d) ?[°½¼¾×]|[½¼¾](?= ?\w)|§(?= ?\d)")
ONE_SIDED = re.compile(
    r"(?<=\w)[–—](?= |$)|(?:^|(?<= ))[–—](?=\w)|(?<!\w)’(?=\w{4})"
    r"|[©®](?=[^\W\d_])|(?<=\w)[‚„](?!\w)|¿(?![^?]*\?)|¡(?![^!]*!)",
    re.MULTILINE,
)
RAW_WORD = re.compile(rb"[A-Za-z\x80-\xff]{2,}")
# Among letters: 1 and 1/4 written small, an ordinal's letter before others, ² and ³ unless behind a unit.
SIGN_IN_WORD = re.compile(r"[¹¼½¾ªº²³](?=[^\W\d_])|(?<=[^\W\d_])[¹¼½¾]|[^\W\d_]{3}[²³]")
ASCII_LETTER = re.compile(rb"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a sample would be in one encoding. `fit`: a logarithm, the higher the likelier; `is_natural`: whether nearly
    all of its words could be words."""

    encoding: str
    text: str
    fit: float
    is_natural: bool


def encoding_by_letters(sample: bytes, *, joins_words: bool = False) -> str | None:
    """The encoding of lines that are not UTF-8; None where none gives words, or where two give different ones of nearly
    the same likelihood. `joins_words`: they may be East Asian, so that only another script without blanks can be told.
    The lines of plain ASCII beside them do not count: one name in an English file may be of any language."""
    sample = b"\n".join(dict.fromkeys(sample.splitlines()))
    is_latin = _mixes_with_ascii(sample)
    if not is_latin and sum(1 for byte in sample if byte > 0x7F) < FEWEST:
        return None
    of_kind = [one for one in CANDIDATES if (one[1] in LATIN) == is_latin]
    readings = [reading for one in of_kind if (reading := _reading(sample, *one)) is not None]
    best = max(readings, key=lambda one: one.fit, default=None)
    if best is None or not best.is_natural:
        return None
    if joins_words and best.encoding != "cp874":
        return None
    others = [one.fit for one in readings if one.text != best.text]
    first = next(one for one in readings if one.text == best.text)  # the commonest one that gives this text
    return first.encoding if best.fit - max(others, default=-float("inf")) >= SURE else None


def _mixes_with_ascii(sample: bytes) -> bool:
    """Whether the bytes beyond ASCII mostly stand in words with ASCII letters, as accented letters do."""
    words = [word for word in RAW_WORD.findall(sample) if not word.isascii()]
    return 2 * sum(1 for word in words if ASCII_LETTER.search(word)) >= len(words)


def _reading(sample: bytes, encoding: str, group: str, handicap: float) -> _Reading | None:
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return None
    if any(unicodedata.category(one) in ("Cc", "Co", "Cn") for one in set(text) - set("\t\r\n")):
        return None
    words = [word for one in BETWEEN_WORDS.split(text) if (word := one.strip(EDGES)) and not word.isascii()]
    odd = sum(1 for word in words if not _is_a_word(word))
    fit = _likelihood(text, group) - ODD_WORD * (odd + _odd_marks(text)) - handicap
    return _Reading(encoding, text, fit, odd <= MOST_ODD * len(words))


def _odd_marks(text: str) -> int:
    """How many marks stand as nobody types them: a dash at one side of a word only, a quote that is not closed, a "¿"
    without a question."""
    unpaired = 0 if "„" in text else abs(text.count("“") - text.count("”"))
    return len(ONE_SIDED.findall(text)) + min(unpaired, MOST_UNPAIRED)


def _likelihood(text: str, group: str) -> float:
    """The logarithm of the chance of the text's letters in the likeliest language of the group."""
    is_latin = group in LATIN
    letters: Counter[str] = Counter()
    rest = (QUOTE - SIGN) * len(PRICE.findall(text))
    for character, count in Counter(text).items():
        if _is_letter(character):
            letters[character.lower() if len(character.lower()) == 1 else "i"] += count  # İ is two when lowered
        elif not character.isascii():
            rest += count * (QUOTE if character in QUOTES else MARK if character in EDGES else SIGN)
    counted = [(letter, count) for letter, count in letters.items() if is_latin or not letter.isascii()]
    return rest + max(_chance(counted, language, is_latin=is_latin) for language in GROUPS[group])


def _chance(letters: Sequence[tuple[str, int]], language: str, *, is_latin: bool) -> float:
    known = chances(language, is_latin=is_latin)
    return sum(count * known.get(letter, UNSEEN) for letter, count in letters)


def _is_letter(character: str) -> bool:
    return character.isalpha() or unicodedata.category(character)[0] == "M"


def _is_a_word(word: str) -> bool:
    """Whether something between blanks could be written by a person: letters of one script in a natural case, or a
    number with its sign."""
    letters = "".join(one for one in word if one.isalpha() and one not in "ªºµ")
    if not letters:
        return all(one.isalnum() or one in BESIDE_NUMBERS for one in word)
    if SIGN_IN_WORD.search(word):
        return False
    if any(one.isdecimal() for one in word):
        return letters.isascii() and all(one.isalnum() or one in BESIDE_NUMBERS for one in word)
    if not all(one.isalnum() or one in IN_WORDS or unicodedata.category(one)[0] == "M" for one in word):
        return False
    if len({unicodedata.name(one, "?").split()[0] for one in letters}) > 1:
        return False
    return letters in (letters.lower(), letters.upper(), letters[0] + letters[1:].lower()) or letters.istitle()
