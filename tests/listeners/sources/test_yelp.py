"""Yelp: its shape and clocks, each call paid, no words kept beyond their day, replies for partners only."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from data.models import ApprovedReply, Brand
from listeners.base import Doubtful, ListenerError
from listeners.border import Unreadable
from listeners.budget import Ledger
from listeners.schedule.runs import Task, run_once
from listeners.sources.yelp import Yelp, to_mention
from tests.listeners.failures import each_arrival, each_failure, each_wait, told_to_wait
from tests.listeners.servers.recorded import recorded, recorded_text
from tests.listeners.servers.server import Answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACME = Brand("Acme", ("acme",))
PATH = "/v3/businesses/acme-cafe/reviews"
OPTIONS = {"business_ids": ["acme-cafe"], "dollars_a_month": 5, "dollars_per_call": 0.02}


def foreign(own="xAG4O7l-t1ubbwVAlPnDKg", **facts):
    return {
        "id": own,
        "url": f"https://www.yelp.com/biz/acme-cafe?adjust_creative=OURID&hrid={own}&utm_source=OURID",
        "text": "Went back again to this place since the last time I visited...",
        "rating": 2,
        "time_created": "2026-07-29 00:41:13",
        "user": {"id": "W8UK02IDdRS2GL_66fuq6w", "profile_url": "https://www.yelp.com/u?id=W8", "name": "A guest"},
    } | facts


def shown(*reviews):
    headers = {"RateLimit-DailyLimit": "500", "RateLimit-Remaining": "125"}
    return Answer({"reviews": list(reviews), "total": len(reviews), "possible_languages": ["en"]}, headers=headers)


class StubBudget:
    def __init__(self):
        self.spent = []
        self.reserved = 0

    def reserve(self, dollars):
        self.reserved += 1

    def charge(self, ids, dollars_each):
        self.spent += [(one, dollars_each) for one in ids]


@pytest.fixture
def budget():
    return StubBudget()


@pytest.fixture
def site(server, web, monkeypatch):
    monkeypatch.setenv("YELP_API_KEY", "s3cret")
    monkeypatch.delenv("YELP_PARTNER_TOKEN", raising=False)
    return Yelp(server.url, server.url, web)


@pytest.fixture
def buy(site, budget):
    def go(cursor=None, now=NOON, **options):
        return site.listen((ACME,), OPTIONS | options, json.loads(json.dumps(cursor or {})), now, budget)

    return go


def test_an_excerpt_becomes_a_mention_and_its_address_forgets_our_account():
    mention = to_mention(foreign())
    assert mention.id == "yelp:xAG4O7l-t1ubbwVAlPnDKg"
    assert mention.url == "https://www.yelp.com/biz/acme-cafe?hrid=xAG4O7l-t1ubbwVAlPnDKg"
    assert (mention.rating, mention.author, mention.author_url) == (2.0, "A guest", "https://www.yelp.com/u?id=W8")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-07-29 00:41:13", datetime(2026, 7, 29, 7, 41, 13, tzinfo=UTC)),  # Pacific, in summer
        ("2026-01-29 00:41:13", datetime(2026, 1, 29, 8, 41, 13, tzinfo=UTC)),  # and in winter
        ("2025-08-17T01:08:14Z", datetime(2025, 8, 17, 1, 8, 14, tzinfo=UTC)),
        ("2025-08-17T01:08:14+02:00", datetime(2025, 8, 16, 23, 8, 14, tzinfo=UTC)),
        ("13/02/2026", datetime(2026, 2, 13, 8, tzinfo=UTC)),
        ("3/2/2026 10:00:00", datetime(2026, 2, 3, 18, tzinfo=UTC)),
    ],
)
def test_every_clock_that_yelp_shows_is_read(said, meant):
    assert to_mention(foreign(time_created=said)).published_at == meant


@pytest.mark.parametrize(
    "facts", [{"id": None}, {"text": ""}, {"time_created": "13/13/2026"}, {"time_created": None}], ids=str
)
def test_an_excerpt_without_id_time_or_words_is_refused_with_a_reason(facts):
    with pytest.raises(Unreadable):
        to_mention(foreign(**facts))


def test_recorded_reviews_keep_their_words_stars_and_time():
    """As a data provider delivers them, under the names that Yelp's API has for the same things."""
    for one in recorded("review_sites/scrapfly_results/yelp_reviews.json"):
        as_api = foreign(
            one["encid"], text=one["text"]["full"], rating=one["rating"], time_created=one["createdAt"],
            user={"name": one["author"]["displayName"]},
        )  # fmt: skip
        mention = to_mention(as_api)
        assert (mention.text, mention.rating) == (one["text"]["full"].strip(), float(one["rating"]))
        assert mention.published_at.isoformat().replace("+00:00", "Z") == one["createdAt"]


def test_a_recorded_answer_of_the_api_of_old_is_read_with_its_epoch_clock():
    cassette = re.sub(r"\n\s+", " ", recorded_text("yelp_fusion/business.yml")).replace("''", "'")
    start = cassette.index('"reviews": [') + len('"reviews": ')
    (review,), _ = json.JSONDecoder().raw_decode(cassette, start)
    mention = to_mention({**review, "text": review["excerpt"]})
    assert (mention.id, mention.rating) == (f"yelp:{review['id']}", 5.0)
    assert mention.published_at == datetime(2015, 10, 21, 13, 30, 41, tzinfo=UTC)
    assert len(mention.text) <= 160


