"""X's rechecks, and replies to those who named our account."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from data.models import ApprovedReply, Found
from listeners import border
from listeners.base import Budget, Doubtful, ListenerError, Options, RecheckResult, RecheckTarget, Sent
from listeners.http.web import Web, doubtful
from listeners.sources.x.client import (
    A_PERSON,
    A_POST,
    AN_ANSWER,
    AN_OWN_POST,
    HOST,
    WITH_A_LINK,
    OpenLedger,
    XClient,
    credentials,
    ledger,
)
from listeners.sources.x.listener import REPLY, SOURCE, handle
from listeners.sources.x.paging import bought
from listeners.sources.x.posts import (
    SITE,
    identity,
    latest,
    moment,
    next_token,
    people,
    posts,
    referenced,
    said_by_us,
    text_of,
    to_mention,
)

LINK = re.compile(r"https?://\S+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b(?:/\S*)?", re.IGNORECASE)
LINK_COUNTS = 23  # X shortens every link to so many characters
NARROW = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))  # code points that count once; all others count twice
EARLIER = timedelta(minutes=2)  # our clock and X's may differ
PAGES = 32  # of our own timeline, which holds no more
LOST = ("resource-not-found", "not-authorized-for-resource")  # deleted, or protected or suspended since


def length(text: str) -> int:
    """A text's length as X counts it: a link counts 23, and characters outside NARROW count twice."""
    text = unicodedata.normalize("NFC", text)
    plain = LINK.sub("", text)
    links = LINK_COUNTS * len(LINK.findall(text))
    return links + sum(1 if any(low <= ord(one) <= high for low, high in NARROW) else 2 for one in plain)


def by_hand(number: str) -> str:
    """The address where a person can answer a post in the browser."""
    return f"{SITE}/intent/post?in_reply_to={number}"


class _XAccount:
    """What rechecks and replies share: the client and the ledger."""

    def __init__(self, base: str = HOST, web: Web | None = None, open_ledger: OpenLedger = ledger) -> None:
        self.source = SOURCE
        self._web = web or Web()
        self._base = base
        self._open_ledger = open_ledger

    def _client(self, *, own: bool = False) -> XClient:
        return XClient(credentials(own=own), self._web, self._base)


class XRechecks(_XAccount):
    """Rechecks a hundred posts a request; each is billed like reading it. Authors are fetched for edited posts only."""

    ids_at_once = 100

    def recheck(self, held: Sequence[RecheckTarget], options: Options, now: datetime) -> RecheckResult:
        """Recheck posts by their ids. ListenerError at the cap, before any request."""
        asked = {one.id.removeprefix(f"{SOURCE}:"): one.id for one in held[: self.ids_at_once]}
        if not asked:
            return RecheckResult()
        client, budget = self._client(), self._open_ledger(options, now)
        answer = bought(budget, lambda _: client.look_up(list(asked)), (len(asked),), A_POST)
        told = [post for post in posts(answer) if isinstance(post, dict) and str(post.get("id")) in asked]
        edited = {latest(post): asked[str(post["id"])] for post in told if latest(post) is not None}
        present = [one for post in told if (one := asked[str(post["id"])]) not in edited.values()]
        gone = [asked[number] for number in _lost(answer) if number in asked and asked[number] not in present]
        return RecheckResult(gone, present, _edits(client, budget, [number for number in edited if number]))


def _edits(client: XClient, budget: Budget, numbers: Sequence[str]) -> list[Found]:
    """The newest versions of posts that were edited, with their authors."""
    if not numbers:
        return []
    answer = bought(budget, lambda _: client.look_up(numbers, with_people=True), (len(numbers),), A_POST, A_PERSON)
    found, authors = [], people(answer)
    for post in posts(answer):
        with suppress(border.Unreadable):
            found.append(Found(to_mention(post, authors.get(str(post.get("author_id"))))))
    return found


def _lost(answer: Mapping[str, Any]) -> list[str]:
    """The ids that X reports as gone; errors about included objects do not count."""
    return [
        str(one.get("resource_id") or one.get("value"))
        for one in answer.get("errors") or ()
        if isinstance(one, dict)
        and one.get("parameter", "ids") in ("ids", "id")
        and str(one.get("type", "")).rsplit("/", 1)[-1] in LOST
    ]


