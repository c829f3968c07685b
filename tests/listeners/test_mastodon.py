"""Mastodon: shapes, hashtags on several servers, the inbox, second looks, answers, failures; a real server if there."""

import json
import os
import shutil
import socket
import subprocess
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from data.models import Brand, Letter
from listeners import mastodon
from listeners.base import Doubtful, Held, ListenerError
from listeners.border import Unreadable
from listeners.mastodon import Mastodon, to_mention
from listeners.mastodon_replies import MastodonReplies
from tests.listeners.failures import each_arrival, each_failure, each_wait, told_to_wait
from tests.listeners.reddit_server import RECORDED
from tests.listeners.server import Answer, Server

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TAG, INBOX = "/api/v1/timelines/tag/acme", "/api/v1/notifications"
SEARCH, OWN = "/api/v2/search", "/api/v1/accounts/verify_credentials"
OURS = {"id": "900", "acct": "acme_help", "url": "https://own.example/@acme_help"}
THEM = {"id": "7", "acct": "them@origin.example", "url": "https://origin.example/@them", "followers_count": 9}
WRITE = "/api/v1/statuses"


def a_status(number, said=NOON, text="<p>my <b>#acme</b> broke</p>", **facts):
    return {
        "id": str(number),
        "created_at": said.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "content": text,
        "url": f"https://origin.example/@them/{number}",
        "account": {
            "id": "7",
            "acct": "them@origin.example",
            "url": "https://origin.example/@them",
            "followers_count": 9,
        },
        "visibility": "public",
        "language": "en",
        "favourites_count": 2,
        "reblogs_count": 1,
        "in_reply_to_id": None,
        "edited_at": None,
        "reblog": None,
        "mentions": [],
    } | facts


class Instance:
    """A server as far as we use it: lists newest first, 40 a page, with links to the next."""

    def __init__(self, server):
        self.server = server
        self.lists = {TAG: [], INBOX: [], "/api/v1/accounts/900/statuses": []}
        server.answers |= dict.fromkeys(self.lists, self.page)
        server.answers |= {SEARCH: Answer({"statuses": [], "accounts": [], "hashtags": []}), OWN: Answer(OURS)}

    def page(self, request):
        items = self.lists[request.path]
        names = [item["id"] for item in items]
        start = names.index(request.query["max_id"]) + 1 if "max_id" in request.query else 0
        shown = items[start : start + int(request.query["limit"])]
        link = f'<{self.server.url}{request.path}?max_id={shown[-1]["id"]}&limit=40>; rel="next"' if shown else ""
        headers = {"Link": link, "X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "150"}
        headers["X-RateLimit-Reset"] = "2026-11-23T12:05:00.000000Z"
        return Answer(shown, headers={name: said for name, said in headers.items() if said})


@pytest.fixture(autouse=True)
def no_token(monkeypatch):
    monkeypatch.delenv("MASTODON_ACCESS_TOKEN", raising=False)


@pytest.fixture
def token(monkeypatch):
    monkeypatch.setenv("MASTODON_ACCESS_TOKEN", "s3cret-token")


@pytest.fixture
def instance(server):
    return Instance(server)


@pytest.fixture
def host(server):
    return urlsplit(server.url).netloc


@pytest.fixture
def source(web):
    return Mastodon(web, plain_http=True)


@pytest.fixture
def listen(instance, source, server, acme):
    def visit(cursor=None, now=NOON, brands=(acme,), **options):
        haul = source.listen(brands, {"servers": [server.url]} | options, cursor or {}, now)
        json.dumps(haul.cursor)
        return haul

    return visit


def numbers(haul):
    return sorted(found.mention.id.partition("/")[2] for found in haul.found)


# --- shapes ---


def test_a_status_becomes_a_mention_of_plain_text():
    mention = to_mention(a_status(42, in_reply_to_id="41", edited_at="2026-11-23T13:00:00.000Z"), "social.example")
    assert mention.id == "mastodon:social.example/42"
    assert (mention.kind, mention.text, mention.language) == ("comment", "my #acme broke", "en")
    assert (mention.author, mention.author_url) == ("them@origin.example", "https://origin.example/@them")
    assert (mention.reach, mention.engagement) == (9, 3)
    assert mention.parent_id == "mastodon:social.example/41"
    assert (mention.published_at, mention.edited_at) == (NOON, NOON + timedelta(hours=1))


def test_an_author_of_the_same_server_gets_its_name():
    assert to_mention(a_status(1, account={"acct": "them"}), "social.example").author == "them@social.example"


@pytest.mark.parametrize(
    "facts",
    [
        {"id": 42},
        {"id": None},
        {"id": "../1"},
        {"created_at": None},
        {"created_at": "noon"},
        {"content": ""},
        {"content": 7},
    ],
)
def test_a_status_without_id_time_or_words_is_refused(facts):
    with pytest.raises(Unreadable):
        to_mention(a_status(1) | facts, "social.example")


def exchanges(name):
    yaml = pytest.importorskip("yaml", reason="PyYAML reads the recordings")
    path = RECORDED / "mastodon" / f"{name}.yaml"
    if not path.exists():
        pytest.skip(f"the recorded payloads are not beside this checkout (mastodon/{name})")
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))[
        "interactions"
    ]


