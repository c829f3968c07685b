"""What the tests of YouTube share: comments, videos that hold them, a source that listens to them."""

import json
from datetime import UTC, datetime

import pytest

from listeners.sources.youtube.listener import YouTube
from tests.listeners.servers.reddit_server import RECORDED
from tests.listeners.servers.server import Answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
THREADS, COMMENTS, CHANNELS = (f"/youtube/v3/{name}" for name in ("commentThreads", "comments", "channels"))
OURS, THEIRS = "UC" + "o" * 22, "UC" + "t" * 22
VIDEO = "dQw4w9WgXcQ"
ACCOUNT = {"YOUTUBE_CLIENT_ID": "app", "YOUTUBE_CLIENT_SECRET": "w0rd-s3cret", "YOUTUBE_REFRESH_TOKEN": "r-s3cret"}


def a_comment(number, said=NOON, text="it broke", by=THEIRS, **snippet):
    told = said.isoformat().replace("+00:00", "Z")
    return {
        "kind": "youtube#comment",
        "id": f"Ug{number}",
        "snippet": {
            "textDisplay": text,
            "authorDisplayName": "@someone",
            "authorChannelUrl": f"http://www.youtube.com/channel/{by}",
            "authorChannelId": {"value": by},
            "videoId": VIDEO,
            "likeCount": 4,
            "publishedAt": told,
            "updatedAt": told,
        }
        | snippet,
    }


def a_thread(number, said=NOON, replies=(), total=None, **facts):
    return {
        "kind": "youtube#commentThread",
        "id": f"Ug{number}",
        "snippet": {"topLevelComment": a_comment(number, said, **facts), "totalReplyCount": total or len(replies)},
        "replies": {"comments": list(replies)},
    }


def a_reply(number, parent, said=NOON, **facts):
    return a_comment(f"{parent}.{number}", said, parentId=f"Ug{parent}", **facts)


class Tube:
    """The interface as far as we use it: threads newest first, a page at a time; replies by their parent."""

    def __init__(self, server):
        self.threads, self.replies = [], {}
        server.answers |= {THREADS: self.page, COMMENTS: self.below}
        server.answers["/token"] = Answer({"access_token": "access-s3cret", "expires_in": 3600})
        server.answers[CHANNELS] = Answer({"items": [{"id": OURS}]})

    def page(self, request):
        return self._cut(sorted(self.threads, key=when, reverse=True), request)

    def below(self, request):
        return self._cut(self.replies.get(request.query["parentId"], []), request)

    def _cut(self, items, request):
        start, size = int(request.query.get("pageToken", 0)), int(request.query["maxResults"])
        more = {"nextPageToken": str(start + size)} if start + size < len(items) else {}
        return Answer({"kind": "list", "items": items[start : start + size]} | more)


def when(thread):
    return thread["snippet"]["topLevelComment"]["snippet"]["publishedAt"]


@pytest.fixture(autouse=True)
def app(monkeypatch):
    monkeypatch.setenv("YOUTUBE_API_KEY", "key-s3cret")
    for name in ACCOUNT:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def account(monkeypatch):
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def tube(server):
    return Tube(server)


@pytest.fixture
def source(server, web):
    return YouTube(server.url + "/", server.url + "/token", web)


@pytest.fixture
def listen(tube, source, acme):
    def run_once(cursor=None, now=NOON, brands=(acme,), **options):
        fetched = source.listen(brands, options or {"channels": [OURS]}, cursor or {}, now)
        json.dumps(fetched.cursor)
        return fetched

    return run_once


def ids(fetched):
    return sorted(found.mention.id for found in fetched.found)


def recorded(name):
    path = RECORDED / "youtube" / f"{name}.json"
    if not path.exists():
        pytest.skip(f"the recorded payloads are not beside this checkout (youtube/{name})")
    return json.loads(path.read_text(encoding="utf-8"))