class XReplies(_XAccount):
    """Sends replies by our own account to those who named or quoted it; X refuses all others, so they are not sent."""

    rule = REPLY

    def refuses(self, reply: ApprovedReply, options: Options) -> str | None:
        """See Responder."""
        ours = handle(options)
        if not ours:
            return "X is not told who we are: set handle under [sources.x], or answer by hand through the link"
        if not _names(reply, ours) and _quoted(reply) is None:  # whose post was quoted is checked before sending
            return _uninvited(reply, ours)
        if not reply.text.strip():
            return "it is empty"
        if (counted := length(reply.text)) > REPLY.longest:
            return f"it has {counted} characters as X counts them; {REPLY.longest} are allowed"
        return None

    def send(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent:
        """Send the reply once. A reply with a link costs 20 times as much. ListenerError when the cap does not allow
        it."""
        client, budget = self._client(own=True), self._open_ledger(options, now)
        self._require_invitation(reply, client, budget, str(handle(options)))
        dollars = WITH_A_LINK if LINK.search(reply.text) else AN_ANSWER
        budget.reserve(dollars)
        billed = [f"{SOURCE}:sent:{reply.id}"]
        try:
            answer = client.answer(reply.text, _number(reply))
        except ListenerError as trouble:
            budget.charge(billed if isinstance(trouble, Doubtful) else (), dollars)
            raise
        budget.charge(billed, dollars)
        number = next((str(post["id"]) for post in posts(answer) if isinstance(post, dict) and post.get("id")), None)
        if number is None:
            raise doubtful(ListenerError(SOURCE, "X took the answer without giving it an id"))
        return _sent(number, now, options)

    def _require_invitation(self, reply: ApprovedReply, client: XClient, budget: Budget, ours: str) -> None:
        """Raise ListenerError unless the mention quotes a post of ours; that is checked at the price of one post when
        it does not name our handle."""
        quoted = _quoted(reply)
        if _names(reply, ours) or quoted is None:
            return
        answer = bought(budget, lambda _: client.look_up([quoted]), (1,), A_POST)
        authors = {str(post.get("author_id")) for post in posts(answer) if isinstance(post, dict)}
        if authors != {client.user_id}:
            raise ListenerError(SOURCE, _uninvited(reply, ours), permanent=True)

    def find(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent | None:
        """Search our own timeline, which is cheap to read, for the reply."""
        client, budget = self._client(own=True), self._open_ledger(options, now)
        asked: dict[str, Any] = {"start_time": reply.approved_at - EARLIER}
        tokens: set[str] = set()
        for _ in range(PAGES):
            answer = bought(budget, partial(_own_posts, client, asked), (100, 5), AN_OWN_POST)
            for post in posts(answer):
                if _answers(post, reply):
                    return _sent(identity(post), moment(post.get("created_at")), options)
            token = next_token(answer)
            if token is None:
                return None
            if token in tokens:
                break
            tokens.add(token)
            asked["pagination_token"] = token
        raise ListenerError(SOURCE, "our own timeline on X does not end, so whether the answer stands is not known")


def _names(reply: ApprovedReply, ours: str) -> bool:
    return ours.lower() in {name.strip(" @.-").lower() for name in reply.named}


def _quoted(reply: ApprovedReply) -> str | None:
    """The post that the mention quotes: the parent of a mention of kind "post". Of a comment that quotes, only the post
    it answers is known."""
    parent = (reply.parent_id or "").removeprefix(f"{SOURCE}:")
    return parent if reply.kind == "post" and parent.isascii() and parent.isdigit() else None


def _uninvited(reply: ApprovedReply, ours: str) -> str:
    link = by_hand(_number(reply))
    return f"X takes an answer only where the author mentioned or quoted @{ours}: answer by hand at {link}"


def _own_posts(client: XClient, asked: Mapping[str, Any], size: int) -> dict[str, Any]:
    return client.own_posts(max_results=size, **asked)


def _number(reply: ApprovedReply) -> str:
    """The id of the post to answer, from the mention's link: a mention's own id is that of an edited post's first
    version."""
    linked = re.search(r"/status/(\d+)$", reply.url or "")
    return linked[1] if linked else reply.mention_id.removeprefix(f"{SOURCE}:")


def _sent(number: str, at: datetime, options: Options) -> Sent:
    return Sent(f"{SOURCE}:{number}", at, f"{SITE}/{handle(options) or 'i/web'}/status/{number}")


def _answers(post: object, reply: ApprovedReply) -> bool:
    if not isinstance(post, dict):
        return False
    to = {reply.mention_id.removeprefix(f"{SOURCE}:"), _number(reply)}
    try:
        return referenced(post, "replied_to") in to and _bare(text_of(post)) == _bare(reply.text)
    except border.Unreadable:
        return False


def _bare(text: str) -> str:
    """A text without what X changes: the handles before it, links, white space."""
    return " ".join(LINK.sub("", said_by_us(unicodedata.normalize("NFC", text))).split())
