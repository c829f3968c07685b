"""Amazon: topics of reviews, counted per product and week by Amazon's own API; reviews come by import only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from data.models import Brand, Sentiment, Topic
from listeners import border
from listeners.base import Budget, Cursor, FetchResult, Listener, ListenerError, Options, Policy, Setting
from listeners.http.tokens import Grant, granted, needed
from listeners.http.web import Web
from listeners.sync import reviews
from listeners.sync.reviews import Listing
from listeners.sync.slices import Part, Slice, SliceState, gather

SOURCE = "amazon"
SECRETS = ("AMAZON_CLIENT_ID", "AMAZON_CLIENT_SECRET", "AMAZON_REFRESH_TOKEN")
SORTS = ("MENTIONS", "STAR_RATING_IMPACT")  # each order gives ten topics, not always the same
AT_ONCE = 2  # products that a run reads, with two requests each; Amazon accepts five requests in a row
MARKETS = {  # the marketplaces with topics, by the region of their host; the first of a region is its default
    "na": {"US": "ATVPDKIKX0DER"},
    "eu": {
        "UK": "A1F83G8C2ARO7P",
        "DE": "A1PA6795UKMFR9",
        "FR": "A13V1IB3VIYZZH",
        "IT": "APJ6JRA9NG5V4",
        "ES": "A1RKKUPIHCS9HS",
    },
    "fe": {"JP": "A1VC38T7YXB528"},
}
KINDS = {"positiveTopics": Sentiment.POSITIVE, "negativeTopics": Sentiment.NEGATIVE}

Foreign = Mapping[str, Any]
Ask = Callable[[Listing, str], Iterator[Topic]]  # fetches a product's topics in one order


def to_topics(answer: Foreign, listing: Listing) -> list[Topic]:
    """One product's topics with Amazon's counts, without the review snippets that come with them.

    Unreadable when the answer has no time span or no topics in the agreed shape.
    """
    held, span = answer.get("topics"), answer.get("dateRange")
    if not isinstance(held, dict) or not isinstance(span, dict):
        raise border.Unreadable("it has no topics or no time span")
    week_on = monday(border.moment(span.get("endDate")))
    title = border.name(answer.get("itemName"))
    return [
        _topic(said, listing, sentiment, week_on, title)
        for key, sentiment in KINDS.items()
        for said in held.get(key) or ()  # null: too few reviews to say
    ]


def _topic(said: object, listing: Listing, sentiment: Sentiment, week_on: date, title: str | None) -> Topic:
    if not isinstance(said, dict) or not border.name(said.get("topic")):
        raise border.Unreadable("a topic has no name")
    counted = said.get("asinMetrics")
    metrics = counted if isinstance(counted, dict) else {}
    percentage = _number(metrics.get("occurrencePercentage"))
    return Topic(
        source=SOURCE,
        brand=listing.brand,
        subject=listing.id,
        week_on=week_on,
        topic=str(border.name(said.get("topic"))),
        sentiment=sentiment,
        mentions=border.count(metrics.get("numberOfMentions")),
        share=None if percentage is None else round(percentage / 100, 6),
        stars=_number(metrics.get("starRatingImpact")),
        title=title,
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def monday(moment: datetime) -> date:
    """The Monday of an instant's week."""
    return moment.date() - timedelta(days=moment.weekday())


