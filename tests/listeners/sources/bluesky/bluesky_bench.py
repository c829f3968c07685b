"""What the tests of Bluesky share: posts, an account's own server, a source that listens to it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from listeners.sources.bluesky.listener import Bluesky
from tests.listeners.servers.server import Answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OURS, THEIRS = "did:plc:ours", "did:plc:theirs"
XRPC = "/xrpc/"
OPEN, REFRESH = "/xrpc/com.atproto.server.createSession", "/xrpc/com.atproto.server.refreshSession"
SEARCH = "/xrpc/app.bsky.feed.searchPosts"
INBOX = "/xrpc/app.bsky.notification.listNotifications"
FEED = "/xrpc/app.bsky.feed.getAuthorFeed"
POSTS = "/xrpc/app.bsky.feed.getPosts"
CREATE = "/xrpc/com.atproto.repo.createRecord"
RECORD = "/xrpc/com.atproto.repo.getRecord"
THREAD = "/xrpc/app.bsky.feed.getPostThread"
PROFILE = "/xrpc/app.bsky.actor.getProfile"
SECRETS = {"BLUESKY_HANDLE": "acme.example", "BLUESKY_APP_PASSWORD": "app-s3cret"}


def at(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def uri(number, did=THEIRS):
    return f"at://{did}/app.bsky.feed.post/3k{number}"


def a_post(number, said=NOON, text="acme is slow", did=THEIRS, **record):
    return {
        "uri": uri(number, did),
        "cid": f"cid{number}",
        "author": {"did": did, "handle": "them.example"},
        "record": {"$type": "app.bsky.feed.post", "text": text, "createdAt": at(said), "langs": ["en-GB"]} | record,
        "indexedAt": at(said + timedelta(seconds=2)),
        "likeCount": 3,
    }


def below(number, did=THEIRS):
    strong = {"uri": uri(number, did), "cid": f"cid{number}"}
    return {"root": strong, "parent": strong}


def tagging(did=OURS):
    return [{"index": {"byteStart": 0, "byteEnd": 4}, "features": [{"$type": "#mention", "did": did}]}]


class Pds:
    """A server as far as we use it: sessions, a search in pages that may end early, lists that are set by tests."""

    def __init__(self, server):
        self.server = server
        self.posts, self.ends_after, self.tokens = [], 10**6, 0
        server.answers |= {
            OPEN: self.open,
            REFRESH: self.open,
            SEARCH: self.search,
            INBOX: Answer({"notifications": []}),
            FEED: Answer({"feed": []}),
        }

    def open(self, request):
        self.tokens += 1
        told = {"accessJwt": f"access-s3cret-{self.tokens}", "refreshJwt": f"refresh-s3cret-{self.tokens}"}
        return Answer(told | {"did": OURS, "handle": "acme.example"})

    def search(self, request):
        since, until = request.query["since"], request.query.get("until", "9")
        found = sorted(
            (post for post in self.posts if since <= post["record"]["createdAt"] < until),
            key=lambda post: post["record"]["createdAt"],
            reverse=True,
        )
        start = int(request.query.get("cursor", 0))
        page = found[start : start + int(request.query["limit"])]
        end = start + len(page)
        told = {"posts": page} | ({"cursor": str(end)} if end < min(len(found), self.ends_after) else {})
        return Answer(told, headers={"ratelimit-limit": "3000", "ratelimit-remaining": "2400"})


@pytest.fixture(autouse=True)
def account(monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def pds(server):
    return Pds(server)


@pytest.fixture
def source(pds, server, web):
    return Bluesky(server.url, web)


@pytest.fixture
def listen(source, acme):
    def run_once(cursor=None, now=NOON, brands=(acme,), **options):
        fetched = source.listen(brands, options, cursor or {}, now)
        json.dumps(fetched.cursor)
        return fetched

    return run_once


def ids(fetched):
    return sorted(found.mention.id for found in fetched.found)
