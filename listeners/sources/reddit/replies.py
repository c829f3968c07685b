"""Reddit's rechecks, and replies by our own account."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from praw.models import Comment, Submission

from data.models import ApprovedReply, Found
from listeners import border
from listeners.base import ListenerError, Options, RecheckResult, RecheckTarget, Sent
from listeners.formats.reddit_entries import SITE
from listeners.http.web import Web, doubtful
from listeners.sources.reddit.client import (
    ANSWERS,
    Credentials,
    RedditClient,
    TokenError,
    as_listener_errors,
    connect,
    credentials,
    has_account,
)
from listeners.sources.reddit.listener import REPLY, SOURCE, comment_to_mention, is_edited, is_gone, to_mention

FULLNAME = re.compile(r"t[13]_[a-z0-9]+")
EARLIER = timedelta(minutes=5)  # our clock and Reddit's may differ
LISTED = 1000  # comments that a profile lists
WAIT = re.compile(r"(\d+) (millisecond|second|minute|hour)")
SECONDS = {"millisecond": 0.001, "second": 1.0, "minute": 60.0, "hour": 3600.0}
T = TypeVar("T")


class _RedditAccount:
    """A client, made when it is first needed and again when the credentials change."""

    def __init__(
        self,
        reddit_url: str = "https://www.reddit.com",
        oauth_url: str = "https://oauth.reddit.com",
        web: Web | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.source = SOURCE
        self._web = web or Web()
        self._connect = partial(connect, web=self._web, reddit_url=reddit_url, oauth_url=oauth_url, monotonic=monotonic)
        self._client: RedditClient | None = None
        self._held: Credentials = {}

    def _read(self, ask: Callable[[RedditClient], T]) -> T:
        """Call `ask` with the client. When Reddit refuses a held token, it is called again once with a new one."""
        held = credentials()
        if held != self._held:
            self._client, self._held = None, held
        had_one = self._client is not None
        try:
            return self._once(ask)
        except TokenError:
            self._client = None
            if not had_one:
                raise
        return self._once(ask)

    def _once(self, ask: Callable[[RedditClient], T]) -> T:
        with as_listener_errors(self._web):
            self._client = self._client or self._connect(self._held)
            return ask(self._client)


class RedditRechecks(_RedditAccount):
    """Rechecks a hundred items a request. An item missing from the response is undecided: it may be hidden from us
    only."""

    ids_at_once = 100

    def recheck(self, held: Sequence[RecheckTarget], options: Options, now: datetime) -> RecheckResult:
        """`gone`: deleted or removed items; `found`: those that were edited or lost their author; `present`: the
        others."""
        names = [one.id.removeprefix(f"{SOURCE}:") for one in held[: self.ids_at_once]]
        asked = [name for name in names if FULLNAME.fullmatch(name)]
        if not asked:
            return RecheckResult()
        items = self._read(lambda client: list(client.info(fullnames=asked)))
        gone: list[str] = []
        present: list[str] = []
        found: list[Found] = []
        for item in items:
            if not isinstance(item, Comment | Submission) or (name := vars(item).get("name")) not in asked:
                continue
            if is_gone(item):
                gone.append(f"{SOURCE}:{name}")
            elif changed := _changed(item):
                found.append(changed)
            else:
                present.append(f"{SOURCE}:{name}")
        return RecheckResult(gone, present, found)


def _changed(item: Comment | Submission) -> Found | None:
    """The item's present text, where it was edited or its author is gone; else None."""
    try:
        mention = to_mention(item) if isinstance(item, Submission) else comment_to_mention(item)
    except border.Unreadable:
        return None
    return Found(mention) if mention.author is None or is_edited(item) else None


