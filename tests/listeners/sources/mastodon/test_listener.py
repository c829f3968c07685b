"""Mastodon: shapes, hashtags, the inbox, gaps."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from data.models import Brand
from listeners.base import ListenerError, RecheckTarget
from listeners.border import Unreadable
from listeners.sources.mastodon import listener
from listeners.sources.mastodon.listener import to_mention
from tests.listeners.servers.reddit_server import RECORDED
from tests.listeners.servers.server import Answer
from tests.listeners.sources.mastodon import mastodon_bench
from tests.listeners.sources.mastodon.mastodon_bench import INBOX, NOON, OURS, SEARCH, TAG, Instance, a_status, numbers

host, instance, listen, no_token, source, token = (
    mastodon_bench.host,
    mastodon_bench.instance,
    mastodon_bench.listen,
    mastodon_bench.no_token,
    mastodon_bench.source,
    mastodon_bench.token,
)

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
    fetched = source.listen([Brand("Hoot", ("hoot",))], {"servers": [server.url], "first_days": 999}, {}, NOON)
    (found,) = fetched.found
    assert found.mention.text == "#hoot (hashtag toot)"
    assert found.mention.id.endswith(f"/{timeline[0]['id']}")
    assert not fetched.rejected


def test_recorded_mentions_of_an_account_are_about_our_brand(server, source, token, acme):
    told = [one for page in recorded("test_notifications_mentions_only", "/notifications") for one in page]
    assert told
    instance = Instance(server)
    server.answers[INBOX] = Answer(told)
    fetched = source.listen([acme], {"servers": [server.url], "first_days": 9999}, {}, NOON)
    assert instance and fetched.found
    assert {found.brands for found in fetched.found} == {("Acme",)}
    assert not fetched.rejected


def test_recorded_errors_are_told_plainly(server, source, host):
    missing = next(
        exchange
        for exchange in exchanges("test_lang_for_errors")
        if exchange["response"]["status"]["code"] in (404, 422)
    )
    server.answers["/api/v1/statuses/1"] = Answer(
        missing["response"]["body"]["string"], missing["response"]["status"]["code"]
    )
    held = [RecheckTarget(f"mastodon:{host}/1")]
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


def test_a_burst_of_900_between_two_runs_loses_none(instance, listen):
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
    monkeypatch.setattr(listener, "REQUESTS", 2)
    instance.lists[TAG] = [a_status(500 - number, NOON - timedelta(minutes=number)) for number in range(200)]
    (gap,) = listen(first_days=1).gaps
    assert (gap.since, gap.until) == (NOON - timedelta(days=1), NOON - timedelta(minutes=79))


def test_a_pager_that_repeats_its_link_is_left_and_said(server, listen, instance):
    link = f'<{server.url}{TAG}?max_id=1>; rel="next"'
    server.answers[TAG] = Answer([a_status(1)], headers={"Link": link})
    fetched = listen()
    assert numbers(fetched) == ["1"]
    assert "twice" in fetched.gaps[0].why
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
    fetched = listen(hashtags=["#anvils = Acme"])
    assert [found.brands for found in fetched.found] == [("Acme",)]


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
    fetched = listen()
    assert [(found.mention.text, found.brands) for found in fetched.found] == [("@acme_help why?", ("Acme",))]
    (answer,) = fetched.answers
    assert (answer.text, answer.mention_id.partition("/")[2]) == ("On it.", "1")
    again = listen(fetched.cursor)
    assert not again.found
    assert not again.answers


def test_text_search_is_asked_only_with_a_token_and_may_find_nothing(instance, listen, server, monkeypatch):
    server.answers[SEARCH] = Answer({"statuses": [a_status(9, text="<p>acme, untagged</p>")]})
    assert not listen().found
    monkeypatch.setenv("MASTODON_ACCESS_TOKEN", "s3cret-token")
    fetched = listen()
    assert numbers(fetched) == ["9"]
    assert server.asked(SEARCH)[0].query["q"] == '"acme"'
    assert server.asked(SEARCH)[0].headers["authorization"] == "Bearer s3cret-token"
    assert "s3cret" not in json.dumps(fetched.cursor)
