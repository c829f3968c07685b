"""Conversions that every source's border uses: a foreign value becomes one of ours, or Unreadable says why not."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from html import unescape

from data.matching import is_about, searched
from data.models import Brand, Mention, Rejected

LONGEST_PAGE = 200_000  # characters of HTML that are read
LONGEST_CONTENT = 2_000  # characters of a refused item that are kept
PARAGRAPHS = frozenset(
    {"p", "ul", "ol", "blockquote", "pre", "article", "section", *(f"h{size}" for size in range(1, 7))}
)
LINES = frozenset({"br", "div", "li", "tr"})
UNSEEN = frozenset({"script", "style", "template", "noscript"})
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})\b([^<>]*)>|<!--|<[!?][^<>]*>")
HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
UNFIT = re.compile("[\x00\ud800-\udfff]")  # JSON can carry them, UTF-8 files and databases cannot


class Unreadable(ValueError):
    """A foreign object that cannot become a mention; the message says why."""


def instant(seconds: object) -> datetime:
    """An instant in UTC from epoch seconds. Unreadable when the value is missing or outside the calendar."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float | str):
        raise Unreadable("it has no time")
    try:
        return datetime.fromtimestamp(float(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable(f"its time {str(seconds)[:40]!r} is none") from None


def moment(value: object, zone: tzinfo = UTC) -> datetime:
    """An instant in UTC from ISO 8601 text; a time without a zone is read in `zone`. Unreadable when it is no time."""
    if not isinstance(value, str) or not value.strip():
        raise Unreadable("it has no time")
    try:
        told = datetime.fromisoformat(value.strip())
        return (told if told.tzinfo else told.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable(f"its time {value[:40]!r} is none") from None


def words(value: object) -> str:
    """A text without characters that UTF-8 or the store refuse; "" for None. Unreadable when it is no text."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(f"a text was expected, not {type(value).__name__}")
    return UNFIT.sub("\N{REPLACEMENT CHARACTER}", value)


def name(value: object) -> str | None:
    """A name or an address, trimmed; None when it is empty or no text."""
    return words(value).strip() or None if isinstance(value, str) else None


def count(value: object) -> int | None:
    """A whole number such as votes; None when the source gives none."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**53:
        return None
    return value


def stars(value: object) -> float | None:
    """A rating from 1 to 5; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= 5:
        return None
    return float(value)


def refused(file: str, line: int, why: Unreadable, item: object) -> Rejected:
    """A record of a refused item: why, and the first LONGEST_CONTENT characters of its content."""
    content = item if isinstance(item, str) else json.dumps(item, default=repr, ensure_ascii=True)
    return Rejected(file, line, str(why), UNFIT.sub("\N{REPLACEMENT CHARACTER}", content)[:LONGEST_CONTENT])


def concerns(mention: Mention, brands: Iterable[Brand]) -> bool:
    """Whether the mention's title or text names any of the brands."""
    text = searched(mention.title, mention.text)
    return any(is_about(brand, text) for brand in brands)


def fingerprint(*parts: object) -> str:
    """A hash of the parts, 16 hexadecimal digits; it changes when any part does."""
    return hashlib.sha1(repr(parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()[:16]


def plain(html: str) -> str:
    """The visible text of a piece of HTML: paragraphs and the text of links stay, markup is removed.

    One pass, linear in the length: the standard library's parser takes minutes for 200 kB of hostile markup.
    """
    page = _Page()
    place = 0
    html = html[:LONGEST_PAGE]
    while tag := TAG.search(html, place):
        page.say(html[place : tag.start()])
        place = tag.end()
        name = (tag[2] or "").lower()
        if tag[0] == "<!--" or (name in UNSEEN and not tag[1]):
            closing = re.compile("-->" if tag[0] == "<!--" else f"</{name}", re.IGNORECASE).search(html, place)
            place = closing.end() if closing and tag[0] == "<!--" else closing.start() if closing else len(html)
        else:
            page.mark(name, tag[3] or "", closes=bool(tag[1]))
    page.say(html[place:])
    return page.text()


class _Page:
    """Collects the text between tags, with the line breaks that the tags stand for."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._as_typed = 0  # how many <pre> are open
        self._link: tuple[str, int] | None = None  # where it leads, and the piece its text starts with

    def say(self, text: str) -> None:
        said = unescape(text)
        self._pieces.append(said if self._as_typed else re.sub(r"\s+", " ", said))

    def mark(self, tag: str, attributes: str, *, closes: bool) -> None:
        if tag == "pre":
            self._as_typed = 0 if closes else 1
        if tag in PARAGRAPHS or (tag in LINES and not closes):
            self._pieces.append("\n\n" if tag in PARAGRAPHS else "\n")
        if tag == "a":
            self._end_link()
            target = None if closes else HREF.search(attributes)
            self._link = (unescape(target[1]), len(self._pieces)) if target else None

    def _end_link(self) -> None:
        """Replace a link's text by its whole address where the text is that address cut short."""
        if self._link:
            target, start = self._link
            shown = "".join(self._pieces[start:])
            stem = shown.removesuffix("...").removesuffix("…")
            if stem != shown and target.startswith(stem):
                self._pieces[start:] = [target]

    def text(self) -> str:
        lines = [line.rstrip(" \t") for line in "".join(self._pieces).split("\n")]
        lines = [line[1:] if line.startswith(" ") and not line.startswith("  ") else line for line in lines]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
