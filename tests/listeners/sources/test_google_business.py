"""Google Business Profile: its shape. What holds for all sources of reviews is in test_reviews.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from data.models import ApprovedReply, Brand
from listeners.base import ListenerError, RecheckTarget
from listeners.border import Unreadable
from listeners.sources.google_business import to_mention, to_review
from tests.listeners.servers.server import Answer
from tests.listeners.sources.review_benches import GoogleBusinessBench, Said

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
FOREIGN = {
    "name": "accounts/1/locations/2/reviews/AbFvOq",
    "reviewId": "AbFvOq",
    "reviewer": {"displayName": "A guest", "isAnonymous": False},
    "starRating": "FOUR",
    "comment": "Good beds.",
    "createTime": "2026-10-02T15:01:23.045123456Z",
    "updateTime": "2026-10-02T15:01:23.045123456Z",
}


def test_a_refresh_token_that_ends_is_told_from_the_tokens_answer(server, web, monkeypatch):
    bench = GoogleBusinessBench(server)
    for name, value in bench.secrets.items():
        monkeypatch.setenv(name, value)
    brands, options = [Brand("Acme", ("acme",))], bench.options

    def told(**more):
        server.answers["/token"] = Answer({"access_token": bench.mark, "expires_in": 3600} | more)
        return bench.listener(web).listen(brands, options, {}, NOON).credentials_end

    assert told() is None
    assert told(refresh_token_expires_in=604_799) == web.clock() + timedelta(seconds=604_799)
    for odd in ("soon", -1, True, 1e12, None):
        assert told(refresh_token_expires_in=odd) is None


def test_a_review_becomes_a_mention():
    mention = to_mention(FOREIGN)
    assert mention.id == "google_business:2/AbFvOq"
    assert (mention.text, mention.rating, mention.author, mention.edited_at) == ("Good beds.", 4.0, "A guest", None)
    assert mention.published_at == datetime(2026, 10, 2, 15, 1, 23, 45123, tzinfo=UTC)


@pytest.mark.parametrize(("word", "stars"), [("ONE", 1), ("TWO", 2), ("THREE", 3), ("FOUR", 4), ("FIVE", 5)])
def test_stars_are_words(word, stars):
    assert to_mention({**FOREIGN, "starRating": word}).rating == stars


def test_stars_alone_are_a_review_and_nothing_at_all_is_none():
    silent = {key: said for key, said in FOREIGN.items() if key != "comment"}
    assert to_mention(silent).text == ""
    with pytest.raises(Unreadable):
        to_mention({**silent, "starRating": "STAR_RATING_UNSPECIFIED"})


@pytest.mark.parametrize(
    "comment",
    [
        "(Translated by Google) Good beds.\n\n(Original)\nGode senge.",
        "Gode senge.\n\n(Translated by Google)\nGood beds.",
        "Gode senge.",
    ],
)
def test_a_translation_gives_way_to_what_was_written(comment):
    assert to_mention({**FOREIGN, "comment": comment}).text == "Gode senge."


@pytest.mark.parametrize(("state", "answers"), [(None, 1), ("PENDING", 1), ("APPROVED", 1), ("REJECTED", 0)])
def test_a_reply_that_googles_moderation_rejected_is_no_answer(state, answers):
    reply = {"comment": "Thank you.", "updateTime": "2026-10-03T15:01:23Z", "reviewReplyState": state}
    assert (to_review({**FOREIGN, "reviewReply": reply}).answer is not None) is bool(answers)


def test_a_guest_who_stays_anonymous_has_no_name():
    assert to_mention({**FOREIGN, "reviewer": {"displayName": "A Google User", "isAnonymous": True}}).author is None


@pytest.mark.parametrize("facts", [{"name": "reviews/x"}, {"createTime": None}, {"comment": 7}], ids=str)
def test_a_review_without_name_or_time_is_refused_with_a_reason(facts):
    with pytest.raises(Unreadable):
        to_mention({**FOREIGN, **facts})


def test_an_edited_review_says_when():
    review = to_review({**FOREIGN, "updateTime": "2026-11-02T15:01:23Z"})
    assert review.mention.edited_at == datetime(2026, 11, 2, 15, 1, 23, tzinfo=UTC)


@pytest.fixture
def bench(server, monkeypatch):
    for name, value in GoogleBusinessBench.secrets.items():
        monkeypatch.setenv(name, value)
    return GoogleBusinessBench(server)


@pytest.fixture
def site(bench, web):
    return bench.listener(web)


def test_an_edit_brings_an_old_review_to_the_top_and_it_is_found(bench, site):
    bench.reviews = [Said(number, NOON.replace(minute=0, hour=number % 10)) for number in range(200)]
    first = site.listen((Brand("Acme", ()),), bench.options, {}, NOON)
    bench.reviews[150] = Said(150, NOON, "Now it is worse.", 1)
    second = site.listen((Brand("Acme", ()),), bench.options, first.cursor, NOON)
    assert [found.mention.id for found in second.found] == [bench.id(150)]


def test_a_location_that_is_written_wrongly_is_said(site):
    with pytest.raises(ListenerError, match="accounts/123/locations/456"):
        site.listen((Brand("Acme", ()),), {"locations": ["../../v1/x"]}, {}, NOON)


def test_of_a_location_that_is_listed_no_longer_nobody_can_tell(bench, site, server):
    result = site.recheck([RecheckTarget("google_business:9/R1")], bench.options, NOON)
    assert (list(result.gone), list(result.present)) == ([], [])
    assert not server.requests
    assert "not among those listed" in site.refuses(
        ApprovedReply("l", "google_business:9/R1", "Hi", "ada", NOON), bench.options
    )


def test_a_review_that_the_list_forgot_but_that_has_an_address_stands(bench, site):
    bench.reviews = [Said(1, NOON)]
    bench.shown = list
    result = site.recheck([RecheckTarget(bench.id(1)), RecheckTarget(bench.id(2))], bench.options, NOON)
    assert (result.gone, result.present) == ([bench.id(2)], [bench.id(1)])


def test_a_location_is_listed_once_for_all_its_reviews(bench, site, server):
    bench.reviews = [Said(number, NOON) for number in range(120)]
    site.recheck([RecheckTarget(bench.id(number)) for number in range(120)], bench.options, NOON)
    assert len([request for request in server.requests if request.method == "GET"]) == 3
