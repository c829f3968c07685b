"""What the tests of Mastodon share: statuses, a server that holds them, a source that listens to it."""

import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from listeners.sources.mastodon.listener import Mastodon
from tests.listeners.servers.server import Answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TAG, INBOX = "/api/v1/timelines/tag/acme", "/api/v1/notifications"
SEARCH, OWN = "/api/v2/search", "/api/v1/accounts/verify_credentials"
OURS = {"id": "900", "acct": "acme_help", "url": "https://own.example/@acme_help"}
THEM = {"id": "7", "acct": "them@origin.example", "url": "https://origin.example/@them", "followers_count": 9}
WRITE = "/api/v1/statuses"


def a_status(number, said=NOON, text="<p>my <b>#acme</b> broke</p>", **facts):
    return {
        "id": str(number),
        "created_at": said.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "content": text,
        "url": f"https://origin.example/@them/{number}",
        "account": {
            "id": "7",
            "acct": "them@origin.example",
            "url": "https://origin.example/@them",
            "followers_count": 9,
        },
        "visibility": "public",
        "language": "en",
        "favourites_count": 2,
        "reblogs_count": 1,
        "in_reply_to_id": None,
        "edited_at": None,
        "reblog": None,
        "mentions": [],
    } | facts


class Instance:
    """A server as far as we use it: lists newest first, 40 a page, with links to the next."""

    def __init__(self, server):
        self.server = server
        self.lists = {TAG: [], INBOX: [], "/api/v1/accounts/900/statuses": []}
        server.answers |= dict.fromkeys(self.lists, self.page)
        server.answers |= {SEARCH: Answer({"statuses": [], "accounts": [], "hashtags": []}), OWN: Answer(OURS)}

    def page(self, request):
        items = self.lists[request.path]
        names = [item["id"] for item in items]
        start = names.index(request.query["max_id"]) + 1 if "max_id" in request.query else 0
        shown = items[start : start + int(request.query["limit"])]
        link = f'<{self.server.url}{request.path}?max_id={shown[-1]["id"]}&limit=40>; rel="next"' if shown else ""
        headers = {"Link": link, "X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "150"}
        headers["X-RateLimit-Reset"] = "2026-11-23T12:05:00.000000Z"
        return Answer(shown, headers={name: said for name, said in headers.items() if said})


@pytest.fixture(autouse=True)
def no_token(monkeypatch):
    monkeypatch.delenv("MASTODON_ACCESS_TOKEN", raising=False)


@pytest.fixture
def token(monkeypatch):
    monkeypatch.setenv("MASTODON_ACCESS_TOKEN", "s3cret-token")


@pytest.fixture
def instance(server):
    return Instance(server)


@pytest.fixture
def host(server):
    return urlsplit(server.url).netloc


@pytest.fixture
def source(web):
    return Mastodon(web, plain_http=True)


@pytest.fixture
def listen(instance, source, server, acme):
    def run_once(cursor=None, now=NOON, brands=(acme,), **options):
        fetched = source.listen(brands, {"servers": [server.url]} | options, cursor or {}, now)
        json.dumps(fetched.cursor)
        return fetched

    return run_once


def numbers(fetched):
    return sorted(found.mention.id.partition("/")[2] for found in fetched.found)
