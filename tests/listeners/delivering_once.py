"""A process of its own that delivers what lies in an outbox to a plain local server; tests kill it at bad moments."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from data.settings import Places
from listeners.base import ApprovedReply, Doubtful, ListenerError, Options, ReplyRule, Sent
from listeners.delivery.delivery import ReplyDelivery
from listeners.http.web import Limits, Web


class Board:
    """A source of no platform: POST /replies takes an answer, GET /replies lists those to a mention."""

    source = "board"
    rule = ReplyRule(longest=200)

    def __init__(self, base: str) -> None:
        self._base = base
        self._web = Web(Limits(connect=5.0, read=5.0, total=10.0))

    def refuses(self, approved: ApprovedReply, options: Options) -> str | None:
        return "too long" if len(approved.text) > self.rule.longest else None

    def send(self, approved: ApprovedReply, options: Options, now: datetime) -> Sent:
        try:
            self._web.send(self.source, "POST", f"{self._base}/replies", params={"to": approved.mention_id})
        except ListenerError as trouble:
            raise Doubtful(self.source, str(trouble)) from None
        return Sent("board:1", now)

    def find(self, approved: ApprovedReply, options: Options, now: datetime) -> Sent | None:
        told = self._web.fetch_json(self.source, f"{self._base}/replies", {"to": approved.mention_id})
        return Sent(f"board:{told['ids'][0]}", now) if told["ids"] else None


def main(base: str, folder: str) -> None:
    print("ready", flush=True)
    sys.stdin.readline()
    ReplyDelivery([Board(base)], Places(Path(folder)), lambda: datetime.now(UTC)).deliver()


if __name__ == "__main__":
    main(*sys.argv[1:])
