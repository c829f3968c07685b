"""Reddit's Atom feeds of subreddits and threads: a fallback without a key, 25 entries at a time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import feedparser

from data.models import Brand, Found, Gap, Rejected
from listeners import border
from listeners.base import Budget, Cursor, Haul, Listener, ListenerError, Options, Policy, Setting
from listeners.formats.reddit_entries import GONE, SITE, SOURCE, THREAD, Entry, identity, to_mention
from listeners.http.web import Web, not_as_agreed
from listeners.sources.reddit.listener import Reddit
from listeners.sync.slices import Ground, Part, Stretch, gather

LISTED = 25  # entries of a feed
MOST_FEEDS = 10  # without a key Reddit takes about ten requests a minute
REMEMBERED = 200
SUBREDDIT = re.compile(r"(?:/?r/)?(\w{2,50})/?", re.ASCII)


def paths(options: Options) -> list[str]:
    """The feeds to read: two a subreddit, one a thread. ListenerError when one is neither, or they are too many."""
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
    place = urlsplit(entry)
    thread = THREAD.fullmatch(place.path)
    if place.scheme != "https" or not re.fullmatch(r"(\w+\.)?reddit\.com", place.netloc) or not thread:
        raise ListenerError(SOURCE, f"{entry[:60]!r} is neither a subreddit nor a thread's address", permanent=True)
    yield f"/r/{thread[1]}/comments/{thread[2]}/.rss" if thread[1] else f"/comments/{thread[2]}/.rss"


class RedditFeed(Listener):
    """Ground of a feed: the entries seen, and the text each had. A full feed without a known one is a gap."""

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
    ) -> Haul:
        """What the feeds hold and did not before, as far as it names a brand; what they say was deleted is gone."""
        gone: list[str] = []
        stretches = [Stretch(path, partial(self._read, path, brands, gone)) for path in paths(options)]
        return replace(gather(SOURCE, stretches, cursor, now), gone=list(dict.fromkeys(gone)))

    def _read(self, path: str, brands: Sequence[Brand], gone: list[str], ground: Ground) -> Part:
        response = self._web.fetch(SOURCE, self._base + path)
        document = feedparser.parse(
            io.BytesIO(response.content),
            response_headers={"content-type": response.headers.get("content-type", "application/atom+xml")},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        if not document.get("version"):
            raise not_as_agreed(SOURCE, response, "a feed")
        asked_for = border.fingerprint(*brands)
        take = _Take(path, brands, ground.get("known", {}), again=ground.get("brands") != asked_for)
        for line, entry in enumerate(document.get("entries", ()), start=1):
            take.in_(entry, line)
        gone.extend(take.gone)
        return Part({"brands": asked_for, "known": take.ground()}, take.found, take.rejected, take.gaps())


@dataclass
class _Take:
    """What is new in one feed: not known yet, or changed since."""

    path: str
    brands: Sequence[Brand]
    before: Mapping[str, Sequence[Any]]  # fullname -> (epoch seconds, mark), as the last visit left it
    again: bool  # other words are looked for now
    known: dict[str, tuple[float, str]] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def in_(self, entry: Entry, line: int) -> None:
        try:
            mention = to_mention(entry)
        except border.Unreadable as why:
            refused = border.refused(f"{SOURCE}: {self.path}", line, why, dict(entry))
            mark = border.fingerprint(refused.content)
            if mark not in self.before:
                self.rejected.append(refused)
            self.known[mark] = (0.0, "")
            return
        fullname, mark = identity(entry), border.fingerprint(mention.title, mention.text, mention.author)
        told = self.before.get(fullname, (0.0, ""))[1]
        self.known[fullname] = (mention.published_at.timestamp(), mark)
        if mention.text in GONE:
            self.gone += [mention.id] if told != mark else []
        elif (told != mark or self.again) and border.concerns(mention, self.brands):
            self.found.append(Found(mention))

    def ground(self) -> dict[str, Sequence[Any]]:
        """The newest entries seen, now or before."""
        seen = {**self.before, **self.known}
        return dict(sorted(seen.items(), key=lambda pair: pair[1][0], reverse=True)[:REMEMBERED])

    def gaps(self) -> list[Gap]:
        """What ran out of a full feed before we came: between the newest entry known and the oldest listed."""
        times = [at for at, _ in self.known.values() if at]
        last = max((at for at, _ in self.before.values()), default=0.0)
        if len(self.known) < LISTED or not last or not times or any(name in self.before for name in self.known):
            return []
        since, until = (datetime.fromtimestamp(at, UTC) for at in (last, min(times)))
        return [Gap(self.path, since, until, f"Reddit's feed lists no more than the newest {len(self.known)}")]
