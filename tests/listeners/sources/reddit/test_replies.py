"""Reddit after a mention is in: what still stands there, and answers, each sent exactly once."""

import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from data.models import ApprovedReply
from listeners.base import Doubtful, ListenerError, Rechecker, RecheckTarget, Responder
from listeners.sources.reddit.replies import RedditRechecks, RedditReplies
from tests.listeners.failures import each_arrival, each_failure, each_wait, told_to_wait
from tests.listeners.servers.reddit_server import TOKEN_PATH, a_comment, a_post, cassette, listing, play
from tests.listeners.servers.server import Answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
THEN = NOON.timestamp()
INFO = "/api/info/"
SEND = "/api/comment/"
OWN = "/user/acme_help/comments"


@pytest.fixture(autouse=True)
def account(monkeypatch):
    told = {"CLIENT_ID": "id-s3cret", "CLIENT_SECRET": "app-s3cret", "USERNAME": "acme_help", "PASSWORD": "pw-s3cret"}
    for name, value in told.items():
        monkeypatch.setenv(f"REDDIT_{name}", value)


@pytest.fixture
def rechecks(reddit_server, web):
    return RedditRechecks(reddit_server.url, reddit_server.url, web)


@pytest.fixture
def replies(reddit_server, web):
    return RedditReplies(reddit_server.url, reddit_server.url, web)


@pytest.fixture
def never_sleeps(monkeypatch):
    def refuse(seconds):
        raise AssertionError(f"something slept {seconds} s")

    monkeypatch.setattr(time, "sleep", refuse)


def approved(text="Sorry, we are on it.", mention_id="reddit:t1_abc", **facts):
    told = {"id": "l1", "mention_id": mention_id, "text": text, "approved_by": "Ana", "approved_at": NOON}
    return ApprovedReply(**(told | facts))


def taken(*things, errors=(), **facts):
    return Answer({"json": {"errors": list(errors), "data": {"things": list(things)}} | facts})


# --- rechecks ---


def test_what_was_deleted_or_removed_is_gone_and_the_rest_stands(reddit_server, rechecks):
    reddit_server.answers[INFO] = Answer(
        listing(
            [
                a_comment(1, THEN, "[deleted]", author="[deleted]"),
                a_comment(2, THEN, "[removed]"),
                a_comment(3, THEN),
                a_post(4, THEN, removed_by_category="moderator"),
                a_post(5, THEN),
            ]
        )
    )
    names = ["t1_000001", "t1_000002", "t1_000003", "t3_000004", "t3_000005", "t1_000006"]
    result = rechecks.recheck([RecheckTarget(f"reddit:{name}") for name in names], {}, NOON)
    assert result.gone == ["reddit:t1_000001", "reddit:t1_000002", "reddit:t3_000004"]
    assert result.present == ["reddit:t1_000003", "reddit:t3_000005"]
    assert result.found == []
    assert reddit_server.asked(INFO)[0].query["id"] == ",".join(names)


@pytest.mark.parametrize(
    "left",
    [
        "[deleted]", "[removed]", "[unavailable]", "[deleted by user]", "[ Removed by Reddit ]",
        "[removed by moderator]", "[ Removed by Reddit in response to a copyright notice. ]", " [Deleted] ",
        "[ Removed by Reddit on account of violating the [content policy](/help/contentpolicy). ]", r"\[removed\]",
        "**[deleted]**", "[removed]\u200b",
    ],
)  # fmt: skip
def test_whatever_reddit_leaves_of_a_text_it_is_gone(reddit_server, rechecks, left):
    items = [a_comment(1, THEN, left), a_post(2, THEN, selftext=left), a_post(3, THEN, left, selftext="")]
    standing = [a_comment(4, THEN, f"acme said {left}"), a_post(5, THEN, "[removed] acme parts", selftext="")]
    reddit_server.answers[INFO] = Answer(listing(items + standing))
    names = ["t1_000001", "t3_000002", "t3_000003", "t1_000004", "t3_000005"]
    result = rechecks.recheck([RecheckTarget(f"reddit:{name}") for name in names], {}, NOON)
    assert result.gone == [f"reddit:{name}" for name in names[:3]]
    assert result.present == [f"reddit:{name}" for name in names[3:]]


def test_an_edit_without_a_time_comes_back_as_it_reads_now(reddit_server, rechecks):
    reddit_server.answers[INFO] = Answer(listing([a_comment(1, THEN, "acme, mended", edited=True)]))
    (found,) = rechecks.recheck([RecheckTarget("reddit:t1_000001")], {}, NOON).found
    assert (found.mention.text, found.mention.edited_at) == ("acme, mended", None)


def test_a_text_whose_author_left_comes_back_without_the_name(reddit_server, rechecks):
    reddit_server.answers[INFO] = Answer(listing([a_comment(1, THEN, author="[deleted]")]))
    (found,) = rechecks.recheck([RecheckTarget("reddit:t1_000001")], {}, NOON).found
    assert (found.mention.id, found.mention.author, found.mention.text) == ("reddit:t1_000001", None, "I love acme")


