"""Bluesky: rechecks, and answers that are sent once under a key of their own."""

import json
from datetime import timedelta

import pytest

from data.models import ApprovedReply
from listeners.base import Doubtful, ListenerError, RecheckTarget
from listeners.sources.bluesky.replies import BlueskyReplies, graphemes, key
from tests.listeners.failures import each_arrival
from tests.listeners.servers.server import Answer
from tests.listeners.sources.bluesky import bluesky_bench
from tests.listeners.sources.bluesky.bluesky_bench import (
    CREATE,
    NOON,
    OURS,
    POSTS,
    PROFILE,
    RECORD,
    THEIRS,
    THREAD,
    a_post,
    at,
    below,
    tagging,
    uri,
)

account, pds, source = bluesky_bench.account, bluesky_bench.pds, bluesky_bench.source

# --- rechecks ---


def test_a_post_that_getposts_leaves_out_is_gone(source, server):
    server.answers[POSTS] = Answer({"posts": [a_post(2)]})
    held = [RecheckTarget(f"bluesky:{uri(number)}") for number in (1, 2)] + [RecheckTarget("bluesky:nonsense")]
    result = source.recheck(held, {}, NOON)
    assert list(result.gone) == [f"bluesky:{uri(1)}"]
    assert list(result.present) == [f"bluesky:{uri(2)}"]


def test_a_recheck_that_fails_declares_nothing_gone(source, server):
    server.answers[POSTS] = Answer({"message": "?"})
    with pytest.raises(ListenerError):
        source.recheck([RecheckTarget(f"bluesky:{uri(1)}")], {}, NOON)


# --- answers ---


def an_approved(text="Thank you, we are on it.", **facts):
    told = {"mention_id": f"bluesky:{uri(1)}", "approved_by": "Kim", "approved_at": NOON, "named": ("acme.example",)}
    return ApprovedReply(id="abc123", text=text, **(told | facts))


@pytest.fixture
def replies(pds, server, web):
    server.answers |= {
        PROFILE: Answer({"did": OURS, "labels": [{"src": OURS, "val": "bot"}]}),
        POSTS: Answer({"posts": [a_post(1, text="@acme.example?", facets=tagging())]}),
        CREATE: Answer({"uri": uri("new", OURS), "cid": "c"}),
        RECORD: Answer({"error": "RecordNotFound"}, 400),
        THREAD: Answer({"thread": {"post": a_post(1), "replies": []}}),
    }
    return BlueskyReplies(server.url, web)


def test_300_graphemes_are_allowed_however_many_code_points_they_are(replies):
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert graphemes(family * 3) == 3
    assert replies.refuses(an_approved(family * 100), {}) is None
    assert "301 graphemes" in replies.refuses(an_approved("x" * 301), {})
    assert "bytes" in replies.refuses(an_approved(family * 200), {})


def test_who_did_not_tag_us_is_not_answered(replies):
    assert "tagged our account" in replies.refuses(an_approved(named=()), {})
    assert replies.refuses(an_approved(named=(), thread_id=f"bluesky:{uri(9, OURS)}"), {}) is None
    assert replies.refuses(an_approved(mention_id="bluesky:x"), {})
    assert replies.refuses(an_approved(" "), {})


def test_an_answer_is_one_record_below_the_post_with_links_that_can_be_clicked(replies, server):
    sent = replies.send(an_approved("Grüße: https://acme.example/help."), {}, NOON)
    assert sent.reply_id == f"bluesky:{uri('new', OURS)}"
    assert sent.url == "https://bsky.app/profile/did:plc:ours/post/3knew"
    (request,) = server.asked(CREATE)
    body = json.loads(request.body)
    assert (body["repo"], body["collection"], body["rkey"]) == (OURS, "app.bsky.feed.post", key(an_approved()))
    assert body["record"]["reply"]["parent"] == body["record"]["reply"]["root"] == {"uri": uri(1), "cid": "cid1"}
    (facet,) = body["record"]["facets"]
    said = body["record"]["text"].encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]]
    assert said.decode() == facet["features"][0]["uri"] == "https://acme.example/help"


