"""The Reddit feed source: Atom feeds of subreddits and threads, 25 entries each, for teams without an API key."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import feedparser

from data.models import Brand, Mention
from listeners import addresses, border
from listeners.base import Budget, Cursor, FetchResult, Listener, ListenerError, Options, Policy, Setting
from listeners.formats.placeholders import is_placeholder
from listeners.formats.reddit_entries import SITE, SOURCE, THREAD, Entry, identity, to_mention
from listeners.http.web import Web, not_as_agreed
from listeners.sources.reddit.listener import Reddit
from listeners.sync.reader import About, SliceCursor, SliceReader
from listeners.sync.slices import Part, Slice, SliceState, gather

LISTED = 25  # entries of a feed
MOST_FEEDS = 10  # without a key Reddit takes about ten requests a minute
REMEMBERED = 200
SUBREDDIT = re.compile(r"(?:/?r/)?(\w{2,50})/?", re.ASCII)


def paths(options: Options) -> list[str]:
    """The paths of the feeds: two per subreddit, one per thread. ListenerError for a malformed entry or too many
    feeds."""
    said = options.get("feeds", [])
    entries = [str(one).strip() for one in (said if isinstance(said, list) else [said])]
    found = list(dict.fromkeys(path for entry in entries for path in _paths(entry)))
    if len(found) > MOST_FEEDS:
        much = f"{len(found)} feeds are more than Reddit lets us read without a key: keep to {MOST_FEEDS}"
        raise ListenerError(
            SOURCE, f"{much} (a subreddit has two, a thread one), or use the source reddit", permanent=True
        )
    return found


def _paths(entry: str) -> Iterator[str]:
    if name := SUBREDDIT.fullmatch(entry):
        yield from (f"/r/{name[1].lower()}/{listing}/.rss" for listing in ("new", "comments"))
        return
    place = addresses.split(entry)
    thread = THREAD.fullmatch(place.path)
    if place.scheme != "https" or not re.fullmatch(r"(\w+\.)?reddit\.com", place.netloc) or not thread:
        raise ListenerError(SOURCE, f"{entry[:60]!r} is neither a subreddit nor a thread's address", permanent=True)
    yield f"/r/{thread[1]}/comments/{thread[2]}/.rss" if thread[1] else f"/comments/{thread[2]}/.rss"


class RedditFeed(Listener):
    """A slice per feed. Its state: times and fingerprints of the entries seen. A full feed of new entries leaves a
    gap."""

    source = SOURCE
    every = timedelta(minutes=30)
    policy = Policy(
        name="Reddit feeds",
        keeps_text=True,
        deletions="Without a key nobody tells of them, so text is kept for 48 hours only.",
        replies="By hand, through the link.",
        checked_on=date(2026, 11, 24),
        terms=Reddit.policy.terms,
        approval=Reddit.policy.approval,
        lifetime=timedelta(hours=48),
        settings=(
            Setting(
                "feeds",
                "Subreddits, or addresses of threads",
                needed=True,
                placeholder="r/gadgets",
                hint="The newest 25 of each; a busy one outruns its feed, which is then said.",
                pattern=r"(?:/?r/)?\w{2,50}/?|https://(?:\w+\.)?reddit\.com/\S*comments/\S+",
                slip="One of these is neither a subreddit nor a thread's address.",
            ),
        ),
        looks_back=False,
    )

    def __init__(self, base: str = SITE, web: Web | None = None) -> None:
        self._base = base
        self._web = web or Web()

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """New entries that name a brand, and the ids of entries that were deleted."""
        gone: list[str] = []
        slices = [Slice(path, partial(self._read, path, brands, gone)) for path in paths(options)]
        return replace(gather(SOURCE, slices, cursor, now), gone=list(dict.fromkeys(gone)))

    def _read(self, path: str, brands: Sequence[Brand], gone: list[str], state: SliceState) -> Part:
        response = self._web.fetch(SOURCE, self._base + path)
        document = feedparser.parse(
            io.BytesIO(response.content),
            response_headers={"content-type": response.headers.get("content-type", "application/atom+xml")},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        if not document.get("version"):
            raise not_as_agreed(SOURCE, response, "a feed")
        reader = SliceReader(
            SOURCE, path, _Entries(border.fingerprint(*brands), state), About(brands).keep, content_of=dict
        )
        reader.take(document.get("entries", ()))
        reader.note_gap(f"Reddit's feed lists no more than the newest {reader.cursor.listed}")
        gone.extend(reader.cursor.gone)
        return reader.part()


class _Seen(NamedTuple):
    """What the cursor keeps of an entry: epoch seconds, 0 where it could not be read, and a fingerprint of its text."""

    at: float
    mark: str


class _Entries(SliceCursor):
    """The newest entries seen."""

    def __init__(self, asked_for: str, state: SliceState) -> None:
        self._asked_for = asked_for
        self._again = state.get("brands") != self._asked_for  # the brands changed
        self._before = {fullname: _Seen(*was) for fullname, was in state.get("known", {}).items()}
        self._met: dict[str, _Seen] = {}
        self.gone: list[str] = []

    @property
    def listed(self) -> int:
        return len(self._met)

    def meet(self, item: Entry) -> Iterable[Mention]:
        mention = to_mention(item)
        fullname, mark = identity(item), border.fingerprint(mention.title, mention.text, mention.author)
        was = self._before.get(fullname)
        is_known = was is not None and was.mark == mark
        self._met[fullname] = _Seen(mention.published_at.timestamp(), mark)
        if is_placeholder(mention.text) or is_placeholder(mention.title):
            self.gone += [] if is_known else [mention.id]
            return ()
        return () if is_known and not self._again else (mention,)

    def meet_unreadable(self, mark: str) -> bool:
        self._met[mark] = _Seen(0.0, "")
        return mark not in self._before

    def unread(self) -> tuple[datetime, datetime] | None:
        """The time span between the newest known entry and the oldest listed one, when a full feed has no known
        entry."""
        times = [seen.at for seen in self._met.values() if seen.at]
        last = max((was.at for was in self._before.values()), default=0.0)
        if self.listed < LISTED or not last or not times or any(name in self._before for name in self._met):
            return None
        return datetime.fromtimestamp(last, UTC), datetime.fromtimestamp(min(times), UTC)

    def stored(self) -> dict[str, Any]:
        seen = {**self._before, **self._met}
        newest = sorted(seen.items(), key=lambda pair: pair[1].at, reverse=True)[:REMEMBERED]
        return {"brands": self._asked_for, "known": {name: list(was) for name, was in newest}}
