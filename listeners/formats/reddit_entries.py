"""The border of Reddit's Atom feeds: an entry as feedparser reads it becomes a mention."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from data.models import Mention
from listeners import addresses, border
from listeners.formats.placeholders import is_placeholder

SITE = "https://www.reddit.com"
SOURCE = "reddit_feed"
FULLNAME = re.compile(r"t[13]_[a-z0-9]+")
THREAD = re.compile(r"(?:/r/(\w{2,50}))?/comments/([a-z0-9]{1,12})(?:/.*)?", re.ASCII)
TEXT_STARTS, TEXT_ENDS = '<div class="md">', "</div>"  # what follows in a post names its author and links

Entry = Mapping[str, Any]


def to_mention(entry: Entry) -> Mention:
    """One entry as a mention, with its id in Reddit's API, so that the two sources share mentions.

    Unreadable when it has no id, no time, or neither title nor text.
    """
    fullname = identity(entry)
    is_post = fullname.startswith("t3_")
    title = border.plain(border.words(entry.get("title"))) or None if is_post else None
    text = _text(entry)
    if not (title or text):
        raise border.Unreadable("it has neither title nor text")
    author = _author(entry)
    return Mention(
        id=f"reddit:{fullname}",  # "reddit:t3_1abcde"
        source=SOURCE,
        kind="post" if is_post else "comment",
        title=title,
        text=text,
        author=author,
        author_url=f"{SITE}/user/{author}" if author else None,
        url=border.name(entry.get("link")),
        thread_id=None if is_post else _thread(entry),
        published_at=_published_at(entry),
    )


def identity(entry: Entry) -> str:
    """An entry's id, Reddit's fullname: "t3_1abcde". Unreadable when it has none."""
    fullname = border.words(entry.get("id"))
    if not FULLNAME.fullmatch(fullname):
        raise border.Unreadable("it has no id")
    return fullname


def _text(entry: Entry) -> str:
    contents = [border.words(part.get("value")) for part in entry.get("content", ())]
    html = max([*contents, border.words(entry.get("summary"))], key=len)
    start, end = html.find(TEXT_STARTS), html.rfind(TEXT_ENDS)
    return border.plain(html[start:end]) if 0 <= start < end else ""


def _author(entry: Entry) -> str | None:
    name = border.name(entry.get("author"))
    name = name.removeprefix("/u/") if name else None
    return None if is_placeholder(name) else name


def _thread(entry: Entry) -> str | None:
    found = THREAD.search(addresses.split(border.words(entry.get("link"))).path)
    return f"reddit:t3_{found[2]}" if found else None


def _published_at(entry: Entry) -> datetime:
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    if not parsed:
        raise border.Unreadable("it has no time")
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        raise border.Unreadable("its time is none") from None
