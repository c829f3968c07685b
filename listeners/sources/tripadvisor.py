"""The Tripadvisor live view: the latest reviews of a location, fetched for display and never stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from data.models import Brand, Found, Mention
from listeners import border
from listeners.base import LiveView, Options, Policy, Setting
from listeners.http.tokens import needed
from listeners.http.web import Web
from listeners.sync import reviews
from listeners.sync.reviews import Listing, items_of

SOURCE = "tripadvisor"
KEY = "TRIPADVISOR_API_KEY"

Foreign = Mapping[str, Any]


def to_mention(review: Foreign) -> Mention:
    """One review as a mention. Unreadable when it has no id, no time, or neither title nor text."""
    own = review.get("id")  # 812345678
    if isinstance(own, bool) or not isinstance(own, int | str) or not str(own).isalnum():
        raise border.Unreadable("it has no id")
    title, text = border.words(review.get("title")).strip() or None, border.words(review.get("text")).strip()
    if not (title or text):
        raise border.Unreadable("it has neither title nor text")
    user = review.get("user")
    return Mention(
        id=f"{SOURCE}:{own}",
        source=SOURCE,
        kind="review",
        title=title,
        text=text,
        author=border.name(user.get("username")) if isinstance(user, dict) else None,
        url=border.name(review.get("url")),
        rating=border.stars(review.get("rating")),
        engagement=border.count(review.get("helpful_votes")),
        language=border.name(review.get("lang")),
        published_at=border.moment(review.get("published_date")),  # "2026-01-02T03:04:05Z"
    )


class Tripadvisor(LiveView):
    """A live view. Nothing that it returns may be stored, not even the reason for an unreadable review."""

    source = SOURCE
    policy = Policy(
        name="Tripadvisor",
        keeps_text=False,
        deletions="Nothing is kept but location ids, so that there is nothing to delete.",
        replies="By hand, through the link.",
        checked_on=date(2026, 11, 24),
        terms="https://tripadvisor-content-api.readme.io/reference/caching-policy",
        approval="a key of Tripadvisor's Content API with billing set up; each look at a location is a paid call",
        secrets=(KEY,),
        display="With Tripadvisor's name, the rating and a link to the review there; never stored or cached.",
        settings=(
            Setting(
                "location_ids", "Locations", needed=True, placeholder="1234567 = Acme",
                hint="The number after -d in a page's address, one a line; competitors' too.",
                pattern=r"[0-9]+( ?= ?.+)?",
                slip="A location is a number; a brand may follow.",
            ),
        ),
    )  # fmt: skip

    def __init__(self, base: str = "https://api.content.tripadvisor.com/api/v1", web: Web | None = None) -> None:
        self._base = base
        self._web = web or Web()

    def look(self, brands: Sequence[Brand], options: Options, now: datetime) -> Sequence[Found]:
        """The latest reviews of all locations, newest first, without unreadable ones. Raises ListenerError only."""
        places = reviews.listings(SOURCE, options, "location_ids", brands)
        found = [one for place in places for one in self._look_at(place)]
        return sorted(found, key=lambda one: one.mention.published_at, reverse=True)

    def _look_at(self, place: Listing) -> list[Found]:
        url = f"{self._base}/location/{quote(place.id, safe='')}/reviews"
        answer = self._web.fetch_json(SOURCE, url, {"key": needed(SOURCE, KEY)[0], "language": "en"})
        found = []
        for item in items_of(SOURCE, answer, "data"):
            try:
                found.append(Found(to_mention(item if isinstance(item, dict) else {}), (place.brand,)))
            except border.Unreadable:
                continue
        return found
