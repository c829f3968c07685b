"""Bluesky: shapes, sessions that are kept, searches that stop early, the inbox, second looks, answers, failures."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from data.models import Letter
from listeners import bluesky
from listeners.base import Doubtful, Held, ListenerError
from listeners.bluesky import Bluesky, to_mention
from listeners.bluesky_client import Account
from listeners.bluesky_replies import BlueskyReplies, graphemes, key
from listeners.border import Unreadable
from tests.listeners.failures import each_arrival, each_failure, each_wait, told_to_wait
from tests.listeners.reddit_server import RECORDED
from tests.listeners.server import Answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OURS, THEIRS = "did:plc:ours", "did:plc:theirs"
XRPC = "/xrpc/"
OPEN, REFRESH = "/xrpc/com.atproto.server.createSession", "/xrpc/com.atproto.server.refreshSession"
SEARCH = "/xrpc/app.bsky.feed.searchPosts"
INBOX = "/xrpc/app.bsky.notification.listNotifications"
FEED = "/xrpc/app.bsky.feed.getAuthorFeed"
POSTS = "/xrpc/app.bsky.feed.getPosts"
CREATE = "/xrpc/com.atproto.repo.createRecord"
RECORD = "/xrpc/com.atproto.repo.getRecord"
THREAD = "/xrpc/app.bsky.feed.getPostThread"
PROFILE = "/xrpc/app.bsky.actor.getProfile"
SECRETS = {"BLUESKY_HANDLE": "acme.example", "BLUESKY_APP_PASSWORD": "app-s3cret"}


def at(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def uri(number, did=THEIRS):
    return f"at://{did}/app.bsky.feed.post/3k{number}"


def a_post(number, said=NOON, text="acme is slow", did=THEIRS, **record):
    return {
        "uri": uri(number, did),
        "cid": f"cid{number}",
        "author": {"did": did, "handle": "them.example"},
        "record": {"$type": "app.bsky.feed.post", "text": text, "createdAt": at(said), "langs": ["en-GB"]} | record,
        "indexedAt": at(said + timedelta(seconds=2)),
        "likeCount": 3,
    }


def below(number, did=THEIRS):
    strong = {"uri": uri(number, did), "cid": f"cid{number}"}
    return {"root": strong, "parent": strong}


def tagging(did=OURS):
    return [{"index": {"byteStart": 0, "byteEnd": 4}, "features": [{"$type": "#mention", "did": did}]}]


class Pds:
    """A server as far as we use it: sessions, a search in pages that may end early, lists that are set by tests."""

    def __init__(self, server):
        self.server = server
        self.posts, self.ends_after, self.tokens = [], 10**6, 0
        server.answers |= {
            OPEN: self.open,
            REFRESH: self.open,
            SEARCH: self.search,
            INBOX: Answer({"notifications": []}),
            FEED: Answer({"feed": []}),
        }

    def open(self, request):
        self.tokens += 1
        told = {"accessJwt": f"access-s3cret-{self.tokens}", "refreshJwt": f"refresh-s3cret-{self.tokens}"}
        return Answer(told | {"did": OURS, "handle": "acme.example"})

    def search(self, request):
        since, until = request.query["since"], request.query.get("until", "9")
        found = sorted(
            (post for post in self.posts if since <= post["record"]["createdAt"] < until),
            key=lambda post: post["record"]["createdAt"],
            reverse=True,
        )
        start = int(request.query.get("cursor", 0))
        page = found[start : start + int(request.query["limit"])]
        end = start + len(page)
        told = {"posts": page} | ({"cursor": str(end)} if end < min(len(found), self.ends_after) else {})
        return Answer(told, headers={"ratelimit-limit": "3000", "ratelimit-remaining": "2400"})


@pytest.fixture(autouse=True)
def account(monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def pds(server):
    return Pds(server)


@pytest.fixture
def source(pds, server, web):
    return Bluesky(server.url, web)


@pytest.fixture
def listen(source, acme):
    def visit(cursor=None, now=NOON, brands=(acme,), **options):
        haul = source.listen(brands, options, cursor or {}, now)
        json.dumps(haul.cursor)
        return haul

    return visit


def ids(haul):
    return sorted(found.mention.id for found in haul.found)


# --- shapes ---


def test_a_post_becomes_a_mention():
    mention = to_mention(a_post(1))
    assert mention.id == "bluesky:at://did:plc:theirs/app.bsky.feed.post/3k1"
    assert (mention.kind, mention.text, mention.language, mention.engagement) == ("post", "acme is slow", "en", 3)
    assert (mention.author, mention.author_url) == ("them.example", "https://bsky.app/profile/did:plc:theirs")
    assert mention.url == "https://bsky.app/profile/did:plc:theirs/post/3k1"
    assert mention.published_at == NOON


def test_a_reply_knows_its_thread_and_what_it_answers():
    mention = to_mention(a_post(2, reply=below(1)))
    assert mention.kind == "comment"
    assert mention.thread_id == mention.parent_id == f"bluesky:{uri(1)}"


def test_an_authors_clock_that_runs_ahead_is_not_believed():
    ahead = a_post(1) | {"indexedAt": at(NOON - timedelta(days=400))}
    assert to_mention(ahead).published_at == NOON - timedelta(days=400)


def test_a_post_without_a_text_says_what_its_pictures_show():
    shown = {"$type": "app.bsky.embed.images", "images": [{"alt": "an acme anvil, broken"}]}
    assert to_mention(a_post(1, text="", embed=shown)).text == "an acme anvil, broken"


@pytest.mark.parametrize(
    "facts",
    [
        {"uri": None},
        {"uri": "at://did:plc:x/app.bsky.feed.like/1"},
        {"record": {"text": "x"}},
        {"record": {"text": "x", "createdAt": "yesterday"}},
        {"record": {"text": 7, "createdAt": "2026-01-01T00:00:00Z"}},
        {"record": {"text": "", "createdAt": "2026-01-01T00:00:00Z"}},
        {"record": None},
    ],
)
def test_a_post_without_address_time_or_words_is_refused(facts):
    with pytest.raises(Unreadable):
        to_mention(a_post(1) | facts)


def recorded(name):
    path = RECORDED / "bluesky" / f"{name}.json"
    if not path.exists():
        pytest.skip(f"the recorded payloads are not beside this checkout (bluesky/{name})")
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_recorded_post_of_a_thread_becomes_a_mention():
    post = recorded("thread_view_post_with_embed_media")["thread"]["post"]
    post["record"]["text"] = "it had none"
    mention = to_mention(post)
    assert mention.id == f"bluesky:{post['uri']}"
    assert mention.author == "test.marshal.dev"
    assert mention.published_at == datetime(2023, 9, 28, 12, 49, 36, 735000, UTC)


def test_what_we_ask_and_read_is_in_the_recorded_descriptions_of_the_api(listen, server):
    listen()
    for path in (SEARCH, INBOX):
        name = path.removeprefix(XRPC)
        told = recorded(name)["defs"]["main"]
        asked = set(server.asked(path)[0].query)
        assert asked <= set(told["parameters"]["properties"])
        assert {"posts", "notifications"} & set(told["output"]["schema"]["properties"])


# --- listening ---


def test_a_search_brings_what_names_the_brand_and_nothing_twice(pds, listen):
    pds.posts = [a_post(1), a_post(2, text="acne"), a_post(3, NOON - timedelta(days=31))]
    first = listen()
    assert ids(first) == [f"bluesky:{uri(1)}"]
    assert first.left == 0.8
    assert not listen(first.cursor, NOON + timedelta(minutes=5)).found


@pytest.mark.parametrize("ends_after", [100, 250, 10**6])
def test_a_burst_of_900_is_read_whole_though_the_search_stops_early(pds, listen, ends_after):
    pds.posts = [a_post(0)]
    first = listen()
    pds.ends_after = ends_after
    pds.posts += [a_post(number, NOON + timedelta(seconds=number / 3)) for number in range(1, 901)]
    second = listen(first.cursor, NOON + timedelta(minutes=5))
    assert len(second.found) == 900
    assert not second.gaps


def test_what_the_index_shows_late_is_still_found(pds, listen):
    pds.posts = [a_post(1)]
    first = listen()
    pds.posts.append(a_post(2, NOON - timedelta(hours=1)))
    assert ids(listen(first.cursor)) == [f"bluesky:{uri(2)}"]


def test_a_ceiling_that_is_hit_is_a_gap_with_its_bounds(pds, listen, monkeypatch):
    monkeypatch.setattr(bluesky, "REQUESTS", 3)
    pds.posts = [a_post(number, NOON - timedelta(minutes=number)) for number in range(500)]
    haul = listen(first_days=1)
    (gap,) = haul.gaps
    assert (gap.query, gap.since, gap.until) == ("acme", NOON - timedelta(days=1), NOON - timedelta(minutes=299))
    assert len(haul.found) == 300


def test_a_pager_that_repeats_its_token_is_left_and_what_is_older_is_asked_for_by_time(pds, listen, server):
    pds.posts = [a_post(number, NOON - timedelta(minutes=number)) for number in range(300)]
    works = server.answers[SEARCH]

    def stuck(request):
        told = works(request)
        return Answer(told.body | {"cursor": "100"})

    server.answers[SEARCH] = stuck
    haul = listen()
    assert len(haul.found) == 300
    assert len(server.asked(SEARCH)) < 15


def test_an_hour_away_loses_nothing(pds, listen, server):
    pds.posts = [a_post(1)]
    first = listen()
    pds.posts += [a_post(number, NOON + timedelta(seconds=number)) for number in range(2, 500)]
    works, server.answers[SEARCH] = server.answers[SEARCH], Answer("", 503)
    with pytest.raises(ListenerError):
        listen(first.cursor, NOON + timedelta(minutes=30))
    server.answers[SEARCH] = works
    assert len(listen(first.cursor, NOON + timedelta(hours=1)).found) == 498


def test_one_bad_post_costs_only_itself_and_is_told_once(pds, listen):
    pds.posts = [a_post(1), a_post(2) | {"uri": "at://nowhere"}, a_post(3)]
    first = listen()
    assert len(first.found) == 2
    assert [refused.reason for refused in first.rejected] == ["it has no address"]
    assert not listen(first.cursor).rejected


def test_what_tags_or_answers_our_account_is_about_our_brand(listen, server):
    told = [
        a_post(1, text="@acme.example why?") | {"reason": "mention"},
        a_post(2, text="no", reply=below(9, OURS)) | {"reason": "reply"},
        a_post(3, text="liked") | {"reason": "like"},
    ]
    server.answers[INBOX] = Answer({"notifications": told})
    haul = listen()
    assert ids(haul) == [f"bluesky:{uri(1)}", f"bluesky:{uri(2)}"]
    assert {found.brands for found in haul.found} == {("Acme",)}
    assert not listen(haul.cursor).found


def test_our_own_posts_are_no_mentions_and_our_own_replies_are_answers(pds, listen, server):
    pds.posts = [a_post(1, did=OURS, text="acme has news")]
    reply = a_post(2, did=OURS, text="We are on it.", reply=below(7))
    passed_on = {"post": a_post(8), "reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}
    server.answers[FEED] = Answer({"feed": [{"post": reply}, passed_on]})
    haul = listen()
    assert not haul.found
    (answer,) = haul.answers
    assert (answer.mention_id, answer.text, answer.answered_at) == (f"bluesky:{uri(7)}", "We are on it.", NOON)
    assert not listen(haul.cursor).answers


# --- the session ---


def test_one_session_serves_many_visits_and_its_secrets_stay_out_of_the_cursor(pds, listen, server):
    pds.posts = [a_post(1)]
    haul = listen(listen().cursor)
    assert len(server.asked(OPEN)) == 1
    assert "s3cret" not in json.dumps(haul.cursor)
    assert "s3cret" not in str([request.query for request in server.requests])


def test_a_token_that_ran_out_is_refreshed_and_the_question_asked_again(pds, listen, server):
    pds.posts = [a_post(1)]
    listen()
    works = server.answers[SEARCH]
    server.answers[SEARCH] = lambda request: (
        Answer({"error": "ExpiredToken", "message": "Token has expired"}, 400)
        if request.headers["authorization"].endswith("-1")
        else works(request)
    )
    assert len(listen().found) == 1
    assert len(server.asked(OPEN)) == len(server.asked(REFRESH)) == 1
    assert server.asked(REFRESH)[0].headers["authorization"] == "Bearer refresh-s3cret-1"


def test_a_session_the_server_forgot_is_opened_anew(pds, listen, server):
    pds.posts = [a_post(1)]
    listen()
    server.answers[REFRESH] = Answer({"error": "ExpiredToken"}, 400)
    works = server.answers[SEARCH]
    server.answers[SEARCH] = lambda request: (
        Answer({"error": "ExpiredToken"}, 400) if request.headers["authorization"].endswith("-1") else works(request)
    )
    assert len(listen().found) == 1
    assert len(server.asked(OPEN)) == 2


def test_an_old_session_is_refreshed_before_it_runs_out(pds, server, web, acme):
    hours = iter([0.0, 0.5, *[1.5] * 50])
    account = Account(web, server.url, monotonic=lambda: next(hours) * 3600)
    Bluesky(account=account).listen([acme], {}, {}, NOON)
    assert (len(server.asked(OPEN)), len(server.asked(REFRESH))) == (1, 1)


def test_the_accounts_own_server_is_asked_only_over_https(pds, listen, server):
    works = server.answers[OPEN]
    service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": "http://127.0.0.1:1"}
    server.answers[OPEN] = lambda request: Answer(works(request).body | {"didDoc": {"service": [service]}})
    listen()
    assert server.asked(SEARCH)
    with pytest.raises(ListenerError, match="https"):
        listen(server="http://example.com")


def test_a_wrong_password_is_said_without_it(listen, server):
    server.answers[OPEN] = Answer({"error": "AuthenticationRequired", "message": "Invalid app-s3cret"}, 401)
    with pytest.raises(ListenerError, match="BLUESKY_APP_PASSWORD") as caught:
        listen()
    assert caught.value.permanent
    assert "s3cret" not in str(caught.value)


def test_missing_secrets_are_named(listen, monkeypatch):
    monkeypatch.delenv("BLUESKY_HANDLE")
    with pytest.raises(ListenerError, match="BLUESKY_HANDLE"):
        listen()


@each_failure
def test_every_failure_of_the_search_is_one_listener_error(listen, server, expect, answer, permanent):
    server.answers["*"] = server.answers[INBOX] = server.answers[FEED] = expect(answer)
    server.answers[SEARCH] = answer
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.source == "bluesky"
    assert caught.value.permanent is permanent


@each_failure
def test_every_failure_of_the_sign_in_is_one_listener_error(listen, server, expect, answer, permanent):
    server.answers[OPEN] = expect(answer)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.permanent is permanent


@each_wait
def test_being_told_to_wait_is_passed_on(listen, server, said, seconds):
    server.answers[SEARCH] = told_to_wait(said)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.retry_after == seconds


# --- second looks ---


def test_a_post_that_getposts_leaves_out_is_gone(source, server):
    server.answers[POSTS] = Answer({"posts": [a_post(2)]})
    held = [Held(f"bluesky:{uri(number)}") for number in (1, 2)] + [Held("bluesky:nonsense")]
    looked = source.recheck(held, {}, NOON)
    assert list(looked.gone) == [f"bluesky:{uri(1)}"]
    assert list(looked.standing) == [f"bluesky:{uri(2)}"]


def test_a_second_look_that_fails_declares_nothing_gone(source, server):
    server.answers[POSTS] = Answer({"message": "?"})
    with pytest.raises(ListenerError):
        source.recheck([Held(f"bluesky:{uri(1)}")], {}, NOON)


# --- answers ---


def a_letter(text="Thank you, we are on it.", **facts):
    told = {"mention_id": f"bluesky:{uri(1)}", "approved_by": "Kim", "approved_at": NOON, "named": ("acme.example",)}
    return Letter(id="abc123", text=text, **(told | facts))


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
    assert replies.refuses(a_letter(family * 100), {}) is None
    assert "301 graphemes" in replies.refuses(a_letter("x" * 301), {})
    assert "bytes" in replies.refuses(a_letter(family * 200), {})


def test_who_did_not_tag_us_is_not_answered(replies):
    assert "tagged our account" in replies.refuses(a_letter(named=()), {})
    assert replies.refuses(a_letter(named=(), thread_id=f"bluesky:{uri(9, OURS)}"), {}) is None
    assert replies.refuses(a_letter(mention_id="bluesky:x"), {})
    assert replies.refuses(a_letter(" "), {})


def test_an_answer_is_one_record_below_the_post_with_links_that_can_be_clicked(replies, server):
    sent = replies.send(a_letter("Grüße: https://acme.example/help."), {}, NOON)
    assert sent.reply_id == f"bluesky:{uri('new', OURS)}"
    assert sent.url == "https://bsky.app/profile/did:plc:ours/post/3knew"
    (request,) = server.asked(CREATE)
    body = json.loads(request.body)
    assert (body["repo"], body["collection"], body["rkey"]) == (OURS, "app.bsky.feed.post", key(a_letter()))
    assert body["record"]["reply"]["parent"] == body["record"]["reply"]["root"] == {"uri": uri(1), "cid": "cid1"}
    (facet,) = body["record"]["facets"]
    said = body["record"]["text"].encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]]
    assert said.decode() == facet["features"][0]["uri"] == "https://acme.example/help"


def test_a_record_key_is_a_sortable_time_and_the_same_for_the_same_letter():
    assert len(key(a_letter())) == 13
    assert key(a_letter()) == key(a_letter())
    assert key(a_letter()) < key(a_letter(approved_at=NOON + timedelta(seconds=1)))


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
        assert replies.send(a_letter(), {}, NOON)
        return
    with pytest.raises(ListenerError) as caught:
        replies.send(a_letter(), {}, NOON)
    assert caught.value.permanent
    assert not server.asked(CREATE)


def test_a_post_that_is_gone_and_an_account_without_its_label_send_nothing(replies, server):
    server.answers[POSTS] = Answer({"posts": []})
    with pytest.raises(ListenerError, match="gone"):
        replies.send(a_letter(), {}, NOON)
    server.answers[PROFILE] = Answer({"did": OURS, "labels": [{"src": THEIRS, "val": "bot"}]})
    with pytest.raises(ListenerError, match="as automated first"):
        replies.send(a_letter(), {}, NOON)
    assert not server.asked(CREATE)


@each_arrival
def test_an_answer_is_sent_once_and_doubtful_only_where_it_may_have_arrived(replies, server, expect, answer, doubtful):
    server.answers[CREATE] = answer
    replies.find(a_letter(), {}, NOON)  # the session is open before we get hasty
    expect(answer)
    with pytest.raises(ListenerError) as caught:
        replies.send(a_letter(), {}, NOON)
    assert isinstance(caught.value, Doubtful) is doubtful
    assert len(server.asked(CREATE)) == 1


@pytest.mark.parametrize("refusal", [Answer({"error": "InvalidRequest"}, 400), Answer({"error": "?"}, 500)])
def test_a_letter_whose_key_is_taken_was_sent_before(replies, server, refusal):
    server.answers[CREATE] = refusal
    standing = {"uri": uri("new", OURS), "cid": "c", "value": {"createdAt": at(NOON)}}
    server.answers[RECORD] = Answer(standing)
    assert replies.send(a_letter(), {}, NOON + timedelta(hours=1)).sent_at == NOON


def test_a_doubt_stays_a_doubt_when_nothing_stands_under_the_key_or_that_cannot_be_told(replies, server):
    server.answers[CREATE] = Answer("", 502)
    for looked in (Answer({"error": "RecordNotFound"}, 400), Answer("", 503)):
        server.answers[RECORD] = looked
        with pytest.raises(Doubtful, match="whether it arrived is not known"):
            replies.send(a_letter(), {}, NOON)


def test_an_answer_is_found_under_its_key_or_by_its_words_in_the_thread(replies, server):
    assert replies.find(a_letter(), {}, NOON) is None
    by_hand = a_post(5, did=OURS, text="Thank you,  we are on it.", reply=below(1))
    others = [{"$type": "app.bsky.feed.defs#notFoundPost", "uri": uri(4)}, {"post": a_post(6)}, {"post": by_hand}]
    server.answers[THREAD] = Answer({"thread": {"post": a_post(1), "replies": others}})
    assert replies.find(a_letter(), {}, NOON).reply_id == f"bluesky:{uri(5, OURS)}"
    server.answers[RECORD] = Answer({"uri": uri("new", OURS), "value": {"createdAt": at(NOON)}})
    assert replies.find(a_letter(), {}, NOON).reply_id == f"bluesky:{uri('new', OURS)}"


def test_a_look_that_fails_is_no_proof_of_absence(replies, server):
    server.answers[RECORD] = Answer("", 503)
    with pytest.raises(ListenerError):
        replies.find(a_letter(), {}, NOON)
