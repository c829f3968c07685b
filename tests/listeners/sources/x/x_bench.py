"""What the tests of X share: keys, a server that bills, a source with a budget, posts by the hundred."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from listeners.budget import Ledger
from listeners.sources.x.listener import X
from tests.listeners.servers.x_server import OURS, RECORDED, XServer, a_post

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEYS = {
    "X_CONSUMER_KEY": "ck-s3cret",
    "X_CONSUMER_SECRET": "cs-s3cret",
    "X_ACCESS_TOKEN": f"{OURS}-at-s3cret",
    "X_ACCESS_TOKEN_SECRET": "ats-s3cret",
}


@pytest.fixture(autouse=True)
def bearer(monkeypatch):
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("X_BEARER_TOKEN", "bearer-s3cret")


@pytest.fixture
def account(monkeypatch):
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def x_server():
    server = XServer(NOON)
    yield server
    server.close()


@pytest.fixture
def x(x_server, web, ledger):
    return X(x_server.url, web, lambda options, now: Ledger(ledger, "x", options, now))


@pytest.fixture
def ledger(tmp_path):
    return tmp_path / "budgets"


@pytest.fixture
def buy(x, x_server, acme, ledger):
    def run_once(cursor=None, now=NOON, brands=(acme,), cap=1000.0, **options):
        x_server.now = now
        told = {"dollars_a_month": cap, "first_days": 7} | options
        cursor = json.loads(json.dumps(cursor or {}))
        return x.listen(brands, told, cursor, now, Ledger(ledger, "x", told, now))

    return run_once


def spent(ledger, now=NOON):
    return Ledger(ledger, "x", {"dollars_a_month": 1000}, now).spent


def ids(fetched):
    return [found.mention.id for found in fetched.found]


def many(count, newest=NOON - timedelta(minutes=2), apart=1.0, **facts):
    return [a_post(newest - timedelta(seconds=apart * number), **facts) for number in range(count)]


def recorded(name):
    path = RECORDED / "python_twitter_v2" / f"{name}.json"
    if not path.exists():
        pytest.skip(f"the recorded payloads are not beside this checkout (python_twitter_v2/{name})")
    return json.loads(path.read_text(encoding="utf-8"))