def test_a_record_key_is_a_sortable_time_and_the_same_for_the_same_reply():
    assert len(key(an_approved())) == 13
    assert key(an_approved()) == key(an_approved())
    assert key(an_approved()) < key(an_approved(approved_at=NOON + timedelta(seconds=1)))


@pytest.mark.parametrize(
    ("post", "allowed"),
    [
        (a_post(1, facets=tagging()), True),
        (a_post(1, reply=below(9, OURS)), True),
        (a_post(1, facets=tagging(THEIRS)), False),
        (a_post(1, reply=below(9)), False),
        (a_post(1, facets=tagging()) | {"viewer": {"replyDisabled": True}}, False),
    ],
)
def test_whether_we_may_answer_is_read_from_the_post_itself(replies, server, post, allowed):
    server.answers[POSTS] = Answer({"posts": [post]})
    if allowed:
        assert replies.send(an_approved(), {}, NOON)
        return
    with pytest.raises(ListenerError) as caught:
        replies.send(an_approved(), {}, NOON)
    assert caught.value.permanent
    assert not server.asked(CREATE)


def test_a_post_that_is_gone_and_an_account_without_its_label_send_nothing(replies, server):
    server.answers[POSTS] = Answer({"posts": []})
    with pytest.raises(ListenerError, match="gone"):
        replies.send(an_approved(), {}, NOON)
    server.answers[PROFILE] = Answer({"did": OURS, "labels": [{"src": THEIRS, "val": "bot"}]})
    with pytest.raises(ListenerError, match="as automated first"):
        replies.send(an_approved(), {}, NOON)
    assert not server.asked(CREATE)


@each_arrival
def test_an_answer_is_sent_once_and_doubtful_only_where_it_may_have_arrived(replies, server, expect, answer, doubtful):
    server.answers[CREATE] = answer
    replies.find(an_approved(), {}, NOON)  # the session is open before we get hasty
    expect(answer)
    with pytest.raises(ListenerError) as caught:
        replies.send(an_approved(), {}, NOON)
    assert isinstance(caught.value, Doubtful) is doubtful
    assert len(server.asked(CREATE)) == 1


@pytest.mark.parametrize("refusal", [Answer({"error": "InvalidRequest"}, 400), Answer({"error": "?"}, 500)])
def test_a_reply_whose_key_is_taken_was_sent_before(replies, server, refusal):
    server.answers[CREATE] = refusal
    standing = {"uri": uri("new", OURS), "cid": "c", "value": {"createdAt": at(NOON)}}
    server.answers[RECORD] = Answer(standing)
    assert replies.send(an_approved(), {}, NOON + timedelta(hours=1)).sent_at == NOON


def test_a_doubt_stays_a_doubt_when_nothing_stands_under_the_key_or_that_cannot_be_told(replies, server):
    server.answers[CREATE] = Answer("", 502)
    for result in (Answer({"error": "RecordNotFound"}, 400), Answer("", 503)):
        server.answers[RECORD] = result
        with pytest.raises(Doubtful, match="whether it arrived is not known"):
            replies.send(an_approved(), {}, NOON)


def test_an_answer_is_found_under_its_key_or_by_its_words_in_the_thread(replies, server):
    assert replies.find(an_approved(), {}, NOON) is None
    by_hand = a_post(5, did=OURS, text="Thank you,  we are on it.", reply=below(1))
    others = [{"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri(4)}, {"post": a_post(6)}, {"post": by_hand}]
    server.answers[THREAD] = Answer({"thread": {"post": a_post(1), "replies": others}})
    assert replies.find(an_approved(), {}, NOON).reply_id == f"bluesky:{uri(5, OURS)}"
    server.answers[RECORD] = Answer({"uri": uri("new", OURS), "value": {"createdAt": at(NOON)}})
    assert replies.find(an_approved(), {}, NOON).reply_id == f"bluesky:{uri('new', OURS)}"


def test_a_look_that_fails_is_no_proof_of_absence(replies, server):
    server.answers[RECORD] = Answer("", 503)
    with pytest.raises(ListenerError):
        replies.find(an_approved(), {}, NOON)
