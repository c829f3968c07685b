"""Mastodon: rechecks, answers sent once; all of it against a real server where there is one."""

import os
import shutil
import socket
import subprocess
from datetime import UTC, datetime

import pytest

from data.models import ApprovedReply
from listeners.base import Doubtful, ListenerError, RecheckTarget
from listeners.sources.mastodon.listener import Mastodon
from listeners.sources.mastodon.replies import MastodonReplies
from tests.listeners.failures import each_arrival
from tests.listeners.servers.server import Answer
from tests.listeners.sources.mastodon import mastodon_bench
from tests.listeners.sources.mastodon.mastodon_bench import NOON, OURS, SEARCH, WRITE, a_status

host, instance, no_token, source, token = (
    mastodon_bench.host,
    mastodon_bench.instance,
    mastodon_bench.no_token,
    mastodon_bench.source,
    mastodon_bench.token,
)

# --- rechecks ---


def test_a_404_means_gone_and_an_edit_comes_back(source, server, host):
    server.answers["/api/v1/statuses/1"] = Answer(a_status(1))
    server.answers["/api/v1/statuses/2"] = Answer({"error": "Record not found"}, 404)
    server.answers["/api/v1/statuses/3"] = Answer(a_status(3, edited_at="2026-11-23T12:00:00Z"))
    server.answers["/api/v1/statuses/4"] = Answer("", 503)
    held = [RecheckTarget(f"mastodon:{host}/{number}") for number in (1, 2, 3, 4)] + [
        RecheckTarget("mastodon:gone.example/5")
    ]
    result = source.recheck(held, {"servers": [server.url]}, NOON)
    assert list(result.gone) == [f"mastodon:{host}/2"]
    assert list(result.present) == [f"mastodon:{host}/1", f"mastodon:{host}/3"]
    assert [found.mention.id for found in result.found] == [f"mastodon:{host}/3"]


def test_a_server_that_is_no_longer_one_does_not_pass_for_deletions(source, server, host):
    server.answers["*"] = Answer("<html>Buy this domain", 404)
    with pytest.raises(ListenerError, match="no Mastodon server"):
        source.recheck([RecheckTarget(f"mastodon:{host}/1")], {"servers": [server.url]}, NOON)


# --- answers ---


def an_approved(host, text="We are on it.", **facts):
    told = {"mention_id": f"mastodon:{host}/1", "author": "them@origin.example", "named": ("acme_help",)}
    return ApprovedReply(id="abc123", text=text, approved_by="Kim", approved_at=NOON, **(told | facts))


@pytest.fixture
def replies(instance, source, server, token):
    server.answers["/api/v1/statuses/1"] = Answer(a_status(1, mentions=[{"id": "900"}], visibility="unlisted"))
    server.answers[WRITE] = Answer(a_status(55, account=OURS, url="https://own.example/@acme_help/55"))
    server.answers["/api/v1/statuses/1/context"] = Answer({"ancestors": [], "descendants": []})
    return MastodonReplies(source)


def test_length_counts_the_authors_name_and_each_link_as_23(replies, host):
    assert replies.refuses(an_approved(host, "x" * 494), {}) is None
    assert "501 characters" in replies.refuses(an_approved(host, "x" * 495), {})
    assert replies.refuses(an_approved(host, "https://acme.example/" + "x" * 600), {}) is None
    assert replies.refuses(an_approved(host, mention_id="mastodon:x"), {})
    assert "mentioned our account" in replies.refuses(an_approved(host, named=()), {})


def test_an_answer_addresses_its_author_and_is_no_more_public_than_the_post(replies, server, host):
    sent = replies.send(an_approved(host), {"servers": [server.url]}, NOON)
    assert sent.reply_id == f"mastodon:{host}/55"
    assert sent.url == "https://own.example/@acme_help/55"
    (request,) = server.asked(WRITE)
    assert request.headers["idempotency-key"] == "abc123"
    assert "status=%40them%40origin.example+We+are+on+it." in request.body
    assert "in_reply_to_id=1" in request.body
    assert "visibility=unlisted" in request.body


@pytest.mark.parametrize("facts", [{"mentions": [{"id": "8"}]}, {"mentions": []}, {"in_reply_to_account_id": "8"}])
def test_who_did_not_mention_us_is_not_answered(replies, server, host, facts):
    server.answers["/api/v1/statuses/1"] = Answer(a_status(1, **facts))
    with pytest.raises(ListenerError, match="mentioned our account"):
        replies.send(an_approved(host), {"servers": [server.url]}, NOON)
    assert not server.asked(WRITE)


