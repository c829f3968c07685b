"""Trustpilot: its shape, and its list of deletions. What holds for all sources of reviews is in test_reviews.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from analysis import ranking
from analysis.scoring import scoring
from data.ingest.absorber import absorb_waiting
from data.models import ApprovedReply, Brand
from data.scores.scorer import Judgement
from data.store.store import Store
from listeners.base import ListenerError
from listeners.border import Unreadable
from listeners.schedule.runs import Task, run_once
from listeners.sources import trustpilot
from listeners.sources.trustpilot import Trustpilot, to_mention, to_review
from tests.listeners.servers.recorded import recorded
from tests.listeners.servers.server import Answer
from tests.listeners.sources.review_benches import Said, TrustpilotBench

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FOREIGN = {
    "id": "507f191e810c19729de860ea",
    "stars": 2,
    "title": "Late again",
    "text": "Three weeks.",
    "language": "da",
    "createdAt": "2026-09-07T13:37:00",
    "updatedAt": "2026-09-08T13:37:00Z",
    "numberOfLikes": 4,
    "consumer": {"id": "c/1", "displayName": "A customer"},
    "referralEmail": "a.customer@example.com",
    "referenceId": "order 17",
}


@pytest.fixture
def bench(server, monkeypatch):
    for name, value in TrustpilotBench.secrets.items():
        monkeypatch.setenv(name, value)
    return TrustpilotBench(server)


@pytest.fixture
def listen(bench, web):
    def run_once(cursor=None, now=NOON):
        return Trustpilot(bench.server.url, web).listen((Brand("Acme", ("acme",)),), bench.options, cursor or {}, now)

    return run_once


def test_a_review_becomes_a_mention():
    mention = to_mention(FOREIGN)
    assert mention.id == "trustpilot:507f191e810c19729de860ea"
    assert (mention.title, mention.text, mention.rating, mention.language) == ("Late again", "Three weeks.", 2.0, "da")
    assert mention.published_at == datetime(2026, 9, 7, 13, 37, tzinfo=UTC)
    assert mention.edited_at == datetime(2026, 9, 8, 13, 37, tzinfo=UTC)
    assert (mention.author, mention.author_url) == ("A customer", "https://www.trustpilot.com/users/c%2F1")
    assert mention.url == "https://www.trustpilot.com/reviews/507f191e810c19729de860ea"


def test_what_only_the_business_may_know_of_a_customer_is_left_there():
    assert "example.com" not in repr(to_review(FOREIGN))
    assert "order 17" not in repr(to_review(FOREIGN))


def test_recorded_reviews_keep_their_words_stars_times_and_replies():
    """As a data provider delivers them, under the names that Trustpilot's API has for the same things."""
    answers = 0
    for one in recorded("review_sites/scrapfly_results/trustpilot_reviews.json"):
        told, reply = one["dates"], one["reply"]
        as_api = {**one, "stars": one["rating"], "createdAt": told["publishedDate"], "updatedAt": told["updatedDate"]}
        if reply:
            as_api["companyReply"] = {"text": reply["message"], "createdAt": reply["publishedDate"]}
        review = to_review(as_api)
        assert (review.mention.title, review.mention.text) == (one["title"].strip(), one["text"].strip())
        assert review.mention.rating == one["rating"]
        assert review.mention.published_at == datetime.fromisoformat(told["publishedDate"])
        if reply:
            answers += 1
            assert (review.answer.text, review.answer.answered_at) == (
                reply["message"].strip(),
                datetime.fromisoformat(reply["publishedDate"]),
            )
    assert answers


@pytest.mark.parametrize(
    "facts",
    [{"id": None}, {"createdAt": None}, {"createdAt": "soon"}, {"createdAt": 17}, {"title": " ", "text": None}],
    ids=str,
)
def test_a_review_without_id_time_or_words_is_refused_with_a_reason(facts):
    with pytest.raises(Unreadable, match=r"\w"):
        to_mention({**FOREIGN, **facts})


