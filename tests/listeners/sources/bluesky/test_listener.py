"""Bluesky: shapes, searches that stop early, the inbox."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from listeners.base import ListenerError
from listeners.border import Unreadable
from listeners.sources.bluesky import listener
from listeners.sources.bluesky.listener import to_mention
from tests.listeners.servers.reddit_server import RECORDED
from tests.listeners.servers.server import Answer
from tests.listeners.sources.bluesky import bluesky_bench
from tests.listeners.sources.bluesky.bluesky_bench import (
    FEED,
    INBOX,
    NOON,
    OURS,
    SEARCH,
    XRPC,
    a_post,
    at,
    below,
    ids,
    uri,
)

account, listen, pds, source = bluesky_bench.account, bluesky_bench.listen, bluesky_bench.pds, bluesky_bench.source

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
    monkeypatch.setattr(listener, "REQUESTS", 3)
    pds.posts = [a_post(number, NOON - timedelta(minutes=number)) for number in range(500)]
    fetched = listen(first_days=1)
    (gap,) = fetched.gaps
    assert (gap.query, gap.since, gap.until) == ("acme", NOON - timedelta(days=1), NOON - timedelta(minutes=299))
    assert len(fetched.found) == 300


def test_a_pager_that_repeats_its_token_is_left_and_what_is_older_is_asked_for_by_time(pds, listen, server):
    pds.posts = [a_post(number, NOON - timedelta(minutes=number)) for number in range(300)]
    works = server.answers[SEARCH]

    def stuck(request):
        told = works(request)
        return Answer(told.body | {"cursor": "100"})

    server.answers[SEARCH] = stuck
    fetched = listen()
    assert len(fetched.found) == 300
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
    fetched = listen()
    assert ids(fetched) == [f"bluesky:{uri(1)}", f"bluesky:{uri(2)}"]
    assert {found.brands for found in fetched.found} == {("Acme",)}
    assert not listen(fetched.cursor).found


def test_our_own_posts_are_no_mentions_and_our_own_replies_are_answers(pds, listen, server):
    pds.posts = [a_post(1, did=OURS, text="acme has news")]
    reply = a_post(2, did=OURS, text="We are on it.", reply=below(7))
    passed_on = {"post": a_post(8), "reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}
    server.answers[FEED] = Answer({"feed": [{"post": reply}, passed_on]})
    fetched = listen()
    assert not fetched.found
    (answer,) = fetched.answers
    assert (answer.mention_id, answer.text, answer.answered_at) == (f"bluesky:{uri(7)}", "We are on it.", NOON)
    assert not listen(fetched.cursor).answers
