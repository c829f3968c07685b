"""X after a mention is in: what still stands there, and answers, each sent once and only where X allows them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from data.models import ApprovedReply
from listeners.base import Doubtful, ListenerError, Rechecker, RecheckTarget, Responder
from listeners.budget import Ledger
from listeners.sources.x.replies import XRechecks, XReplies, length
from tests.listeners.failures import each_arrival, each_failure
from tests.listeners.servers.server import Answer
from tests.listeners.servers.x_server import LOOKUP, OURS, OWN, XServer, a_number, a_person, a_post, cassette, page
from tests.listeners.sources.x.x_bench import KEYS

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TOLD = {"handle": "@acme_help", "dollars_a_month": 1.0}
ASKED = a_number(NOON - timedelta(hours=1))
NOT_FOUND = "https://api.twitter.com/2/problems/resource-not-found"
NOT_OURS_TO_SEE = "https://api.twitter.com/2/problems/not-authorized-for-resource"


@pytest.fixture(autouse=True)
def account(monkeypatch):
    monkeypatch.setenv("X_BEARER_TOKEN", "bearer-s3cret")
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def x_server():
    server = XServer(NOON)
    yield server
    server.close()


@pytest.fixture
def ledger(tmp_path):
    return lambda options, now: Ledger(tmp_path, "x", options, now)


@pytest.fixture
def replies(x_server, web, ledger):
    return XReplies(x_server.url, web, ledger)


@pytest.fixture
def rechecks(x_server, web, ledger):
    return XRechecks(x_server.url, web, ledger)


def approved(text="Sorry, we are on it.", **facts):
    told = {"id": "l1", "mention_id": f"x:{ASKED}", "text": text, "approved_by": "Ana", "approved_at": NOON}
    return ApprovedReply(**(told | {"named": ("acme_help",), "url": f"https://x.com/someone/status/{ASKED}"} | facts))


def spent(ledger):
    return ledger(TOLD, NOON).spent


def an_error(number, kind=NOT_FOUND, **facts):
    return {"resource_id": number, "parameter": "ids", "resource_type": "tweet", "type": kind} | facts


# --- rechecks ---


def test_what_x_names_as_gone_is_gone_and_the_rest_stands(x_server, rechecks, ledger):
    here = a_post(NOON - timedelta(days=2))
    told = page([here], people=[a_person()]) | {"errors": [an_error("5"), an_error("6", NOT_OURS_TO_SEE)]}
    x_server.answers[LOOKUP] = Answer(told)
    result = rechecks.recheck(
        [RecheckTarget("x:5"), RecheckTarget("x:6"), RecheckTarget(f"x:{here['id']}"), RecheckTarget("x:8")], TOLD, NOON
    )
    assert (result.gone, result.present, result.found) == (["x:5", "x:6"], [f"x:{here['id']}"], [])
    assert x_server.requests[0].query["ids"] == f"5,6,{here['id']},8"
    assert spent(ledger) == pytest.approx(0.005)


@pytest.mark.parametrize(
    "error",
    [
        an_error("5", "https://api.twitter.com/2/problems/field-unauthorized"),
        an_error("5", parameter="referenced_tweets.id"),
        {"value": "5"},
        "5",
    ],
)
def test_an_error_about_something_else_makes_nothing_gone(x_server, rechecks, error):
    x_server.answers[LOOKUP] = Answer({"errors": [error]})
    assert rechecks.recheck([RecheckTarget("x:5")], TOLD, NOON).gone == []


def test_a_post_that_was_edited_comes_back_as_it_reads_now(x_server, rechecks, ledger):
    first, later = a_post(NOON), a_post(NOON + timedelta(minutes=5), "acme, mended")
    first["edit_history_tweet_ids"] = later["edit_history_tweet_ids"] = [first["id"], later["id"]]
    x_server.answers[LOOKUP] = [Answer(page([first])), Answer(page([later], people=[a_person()]))]
    result = rechecks.recheck([RecheckTarget(f"x:{first['id']}")], TOLD, NOON)
    assert [(one.mention.id, one.mention.text) for one in result.found] == [(f"x:{first['id']}", "acme, mended")]
    assert result.found[0].mention.author == "someone"
    assert result.present == []
    assert [request.query["ids"] for request in x_server.requests] == [first["id"], later["id"]]
    assert spent(ledger) == pytest.approx(2 * 0.005 + 0.010)


def test_a_hundred_are_one_request_and_none_is_made_past_the_cap(x_server, rechecks):
    x_server.answers[LOOKUP] = Answer({"data": []})
    held = [RecheckTarget(f"x:{number}") for number in range(100)]
    with pytest.raises(ListenerError, match="cap"):
        rechecks.recheck(held, TOLD | {"dollars_a_month": 0.4}, NOON)
    assert x_server.requests == []
    rechecks.recheck(held, TOLD, NOON)
    assert len(x_server.requests) == 1
    assert isinstance(rechecks, Rechecker)
    assert rechecks.ids_at_once == 100


def test_recorded_posts_still_stand(x_server, rechecks):
    (x_server.answers[LOOKUP],) = cassette("test_client_get_tweets")
    held = [RecheckTarget("x:1293593516040269825"), RecheckTarget("x:1293595870563381249")]
    assert rechecks.recheck(held, TOLD, NOON).gone == []


@each_failure
def test_a_look_that_failed_says_so_and_takes_nothing_for_gone(x_server, rechecks, ledger, expect, answer, permanent):
    x_server.answers[LOOKUP] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        rechecks.recheck([RecheckTarget("x:5")], TOLD, NOON)
    assert caught.value.permanent is permanent
    assert spent(ledger) == 0


# --- whom we may answer ---


def test_who_named_us_may_be_answered(replies):
    assert replies.refuses(approved(), TOLD) is None
    assert replies.refuses(approved(named=("other", "@ACME_Help.")), TOLD) is None
    assert isinstance(replies, Responder)


def test_who_did_not_name_us_is_answered_by_hand(replies):
    why = replies.refuses(approved(named=("acme", "acme_helper")), TOLD)
    assert "only where the author mentioned or quoted @acme_help" in why
    assert f"https://x.com/intent/post?in_reply_to={ASKED}" in why


@pytest.mark.parametrize(
    ("facts", "words"),
    [({"text": "x" * 281}, "281 characters"), ({"text": " "}, "empty"), ({"text": "字" * 141}, "282 characters")],
)
def test_what_x_would_not_take_is_refused_before_it_is_sent(replies, x_server, facts, words):
    assert words in replies.refuses(approved(**facts), TOLD)
    assert x_server.requests == []


def test_without_a_handle_nobody_is_answered(replies):
    assert "set handle" in replies.refuses(approved(), {"dollars_a_month": 1})


@pytest.mark.parametrize(
    ("text", "counted"),
    [("abc", 3), ("字", 2), ("💥", 2), ("é", 1), ("e\u0301", 1), ("see https://acme.example/a/very/long/path" * 1, 27)],
)
def test_characters_are_counted_as_x_counts_them(text, counted):
    assert length(text) == counted


# --- who quoted us without our handle ---


QUOTED = a_number(NOON - timedelta(days=1))


def a_quote(**facts):
    return approved(named=("acme",), kind="post", parent_id=f"x:{QUOTED}", **facts)


@pytest.fixture
def quoting(x_server):
    """X, where a post of ours or of somebody else was quoted; the answers that were taken."""

    def by(author):
        taken = Answer({"data": {"id": "1"}}, 201)
        told = page([a_post(NOON - timedelta(days=1), author=author)]) if author else {"errors": [an_error(QUOTED)]}
        x_server.answers[LOOKUP] = lambda request: taken if request.method == "POST" else Answer(told)
        return lambda: [request for request in x_server.requests if request.method == "POST"]

    return by


def test_who_quoted_a_post_of_ours_may_be_answered_and_whose_it_was_is_asked_once(x_server, replies, ledger, quoting):
    answered = quoting(OURS)
    assert replies.refuses(a_quote(), TOLD) is None
    replies.send(a_quote(), TOLD, NOON)
    assert [request.query.get("ids") for request in x_server.requests] == [QUOTED, None]
    assert len(answered()) == 1
    assert spent(ledger) == pytest.approx(0.005 + 0.010)


@pytest.mark.parametrize("author", ["7", None])
def test_who_quoted_somebody_else_or_what_is_gone_is_answered_by_hand(replies, quoting, author):
    answered = quoting(author)
    with pytest.raises(ListenerError, match="only where the author mentioned or quoted @acme_help") as caught:
        replies.send(a_quote(), TOLD, NOON)
    assert caught.value.permanent
    assert not isinstance(caught.value, Doubtful)
    assert answered() == []


def test_where_it_cannot_be_told_whose_post_was_quoted_nothing_is_sent(x_server, replies):
    x_server.answers[LOOKUP] = Answer("", 503)
    with pytest.raises(ListenerError) as caught:
        replies.send(a_quote(), TOLD, NOON)
    assert (caught.value.permanent, isinstance(caught.value, Doubtful)) == (False, False)
    assert [request.method for request in x_server.requests] == ["GET"]


@pytest.mark.parametrize("facts", [{"kind": "comment"}, {"parent_id": None}, {"parent_id": "reddit:t3_1"}])
def test_what_is_no_quote_needs_our_handle(replies, facts):
    told = {"kind": "post", "parent_id": f"x:{QUOTED}"} | facts
    assert "only where the author" in replies.refuses(approved(named=("acme",), **told), TOLD)


def test_who_named_us_costs_no_question(x_server, replies, ledger, quoting):
    quoting(OURS)
    replies.send(approved(kind="post", parent_id=f"x:{QUOTED}"), TOLD, NOON)
    assert spent(ledger) == pytest.approx(0.010)


# --- sending ---


def test_an_answer_is_one_request_under_the_post_it_answers(x_server, replies, ledger):
    x_server.answers[LOOKUP] = cassette("test_client_create_and_delete_tweet")[0]
    sent = replies.send(approved(), TOLD, NOON)
    (request,) = x_server.requests
    assert (request.method, request.path) == ("POST", "/2/tweets")
    assert json.loads(request.body) == {"text": "Sorry, we are on it.", "reply": {"in_reply_to_tweet_id": ASKED}}
    assert request.headers["authorization"].startswith("OAuth ")
    assert sent.reply_id == "x:1456012973835788293"
    assert sent.url == "https://x.com/acme_help/status/1456012973835788293"
    assert spent(ledger) == pytest.approx(0.010)


def test_an_edited_post_is_answered_where_it_reads_now(x_server, replies):
    x_server.answers[LOOKUP] = Answer({"data": {"id": "1"}}, 201)
    replies.send(approved(url="https://x.com/someone/status/77"), TOLD, NOON)
    assert json.loads(x_server.requests[0].body)["reply"] == {"in_reply_to_tweet_id": "77"}


def test_a_link_in_an_answer_costs_twenty_times_as_much(x_server, replies, ledger):
    x_server.answers[LOOKUP] = Answer({"data": {"id": "1"}}, 201)
    replies.send(approved("See https://acme.example"), TOLD, NOON)
    assert spent(ledger) == pytest.approx(0.200)


def test_at_the_cap_no_answer_leaves(x_server, replies):
    with pytest.raises(ListenerError, match="cap") as caught:
        replies.send(approved(), TOLD | {"dollars_a_month": 0.001}, NOON)
    assert not isinstance(caught.value, Doubtful)
    assert x_server.requests == []


@each_arrival
def test_only_what_may_have_arrived_is_doubtful_and_it_is_sent_once(
    x_server, replies, ledger, expect, answer, doubtful
):
    x_server.answers[LOOKUP] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        replies.send(approved(), TOLD, NOON)
    assert isinstance(caught.value, Doubtful) is doubtful
    assert len(x_server.requests) == 1
    assert spent(ledger) == pytest.approx(0.010 if doubtful else 0.0)


def test_xs_own_reason_is_passed_on(x_server, replies):
    why = "Reply to this conversation is not allowed because you have not been mentioned"
    x_server.answers[LOOKUP] = Answer({"detail": why, "status": 403}, 403)
    with pytest.raises(ListenerError, match=why) as caught:
        replies.send(approved(), TOLD, NOON)
    assert caught.value.permanent


def test_a_server_that_cannot_be_reached_has_taken_nothing(web, ledger, x_server):
    x_server.close()
    with pytest.raises(ListenerError) as caught:
        XReplies(x_server.url, web, ledger).send(approved(), TOLD, NOON)
    assert not isinstance(caught.value, Doubtful)


def test_an_answer_taken_without_an_id_is_doubtful(x_server, replies):
    x_server.answers[LOOKUP] = Answer({"data": {}}, 201)
    with pytest.raises(Doubtful):
        replies.send(approved(), TOLD, NOON)


# --- looking for an answer ---


def ours(text, to=ASKED, at=NOON, **facts):
    return a_post(at, text, author=OURS, referenced_tweets=[{"type": "replied_to", "id": to}], **facts)


def test_our_answer_is_found_on_our_own_timeline_though_x_changed_its_look(x_server, replies, ledger):
    text = "Sorry & see https://acme.example/help"
    x_server.posts[OWN] = [
        ours("@someone Sorry &amp; see https://t.co/xyz", at=NOON + timedelta(seconds=1)),
        ours("@someone Sorry &amp; see https://t.co/xyz", to="5", serial=1),
    ]
    found = replies.find(approved(text), TOLD, NOON)
    assert found.reply_id == f"x:{a_number(NOON + timedelta(seconds=1))}"
    assert found.sent_at == NOON + timedelta(seconds=1)
    assert spent(ledger) == pytest.approx(0.002)


def test_another_text_or_another_post_is_not_our_answer(x_server, replies):
    x_server.posts[OWN] = [ours("@someone Something else"), ours("@someone Sorry, we are on it.", to="5", serial=1)]
    assert replies.find(approved(), TOLD, NOON) is None


def test_our_answer_is_found_on_a_later_page(x_server, replies):
    x_server.posts[OWN] = [ours("@someone Sorry, we are on it.")]
    x_server.posts[OWN] += [a_post(NOON + timedelta(seconds=n), "news", author=OURS) for n in range(1, 150)]
    assert replies.find(approved(), TOLD, NOON)
    assert len(x_server.asked(OWN)) == 2


def test_a_timeline_that_turns_in_circles_cannot_tell(x_server, replies):
    x_server.answers[OWN] = Answer(page([], "same"))
    with pytest.raises(ListenerError, match="not known"):
        replies.find(approved(), TOLD, NOON)


@each_failure
def test_a_search_that_failed_cannot_tell(x_server, replies, expect, answer, permanent):
    x_server.answers[OWN] = expect(answer)
    with pytest.raises(ListenerError):
        replies.find(approved(), TOLD, NOON)


def test_without_our_accounts_keys_nothing_is_sent(replies, x_server, monkeypatch):
    monkeypatch.delenv("X_ACCESS_TOKEN")
    with pytest.raises(ListenerError, match="X_ACCESS_TOKEN"):
        replies.send(approved(), TOLD, NOON)
    assert x_server.requests == []