def test_new_excerpts_come_once(buy, server):
    server.answers[PATH] = [shown(foreign("a"), foreign("b")), shown(foreign("c"), foreign("a"))]
    first = buy()
    assert [found.mention.id for found in first.found] == ["yelp:a", "yelp:b"]
    assert first.found[0].brands == ("Acme",)
    second = buy(first.cursor, NOON + timedelta(hours=8))
    assert [found.mention.id for found in second.found] == ["yelp:c"]
    assert first.left == 0.25


def test_every_call_is_set_aside_before_and_settled_after_whatever_came_of_it(buy, server, budget, site):
    server.answers[PATH] = shown(foreign("a"))
    buy()
    server.answers[PATH] = Answer("", 500)
    with pytest.raises(ListenerError):
        buy(now=NOON + timedelta(hours=8))
    assert budget.reserved == len(budget.spent) == len(set(budget.spent)) == 2
    assert {price for _, price in budget.spent} == {0.02}
    assert site.policy.is_paid


def test_at_the_cap_no_call_is_made(site, server, tmp_path):
    server.answers[PATH] = shown(foreign("a"))
    for hours in (0, 8, 16):
        at, options = NOON + timedelta(hours=hours), OPTIONS | {"dollars_a_month": 0.04}
        ledger = Ledger(tmp_path, "yelp", options, at)
        if hours < 16:
            site.listen((ACME,), options, {}, at, ledger)
            continue
        with pytest.raises(ListenerError, match="cap"):
            site.listen((ACME,), options, {}, at, ledger)
    assert len(server.requests) == 2


def test_what_a_month_costs_is_told_beforehand_without_a_request(site, server):
    told = site.estimate((ACME,), OPTIONS | {"business_ids": ["a", "b = Acme"], "every_minutes": 720}, NOON)
    assert told.dollars_a_month == pytest.approx(2 * 60 * 0.02)
    assert "120 calls" in told.based_on
    assert not server.requests


def test_a_price_that_is_none_is_said(buy):
    with pytest.raises(ListenerError, match="dollars_per_call"):
        buy(dollars_per_call="cheap")


def test_words_lie_in_the_batch_of_found_mentions_and_nowhere_else(site, server, kept):
    """Cursor, books and refused rows outlive the 24 hours, so none of them may hold what somebody wrote."""
    server.answers[PATH] = shown(
        foreign("a", text="Zebras everywhere"), foreign("b", text="Giraffes", time_created="?")
    )
    options = OPTIONS | {"on": True, "approved": "Ada, today"}
    outcome = run_once(Task(site, (ACME,), options), kept, 0, lambda: NOON, print)
    assert not outcome.failed
    files = {path: path.read_text() for path in kept.root.rglob("*") if path.is_file()}
    assert [path.parent.name for path, said in files.items() if "Zebras" in said] == ["incoming"]
    assert not [path for path, said in files.items() if "Giraffes" in said]
    assert not [path for path, said in files.items() if "s3cret" in said]
    assert Yelp.policy.lifetime == timedelta(hours=24)


@each_failure
def test_every_failure_is_one_listener_error(buy, server, expect, answer, permanent):
    server.answers[PATH] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        buy()
    assert (caught.value.source, caught.value.permanent) == ("yelp", permanent)
    assert "s3cret" not in str(caught.value)


@each_wait
def test_being_told_to_wait_is_passed_on(buy, server, said, seconds):
    server.answers[PATH] = told_to_wait(said)
    with pytest.raises(ListenerError) as caught:
        buy()
    assert caught.value.retry_after == seconds


def approved(text="Thank you."):
    return ApprovedReply("l", "yelp:a", text, "ada", NOON, url="https://www.yelp.com/biz/acme-cafe?hrid=a")


def test_only_an_approved_partner_answers_through_the_api(site, monkeypatch):
    assert "open the link" in site.refuses(approved(), OPTIONS)
    monkeypatch.setenv("YELP_PARTNER_TOKEN", "partner")
    assert site.refuses(approved(), OPTIONS) is None
    assert "are allowed" in site.refuses(approved("x" * 5_001), OPTIONS)
    assert "emoji" in site.refuses(approved("Thanks \N{SMILING FACE WITH OPEN MOUTH}"), OPTIONS)


def test_an_answer_is_one_request(site, server, monkeypatch):
    monkeypatch.setenv("YELP_PARTNER_TOKEN", "partner")
    server.answers["/reviews/v1/a"] = Answer("", 201)
    assert site.send(approved(), OPTIONS, NOON).reply_id == "yelp:a/reply"
    (request,) = server.requests
    assert json.loads(request.body) == {"response_text": "Thank you.", "response_type": "public_comment"}
    assert request.headers["authorization"] == "Bearer partner"


@each_arrival
def test_an_answer_is_doubtful_only_where_it_may_have_arrived(site, server, monkeypatch, expect, answer, doubtful):
    monkeypatch.setenv("YELP_PARTNER_TOKEN", "partner")
    server.answers["/reviews/v1/a"] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        site.send(approved(), OPTIONS, NOON)
    assert isinstance(caught.value, Doubtful) is doubtful
    assert len(server.requests) == 1


def test_whether_an_answer_stands_is_not_guessed(site):
    with pytest.raises(ListenerError, match="open the link"):
        site.find(approved(), OPTIONS, NOON)