def recorded(name, path):
    """The recorded answers to requests for paths that end so."""
    for exchange in exchanges(name):
        if urlsplit(exchange["request"]["uri"]).path.endswith(path):
            yield json.loads(exchange["response"]["body"]["string"])


def test_recorded_hashtag_timelines_become_mentions(server, source):
    (timeline,) = [told for told in recorded("test_hashtag_tl", "/tag/hoot") if told]
    server.answers["/api/v1/timelines/tag/hoot"] = Answer(timeline)
    haul = source.listen([Brand("Hoot", ("hoot",))], {"servers": [server.url], "first_days": 999}, {}, NOON)
    (found,) = haul.found
    assert found.mention.text == "#hoot (hashtag toot)"
    assert found.mention.id.endswith(f"/{timeline[0]['id']}")
    assert not haul.rejected


def test_recorded_mentions_of_an_account_are_about_our_brand(server, source, token, acme):
    told = [one for page in recorded("test_notifications_mentions_only", "/notifications") for one in page]
    assert told
    instance = Instance(server)
    server.answers[INBOX] = Answer(told)
    haul = source.listen([acme], {"servers": [server.url], "first_days": 9999}, {}, NOON)
    assert instance and haul.found
    assert {found.brands for found in haul.found} == {("Acme",)}
    assert not haul.rejected


def test_recorded_errors_are_told_plainly(server, source, host):
    missing = next(
        exchange
        for exchange in exchanges("test_lang_for_errors")
        if exchange["response"]["status"]["code"] in (404, 422)
    )
    server.answers["/api/v1/statuses/1"] = Answer(
        missing["response"]["body"]["string"], missing["response"]["status"]["code"]
    )
    held = [Held(f"mastodon:{host}/1")]
    options = {"servers": [server.url]}
    if missing["response"]["status"]["code"] == 404:
        assert list(source.recheck(held, options, NOON).gone) == [held[0].id]
    else:
        with pytest.raises(ListenerError):
            source.recheck(held, options, NOON)


# --- listening ---


def test_a_hashtag_brings_what_is_new_and_nothing_twice(instance, listen):
    instance.lists[TAG] = [a_status(2), a_status(1, NOON - timedelta(days=40))]
    first = listen()
    assert numbers(first) == ["2"]
    assert first.left == 0.5
    assert not listen(first.cursor, NOON + timedelta(minutes=5)).found


def test_a_burst_of_900_between_two_visits_loses_none(instance, listen):
    instance.lists[TAG] = [a_status(0)]
    first = listen()
    instance.lists[TAG] = [
        a_status(number, NOON + timedelta(seconds=number / 4)) for number in range(900, 0, -1)
    ] + instance.lists[TAG]
    second = listen(first.cursor, NOON + timedelta(minutes=5))
    assert len(second.found) == 900
    assert not second.gaps


def test_what_arrives_late_from_another_server_is_found_below_the_newest(instance, listen):
    instance.lists[TAG] = [a_status(5)]
    first = listen()
    instance.lists[TAG] = [a_status(5), a_status(3, NOON - timedelta(hours=1))]
    assert numbers(listen(first.cursor)) == ["3"]


def test_an_edit_comes_again(instance, listen):
    instance.lists[TAG] = [a_status(1)]
    first = listen()
    instance.lists[TAG] = [a_status(1, text="<p>#acme mended it</p>", edited_at="2026-11-23T12:01:00Z")]
    assert listen(first.cursor).found[0].mention.text == "#acme mended it"


