"""The Google Business Profile source: reviews of our own locations, and our replies to them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from data.models import Answer, ApprovedReply, Brand, Mention
from listeners import border
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
from listeners.http.tokens import Grant, TokenAccount, granted, needed
from listeners.http.web import NothingThere, Web
from listeners.sync import reviews
from listeners.sync.reader import Pager
from listeners.sync.reviews import Listing, Review, items_of
from listeners.sync.slices import Part, Slice, SliceState, first_run_start, gather

SOURCE = "google_business"
PAGE = 50
BESIDE = frozenset({"averageRating", "totalReviewCount", "nextPageToken"})
STARS = {"ONE": 1.0, "TWO": 2.0, "THREE": 3.0, "FOUR": 4.0, "FIVE": 5.0}
NAME = re.compile(r"accounts/[^/]+/locations/([^/]+)/reviews/([^/]+)")
LOCATION = re.compile(r"accounts/[\w-]+/locations/[\w-]+", re.ASCII)
SECRETS = tuple(f"GOOGLE_BUSINESS_{name}" for name in ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN"))
TRANSLATED, ORIGINAL = "(Translated by Google)", "(Original)"

Foreign = Mapping[str, Any]


def to_mention(review: Foreign) -> Mention:
    """One review as a mention, also one of stars only. Unreadable without a name, a time, or both text and stars."""
    named = NAME.fullmatch(border.words(review.get("name")))  # "accounts/1/locations/2/reviews/AbFvOq"
    if not named:
        raise border.Unreadable("it has no name")
    text, rating = _original(border.words(review.get("comment"))), STARS.get(str(review.get("starRating")))
    if not text and rating is None:
        raise border.Unreadable("it has neither text nor stars")
    reviewer = review.get("reviewer")
    shown = reviewer if isinstance(reviewer, dict) and not reviewer.get("isAnonymous") else {}
    published = border.moment(review.get("createTime"))  # "2014-10-02T15:01:23.045123456Z"
    updated = border.moment(review["updateTime"]) if review.get("updateTime") else published
    return Mention(
        id=f"{SOURCE}:{named[1]}/{named[2]}",  # the account may change, location and review do not
        source=SOURCE,
        kind="review",
        text=text,
        author=border.name(shown.get("displayName")),
        rating=rating,
        published_at=published,
        edited_at=updated if updated > published else None,
    )


def _original(comment: str) -> str:
    """The original text, without the translation that Google puts before or after it."""
    if comment.startswith(TRANSLATED) and ORIGINAL in comment:
        return comment.partition(ORIGINAL)[2].strip()
    return comment.partition(f"\n\n{TRANSLATED}")[0].strip()


def to_review(review: object) -> Review:
    """One review with our reply, where it has one: `reviewReply`, {"comment", "updateTime", "reviewReplyState"}. A
    reply that Google's moderation rejected does not count: nobody sees it."""
    if not isinstance(review, dict):
        raise border.Unreadable("it is no review")
    mention, reply = to_mention(review), review.get("reviewReply")
    if not isinstance(reply, dict) or not border.words(reply.get("comment")).strip():
        return Review(mention)
    if reply.get("reviewReplyState") == "REJECTED":
        return Review(mention)
    answered = border.moment(reply["updateTime"]) if reply.get("updateTime") else mention.published_at
    return Review(mention, Answer(mention.id, border.words(reply["comment"]).strip(), answered))


