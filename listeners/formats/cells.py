"""Reads a cell of a file as a field's value: text, stars, a count, a link, yes or no; None for an empty cell."""

from __future__ import annotations

import math
import re

from listeners.formats import numbers
from listeners.formats.numbers import Decimal, StarScale, Unfit
from listeners.formats.time_words import folded
from listeners.formats.times import DoubtfulDate, instant

BLANK = frozenset(
    (
        *("", "nan", "NaN", "NaT", "NA", "N/A", "n/a", "N.A.", "<NA>", "null", "NULL", "None", "none", "#N/A"),
        *("-", "--", "\N{EN DASH}", "\N{EM DASH}"),
    )
)
SHORT = 8  # characters; every blank is shorter
YES = frozenset(("true", "yes", "y", "t", "1", "1.0"))
NO = frozenset(("false", "no", "n", "f", "0", "0.0"))
# What stands in place of a reply where there is none, and where there is one whose words are not given.
NO_REPLY = NO | frozenset(
    (
        *(".", "nil", "nope", "nein", "non", "nee", "keine", "ninguna", "nessuna", "nenhuma", "geen", "aucune"),
        *("no reply", "no response", "no answer", "not replied", "not responded", "not answered", "unanswered"),
        *("pending", "not yet", "awaiting reply", "awaiting response", "open", "none yet", "(none)", "[none]"),
        *("keine antwort", "sin respuesta", "sans reponse", "pas de reponse", "nessuna risposta", "sem resposta"),
    )
)
REPLIED = frozenset(
    (
        *YES,
        *("replied", "responded", "answered", "ja", "oui", "si", "sim", "done", "closed", "beantwortet", "repondu"),
    )
)
KINDS = {
    "post": ("post", "tweet", "status", "submission", "toot", "thread", "story", "mention", "message", "question"),
    "comment": ("comment", "reply", "answer", "retort", "quote"),
    "review": ("review", "rating", "feedback"),
    "article": ("article", "blog", "news", "news article", "blog post", "press"),
}
KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
ONE_TO_FIVE = StarScale()
STARS = {str(number): float(number) for number in range(1, 6)}
NUMBERS = (int, float)
HIGHEST = 100  # no score is higher
LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_]\w+)*$")
DAMAGED_ID = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+$")  # 5.67588E+17: a spreadsheet rounded it
LARGEST = 2**53
LONGEST_NUMBER = 300  # digits
LONGEST_FLAG = 20  # characters of a word that stands in place of a reply


def is_blank(cell: object) -> bool:
    """Whether a cell is empty, or holds one of the words that programs write for a missing value."""
    if cell is None:
        return True
    if isinstance(cell, str):
        return cell in BLANK or cell.strip() in BLANK
    return isinstance(cell, float) and math.isnan(cell)


def prose(cell: object) -> str | None:
    """A text unchanged, but NUL bytes as U+FFFD; None for an empty cell. Unfit for a list or an object."""
    if cell is None:
        return None
    if type(cell) is not str:
        return word(cell)
    if (len(cell) < SHORT or cell[0].isspace()) and cell.strip() in BLANK:
        return None
    return cell.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in cell else cell


def reply(cell: object) -> str | bool | None:
    """The words of a brand's reply; True for one whose words are not given, False for none, None for an empty cell.
    Unfit for an object."""
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, list):
        cell = "\n".join(one for one in cell if isinstance(one, str)) or None
    text = prose(cell)
    if text is None or len(text) > LONGEST_FLAG:
        return text
    said = folded(text.strip())
    return True if said in REPLIED else False if said in NO_REPLY else text


def word(cell: object) -> str | None:
    """A short text, trimmed; whole numbers as digits. None for an empty cell. Unfit for a list or an object."""
    if cell is None:
        return None
    if type(cell) is not str:
        return _said(cell)
    bare = cell.strip()
    if bare in BLANK:
        return None
    return bare.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in bare else bare