def test_a_post_seen_elsewhere_is_answered_as_our_own_server_knows_it(replies, server):
    server.answers[SEARCH] = Answer({"statuses": [a_status(31, mentions=[{"id": "900"}])]})
    approved = an_approved("far.example", url="https://origin.example/@them/1")
    assert replies.send(approved, {"servers": [server.url]}, NOON)
    assert "in_reply_to_id=31" in server.asked(WRITE)[0].body
    assert server.asked(SEARCH)[0].query["q"] == "https://origin.example/@them/1"


@each_arrival
def test_an_answer_is_sent_once_and_doubtful_only_where_it_may_have_arrived(
    replies, server, host, expect, answer, doubtful
):
    server.answers[WRITE] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        replies.send(an_approved(host), {"servers": [server.url]}, NOON)
    assert isinstance(caught.value, Doubtful) is doubtful
    assert len(server.asked(WRITE)) == 1


def test_an_answer_is_found_below_the_post_by_its_words(replies, server, host):
    options = {"servers": [server.url]}
    assert replies.find(an_approved(host), options, NOON) is None
    said = '<p><span><a href="x">@<span>them</span></a></span> We are on it.</p>'
    below = [
        a_status(2, in_reply_to_id="1", text="<p>We are on it.</p>"),
        a_status(3, in_reply_to_id="1", account=OURS, text=said),
    ]
    server.answers["/api/v1/statuses/1/context"] = Answer({"ancestors": [], "descendants": below})
    assert replies.find(an_approved(host), options, NOON).reply_id == f"mastodon:{host}/3"
    server.answers["/api/v1/statuses/1/context"] = Answer("", 503)
    with pytest.raises(ListenerError):
        replies.find(an_approved(host), options, NOON)


# --- a real server ---


@pytest.fixture(scope="module")
def mock_server():
    """mastodon-mock, a stateful server: found on the path or named by HEARBACK_MASTODON_MOCK."""
    command = os.environ.get("HEARBACK_MASTODON_MOCK") or shutil.which("mastodon_mock")
    if not command:
        pytest.skip(
            "no real server: install mastodon-mock==0.6.1 into an environment of its own, as .ci/run does, and name "
            "its command in HEARBACK_MASTODON_MOCK"
        )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen(
        [command, "serve", "--in-memory", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = next((line for line in running.stdout if "Uvicorn running on" in line), None)
    yield f"http://127.0.0.1:{port}" if said else None
    running.terminate()
    running.wait(60)


def test_a_real_server_is_listened_to_answered_looked_at_again_and_forgets(mock_server, web, acme, monkeypatch):
    if mock_server is None:
        pytest.skip("mastodon-mock did not start")
    monkeypatch.setenv("MASTODON_ACCESS_TOKEN", "mock_token")
    now = datetime.now(UTC)
    ours, options = Mastodon(web, plain_http=True), {"servers": [mock_server]}
    own = ours.servers(options)[0]
    posted = [own.ask(lambda client, n=n: client.status_post(f"#acme {n}")) for n in range(95)]
    # Read without our token, so that our own posts are somebody's.
    monkeypatch.delenv("MASTODON_ACCESS_TOKEN")
    fetched = Mastodon(web, plain_http=True).listen([acme], options, {}, now)
    assert len(fetched.found) == 95
    assert not Mastodon(web, plain_http=True).listen([acme], options, fetched.cursor, now).found
    monkeypatch.setenv("MASTODON_ACCESS_TOKEN", "mock_token")
    held = [RecheckTarget(found.mention.id) for found in fetched.found[:3]]
    gone = held[0].id.partition("/")[2]
    assert gone in {status["id"] for status in posted}
    own.ask(lambda client: client.status_delete(gone))
    result = ours.recheck(held, options, now)
    assert list(result.gone) == [held[0].id]
    assert len(result.present) == 2
    asked = own.ask(lambda client: client.status_post("why?", in_reply_to_id=posted[50]["id"]))
    facts = {"author": own.own()["acct"], "mention_id": f"mastodon:{own.host}/{asked['id']}"}
    approved, replies = an_approved(own.host, "On it.", **facts), MastodonReplies(ours)
    assert replies.find(approved, options, now) is None
    sent = replies.send(approved, options, now)
    assert replies.find(approved, options, now).reply_id == sent.reply_id
    assert replies.send(approved, options, now).reply_id == sent.reply_id  # the same key is the same answer
