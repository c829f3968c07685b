"""The Google Play source: reviews of our own apps, of about the last seven days, and our replies."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
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
from listeners.sync.slices import Part, Slice, SliceState, gather

SOURCE = "google_play"
PAGE = 100
SURE = timedelta(days=6)  # Play lists a review for at least so long; a missing younger one was deleted
BESIDE = frozenset({"pageInfo", "tokenPagination"})
KEY = "GOOGLE_PLAY_SERVICE_ACCOUNT"
SCOPE = "https://www.googleapis.com/auth/androidpublisher"

Foreign = Mapping[str, Any]


def to_mention(review: Foreign, app: str) -> Mention:
    """One review of `app` as a mention; its only time is that of its last change. Unreadable without an id, a time, or
    words."""
    own, said = border.name(review.get("reviewId")), _comment(review, "userComment")  # "gp:AOqpTOE..."
    if own is None or "/" in own:
        raise border.Unreadable("it has no id")
    title, tab, text = border.words(said.get("text")).strip().partition("\t")  # "title\ttext" in old reviews
    if not tab:
        title, text = "", title
    if not (title or text):
        raise border.Unreadable("it has no words")
    return Mention(
        id=f"{SOURCE}:{app}/{own}",
        source=SOURCE,
        kind="review",
        title=title.strip() or None,
        text=text.strip(),
        author=border.name(review.get("authorName")),
        url=f"https://play.google.com/store/apps/details?id={quote(app)}&reviewId={quote(own)}",
        rating=border.stars(said.get("starRating")),
        engagement=border.count(said.get("thumbsUpCount")),
        language=(border.name(said.get("reviewerLanguage")) or "")[:2] or None,  # "en", "pt_BR"
        published_at=_instant(said),
    )


def _comment(review: Foreign, whose: str) -> Foreign:
    """The last comment of `whose`: "userComment" or "developerComment"; {} when there is none."""
    comments = review.get("comments")
    found: list[Foreign] = [one[whose] for one in comments if _has(one, whose)] if isinstance(comments, list) else []
    return found[-1] if found else {}


def _has(comment: object, whose: str) -> bool:
    return isinstance(comment, dict) and isinstance(comment.get(whose), dict)


def _instant(said: Foreign) -> datetime:
    modified = said.get("lastModified")  # {"seconds": "1443676826", "nanos": 713000000}, UTC
    return border.instant(modified.get("seconds") if isinstance(modified, dict) else None)


def to_review(app: str, review: object) -> Review:
    """One review with our reply, where it has one."""
    if not isinstance(review, dict):
        raise border.Unreadable("it is no review")
    mention, reply = to_mention(review, app), _comment(review, "developerComment")
    text = border.words(reply.get("text")).strip()
    return Review(mention, Answer(mention.id, text, _instant(reply)) if text else None)


class GooglePlay(Listener):
    """Reads each listed app, the last changed review first."""

    source = SOURCE
    every = timedelta(minutes=30)  # Play allows 200 requests an hour for all apps together
    ids_at_once = 1_000
    rule = ReplyRule(350, only_when="One reply per review, a new one replaces it.")
    policy = Policy(
        name="Google Play",
        keeps_text=True,
        deletions="Delete a review that Play no longer knows within the days in which it shows it.",
        replies="Through the API, one reply per review.",
        credentials="A service account's key does not end, unless your organisation sets an end.",
        checked_on=date(2026, 11, 24),
        terms="https://play.google.com/about/developer-distribution-agreement.html",
        secrets=(KEY,),
        recheck_every=timedelta(days=1),
        recheck_within=SURE,
        looks_back=False,
        reply=rule,
        settings=(
            Setting(
                "apps", "Apps", needed=True, placeholder="com.example.app = Acme",
                hint="Package names of your own, one a line; without a brand it is your first.",
                pattern=r"[A-Za-z]\w*(\.\w+)+( ?= ?.+)?",
                slip="A package name has dots, as com.example.app has; a brand may follow.",
            ),
        ),
    )  # fmt: skip

    def __init__(
        self, base: str = "https://androidpublisher.googleapis.com", tokens: str | None = None, web: Web | None = None
    ) -> None:
        self._base, self._tokens = f"{base}/androidpublisher/v3/applications", tokens
        self._web = web or Web()
        self._account = TokenAccount(SOURCE, self._web, self._grant)

    def _grant(self) -> Grant:
        import jwt

        try:
            held = json.loads(needed(SOURCE, KEY)[0])
            url = self._tokens or str(held["token_uri"])
            now = int(self._web.clock().timestamp())
            claims = {"iss": held["client_email"], "scope": SCOPE, "aud": held["token_uri"], "iat": now}
            signed = jwt.encode(claims | {"exp": now + 3600}, held["private_key"], algorithm="RS256")
        except (ValueError, KeyError, TypeError, jwt.PyJWTError):
            wrong = f"{KEY} is no key of a service account: it holds the whole JSON file that Google Cloud gave you"
            raise ListenerError(SOURCE, wrong, permanent=True) from None
        if not self._tokens and not url.startswith("https://"):
            raise ListenerError(SOURCE, f"{KEY} names a token server that is not reached by https", permanent=True)
        grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
        return granted(SOURCE, self._web, url, data={"grant_type": grant, "assertion": signed})

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """Reviews that are new, edited or newly answered, among those that Play lists."""
        apps = reviews.listings(SOURCE, options, "apps", brands)
        return gather(SOURCE, [Slice(app.id, partial(self._read, app, now)) for app in apps], cursor, now)

    def _read(self, app: Listing, now: datetime, state: SliceState) -> Part:
        floor = datetime.fromtimestamp(0, UTC)  # all that Play shows
        pager = Pager(partial(self._page, app.id))
        return reviews.read_down(SOURCE, app, pager, partial(to_review, app.id), state, floor, now)

    def _page(self, app: str, token: str | None) -> tuple[list[Any], str | None]:
        asked: dict[str, str | int] = {"maxResults": PAGE}
        if token:
            asked["token"] = token
        answer = self._account.fetch_json(f"{self._base}/{quote(app, safe='')}/reviews", asked)
        following = answer.get("tokenPagination")
        after = following.get("nextPageToken") if isinstance(following, dict) else None
        return items_of(SOURCE, answer, "reviews", BESIDE), border.name(after)

    def recheck(self, held: Sequence[RecheckTarget], options: Options, now: datetime) -> RecheckResult:
        """List each app once; a missing review is asked for by its id. Reviews older than SURE cannot be rechecked."""
        recent = [one.id for one in held if one.published_at is not None and now - one.published_at <= SURE]
        listed: set[str] = set()
        for app in dict.fromkeys(reviews.own_id(SOURCE, one).partition("/")[0] for one in recent):
            items = (item for page in Pager(partial(self._page, app)) for item in page)
            listed |= {f"{SOURCE}:{app}/{item.get('reviewId')}" for item in items if isinstance(item, dict)}
        return reviews.recheck_each(recent, listed, self._stands)

    def _stands(self, mention_id: str) -> bool:
        return self._account.stands(self._address(mention_id))

    def _address(self, mention_id: str) -> str:
        app, _, own = reviews.own_id(SOURCE, mention_id).partition("/")
        return f"{self._base}/{quote(app, safe='')}/reviews/{quote(own, safe='')}"

    def refuses(self, reply: ApprovedReply, options: Options) -> str | None:
        """See Responder."""
        return reviews.unfit(self.rule, reply)

    def send(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent:
        """Post the reply, once."""
        self._account.write("POST", f"{self._address(reply.mention_id)}:reply", {"replyText": reply.text})
        return Sent(f"{reply.mention_id}/reply", now, reply.url)

    def find(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent | None:
        """Our reply under the review, if it has this text."""
        try:
            shown = _comment(self._account.fetch_json(self._address(reply.mention_id)), "developerComment")
        except NothingThere:
            return None
        if not reviews.is_same(shown.get("text"), reply.text):
            return None
        return Sent(f"{reply.mention_id}/reply", _replied_at(shown, now), reply.url)


def _replied_at(reply: Foreign, otherwise: datetime) -> datetime:
    try:
        return _instant(reply)
    except border.Unreadable:
        return otherwise
