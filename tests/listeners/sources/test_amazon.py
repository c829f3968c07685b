"""Amazon: topics as numbers by product and week, a few products a visit, and nobody's words anywhere."""

from datetime import UTC, date, datetime, timedelta

import pytest

from data.models import Brand, Sentiment
from listeners.base import ListenerError
from listeners.border import Unreadable
from listeners.sources.amazon import Amazon, monday, to_topics
from listeners.sync.reviews import Listing
from tests.listeners.failures import each_failure, each_wait, told_to_wait
from tests.listeners.servers.server import Answer

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
PRODUCT = Listing("B0EXAMPLE1", "Acme")
TOPICS = "/customerFeedback/2024-06-01/items/B0EXAMPLE1/reviews/topics"


def topic(name, mentions=40, percentage=12.5, impact=-0.3, **more):
    metrics = {"numberOfMentions": mentions, "occurrencePercentage": percentage, "starRatingImpact": impact}
    return {"topic": name, "asinMetrics": metrics, "reviewSnippets": ["it leaked all over my desk"]} | more


def told(positive=(), negative=(), **more):
    span = {"startDate": "2026-10-24T00:00:00Z", "endDate": "2026-11-22T00:00:00Z"}
    held = {"positiveTopics": list(positive) or None, "negativeTopics": list(negative) or None}
    return {"asin": "B0EXAMPLE1", "itemName": "Kettle 3000", "topics": held, "dateRange": span} | more


# The border


def test_topics_are_numbers_of_the_week_that_their_span_ends_in():
    bad, good = to_topics(told([topic("design", impact=0.2)], [topic("lid")]), PRODUCT)[::-1]
    assert (bad.topic, bad.sentiment, bad.mentions, bad.share, bad.stars) == (
        "lid",
        Sentiment.NEGATIVE,
        40,
        0.125,
        -0.3,
    )
    assert (bad.week_on, bad.brand, bad.title) == (date(2026, 11, 16), "Acme", "Kettle 3000")
    assert good.sentiment is Sentiment.POSITIVE


def test_too_few_reviews_give_no_topics_and_missing_numbers_stay_missing():
    assert to_topics(told(), PRODUCT) == []
    (bare,) = to_topics(told([{"topic": "design", "asinMetrics": {}}]), PRODUCT)
    assert (bare.mentions, bare.share, bare.stars) == (None, None, None)


@pytest.mark.parametrize("answer", [{}, told(dateRange=None), told(topics=[]), told([{"topic": ""}])])
def test_an_answer_of_another_shape_is_refused(answer):
    with pytest.raises(Unreadable):
        to_topics(answer, PRODUCT)


def test_weeks_begin_on_monday():
    assert monday(NOON) == date(2026, 11, 23)
    assert monday(NOON - timedelta(days=1)) == date(2026, 11, 16)


# Visits


@pytest.fixture
def shop(server, monkeypatch):
    for name in ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN"):
        monkeypatch.setenv(f"AMAZON_{name}", f"secret-{name}")
    server.answers["/token"] = Answer({"access_token": "bearer-1", "expires_in": 3600})
    server.answers[TOPICS] = Answer(told([topic("design")], [topic("lid")]))
    return server


@pytest.fixture
def run_once(shop, web):
    source = Amazon(shop.url, f"{shop.url}/token", web)

    def go(cursor=None, now=NOON, asins=("B0EXAMPLE1",), **options):
        return source.listen([Brand("Acme", ("acme",))], {"asins": list(asins)} | options, cursor or {}, now)

    return go


def test_a_product_is_read_once_a_week_by_both_orders(run_once, shop):
    first = run_once()
    assert [one.topic for one in first.topics] == ["design", "lid"]
    assert [one.query["sortBy"] for one in shop.asked(TOPICS)] == ["MENTIONS", "STAR_RATING_IMPACT"]
    assert shop.asked(TOPICS)[0].headers["x-amz-access-token"] == "bearer-1"
    assert shop.asked(TOPICS)[0].query["marketplaceId"] == "ATVPDKIKX0DER"
    assert run_once(first.cursor, NOON + timedelta(days=6)).topics == ()
    assert len(run_once(first.cursor, NOON + timedelta(days=7)).topics) == 2


