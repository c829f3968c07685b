"""What the listeners' tests share: a local server, a brand, an empty data folder, a noon."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from data.models import Brand
from data.settings import Places
from listeners.http.web import Limits, Web
from tests.listeners.servers.reddit_server import RedditServer
from tests.listeners.servers.server import Server

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PATIENT = Limits(connect=10.0, read=10.0, total=20.0, size=3_000_000)  # a busy machine must not fail a test
HASTY = Limits(connect=1.0, read=0.3, total=0.6)  # for servers that never answer


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


@pytest.fixture
def reddit_server():
    server = RedditServer()
    yield server
    server.close()


@pytest.fixture
def web():
    return Web(PATIENT, clock=lambda: NOON)


@pytest.fixture
def expect(web):
    """Tells the fetching side what is to come, so that it waits no longer than it must."""

    def hurry(answer):
        if answer.manner in ("hang", "drip", "drip-headers"):
            web.limits = HASTY
        return answer

    return hurry


@pytest.fixture
def acme():
    return Brand("Acme", terms=("acme",))


@pytest.fixture
def kept(tmp_path):
    return Places(tmp_path / "kept")


@pytest.fixture(autouse=True)
def no_secrets_of_ours(monkeypatch, tmp_path):
    """Tests see the secrets that they set and no others; no proxy stands between them and the local server."""
    for name in ("CLIENT_ID", "CLIENT_SECRET", "USERNAME", "PASSWORD", "REFRESH_TOKEN"):
        monkeypatch.delenv(f"REDDIT_{name}", raising=False)
    monkeypatch.setattr("data.settings.SECRETS", tmp_path / "no-secrets.toml")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
