"""What the tests of Reddit's listener share: credentials, a source, a brand in a subreddit."""

from datetime import UTC, datetime

import pytest

from listeners.sources.reddit.listener import Reddit

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
THEN = NOON.timestamp()
SEARCH = "/r/all/search/"
COMMENTS = "/r/test/comments/"
INBOX = "/message/mentions"
SECRETS = {"REDDIT_CLIENT_ID": "app-id-s3cret", "REDDIT_CLIENT_SECRET": "app-s3cret"}
ACCOUNT = {"REDDIT_USERNAME": "acme_help", "REDDIT_PASSWORD": "pass-s3cret"}


@pytest.fixture(autouse=True)
def app(monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def account(monkeypatch):
    for name, value in ACCOUNT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def reddit(reddit_server, web):
    reddit_server.listings |= {SEARCH: [], COMMENTS: [], INBOX: []}
    return Reddit(reddit_server.url, reddit_server.url, web)


@pytest.fixture
def listen(reddit, acme):
    def run_once(cursor=None, now=NOON, brands=(acme,), **options):
        return reddit.listen(brands, {"subreddits": ["test"]} | options, cursor or {}, now)

    return run_once


def ids(fetched):
    return [found.mention.id for found in fetched.found]
