"""Replies on Mastodon: only to those who mentioned us, with an idempotency key, so that the server posts each once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from data.models import ApprovedReply, Mention
from listeners import border
from listeners.base import Doubtful, ListenerError, Options, Sent
from listeners.sources.mastodon.client import SOURCE, Server
from listeners.sources.mastodon.listener import NUMBER, RULE, Mastodon, to_mention
from listeners.sync.reviews import is_same

ADDRESSED = re.compile(r"^(?:@[\w.\-]+(?:@[\w.\-]+)?\s+)+")  # the handles that a reply begins with
LINK = re.compile(r"https?://\S+")
LINK_COUNTS = 23  # characters, however long it is


class MastodonReplies:
    """Sends replies by our account through its own server."""

    def __init__(self, mastodon: Mastodon) -> None:
        self.source = SOURCE
        self.rule = RULE
        self._mastodon = mastodon

    def refuses(self, reply: ApprovedReply, options: Options) -> str | None:
        host, _, number = reply.mention_id.removeprefix(f"{SOURCE}:").partition("/")
        if not host or not NUMBER.fullmatch(number):
            return "It answers no post of Mastodon."
        if not reply.text.strip():
            return "There is nothing in it."
        # The author's handle is put before the text; its server does not count.
        said = f"@{(reply.author or '').partition('@')[0]} {reply.text}"
        length = len(LINK.sub("x" * LINK_COUNTS, said))
        if length > RULE.longest:
            return f"It has {length:,} characters with the author's name; {RULE.longest} are allowed."
        if not reply.named and reply.parent_id is None:
            return f"{RULE.only_when} This post is neither."
        return None  # whether our account was mentioned is checked before sending

    def send(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent:
        server = self._home(options)
        post = self._post(reply, server)
        if not _asked_for(post, server.own()["id"]):
            raise ListenerError(SOURCE, f"{RULE.only_when} This post is neither.", permanent=True)
        text = _addressed(reply.text, post)
        told = server.ask(
            lambda client: client.status_post(
                text,
                in_reply_to_id=post["id"],
                visibility=post.get("visibility") or "unlisted",
                idempotency_key=reply.id,
            )
        )
        if not isinstance(told, dict) or not isinstance(told.get("id"), str):
            raise Doubtful(SOURCE, f"{server.host} took the answer without saying where it stands")
        return Sent(f"{SOURCE}:{server.host}/{told['id']}", now, border.name(told.get("url")))

    def find(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent | None:
        server = self._home(options)
        post = self._post(reply, server)
        context = server.ask(lambda client: client.status_context(post["id"]))
        below = context.get("descendants") if isinstance(context, dict) else None
        if not isinstance(below, list):
            raise ListenerError(SOURCE, f"{server.host} answered with something else than a thread")
        for status in below:
            told = _own(status, server)
            if told and status.get("in_reply_to_id") == post["id"] and _says(told.text, reply.text):
                return Sent(told.id, told.published_at, told.url)
        return None

    def _home(self, options: Options) -> Server:
        server = self._mastodon.servers(options)[0]
        if not server.token:
            raise ListenerError(SOURCE, f"{server.host} needs MASTODON_ACCESS_TOKEN for answers", permanent=True)
        return server

    def _post(self, reply: ApprovedReply, server: Server) -> dict[str, Any]:
        """The post on our own server, where it has another id than on the server it was found on. ListenerError when
        our server does not know it."""
        host, _, number = reply.mention_id.removeprefix(f"{SOURCE}:").partition("/")
        if host == server.host:
            told = server.ask(lambda client: client.status(number))
        else:
            found = server.ask(lambda client: client.search_v2(reply.url, resolve=True, result_type="statuses"))
            held = found.get("statuses") if isinstance(found, dict) else None
            told = held[0] if isinstance(held, list) and held else None
        if not isinstance(told, dict) or not isinstance(told.get("id"), str):
            raise ListenerError(SOURCE, f"{server.host} does not know the post that is to be answered", permanent=True)
        return told


def _asked_for(post: Mapping[str, Any], own: str) -> bool:
    """Whether the post mentions our account or answers it."""
    mentioned = [one.get("id") for one in post.get("mentions") or [] if isinstance(one, dict)]
    return own in mentioned or post.get("in_reply_to_account_id") == own


def _addressed(text: str, post: Mapping[str, Any]) -> str:
    """The approved text, with the author's handle before it where the text lacks it: without it nobody is notified."""
    by = post.get("account")
    acct = border.name(by.get("acct")) if isinstance(by, dict) else None
    return text if acct is None or f"@{acct}".casefold() in text.casefold() else f"@{acct} {text}"


def _own(status: Any, server: Server) -> Mention | None:
    """A status of a thread if our account wrote it."""
    by = status.get("account") if isinstance(status, dict) else None
    if not isinstance(by, dict) or by.get("id") != server.own()["id"]:
        return None
    try:
        return to_mention(status, server.host)
    except border.Unreadable:
        return None


def _says(said: str, text: str) -> bool:
    """Whether two texts are the same, apart from the handles they begin with."""
    return is_same(said, text) or is_same(ADDRESSED.sub("", said), ADDRESSED.sub("", text))