def test_an_edited_text_comes_back_as_it_reads_now(reddit_server, rechecks):
    reddit_server.answers[INFO] = Answer(listing([a_comment(1, THEN, "acme, mended", edited=THEN + 60)]))
    (found,) = rechecks.recheck([RecheckTarget("reddit:t1_000001")], {}, NOON).found
    assert (found.mention.text, found.mention.edited_at) == ("acme, mended", NOON + timedelta(minutes=1))


def test_a_hundred_are_one_request_and_one_token_serves_many(reddit_server, rechecks):
    reddit_server.answers[INFO] = Answer(listing([]))
    held = [RecheckTarget(f"reddit:t1_{number:06x}") for number in range(130)]
    rechecks.recheck(held[:100], {}, NOON)
    rechecks.recheck(held[100:], {}, NOON)
    assert [len(request.query["id"].split(",")) for request in reddit_server.asked(INFO)] == [100, 30]
    assert len(reddit_server.token_requests()) == 1
    assert isinstance(rechecks, Rechecker)
    assert not rechecks.recheck([RecheckTarget("reddit:nonsense")], {}, NOON).gone


def test_a_recorded_deletion_is_seen(reddit_server, rechecks):
    play(reddit_server, cassette("TestComment.test_refresh__deleted_comment"))
    assert rechecks.recheck([RecheckTarget("reddit:t1_d7ltvl0")], {}, NOON).gone == ["reddit:t1_d7ltvl0"]


def test_a_recorded_comment_that_stands_is_not_gone(reddit_server, rechecks):
    play(reddit_server, cassette("TestComment.test_refresh"))
    result = rechecks.recheck([RecheckTarget("reddit:t1_d81vwef")], {}, NOON)
    assert result.gone == []
    assert [*result.present, *(one.mention.id for one in result.found)] == ["reddit:t1_d81vwef"]


@each_failure
def test_a_look_that_failed_says_so_and_takes_nothing_for_gone(reddit_server, rechecks, expect, answer, permanent):
    reddit_server.answers[INFO] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        rechecks.recheck([RecheckTarget("reddit:t1_1")], {}, NOON)
    assert caught.value.permanent is permanent


def test_a_token_taken_back_between_two_looks_is_replaced(reddit_server, rechecks):
    reddit_server.answers[INFO] = Answer(listing([]))
    rechecks.recheck([RecheckTarget("reddit:t1_1")], {}, NOON)
    reddit_server.answers[INFO] = [Answer("", 401), Answer(listing([a_comment(1, THEN)]))]
    assert rechecks.recheck([RecheckTarget("reddit:t1_000001")], {}, NOON).present == ["reddit:t1_000001"]


# --- sending ---


@pytest.mark.parametrize("name", ["TestComment.test_reply", "TestSubmission.test_reply"])
def test_a_recorded_answer_is_one_post_under_the_mention(reddit_server, replies, never_sleeps, name):
    exchanges = cassette(name)
    play(reddit_server, exchanges)
    recorded = dict(parse_qsl(exchanges[1]["request"]["body"]))
    sent = replies.send(approved(recorded["text"], f"reddit:{recorded['thing_id']}"), {}, NOON)
    (request,) = reddit_server.asked(SEND)
    assert dict(parse_qsl(request.body)) == recorded
    assert sent.reply_id in ("reddit:t1_d1680wu", "reddit:t1_d162ara")
    assert sent.sent_at.year == 2016
    assert sent.url.startswith("https://www.reddit.com/comments/4b1tfm/_/d16")


def test_an_answer_that_reddit_takes_and_does_not_show_is_doubtful(reddit_server, replies):
    play(reddit_server, cassette("TestSubmission.test_reply__none"))
    with pytest.raises(Doubtful):
        replies.send(approved(), {}, NOON)


@each_arrival
def test_only_what_may_have_arrived_is_doubtful_and_it_is_sent_once(
    reddit_server, replies, expect, never_sleeps, answer, doubtful
):
    reddit_server.answers[SEND] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        replies.send(approved(), {}, NOON)
    assert isinstance(caught.value, Doubtful) is doubtful
    assert len(reddit_server.asked(SEND)) == 1


@each_arrival
def test_trouble_with_the_token_leaves_no_doubt(reddit_server, replies, expect, never_sleeps, answer, doubtful):
    reddit_server.answers[TOKEN_PATH] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        replies.send(approved(), {}, NOON)
    assert not isinstance(caught.value, Doubtful)
    assert reddit_server.asked(SEND) == []


@pytest.mark.parametrize(
    ("words", "told", "wait"),
    [
        ("Take a break for 9 minutes before trying again.", {}, 540.0),
        ("Take a break for 2 seconds before trying again.", {}, 2.0),
        ("Take a break for 300 milliseconds before trying again.", {}, 0.3),
        ("Take a break for 9 minutes before trying again.", {"ratelimit": 512.2}, 512.2),
        ("You are doing that too much.", {}, None),
    ],
)
def test_being_asked_to_slow_down_waits_outside_and_sends_nothing_twice(
    reddit_server, replies, never_sleeps, words, told, wait
):
    reddit_server.answers[SEND] = taken(errors=[["RATELIMIT", words, "ratelimit"]], **told)
    with pytest.raises(ListenerError) as caught:
        replies.send(approved(), {}, NOON)
    assert (caught.value.retry_after, caught.value.permanent) == (wait, False)
    assert not isinstance(caught.value, Doubtful)
    assert len(reddit_server.asked(SEND)) == 1


