"""Replies on YouTube by our own channel, below comments; each costs 50 units of the quota."""

from __future__ import annotations

from datetime import datetime

from data.models import ApprovedReply, Mention
from listeners import border
from listeners.base import Doubtful, ListenerError, Options, Sent
from listeners.sources.youtube.client import SOURCE, Quota, has_account
from listeners.sources.youtube.listener import COMMENT, REPLIES, RULE, YouTube, author_of, replies_to, to_mention
from listeners.sync.reader import Pager
from listeners.sync.reviews import is_same, items_of, unfit


class YouTubeReplies:
    """Sends replies by our channel. YouTube has one level of replies: one to a reply is put below the same comment."""

    def __init__(self, youtube: YouTube) -> None:
        self.source = SOURCE
        self.rule = RULE
        self._client = youtube.client

    def refuses(self, reply: ApprovedReply, options: Options) -> str | None:
        if not COMMENT.fullmatch(_top(reply)):
            return "It answers no comment of YouTube."
        if not has_account():
            return "YOUTUBE_REFRESH_TOKEN is missing: without it our channel cannot answer."
        return unfit(RULE, reply)

    def send(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent:
        body = {"snippet": {"parentId": _top(reply), "textOriginal": reply.text}}
        told = self._client.ask(Quota({}, now), "comments", "insert", ours=True, part="snippet", body=body)
        try:
            mention = to_mention(told)
        except border.Unreadable:
            raise Doubtful(SOURCE, "YouTube took the answer without saying where it stands") from None
        return Sent(mention.id, now, mention.url or reply.url)

    def find(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent | None:
        quota = Quota({}, now)
        channel = self._channel(quota)
        for page in Pager(replies_to(_top(reply), self._client, quota), REPLIES):
            for comment in page:
                told = _own(comment, channel)
                if told and is_same(told.text, reply.text):
                    return Sent(told.id, told.published_at, told.url or reply.url)
        return None

    def _channel(self, quota: Quota) -> str:
        told = self._client.ask(quota, "channels", "list", ours=True, part="id", mine=True)
        items = items_of(SOURCE, told, "items")
        if not items or not isinstance(items[0], dict) or not isinstance(items[0].get("id"), str):
            raise ListenerError(SOURCE, "YouTube does not say whose channel the token is for", permanent=True)
        return str(items[0]["id"])


def _own(comment: object, channel: str) -> Mention | None:
    """The comment as a mention if our channel wrote it; else None."""
    if not isinstance(comment, dict) or author_of(comment) != channel:
        return None
    try:
        return to_mention(comment)
    except border.Unreadable:
        return None


def _top(reply: ApprovedReply) -> str:
    """The id of the thread's first comment."""
    return (reply.thread_id or reply.mention_id).removeprefix(f"{SOURCE}:")
