"""X: recorded payloads, queries and paging; all against a local server."""

import random
import time
from datetime import timedelta

import pytest

from data.models import Brand
from listeners import border
from listeners.base import ListenerError
from listeners.sources.x.posts import to_answer, to_mention
from listeners.sources.x.query import LONGEST_QUERY, length, queries
from tests.listeners.servers.server import Answer
from tests.listeners.servers.x_server import SEARCH, a_number, a_person, a_post, cassette, page
from tests.listeners.sources.x import x_bench
from tests.listeners.sources.x.x_bench import NOON, ids, many, recorded, spent

bearer, ledger, buy, x, x_server = x_bench.bearer, x_bench.ledger, x_bench.buy, x_bench.x, x_bench.x_server

# --- shapes ---


def test_a_post_is_a_mention_with_all_that_x_told():
    post = a_post(
        NOON,
        "@acme it broke &amp; burned",
        conversation_id="55",
        referenced_tweets=[{"type": "quoted", "id": "54"}, {"type": "replied_to", "id": "56"}],
        in_reply_to_user_id="99",
    )
    mention = to_mention(post, a_person())
    number = a_number(NOON)
    assert (mention.id, mention.kind, mention.text) == (f"x:{number}", "comment", "@acme it broke & burned")
    assert (mention.author, mention.author_url) == ("someone", "https://x.com/someone")
    assert mention.url == f"https://x.com/someone/status/{number}"
    assert (mention.reach, mention.engagement, mention.language) == (120, 10, "en")
    assert (mention.thread_id, mention.parent_id) == ("x:55", "x:56")
    assert (mention.published_at, mention.edited_at) == (NOON, None)


def test_a_post_longer_than_280_is_kept_whole():
    assert (
        to_mention(a_post(NOON, "short…", note_tweet={"text": "the whole acme story"})).text == "the whole acme story"
    )


def test_an_edited_post_stays_one_mention_and_says_when():
    later = NOON + timedelta(minutes=20)
    first = a_number(NOON)
    edited = to_mention(a_post(later, edit_history_tweet_ids=[first, a_number(later)]), a_person())
    assert (edited.id, edited.published_at, edited.edited_at) == (f"x:{first}", NOON, later)
    assert edited.url.endswith(a_number(later))


def test_x_may_call_its_tweets_posts():
    later = NOON + timedelta(minutes=20)
    told = a_post(later, referenced_posts=[{"type": "replied_to", "id": "5"}])
    told["edit_history_post_ids"] = [a_number(NOON), told["id"]]
    del told["edit_history_tweet_ids"]
    told["note_post"] = {"text": "long"}
    told["public_metrics"] = {"repost_count": 5, "like_count": 1}
    mention = to_mention(told)
    assert (mention.id, mention.parent_id) == (f"x:{a_number(NOON)}", "x:5")
    assert (mention.text, mention.engagement) == ("long", 6)


@pytest.mark.parametrize(
    ("said", "kept"),
    [("en", "en"), ("und", None), ("in", "id"), ("iw", "he"), ("zh-TW", "zh"), ("qme", None), (5, None)],
)
def test_a_language_is_kept_where_it_is_one(said, kept):
    assert to_mention(a_post(NOON, lang=said)).language == kept


@pytest.mark.parametrize(
    "facts",
    [{"id": None}, {"id": 7}, {"id": "x"}, {"text": None}, {"text": " "}, {"text": 5}, {"created_at": None}],
)
def test_what_is_no_post_is_refused_with_a_reason(facts):
    with pytest.raises(border.Unreadable, match=r"its? |text"):
        to_mention(a_post(NOON) | facts)


def test_our_own_answer_is_told_without_the_handles_before_it():
    post = a_post(NOON, "@someone @other Sorry about that!", referenced_tweets=[{"type": "replied_to", "id": "5"}])
    answer = to_answer(post, "acme")
    assert (answer.mention_id, answer.text, answer.author) == ("x:5", "Sorry about that!", "acme")
    assert to_answer(a_post(NOON), "acme") is None


@pytest.mark.parametrize(("name", "count"), [("search_tweets_query", 4), ("timeline_mentions", 5), ("tweets_resp", 2)])
def test_recorded_posts_become_mentions(name, count):
    told = recorded(name)
    people = {one["id"]: one for one in told.get("includes", {}).get("users", ())}
    mentions = [to_mention(post, people.get(post.get("author_id"))) for post in told["data"]]
    assert len({mention.id for mention in mentions}) == count
    assert all(mention.text and mention.published_at.tzinfo for mention in mentions)


