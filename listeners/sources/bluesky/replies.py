"""Replies on Bluesky: only where we were tagged or asked; a record key computed from the reply prevents doubles."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Any

from data.models import ApprovedReply, Mention
from listeners import border
from listeners.base import Doubtful, ListenerError, Options, Sent
from listeners.http.tokens import needed
from listeners.http.web import Web
from listeners.sources.bluesky.client import ENTRYWAY, SOURCE, BlueskyAccount, BlueskyRefusal, BlueskySession
from listeners.sources.bluesky.listener import ADDRESS, RULE, to_mention, web_address
from listeners.sync.reviews import is_same, items_of

POST = "app.bsky.feed.post"
MOST_BYTES = 3_000
DIGITS = "234567abcdefghijklmnopqrstuvwxyz"  # of a record key; they sort like the numbers they encode
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")
BOT = "bot"  # the label that an automated account gives itself


class BlueskyReplies:
    """Sends replies by our account. One request creates the record, whose key is computed from the reply."""

    def __init__(self, base: str = ENTRYWAY, web: Web | None = None, account: BlueskyAccount | None = None) -> None:
        self.source = SOURCE
        self.rule = RULE
        self._account = account or BlueskyAccount(web or Web(), base)

    def refuses(self, reply: ApprovedReply, options: Options) -> str | None:
        if not ADDRESS.fullmatch(_uri(reply)):
            return "It answers no post of Bluesky."
        if not reply.text.strip():
            return "There is nothing in it."
        long, heavy = graphemes(reply.text), len(reply.text.encode())
        if long > RULE.longest or heavy > MOST_BYTES:
            return f"It has {long:,} graphemes and {heavy:,} bytes; {RULE.longest} and {MOST_BYTES:,} are allowed."
        if reply.thread_id is None and _handle() not in reply.named:
            return f"{RULE.only_when} This post is neither."
        return None  # whose thread it is, is checked before sending

    def send(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent:
        session = self._account.session(options)
        self._require_label(options, session)
        post = self._post(reply, options)
        if not _asked_for(post, session.did):
            raise ListenerError(SOURCE, f"{RULE.only_when} This post is neither.", permanent=True)
        body = {"repo": session.did, "collection": POST, "rkey": key(reply), "record": record(reply, post, now)}
        try:
            answer = self._account.write(options, "com.atproto.repo.createRecord", body)
        except (BlueskyRefusal, Doubtful):  # a key that is taken is a 500 on Bluesky's own server
            with suppress(ListenerError):
                if sent := self._under_key(reply, options, session, now):
                    return sent  # this reply was sent before
            raise
        uri = answer.get("uri")
        place = ADDRESS.fullmatch(uri) if isinstance(uri, str) else None
        if place is None:
            raise Doubtful(SOURCE, "Bluesky took the answer without saying where it stands")
        return Sent(f"{SOURCE}:{uri}", now, web_address(place))

    def find(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent | None:
        session = self._account.session(options)
        return self._under_key(reply, options, session, now) or self._in_thread(reply, options, session)

    def _under_key(self, reply: ApprovedReply, options: Options, session: BlueskySession, now: datetime) -> Sent | None:
        asked = {"repo": session.did, "collection": POST, "rkey": key(reply)}
        try:
            answer = self._account.get(options, "com.atproto.repo.getRecord", asked)
        except BlueskyRefusal as why:
            if why.name == "RecordNotFound":
                return None
            raise
        place = ADDRESS.fullmatch(str(answer.get("uri")))
        if place is None:
            raise ListenerError(SOURCE, "Bluesky answered with something else than a record")
        return Sent(f"{SOURCE}:{place[0]}", _created(answer.get("value"), now), web_address(place))

    def _in_thread(self, reply: ApprovedReply, options: Options, session: BlueskySession) -> Sent | None:
        """A reply with this text that somebody wrote by hand."""
        asked = {"uri": _uri(reply), "depth": 1, "parentHeight": 0}
        try:
            thread = self._account.get(options, "app.bsky.feed.getPostThread", asked).get("thread")
        except BlueskyRefusal as why:
            if why.name == "NotFound":
                return None
            raise
        replies = thread.get("replies") if isinstance(thread, dict) else None
        for shown in replies if isinstance(replies, list) else []:
            post = shown.get("post") if isinstance(shown, dict) else None
            if (
                isinstance(post, dict)
                and isinstance(post.get("author"), dict)
                and post["author"].get("did") == session.did
            ):
                mention = to_mention(post)
                if is_same(mention.text, reply.text):
                    return Sent(mention.id, mention.published_at, mention.url)
        return None

    def _post(self, reply: ApprovedReply, options: Options) -> Mapping[str, Any]:
        posts = items_of(SOURCE, self._account.get(options, "app.bsky.feed.getPosts", {"uris": [_uri(reply)]}), "posts")
        post = next((one for one in posts if isinstance(one, dict) and one.get("uri") == _uri(reply)), None)
        if post is None:
            raise ListenerError(SOURCE, "The post is gone, so nothing can answer it.", permanent=True)
        viewer = post.get("viewer")
        if isinstance(viewer, dict) and viewer.get("replyDisabled"):
            raise ListenerError(SOURCE, "Its author takes no answers from us.", permanent=True)
        return post

    def _require_label(self, options: Options, session: BlueskySession) -> None:
        profile = self._account.get(options, "app.bsky.actor.getProfile", {"actor": session.did})
        labels = profile.get("labels")
        own = [one for one in labels if isinstance(one, dict)] if isinstance(labels, list) else []
        if not any(one.get("val") == BOT and one.get("src") == session.did for one in own):
            said = f"mark {session.handle} as automated first: Settings, Account, Automation label in Bluesky's app"
            raise ListenerError(SOURCE, said, permanent=True)


@lru_cache(maxsize=1)
def _cluster() -> Any:
    import regex  # a megabyte, needed for replies only

    return regex.compile(r"\X")


def graphemes(text: str) -> int:
    """The number of graphemes, the characters that a reader sees."""
    return len(_cluster().findall(text))


def key(reply: ApprovedReply) -> str:
    """The record key of a reply: the microsecond of its approval and ten bits of its id, so always the same."""
    number = int(reply.approved_at.timestamp() * 1_000_000) << 10 | zlib.crc32(reply.id.encode()) & 0x3FF
    return "".join(DIGITS[number >> shift & 31] for shift in range(60, -1, -5))


def record(reply: ApprovedReply, post: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The reply as a record: below `post`, in its thread, with its links as facets."""
    parent = {"uri": post.get("uri"), "cid": post.get("cid")}
    shown = (post.get("record") or {}).get("reply")
    root = shown.get("root") if isinstance(shown, dict) else None
    return {
        "$type": POST,
        "text": reply.text,
        "createdAt": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "reply": {"root": root or parent, "parent": parent},
        "facets": [_link(reply.text, found) for found in LINK.finditer(reply.text)],
    }


