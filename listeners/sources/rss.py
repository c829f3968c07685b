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
from listeners.formats.feed_entries import SOURCE, Entry, identity, to_mention
from listeners.http.web import Web, not_as_agreed
from listeners.sync.reader import About, SliceCursor, SliceReader
from listeners.sync.slices import Part, Slice, SliceState, gather


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
            state = {"seen": state.get("seen", {})}  # the brands changed: read the whole feed again
        asked = {"If-None-Match": state.get("etag"), "If-Modified-Since": state.get("modified")}
        response = self._web.fetch(SOURCE, feed.url, headers={key: said for key, said in asked.items() if said})
        if response.status_code == 304:
            return Part({key: said for key, said in state.items() if key not in ("not_before", "asked")})
        document = _parsed(response)
        if not document.get("version") and not document.get("entries"):
            raise not_as_agreed(SOURCE, response, "a feed")
        cursor = _Entries(feed, document, state, now)
        reader = SliceReader(SOURCE, feed.key, cursor, about.keep, content_of=dict)
        reader.take(document.get("entries", ()))
        marks = {"etag": response.headers.get("etag"), "modified": response.headers.get("last-modified")}
        told = {key: said for key, said in marks.items() if said is not None}
        part = reader.part()
        return replace(part, state={"brands": about.asked_for, **told, **part.state})


def _parsed(response: Response) -> Any:
    # As a stream: feedparser takes bytes for the name of a file when they look like one. Its own cleaning of HTML is
    # slow on hostile pages and not needed: we keep no markup.
    headers = _told(response.headers)
    return feedparser.parse(
        io.BytesIO(response.content), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


def _told(headers: Mapping[str, str]) -> dict[str, str]:
    kept = ("content-type", "content-language", "content-location")
    return {key: headers[key] for key in kept if key in headers}


class _Seen(NamedTuple):
    """What the cursor keeps of an entry: when it was first seen, as ISO text, and a fingerprint of its text."""

    first: str
    mark: str


class _Entries(SliceCursor):
    """The entries of one feed, with the time each was first seen, which is the time of those without a date."""

    def __init__(self, feed: Feed, document: Mapping[str, Any], before: SliceState, now: datetime) -> None:
        self._feed, self._now = feed, now
        self._again = "brands" not in before
        self._before = {key: _Seen(*was) for key, was in before.get("seen", {}).items()}
        self._met: dict[str, _Seen] = {}
        language = str(document.get("feed", {}).get("language") or "")[:2].lower()
        self._language = language if language.isascii() and language.isalpha() else None

    def meet(self, item: Entry) -> Iterable[Mention]:
        key = identity(item, self._feed.url)
        was = self._before.get(key, _Seen(self._now.isoformat(), ""))
        mention = to_mention(item, self._feed.url, self._language, datetime.fromisoformat(was.first))
        mark = border.fingerprint(mention.title, mention.text)
        self._met[key] = _Seen(was.first, mark)
        return (mention,) if mark != was.mark or self._again else ()

    def meet_unreadable(self, mark: str) -> bool:
        self._met[mark] = _Seen(self._now.isoformat(), "")
        return mark not in self._before

    def stored(self) -> dict[str, Any]:
        return {"seen": {key: list(seen) for key, seen in self._met.items()}}
