"""X: failures in plain words, waits passed on, no secret told."""

import logging
import time

import pytest

from data.models import Brand
from listeners.base import ListenerError
from tests.listeners.failures import each_failure, each_wait, told_to_wait
from tests.listeners.servers.server import Answer
from tests.listeners.servers.x_server import MENTIONS, OWN, SEARCH
from tests.listeners.sources.x import x_bench
from tests.listeners.sources.x.x_bench import NOON, many

account, bearer, ledger, buy, x, x_server = (
    x_bench.account,
    x_bench.bearer,
    x_bench.ledger,
    x_bench.buy,
    x_bench.x,
    x_bench.x_server,
)

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
    fetched = buy(brands=(Brand("Beta", ("beta",)), Brand("Acme", ("acme",))))
    assert len(fetched.found) == 2
    assert "no viable alternative" in fetched.troubles[0]


def test_an_empty_balance_says_what_to_do(x_server, buy):
    x_server.answers[SEARCH] = Answer({}, 402)
    with pytest.raises(ListenerError, match="buy credits") as caught:
        buy()
    assert caught.value.permanent


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {}, "meta": 5}, {"data": [], "includes": []}])
def test_an_answer_without_posts_is_an_empty_one(x_server, buy, body):
    x_server.answers[SEARCH] = Answer(body)
    assert buy().found == []


def test_no_secret_is_ever_logged_or_told(x_server, buy, ledger, account, caplog):
    caplog.set_level(logging.DEBUG)
    x_server.posts[SEARCH] = many(2)
    fetched = buy()
    x_server.answers[SEARCH] = Answer({"detail": "no"}, 403)
    with pytest.raises(ListenerError) as caught:
        x_server.answers[MENTIONS] = x_server.answers[OWN] = Answer("", 401)
        buy()
    told = caplog.text + repr(fetched) + repr(caught.value) + str(caught.value.__dict__)
    told += "".join(path.read_text() for path in ledger.iterdir())
    assert "s3cret" not in told
    assert "I love acme" not in caplog.text
