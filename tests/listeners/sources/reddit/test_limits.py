"""Reddit: credentials, limits and failures, told in plain words and without a secret."""

import logging
import time

import pytest

from listeners.base import ListenerError
from listeners.sources.reddit.client import credentials
from listeners.sources.reddit.listener import Reddit
from tests.listeners.servers.reddit_server import TOKEN_PATH, a_comment, a_post, listing
from tests.listeners.servers.server import Answer
from tests.listeners.sources.reddit import reddit_bench
from tests.listeners.sources.reddit.reddit_bench import COMMENTS, INBOX, NOON, SEARCH, SECRETS, THEN, ids

account, app, listen, reddit = reddit_bench.account, reddit_bench.app, reddit_bench.listen, reddit_bench.reddit

# --- credentials, limits and failures ---


@pytest.mark.parametrize("missing", SECRETS)
def test_missing_credentials_are_named(monkeypatch, missing):
    monkeypatch.delenv(missing)
    with pytest.raises(ListenerError, match=missing) as caught:
        credentials()
    assert caught.value.permanent
    assert "s3cret" not in str(caught.value)


def test_the_inbox_is_read_only_with_an_account(reddit_server, listen, monkeypatch):
    listen()
    assert not reddit_server.asked(INBOX)
    assert reddit_server.token_requests()[0]["grant_type"] == "client_credentials"
    monkeypatch.setenv("REDDIT_REFRESH_TOKEN", "refresh-s3cret")
    listen()
    assert reddit_server.asked(INBOX)
    assert reddit_server.token_requests()[1]["grant_type"] == "refresh_token"


def test_we_say_who_we_are(reddit_server, listen, account):
    listen()
    assert all("hearback" in request.headers["user-agent"] for request in reddit_server.requests)
    assert "by /u/acme_help" in reddit_server.requests[0].headers["user-agent"]


def test_one_token_serves_many_runs(reddit_server, listen):
    listen(listen().cursor)
    assert len(reddit_server.token_requests()) == 1


def test_a_token_that_was_taken_back_is_replaced_at_once(reddit_server, listen):
    cursor = listen().cursor
    reddit_server.listings[SEARCH] = [a_post(1, THEN)]
    works = reddit_server.answers["*"]
    reddit_server.answers[SEARCH] = [Answer("", 401), works(reddit_server.asked(SEARCH)[0])]
    assert ids(listen(cursor)) == ["reddit:t3_000001"]
    assert len(reddit_server.token_requests()) == 2


@pytest.mark.parametrize(
    ("answer", "words", "permanent"),
    [
        (Answer({"message": "Unauthorized", "error": 401}, 401), "401", True),
        (Answer({"error": "invalid_grant"}), "does not accept our credentials", True),
        (Answer("<html>"), "unreadable instead of a token", False),
        (Answer({}), "could not be read", False),
        (Answer("", 429, {"Retry-After": "30"}), "429", False),
        (Answer("", 503), "503", False),
        (Answer(manner="hang"), "in time", False),
    ],
)
def test_trouble_with_the_token_is_told(reddit_server, listen, expect, answer, words, permanent):
    reddit_server.answers[TOKEN_PATH] = expect(answer)
    with pytest.raises(ListenerError, match=words) as caught:
        listen()
    assert caught.value.permanent is permanent


FAILURES = {
    "401": (Answer("", 401), True),
    "403": (Answer("", 403), True),
    "404": (Answer("", 404), True),
    "400": (Answer({"reason": "x", "fields": ["q"]}, 400), True),
    "429": (Answer("", 429), False),
    "500": (Answer("", 500), False),
    "502": (Answer("", 502), False),
    "503": (Answer("", 503), False),
    "504": (Answer("", 504), False),
    "html": (Answer("<!doctype html>"), False),
    "no listing": (Answer({"kind": "Listing"}), False),
    "no object": (Answer([1]), False),
    "nothing": (Answer("", headers={"Content-Type": "application/json"}), False),
    "cut": (Answer(listing([]), manner="cut"), False),
    "hang": (Answer(manner="hang"), False),
}


@pytest.mark.parametrize(("answer", "permanent"), FAILURES.values(), ids=FAILURES)
def test_every_failure_is_one_listener_error_told_within_our_own_time(reddit_server, listen, expect, answer, permanent):
    reddit_server.answers |= {SEARCH: expect(answer), COMMENTS: answer}
    began = time.monotonic()
    with pytest.raises(ListenerError) as caught:
        listen()
    assert time.monotonic() - began < 8
    assert (caught.value.source, caught.value.permanent) == ("reddit", permanent)


def test_a_failing_request_is_sent_once_and_not_repeated_behind_our_back(reddit_server, listen):
    reddit_server.answers[SEARCH] = Answer("", 503)
    with pytest.raises(ListenerError):
        listen()
    assert len(reddit_server.asked(SEARCH)) == 1


@pytest.mark.parametrize(
    ("said", "seconds"), [("90", 90.0), ("Mon, 23 Nov 2026 12:01:00 GMT", 60.0), ("later", None), (None, None)]
)
def test_being_told_to_wait_is_passed_on(reddit_server, listen, said, seconds):
    headers = {"Retry-After": said, "Date": "Mon, 23 Nov 2026 12:00:00 GMT"} if said else {}
    reddit_server.answers[SEARCH] = Answer("", 429, headers)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.retry_after == seconds


def test_a_used_up_limit_ends_the_run_instead_of_sleeping_in_it(reddit_server, acme, web):
    now = [100.0]
    reddit = Reddit(reddit_server.url, reddit_server.url, web, monotonic=lambda: now[0])
    used_up = {"x-ratelimit-remaining": "0", "x-ratelimit-used": "600", "x-ratelimit-reset": "300"}
    reddit_server.answers[SEARCH] = Answer(listing([a_post(1, THEN)]), headers=used_up)
    reddit_server.listings[COMMENTS] = [a_comment(2, THEN)]
    first = reddit.listen([acme], {"subreddits": ["test"]}, {}, NOON)
    assert ids(first) == ["reddit:t3_000001"]
    assert "used up" in first.troubles[0]
    with pytest.raises(ListenerError) as caught:
        reddit.listen([acme], {"subreddits": ["test"]}, first.cursor, NOON)
    assert caught.value.retry_after == 300
    now[0] += 301
    assert "reddit:t1_000002" in ids(reddit.listen([acme], {"subreddits": ["test"]}, first.cursor, NOON))


@pytest.mark.parametrize("value", ["x", "", "-1", "nan"])
def test_limits_that_make_no_sense_are_not_tripped_over(reddit_server, listen, value):
    headers = {"x-ratelimit-remaining": value, "x-ratelimit-reset": value}
    reddit_server.answers[SEARCH] = Answer(listing([a_post(1, THEN)]), headers=headers)
    assert ids(listen()) == ["reddit:t3_000001"]


@pytest.mark.parametrize("answer", [Answer("", 401), Answer("", 500), Answer(manner="hang"), Answer("<html>")])
def test_no_secret_is_ever_logged_or_told(reddit_server, listen, account, expect, caplog, answer):
    caplog.set_level(logging.INFO)
    reddit_server.answers[SEARCH] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        listen()
    told = caplog.text + repr(caught.value) + str(caught.value.__dict__)
    assert "s3cret" not in told
    assert "stays-secret" not in told