def test_recorded_answers_come_zipped_and_are_read(x_server, buy):
    (told,) = cassette("test_client_search_recent_tweets")
    assert told.headers["content-encoding"] == "gzip"
    x_server.answers[SEARCH] = told
    fetched = buy()
    # They were asked for without times, so each is refused for that, and none is lost silently.
    assert {one.reason for one in fetched.rejected} == {"its time 'None' is none"}
    assert len(fetched.rejected) == 10
    assert fetched.left == pytest.approx(448 / 450)


def test_without_a_budget_nothing_is_asked_for(x, x_server, acme):
    with pytest.raises(ListenerError, match="no budget"):
        x.listen([acme], {}, {}, NOON)
    assert not x_server.requests


def test_the_law_of_paid_sources_is_kept(x):
    assert x.policy.is_paid
    assert x.policy.dollars_per_item == pytest.approx(0.015)


# --- queries ---


def test_terms_are_phrases_with_the_handle_and_the_hashtag_they_may_stand_in():
    (query,) = queries(Brand("Acme", ("acme", "acme inc"), ("bank",), ("acme hotel", "café")))
    assert query == (
        '("acme" OR #acme OR @acme OR "acme inc" OR #acmeinc OR @acmeinc) ("bank" OR #bank OR @bank) -is:retweet'
        ' -"acme hotel"'
    )


def test_our_own_posts_are_not_bought_by_search():
    assert queries(Brand("Acme", ("@acme", "#acmefail")), "acme") == ["(@acme OR #acmefail) -is:retweet -from:acme"]


@pytest.mark.parametrize("term", ["from:someone", "acme OR", "-acme", "(acme", 'the "acme"', "acme\\", "is:retweet"])
def test_no_term_is_taken_for_an_operator(term):
    (query,) = queries(Brand("Acme", (term,)))
    inside = query.removeprefix("(").removesuffix(") -is:retweet")
    quoted = inside.split(" OR ")[0] if inside.count('"') == 2 else inside
    assert quoted[0] == quoted[-1] == '"'
    assert quoted.count('"') == 2


@pytest.mark.parametrize(
    "brand",
    [
        Brand("A", tuple(f"a brand of many names {number}" for number in range(80))),
        Brand("B", ("acme",), tuple(f"required word {number}" for number in range(80))),
        Brand("C", ("acme",), (), tuple(f"excluded word {number}" for number in range(80))),
        Brand("D", ("💥" * 20 + " boom",) * 3, (), ("x" * 600,)),
        Brand("E", ("a long story " * 60,)),
    ],
    ids=lambda brand: brand.name,
)
def test_every_query_is_short_enough_for_x(brand):
    asked = queries(brand, "acme")
    assert asked
    assert all(length(query) <= LONGEST_QUERY for query in asked)
    if brand.name == "A":
        assert all(any(f'"{term}"' in query for query in asked) for term in brand.terms)


# --- paging ---


def test_every_page_is_read_and_a_repeated_run_brings_nothing(x_server, buy):
    x_server.posts[SEARCH] = many(250)
    first = buy()
    assert len(first.found) == 250
    again = buy(first.cursor, NOON + timedelta(minutes=5))
    assert (again.found, again.rejected, again.gaps) == ([], [], [])


def test_nine_hundred_posts_between_two_runs_are_all_read(x_server, buy):
    x_server.posts[SEARCH] = many(5)
    cursor = buy().cursor
    x_server.posts[SEARCH] += many(900, NOON + timedelta(minutes=55))
    later = buy(cursor, NOON + timedelta(hours=1))
    assert len(later.found) == 900
    assert x_server.asked(SEARCH)[-1].query["since_id"]


def test_a_post_that_reaches_the_index_late_is_not_passed_over(x_server, buy):
    x_server.posts[SEARCH] = many(5)
    cursor = buy().cursor
    late = a_post(NOON - timedelta(minutes=2, seconds=30), serial=3)
    x_server.posts[SEARCH].append(late)
    assert ids(buy(cursor, NOON + timedelta(minutes=5))) == [f"x:{late['id']}"]


def test_a_post_under_two_brands_is_one_mention_and_paid_once(x_server, buy, ledger):
    x_server.posts[SEARCH] = [a_post(NOON - timedelta(minutes=5), "acme and beta")]
    fetched = buy(brands=(Brand("Acme", ("acme",)), Brand("Beta", ("beta",))))
    assert len(fetched.found) == 1
    assert len(x_server.asked(SEARCH)) == 2
    assert spent(ledger) == pytest.approx(0.015)


def test_what_x_found_but_names_no_brand_as_a_whole_word_is_left_out(x_server, buy):
    at = NOON - timedelta(minutes=5)
    x_server.posts[SEARCH] = [a_post(at, "acmeville"), a_post(at, "acme!", 1), a_post(at, "RT acme", 2)]
    x_server.posts[SEARCH][2]["referenced_tweets"] = [{"type": "retweeted", "id": "1"}]
    assert ids(buy()) == [f"x:{a_number(at, 1)}"]


