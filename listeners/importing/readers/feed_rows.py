"""Reads a saved RSS or Atom feed, or one entry of it, as rows; Reddit's feeds among them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import feedparser

from data.models import HearbackError, Mention
from listeners import border
from listeners.formats import feed_entries, reddit_entries
from listeners.formats.feed_entries import Entry
from listeners.formats.feed_identity import Identities
from listeners.importing.mapping.chunks import SHOWN, Broken, WholeTable, whole_table
from listeners.importing.mapping.nests import SAME
from listeners.importing.mapping.shapes import Shape

LARGEST_FEED = 20_000_000  # bytes
NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # marks an entry without a time
BARE = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?<(entry|item)\b", re.IGNORECASE)
AROUND = {  # what is put around a single entry, so that it is read as a feed
    b"entry": (b'<feed xmlns="http://www.w3.org/2005/Atom">', b"</feed>"),
    b"item": (b'<rss version="2.0"><channel>', b"</channel></rss>"),
}


def open_feed(path: Path, name: str) -> WholeTable:
    """The entries of a saved feed. HearbackError when it is too large or holds none."""
    if path.stat().st_size > LARGEST_FEED:
        raise HearbackError(f"{name} is larger than {LARGEST_FEED // 1_000_000} MB, too large for a feed.")
    content = path.read_bytes()
    if b"<!ENTITY" in content:  # a few lines of them stand for billions of letters
        raise HearbackError(f"{name} declares entities of its own, which no feed needs; it is not read.")
    feed = feedparser.parse(io.BytesIO(_whole(content)), sanitize_html=False, resolve_relative_uris=False)
    entries = feed_entries.with_whole_links(feed, "")
    if not entries:
        raise HearbackError(f"{name} is XML, and no feed with entries: nothing in it can be read as a mention.")
    language = (feed.feed.get("language") or "")[:2].lower() or None
    if all(reddit_entries.FULLNAME.fullmatch(border.words(entry.get("id"))) for entry in entries):
        shape = Shape("a Reddit feed", "reddit", columns=SAME, how="the ids of its entries")
        return whole_table("a saved feed", shape, list(_rows(entries, reddit_entries.to_mention)))
    shape = Shape("an RSS or Atom feed", feed_entries.SOURCE, columns=SAME, how="its entries")
    ids = iter(Identities().ids([feed_entries.told(entry, "") for entry in entries]))
    read = partial(feed_entries.to_mention, language=language, seen_at=NEVER)
    return whole_table("a saved feed", shape, list(_rows(entries, lambda entry: read(entry, next(ids)))))


def _whole(content: bytes) -> bytes:
    bare = BARE.match(content)
    if bare is None:
        return content
    before, after = AROUND[bare[1].lower()]
    return before + content[bare.start(1) - 1 :] + after


def _rows(entries: Sequence[Entry], read: Callable[[Entry], Mention]) -> Iterator[dict[str, object] | Broken]:
    for line, entry in enumerate(entries, start=1):
        try:
            yield _row(read(entry))
        except border.Unreadable as why:
            yield Broken(line, str(why), str(dict(entry))[:SHOWN])


def _row(mention: Mention) -> dict[str, object]:
    return {
        "native_id": mention.id,
        "kind": mention.kind,
        "title": mention.title,
        "text": mention.text,
        "author": mention.author,
        "author_url": mention.author_url,
        "url": mention.url,
        "language": mention.language,
        "thread_id": mention.thread_id,
        "published_at": None if mention.published_at == NEVER else mention.published_at,
        "edited_at": mention.edited_at,
    }