class Amazon(Listener):
    """Reads each listed product once a week. The state of a slice: the Monday of the week read last."""

    source = SOURCE
    every = timedelta(hours=1)
    policy = Policy(
        name="Amazon",
        keeps_text=True,  # numbers; the snippets of reviews beside them are not taken
        deletions="Nothing to follow: numbers are kept, nobody's words.",
        replies="By hand, in Seller Central; reviews themselves come by import only.",
        credentials="The client secret must be made anew every 180 days, a public app's authorisation every 365 "
        "days.",
        checked_on=date(2026, 11, 24),
        terms="https://sellercentral.amazon.com/mws/static/policy?documentType=AUP",
        approval="an SP-API app with the Selling Partner Insights or Brand Analytics role, for your own products",
        secrets=SECRETS,
        settings=(
            Setting(
                "asins", "Products (ASIN)", needed=True, placeholder="B0EXAMPLE1 = Acme",
                hint="Your own child ASINs, one a line; without a brand it is your first.",
                pattern=r"[A-Z0-9]{10}( = .+)?", slip="An ASIN is ten letters and digits; a brand may follow \" = \".",
            ),
            Setting(
                "region", "Region", "text", placeholder="na", pattern="(?i:na|eu|fe)",
                hint="na: North America, eu: Europe, fe: Far East. Empty: the marketplace's, or na.",
                slip="A region is na, eu or fe.",
            ),
            Setting(
                "marketplace_id", "Marketplace", "text", placeholder="DE",
                hint="US, UK, DE, FR, IT, ES, JP, or Amazon's own id of another. Empty: US, UK or JP, by region.",
                pattern=r"(?i:US|UK|DE|FR|IT|ES|JP)|[A-Z0-9]{10,20}",
                slip="A marketplace is US, UK, DE, FR, IT, ES, JP or an id such as ATVPDKIKX0DER.",
            ),
        ),
        looks_back=False,
    )  # fmt: skip

    def __init__(
        self,
        base: str = "https://sellingpartnerapi-{region}.amazon.com",
        token_url: str = "https://api.amazon.com/auth/o2/token",  # noqa: S107  # an address
        web: Web | None = None,
    ) -> None:
        self._base, self._token_url, self._web = base, token_url, web or Web()

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """The topics of the products in `options["asins"]` whose week was not read yet, AT_ONCE products a run."""
        listed = reviews.listings(SOURCE, options, "asins", brands)
        states: Mapping[str, SliceState] = cursor.get("stretches", {})
        due = [one for one in listed if states.get(one.id, {}).get("week") != f"{monday(now)}"]
        if not due:
            return FetchResult(cursor=cursor)
        host, market = self._place(options)
        token = self._grant().token
        ask = partial(self._topics, host, token, market)
        read = {one.id: partial(self._read, one, ask, now) for one in due[:AT_ONCE]}
        slices = [Slice(one.id, read.get(one.id, _unchanged)) for one in listed]
        return replace(gather(SOURCE, slices, cursor, now), more=len(due) > AT_ONCE)

    def _place(self, options: Options) -> tuple[str, str]:
        """The API host and the marketplace id. ListenerError when region and marketplace do not match."""
        market = str(options.get("marketplace_id") or "").strip().upper()
        market = next((of[market] for of in MARKETS.values() if market in of), market)
        theirs = next((name for name, of in MARKETS.items() if market in of.values()), None)
        region = str(options.get("region") or theirs or "na").strip().lower()
        if region not in MARKETS:
            raise ListenerError(SOURCE, f"region must be na, eu or fe, not {region[:20]!r}", permanent=True)
        if theirs and theirs != region:
            wrong = f"the marketplace {market} is in {theirs}, not in {region}: set region or marketplace_id"
            raise ListenerError(SOURCE, wrong, permanent=True)
        market = market or next(iter(MARKETS[region].values()))
        return self._base.format(region=region), market

    def _read(self, listing: Listing, ask: Ask, now: datetime, state: SliceState) -> Part:
        topics: dict[tuple[str, Sentiment], Topic] = {}
        for sort in SORTS:
            for topic in ask(listing, sort):
                topics.setdefault((topic.topic, topic.sentiment), topic)
        return Part({"week": f"{monday(now)}"}, topics=list(topics.values()))

    def _topics(self, host: str, token: str, market: str, listing: Listing, sort: str) -> Iterator[Topic]:
        url = f"{host}/customerFeedback/2024-06-01/items/{listing.id}/reviews/topics"
        asked: dict[str, str | int] = {"marketplaceId": market, "sortBy": sort}
        response = self._web.fetch(SOURCE, url, asked, {"x-amz-access-token": token})
        if response.status_code == 204:  # too few reviews for any topic
            return
        try:
            answer = response.json()
            yield from to_topics(answer if isinstance(answer, dict) else {}, listing)
        except (border.Unreadable, ValueError) as why:
            raise ListenerError(SOURCE, f"its topics of {listing.id} cannot be read: {why}") from None

    def _grant(self) -> Grant:
        client, key, refresh = needed(SOURCE, *SECRETS)
        form = {"grant_type": "refresh_token", "client_id": client, "client_secret": key, "refresh_token": refresh}
        return granted(SOURCE, self._web, self._token_url, data=form)


def _unchanged(state: SliceState) -> Part:
    return Part(state)