class RedditReplies(_RedditAccount):
    """Sends each reply with one POST; PRAW's own method would sleep and send up to three times."""

    rule = REPLY

    def refuses(self, reply: ApprovedReply, options: Options) -> str | None:
        """See Responder."""
        if not FULLNAME.fullmatch(_fullname(reply)):
            return "it answers neither a post nor a comment of Reddit"
        if not reply.text.strip():
            return "it is empty"
        if len(reply.text) > REPLY.longest:
            return f"it has {len(reply.text):,} characters; {REPLY.longest:,} are allowed"
        return None

    def send(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent:
        """Send the reply once, with a new token, so that the request cannot fail on an expired one."""
        held = _ours()
        asked = {"text": reply.text, "thing_id": _fullname(reply)}
        with as_listener_errors(self._web):
            answer = self._connect(held).request(method="POST", path=ANSWERS, data=asked)
        told = answer.get("json") if isinstance(answer, dict) else None
        if not isinstance(told, dict):
            raise doubtful(ListenerError(SOURCE, "Reddit took the answer and said nothing that can be read"))
        if errors := told.get("errors"):
            raise _refused(errors, told.get("ratelimit"))
        return _told(told, now)

    def find(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent | None:
        """Search our account's newest comments for the reply, back to its approval."""
        self._held = _ours()
        since = (reply.approved_at - EARLIER).timestamp()
        return self._read(lambda client: _among(_own_comments(client, self._held), reply, since))


def _ours() -> Credentials:
    held = credentials()
    if not has_account(held):
        wanted = "REDDIT_USERNAME and REDDIT_PASSWORD, or REDDIT_REFRESH_TOKEN"
        raise ListenerError(SOURCE, f"Reddit takes answers from an account only: set {wanted}", permanent=True)
    return held


def _fullname(reply: ApprovedReply) -> str:
    return reply.mention_id.removeprefix(f"{SOURCE}:")


def _refused(errors: Any, ratelimit: object) -> ListenerError:
    """The error with Reddit's own reason; `errors`: [["THREAD_LOCKED", "Comments are locked.", "parent"]]."""
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], list) else [str(errors)]
    code, words = str(first[0]), str(first[1] if len(first) > 1 and first[1] else "")
    if code != "RATELIMIT":
        said = border.words(f"{code}: {words}" if words else code)[:200]
        return ListenerError(SOURCE, f"Reddit refused the answer ({said})", permanent=True)
    asked = WAIT.search(words)
    wait = int(asked[1]) * SECONDS[asked[2]] if asked else None
    if isinstance(ratelimit, int | float) and not isinstance(ratelimit, bool) and 0 <= ratelimit <= 86_400:
        wait = float(ratelimit)
    return ListenerError(SOURCE, "Reddit lets our account answer again a little later", retry_after=wait)


def _told(told: Mapping[str, Any], now: datetime) -> Sent:
    data = told.get("data")
    things = data.get("things") if isinstance(data, dict) else None
    first = things[0].get("data") if isinstance(things, list) and things and isinstance(things[0], dict) else None
    if not isinstance(first, dict) or not FULLNAME.fullmatch(str(first.get("name"))):
        # Where a community is quarantined, Reddit takes an answer and does not show it.
        raise doubtful(ListenerError(SOURCE, "Reddit took the answer without showing it"))
    try:
        at = border.instant(first.get("created_utc"))
    except border.Unreadable:
        at = now
    return _sent(first, at)


def _sent(told: Mapping[str, Any], at: datetime) -> Sent:
    path = border.name(told.get("permalink"))
    post, number = str(told.get("link_id", "")).removeprefix("t3_"), str(told["name"]).removeprefix("t1_")
    url = SITE + path if path and path.startswith("/") else f"{SITE}/comments/{post}/_/{number}/" if post else None
    return Sent(f"{SOURCE}:{told['name']}", at, url)


def _own_comments(client: RedditClient, held: Credentials) -> Iterable[Any]:
    name = held["username"]
    if not name:
        me = client.request(method="GET", path="api/v1/me")
        name = me.get("name") if isinstance(me, dict) else None
    if not isinstance(name, str) or not name:
        raise ListenerError(SOURCE, "Reddit does not say which account is ours")
    comments: Iterable[Any] = client.redditor(name).comments.new(limit=None)
    return comments


def _among(comments: Iterable[Any], reply: ApprovedReply, since: float) -> Sent | None:
    """Find the reply among `comments`, newest first. ListenerError when they do not reach back to `since`."""
    wanted = (_fullname(reply), " ".join(reply.text.split()))
    listed = 0
    for listed, comment in enumerate(comments, start=1):  # noqa: B007
        told = vars(comment) if isinstance(comment, Comment) else {}
        try:
            at = border.instant(told.get("created_utc"))
            text = " ".join(border.words(told.get("body")).split())
        except border.Unreadable:
            continue
        if at.timestamp() < since:
            return None
        if (told.get("parent_id"), text) == wanted:
            return _sent(told, at)
    if listed >= LISTED:
        raise ListenerError(SOURCE, "our account's comments do not reach back far enough to tell whether it arrived")
    return None
