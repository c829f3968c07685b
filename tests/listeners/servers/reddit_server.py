"""Reddit as far as we use it, on the local server: a token, listings of 100 that end at 1000, recorded cassettes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.listeners.servers.server import Answer, Request, Server

RECORDED = (
    Path(os.environ.get("HEARBACK_SHARED") or Path(__file__).resolve().parents[4] / "shared") / "data" / "payloads"
)
TOKEN_PATH = "/api/v1/access_token"
CEILING = 1000


def cassette(name: str, library: str = "praw") -> list[dict]:
    """The recorded exchanges of one cassette; the test is skipped where the recordings are not there."""
    path = RECORDED / library / f"{name}.json"
    if not path.exists():
        pytest.skip(f"the recorded payloads are not beside this checkout ({library}/{name})")
    return json.loads(path.read_text(encoding="utf-8"))["interactions"]


def play(server: Server, exchanges: list[dict]) -> None:
    """Answer each path with what was recorded for it, in the recorded order."""
    told: dict[str, list[Answer]] = {}
    for exchange in exchanges:
        told.setdefault(urlsplit(exchange["request"]["uri"]).path, []).append(recorded_answer(exchange))
    server.answers |= told


def recorded_answer(exchange: dict) -> Answer:
    response = exchange["response"]
    kept = ("content-type", "retry-after", "x-ratelimit-remaining", "x-ratelimit-used", "x-ratelimit-reset", "location")
    headers = {name: said[0] for name, said in response["headers"].items() if name.lower() in kept}
    return Answer(response["body"]["string"], response["status"]["code"], headers)


def listing(children: list[dict], after: str | None = None) -> dict:
    return {"kind": "Listing", "data": {"after": after, "before": None, "children": children}}


def a_comment(number: int, created: float, body: str = "I love acme", **facts: object) -> dict:
    told = {
        "name": f"t1_{number:06x}",
        "id": f"{number:06x}",
        "author": "someone",
        "body": body,
        "created_utc": created,
        "edited": False,
        "link_id": "t3_abc",
        "parent_id": "t3_abc",
        "permalink": f"/r/test/comments/abc/_/{number:06x}/",
        "score": 3,
        "replies": "",
        "subreddit": "test",
    }
    return {"kind": "t1", "data": told | facts}


def a_post(number: int, created: float, title: str = "acme broke", **facts: object) -> dict:
    told = {
        "name": f"t3_{number:06x}",
        "id": f"{number:06x}",
        "author": "someone",
        "title": title,
        "selftext": "",
        "created_utc": created,
        "edited": False,
        "permalink": f"/r/test/comments/{number:06x}/_/",
        "score": 3,
        "subreddit": "test",
    }
    return {"kind": "t3", "data": told | facts}


class RedditServer(Server):
    """`listings[path]` holds items newest first; a page is 100, and nothing beyond the newest 1000 is listed."""

    def __init__(self) -> None:
        super().__init__()
        self.listings: dict[str, list[dict]] = {}
        token = {"access_token": "a-token-that-stays-secret", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
        self.answers = {TOKEN_PATH: Answer(token), "*": self._page}

    def _page(self, request: Request) -> Answer:
        items = self.listings.get(request.path)
        if items is None:
            return Answer({"message": "Not Found", "error": 404}, 404)
        listed = items[:CEILING]
        names = [item["data"].get("name") for item in listed]
        start = names.index(request.query["after"]) + 1 if "after" in request.query else 0
        page = listed[start : start + 100]
        more = start + 100 < len(listed)
        return Answer(listing(page, page[-1]["data"]["name"] if more else None))

    def token_requests(self) -> list[dict[str, str]]:
        return [dict(parse_qsl(request.body)) for request in self.asked(TOKEN_PATH)]
