"""Tripadvisor: its shape, and that looking leaves nothing behind."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from data.models import Brand
from listeners.base import ListenerError, LiveView
from listeners.border import Unreadable
from listeners.sources.tripadvisor import Tripadvisor, to_mention
from tests.listeners.failures import each_failure, each_wait, told_to_wait
from tests.listeners.servers.server import Answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BRANDS = (Brand("Acme", ("acme",)), Brand("Rival", ("rival",), competitor=True))
OPTIONS = {"location_ids": ["123", "456 = Rival"]}


def foreign(own=812345678, **facts):
    return {
        "id": own,
        "lang": "en",
        "location_id": 123,
        "published_date": "2026-11-20T03:04:05Z",
        "rating": 2,
        "helpful_votes": 3,
        "url": "https://www.tripadvisor.com/ShowUserReviews-1",
        "title": "Noisy",
        "text": "Pelicans at dawn.",
        "user": {"username": "a traveller"},
    } | facts


@pytest.fixture
def view(server, web, monkeypatch):
    monkeypatch.setenv("TRIPADVISOR_API_KEY", "s3cret")
    return Tripadvisor(server.url, web)


def test_a_review_becomes_a_mention():
    mention = to_mention(foreign())
    assert (mention.id, mention.title, mention.text) == ("tripadvisor:812345678", "Noisy", "Pelicans at dawn.")
    assert (mention.rating, mention.engagement, mention.author, mention.language) == (2.0, 3, "a traveller", "en")
    assert mention.published_at == datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize("facts", [{"id": None}, {"published_date": ""}, {"title": "", "text": ""}], ids=str)
def test_a_review_without_id_time_or_words_is_refused_with_a_reason(facts):
    with pytest.raises(Unreadable):
        to_mention(foreign(**facts))


def test_a_look_shows_the_latest_of_every_location_newest_first(view, server):
    older = foreign(1, published_date="2026-01-01T00:00:00Z")
    server.answers["/location/123/reviews"] = Answer({"data": [older, foreign(2), foreign(None), "?"]})
    server.answers["/location/456/reviews"] = Answer({"data": [foreign(3, published_date="2026-11-22T00:00:00Z")]})
    found = view.look(BRANDS, OPTIONS, NOON)
    assert [(one.mention.id, one.brands) for one in found] == [
        ("tripadvisor:3", ("Rival",)),
        ("tripadvisor:2", ("Acme",)),
        ("tripadvisor:1", ("Acme",)),
    ]
    assert isinstance(view, LiveView)


def test_every_look_asks_anew(view, server):
    server.answers["*"] = Answer({"data": [foreign()]}, headers={"Cache-Control": "max-age=3600", "ETag": '"x"'})
    view.look(BRANDS, OPTIONS, NOON)
    view.look(BRANDS, OPTIONS, NOON)
    assert len(server.requests) == 4
    assert not [request for request in server.requests if "if-none-match" in request.headers]


def test_a_look_writes_no_word_and_no_key_into_the_log(view, server, caplog):
    caplog.set_level(logging.DEBUG)
    server.answers["*"] = Answer({"data": [foreign()]})
    view.look(BRANDS, OPTIONS, NOON)
    assert "Pelicans" not in caplog.text
    assert "s3cret" not in caplog.text


@each_failure
def test_every_failure_is_one_listener_error(view, server, expect, answer, permanent):
    server.answers["*"] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        view.look(BRANDS, OPTIONS, NOON)
    assert (caught.value.source, caught.value.permanent) == ("tripadvisor", permanent)
    assert "s3cret" not in str(caught.value)


@each_wait
def test_being_told_to_wait_is_passed_on(view, server, said, seconds):
    server.answers["*"] = told_to_wait(said)
    with pytest.raises(ListenerError) as caught:
        view.look(BRANDS, OPTIONS, NOON)
    assert caught.value.retry_after == seconds


def test_something_else_than_reviews_is_said(view, server):
    server.answers["*"] = Answer({"message": "?"})
    with pytest.raises(ListenerError, match="something else than data"):
        view.look(BRANDS, OPTIONS, NOON)


def test_a_missing_key_is_named(view, monkeypatch):
    monkeypatch.delenv("TRIPADVISOR_API_KEY")
    with pytest.raises(ListenerError, match="TRIPADVISOR_API_KEY"):
        view.look(BRANDS, OPTIONS, NOON)
