"""Fetching within limits: every way it can fail, in plain words, within the time we allow."""

import gzip
import time
import zlib
from datetime import UTC, datetime

import pytest

from listeners.base import Doubtful, ListenerError
from listeners.border import plain
from listeners.http.web import LONGEST_PATIENCE, AddressError, Limits, NeverSent, Web, address, retry_after, share_left
from tests.listeners.failures import each_arrival
from tests.listeners.servers.server import Answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PATIENT = Limits(10, 10, 20)


def refused(web, server, answer, path="/x"):
    server.answers[path] = answer
    with pytest.raises(ListenerError) as caught:
        web.fetch_json("probe", server.url + path, {})
    assert caught.value.source == "probe"
    return caught.value


@pytest.mark.parametrize(
    ("status", "permanent", "words"),
    [
        (400, True, "did not understand us (400)"),
        (401, True, "does not accept our credentials (401)"),
        (403, True, "refuses us (403)"),
        (404, True, "nothing there (404)"),
        (410, True, "gone for good (410)"),
        (429, False, "slow down (429)"),
        (451, True, "legal reasons (451)"),
        (500, False, "in trouble (500)"),
        (502, False, "in trouble (502)"),
        (503, False, "overloaded or being mended (503)"),
        (504, False, "in trouble (504)"),
        (522, False, "in trouble (522)"),
    ],
)
def test_a_status_becomes_one_error_that_says_whether_a_person_must_act(web, server, status, permanent, words):
    trouble = refused(web, server, Answer("no", status))
    assert words in str(trouble)
    assert trouble.permanent is permanent
    assert trouble.retry_after is None


def test_one_closed_address_is_told_from_a_source_that_refuses_us_altogether(web, server):
    assert isinstance(refused(web, server, Answer("no", 404)), AddressError)
    assert not isinstance(refused(web, server, Answer("no", 401)), AddressError)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "Mon, 23 Nov 2026 12:05:00 GMT"}, 300.0),
        ({"retry-after": "Mon, 23 Nov 2026 12:05:00 GMT", "date": "Mon, 23 Nov 2026 12:04:00 GMT"}, 60.0),
        ({"retry-after": "Mon, 23 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "1e12"}, LONGEST_PATIENCE),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({}, None),
    ],
)
def test_retry_after_is_understood_as_a_number_and_as_a_date(headers, seconds):
    assert retry_after(headers, NOON) == seconds


def test_a_date_in_retry_after_does_not_depend_on_our_clock(server):
    web = Web(PATIENT, clock=lambda: datetime(1999, 1, 1, tzinfo=UTC))
    said = {"Retry-After": "Mon, 23 Nov 2026 12:05:00 GMT", "Date": "Mon, 23 Nov 2026 12:00:00 GMT"}
    assert refused(web, server, Answer("", 503, said)).retry_after == 300


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<!DOCTYPE html><html>Sign in</html>", "a web page instead of JSON"),
        ("  <html></html>", "a web page instead of JSON"),
        ('{"hits": [', "something unreadable instead of JSON"),
        ("", "nothing instead of JSON"),
        ("[1, 2]", "something unreadable instead of a JSON object"),
    ],
)
def test_a_200_that_holds_something_else_is_said_plainly(web, server, body, words):
    trouble = refused(web, server, Answer(body))
    assert words in str(trouble)
    assert not trouble.permanent


def test_a_connection_that_is_cut_in_the_body_is_an_error_and_never_half_an_answer(web, server):
    trouble = refused(web, server, Answer('{"a": "bbbbbbbbbbbbbbbbb"}', manner="cut"))
    assert "failed or was cut" in str(trouble)


@pytest.mark.parametrize("manner", ["hang", "drip", "drip-headers"])
def test_a_server_that_hangs_or_drips_is_left_in_time(web, server, expect, manner):
    began = time.monotonic()
    trouble = refused(web, server, expect(Answer("{}", manner=manner)))
    assert time.monotonic() - began < 8
    assert "in time" in str(trouble) or "not done after" in str(trouble)
    assert not trouble.permanent


def test_nobody_listening_and_no_such_name_are_passing_troubles(web):
    for url in ("http://127.0.0.1:9/", "http://nowhere.invalid/"):
        with pytest.raises(ListenerError) as caught:
            web.fetch("probe", url)
        assert not caught.value.permanent


@pytest.mark.parametrize(
    "url", ["ftp://x/y", "file:///etc/passwd", "no address", "http://", "http://[::1", "http://a..b/"]
)
def test_what_is_no_address_is_the_users_to_mend(web, url):
    with pytest.raises(ListenerError) as caught:
        web.fetch("probe", url)
    assert caught.value.permanent, str(caught.value)


def test_an_answer_that_is_too_large_is_not_read_to_its_end(server):
    web = Web(Limits(10, 10, 20, size=100_000))
    assert "more than 100,000 bytes" in str(refused(web, server, Answer("x" * 200_000)))


def test_a_packed_answer_is_measured_unpacked(server):
    web = Web(Limits(10, 10, 20, size=100_000))
    bomb = Answer(gzip.compress(b" " * 50_000_000), headers={"Content-Encoding": "gzip"})
    assert "more than 100,000 bytes" in str(refused(web, server, bomb))


def test_a_packed_answer_is_read(web, server):
    server.answers["/x"] = Answer(gzip.compress(b'{"a": 1}'), headers={"Content-Encoding": "gzip"})
    assert web.fetch_json("probe", server.url + "/x", {}) == {"a": 1}


