"""The border of RSS and Atom feeds: an entry as feedparser reads it becomes a mention."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from data.models import Mention
from listeners import addresses, border
from listeners.formats import times
from listeners.formats.feed_identity import Told, digest
from listeners.formats.time_words import zone_of

SOURCE = "rss"
LONG_ENOUGH = 16  # characters of a guid that can hardly be chosen twice; "42" can
SHOWN = 40  # characters of a date that cannot be read
TIMES = ("published", "updated")
ZONE_NAME = re.compile(r"\d (?!AM\b|PM\b)([A-Z]{2,5})$")  # behind a time

Entry = Mapping[str, Any]


def to_mention(entry: Entry, id: str, language: str | None, seen_at: datetime) -> Mention:
    """One entry as a mention; `id`: 16 hexadecimal digits. `seen_at`: when we first saw it, its time where it has no
    date of its own.

    Unreadable when it has neither title nor text, or a date that cannot be read.
    """
    title = border.plain(border.words(entry.get("title"))) or None
    text = border.plain(_body(entry))
    if not (title or text):
        raise border.Unreadable("it has neither title nor text")
    return Mention(
        id=f"{SOURCE}:{id}",
        source=SOURCE,
        kind="article",
        title=title,
        text=text,
        author=border.name(entry.get("author")),
        url=border.name(entry.get("link")),
        language=language,
        published_at=_published_at(entry, seen_at),
        edited_at=_told_at(entry, "updated") if "published" in entry else None,
    )


def with_whole_links(document: Mapping[str, Any], feed_url: str) -> list[Entry]:
    """The entries of a parsed feed, with the links that lack a host joined to the channel's own link, or else to the
    feed's address. `feed_url`: "" where it is not known. As plain dictionaries: feedparser's own make one time of the
    other."""
    channel = border.words(document.get("feed", {}).get("link")).strip()
    home = _joined(feed_url, channel)
    base = home if addresses.is_page(home) else feed_url  # an Atom feed's id, "urn:...", stands for a missing link
    entries: Sequence[Entry] = document.get("entries", ())
    return [{**entry, "link": _joined(base, border.words(entry.get("link")).strip())} for entry in entries]


def _joined(base: str, link: str) -> str:
    """A link with what it lacks of `base`; as it stands where it cannot be joined."""
    return link if not link or addresses.split(link).scheme else addresses.joined(base, link) or link


def told(entry: Entry, feed_url: str) -> Told:
    """What tells an entry apart from others: its guid or its link, so that an article has the same key in every feed,
    and what it looks like. A short guid holds within its feed only."""
    guid, link = border.words(entry.get("id")), border.words(entry.get("link"))
    is_worldwide = ":" in guid or len(guid) >= LONG_ENOUGH
    worldwide = guid if is_worldwide else link
    own = worldwide or repr((feed_url, guid or border.words(entry.get("title")) + _body(entry)))
    date = next((border.words(entry[key]) for key in TIMES if entry.get(key)), "")
    parts = (link if is_worldwide else guid, border.words(entry.get("title")), date, _body(entry))
    return Told(digest(own), tuple(digest(part) if part else "" for part in parts))


def _body(entry: Entry) -> str:
    contents = [border.words(part.get("value")) for part in entry.get("content", ())]
    return max([*contents, border.words(entry.get("summary"))], key=len)


def _published_at(entry: Entry, seen_at: datetime) -> datetime:
    said = [at for key in TIMES if (at := _told_at(entry, key)) is not None]
    if not said:
        if unread := [shown for key in TIMES if (shown := border.words(entry.get(key)).strip())]:
            raise border.Unreadable(f"its date {unread[0][:SHOWN]!r} cannot be read")
        return seen_at
    # An announced article that is dated next week was still said today.
    return seen_at if said[0] > seen_at + timedelta(days=1) else said[0]


def _told_at(entry: Entry, key: str) -> datetime | None:
    """A time of the entry in UTC; None where it has none that can be read. feedparser takes a zone's name that it does
    not know for UTC, so it is asked second, and not where such a name stands behind the time."""
    said = border.words(entry.get(key))
    try:
        return times.instant(said)[0]
    except times.UnreadableTime:
        named = ZONE_NAME.search(said)
        parsed = entry.get(f"{key}_parsed") if named is None or zone_of(named[1]) else None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None