class GoogleBusiness(Listener):
    """Reads each listed location, the last changed review first."""

    source = SOURCE
    every = timedelta(minutes=15)
    ids_at_once = 1_000
    rule = ReplyRule(4_096, "bytes", only_when="Verified locations only; one reply per review, a new one replaces it.")
    policy = Policy(
        name="Google Business Profile",
        keeps_text=True,
        deletions="Delete a review that is gone from its location; all are looked for once a day.",
        replies="Through the API, one reply per review.",
        credentials="A refresh token ends after 7 days while Google's consent screen is in testing, and after six "
        "months without use.",
        checked_on=date(2026, 11, 24),
        terms="https://developers.google.com/my-business/content/policies",
        approval="Google's approval to use its Business Profile APIs, for your own locations",
        secrets=SECRETS,
        recheck_every=timedelta(days=1),
        reply=rule,
        settings=(
            Setting(
                "locations", "Locations", needed=True, placeholder="accounts/123/locations/456 = Acme",
                hint="Your own, one a line; without a brand it is your first.",
                pattern=r"accounts/[\w-]+/locations/[\w-]+( ?= ?.+)?",
                slip="A location is written as accounts/123/locations/456; a brand may follow.",
            ),
        ),
    )  # fmt: skip

    def __init__(
        self,
        base: str = "https://mybusiness.googleapis.com/v4",
        tokens: str = "https://oauth2.googleapis.com/token",  # an address
        web: Web | None = None,
    ) -> None:
        self._base, self._tokens = base, tokens
        self._web = web or Web()
        self._account = TokenAccount(SOURCE, self._web, self._grant)

    def _grant(self) -> Grant:
        client, private, refresh = needed(SOURCE, *SECRETS)
        form = {"client_id": client, "client_secret": private, "refresh_token": refresh}
        return granted(SOURCE, self._web, self._tokens, data=form | {"grant_type": "refresh_token"})

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """Reviews that are new, edited or newly answered. The first run looks back `first_days` (30)."""
        floor = first_run_start(SOURCE, options, now)
        _locations(options)
        places = reviews.listings(SOURCE, options, "locations", brands)
        slices = [Slice(one.id, partial(self._read, one, floor, now)) for one in places]
        return replace(gather(SOURCE, slices, cursor, now), credentials_end=self._account.refresh_ends_at)

    def _read(self, place: Listing, floor: datetime, now: datetime, state: SliceState) -> Part:
        return reviews.read_down(SOURCE, place, Pager(partial(self._page, place.id)), to_review, state, floor, now)

    def _page(self, place: str, token: str | None) -> tuple[list[Any], str | None]:
        asked: dict[str, str | int] = {"pageSize": PAGE, "orderBy": "updateTime desc"}
        if token:
            asked["pageToken"] = token
        answer = self._account.fetch_json(f"{self._base}/{place}/reviews", asked)
        return items_of(SOURCE, answer, "reviews", BESIDE), border.name(answer.get("nextPageToken"))

    def recheck(self, held: Sequence[RecheckTarget], options: Options, now: datetime) -> RecheckResult:
        """List each location once; a review missing there is asked for by its id before it counts as gone."""
        wanted: dict[str, list[str]] = defaultdict(list)
        for one in held:
            wanted[_number(one.id)].append(one.id)
        places, results = _locations(options), []
        for number, ids in wanted.items():
            if number in places:  # reviews of a location that is no longer listed cannot be rechecked
                place = places[number]
                results.append(reviews.recheck_each(ids, self._listed(place), partial(self._stands, place)))
        return RecheckResult(
            [own for look in results for own in look.gone], [own for look in results for own in look.present]
        )

    def _listed(self, place: str) -> set[str]:
        items = (item for page in Pager(partial(self._page, place)) for item in page)
        names = (NAME.fullmatch(str(item.get("name"))) for item in items if isinstance(item, dict))
        return {f"{SOURCE}:{named[1]}/{named[2]}" for named in names if named}

    def _stands(self, place: str, mention_id: str) -> bool:
        return self._account.stands(self._address(place, mention_id))

    def _address(self, place: str, mention_id: str) -> str:
        return f"{self._base}/{place}/reviews/{reviews.own_id(SOURCE, mention_id).partition('/')[2]}"

    def refuses(self, reply: ApprovedReply, options: Options) -> str | None:
        """See Responder."""
        if _number(reply.mention_id) not in _locations(options):
            return "Its location is not among those listed under Setup, Sources."
        return reviews.unfit(self.rule, reply)

    def send(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent:
        """Send the reply, once."""
        self._account.write("PUT", f"{self._address_of(reply, options)}/reply", {"comment": reply.text})
        return Sent(f"{reply.mention_id}/reply", now, reply.url)

    def find(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent | None:
        """Our reply under the review, if it has this text."""
        try:
            shown = self._account.fetch_json(self._address_of(reply, options)).get("reviewReply")
        except NothingThere:
            return None  # the review is gone, and every shown with it
        if not isinstance(shown, dict) or not reviews.is_same(shown.get("comment"), reply.text):
            return None
        return Sent(f"{reply.mention_id}/reply", reviews.said_at(shown.get("updateTime"), now), reply.url)

    def _address_of(self, reply: ApprovedReply, options: Options) -> str:
        place = _locations(options).get(_number(reply.mention_id))
        if place is None:
            raise ListenerError(SOURCE, "its location is not among those listed under Setup, Sources", permanent=True)
        return self._address(place, reply.mention_id)


def _number(mention_id: str) -> str:
    return reviews.own_id(SOURCE, mention_id).partition("/")[0]


def _locations(options: Options) -> dict[str, str]:
    """The listed locations by their number. ListenerError when an entry is malformed."""
    places = reviews.listed_ids(SOURCE, options, "locations")
    for place in places:
        if not LOCATION.fullmatch(place):
            wrong = f"{place[:60]!r} is no location: they are written as accounts/123/locations/456"
            raise ListenerError(SOURCE, wrong, permanent=True)
    return {place.rpartition("/")[2]: place for place in places}