def test_ids_are_never_compared(instance, listen):
    instance.lists[TAG] = [a_status("9"), a_status("01FBVD42CQ3ZEEVMW180SBX03B"), a_status("117020593741189701")]
    assert len(listen().found) == 3


def test_a_ceiling_that_is_hit_is_a_gap_with_its_bounds(instance, listen, monkeypatch):
    monkeypatch.setattr(mastodon, "REQUESTS", 2)
    instance.lists[TAG] = [a_status(500 - number, NOON - timedelta(minutes=number)) for number in range(200)]
    (gap,) = listen(first_days=1).gaps
    assert (gap.since, gap.until) == (NOON - timedelta(days=1), NOON - timedelta(minutes=79))


def test_a_pager_that_repeats_its_link_is_left_and_said(server, listen, instance):
    link = f'<{server.url}{TAG}?max_id=1>; rel="next"'
    server.answers[TAG] = Answer([a_status(1)], headers={"Link": link})
    haul = listen()
    assert numbers(haul) == ["1"]
    assert "twice" in haul.gaps[0].why
    assert len(server.asked(TAG)) == 2


def test_an_hour_away_loses_nothing(instance, listen, server):
    instance.lists[TAG] = [a_status(1)]
    first = listen()
    instance.lists[TAG] = [a_status(number, NOON + timedelta(seconds=number)) for number in range(500, 0, -1)]
    works, server.answers[TAG] = server.answers[TAG], Answer("", 503)
    with pytest.raises(ListenerError):
        listen(first.cursor, NOON + timedelta(minutes=30))
    server.answers[TAG] = works
    assert len(listen(first.cursor, NOON + timedelta(hours=1)).found) == 499


def test_a_listed_hashtag_is_about_the_brand_named_with_it(instance, listen, server):
    server.answers["/api/v1/timelines/tag/anvils"] = Answer([a_status(8, text="<p>they break</p>")])
    haul = listen(hashtags=["#anvils = Acme"])
    assert [found.brands for found in haul.found] == [("Acme",)]


def test_what_another_word_brought_is_left_out(instance, listen):
    instance.lists[TAG] = [a_status(1, text="<p>#other</p>")]
    assert not listen().found


def test_private_posts_and_boosts_are_not_listened_to(instance, listen, token):
    private = {"id": "n1", "type": "mention", "status": a_status(1, visibility="direct")}
    instance.lists[INBOX] = [private, {"id": "n2", "type": "mention", "status": a_status(2, reblog=a_status(3))}]
    assert not listen().found


def test_the_inbox_is_about_our_brand_and_our_own_replies_are_answers(instance, listen, token):
    instance.lists[INBOX] = [
        {"id": "n2", "type": "follow"},
        {"id": "n1", "type": "mention", "status": a_status(1, text="<p>@acme_help why?</p>")},
    ]
    ours = a_status(5, account=OURS, in_reply_to_id="1", text="<p>On it.</p>")
    instance.lists["/api/v1/accounts/900/statuses"] = [a_status(6, account=OURS, text="<p>acme news</p>"), ours]
    haul = listen()
    assert [(found.mention.text, found.brands) for found in haul.found] == [("@acme_help why?", ("Acme",))]
    (answer,) = haul.answers
    assert (answer.text, answer.mention_id.partition("/")[2]) == ("On it.", "1")
    again = listen(haul.cursor)
    assert not again.found
    assert not again.answers


def test_text_search_is_asked_only_with_a_token_and_may_find_nothing(instance, listen, server, monkeypatch):
    server.answers[SEARCH] = Answer({"statuses": [a_status(9, text="<p>acme, untagged</p>")]})
    assert not listen().found
    monkeypatch.setenv("MASTODON_ACCESS_TOKEN", "s3cret-token")
    haul = listen()
    assert numbers(haul) == ["9"]
    assert server.asked(SEARCH)[0].query["q"] == '"acme"'
    assert server.asked(SEARCH)[0].headers["authorization"] == "Bearer s3cret-token"
    assert "s3cret" not in json.dumps(haul.cursor)


# --- several servers ---


@pytest.fixture
def second(server):
    other = Server()
    yield other
    other.close()


