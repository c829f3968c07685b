"""Bluesky: a session is kept and refreshed, its secrets stay secret, failures are told plainly."""

import json

import pytest

from listeners.base import ListenerError
from listeners.sources.bluesky.client import BlueskyAccount
from listeners.sources.bluesky.listener import Bluesky
from tests.listeners.failures import each_failure, each_wait, told_to_wait
from tests.listeners.servers.server import Answer
from tests.listeners.sources.bluesky import bluesky_bench
from tests.listeners.sources.bluesky.bluesky_bench import FEED, INBOX, NOON, OPEN, REFRESH, SEARCH, a_post

account, listen, pds, source = bluesky_bench.account, bluesky_bench.listen, bluesky_bench.pds, bluesky_bench.source

# --- the session ---


def test_one_session_serves_many_runs_and_its_secrets_stay_out_of_the_cursor(pds, listen, server):
    pds.posts = [a_post(1)]
    fetched = listen(listen().cursor)
    assert len(server.asked(OPEN)) == 1
    assert "s3cret" not in json.dumps(fetched.cursor)
    assert "s3cret" not in str([request.query for request in server.requests])


def test_a_token_that_ran_out_is_refreshed_and_the_question_asked_again(pds, listen, server):
    pds.posts = [a_post(1)]
    listen()
    works = server.answers[SEARCH]
    server.answers[SEARCH] = lambda request: (
        Answer({"error": "ExpiredToken", "message": "Token has expired"}, 400)
        if request.headers["authorization"].endswith("-1")
        else works(request)
    )
    assert len(listen().found) == 1
    assert len(server.asked(OPEN)) == len(server.asked(REFRESH)) == 1
    assert server.asked(REFRESH)[0].headers["authorization"] == "Bearer refresh-s3cret-1"


def test_a_session_the_server_forgot_is_opened_anew(pds, listen, server):
    pds.posts = [a_post(1)]
    listen()
    server.answers[REFRESH] = Answer({"error": "ExpiredToken"}, 400)
    works = server.answers[SEARCH]
    server.answers[SEARCH] = lambda request: (
        Answer({"error": "ExpiredToken"}, 400) if request.headers["authorization"].endswith("-1") else works(request)
    )
    assert len(listen().found) == 1
    assert len(server.asked(OPEN)) == 2


def test_an_old_session_is_refreshed_before_it_runs_out(pds, server, web, acme):
    hours = iter([0.0, 0.5, *[1.5] * 50])
    account = BlueskyAccount(web, server.url, monotonic=lambda: next(hours) * 3600)
    Bluesky(account=account).listen([acme], {}, {}, NOON)
    assert (len(server.asked(OPEN)), len(server.asked(REFRESH))) == (1, 1)


def test_the_accounts_own_server_is_asked_only_over_https(pds, listen, server):
    works = server.answers[OPEN]
    service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": "http://127.0.0.1:1"}
    server.answers[OPEN] = lambda request: Answer(works(request).body | {"didDoc": {"service": [service]}})
    listen()
    assert server.asked(SEARCH)
    with pytest.raises(ListenerError, match="https"):
        listen(server="http://example.com")


def test_a_wrong_password_is_said_without_it(listen, server):
    server.answers[OPEN] = Answer({"error": "AuthenticationRequired", "message": "Invalid app-s3cret"}, 401)
    with pytest.raises(ListenerError, match="BLUESKY_APP_PASSWORD") as caught:
        listen()
    assert caught.value.permanent
    assert "s3cret" not in str(caught.value)


def test_missing_secrets_are_named(listen, monkeypatch):
    monkeypatch.delenv("BLUESKY_HANDLE")
    with pytest.raises(ListenerError, match="BLUESKY_HANDLE"):
        listen()


@each_failure
def test_every_failure_of_the_search_is_one_listener_error(listen, server, expect, answer, permanent):
    server.answers["*"] = server.answers[INBOX] = server.answers[FEED] = expect(answer)
    server.answers[SEARCH] = answer
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.source == "bluesky"
    assert caught.value.permanent is permanent


@each_failure
def test_every_failure_of_the_sign_in_is_one_listener_error(listen, server, expect, answer, permanent):
    server.answers[OPEN] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.permanent is permanent


@each_wait
def test_being_told_to_wait_is_passed_on(listen, server, said, seconds):
    server.answers[SEARCH] = told_to_wait(said)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.retry_after == seconds
