"""The App Store's public feed of one app in one country: 500 reviews at most; at times a page is empty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from data.models import Mention
from listeners import border
from listeners.base import ListenerError
from listeners.http.web import Web
from listeners.sync import reviews
from listeners.sync.reader import Pager
from listeners.sync.reviews import Listing, Review
from listeners.sync.slices import Part, SliceState

SOURCE = "app_store"
FIRST_DAYS = 30
PAGES = 10
FROM_FEED = re.compile(rf"{SOURCE}:\d+")
BY_API = rf"{SOURCE}:.*\D.*"  # the API's ids have dashes
PAGE = re.compile(r"/page=(\d+)/")

Foreign = Mapping[str, Any]


def to_mention(entry: Foreign, app: str) -> Mention:
    """One entry of the feed as a mention; `app` is "1234567890/us". Unreadable without an id, a time, or words."""
    own = _label(entry, "id")  # {"label": "9876543210"}
    if own is None or not own.isdigit():
        raise border.Unreadable("it has no id")
    title, text = _label(entry, "title"), _label(entry, "content") or ""
    if not (title or text):
        raise border.Unreadable("it has neither title nor text")
    number, _, country = app.partition("/")
    author, rating, votes = entry.get("author"), _label(entry, "im:rating"), _label(entry, "im:voteSum")
    return Mention(
        id=f"{SOURCE}:{own}",
        source=SOURCE,
        kind="review",
        title=title,
        text=text,
        author=_label(author, "name") if isinstance(author, dict) else None,
        author_url=_label(author, "uri") if isinstance(author, dict) else None,
        url=f"https://apps.apple.com/{country.lower()}/app/id{number}?see-all=reviews",
        rating=border.stars(int(rating)) if rating and rating.isdecimal() else None,
        engagement=border.count(int(votes)) if votes and votes.removeprefix("-").isdecimal() else None,
        published_at=border.moment(_label(entry, "updated")),  # "2026-01-02T03:04:05-07:00"; at times it is missing
    )


def _label(entry: Foreign, key: str) -> str | None:
    held = entry.get(key)
    return border.words(held.get("label")).strip() or None if isinstance(held, dict) else None


def to_review(app: str, entry: object) -> Review:
    """One entry as a review without an answer, as the feed shows none."""
    if not isinstance(entry, dict):
        raise border.Unreadable("it is no review")
    return Review(to_mention(entry, app))


def entries(feed: Foreign) -> list[object]:
    """The review entries of a page, without the entry of the app itself. A page with one review has no list."""
    held = feed.get("entry", [])
    listed = held if isinstance(held, list) else [held]
    return [one for one in listed if not (isinstance(one, dict) and "im:name" in one and "im:rating" not in one)]


def last_page(feed: Foreign) -> int:
    """The number of pages by the feed's own link; 0 when it has none."""
    links = feed.get("link", [])
    for link in links if isinstance(links, list) else [links]:
        told = link.get("attributes") if isinstance(link, dict) else None
        if isinstance(told, dict) and told.get("rel") == "last" and (found := PAGE.search(str(told.get("href")))):
            return min(int(found[1]), PAGES)
    return 0


def read_feed(web: Web, base: str, app: Listing, state: SliceState, now: datetime) -> Part:
    """Read what is new in the feed. ListenerError when the feed is empty although earlier runs found reviews in it."""
    number, _, country = app.id.partition("/")
    came = 0

    def page(token: str | None) -> tuple[list[object], str | None]:
        nonlocal came
        turn = int(token or 1)
        url = f"{base}/{country.lower()}/rss/customerreviews/page={turn}/id={number}/sortby=mostrecent/json"
        feed = web.fetch_json(SOURCE, url).get("feed")
        if not isinstance(feed, dict):
            raise ListenerError(SOURCE, f"the feed of {app.id} holds something else than a feed")
        found = entries(feed)
        came += len(found)
        if turn == PAGES and found:
            pager.cut = f"the feed holds no more than the newest {came}"
        more = turn < PAGES if found else turn < last_page(feed)  # a page in between may come empty
        return found, str(turn + 1) if more else None

    pager = Pager(page)
    floor = datetime.fromtimestamp(0, UTC)  # read the whole feed
    part = reviews.read_down(SOURCE, app, pager, partial(to_review, app.id), state, floor, now)
    if not came and state.get("known_reviews"):
        raise ListenerError(SOURCE, f"the feed of {app.id} came empty, as it does at times; it is asked again")
    return part