def test_the_same_post_on_two_servers_is_one_mention(instance, listen, server, second, host):
    away = Instance(second)
    instance.lists[TAG] = [a_status(1)]
    away.lists[TAG] = [a_status(77, url="https://origin.example/@them/1")]
    servers = [server.url, second.url]
    haul = listen(servers=servers)
    assert [found.mention.id for found in haul.found] == [f"mastodon:{host}/1"]
    away.lists[TAG] = [a_status(78, url="https://origin.example/@them/2")]
    later = listen(haul.cursor, servers=servers)
    assert numbers(later) == ["78"]
    instance.lists[TAG] = [a_status(2), a_status(1)]
    assert not listen(later.cursor, servers=servers).found


def test_a_listed_hashtag_on_two_servers_brings_each_post_once(instance, listen, server, second):
    Instance(second)
    for place, number in ((server, 1), (second, 77)):
        place.answers["/api/v1/timelines/tag/anvils"] = Answer([a_status(number, url="https://origin.example/@them/1")])
    haul = listen(servers=[server.url, second.url], hashtags=["anvils"])
    assert numbers(haul) == ["1"]


def test_a_server_that_is_down_costs_nothing_of_the_others_and_is_asked_once(instance, listen, server, second):
    instance.lists[TAG] = [a_status(1)]
    server.answers["*"], second.answers["*"] = Answer([]), Answer("", 503)
    haul = listen(servers=[server.url, second.url], hashtags=["one", "two", "three"])
    assert numbers(haul) == ["1"]
    assert "503" in haul.troubles[0]
    assert len(second.requests) == 1


def test_the_token_goes_to_our_own_server_only(instance, listen, server, second, token):
    Instance(second)
    listen(servers=[server.url, second.url])
    assert server.asked(TAG)[0].headers["authorization"] == "Bearer s3cret-token"
    assert all("authorization" not in request.headers for request in second.requests)


def test_a_server_that_shows_hashtags_to_members_only_says_what_to_do(server, listen):
    server.answers[TAG] = Answer({"error": "This method requires an authenticated user"}, 401)
    with pytest.raises(ListenerError, match="members only") as caught:
        listen()
    assert caught.value.permanent


@pytest.mark.parametrize("said", ["http://far.example", "ftp://x", "https://", "https://me:word@social.example"])
def test_an_address_that_is_no_server_is_said(web, acme, said):
    with pytest.raises(ListenerError, match="no server"):
        Mastodon(web).listen([acme], {"servers": [said]}, {}, NOON)


@each_failure
def test_every_failure_is_one_listener_error(listen, server, expect, answer, permanent):
    server.answers[TAG] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert (caught.value.source, caught.value.permanent) == ("mastodon", permanent)


@each_wait
def test_being_told_to_wait_is_passed_on(listen, server, said, seconds):
    server.answers[TAG] = told_to_wait(said)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.retry_after == seconds


# --- second looks ---


def test_a_404_means_gone_and_an_edit_comes_back(source, server, host):
    server.answers["/api/v1/statuses/1"] = Answer(a_status(1))
    server.answers["/api/v1/statuses/2"] = Answer({"error": "Record not found"}, 404)
    server.answers["/api/v1/statuses/3"] = Answer(a_status(3, edited_at="2026-11-23T12:00:00Z"))
    server.answers["/api/v1/statuses/4"] = Answer("", 503)
    held = [Held(f"mastodon:{host}/{number}") for number in (1, 2, 3, 4)] + [Held("mastodon:gone.example/5")]
    looked = source.recheck(held, {"servers": [server.url]}, NOON)
    assert list(looked.gone) == [f"mastodon:{host}/2"]
    assert list(looked.standing) == [f"mastodon:{host}/1", f"mastodon:{host}/3"]
    assert [found.mention.id for found in looked.found] == [f"mastodon:{host}/3"]


def test_a_server_that_is_no_longer_one_does_not_pass_for_deletions(source, server, host):
    server.answers["*"] = Answer("<html>Buy this domain", 404)
    with pytest.raises(ListenerError, match="no Mastodon server"):
        source.recheck([Held(f"mastodon:{host}/1")], {"servers": [server.url]}, NOON)


# --- answers ---


def a_letter(host, text="We are on it.", **facts):
    told = {"mention_id": f"mastodon:{host}/1", "author": "them@origin.example", "named": ("acme_help",)}
    return Letter(id="abc123", text=text, approved_by="Kim", approved_at=NOON, **(told | facts))


