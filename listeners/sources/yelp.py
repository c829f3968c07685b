"""The Yelp source: the three review excerpts per business that the API shows; their text is stored for a day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import partial
from typing import Any
from urllib.parse import parse_qs, quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.models import ApprovedReply, Brand, Mention
from listeners import addresses, border
from listeners.base import (
    Budget,
    Cursor,
    Estimate,
    FetchResult,
    Listener,
    ListenerError,
    Options,
    Policy,
    ReplyRule,
    Sent,
    Setting,
    required,
)
from listeners.http.tokens import confirm, needed
from listeners.http.web import Web, json_object
from listeners.sync import reviews
from listeners.sync.reader import Pager
from listeners.sync.reviews import Listing, Review, items_of
from listeners.sync.slices import Part, Slice, SliceState, gather

SOURCE = "yelp"
KEY, PARTNER = "YELP_API_KEY", "YELP_PARTNER_TOKEN"
DOLLARS_PER_CALL = 0.01  # the default price, above Yelp's list prices
DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(.*)", re.ASCII | re.DOTALL)
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")

Foreign = Mapping[str, Any]


def _pacific() -> tzinfo:
    try:
        return ZoneInfo("America/Los_Angeles")
    except ZoneInfoNotFoundError:  # no time zone database
        return timezone(timedelta(hours=-8))


PACIFIC = _pacific()  # the zone of Yelp's times, by its documentation


def to_mention(review: Foreign) -> Mention:
    """One excerpt as a mention. Unreadable when it has no id, no time, or no text."""
    own = border.name(review.get("id"))  # "xAG4O7l-t1ubbwVAlPnDKg"
    if own is None:
        raise border.Unreadable("it has no id")
    text = border.words(review.get("text")).strip()
    if not text:
        raise border.Unreadable("it has no text")
    user = review.get("user")
    told: Foreign = user if isinstance(user, dict) else {}
    return Mention(
        id=f"{SOURCE}:{own}",
        source=SOURCE,
        kind="review",
        text=text,
        author=border.name(told.get("name")),
        author_url=border.name(told.get("profile_url")),
        url=_address(border.name(review.get("url"))),
        rating=border.stars(review.get("rating")),
        published_at=_moment(review.get("time_created")),
    )


def _moment(said: object) -> datetime:
    """ "2016-08-29 00:41:13", "2025-08-17T01:08:14Z", "29/08/2016" with the day first, or epoch seconds."""
    if isinstance(said, int | float):
        return border.instant(said)
    day_first = DAY_FIRST.fullmatch(said.strip()) if isinstance(said, str) else None
    if day_first:
        day, month, year, time = day_first.groups()
        said = f"{year}-{month:0>2}-{day:0>2}{time}"
    return border.moment(said, PACIFIC)


def _address(url: str | None) -> str | None:
    """The review's address without the parameters that name our account."""
    if url is None:
        return None
    parts = addresses.split(url)
    review = parse_qs(parts.query).get("hrid", [None])[0]
    if not parts.netloc:
        return None
    return f"{parts.scheme}://{parts.netloc}{parts.path}" + (f"?hrid={quote(review)}" if review else "")


def to_review(review: object) -> Review:
    """One excerpt as a review without an answer, as the API shows none."""
    if not isinstance(review, dict):
        raise border.Unreadable("it is no review")
    return Review(to_mention(review))


