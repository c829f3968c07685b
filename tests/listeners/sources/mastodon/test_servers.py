"""Mastodon: several servers are one network, each asked once, and whatever fails on one costs the others nothing."""

import pytest

from listeners.base import ListenerError
from listeners.sources.mastodon.listener import Mastodon
from tests.listeners.failures import each_failure, each_wait, told_to_wait
from tests.listeners.servers.server import Answer, Server
from tests.listeners.sources.mastodon import mastodon_bench
from tests.listeners.sources.mastodon.mastodon_bench import NOON, TAG, Instance, a_status, numbers

host, instance, listen, no_token, source, token = (
    mastodon_bench.host,
    mastodon_bench.instance,
    mastodon_bench.listen,
    mastodon_bench.no_token,
    mastodon_bench.source,
    mastodon_bench.token,
)

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
    fetched = listen(servers=servers)
    assert [found.mention.id for found in fetched.found] == [f"mastodon:{host}/1"]
    away.lists[TAG] = [a_status(78, url="https://origin.example/@them/2")]
    later = listen(fetched.cursor, servers=servers)
    assert numbers(later) == ["78"]
    instance.lists[TAG] = [a_status(2), a_status(1)]
    assert not listen(later.cursor, servers=servers).found


def test_a_listed_hashtag_on_two_servers_brings_each_post_once(instance, listen, server, second):
    Instance(second)
    for place, number in ((server, 1), (second, 77)):
        place.answers["/api/v1/timelines/tag/anvils"] = Answer([a_status(number, url="https://origin.example/@them/1")])
    fetched = listen(servers=[server.url, second.url], hashtags=["anvils"])
    assert numbers(fetched) == ["1"]


def test_a_server_that_is_down_costs_nothing_of_the_others_and_is_asked_once(instance, listen, server, second):
    instance.lists[TAG] = [a_status(1)]
    server.answers["*"], second.answers["*"] = Answer([]), Answer("", 503)
    fetched = listen(servers=[server.url, second.url], hashtags=["one", "two", "three"])
    assert numbers(fetched) == ["1"]
    assert "503" in fetched.troubles[0]
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