def _link(text: str, found: re.Match[str]) -> dict[str, Any]:
    start = len(text[: found.start()].encode())
    return {
        "index": {"byteStart": start, "byteEnd": start + len(found[0].encode())},
        "features": [{"$type": "app.bsky.richtext.facet#link", "uri": found[0]}],
    }


def _asked_for(post: Mapping[str, Any], did: str) -> bool:
    """Whether the post tags our account or stands in a thread of ours."""
    said = post.get("record")
    told: Mapping[str, Any] = said if isinstance(said, dict) else {}
    facets = [facet for facet in told.get("facets") or [] if isinstance(facet, dict)]
    tagged = {one.get("did") for facet in facets for one in facet.get("features") or [] if isinstance(one, dict)}
    reply = told.get("reply")
    above = [reply.get(name) for name in ("root", "parent")] if isinstance(reply, dict) else []
    ours = f"at://{did}/"
    return did in tagged or any(isinstance(one, dict) and str(one.get("uri")).startswith(ours) for one in above)


def _own(post: object, did: str) -> Mention | None:
    """A post of a thread if our account wrote it."""
    author = post.get("author") if isinstance(post, dict) else None
    if not isinstance(post, dict) or not isinstance(author, dict) or author.get("did") != did:
        return None
    try:
        return to_mention(post)
    except border.Unreadable:
        return None


def _uri(reply: ApprovedReply) -> str:
    return reply.mention_id.removeprefix(f"{SOURCE}:")


def _handle() -> str:
    return needed(SOURCE, "BLUESKY_HANDLE")[0].removeprefix("@").lower()


def _created(value: object, otherwise: datetime) -> datetime:
    try:
        return border.moment(value.get("createdAt")) if isinstance(value, dict) else otherwise
    except border.Unreadable:
        return otherwise