@pytest.fixture
def replies(instance, source, server, token):
    server.answers["/api/v1/statuses/1"] = Answer(a_status(1, mentions=[{"id": "900"}], visibility="unlisted"))
    server.answers[WRITE] = Answer(a_status(55, account=OURS, url="https://own.example/@acme_help/55"))
    server.answers["/api/v1/statuses/1/context"] = Answer({"ancestors": [], "descendants": []})
    return MastodonReplies(source)


def test_length_counts_the_authors_name_and_each_link_as_23(replies, host):
    assert replies.refuses(a_letter(host, "x" * 494), {}) is None
    assert "501 characters" in replies.refuses(a_letter(host, "x" * 495), {})
    assert replies.refuses(a_letter(host, "https://acme.example/" + "x" * 600), {}) is None
    assert replies.refuses(a_letter(host, mention_id="mastodon:x"), {})
    assert "mentioned our account" in replies.refuses(a_letter(host, named=()), {})


def test_an_answer_addresses_its_author_and_is_no_more_public_than_the_post(replies, server, host):
    sent = replies.send(a_letter(host), {"servers": [server.url]}, NOON)
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
        replies.send(a_letter(host), {"servers": [server.url]}, NOON)
    assert not server.asked(WRITE)


def test_a_post_seen_elsewhere_is_answered_as_our_own_server_knows_it(replies, server):
    server.answers[SEARCH] = Answer({"statuses": [a_status(31, mentions=[{"id": "900"}])]})
    letter = a_letter("far.example", url="https://origin.example/@them/1")
    assert replies.send(letter, {"servers": [server.url]}, NOON)
    assert "in_reply_to_id=31" in server.asked(WRITE)[0].body
    assert server.asked(SEARCH)[0].query["q"] == "https://origin.example/@them/1"


@each_arrival
def test_an_answer_is_sent_once_and_doubtful_only_where_it_may_have_arrived(
    replies, server, host, expect, answer, doubtful
):
    server.answers[WRITE] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        replies.send(a_letter(host), {"servers": [server.url]}, NOON)
    assert isinstance(caught.value, Doubtful) is doubtful
    assert len(server.asked(WRITE)) == 1


def test_an_answer_is_found_below_the_post_by_its_words(replies, server, host):
    options = {"servers": [server.url]}
    assert replies.find(a_letter(host), options, NOON) is None
    said = '<p><span><a href="x">@<span>them</span></a></span> We are on it.</p>'
    below = [
        a_status(2, in_reply_to_id="1", text="<p>We are on it.</p>"),
        a_status(3, in_reply_to_id="1", account=OURS, text=said),
    ]
    server.answers["/api/v1/statuses/1/context"] = Answer({"ancestors": [], "descendants": below})
    assert replies.find(a_letter(host), options, NOON).reply_id == f"mastodon:{host}/3"
    server.answers["/api/v1/statuses/1/context"] = Answer("", 503)
    with pytest.raises(ListenerError):
        replies.find(a_letter(host), options, NOON)


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
    running.wait(10)


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
    haul = Mastodon(web, plain_http=True).listen([acme], options, {}, now)
    assert len(haul.found) == 95
    assert not Mastodon(web, plain_http=True).listen([acme], options, haul.cursor, now).found
    monkeypatch.setenv("MASTODON_ACCESS_TOKEN", "mock_token")
    held = [Held(found.mention.id) for found in haul.found[:3]]
    gone = held[0].id.partition("/")[2]
    assert gone in {status["id"] for status in posted}
    own.ask(lambda client: client.status_delete(gone))
    looked = ours.recheck(held, options, now)
    assert list(looked.gone) == [held[0].id]
    assert len(looked.standing) == 2
    asked = own.ask(lambda client: client.status_post("why?", in_reply_to_id=posted[50]["id"]))
    facts = {"author": own.own()["acct"], "mention_id": f"mastodon:{own.host}/{asked['id']}"}
    letter, replies = a_letter(own.host, "On it.", **facts), MastodonReplies(ours)
    assert replies.find(letter, options, now) is None
    sent = replies.send(letter, options, now)
    assert replies.find(letter, options, now).reply_id == sent.reply_id
    assert replies.send(letter, options, now).reply_id == sent.reply_id  # the same key is the same answer