def _said(cell: object) -> str | None:
    if is_blank(cell):
        return None
    if isinstance(cell, bool | list | tuple | dict | bytes):
        kind = {bool: "true or false", list: "a list", tuple: "a list", dict: "an object"}.get(type(cell), "bytes")
        raise Unfit(f"text is expected, not {kind}")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < LARGEST:
        return str(int(cell))
    return str(cell)


def stars(cell: object, scale: StarScale = ONE_TO_FIVE) -> float | None:
    """1 to 5 stars; None for an empty cell. `scale`: what a bare number is out of. Unfit for anything else, also for 0
    where that means "not rated"; OutOfPlace for a number beyond the scale."""
    if scale.best == numbers.MOST_STARS:
        if type(cell) is str and cell in STARS:
            return STARS[cell]
        if type(cell) in NUMBERS and 1 <= cell <= numbers.MOST_STARS:  # type: ignore[operator]
            return float(cell)  # type: ignore[arg-type]
    if is_blank(cell):
        return None
    value, best = numbers.score(cell)
    return numbers.in_stars(value, scale if best is None else StarScale(best, has_zero=best != numbers.MOST_STARS))


def is_score(cell: object, most: float = HIGHEST) -> bool:
    """Whether a cell can be a score, whatever it is out of: up to `most` where it does not say so itself."""
    try:
        value, best = numbers.score(cell)
    except Unfit:
        return False
    return 0 <= value <= (best or most)


def count(cell: object, decimal: Decimal = Decimal.POINT) -> int | None:
    """A whole number: 1234, "1,234", "1.2K". None for an empty cell. `decimal`: the decimal mark of its column. Unfit
    for anything else; OutOfPlace for a number that is written otherwise than its column."""
    if type(cell) is int:
        number: float = cell
    elif type(cell) is str and cell.isdecimal():
        number = int(cell) if len(cell) < LONGEST_NUMBER else LARGEST
    elif is_blank(cell):
        return None
    elif isinstance(cell, str):
        number = numbers.counted(cell, decimal)
    elif isinstance(cell, float):
        number = cell
    else:
        raise Unfit("counts that are no number")
    if not abs(number) < LARGEST:
        raise Unfit("counts that are no number")
    return round(number)


def is_count(cell: object) -> bool:
    """Whether a cell can be a count, whatever its decimal mark is."""
    written = numbers.written_count(cell) if isinstance(cell, str) else None
    if written is not None:
        return bool(written.decimals())
    return isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < LARGEST


def yes(cell: object) -> bool:
    """Whether a cell says yes; an empty one says no. Unfit when it says neither."""
    if cell is None or cell is False or cell is True:
        return cell is True
    said = "" if is_blank(cell) else str(cell).strip().casefold()
    if said not in YES and said not in NO and said:
        raise Unfit("cells that say neither yes nor no")
    return said in YES


def link(cell: object) -> str | None:
    """A web address; None for an empty cell. Unfit for anything else, so that no other scheme is ever opened."""
    text = word(cell)
    if text is None or text.startswith(("https://", "http://")):
        return text
    if text.startswith("www."):
        return f"https://{text}"
    raise Unfit("links that are no web address")


def reddit_link(cell: object) -> str | None:
    """A web address as `link` reads it; a path such as "/r/x/comments/1" is completed to one on Reddit."""
    text = word(cell)
    return f"https://www.reddit.com{text}" if text and text.startswith(("/r/", "/user/", "/u/")) else link(text)


def language(cell: object) -> str | None:
    """The language code without its region: "en" from "en-GB"; None when the cell holds none."""
    text = word(cell) or ""
    parts = LANGUAGE.match(text)
    return parts[1].lower() if parts and text.lower() != "und" else None


def kind(cell: object) -> str | None:
    """post, comment, review or article, when the cell holds a known word for one; else None."""
    return KIND_OF.get(str(cell).strip().casefold()) if cell is not None else None


def is_time(cell: object) -> bool:
    """Whether the cell holds a time between 1990 and 2100, or one that only lacks the order of day and month."""
    try:
        moment, _ = instant(cell)
    except DoubtfulDate:
        return True
    except ValueError:
        return False
    return 1990 <= moment.year < 2100