@pytest.mark.parametrize(
    ("region", "market", "host", "marketplace_id"),
    [
        ("", "", "na", "ATVPDKIKX0DER"),
        ("eu", "", "eu", "A1F83G8C2ARO7P"),
        ("EU", "de", "eu", "A1PA6795UKMFR9"),
        ("", "JP", "fe", "A1VC38T7YXB528"),
        ("eu", "A13V1IB3VIYZZH", "eu", "A13V1IB3VIYZZH"),
        ("fe", "", "fe", "A1VC38T7YXB528"),
        ("na", "A2EUQ1WTGCTBG2", "na", "A2EUQ1WTGCTBG2"),  # one we do not know: Amazon says whether it may be asked
    ],
)
def test_each_region_has_a_host_and_each_marketplace_an_id(shop, web, region, market, host, marketplace_id):
    source = Amazon(f"{shop.url}/{{region}}", f"{shop.url}/token", web)
    path = f"/{host}{TOPICS}"
    shop.answers[path] = Answer(told([topic("design")]))
    options = {"asins": ["B0EXAMPLE1"], "region": region, "marketplace_id": market}
    assert len(source.listen([Brand("Acme", ("acme",))], options, {}, NOON).topics) == 1
    assert {one.query["marketplaceId"] for one in shop.asked(path)} == {marketplace_id}


def test_the_hosts_are_amazons_own():
    hosts = {region: Amazon()._place({"region": region})[0] for region in ("na", "eu", "fe")}
    assert hosts == {region: f"https://sellingpartnerapi-{region}.amazon.com" for region in hosts}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"region": "na", "marketplace_id": "DE"}, "A1PA6795UKMFR9 is in eu, not in na"),
        ({"region": "eu", "marketplace_id": "ATVPDKIKX0DER"}, "is in na, not in eu"),
        ({"region": "Europe"}, "must be na, eu or fe"),
    ],
)
def test_a_marketplace_of_another_region_is_said_before_anything_is_asked(run_once, shop, options, says):
    with pytest.raises(ListenerError, match=says) as failed:
        run_once(**options)
    assert failed.value.permanent
    assert not shop.asked(TOPICS)


def test_a_topic_that_only_one_order_shows_is_kept_too(run_once, shop):
    shop.answers[TOPICS] = [Answer(told([topic("design")])), Answer(told([topic("price", impact=1.0)]))]
    assert [one.topic for one in run_once().topics] == ["design", "price"]


def test_many_products_are_read_a_few_at_a_time_and_none_is_forgotten(run_once, shop):
    asins = [f"B0EXAMPLE{n}" for n in range(5)]
    shop.answers["*"] = Answer(told([topic("design")]))
    cursor, seen = {}, []
    for step in range(4):
        fetched = run_once(cursor, NOON + timedelta(minutes=step), asins)
        cursor, seen = fetched.cursor, seen + [one.subject for one in fetched.topics]
        assert fetched.more is (step < 2)
    assert sorted(set(seen)) == asins


def test_nobodys_words_are_taken_along(run_once):
    fetched = run_once()
    assert "leaked all over" not in repr(fetched)
    assert "secret-" not in repr(fetched)
    assert (fetched.found, list(fetched.rejected)) == ([], [])


def test_a_product_with_too_few_reviews_is_no_trouble(run_once, shop):
    shop.answers[TOPICS] = Answer("", 204)
    fetched = run_once()
    assert (fetched.topics, fetched.troubles) == ([], [])


@each_failure
def test_every_failure_is_a_listener_error(run_once, shop, expect, answer, permanent):
    shop.answers[TOPICS] = expect(answer)
    with pytest.raises(ListenerError) as failed:
        run_once()
    assert failed.value.permanent is permanent
    assert "secret-" not in str(failed.value)
    assert "bearer-1" not in str(failed.value)


@each_wait
def test_it_waits_as_long_as_it_is_told(run_once, shop, said, seconds):
    shop.answers[TOPICS] = told_to_wait(said)
    with pytest.raises(ListenerError) as failed:
        run_once()
    assert failed.value.retry_after == seconds


def test_credentials_that_are_refused_are_said_to_be(run_once, shop):
    shop.answers["/token"] = Answer({"error": "invalid_grant"}, 400)
    with pytest.raises(ListenerError, match="does not accept our credentials") as failed:
        run_once()
    assert failed.value.permanent
