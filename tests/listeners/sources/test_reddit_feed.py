"""Reddit's Atom feeds: shapes, 25 at a time, known content and failures; all against a local server."""

import json
from datetime import UTC, datetime, timedelta
from html import escape

import pytest

from data.models import Brand
from listeners.base import ListenerError
from listeners.schedule.runs import Task, check, why_off
from listeners.sources.reddit.listener import Reddit
from listeners.sources.reddit_feed import MOST_FEEDS, RedditFeed, paths
from tests.listeners.failures import each_failure, each_wait, told_to_wait
from tests.listeners.servers.server import Answer

BAD_LINKS = ["http://[::1", "https://[x]y]/", "https://host:port/"]
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
POSTS = "/r/test/new/.rss"
COMMENTS = "/r/test/comments/.rss"


def an_entry(
    fullname, minutes=0, html="<p>I love acme</p>", author="/u/someone", title="acme broke", link=None, **facts
):
    at = (NOON - timedelta(minutes=minutes)).isoformat()
    trailer = ' submitted by <a href="https://www.reddit.com/user/someone"> /u/someone </a> <a href="#">[link]</a>'
    content = f'<!-- SC_OFF --><div class="md">{html}</div><!-- SC_ON -->{trailer}' if html else trailer
    link = link or f"https://www.reddit.com/r/test/comments/abc/_/{fullname[3:]}/"
    return (
        f"<entry><author><name>{author}</name></author><content type='html'>{escape(content)}</content>"
        f"<id>{fullname}</id><link href='{link}'/><updated>{at}</updated>"
        f"<published>{facts.get('published', at)}</published><title>{title}</title></entry>"
    )


def a_feed(*entries):
    text = "".join(entries)
    said = (
        f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>{text}</feed>'
    )
    return Answer(said, headers={"Content-Type": "application/atom+xml; charset=UTF-8"})


@pytest.fixture
def listen(server, web, acme):
    feed = RedditFeed(server.url, web)
    server.answers |= {POSTS: a_feed(), COMMENTS: a_feed()}

    def run_once(cursor=None, brands=(acme,), feeds=("r/test",)):
        return feed.listen(brands, {"feeds": list(feeds)}, json.loads(json.dumps(cursor or {})), NOON)

    return run_once


def ids(fetched):
    return [found.mention.id for found in fetched.found]


def test_a_post_is_a_mention_under_the_id_it_has_in_reddits_api(server, listen):
    server.answers[POSTS] = a_feed(an_entry("t3_1abc", html="<p>It &amp; I</p><p>burned</p>"))
    (found,) = listen().found
    mention = found.mention
    assert (mention.id, mention.source, mention.kind) == ("reddit:t3_1abc", "reddit_feed", "post")
    assert (mention.title, mention.text) == ("acme broke", "It & I\n\nburned")
    assert (mention.author, mention.author_url) == ("someone", "https://www.reddit.com/user/someone")
    assert (mention.published_at, mention.thread_id) == (NOON, None)


@pytest.mark.parametrize("link", BAD_LINKS)
def test_a_link_that_is_no_address_stops_no_entry(server, listen, link):
    server.answers[COMMENTS] = a_feed(an_entry("t1_c1", link=escape(link)), an_entry("t1_c2"))
    fetched = listen()
    assert ids(fetched) == ["reddit:t1_c1", "reddit:t1_c2"]
    assert [found.mention.thread_id for found in fetched.found] == [None, "reddit:t3_abc"]
    assert (fetched.rejected, fetched.troubles) == ([], [])


@pytest.mark.parametrize("link", BAD_LINKS)
def test_an_entry_of_the_list_that_is_no_address_is_told(link):
    with pytest.raises(ListenerError, match="is neither a subreddit nor a thread's address"):
        paths({"feeds": [link]})


def test_a_comment_knows_its_thread_and_has_no_title(server, listen):
    server.answers[COMMENTS] = a_feed(an_entry("t1_c1", title="/u/someone on acme broke"))
    (found,) = listen().found
    assert (found.mention.kind, found.mention.title, found.mention.thread_id) == ("comment", None, "reddit:t3_abc")


def test_a_link_post_has_a_title_only(server, listen):
    server.answers[POSTS] = a_feed(an_entry("t3_1", html=""))
    assert listen().found[0].mention.text == ""


def test_what_was_deleted_is_gone_and_its_author_is_nobody(server, listen):
    server.answers[COMMENTS] = a_feed(an_entry("t1_1"), an_entry("t1_2", author="/u/[deleted]"))
    first = listen()
    assert [found.mention.author for found in first.found] == ["someone", None]
    server.answers[COMMENTS] = a_feed(an_entry("t1_1", html="<p>[deleted]</p>", author="/u/[deleted]"))
    second = listen(first.cursor)
    assert (second.gone, ids(second)) == (["reddit:t1_1"], [])
    assert listen(second.cursor).gone == []


def test_leaving_the_feed_is_not_a_deletion(server, listen):
    server.answers[POSTS] = a_feed(an_entry("t3_1"))
    cursor = listen().cursor
    server.answers[POSTS] = a_feed(an_entry("t3_2"))
    assert listen(cursor).gone == []


