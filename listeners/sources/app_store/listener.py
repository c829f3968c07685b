"""The App Store source: reviews of our own apps and our responses through the API; other apps' through their feeds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs, quote

from data.models import Answer, ApprovedReply, Brand, Mention
from listeners import addresses, border
from listeners.base import (
    Budget,
    Cursor,
    FetchResult,
    Listener,
    ListenerError,
    Options,
    Policy,
    RecheckResult,
    RecheckTarget,
    ReplyRule,
    Sent,
    Setting,
)
from listeners.http.tokens import Grant, TokenAccount, needed
from listeners.http.web import NothingThere, Web
from listeners.sources.app_store.feed import BY_API, FIRST_DAYS, FROM_FEED, SOURCE, read_feed
from listeners.sync import reviews
from listeners.sync.reader import Pager
from listeners.sync.reviews import Listing, Review, items_of
from listeners.sync.slices import Part, Slice, SliceState, first_run_start, gather

PAGE = 200
HOLDS = 1_200  # seconds; Apple refuses tokens with a longer lifetime
AUDIENCE = "appstoreconnect-v1"
RESPONSES = "customerReviewResponses"
SECRETS = ("APP_STORE_KEY_ID", "APP_STORE_ISSUER_ID", "APP_STORE_PRIVATE_KEY")
APP = re.compile(r"(\d{5,15})(?:/([a-z]{2}))?", re.ASCII | re.IGNORECASE)

Foreign = Mapping[str, Any]


def to_mention(review: Foreign, app: str) -> Mention:
    """One review of our `app` as a mention. Unreadable when it has no id, no time, or neither title nor text."""
    own, said = border.name(review.get("id")), review.get("attributes")  # "00000028-b08c-0014-729e-fbd500000000"
    if own is None or not isinstance(said, dict):
        raise border.Unreadable("it has no id")
    title, text = border.words(said.get("title")).strip() or None, border.words(said.get("body")).strip()
    if not (title or text):
        raise border.Unreadable("it has neither title nor text")
    return Mention(
        id=f"{SOURCE}:{own}",
        source=SOURCE,
        kind="review",
        title=title,
        text=text,
        author=border.name(said.get("reviewerNickname")),
        url=f"https://apps.apple.com/app/id{app}?see-all=reviews",
        rating=border.stars(said.get("rating")),
        published_at=border.moment(said.get("createdDate")),  # "2017-11-15T08:10:34-08:00"
    )


def to_review(app: str, pair: tuple[object, Foreign]) -> Review:
    """One review with our response. `pair`: the review, and the response's attributes (`responseBody`,
    `lastModifiedDate`), empty where there is none."""
    review, said = pair
    if not isinstance(review, dict):
        raise border.Unreadable("it is no review")
    mention, text = to_mention(review, app), border.words(said.get("responseBody")).strip()
    if not text:
        return Review(mention)
    return Review(
        mention, Answer(mention.id, text, reviews.said_at(said.get("lastModifiedDate"), mention.published_at))
    )


def _with_responses(answer: Foreign) -> list[tuple[object, Foreign]]:
    """Each review of a page with the attributes of its response, {} where it has none."""
    included = answer.get("included", [])
    told = {
        one.get("id"): one["attributes"]
        for one in (included if isinstance(included, list) else [])
        if isinstance(one, dict) and one.get("type") == RESPONSES and isinstance(one.get("attributes"), dict)
    }
    return [(review, told.get(_response_id(review), {})) for review in items_of(SOURCE, answer, "data")]


def _response_id(review: object) -> object:
    step = review
    for key in ("relationships", "response", "data", "id"):
        step = step.get(key) if isinstance(step, dict) else None
    return step


class AppStore(Listener):
    """Reads each listed app, newest review first: "1234567890" through the API, "1234567890/us" through its feed."""

    source = SOURCE
    every = timedelta(minutes=30)
    ids_at_once = 50
    rule = ReplyRule(5_970, only_when="Reviews of your own apps, read through the API; a new response replaces it.")
    policy = Policy(
        name="App Store",
        keeps_text=True,
        deletions="Delete a review of your own app that Apple no longer knows; leaving the feed is no deletion.",
        replies="Through the API, one response per review of your own apps; else by hand.",
        credentials="A key holds until it is revoked.",
        checked_on=date(2026, 11, 24),
        terms="https://developer.apple.com/support/terms/",
        recheck_every=timedelta(days=7),
        recheck_ids=BY_API,
        reply=rule,
        settings=(
            Setting(
                "apps", "Apps", needed=True, placeholder="1234567890/us = Acme",
                hint="One a line: 1234567890 is your own app and wants Apple's key; 1234567890/us any app's public "
                "feed of one country. Not both for the same app.",
                pattern=r"[0-9]{5,15}(/[A-Za-z]{2})?( ?= ?.+)?",
                slip="An app is its number, 1234567890, or 1234567890/us for its feed; a brand may follow.",
            ),
        ),
    )  # fmt: skip

    def __init__(
        self,
        base: str = "https://api.appstoreconnect.apple.com",
        feeds: str = "https://itunes.apple.com",
        web: Web | None = None,
    ) -> None:
        self._base, self._feeds = base, feeds
        self._web = web or Web()
        self._account = TokenAccount(SOURCE, self._web, self._grant)

    def _grant(self) -> Grant:
        import jwt

        key, issuer, private = needed(SOURCE, *SECRETS)
        now = int(self._web.clock().timestamp())
        claims = {"iss": issuer, "iat": now, "exp": now + HOLDS, "aud": AUDIENCE}
        try:
            pem = private.replace("\\n", "\n")  # as an environment variable holds it
            return Grant(jwt.encode(claims, pem, algorithm="ES256", headers={"kid": key}), HOLDS)
        except (ValueError, TypeError, jwt.PyJWTError):
            wrong = "APP_STORE_PRIVATE_KEY is no key: it holds the text of the .p8 file that Apple gave you"
            raise ListenerError(SOURCE, wrong, permanent=True) from None

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """Reviews that are new or newly answered. A first run reads `first_days` (30) back, and a feed to its end."""
        floor = first_run_start(SOURCE, options, now, FIRST_DAYS)
        apps = _apps(reviews.listings(SOURCE, options, "apps", brands))
        slices = [Slice(app.id, partial(self._read, app, floor, now)) for app in apps]
        return gather(SOURCE, slices, cursor, now)

    def _read(self, app: Listing, floor: datetime, now: datetime, state: SliceState) -> Part:
        if "/" in app.id:
            return read_feed(self._web, self._feeds, app, state, now)

        def page(token: str | None) -> tuple[list[Any], str | None]:
            asked: dict[str, str | int] = {"limit": PAGE, "sort": "-createdDate", "include": "response"}
            if token:
                asked["cursor"] = token
            answer = self._account.fetch_json(f"{self._base}/v1/apps/{app.id}/customerReviews", asked)
            return _with_responses(answer), _next_cursor(answer)

        return reviews.read_down(SOURCE, app, Pager(page), partial(to_review, app.id), state, floor, now)

    def recheck(self, held: Sequence[RecheckTarget], options: Options, now: datetime) -> RecheckResult:
        """Ask for each review by its id. Reviews from a feed cannot be rechecked."""
        return reviews.recheck_each((one.id for one in held if not FROM_FEED.fullmatch(one.id)), set(), self._stands)

    def _stands(self, mention_id: str) -> bool:
        return self._account.stands(self._address(mention_id))

    def _address(self, mention_id: str) -> str:
        return f"{self._base}/v1/customerReviews/{quote(reviews.own_id(SOURCE, mention_id), safe='')}"

    def refuses(self, reply: ApprovedReply, options: Options) -> str | None:
        """See Responder."""
        if FROM_FEED.fullmatch(reply.mention_id):
            return "This review came from the public feed, which takes no responses: answer it in App Store Connect."
        return reviews.unfit(self.rule, reply)

    def send(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent:
        """Post the response, once. Apple shows it within a day."""
        review = {"data": {"type": "customerReviews", "id": reviews.own_id(SOURCE, reply.mention_id)}}
        response = {"type": RESPONSES, "attributes": {"responseBody": reply.text}, "relationships": {"review": review}}
        self._account.write("POST", f"{self._base}/v1/{RESPONSES}", {"data": response})
        return Sent(f"{reply.mention_id}/reply", now, reply.url)

    def find(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent | None:
        """Our response to the review, if it has this text."""
        try:
            data = self._account.fetch_json(f"{self._address(reply.mention_id)}/response").get("data")
        except NothingThere:
            return None
        said = data.get("attributes") if isinstance(data, dict) else None
        if not isinstance(said, dict) or not reviews.is_same(said.get("responseBody"), reply.text):
            return None
        return Sent(f"{reply.mention_id}/reply", reviews.said_at(said.get("lastModifiedDate"), now), reply.url)


def _next_cursor(answer: Foreign) -> str | None:
    links = answer.get("links")
    following = border.name(links.get("next")) if isinstance(links, dict) else None
    return parse_qs(addresses.split(following).query).get("cursor", [None])[0] if following else None


def _apps(listed: Sequence[Listing]) -> Sequence[Listing]:
    """The listed apps. ListenerError when an entry is malformed, or an app is listed both for the API and a feed."""
    for app in listed:
        if not APP.fullmatch(app.id):
            wrong = f"{app.id[:60]!r} is no app: write 1234567890 for your own, 1234567890/us for a feed"
            raise ListenerError(SOURCE, wrong, permanent=True)
    own = {app.id for app in listed if "/" not in app.id}
    if both := [app.id for app in listed if "/" in app.id and app.id.partition("/")[0] in own]:
        wrong = f"{both[0]} is read through the API already, under other ids: take the feed or the app from the list"
        raise ListenerError(SOURCE, wrong, permanent=True)
    return listed