@pytest.mark.parametrize(
    "errors",
    [
        [["THREAD_LOCKED", "Comments are locked.", "parent"]],
        [["DELETED_COMMENT", None, "parent"]],
        ["USER_REQUIRED"],
        "no list at all",
    ],
)
def test_reddits_refusal_is_passed_on_and_no_doubt_is_left(reddit_server, replies, errors):
    reddit_server.answers[SEND] = Answer({"json": {"errors": errors}})
    with pytest.raises(ListenerError, match="refused the answer") as caught:
        replies.send(approved(), {}, NOON)
    assert caught.value.permanent
    assert not isinstance(caught.value, Doubtful)


@each_wait
def test_being_told_to_wait_is_passed_on(reddit_server, replies, said, seconds):
    reddit_server.answers[SEND] = told_to_wait(said)
    with pytest.raises(ListenerError) as caught:
        replies.send(approved(), {}, NOON)
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("body", [{}, [], {"json": 5}, {"json": {"errors": [], "data": {"things": [{}]}}}])
def test_an_answer_taken_in_words_we_cannot_read_is_doubtful(reddit_server, replies, body):
    reddit_server.answers[SEND] = Answer(body)
    with pytest.raises(Doubtful):
        replies.send(approved(), {}, NOON)


def test_without_an_account_nothing_is_sent(reddit_server, replies, monkeypatch):
    monkeypatch.delenv("REDDIT_PASSWORD")
    with pytest.raises(ListenerError, match="REDDIT_USERNAME and REDDIT_PASSWORD"):
        replies.send(approved(), {}, NOON)
    assert reddit_server.requests == []


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"text": "x" * 10_001}, "10,001 characters"),
        ({"text": "\n"}, "empty"),
        ({"mention_id": "reddit:t4_abc"}, "neither a post nor a comment"),
    ],
)
def test_what_reddit_would_not_take_is_refused_before_it_is_sent(reddit_server, replies, facts, words):
    assert words in replies.refuses(approved(**facts), {})
    assert replies.refuses(approved(), {}) is None
    assert isinstance(replies, Responder)
    assert reddit_server.requests == []


# --- looking for an answer ---


def ours(number, body="Sorry, we are on it.", created=THEN + 5, parent="t1_abc"):
    return a_comment(number, created, body, parent_id=parent, author="acme_help")


def test_our_answer_is_found_among_our_own_comments(reddit_server, replies):
    reddit_server.listings[OWN] = [
        ours(1, "Something else"),
        ours(2, parent="t1_other"),
        ours(3, "Sorry,  we are\non it. "),
        ours(4, created=THEN - 4000),
    ]
    found = replies.find(approved(), {}, NOON)
    assert found.reply_id == "reddit:t1_000003"
    assert found.sent_at == NOON + timedelta(seconds=5)
    assert found.url == "https://www.reddit.com/r/test/comments/abc/_/000003/"


def test_an_older_comment_of_ours_is_not_taken_for_the_answer(reddit_server, replies):
    reddit_server.listings[OWN] = [ours(1, created=THEN - 4000)]
    assert replies.find(approved(), {}, NOON) is None


def test_our_answer_is_found_behind_a_hundred_others(reddit_server, replies):
    reddit_server.listings[OWN] = [*(ours(100 + n, "no", THEN + 500 - n) for n in range(150)), ours(3)]
    assert replies.find(approved(), {}, NOON).reply_id == "reddit:t1_000003"
    assert len(reddit_server.asked(OWN)) == 2


def test_comments_that_end_too_early_cannot_tell(reddit_server, replies):
    reddit_server.listings[OWN] = [ours(100 + n, "no", THEN + 5000 - n) for n in range(1200)]
    with pytest.raises(ListenerError, match="far enough"):
        replies.find(approved(), {}, NOON)


def test_an_account_known_by_its_token_only_is_asked_for_its_name(reddit_server, replies, monkeypatch):
    monkeypatch.delenv("REDDIT_USERNAME")
    monkeypatch.setenv("REDDIT_REFRESH_TOKEN", "refresh-s3cret")
    reddit_server.answers["/api/v1/me"] = Answer({"name": "acme_help"})
    reddit_server.listings[OWN] = [ours(3)]
    assert replies.find(approved(), {}, NOON).reply_id == "reddit:t1_000003"


@each_failure
def test_a_search_that_failed_cannot_tell(reddit_server, replies, expect, answer, permanent):
    reddit_server.answers[OWN] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        replies.find(approved(), {}, NOON)
    assert "s3cret" not in str(caught.value)
