"""X as far as we use it, on the local server: pages with tokens, windows, a bill, and recorded cassettes."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.listeners.servers.reddit_server import RECORDED
from tests.listeners.servers.server import Answer, Request, Server

SEARCH = "/2/tweets/search/recent"
COUNTS = "/2/tweets/counts/recent"
LOOKUP = "/2/tweets"
OURS = "99"
MENTIONS = f"/2/users/{OURS}/mentions"
OWN = f"/2/users/{OURS}/tweets"
EPOCH = 1_288_834_974_657


def a_number(at: datetime, serial: int = 0) -> str:
    """The id that X would give to a post of that instant."""
    return str(((round(at.timestamp() * 1000) - EPOCH) << 22) + serial)


def a_post(at: datetime, text: str = "I love acme", serial: int = 0, author: str = "7", **facts: object) -> dict:
    number = a_number(at, serial)
    told = {
        "id": number,
        "text": text,
        "author_id": author,
        "created_at": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z",
        "conversation_id": number,
        "edit_history_tweet_ids": [number],
        "lang": "en",
        "public_metrics": {"retweet_count": 1, "reply_count": 2, "like_count": 3, "quote_count": 4},
    }
    return told | facts


def a_person(number: str = "7", name: str = "someone", followers: int = 120) -> dict:
    return {"id": number, "username": name, "name": "Some One", "public_metrics": {"followers_count": followers}}


def page(posts: list[dict], token: str | None = None, people: list[dict] | None = None) -> dict:
    meta = {"result_count": len(posts)} | ({"next_token": token} if token else {})
    return {"data": posts, "includes": {"users": people or []}, "meta": meta}


def cassette(name: str) -> list[Answer]:
    """What was recorded in one of tweepy's cassettes; the test is skipped where the recordings are not there."""
    path = RECORDED / "tweepy" / f"{name}.yaml"
    if not path.exists():
        pytest.skip(f"the recorded payloads are not beside this checkout (tweepy/{name})")
    told = path.read_text(encoding="utf-8").split("\n- request:")[1:]
    return [_recorded(exchange) for exchange in told]


def _recorded(exchange: str) -> Answer:
    body = re.search(r"string: !!binary \|\n((?: {8}.*\n)+)", exchange)
    assert body, "the recording holds no body"
    headers = dict(re.findall(r"\n {6}([a-z-]+):\n {6}- '?([^'\n]+)", exchange))
    kept = ("content-type", "content-encoding", "x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset")
    status = re.search(r"status:\n\s+code: (\d+)", exchange)
    answer = base64.b64decode(body[1])
    return Answer(answer, int(status[1]), {name: headers[name] for name in kept if name in headers})


class XServer(Server):
    """`posts[path]` in any order; a page holds `max_results`, newest first, within the window that X knows.
    `bill`: dollars, as X would ask for them: each post and person once a day."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.now = now
        self.posts: dict[str, list[dict]] = {SEARCH: [], MENTIONS: [], OWN: []}
        self.people = {one["id"]: one for one in (a_person(), a_person(OURS, "acme", 9000))}
        self.bill = 0.0
        self._billed: set[tuple[str, str]] = set()
        self.answers = {"*": self._page}

    def _page(self, request: Request) -> Answer:
        if request.path == LOOKUP:
            return self._by_id(request.query["ids"].split(","), with_people="expansions" in request.query)
        listed = self.posts.get(request.path)
        if listed is None:
            return Answer({"title": "Not Found Error"}, 404)
        asked = request.query
        within = sorted((one for one in listed if self._is_asked_for(one, asked)), key=lambda one: -int(one["id"]))
        if request.path == SEARCH and self._is_too_old(asked):
            return Answer({"errors": [{"message": "it must be within the last seven days"}]}, 400)
        start = int((asked.get("next_token") or asked.get("pagination_token") or "p0")[1:])
        shown = within[start : start + int(asked["max_results"])]
        end = start + len(shown)
        with_people = "expansions" in asked
        people = [self.people[who] for who in dict.fromkeys(one["author_id"] for one in shown) if who in self.people]
        self._charge(request.path, shown, people if with_people else [])
        return Answer(page(shown, f"p{end}" if end < len(within) else None, people if with_people else None))

    def _by_id(self, asked: list[str], *, with_people: bool) -> Answer:
        """At most a hundred; those that are gone are named as errors."""
        assert len(asked) <= 100
        there = {one["id"]: one for listed in self.posts.values() for one in listed if one["id"] in asked}
        shown = list(there.values())
        people = [self.people[who] for who in dict.fromkeys(one["author_id"] for one in shown) if who in self.people]
        self._charge(LOOKUP, shown, people if with_people else [])
        lost = [
            {
                "resource_id": number,
                "resource_type": "tweet",
                "parameter": "ids",
                "type": "https://api.twitter.com/2/problems/resource-not-found",
            }
            for number in asked
            if number not in there
        ]
        told = page(shown, people=people if with_people else None)
        return Answer((told if shown else {}) | ({"errors": lost} if lost else {}))

    def _is_asked_for(self, post: dict, asked: dict[str, str]) -> bool:
        at = post["created_at"]
        return (
            ("since_id" not in asked or int(post["id"]) > int(asked["since_id"]))
            and ("start_time" not in asked or at >= asked["start_time"].replace("Z", ".000Z"))
            and ("end_time" not in asked or at < asked["end_time"].replace("Z", ".000Z"))
        )

    def _is_too_old(self, asked: dict[str, str]) -> bool:
        edge = self.now - timedelta(days=7)
        since = asked.get("since_id")
        start = asked.get("start_time")
        return bool((since and int(since) < int(a_number(edge))) or (start and datetime.fromisoformat(start) < edge))

    def _charge(self, path: str, posts: list[dict], people: list[dict]) -> None:
        each = 0.005 if path in (SEARCH, LOOKUP) else 0.001
        for kind, dollars, items in (("post", each, posts), ("person", 0.010, people)):
            for one in items:
                key = (f"{self.now:%Y-%m-%d} {kind}", one["id"])
                if key not in self._billed:
                    self._billed.add(key)
                    self.bill += dollars
