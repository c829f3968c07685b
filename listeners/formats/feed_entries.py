"""The border of RSS and Atom feeds: an entry as feedparser reads it becomes a mention."""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from data.models import Mention
from listeners import border

SOURCE = "rss"
LONG_ENOUGH = 16  # characters of a guid that can hardly be chosen twice; "42" can

Entry = Mapping[str, Any]


def to_mention(entry: Entry, feed_url: str, language: str | None, seen_at: datetime) -> Mention:
    """One entry as a mention. `seen_at`: when we first saw it, its time where it has no date of its own.

    Unreadable when it has neither title nor text.
    """
    title = border.plain(border.words(entry.get("title"))) or None
    text = border.plain(_body(entry))
    if not (title or text):
        raise border.Unreadable("it has neither title nor text")
    return Mention(
        id=identity(entry, feed_url),
        source=SOURCE,
        kind="article",
        title=title,
        text=text,
        author=border.name(entry.get("author")),
        url=border.name(entry.get("link")),
        language=language,
        published_at=_published_at(entry, seen_at),
        edited_at=_told_at(entry, "updated_parsed") if "published_parsed" in entry else None,
    )


def identity(entry: Entry, feed_url: str) -> str:
    """The id of an entry, made from its guid or its link, so that an article has the same id in every feed."""
    guid, link = border.words(entry.get("id")), border.words(entry.get("link"))
    worldwide = guid if ":" in guid or len(guid) >= LONG_ENOUGH else link
    own = worldwide or repr((feed_url, guid or border.words(entry.get("title")) + _body(entry)))
    return f"{SOURCE}:{hashlib.sha1(own.encode(), usedforsecurity=False).hexdigest()[:16]}"


def _body(entry: Entry) -> str:
    contents = [border.words(part.get("value")) for part in entry.get("content", ())]
    return max([*contents, border.words(entry.get("summary"))], key=len)


def _published_at(entry: Entry, seen_at: datetime) -> datetime:
    said = _told_at(entry, "published_parsed") or _told_at(entry, "updated_parsed")
    # An announced article that is dated next week was still said today.
    return seen_at if said is None or said > seen_at + timedelta(days=1) else said


def _told_at(entry: Entry, key: str) -> datetime | None:
    parsed = entry[key] if key in entry else None  # noqa: SIM401  # feedparser's own get() makes one time of the other
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
