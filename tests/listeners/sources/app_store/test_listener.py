"""The App Store: its API's shape and token, and its public feed with its holes. The rest is in test_reviews.py."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from data.models import ApprovedReply, Brand
from listeners.base import ListenerError, RecheckTarget
from listeners.border import Unreadable
from listeners.sources.app_store import feed as app_store_feed
from listeners.sources.app_store.listener import AppStore, to_mention
from tests.listeners.failures import each_failure, each_wait, told_to_wait
from tests.listeners.servers.server import Answer
from tests.listeners.sources.review_benches import AppStoreBench, Said, elliptic

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FOREIGN = {
    "type": "customerReviews",
    "id": "00000028-b08c-0014-729e-fbd500000000",
    "attributes": {
        "rating": 5,
        "title": "Awesome",
        "body": "It works.",
        "reviewerNickname": "somebody",
        "createdDate": "2026-11-15T08:10:34-08:00",
        "territory": "USA",
    },
}


def test_a_review_becomes_a_mention():
    mention = to_mention(FOREIGN, "1234567890")
    assert mention.id == "app_store:00000028-b08c-0014-729e-fbd500000000"
    assert (mention.title, mention.text, mention.rating, mention.author) == ("Awesome", "It works.", 5.0, "somebody")
    assert mention.published_at == datetime(2026, 11, 15, 16, 10, 34, tzinfo=UTC)


@pytest.mark.parametrize("facts", [{"createdDate": None}, {"title": "", "body": ""}, {"body": 3}], ids=str)
def test_a_review_without_time_or_words_is_refused_with_a_reason(facts):
    with pytest.raises(Unreadable):
        to_mention({**FOREIGN, "attributes": {**FOREIGN["attributes"], **facts}}, "1")


@pytest.fixture
def bench(server, monkeypatch):
    made = AppStoreBench(server)
    for name, value in made.secrets.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def listen(bench, web):
    def run_once(cursor=None, now=NOON, apps=("1234567890/US",)):
        site = AppStore(bench.server.url, bench.server.url, web)
        cursor = json.loads(json.dumps(cursor or {}))
        return site.listen((Brand("Acme", ("acme",)),), {"apps": list(apps)}, cursor, now)

    return run_once


def test_the_token_is_signed_for_twenty_minutes_and_used_until_then(bench, listen, server):
    listen(apps=["1234567890", "9876543210"])
    first, second = (request.headers["authorization"].removeprefix("Bearer ") for request in server.requests)
    assert first == second
    claims = jwt.decode(
        first, elliptic().public_key(), ["ES256"], audience="appstoreconnect-v1", options={"verify_exp": False}
    )
    assert claims["exp"] - claims["iat"] == 1200
    assert jwt.get_unverified_header(first)["kid"] == "KID"


def test_a_key_that_is_none_is_said_without_being_shown(listen, monkeypatch):
    monkeypatch.setenv("APP_STORE_PRIVATE_KEY", "hush")
    with pytest.raises(ListenerError, match="no key") as caught:
        listen(apps=["1234567890"])
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("apps", [["com.acme"], ["1234567890/usa"], ["../x"], ["1234567890", "1234567890/us"]], ids=str)
def test_an_app_that_is_written_wrongly_or_twice_is_said(listen, server, apps):
    with pytest.raises(ListenerError, match="1234567890"):
        listen(apps=apps)
    assert not server.requests


# The feed


def entry(number, minutes_ago=0, **facts):
    at = NOON - timedelta(minutes=minutes_ago)
    told = {
        "author": {"uri": {"label": "https://itunes.apple.com/us/reviews/id7"}, "name": {"label": "somebody"}},
        "updated": {"label": at.isoformat()},
        "im:rating": {"label": "1"},
        "im:version": {"label": "2.0"},
        "id": {"label": str(number)},
        "title": {"label": "Crash"},
        "content": {"label": "Again & again", "attributes": {"type": "text"}},
        "im:voteSum": {"label": "-2"},
    }
    return {key: said for key, said in (told | facts).items() if said is not None}


class Feed:
    """The feed as it is served: pages of 50, a link to the last one, and its moods."""

    def __init__(self, server):
        self.entries = []
        self.empty = set()  # pages that come without an entry
        server.answers["*"] = self.answer
        self.server = server

    def answer(self, request):
        page = int(request.path.split("page=")[1].split("/")[0])
        assert request.path == f"/us/rss/customerreviews/page={page}/id=1234567890/sortby=mostrecent/json"
        found = [] if page in self.empty else self.entries[(page - 1) * 50 : page * 50]
        last = max(1, min(10, -(-len(self.entries) // 50)))
        href = f"https://itunes.apple.com/us/rss/customerreviews/page={last}/id=1234567890/sortby=mostrecent/xml"
        feed = {"link": [{"attributes": {"rel": "self"}}, {"attributes": {"rel": "last", "href": href}}]}
        if found:
            feed["entry"] = found if len(found) > 1 else found[0]
        return Answer({"feed": feed})


@pytest.fixture
def feed(bench, server):
    return Feed(server)


def ids(fetched):
    return [found.mention.id for found in fetched.found]


def test_an_entry_becomes_a_mention():
    mention = app_store_feed.to_mention(entry(9876543210), "1234567890/US")
    assert mention.id == "app_store:9876543210"
    assert (mention.title, mention.text, mention.rating, mention.engagement) == ("Crash", "Again & again", 1.0, -2)
    assert mention.url == "https://apps.apple.com/us/app/id1234567890?see-all=reviews"
    assert mention.published_at == NOON


def test_no_key_is_needed_for_a_feed(feed, listen, monkeypatch):
    for name in ("KEY_ID", "ISSUER_ID", "PRIVATE_KEY"):
        monkeypatch.delenv(f"APP_STORE_{name}")
    feed.entries = [entry(1), entry(2, 5)]
    assert ids(listen()) == ["app_store:1", "app_store:2"]


def test_a_single_entry_comes_as_itself_and_not_in_a_list(feed, listen):
    feed.entries = [entry(1)]
    assert ids(listen()) == ["app_store:1"]


def test_the_apps_own_entry_on_top_is_no_review(feed, listen):
    feed.entries = [{"im:name": {"label": "Acme"}, "id": {"label": "https://apps.apple.com/app/id1"}}, entry(1)]
    fetched = listen()
    assert (ids(fetched), fetched.rejected) == (["app_store:1"], [])


def test_entries_that_lost_their_date_are_set_aside_with_a_reason_and_come_in_when_it_is_back(feed, listen):
    feed.entries = [entry(1, updated=None), entry(2, 5)]
    first = listen()
    assert ids(first) == ["app_store:2"]
    assert [refused.reason for refused in first.rejected] == ["it has no time"]
    again = listen(first.cursor)
    assert (ids(again), again.rejected) == ([], [])
    feed.entries[0] = entry(1)
    assert ids(listen(again.cursor)) == ["app_store:1"]


def test_a_page_in_between_that_comes_empty_hides_nothing_behind_it(feed, listen):
    feed.entries = [entry(number, number) for number in range(1, 160)]
    feed.empty = {2}
    first = listen()
    assert len(first.found) == 109
    feed.empty = set()
    assert len(listen(first.cursor, NOON + timedelta(days=1)).found) == 50


def test_a_feed_that_comes_empty_although_it_was_not_before_is_asked_again(feed, listen):
    feed.entries = [entry(1)]
    first = listen()
    feed.entries = []
    with pytest.raises(ListenerError, match="came empty") as caught:
        listen(first.cursor)
    assert not caught.value.permanent
    feed.entries = [entry(2), entry(1)]
    assert ids(listen(first.cursor)) == ["app_store:2"]


def test_an_app_without_reviews_is_no_trouble(feed, listen):
    assert ids(listen()) == []


def test_five_hundred_are_the_end_and_what_lies_behind_is_a_gap(feed, listen):
    feed.entries = [entry(number, number) for number in range(1, 700)]
    fetched = listen()
    assert len(fetched.found) == 500
    (gap,) = fetched.gaps
    assert gap.until == NOON - timedelta(minutes=500)
    assert "newest 500" in gap.why
    again = listen(fetched.cursor, NOON + timedelta(minutes=30))
    assert (ids(again), again.gaps) == ([], [])


def test_leaving_the_feed_is_no_deletion(feed, bench, web):
    result = AppStore(bench.server.url, web=web).recheck([RecheckTarget("app_store:1")], {}, NOON)
    assert (result.gone, result.present) == ([], [])


def test_a_review_from_a_feed_cannot_be_answered_through_the_api(bench, web):
    refused = AppStore(web=web).refuses(ApprovedReply("l", "app_store:1", "Hi", "ada", NOON), {})
    assert "App Store Connect" in refused


def test_a_feed_that_fails_keeps_what_another_app_brought(feed, listen, bench, server):
    bench.reviews = [Said(1, NOON)]
    server.answers["*"] = Answer("", 403)
    fetched = listen(apps=["9999999999/us", "1234567890"])
    assert ids(fetched) == [bench.id(1)]
    assert "403" in fetched.troubles[0]


@each_failure
def test_every_failure_of_the_feed_is_one_listener_error(feed, listen, server, expect, answer, permanent):
    server.answers["*"] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert (caught.value.source, caught.value.permanent) == ("app_store", permanent)


@each_wait
def test_being_told_to_wait_by_the_feed_is_passed_on(feed, listen, server, said, seconds):
    server.answers["*"] = told_to_wait(said)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.retry_after == seconds
