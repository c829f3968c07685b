"""A request is answered under a host name of ours and from a page of ours, whatever else it says."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers
from streamlit import config

from dashboard.http import gatekeeper, origins


def told(**headers):
    """The status of a refusal of these headers; None where the request is answered."""
    given = {"host": "127.0.0.1:8501"} | {name.replace("_", "-"): value for name, value in headers.items()}
    refused = origins.refusal(Headers({name: value for name, value in given.items() if value is not None}))
    return refused and refused.status


@pytest.fixture
def public(monkeypatch):
    """A public host name that people set, in place of the loopback's."""
    listed = {"server.allowedHosts": ["Hearback.example.com "], "server.address": "192.0.2.7"}
    plain = config.get_option
    monkeypatch.setattr(config, "get_option", lambda name: listed.get(name, plain(name)))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:9999", "localhost:8501", "LOCALHOST", "localhost.", "[::1]:8501", "[::1]"]
)
def test_the_loopback_is_ours_on_any_port(host):
    assert told(host=host) is None


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8501", "127.0.0.1.evil.example", "localhost.evil.example", "0.0.0.0", ""),
        *("127.0.0.1@evil.example", "evil.example@127.0.0.1", "127.0.0.1:99999", "127.0.0.1:x", "127.0.0.1/x"),
        *("[::1", "[x]y]", "127.0.0.1#", "127.0.0.1?", "local\thost", "*", None),
        *("localhost..", "127.0.0.1.."),
    ],
)
def test_any_other_name_is_refused(host):
    assert told(host=host) == 421


def test_a_name_that_people_set_is_ours_beside_the_loopback(public):
    assert told(host="hearback.example.com") is None
    assert told(host="192.0.2.7:8501") is None
    assert told(host="localhost") is None
    assert told(host="other.example.com") == 421
    assert told(host="hearback.example.com", origin="https://hearback.example.com") is None
    assert told(host="hearback.example.com", origin="https://other.example.com") == 403


def test_a_star_opens_nothing(monkeypatch):
    plain = config.get_option
    listed = {"server.allowedHosts": ["*"]}
    monkeypatch.setattr(config, "get_option", lambda name: listed.get(name, plain(name)))
    assert told(host="evil.example") == 421


@pytest.mark.parametrize(
    "origin",
    [
        *("http://127.0.0.1:9999", "http://127.0.0.1", "http://localhost:8501", "http://evil.example", "null", ""),
        *("file://127.0.0.1:8501", "http://127.0.0.1:8501.evil.example", "http://[::1"),
    ],
)
def test_another_origin_is_refused(origin):
    assert told(origin=origin) == 403


@pytest.mark.parametrize("place", [0, 1])
def test_a_foreign_origin_beside_our_own_is_refused(place):
    given = [(b"host", b"127.0.0.1:8501"), (b"origin", b"http://127.0.0.1:8501")]
    given.insert(1 + place, (b"origin", b"http://evil.example"))
    assert origins.refusal(Headers(raw=given)).status == 403


def test_our_own_origin_and_none_are_answered():
    assert told(origin="http://127.0.0.1:8501") is None
    assert told() is None


def test_a_foreign_page_may_link_here_but_fetch_and_frame_nothing():
    assert told(sec_fetch_site="cross-site", sec_fetch_dest="document") is None
    for dest in ("iframe", "empty", "image", "script", None):
        assert told(sec_fetch_site="cross-site", sec_fetch_dest=dest) == 403
        assert told(sec_fetch_site="same-site", sec_fetch_dest=dest) == 403
    assert told(sec_fetch_site="same-origin", sec_fetch_dest="empty") is None
    assert told(sec_fetch_site="none", sec_fetch_dest="document") is None


def test_the_policy_lets_streamlits_own_page_run_and_no_other_script():
    told = gatekeeper.policy("127.0.0.1:8501")
    assert "script-src 'self' blob: 'wasm-unsafe-eval' 'sha256-" in told
    assert "connect-src 'self' ws://127.0.0.1:8501 wss://127.0.0.1:8501;" in told
    assert "frame-ancestors 'none'" in told
    assert "'unsafe-eval'" not in told
    assert "unsafe-inline" not in told.partition("script-src")[2].partition(";")[0]
