"""The Trustpilot source: reviews of our own business units, our replies, and the deletions we must follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

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

SOURCE = "trustpilot"
SITE = "https://www.trustpilot.com"
PAGE = 100
DELETIONS_PAGE = 1_000
OVERLAP = timedelta(days=2)  # of deletions that are read again, because their list may lag
REMEMBERED = 20_000  # deletions that the cursor keeps
PUBLIC = (
    "id",
    "stars",
    "title",
    "text",
    "language",
    "createdAt",
    "updatedAt",
    "numberOfLikes",
    "consumer",
    "companyReply",
)
KEY, SECRET = "TRUSTPILOT_API_KEY", "TRUSTPILOT_API_SECRET"  # the names, not the values

Foreign = Mapping[str, Any]


def to_mention(review: Foreign) -> Mention:
    """One review as a mention. Unreadable when it has no id, no time, or neither title nor text."""
    own = border.name(review.get("id"))  # "507f191e810c19729de860ea"
    if own is None:
        raise border.Unreadable("it has no id")
    title, text = border.words(review.get("title")).strip() or None, border.words(review.get("text")).strip()
    if not (title or text):
        raise border.Unreadable("it has neither title nor text")
    consumer = review.get("consumer")
    told: Foreign = consumer if isinstance(consumer, dict) else {}
    author, author_id = border.name(told.get("displayName")), border.name(told.get("id"))
    published = border.moment(review.get("createdAt"))  # "2013-09-07T13:37:00", UTC
    updated = border.moment(review["updatedAt"]) if review.get("updatedAt") else published
    return Mention(
        id=f"{SOURCE}:{own}",
        source=SOURCE,
        kind="review",
        title=title,
        text=text,
        author=author,
        author_url=_consumer_url(author_id) if author_id else None,
        url=f"{SITE}/reviews/{quote(own, safe='')}",
        rating=border.stars(review.get("stars")),
        engagement=border.count(review.get("numberOfLikes")),
        language=border.name(review.get("language")),
        published_at=published,
        edited_at=updated if updated > published else None,
    )


def _consumer_url(own: str) -> str:
    return f"{SITE}/users/{quote(own, safe='')}"


def to_review(review: object) -> Review:
    """One review with our reply, where it has one: `companyReply`, {"text", "createdAt"}."""
    if not isinstance(review, dict):
        raise border.Unreadable("it is no review")
    mention, reply = to_mention(review), review.get("companyReply")
    if not isinstance(reply, dict) or not border.words(reply.get("text")).strip():
        return Review(mention)
    said_at = reply.get("updatedAt") or reply.get("createdAt")
    answered = border.moment(said_at) if said_at else mention.published_at
    return Review(mention, Answer(mention.id, border.words(reply["text"]).strip(), answered))


class Trustpilot(Listener):
    """Slices: each business unit, newest review first, and Trustpilot's two lists of deletions, read in every run."""

    source = SOURCE
    every = timedelta(minutes=15)
    ids_at_once = 50
    rule = ReplyRule(4_000, only_when="One reply per review, in the name of a user of Trustpilot Business.")
    policy = Policy(
        name="Trustpilot",
        keeps_text=True,
        deletions="Delete every review, and all of every consumer, that Trustpilot's Deletions API names; it is asked "
        "on every visit.",
        replies="Through the API, one reply per review.",
        credentials="Key and secret state no end.",
        checked_on=date(2026, 11, 24),
        terms="https://legal.trustpilot.com/for-businesses/api-terms-of-use",
        approval="a Trustpilot plan that includes its APIs",
        secrets=(KEY, SECRET),
        recheck_every=timedelta(days=30),
        display="As a review from Trustpilot, unchanged, with its stars and a link to it.",
        reply=rule,
        settings=(
            Setting(
                "business_unit_ids", "Business units", needed=True, placeholder="507f191e810c19729de860ea = Acme",
                hint="Your own, one a line; without a brand it is your first.",
                pattern=r"[0-9A-Za-z]+( ?= ?.+)?",
                slip="A business unit is an id such as 507f191e810c19729de860ea; a brand may follow.",
            ),
            Setting(
                "business_user_id", "User in whose name replies are written", "text",
                hint="The User ID on your Trustpilot Business profile; replies go through the API only with it.",
            ),
        ),
    )  # fmt: skip

    def __init__(self, base: str = "https://api.trustpilot.com", web: Web | None = None) -> None:
        self._base = base
        self._web = web or Web()
        self._account = TokenAccount(SOURCE, self._web, self._grant)

    def _grant(self) -> Grant:
        key, private = needed(SOURCE, KEY, SECRET)
        url = f"{self._base}/v1/oauth/oauth-business-users-for-applications/accesstoken"
        return granted(SOURCE, self._web, url, data={"grant_type": "client_credentials"}, auth=(key, private))

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """Reviews that are new, edited or newly answered, and the ids of deleted ones. The first run looks back
        `first_days` (30)."""
        floor = first_run_start(SOURCE, options, now)
        units = reviews.listings(SOURCE, options, "business_unit_ids", brands)
        slices = [
            Slice("deletions", partial(self._read_deletions, "reviews", now)),
            Slice("deleted consumers", partial(self._read_consumers, cursor, now)),
        ]
        slices += [Slice(f"unit:{unit.id}", partial(self._read, unit, floor, now)) for unit in units]
        return gather(SOURCE, slices, cursor, now)

    def _read(self, unit: Listing, floor: datetime, now: datetime, state: SliceState) -> Part:
        url = f"{self._base}/v1/private/business-units/{quote(unit.id, safe='')}/reviews"

        def page(token: str | None) -> tuple[list[Any], str | None]:
            number = int(token or 1)
            asked: dict[str, str | int] = {"perPage": PAGE, "page": number, "orderBy": "createdat.desc"}
            items = [*map(_public, items_of(SOURCE, self._account.fetch_json(url, asked), "reviews"))]
            return items, str(number + 1) if items else None  # the page after the last one is empty

        return reviews.read_down(SOURCE, unit, Pager(page), to_review, state, floor, now)

    def _read_consumers(self, cursor: Cursor, now: datetime, state: SliceState) -> Part:
        """Read the list of deleted consumers: their reviews that the cursor knows are gone."""
        part = self._read_deletions("consumers", now, state)
        return replace(part, gone=reviews.by_authors(cursor, map(_consumer_url, part.gone)))

    def _read_deletions(self, what: str, now: datetime, state: SliceState) -> Part:
        """The new ids in a list of deletions; a first run reads the last OVERLAP of it. ListenerError when it cannot be
        read to its end."""
        since = datetime.fromisoformat(state["since"]) if "since" in state else now
        asked: dict[str, str | int] = {"limit": DELETIONS_PAGE, "startDate": (since - OVERLAP).date().isoformat()}
        listed: list[str] = []

        def page(token: str | None) -> tuple[list[Any], str | None]:
            more = {"nextToken": token} if token else {}
            url = f"{self._base}/v1/{what}/deletions"
            answer = self._web.fetch_json(SOURCE, url, asked | more, {"apikey": needed(SOURCE, KEY)[0]})
            return items_of(SOURCE, answer, what), border.name(answer.get("nextToken"))

        pager = Pager(page)
        for items in pager:
            listed += [own for own in map(DELETED[what], items) if own]
        if pager.cut:  # fail, so that the next run reads the list again: no deletion may be missed
            raise ListenerError(SOURCE, f"its list of deletions could not be read to its end: {pager.cut}")
        known = set(state.get("known", ()))
        gone = [own for own in dict.fromkeys(listed) if own not in known]
        return Part({"since": now.isoformat(), "known": list(dict.fromkeys(listed))[-REMEMBERED:]}, gone=gone)

    def recheck(self, held: Sequence[RecheckTarget], options: Options, now: datetime) -> RecheckResult:
        """Ask for each review by its id, for deletions while the listeners did not run."""
        return reviews.recheck_each((one.id for one in held), set(), self._stands)

    def _stands(self, mention_id: str) -> bool:
        return self._account.stands(self._review_url(mention_id))

    def refuses(self, reply: ApprovedReply, options: Options) -> str | None:
        """See Responder."""
        if not options.get("business_user_id"):
            return "Set the user in whose name replies are written (business_user_id) under Setup, Sources."
        return reviews.unfit(self.rule, reply)

    def send(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent:
        """Post the reply, once."""
        body = {"authorBusinessUserId": str(options.get("business_user_id")), "message": reply.text}
        self._account.write("POST", f"{self._review_url(reply.mention_id)}/reply", body)
        return Sent(f"{reply.mention_id}/reply", now, reply.url)

    def find(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent | None:
        """Our reply under the review, if it has this text."""
        try:
            shown = self._account.fetch_json(self._review_url(reply.mention_id)).get("companyReply")
        except NothingThere:
            return None  # the review is gone, and every shown with it
        if not isinstance(shown, dict) or not reviews.is_same(shown.get("text"), reply.text):
            return None
        return Sent(f"{reply.mention_id}/reply", reviews.said_at(shown.get("createdAt"), now), reply.url)

    def _review_url(self, mention_id: str) -> str:
        own = reviews.own_id(SOURCE, mention_id)
        return f"{self._base}/v1/private/reviews/{quote(own, safe='')}"


def _public(review: object) -> object:
    """A review without its private fields, such as the customer's address, which must never be stored."""
    return {key: review[key] for key in PUBLIC if key in review} if isinstance(review, dict) else review


def _deleted_review(item: object) -> str | None:
    own = border.name(item.get("reviewId")) if isinstance(item, dict) else None
    return f"{SOURCE}:{own}" if own else None


def _deleted_consumer(item: object) -> str | None:
    return border.name(item.get("consumerId")) if isinstance(item, dict) else None


DELETED: dict[str, Callable[[object], str | None]] = {"reviews": _deleted_review, "consumers": _deleted_consumer}