def test_a_reply_without_text_is_none():
    assert to_review({**FOREIGN, "companyReply": {"text": " "}}).answer is None


def test_deletions_are_told_once_each_and_asked_for_with_an_overlap(bench, listen, server):
    bench.deleted = [("old", "2026-11-01T00:00:00Z"), ("a", "2026-11-22T09:00:00Z")]
    first = listen()
    assert first.gone == ["trustpilot:a"]
    bench.deleted += [("late", "2026-11-22T10:00:00Z"), ("b", "2026-11-23T12:05:00Z")]
    second = listen(first.cursor, NOON + timedelta(minutes=15))
    assert second.gone == ["trustpilot:late", "trustpilot:b"]
    assert listen(second.cursor, NOON + timedelta(minutes=30)).gone == []
    assert server.asked("/v1/reviews/deletions")[0].query["startDate"] == "2026-11-21"


def test_all_of_a_consumer_who_left_is_gone(bench, listen):
    bench.reviews = [Said(number, NOON - timedelta(minutes=number)) for number in range(6)]
    first = listen()
    bench.left = [("c1", "2026-11-23T12:05:00Z"), ("c9", "2026-11-23T12:05:00Z")]
    second = listen(first.cursor, NOON + timedelta(minutes=15))
    assert sorted(second.gone) == [bench.id(number) for number in (1, 3, 5)]
    assert listen(second.cursor, NOON + timedelta(minutes=30)).gone == []


def test_a_week_away_misses_no_deletion(bench, listen):
    first = listen()
    bench.deleted = [(f"d{day}", f"2026-11-{day}T12:00:00Z") for day in range(23, 31)]
    assert len(listen(first.cursor, NOON + timedelta(days=7)).gone) == 8


def test_deletions_are_read_to_the_last_page(bench, listen, monkeypatch):
    monkeypatch.setattr(trustpilot, "DELETIONS_PAGE", 7)
    bench.deleted = [(f"d{number}", "2026-11-22T09:00:00Z") for number in range(50)]
    assert len(listen().gone) == 50


def test_deletions_that_cannot_be_read_to_their_end_are_asked_for_again(bench, listen, server):
    bench.reviews = [Said(1, NOON)]
    page = {"reviews": [{"reviewId": "a", "deletedAt": "2026-11-23T09:00:00Z"}], "nextToken": "same"}
    works, server.answers["/v1/reviews/deletions"] = server.answers["/v1/reviews/deletions"], Answer(page)
    with pytest.raises(ListenerError, match="could not be read to its end"):
        listen()
    server.answers["/v1/reviews/deletions"] = works
    bench.deleted = [("a", "2026-11-23T09:00:00Z")]
    assert listen().gone == ["trustpilot:a"]


def test_a_reply_names_the_user_who_gives_it(bench, web):
    approved = ApprovedReply("l", bench.id(1), "Sorry.", "ada", NOON)
    site = Trustpilot(bench.server.url, web)
    assert "business_user_id" in site.refuses(approved, {})
    site.send(approved, bench.options, NOON)
    assert '"authorBusinessUserId": "u1"' in bench.server.requests[-1].body


def test_a_reply_that_stands_there_answers_the_mention_here(bench, web, kept):
    """From the site to the store: the review comes in answered, by whom and when."""
    bench.reviews = [Said(1, NOON - timedelta(hours=3), reply="So sorry."), Said(2, NOON)]
    options = {**bench.options, "approved": "Ada"}
    run_once(
        Task(Trustpilot(bench.server.url, web), (Brand("Acme", ("acme",)),), options), kept, 0, lambda: NOON, print
    )
    store = Store(kept.store)
    try:
        list(absorb_waiting(store, Judgement(ranking, scoring.score_line), kept))
        with store.read() as read:
            told = read.rows("SELECT mention_id, actor, body, happened_at FROM action WHERE kind = 'reply'")
    finally:
        store.close()
    assert [(row["mention_id"], row["actor"], row["body"]) for row in told] == [(bench.id(1), "Acme", "So sorry.")]
