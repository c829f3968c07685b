"""YouTube: rechecks, and answers below the thread's first comment."""

import json

import pytest

from data.models import ApprovedReply
from listeners.base import Doubtful, ListenerError, RecheckTarget
from listeners.sources.youtube.replies import YouTubeReplies
from tests.listeners.failures import each_arrival
from tests.listeners.servers.server import Answer
from tests.listeners.sources.youtube import youtube_bench
from tests.listeners.sources.youtube.youtube_bench import CHANNELS, COMMENTS, NOON, OURS, a_comment, a_reply, recorded

account, app, source, tube = youtube_bench.account, youtube_bench.app, youtube_bench.source, youtube_bench.tube

# --- rechecks ---


def test_a_comment_that_is_missing_by_its_id_is_gone(source, server):
    edited = a_comment(3, text="now fine", updatedAt="2026-11-23T13:00:00Z")
    server.answers[COMMENTS] = Answer({"kind": "list", "items": [a_comment(1), edited]})
    result = source.recheck([RecheckTarget(f"youtube:Ug{number}") for number in (1, 2, 3)], {}, NOON)
    assert list(result.gone) == ["youtube:Ug2"]
    assert list(result.present) == ["youtube:Ug1", "youtube:Ug3"]
    assert [found.mention.text for found in result.found] == ["now fine"]
    assert server.asked(COMMENTS)[0].query["id"] == "Ug1,Ug2,Ug3"


def test_a_recheck_that_fails_declares_nothing_gone(source, server):
    server.answers[COMMENTS] = Answer({"message": "?"})
    with pytest.raises(ListenerError):
        source.recheck([RecheckTarget("youtube:Ug1")], {}, NOON)


# --- answers ---


def an_approved(text="We are on it.", **facts):
    return ApprovedReply(
        id="abc", text=text, approved_by="Kim", approved_at=NOON, **({"mention_id": "youtube:Ug1"} | facts)
    )


@pytest.fixture
def replies(tube, source, account):
    return YouTubeReplies(source)


def test_an_answer_without_an_account_or_too_long_is_refused(replies, monkeypatch):
    assert replies.refuses(an_approved(), {}) is None
    assert "10,001" in replies.refuses(an_approved("x" * 10_001), {})
    assert replies.refuses(an_approved(mention_id="youtube:a b"), {})
    monkeypatch.delenv("YOUTUBE_REFRESH_TOKEN")
    assert "YOUTUBE_REFRESH_TOKEN" in replies.refuses(an_approved(), {})


def test_an_answer_goes_below_the_threads_first_comment_with_our_token(replies, server):
    server.answers[COMMENTS] = Answer(recorded("insert_response"))
    sent = replies.send(an_approved(mention_id="youtube:Ug1.5", thread_id="youtube:Ug1"), {}, NOON)
    assert sent.reply_id == "youtube:Ugy_CAftKrIUCyPr9GR4AaABAg.9iPXEClD9lW9iPXLqKy_Pt"
    (request,) = server.asked(COMMENTS)
    assert (request.method, request.query["part"]) == ("POST", "snippet")
    assert json.loads(request.body) == {"snippet": {"parentId": "Ug1", "textOriginal": "We are on it."}}
    assert request.headers["authorization"] == "Bearer access-s3cret"
    assert "key" not in request.query


@each_arrival
def test_an_answer_is_sent_once_and_doubtful_only_where_it_may_have_arrived(replies, server, expect, answer, doubtful):
    replies.find(an_approved(), {}, NOON)  # the token is there before we get hasty
    asked = len(server.asked(COMMENTS))
    server.answers[COMMENTS] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        replies.send(an_approved(), {}, NOON)
    assert isinstance(caught.value, Doubtful) is doubtful
    assert "s3cret" not in str(caught.value)
    assert len(server.asked(COMMENTS)) == asked + 1


def test_an_answer_is_found_by_our_channel_and_its_words(replies, tube):
    tube.replies = {"Ug1": [a_reply(1, 1, text="We are on it."), a_reply(2, 1, text="We are  on it.", by=OURS)]}
    assert replies.find(an_approved(), {}, NOON).reply_id == "youtube:Ug1.2"
    assert replies.find(an_approved("Something else."), {}, NOON) is None


def test_a_token_that_is_refused_is_asked_for_anew(replies, server):
    server.answers[CHANNELS] = [Answer({"error": "?"}, 401), Answer({"items": [{"id": OURS}]})]
    with pytest.raises(ListenerError):
        replies.find(an_approved(), {}, NOON)
    assert replies.find(an_approved(), {}, NOON) is None
    assert len(server.asked("/token")) == 2
