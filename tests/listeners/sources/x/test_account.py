"""X: our own account's mentions are read for less, and what is spent stays within the cap."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from data.models import Brand
from listeners.base import ListenerError
from tests.listeners.servers.server import Answer
from tests.listeners.servers.x_server import COUNTS, MENTIONS, OURS, OWN, SEARCH, a_post, cassette
from tests.listeners.sources.x import x_bench
from tests.listeners.sources.x.x_bench import KEYS, NOON, ids, many, recorded, spent

account, bearer, ledger, buy, x, x_server = (
    x_bench.account,
    x_bench.bearer,
    x_bench.ledger,
    x_bench.buy,
    x_bench.x,
    x_bench.x_server,
)

# --- our own account ---


def test_mentions_of_our_account_and_its_answers_are_read_for_less(x_server, buy, ledger, account):
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
    fetched = buy(handle="@acme_help")
    (found,) = fetched.found
    assert (found.mention.id, found.brands) == (f"x:{asking['id']}", ("Acme",))
    (answer,) = fetched.answers
    assert (answer.mention_id, answer.text, answer.author) == (found.mention.id, "Here we are.", "acme_help")
    assert spent(ledger) == pytest.approx(3 * 0.001 + 0.010)
    assert x_server.bill == pytest.approx(spent(ledger))
    assert x_server.asked(MENTIONS)[0].headers["authorization"].startswith("OAuth ")
    assert buy(fetched.cursor, NOON + timedelta(minutes=1), handle="acme_help").answers == []


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


def test_what_is_booked_is_what_x_bills(x_server, buy, ledger):
    x_server.posts[SEARCH] = many(150, author="7") + many(5, NOON - timedelta(hours=1), author=OURS)
    buy()
    assert spent(ledger) == pytest.approx(155 * 0.005 + 2 * 0.010)
    assert x_server.bill == pytest.approx(spent(ledger))


def test_the_same_post_twice_in_one_day_is_paid_once(x_server, buy, ledger):
    x_server.posts[SEARCH] = many(20)
    buy()
    buy(now=NOON + timedelta(hours=3))
    assert spent(ledger) == pytest.approx(20 * 0.005 + 0.010)
    buy(now=NOON + timedelta(hours=13))
    assert spent(ledger, NOON + timedelta(hours=13)) == pytest.approx(2 * (20 * 0.005 + 0.010))
    assert x_server.bill == pytest.approx(spent(ledger, NOON + timedelta(hours=13)))


def test_at_the_cap_it_stops_says_so_and_goes_on_where_it_stopped(x_server, buy, ledger):
    x_server.posts[SEARCH] = many(250)
    first = buy(cap=0.6, first_days=1)
    assert 50 <= len(first.found) < 250
    assert "cap of $0.60" in first.troubles[0]
    assert x_server.bill == pytest.approx(spent(ledger))
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
    fetched = buy(first.cursor, back, cap=0.6)
    left, away = fetched.gaps
    assert (left.since, left.until) == (NOON - timedelta(days=6, hours=23, minutes=58), oldest)
    assert away.since == NOON - timedelta(minutes=2)
    assert "rest" not in json.dumps(fetched.cursor)


@pytest.mark.parametrize("answer", [Answer("", 503), Answer("", 403), Answer(manner="hang"), Answer("<html>")])
def test_what_brought_nothing_costs_nothing(x_server, buy, ledger, expect, answer):
    x_server.answers[SEARCH] = expect(answer)
    with pytest.raises(ListenerError):
        buy()
    assert spent(ledger) == 0


def test_a_price_is_told_from_xs_own_count_before_anything_is_bought(x_server, x, acme):
    x_server.answers[COUNTS] = Answer({"data": [], "meta": {"total_tweet_count": 700}})
    told = x.estimate([acme], {}, NOON)
    assert (told.items_a_month, told.dollars_a_month) == (3000, pytest.approx(45.0))
    assert "700 posts in the last seven days" in told.based_on
    assert {request.path for request in x_server.requests} == {COUNTS}


def test_counting_is_booked_and_kept_within_the_cap_once_there_is_one(x_server, x, acme, ledger):
    x_server.answers[COUNTS] = Answer({"meta": {"total_tweet_count": 1}})
    x.estimate([acme], {"dollars_a_month": 0.01}, NOON)
    assert spent(ledger) == pytest.approx(0.005)
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