@dataclass
class _PaidCalls:
    """Pays for each call: reserves its price before, charges it after, even when the call failed."""

    budget: Budget
    price: float
    now: datetime
    left: float | None = None

    def call(self, web: Web, url: str, business: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {needed(SOURCE, KEY)[0]}"}
        self.budget.reserve(self.price)
        try:
            response = web.fetch(SOURCE, url, headers=headers)
        finally:
            self.budget.charge([f"call:{business}:{self.now.isoformat()}"], self.price)
        self._note(response.headers)
        return json_object(SOURCE, response)

    def _note(self, headers: Mapping[str, str]) -> None:
        limit, left = headers.get("RateLimit-DailyLimit", ""), headers.get("RateLimit-Remaining", "")
        if limit.isdecimal() and left.isdecimal() and int(limit):
            self.left = min(1.0, int(left) / int(limit))


class Yelp(Listener):
    """Reads each listed business with one paid call a run."""

    source = SOURCE
    every = timedelta(hours=8)
    rule = ReplyRule(5_000, only_when="Partners that Yelp approved, for claimed businesses; no emoji.")
    policy = Policy(
        name="Yelp",
        keeps_text=True,
        deletions="Nothing but ids may be kept for more than 24 hours, so that nothing outlives a deletion for long.",
        replies="By hand, through the link; through the partner API where Yelp approved it.",
        credentials="An API key states no end; a partner's token holds 7 days.",
        checked_on=date(2026, 11, 24),
        terms="https://terms.yelp.com/developers/api_terms/",
        approval="a paid plan of the Yelp Places API that includes review excerpts",
        secrets=(KEY,),
        lifetime=timedelta(hours=24),
        looks_back=False,
        display="With Yelp's name, the reviewer's name, the stars and a link to the review on Yelp.",
        dollars_per_item=DOLLARS_PER_CALL,  # a call that brings one new excerpt; it brings three at most
        reply=rule,
        settings=(
            Setting(
                "business_ids", "Businesses", needed=True, placeholder="acme-cafe-san-francisco = Acme",
                hint="Ids or the last part of their address on Yelp, one a line; competitors' too.",
                pattern=r"[\w\-]+( ?= ?.+)?",
                slip="A business is its id, or the last part of its address on Yelp; a brand may follow.",
            ),
            Setting(
                "dollars_per_call", "Price of a call in US dollars", "number", placeholder="0.01",
                hint="As your plan says; a visit makes one call for each business.",
            ),
        ),
    )  # fmt: skip

    def __init__(
        self,
        base: str = "https://api.yelp.com",
        partner: str = "https://partner-api.yelp.com",
        web: Web | None = None,
    ) -> None:
        self._base, self._partner = base, partner
        self._web = web or Web()

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """The new excerpts."""
        paid = _PaidCalls(required(SOURCE, budget), _price(options), now)
        businesses = reviews.listings(SOURCE, options, "business_ids", brands)
        slices = [Slice(one.id, partial(self._read, one, paid, now)) for one in businesses]
        return gather(SOURCE, slices, cursor, now)

    def _read(self, business: Listing, paid: _PaidCalls, now: datetime, state: SliceState) -> Part:
        def page(_: str | None) -> tuple[list[Any], str | None]:
            url = f"{self._base}/v3/businesses/{quote(business.id, safe='')}/reviews"
            return items_of(SOURCE, paid.call(self._web, url, business.id), "reviews"), None

        floor = datetime.fromtimestamp(0, UTC)  # read everything that the API shows
        part = reviews.read_down(SOURCE, business, Pager(page), to_review, state, floor, now)
        # The content of a refused item holds text, which may be stored for a day only; refusals are kept longer.
        return replace(part, rejected=[replace(refused, content="") for refused in part.rejected], left=paid.left)

    def estimate(self, brands: Sequence[Brand], options: Options, now: datetime) -> Estimate:
        """The price of a month's calls, without a request; the number of new excerpts is not known beforehand."""
        businesses, price = len(reviews.listings(SOURCE, options, "business_ids", brands)), _price(options)
        said = options.get("every_minutes")
        minutes = float(said) if isinstance(said, int | float) and said else self.every.total_seconds() / 60
        calls = round(businesses * 30 * 24 * 60 / minutes)
        based_on = f"{calls:,} calls a month at ${price:g}; each brings three excerpts at most, mostly known ones"
        return Estimate(calls * 3, calls * price, based_on)

    def refuses(self, reply: ApprovedReply, options: Options) -> str | None:
        """See Responder."""
        try:
            needed(SOURCE, PARTNER)
        except ListenerError:
            return (
                f"Only partners that Yelp approved answer through its API ({PARTNER}); open the link and answer there."
            )
        if EMOJI.search(reply.text):
            return "Yelp takes no emoji."
        return reviews.unfit(self.rule, reply)

    def send(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent:
        """Post the reply, once."""
        url = f"{self._partner}/reviews/v1/{quote(reviews.own_id(SOURCE, reply.mention_id), safe='')}"
        body = {"response_text": reply.text, "response_type": "public_comment"}
        headers = {"Authorization": f"Bearer {needed(SOURCE, PARTNER)[0]}"}
        confirm(SOURCE, self._web.write(SOURCE, "POST", url, json=body, headers=headers))
        return Sent(f"{reply.mention_id}/reply", now, reply.url)

    def find(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent | None:
        """Raise ListenerError: Yelp's API does not show answers."""
        raise ListenerError(SOURCE, "Yelp's API does not show answers: open the link and look", permanent=True)


def _price(options: Options) -> float:
    said = options.get("dollars_per_call", DOLLARS_PER_CALL)
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= 100:
        raise ListenerError(SOURCE, f"dollars_per_call must be a price in US dollars, not {said!r}", permanent=True)
    return float(said)
