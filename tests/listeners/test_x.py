"""X: recorded payloads, paging, money, windows and failures; all against a local server."""

import json
import logging
import random
import time
from datetime import UTC, datetime, timedelta

import pytest

from data.models import Brand
from listeners import border
from listeners.base import ListenerError, PaidListener
from listeners.budget import Ledger
from listeners.x import X
from listeners.x_posts import to_answer, to_mention
from listeners.x_query import LONGEST_QUERY, length, queries
from tests.listeners.failures import each_failure, each_wait, told_to_wait
from tests.listeners.server import Answer
from tests.listeners.x_server import (
    COUNTS,
    MENTIONS,
    OURS,
    OWN,
    RECORDED,
    SEARCH,
    XServer,
    a_number,
    a_person,
    a_post,
    cassette,
    page,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEYS = {
    "X_CONSUMER_KEY": "ck-s3cret",
    "X_CONSUMER_SECRET": "cs-s3cret",
    "X_ACCESS_TOKEN": f"{OURS}-at-s3cret",
    "X_ACCESS_TOKEN_SECRET": "ats-s3cret",
}


@pytest.fixture(autouse=True)
def bearer(monkeypatch):
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("X_BEARER_TOKEN", "bearer-s3cret")


@pytest.fixture
def account(monkeypatch):
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def x_server():
    server = XServer(NOON)
    yield server
    server.close()


@pytest.fixture
def x(x_server, web, books):
    return X(x_server.url, web, lambda options, now: Ledger(books, "x", options, now))


@pytest.fixture
def books(tmp_path):
    return tmp_path / "budgets"


@pytest.fixture
def buy(x, x_server, acme, books):
    def visit(cursor=None, now=NOON, brands=(acme,), cap=1000.0, **options):
        x_server.now = now
        told = {"dollars_a_month": cap, "first_days": 7} | options
        cursor = json.loads(json.dumps(cursor or {}))
        return x.buy(brands, told, cursor, now, Ledger(books, "x", told, now))

    return visit


def spent(books, now=NOON):
    return Ledger(books, "x", {"dollars_a_month": 1000}, now).spent


def ids(haul):
    return [found.mention.id for found in haul.found]


def many(count, newest=NOON - timedelta(minutes=2), apart=1.0, **facts):
    return [a_post(newest - timedelta(seconds=apart * number), **facts) for number in range(count)]


def recorded(name):
    path = RECORDED / "python_twitter_v2" / f"{name}.json"
    if not path.exists():
        pytest.skip(f"the recorded payloads are not beside this checkout (python_twitter_v2/{name})")
    return json.loads(path.read_text(encoding="utf-8"))


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
    haul = buy()
    # They were asked for without times, so each is refused for that, and none is lost silently.
    assert {one.reason for one in haul.rejected} == {"its time 'None' is none"}
    assert len(haul.rejected) == 10
    assert haul.left == pytest.approx(448 / 450)


def test_the_law_of_paid_sources_is_kept(x):
    assert isinstance(x, PaidListener)
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


def test_every_page_is_read_and_a_repeated_visit_brings_nothing(x_server, buy):
    x_server.posts[SEARCH] = many(250)
    first = buy()
    assert len(first.found) == 250
    again = buy(first.cursor, NOON + timedelta(minutes=5))
    assert (again.found, again.rejected, again.gaps) == ([], [], [])


def test_nine_hundred_posts_between_two_visits_are_all_read(x_server, buy):
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


def test_a_post_under_two_brands_is_one_mention_and_paid_once(x_server, buy, books):
    x_server.posts[SEARCH] = [a_post(NOON - timedelta(minutes=5), "acme and beta")]
    haul = buy(brands=(Brand("Acme", ("acme",)), Brand("Beta", ("beta",))))
    assert len(haul.found) == 1
    assert len(x_server.asked(SEARCH)) == 2
    assert spent(books) == pytest.approx(0.015)


def test_what_x_found_but_names_no_brand_as_a_whole_word_is_left_out(x_server, buy):
    at = NOON - timedelta(minutes=5)
    x_server.posts[SEARCH] = [a_post(at, "acmeville"), a_post(at, "acme!", 1), a_post(at, "RT acme", 2)]
    x_server.posts[SEARCH][2]["referenced_tweets"] = [{"type": "retweeted", "id": "1"}]
    assert ids(buy()) == [f"x:{a_number(at, 1)}"]


def test_a_pager_that_repeats_its_token_is_stopped_and_said(x_server, buy):
    x_server.answers[SEARCH] = Answer(page(many(3), "same"))
    haul = buy()
    assert len(x_server.asked(SEARCH)) == 2
    assert "round in circles" in haul.troubles[0]
    assert len(ids(haul)) >= 3


def test_one_bad_post_costs_only_itself(x_server, buy):
    posts = [*many(2), {"id": None}, "nonsense"]
    x_server.answers[SEARCH] = Answer(page(posts, people=[a_person()]))
    haul = buy()
    assert len(haul.found) == 2
    assert [one.line for one in haul.rejected] == [3, 4]


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


def test_more_than_one_visit_can_read_is_read_at_the_next(x_server, buy, monkeypatch):
    monkeypatch.setattr("listeners.x_walk.PAGES", 2)
    x_server.posts[SEARCH] = many(450)
    hauls, cursor = [], {}
    for minutes in range(0, 60, 15):
        hauls.append(buy(cursor, NOON + timedelta(minutes=minutes), first_days=1))
        cursor = hauls[-1].cursor
    assert [len(haul.found) // 50 for haul in hauls] == [4, 4, 1, 0]
    assert len({one for haul in hauls for one in ids(haul)}) == 450
    assert not any(haul.gaps for haul in hauls)


@pytest.mark.parametrize("seed", range(2))
def test_whatever_fails_on_the_way_no_post_is_lost_and_the_cap_is_kept(x_server, buy, books, seed):
    chance = random.Random(seed)
    whole = x_server.answers["*"]
    faults = [Answer("", 503), Answer({}, 429), Answer("<html>"), Answer("{}", manner="cut")]
    x_server.answers["*"] = lambda told: chance.choice(faults) if chance.random() < 0.4 else whole(told)
    brought, cursor, cap = [], {}, 4.0
    for minutes in range(0, 360, 15):
        now = NOON + timedelta(minutes=minutes)
        x_server.posts[SEARCH] += many(chance.choice([0, 1, 30, 130]) if minutes < 150 else 0, now, apart=2.0)
        try:
            haul = buy(cursor, now, cap=cap, first_days=1)
        except ListenerError as trouble:
            cap += 1.0 if "cap" in str(trouble) else 0.0
            continue
        brought += ids(haul)
        cursor = haul.cursor
        assert x_server.bill <= spent(books, now) + 1e-9 <= cap + 2e-9
    assert set(brought) == {f"x:{post['id']}" for post in x_server.posts[SEARCH]}


def test_a_query_that_was_quiet_for_longer_than_x_remembers_is_read_on_without_a_gap(x_server, buy):
    x_server.posts[SEARCH] = many(1, NOON - timedelta(minutes=5))
    cursor = buy().cursor
    for day in range(1, 11):
        haul = buy(cursor, NOON + timedelta(days=day))
        cursor = haul.cursor
        assert (haul.gaps, haul.troubles, haul.found) == ([], [], [])


def test_what_left_xs_window_while_we_were_away_is_a_gap_with_its_bounds(x_server, buy):
    x_server.posts[SEARCH] = many(1)
    cursor = buy().cursor
    back = NOON + timedelta(days=10)
    x_server.posts[SEARCH] += many(3, back - timedelta(hours=1))
    haul = buy(cursor, back)
    assert len(haul.found) == 3
    (gap,) = haul.gaps
    assert gap.since == NOON - timedelta(minutes=2)
    assert back - timedelta(days=7) <= gap.until <= back - timedelta(days=6, hours=23, minutes=57)


# --- our own account ---


def test_mentions_of_our_account_and_its_answers_are_read_for_less(x_server, buy, books, account):
    asking = a_post(NOON - timedelta(minutes=9), "@ACME_help hello?")
    x_server.posts[MENTIONS] = [asking]
    x_server.posts[OWN] = [
        a_post(
            NOON - timedelta(minutes=4),
            "@someone Here we are.",
            author=OURS,
            referenced_tweets=[{"type": "replied_to", "id": asking["id"]}],
        ),
        a_post(NOON - timedelta(minutes=5), "We sell things", author=OURS),
    ]
    haul = buy(handle="@acme_help")
    (found,) = haul.found
    assert (found.mention.id, found.brands) == (f"x:{asking['id']}", ("Acme",))
    (answer,) = haul.answers
    assert (answer.mention_id, answer.text, answer.author) == (found.mention.id, "Here we are.", "acme_help")
    assert spent(books) == pytest.approx(3 * 0.001 + 0.010)
    assert x_server.bill == pytest.approx(spent(books))
    assert x_server.asked(MENTIONS)[0].headers["authorization"].startswith("OAuth ")
    assert buy(haul.cursor, NOON + timedelta(minutes=1), handle="acme_help").answers == []


def test_without_keys_of_our_own_only_the_search_is_read(x_server, buy):
    buy()
    assert {request.path for request in x_server.requests} == {SEARCH}


def test_a_timeline_that_ends_at_its_ceiling_is_a_gap(x_server, buy, account):
    cursor = buy().cursor
    x_server.posts[MENTIONS] = many(800, NOON + timedelta(minutes=50), text="@acme hi")
    (gap,) = buy(cursor, NOON + timedelta(hours=1)).gaps
    assert gap.query == "mentions"
    assert gap.since < gap.until


@pytest.mark.parametrize("missing", ["X_BEARER_TOKEN", *KEYS])
def test_what_is_missing_is_named(buy, account, monkeypatch, missing):
    monkeypatch.delenv(missing)
    with pytest.raises(ListenerError, match=missing) as caught:
        buy()
    assert caught.value.permanent


def test_a_handle_that_is_none_is_said(buy):
    with pytest.raises(ListenerError, match="handle"):
        buy(handle="not a handle")


# --- money ---


def test_what_is_booked_is_what_x_bills(x_server, buy, books):
    x_server.posts[SEARCH] = many(150, author="7") + many(5, NOON - timedelta(hours=1), author=OURS)
    buy()
    assert spent(books) == pytest.approx(155 * 0.005 + 2 * 0.010)
    assert x_server.bill == pytest.approx(spent(books))


def test_the_same_post_twice_in_one_day_is_paid_once(x_server, buy, books):
    x_server.posts[SEARCH] = many(20)
    buy()
    buy(now=NOON + timedelta(hours=3))
    assert spent(books) == pytest.approx(20 * 0.005 + 0.010)
    buy(now=NOON + timedelta(hours=13))
    assert spent(books, NOON + timedelta(hours=13)) == pytest.approx(2 * (20 * 0.005 + 0.010))
    assert x_server.bill == pytest.approx(spent(books, NOON + timedelta(hours=13)))


def test_at_the_cap_it_stops_says_so_and_goes_on_where_it_stopped(x_server, buy, books):
    x_server.posts[SEARCH] = many(250)
    first = buy(cap=0.6, first_days=1)
    assert 50 <= len(first.found) < 250
    assert "cap of $0.60" in first.troubles[0]
    assert x_server.bill == pytest.approx(spent(books))
    assert 0.4 < x_server.bill <= 0.6
    requests = len(x_server.requests)
    for minutes in (15, 30):
        with pytest.raises(ListenerError, match=r"cap of \$0\.60") as caught:
            buy(first.cursor, NOON + timedelta(minutes=minutes), cap=0.6)
        assert caught.value.retry_after > 86_400
    assert len(x_server.requests) == requests
    x_server.posts[SEARCH] += many(10, NOON + timedelta(hours=1, minutes=50))
    later = buy(first.cursor, NOON + timedelta(hours=2), cap=100, first_days=1)
    assert len({*ids(first), *ids(later)}) == 260
    assert later.gaps == []


def test_a_cap_too_small_for_a_whole_page_buys_small_ones(x_server, buy):
    x_server.posts[SEARCH] = many(7)
    assert len(buy(cap=0.2).found) == 7
    assert x_server.asked(SEARCH)[0].query["max_results"] == "10"


def test_a_stop_at_the_cap_for_longer_than_x_remembers_is_a_gap(x_server, buy):
    x_server.posts[SEARCH] = many(250, apart=60)
    first = buy(cap=0.6)
    oldest = min(found.mention.published_at for found in first.found)
    back = datetime(2026, 12, 1, 0, 5, tzinfo=UTC)
    haul = buy(first.cursor, back, cap=0.6)
    left, away = haul.gaps
    assert (left.since, left.until) == (NOON - timedelta(days=6, hours=23, minutes=58), oldest)
    assert away.since == NOON - timedelta(minutes=2)
    assert "rest" not in json.dumps(haul.cursor)


@pytest.mark.parametrize("answer", [Answer("", 503), Answer("", 403), Answer(manner="hang"), Answer("<html>")])
def test_what_brought_nothing_costs_nothing(x_server, buy, books, expect, answer):
    x_server.answers[SEARCH] = expect(answer)
    with pytest.raises(ListenerError):
        buy()
    assert spent(books) == 0


def test_a_price_is_told_from_xs_own_count_before_anything_is_bought(x_server, x, acme):
    x_server.answers[COUNTS] = Answer({"data": [], "meta": {"total_tweet_count": 700}})
    told = x.estimate([acme], {}, NOON)
    assert (told.items_a_month, told.dollars_a_month) == (3000, pytest.approx(45.0))
    assert "700 posts in the last seven days" in told.based_on
    assert {request.path for request in x_server.requests} == {COUNTS}


def test_counting_is_booked_and_kept_within_the_cap_once_there_is_one(x_server, x, acme, books):
    x_server.answers[COUNTS] = Answer({"meta": {"total_tweet_count": 1}})
    x.estimate([acme], {"dollars_a_month": 0.01}, NOON)
    assert spent(books) == pytest.approx(0.005)
    two = [Brand("Acme", ("acme",)), Brand("Beta", ("beta",))]
    with pytest.raises(ListenerError, match="cap"):
        x.estimate(two, {"dollars_a_month": 0.01}, NOON)
    assert len(x_server.requests) == 1


def test_a_recorded_count_is_summed(x_server, x, acme):
    x_server.answers[COUNTS] = cassette("test_client_get_recent_tweets_count")[0]
    assert x.estimate([acme], {}, NOON).items_a_month > 0
    x_server.answers[COUNTS] = Answer(recorded("tweets_counts_recent_resp"))
    assert x.estimate([acme], {}, NOON).items_a_month == round(744_364 * 30 / 7)
    x_server.answers[COUNTS] = Answer({"data": [], "meta": {"total_post_count": 7}})
    assert x.estimate([acme], {}, NOON).items_a_month == 30


# --- failures ---


@each_failure
def test_every_failure_is_told_in_plain_words(x_server, buy, expect, answer, permanent):
    x_server.answers[SEARCH] = expect(answer)
    began = time.monotonic()
    with pytest.raises(ListenerError) as caught:
        buy()
    assert time.monotonic() - began < 8
    assert (caught.value.source, caught.value.permanent) == ("x", permanent)
    assert len(x_server.asked(SEARCH)) == 1


@each_wait
def test_being_told_to_wait_is_passed_on(x_server, buy, said, seconds):
    x_server.answers[SEARCH] = told_to_wait(said)
    with pytest.raises(ListenerError) as caught:
        buy()
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize(
    ("reset", "seconds"), [(str(int(NOON.timestamp()) + 300), 300), ("soon", None), ("99999999999999999", 86_400)]
)
def test_a_used_up_limit_says_when_it_is_new_again(x_server, buy, reset, seconds):
    x_server.answers[SEARCH] = Answer({}, 429, {"x-rate-limit-reset": reset, "Date": "Mon, 23 Nov 2026 12:00:00 GMT"})
    with pytest.raises(ListenerError) as caught:
        buy()
    assert caught.value.retry_after == seconds


def test_after_a_refusal_that_concerns_all_nothing_more_is_asked(x_server, buy):
    x_server.answers[SEARCH] = Answer({}, 429)
    with pytest.raises(ListenerError):
        buy(brands=(Brand("Acme", ("acme",)), Brand("Beta", ("beta",))))
    assert len(x_server.requests) == 1


def test_a_query_that_x_refuses_costs_the_other_brand_nothing(x_server, buy):
    whole = x_server.answers["*"]
    x_server.posts[SEARCH] = many(2)
    told = {"errors": [{"message": "There were errors processing your request: no viable alternative"}]}
    x_server.answers[SEARCH] = lambda asked: Answer(told, 400) if "beta" in asked.query["query"] else whole(asked)
    haul = buy(brands=(Brand("Beta", ("beta",)), Brand("Acme", ("acme",))))
    assert len(haul.found) == 2
    assert "no viable alternative" in haul.troubles[0]


def test_an_empty_balance_says_what_to_do(x_server, buy):
    x_server.answers[SEARCH] = Answer({}, 402)
    with pytest.raises(ListenerError, match="buy credits") as caught:
        buy()
    assert caught.value.permanent


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {}, "meta": 5}, {"data": [], "includes": []}])
def test_an_answer_without_posts_is_an_empty_one(x_server, buy, body):
    x_server.answers[SEARCH] = Answer(body)
    assert buy().found == []


def test_no_secret_is_ever_logged_or_told(x_server, buy, books, account, caplog):
    caplog.set_level(logging.DEBUG)
    x_server.posts[SEARCH] = many(2)
    haul = buy()
    x_server.answers[SEARCH] = Answer({"detail": "no"}, 403)
    with pytest.raises(ListenerError) as caught:
        x_server.answers[MENTIONS] = x_server.answers[OWN] = Answer("", 401)
        buy()
    told = caplog.text + repr(haul) + repr(caught.value) + str(caught.value.__dict__)
    told += "".join(path.read_text() for path in books.iterdir())
    assert "s3cret" not in told
    assert "I love acme" not in caplog.text


def test_thousands_of_posts_a_second_become_mentions():
    posts, author = many(5000), a_person()
    began = time.process_time()
    for post in posts:
        to_mention(post, author)
    assert 5000 / (time.process_time() - began) > 5000