def test_a_broken_packing_is_an_error_like_any_other(web, server):
    broken = Answer(zlib.compress(b"{}")[:-3] + b"???", headers={"Content-Encoding": "gzip"})
    assert "failed or was cut" in str(refused(web, server, broken))


def test_redirects_are_followed_but_not_for_ever(web, server):
    server.answers["/a"] = Answer("", 301, {"Location": "/b?c=1"})
    server.answers["/b"] = Answer({"here": True})
    assert web.fetch_json("probe", server.url + "/a", {"q": "1"}) == {"here": True}
    assert server.asked("/b")[0].query == {"c": "1"}
    server.answers["/b"] = Answer("", 302, {"Location": "/a"})
    assert "round in circles" in str(refused(web, server, server.answers["/a"], "/a"))


def test_a_redirect_that_drips_is_left_in_time_too(web, server, expect):
    server.answers["/a"] = Answer("", 302, {"Location": "/b"})
    assert "not done after" in str(refused(web, server, expect(Answer("", 302, manner="drip"))))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"RateLimit-Reset": str(int(NOON.timestamp()) + 90)}, 90.0),
        ({"X-RateLimit-Reset": "2026-11-23T12:05:00.000Z"}, 300.0),
        ({"X-RateLimit-Reset": "30"}, 30.0),
        ({"X-RateLimit-Reset": "soon"}, None),
        ({"X-RateLimit-Reset": "2020-01-01T00:00:00Z"}, 0.0),
        ({"X-RateLimit-Reset": "30", "Retry-After": "5"}, 5.0),
    ],
)
def test_a_rate_limit_that_says_when_it_starts_anew_is_waited_for(server, headers, seconds):
    web = Web(PATIENT, clock=lambda: NOON)
    assert refused(web, server, Answer("", 429, headers)).retry_after == seconds


@pytest.mark.parametrize(
    ("headers", "left"),
    [
        ({"ratelimit-limit": "3000", "ratelimit-remaining": "750"}, 0.25),
        ({"x-ratelimit-limit": "300", "x-ratelimit-remaining": "300"}, 1.0),
        ({"x-ratelimit-limit": "0", "x-ratelimit-remaining": "0"}, None),
        ({}, None),
    ],
)
def test_what_is_left_of_a_rate_limit_is_a_share(headers, left):
    assert share_left(headers) == left


@each_arrival
def test_what_was_sent_is_doubtful_only_where_it_may_have_arrived(web, server, expect, answer, doubtful):
    server.answers["/x"] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        web.write_json("probe", "POST", server.url + "/x", json={"text": "hello"})
    assert isinstance(caught.value, Doubtful) is doubtful
    assert [(request.method, request.body) for request in server.requests] == [("POST", '{"text": "hello"}')]


def test_what_found_no_server_was_never_sent(web, server):
    server.close()
    with pytest.raises(NeverSent):
        web.write("probe", "POST", server.url + "/x", json={})


def test_a_redirected_reply_is_not_sent_elsewhere(web, server):
    server.answers |= {"/x": Answer("", 307, {"Location": "/y"}), "/y": Answer({})}
    with pytest.raises(ListenerError):
        web.write("probe", "PUT", server.url + "/x", json={})
    assert not server.asked("/y")


def test_we_say_who_we_are_and_keep_no_cookies(web, server):
    server.answers["/x"] = Answer({}, headers={"Set-Cookie": "track=1; Path=/"})
    web.fetch_json("probe", server.url + "/x", {})
    web.fetch_json("probe", server.url + "/x", {})
    assert all(request.headers["user-agent"].startswith("Hearback/") for request in server.requests)
    assert all("cookie" not in request.headers for request in server.requests)


def test_what_may_be_secret_in_an_address_is_not_said():
    assert address("https://user:word@example.com/a/feed?token=s3cret#x") == "example.com/a/feed"
    assert address("http://[broken") == "the address"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Hello <i>there</i>,<p>second &amp; last", "Hello there,\n\nsecond & last"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ('see <a href="https://example.com/a/very/long/path">https://example.com/a/ve...</a>!', None),
        ("<pre><code>a = 1\n  b = 2\n</code></pre>", "a = 1\n  b = 2"),
        ("<script>alert(1)</script>safe<style>p{}</style>", "safe"),
        ("&lt;script&gt; is text", "<script> is text"),
        ("no markup at all", "no markup at all"),
        ("a   b\n c", "a b c"),
        ("1 < 2 and 3 > 2, <b", "1 < 2 and 3 > 2, <b"),
        ("seen<!-- not <b>seen</b> --> again<!-- never closed", "seen again"),
        ("a<script>x</SCRIPT>b<script>never closed", "ab"),
        ("", ""),
    ],
)
def test_html_becomes_the_text_a_person_would_read(html, text):
    assert plain(html) == (text if text is not None else "see https://example.com/a/very/long/path!")


@pytest.mark.parametrize(
    "hostile",
    [
        "<" * 200_000,
        "<!--" * 50_000,
        "<a " * 60_000,
        "&" * 200_000,
        "<p>" * 60_000,
        "<script" * 30_000,
        "<a href=" * 25_000,
        "\n" * 200_000,
        " \n" * 90_000,
    ],
)
def test_hostile_html_is_read_in_bearable_time(hostile):
    began = time.process_time()
    plain(hostile)
    assert time.process_time() - began < 5