def test_a_pager_that_repeats_its_token_is_stopped_and_said(x_server, buy):
    x_server.answers[SEARCH] = Answer(page(many(3), "same"))
    fetched = buy()
    assert len(x_server.asked(SEARCH)) == 2
    assert "round in circles" in fetched.troubles[0]
    assert len(ids(fetched)) >= 3


def test_one_bad_post_costs_only_itself(x_server, buy):
    posts = [*many(2), {"id": None}, "nonsense"]
    x_server.answers[SEARCH] = Answer(page(posts, people=[a_person()]))
    fetched = buy()
    assert len(fetched.found) == 2
    assert [one.line for one in fetched.rejected] == [3, 4]


def test_a_cut_half_way_loses_nothing(x_server, buy):
    x_server.posts[SEARCH] = many(250)
    whole = x_server.answers["*"]
    x_server.answers[SEARCH] = lambda told: Answer("", 503) if "next_token" in told.query else whole(told)
    first = buy()
    assert len(first.found) == 100
    assert "503" in first.troubles[0]
    x_server.answers[SEARCH] = whole
    x_server.posts[SEARCH] += many(30, NOON + timedelta(minutes=8))
    second = buy(first.cursor, NOON + timedelta(minutes=10))
    assert len({*ids(first), *ids(second)}) == 280
    assert buy(second.cursor, NOON + timedelta(minutes=12)).found == []


def test_more_than_one_run_can_read_is_read_at_the_next(x_server, buy, monkeypatch):
    monkeypatch.setattr("listeners.sources.x.paging.PAGES", 2)
    x_server.posts[SEARCH] = many(450)
    results, cursor = [], {}
    for minutes in range(0, 60, 15):
        results.append(buy(cursor, NOON + timedelta(minutes=minutes), first_days=1))
        cursor = results[-1].cursor
    assert [len(fetched.found) // 50 for fetched in results] == [4, 4, 1, 0]
    assert len({one for fetched in results for one in ids(fetched)}) == 450
    assert not any(fetched.gaps for fetched in results)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_fails_on_the_way_no_post_is_lost_and_the_cap_is_kept(x_server, buy, ledger, seed):
    chance = random.Random(seed)
    whole = x_server.answers["*"]
    faults = [Answer("", 503), Answer({}, 429), Answer("<html>"), Answer("{}", manner="cut")]
    x_server.answers["*"] = lambda told: chance.choice(faults) if chance.random() < 0.4 else whole(told)
    brought, cursor, cap = [], {}, 4.0
    for minutes in range(0, 360, 15):
        now = NOON + timedelta(minutes=minutes)
        x_server.posts[SEARCH] += many(chance.choice([0, 1, 30, 130]) if minutes < 150 else 0, now, apart=2.0)
        try:
            fetched = buy(cursor, now, cap=cap, first_days=1)
        except ListenerError as trouble:
            cap += 1.0 if "cap" in str(trouble) else 0.0
            continue
        brought += ids(fetched)
        cursor = fetched.cursor
        assert x_server.bill <= spent(ledger, now) + 1e-9 <= cap + 2e-9
    assert set(brought) == {f"x:{post['id']}" for post in x_server.posts[SEARCH]}


def test_a_query_that_was_quiet_for_longer_than_x_remembers_is_read_on_without_a_gap(x_server, buy):
    x_server.posts[SEARCH] = many(1, NOON - timedelta(minutes=5))
    cursor = buy().cursor
    for day in range(1, 11):
        fetched = buy(cursor, NOON + timedelta(days=day))
        cursor = fetched.cursor
        assert (fetched.gaps, fetched.troubles, fetched.found) == ([], [], [])


def test_what_left_xs_window_while_we_were_away_is_a_gap_with_its_bounds(x_server, buy):
    x_server.posts[SEARCH] = many(1)
    cursor = buy().cursor
    back = NOON + timedelta(days=10)
    x_server.posts[SEARCH] += many(3, back - timedelta(hours=1))
    fetched = buy(cursor, back)
    assert len(fetched.found) == 3
    (gap,) = fetched.gaps
    assert gap.since == NOON - timedelta(minutes=2)
    assert back - timedelta(days=7) <= gap.until <= back - timedelta(days=6, hours=23, minutes=57)


def test_thousands_of_posts_a_second_become_mentions():
    posts, author = many(5000), a_person()
    began = time.process_time()
    for post in posts:
        to_mention(post, author)
    assert 5000 / (time.process_time() - began) > 5000
