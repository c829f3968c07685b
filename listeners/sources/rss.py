"""The RSS source: RSS and Atom feeds, such as those of Google Alerts, parsed by feedparser."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import feedparser
from requests import Response

from data.models import Brand, Mention
from listeners import border
from listeners.base import Budget, Cursor, FetchResult, Listener, ListenerError, Options, Policy, Setting
from listeners.formats.feed_entries import SOURCE, Entry, to_mention, told, with_whole_links
from listeners.formats.feed_identity import Identities, Told
from listeners.http.web import Web, not_as_agreed
from listeners.sync.reader import About, SliceCursor, SliceReader
from listeners.sync.slices import Part, Slice, SliceState, gather

OLD_IDS = "rss:"  # what the ids of an earlier version's cursor begin with
MOST_SHARED = 1_000  # keys that several entries of a feed had, as many as are remembered


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed of setup.toml. `brand`: the brand of all its entries; None: the brand that an entry's text names."""

    url: str
    brand: str | None = None

    @property
    def key(self) -> str:
        return border.fingerprint(self.url)  # the address may hold a token, and may not be stored


def feeds(options: Options) -> list[Feed]:
    """The feeds of the options. ListenerError when an entry is malformed."""
    said = options.get("feeds", [])
    if not isinstance(said, list):
        raise _unclear(said)
    return list(dict.fromkeys(_feed(entry) for entry in said))


def _feed(entry: object) -> Feed:
    url, brand = (entry.get("url"), entry.get("brand")) if isinstance(entry, dict) else (entry, None)
    if not isinstance(url, str) or not url.strip() or not isinstance(brand, str | None):
        raise _unclear(entry)
    return Feed(url.strip(), brand)


def _unclear(entry: object) -> ListenerError:
    wanted = 'feeds = ["https://...", {url = "https://...", brand = "Name"}]'
    return ListenerError(SOURCE, f"feeds are written as {wanted}, not as {type(entry).__name__}", permanent=True)


class Rss(Listener):
    """A slice per feed. Its state: the feed's ETag and the entries it held at the last run."""

    source = SOURCE
    every = timedelta(minutes=15)
    policy = Policy(
        name="RSS and Atom feeds",
        keeps_text=True,
        deletions="None: leaving a feed is not a deletion.",
        replies="By hand, through the link.",
        checked_on=date(2026, 11, 22),
        terms="the publisher's copyright",
        settings=(Setting("feeds", "Feeds", needed=True, placeholder="https://example.com/feed.xml"),),
        looks_back=False,
    )

    def __init__(self, web: Web | None = None) -> None:
        self._web = web or Web()

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """The new and changed entries of every feed in `options["feeds"]` that are about a brand."""
        slices = [Slice(feed.key, partial(self._read, feed, brands, now)) for feed in feeds(options)]
        return gather(SOURCE, slices, cursor, now, each_alone=True)

    def _read(self, feed: Feed, brands: Sequence[Brand], now: datetime, state: SliceState) -> Part:
        about = About(brands, feed.brand)
        if state.get("brands") != about.asked_for:
            # The brands changed: read the whole feed again.
            state = {key: state[key] for key in ("seen", "shared") if key in state}
        asked = {"If-None-Match": state.get("etag"), "If-Modified-Since": state.get("modified")}
        response = self._web.fetch(SOURCE, feed.url, headers={key: said for key, said in asked.items() if said})
        if response.status_code == 304:
            return Part({key: said for key, said in state.items() if key not in ("not_before", "asked")})
        document = _parsed(response)
        if not document.get("version") and not document.get("entries"):
            raise not_as_agreed(SOURCE, response, "a feed")
        cursor = _Entries(document, state, now)
        reader = SliceReader(SOURCE, feed.key, cursor, about.keep, content_of=lambda item: dict(item.entry))
        reader.take(cursor.identified(with_whole_links(document, response.url), feed.url))
        marks = {"etag": response.headers.get("etag"), "modified": response.headers.get("last-modified")}
        told = {key: said for key, said in marks.items() if said is not None}
        part = reader.part()
        return replace(part, state={"brands": about.asked_for, **told, **part.state})


def _parsed(response: Response) -> Any:
    # As a stream: feedparser takes bytes for the name of a file when they look like one. Its own cleaning of HTML is
    # slow on hostile pages and not needed: we keep no markup.
    headers = _told(response.headers)
    if b"xml:base" in response.content:
        # Without an address of the whole, feedparser takes one entry's base for that of the entries after it.
        headers.setdefault("content-location", response.url)
    return feedparser.parse(
        io.BytesIO(response.content), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _told(headers: Mapping[str, str]) -> dict[str, str]:
    kept = ("content-type", "content-language", "content-location")
    return {key: headers[key] for key in kept if key in headers}


class _Seen(NamedTuple):
    """What the cursor keeps of an entry: when it was first seen, as ISO text, a fingerprint of its text, and what tells
    it apart."""

    first: str
    mark: str
    told: Told


class _Identified(NamedTuple):
    """An entry of the document, its id and what tells it apart."""

    entry: Entry
    id: str
    told: Told


class _Entries(SliceCursor):
    """The entries of one feed, with the time each was first seen, which is the time of those without a date."""

    def __init__(self, document: Mapping[str, Any], before: SliceState, now: datetime) -> None:
        self._now = now
        self._again = "brands" not in before
        seen = {id.removeprefix(OLD_IDS): was for id, was in before.get("seen", {}).items()}
        self._before = {id: _seen(id, was) for id, was in seen.items()}
        self._shared: Sequence[str] = before.get("shared", ())
        self._met: dict[str, _Seen] = {}
        language = str(document.get("feed", {}).get("language") or "")[:2].lower()
        self._language = language if language.isascii() and language.isalpha() else None

    def identified(self, entries: Sequence[Entry], feed_url: str) -> list[_Identified]:
        """The entries with their ids."""
        identities = Identities({id: seen.told for id, seen in self._before.items()}, self._shared)
        found = [told(entry, feed_url) for entry in entries]
        ids = identities.ids(found)
        self._shared = identities.now_shared(found, ids)[:MOST_SHARED]
        return [_Identified(*one) for one in zip(entries, ids, found, strict=True)]

    def meet(self, item: _Identified) -> Iterable[Mention]:
        was = self._before.get(item.id, _Seen(self._now.isoformat(), "", item.told))
        mention = to_mention(item.entry, item.id, self._language, datetime.fromisoformat(was.first))
        mark = border.fingerprint(mention.title, mention.text)
        self._met[item.id] = _Seen(was.first, mark, item.told)
        return (mention,) if mark != was.mark or self._again else ()

    def meet_unreadable(self, mark: str) -> bool:
        self._met[mark] = _Seen(self._now.isoformat(), "", Told(mark))
        return mark not in self._before

    def stored(self) -> dict[str, Any]:
        seen = {id: [was.first, was.mark, was.told.key, list(was.told.face)] for id, was in self._met.items()}
        return {"seen": seen} | ({"shared": list(self._shared)} if self._shared else {})


def _seen(id: str, was: Sequence[Any]) -> _Seen:
    """An entry of the cursor. An earlier version kept the first two only, and its id was always the key."""
    first, mark, *rest = was
    key, face = rest if len(rest) == 2 else (id, ())
    return _Seen(first, mark, Told(key, tuple(face)))
