"""Reddit: recorded payloads, shapes, known content in a listing; all against a local server."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from data.models import Brand
from listeners.base import ListenerError
from listeners.sources.reddit.listener import ENOUGH, Reddit, queries
from tests.listeners.servers.reddit_server import a_comment, a_post, cassette, listing, play, recorded_answer
from tests.listeners.servers.server import Answer
from tests.listeners.sources.reddit import reddit_bench
from tests.listeners.sources.reddit.reddit_bench import COMMENTS, NOON, SEARCH, THEN, ids

account, app, listen, reddit = reddit_bench.account, reddit_bench.app, reddit_bench.listen, reddit_bench.reddit

# --- recorded payloads ---


def recorded(server, web, exchanges):
    play(server, exchanges)
    server.answers.setdefault(SEARCH, Answer(listing([])))
    return Reddit(server.url, server.url, web)


def test_recorded_search_results_become_mentions(reddit_server, web):
    exchanges = cassette("TestSubreddit.test_search")
    praw = Brand("PRAW", ("praw",))
    fetched = recorded(reddit_server, web, exchanges).listen([praw], {"first_days": 9999}, {}, NOON)
    first = fetched.found[0].mention
    assert first.id == "reddit:t3_3gpbiu"
    assert first.kind == "post"
    assert first.title == "[PRAW][OAuth2Util] Problem using get_banned() : raise Forbidden(_raw=response)"
    assert first.author == "dClauzel"
    assert first.published_at == datetime.fromtimestamp(1439370514, UTC)
    assert first.edited_at == datetime.fromtimestamp(1439447718, UTC)
    assert first.url.startswith("https://www.reddit.com/r/redditdev/comments/3gpbiu/")
    assert "praw-oauth2util" in first.text
    assert not fetched.rejected
    asked = reddit_server.asked(SEARCH)[0].query
    assert (asked["q"], asked["sort"]) == ('"praw"', "new")


def test_recorded_comments_become_mentions(reddit_server, web):
    exchanges = [
        exchange
        for exchange in cassette("TestSubredditStreams.test_comments")
        if "before" not in exchange["request"]["uri"]
    ]
    everything = Brand("The", ("the",))
    fetched = recorded(reddit_server, web, exchanges[:2]).listen([everything], {"subreddits": ["all"]}, {}, NOON)
    mention = next(found.mention for found in fetched.found if found.mention.id == "reddit:t1_dbhn11d")
    assert (mention.kind, mention.author, mention.thread_id) == ("comment", "Mametaro", "reddit:t3_5jffj1")
    assert mention.url == "https://www.reddit.com/comments/5jffj1/_/dbhn11d/"
    assert mention.title is None
    assert 10 < len(fetched.found) < 100
    assert not fetched.rejected


def test_recorded_mentions_of_our_account_are_about_our_brand(reddit_server, web, account, acme):
    fetched = recorded(reddit_server, web, cassette("TestInbox.test_mentions")[:2]).listen(
        [Brand("Rival", ("rival",), competitor=True), acme], {"first_days": 9999}, {}, NOON
    )
    mention = next(found.mention for found in fetched.found if found.mention.id == "reddit:t1_ekftbox")
    assert len(fetched.found) == 16
    assert {found.brands for found in fetched.found} == {("Acme",)}
    assert mention.url.startswith("https://www.reddit.com/r/RemovedByBotter/comments/bb24k7/")
    assert mention.url.endswith("/ekftbox/")
    assert (mention.thread_id, mention.parent_id) == ("reddit:t3_bb24k7", "reddit:t3_bb24k7")


@pytest.mark.parametrize("name", ["TestComment.test_refresh__deleted_comment"])
def test_a_recorded_deleted_comment_is_no_mention(reddit_server, reddit, listen, name):
    (child,) = json.loads(cassette(name)[1]["response"]["body"]["string"])["data"]["children"]
    reddit_server.listings[COMMENTS] = [child, a_comment(1, THEN)]
    fetched = listen(brands=(Brand("D", ("deleted", "acme")),))
    assert ids(fetched) == ["reddit:t1_000001"]
    assert not fetched.rejected


RECORDED_ERRORS = {
    "bad_gateway": ("502", False),
    "bad_json": ("instead of JSON", False),
    "cloudflare_connection_timed_out": ("522", False),
    "cloudflare_unknown_error": ("520", False),
    "forbidden": ("403", True),
    "gateway_timeout": ("504", False),
    "internal_server_error": ("500", False),
    "not_found": ("404", True),
    "redirect": ("no such place", True),
    "redirect_301": ("no such place", True),
    "service_unavailable": ("503", False),
    "too__many_requests__with_retry_headers": ("429", False),
    "too__many_requests__without_retry_headers": ("429", False),
    "unavailable_for_legal_reasons": ("451", True),
    "uri_too_long": ("414", True),
    "with_insufficient_scope": ("403", True),
    "with_invalid_access_token": ("401", True),
}


@pytest.mark.parametrize(("name", "told"), RECORDED_ERRORS.items(), ids=RECORDED_ERRORS)
def test_recorded_errors_are_said_in_plain_words(reddit_server, reddit, listen, name, told):
    words, permanent = told
    exchange = cassette(f"TestSession.test_request__{name}", "prawcore")[-1]
    reddit_server.answers |= {SEARCH: recorded_answer(exchange), COMMENTS: recorded_answer(exchange)}
    with pytest.raises(ListenerError) as caught:
        listen()
    assert words in str(caught.value)
    assert caught.value.permanent is permanent


def test_a_recorded_retry_after_is_passed_on(reddit_server, listen):
    exchange = cassette("TestSession.test_request__too__many_requests__with_retry_headers", "prawcore")[-1]
    reddit_server.answers[SEARCH] = recorded_answer(exchange)
    with pytest.raises(ListenerError) as caught:
        listen()
    assert caught.value.retry_after == 4


# --- shapes ---


def test_deleted_and_removed_items_are_no_mentions(reddit_server, listen):
    reddit_server.listings[COMMENTS] = [
        a_comment(1, THEN, "[deleted]", author="[deleted]"),
        a_comment(2, THEN, "[removed]"),
        a_comment(3, THEN, "acme", author="[deleted]"),
        a_comment(7, THEN, "[ Removed by Reddit ]"),
        a_comment(8, THEN, "[unavailable]"),
    ]
    reddit_server.listings[SEARCH] = [
        a_post(4, THEN, "acme", selftext="[removed]"),
        a_post(5, THEN, "acme", removed_by_category="moderator"),
        a_post(6, THEN, "[deleted by user]", selftext=""),
    ]
    fetched = listen()
    assert ids(fetched) == ["reddit:t1_000003"]
    assert fetched.found[0].mention.author is None
    assert fetched.found[0].mention.author_url is None


BAD = {
    "no id": {"name": None},
    "a strange id": {"name": "t9_x"},
    "no time": {"created_utc": None},
    "an impossible time": {"created_utc": 1e300},
    "a body that is no text": {"body": ["acme"]},
    "no body": {"body": None},
    "an author that is no name": {"author": {"a": 1}},
    "no subreddit": {"subreddit": None, "author": None},
}


@pytest.mark.parametrize("facts", BAD.values(), ids=BAD)
def test_one_bad_item_costs_only_itself_and_has_a_reason(reddit_server, listen, facts):
    reddit_server.listings[COMMENTS] = [a_comment(1, THEN), a_comment(2, THEN, **facts), a_comment(3, THEN)]
    fetched = listen()
    assert ids(fetched) == ["reddit:t1_000001", "reddit:t1_000003"]
    assert fetched.rejected[0].reason
    assert fetched.rejected[0].line == 2


@pytest.mark.parametrize(
    "child", [None, 7, {}, {"kind": "t1"}, {"kind": "t1", "data": {}}, {"kind": "more", "data": {}}]
)
def test_what_is_no_item_at_all_costs_only_itself(reddit_server, listen, child):
    page = listing([a_comment(1, THEN), child, a_comment(2, THEN)])
    reddit_server.answers[COMMENTS] = Answer(page)
    fetched = listen()
    assert len(fetched.found) == 2
    assert len(fetched.rejected) == 1


def test_reading_a_shape_never_asks_the_network_for_what_is_missing(reddit_server, listen):
    bare = a_post(1, THEN)
    del bare["data"]["score"], bare["data"]["edited"], bare["data"]["selftext"]
    reddit_server.listings[SEARCH] = [bare]
    assert ids(listen()) == ["reddit:t3_000001"]
    assert len(reddit_server.requests) == 3


# --- known content ---


def test_a_second_run_brings_only_what_is_new(reddit_server, listen):
    reddit_server.listings[COMMENTS] = [a_comment(number, THEN - number) for number in range(50)]
    first = listen()
    reddit_server.listings[COMMENTS].insert(0, a_comment(99, THEN + 5))
    second = listen(first.cursor)
    assert len(first.found) == 50
    assert ids(second) == ["reddit:t1_000063"]
    assert not second.gaps


def test_a_quiet_subreddit_costs_one_request_a_run(reddit_server, listen):
    reddit_server.listings[COMMENTS] = [a_comment(number, THEN - number) for number in range(700)]
    cursor = listen().cursor
    reddit_server.requests.clear()
    listen(cursor)
    assert len(reddit_server.asked(COMMENTS)) == 1


def test_a_burst_of_900_between_two_runs_loses_none(reddit_server, listen):
    old = [a_comment(number, THEN - number) for number in range(400)]
    reddit_server.listings[COMMENTS] = old
    first = listen()
    fresh = [a_comment(10_000 + number, THEN + 1000 - number) for number in range(900)]
    reddit_server.listings[COMMENTS] = fresh + old
    second = listen(first.cursor, NOON + timedelta(hours=1))
    assert len(second.found) == 900
    assert not second.gaps
    assert not listen(second.cursor).found


def test_more_than_reddit_lists_is_a_gap_with_its_bounds(reddit_server, listen):
    old = [a_comment(number, THEN - number) for number in range(400)]
    reddit_server.listings[COMMENTS] = old
    first = listen()
    fresh = [a_comment(10_000 + number, THEN + 2000 - number) for number in range(1500)]
    reddit_server.listings[COMMENTS] = fresh + old
    second = listen(first.cursor)
    (gap,) = second.gaps
    assert len(second.found) == 1000
    assert (gap.query, gap.since, gap.until) == ("comments:test", NOON, NOON + timedelta(seconds=1001))
    assert "1000" in gap.why


def test_the_first_run_to_a_busy_subreddit_is_no_gap(reddit_server, listen):
    reddit_server.listings[COMMENTS] = [a_comment(number, THEN - number) for number in range(1500)]
    fetched = listen()
    assert len(fetched.found) == 1000
    assert not fetched.gaps


def test_a_first_search_that_ends_before_its_days_do_is_a_gap(reddit_server, listen):
    reddit_server.listings[SEARCH] = [a_post(number, THEN - number) for number in range(1500)]
    (gap,) = listen().gaps
    assert gap.since == NOON - timedelta(days=30)
    assert gap.until == NOON - timedelta(seconds=999)


@pytest.mark.parametrize("lost", [1, 30, 299, 400])
def test_known_content_is_found_though_the_newest_items_were_deleted(reddit_server, listen, lost):
    old = [a_comment(number, THEN - number) for number in range(400)]
    ancient = [a_comment(5000 + number, THEN - 5000 - number) for number in range(200)]
    reddit_server.listings[COMMENTS] = old
    first = listen()
    reddit_server.listings[COMMENTS] = [a_comment(10_000, THEN + 9), *old[lost:], *ancient]
    second = listen(first.cursor)
    assert ids(second) == ["reddit:t1_002710"]
    assert not second.gaps


def test_items_out_of_order_are_not_passed_over(reddit_server, listen):
    old = [a_comment(number, THEN - number) for number in range(60)]
    reddit_server.listings[COMMENTS] = old
    first = listen()
    late = a_comment(777, THEN - 3.5)
    reddit_server.listings[COMMENTS] = [*old[: ENOUGH - 5], late, *old[ENOUGH - 5 :]]
    assert ids(listen(first.cursor)) == ["reddit:t1_000309"]


def test_an_emptied_listing_does_not_lose_known_content(reddit_server, listen):
    old = [a_comment(number, THEN - number) for number in range(60)]
    reddit_server.listings[COMMENTS] = old
    first = listen()
    reddit_server.listings[COMMENTS] = []
    second = listen(first.cursor)
    reddit_server.listings[COMMENTS] = [a_comment(99, THEN + 1), *old]
    assert ids(listen(second.cursor)) == ["reddit:t1_000063"]


def test_a_listing_that_turns_in_circles_ends(reddit_server, listen):
    reddit_server.answers[COMMENTS] = Answer(listing([a_comment(1, THEN)], after="t1_000001"))
    assert ids(listen()) == ["reddit:t1_000001"]
    assert len(reddit_server.asked(COMMENTS)) == 2


def test_a_new_brand_is_looked_for_in_comments_read_before(reddit_server, listen, acme):
    reddit_server.listings[COMMENTS] = [a_comment(1, THEN, "beta!"), *(a_comment(9 + n, THEN - n) for n in range(150))]
    first = listen()
    both = (acme, Brand("Beta", ("beta",)))
    second = listen(first.cursor, brands=both)
    assert "reddit:t1_000001" not in ids(first)
    assert "reddit:t1_000001" in ids(second)
    assert not listen(second.cursor, brands=both).found


def test_our_clock_may_jump_without_moving_known_content(reddit_server, listen):
    reddit_server.listings[COMMENTS] = [a_comment(1, THEN)]
    first = listen(now=NOON + timedelta(days=4000))
    reddit_server.listings[COMMENTS].insert(0, a_comment(2, THEN + 1))
    assert ids(listen(first.cursor, NOON - timedelta(days=4000))) == ["reddit:t1_000002"]


def test_a_subreddit_that_is_closed_costs_nothing_of_the_others(reddit_server, listen):
    reddit_server.listings[COMMENTS] = [a_comment(1, THEN)]
    reddit_server.answers["/r/private/comments/"] = Answer({"error": 403}, 403)
    fetched = listen(subreddits=["private", "nowhere", "test"])
    assert ids(fetched) == ["reddit:t1_000001"]
    assert ["403" in fetched.troubles[0], "404" in fetched.troubles[1]] == [True, True]


def test_terms_are_asked_for_in_few_queries_that_reddit_takes_whole():
    assert queries(["acme", "acme inc"]) == ['"acme" OR "acme inc"']
    assert queries(['say "x"']) == ['"say x"']
    many = queries([f"a brand of many names {number}" for number in range(60)])
    assert all(len(query) <= 500 for query in many)
    assert sum(query.count('"') for query in many) == 120


@pytest.mark.parametrize("said", [["not a name"], ["../x"], [7 * "x" * 50], [""]])
def test_what_is_no_subreddit_is_said(listen, said):
    with pytest.raises(ListenerError, match="not the name of a subreddit"):
        listen(subreddits=said)
