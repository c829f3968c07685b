"""/healthz over real HTTP: figures for this machine and for who has the token; for others only whether all is well."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import urllib.error
import urllib.request

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.routing import Route

from dashboard.http import health
from data.settings import VERSION

TOKEN = "t0ken-t0ken-t0ken-t0ken"
FIGURES = {"status": "ok", "store": "ok", "figures": {"mentions": 7}}
PATIENCE = 30.0  # seconds; only a test that fails waits so long


@pytest.fixture
def found(monkeypatch):
    """What the runtime reports, and how often it was asked."""
    told = type("Told", (), {"well": True, "asked": 0})()

    def report():
        told.asked += 1
        return told.well, FIGURES | {"status": "ok" if told.well else "trouble"}

    monkeypatch.setattr(health, "report", report)
    monkeypatch.setattr(health, "_status", health._Status())
    monkeypatch.setenv("HEARBACK_HEALTH_TOKEN", TOKEN)
    return told


@pytest.fixture
def port(found):
    """The port of a server on all of this machine's addresses, with the route alone."""
    listening = socket.create_server(("", 0))
    app = Starlette(routes=[Route("/healthz", health.healthz)])
    running = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    thread = threading.Thread(target=lambda: asyncio.run(running.serve([listening])), daemon=True)
    thread.start()
    yield listening.getsockname()[1]
    running.should_exit = True
    thread.join(PATIENCE)


def ask(port, host="127.0.0.1", **headers):
    """The status and the answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = urllib.request.Request(f"http://{host}:{port}/healthz", headers=named)
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310  # our own
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def own_address():
    """An address of this machine that is not the loopback; asking it sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no address but the loopback")
        address = probe.getsockname()[0]
    if address.startswith("127."):
        pytest.skip("this machine has no address but the loopback")
    return address


def test_whoever_is_on_this_machine_gets_the_figures_and_the_version(port):
    assert ask(port) == (200, {"version": VERSION} | FIGURES)


@pytest.mark.parametrize("well", [True, False])
@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Via", "CF-Connecting-IP"],
)
@pytest.mark.parametrize("value", ["203.0.113.9", "127.0.0.1", ""])
def test_what_came_through_a_proxy_gets_a_word(port, found, header, value, well):
    found.well = well
    assert ask(port, **{header: value}) == ((200, {"status": "ok"}) if well else (503, {"status": "trouble"}))


def test_what_was_asked_under_another_name_gets_a_word(port):
    """A proxy that keeps the name and tells of nobody."""
    assert ask(port, Host="hearback.example.com") == (200, {"status": "ok"})
    assert ask(port, Host=f"localhost:{port}")[1]["figures"]


def test_another_machine_gets_a_word_whatever_it_claims(port):
    address = own_address()
    assert ask(port, host=address) == (200, {"status": "ok"})
    assert ask(port, host=address, Host="localhost") == (200, {"status": "ok"})
    assert ask(port, host=address, Host="localhost", X_Forwarded_For="127.0.0.1") == (200, {"status": "ok"})


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_who_has_the_token_gets_the_figures_from_anywhere(port, scheme):
    told = ask(port, Host="hearback.example.com", X_Forwarded_For="203.0.113.9", Authorization=f"{scheme} {TOKEN}")
    assert told == (200, {"version": VERSION} | FIGURES)


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN, "Bearer t\xf6ken"],
)
def test_a_wrong_token_gets_a_word(port, given):
    assert ask(port, X_Forwarded_For="203.0.113.9", Authorization=given) == (200, {"status": "ok"})


@pytest.mark.parametrize("setting", ["", "  "])
@pytest.mark.parametrize("given", ["Bearer ", "Bearer", "Bearer   ", "Bearer None"])
def test_where_no_token_is_set_none_fits(monkeypatch, setting, given):
    monkeypatch.setenv("HEARBACK_HEALTH_TOKEN", setting)
    monkeypatch.setattr(health, "secret", lambda _: setting or None)
    assert not health.has_token(Headers({"authorization": given}))


def test_a_token_beyond_ascii_fits_as_it_is_sent(monkeypatch):
    monkeypatch.setenv("HEARBACK_HEALTH_TOKEN", "schlüssel")
    sent = "Bearer schlüssel".encode()
    assert health.has_token(Headers(raw=[(b"authorization", sent)]))


@pytest.mark.parametrize("client", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_every_loopback_is_this_machine(client):
    assert health.is_from_here(client, Headers({"host": "localhost:8501"}))


@pytest.mark.parametrize(
    "client", ["", "192.0.2.7", "::ffff:192.0.2.7", "2001:db8::1", "localhost", "127.0.0.1.example"]
)
def test_no_other_address_is(client):
    assert not health.is_from_here(client, Headers({"host": "localhost:8501"}))


def test_others_who_ask_again_and_again_cost_one_look(port, found):
    for _ in range(20):
        assert ask(port, X_Forwarded_For="203.0.113.9") == (200, {"status": "ok"})
    assert found.asked <= 5  # one a second, on a busy machine too
    before = found.asked
    ask(port)
    assert found.asked == before + 1
