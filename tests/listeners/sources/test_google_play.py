"""Google Play: its shape and its key. What holds for all sources of reviews is in test_reviews.py."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import jwt
import pytest

from data.models import Brand
from listeners.base import ListenerError, RecheckTarget
from listeners.border import Unreadable
from listeners.sources.google_play import GooglePlay, to_mention, to_review
from tests.listeners.servers.recorded import recorded
from tests.listeners.sources.review_benches import GooglePlayBench, Said, rivest

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
APP = "com.acme.app"


def foreign(**facts):
    user = {
        "text": "Title\tIt crashes.",
        "lastModified": {"seconds": "1443676826", "nanos": 713000000},
        "starRating": 2,
        "reviewerLanguage": "pt_BR",
        "thumbsUpCount": 10,
    } | facts
    return {"reviewId": "gp:AOqpTOE", "authorName": "A player", "comments": [{"userComment": user}]}


def test_a_review_becomes_a_mention():
    mention = to_mention(foreign(), APP)
    assert mention.id == "google_play:com.acme.app/gp:AOqpTOE"
    assert (mention.title, mention.text, mention.rating, mention.engagement) == ("Title", "It crashes.", 2.0, 10)
    assert mention.language == "pt"
    assert mention.published_at == datetime(2015, 10, 1, 5, 20, 26, tzinfo=UTC)
    assert mention.url.endswith("?id=com.acme.app&reviewId=gp%3AAOqpTOE")


def test_text_without_a_title_is_text():
    assert to_mention(foreign(text="\tOnly words"), APP).title is None
    assert to_mention(foreign(text="Only words"), APP).text == "Only words"


def test_recorded_reviews_keep_their_words_stars_and_time():
    """As a data provider delivers them, under the names that Play's API has for the same things."""
    for one in recorded("review_sites/scrapfly_results/google-play_reviews.json"):
        user = {"text": one["content"], "starRating": one["score"], "lastModified": {"seconds": str(one["at"])}}
        as_api = {"reviewId": one["reviewId"], "authorName": one["userName"], "comments": [{"userComment": user}]}
        mention = to_mention(as_api, APP)
        assert (mention.text, mention.rating, mention.author) == (
            one["content"].strip(),
            one["score"],
            one["userName"].strip(),
        )
        assert mention.published_at.timestamp() == one["at"]


@pytest.mark.parametrize(
    "facts",
    [{"text": " "}, {"text": 5}, {"lastModified": None}, {"lastModified": {"seconds": "x"}}],
    ids=str,
)
def test_a_review_without_words_or_time_is_refused_with_a_reason(facts):
    with pytest.raises(Unreadable):
        to_mention(foreign(**facts), APP)


def test_the_last_of_several_comments_counts():
    review = foreign()
    later = {"userComment": {**review["comments"][0]["userComment"], "text": "Fixed!", "starRating": 5}}
    reply = {"developerComment": {"text": "Thanks.", "lastModified": {"seconds": "1443680000"}}}
    told = to_review(APP, {**review, "comments": [*review["comments"], reply, later]})
    assert (told.mention.text, told.mention.rating) == ("Fixed!", 5.0)
    assert told.answer.text == "Thanks."


@pytest.fixture
def bench(server, monkeypatch):
    made = GooglePlayBench(server)
    for name, value in made.secrets.items():
        monkeypatch.setenv(name, value)
    return made


def test_the_token_is_asked_for_with_a_signed_word_for_an_hour(bench, web):
    bench.listener(web).listen((Brand("Acme", ()),), bench.options, {}, NOON)
    (asked,) = bench.granted
    form = parse_qs(asked.body)
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    claims = jwt.decode(
        form["assertion"][0], rivest().public_key(), ["RS256"], audience=f"{bench.server.url}/token",
        options={"verify_exp": False, "verify_iat": False},
    )  # fmt: skip
    assert claims["scope"] == "https://www.googleapis.com/auth/androidpublisher"
    assert claims["exp"] - claims["iat"] == 3600


@pytest.mark.parametrize(
    "key", ["no JSON", "{}", '{"client_email": "a", "private_key": "pem", "token_uri": "x"}', "[]"]
)
def test_a_key_that_is_none_is_said_without_being_shown(bench, web, monkeypatch, key):
    monkeypatch.setenv("GOOGLE_PLAY_SERVICE_ACCOUNT", key)
    with pytest.raises(ListenerError, match="no key of a service account") as caught:
        bench.listener(web).listen((Brand("Acme", ()),), bench.options, {}, NOON)
    assert "pem" not in str(caught.value)


def test_a_key_may_not_lead_us_to_a_server_without_tls(bench, web):
    with pytest.raises(ListenerError, match="https"):
        GooglePlay(bench.server.url, web=web).listen((Brand("Acme", ()),), bench.options, {}, NOON)
    assert not bench.granted


def test_all_that_play_shows_is_read_on_a_first_run(bench, web):
    bench.reviews = [Said(number, NOON - timedelta(hours=number)) for number in range(24 * 7)]
    assert len(bench.listener(web).listen((Brand("Acme", ()),), bench.options, {}, NOON).found) == 168


def test_of_a_review_that_play_shows_no_longer_nobody_can_tell(bench, web, server):
    old = RecheckTarget(bench.id(1), published_at=NOON - timedelta(days=6, hours=1))
    result = bench.listener(web).recheck([old, RecheckTarget(bench.id(2))], bench.options, NOON)
    assert (list(result.gone), list(result.present)) == ([], [])
    assert not server.requests


def test_an_app_is_listed_once_for_all_its_reviews(bench, web, server):
    bench.reviews = [Said(number, NOON - timedelta(minutes=number)) for number in range(250)]
    held = [RecheckTarget(bench.id(number), published_at=NOON - timedelta(hours=1)) for number in range(251)]
    result = bench.listener(web).recheck(held, bench.options, NOON)
    assert (result.gone, len(result.present)) == ([bench.id(250)], 250)
    assert len([request for request in server.requests if request.method == "GET"]) == 4


def test_the_key_leaves_us_only_as_a_signature(bench, web, server):
    bench.reviews = [Said(1, NOON)]
    bench.listener(web).listen((Brand("Acme", ()),), bench.options, {}, NOON)
    inner = json.loads(bench.secrets["GOOGLE_PLAY_SERVICE_ACCOUNT"])["private_key"].splitlines()[1]
    assert all(inner not in request.body + str(request.headers) for request in server.requests)