def test_a_second_run_brings_only_what_is_new_or_changed(server, listen):
    server.answers[POSTS] = a_feed(an_entry("t3_1"), an_entry("t3_2"))
    first = listen()
    assert listen(first.cursor).found == []
    server.answers[POSTS] = a_feed(an_entry("t3_3"), an_entry("t3_1"), an_entry("t3_2", html="<p>acme, edited</p>"))
    second = listen(first.cursor)
    assert ids(second) == ["reddit:t3_3", "reddit:t3_2"]
    assert second.gaps == []


def test_a_feed_that_was_outrun_is_a_gap_with_its_bounds(server, listen):
    server.answers[POSTS] = a_feed(*(an_entry(f"t3_{n}", 60 + n) for n in range(25)))
    first = listen()
    assert first.gaps == []
    server.answers[POSTS] = a_feed(*(an_entry(f"t3_9{n}", n) for n in range(25)))
    second = listen(first.cursor)
    (gap,) = second.gaps
    assert len(second.found) == 25
    assert (gap.query, gap.since, gap.until) == (POSTS, NOON - timedelta(minutes=60), NOON - timedelta(minutes=24))


def test_a_new_brand_is_looked_for_in_what_was_read_before(server, listen, acme):
    server.answers[POSTS] = a_feed(an_entry("t3_1", title="beta", html="<p>beta</p>"))
    first = listen()
    both = (acme, Brand("Beta", ("beta",)))
    second = listen(first.cursor, both)
    assert (ids(first), ids(second)) == ([], ["reddit:t3_1"])
    assert listen(second.cursor, both).found == []


@pytest.mark.parametrize(
    "entry",
    [
        an_entry("t9_x"),
        an_entry("t3_").replace("<id>t3_</id>", ""),
        an_entry("t3_1", html="", title=""),
        an_entry("t3_1", published="never").replace(NOON.isoformat(), "never"),
    ],
    ids=["a strange id", "no id", "no words", "no time"],
)
def test_one_bad_entry_costs_only_itself_and_is_told_once(server, listen, entry):
    server.answers[POSTS] = a_feed(an_entry("t3_8"), entry, an_entry("t3_9"))
    first = listen()
    assert ids(first) == ["reddit:t3_8", "reddit:t3_9"]
    assert [one.line for one in first.rejected] == [2]
    assert listen(first.cursor).rejected == []


def test_subreddits_and_threads_are_understood_as_people_write_them():
    assert paths({"feeds": ["r/Test", "/r/test/"]}) == [POSTS, COMMENTS]
    assert paths({"feeds": ["https://www.reddit.com/r/test/comments/1abc/some_title/"]}) == [
        "/r/test/comments/1abc/.rss"
    ]
    assert paths({"feeds": ["https://old.reddit.com/comments/1abc"]}) == ["/comments/1abc/.rss"]


@pytest.mark.parametrize(
    "said", ["not a name", "../x", "https://example.com/comments/1abc", "http://reddit.com/comments/1abc", ""]
)
def test_what_is_neither_is_said(said):
    with pytest.raises(ListenerError, match="neither a subreddit nor a thread"):
        paths({"feeds": [said]})


def test_more_feeds_than_reddit_allows_without_a_key_are_refused():
    with pytest.raises(ListenerError, match=f"keep to {MOST_FEEDS}"):
        paths({"feeds": [f"r/sub{n}" for n in range(6)]})


def test_it_stays_off_until_the_team_holds_the_same_approval_as_for_reddit(acme):
    feed = RedditFeed()
    assert feed.policy.approval == Reddit.policy.approval
    assert "says on = true" in why_off(Task(feed, (acme,), {"feeds": ["r/test"]}))
    with pytest.raises(ListenerError, match="approval"):
        check(Task(feed, (acme,), {"feeds": ["r/test"], "on": True}))


@each_failure
def test_every_failure_is_told_in_plain_words(server, listen, expect, answer, permanent):
    server.answers |= {POSTS: expect(answer), COMMENTS: answer}
    with pytest.raises(ListenerError) as caught:
        listen()
    assert (caught.value.source, caught.value.permanent) == ("reddit_feed", permanent)


@each_wait
def test_being_told_to_wait_is_passed_on_and_ends_the_run(server, listen, said, seconds):
    server.answers[POSTS] = told_to_wait(said)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.retry_after == seconds
    assert len(server.requests) == 1


def test_the_feed_that_was_not_reached_is_read_first_at_the_next_run(server, listen):
    server.answers |= {POSTS: a_feed(an_entry("t3_1")), COMMENTS: told_to_wait("90")}
    first = listen()
    assert ids(first) == ["reddit:t3_1"]
    server.answers[COMMENTS] = a_feed(an_entry("t1_1"))
    server.requests.clear()
    assert ids(listen(first.cursor)) == ["reddit:t1_1"]
    assert [request.path for request in server.requests] == [COMMENTS, POSTS]
