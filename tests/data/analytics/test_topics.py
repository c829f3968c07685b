"""Topics and deliveries: what batches tell beside mentions is kept once, and bad lines are set aside."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data.analytics import topics
from data.models import Answer, Delivery, DeliveryState, HearbackError, Sentiment, Topic
from data.people.rights import lead
from data.queue import replies
from tests.data.builders import NOON, found, lines

WEEK = date(2026, 11, 16)


def topic(name="lid", week=WEEK, share=0.1, **more):
    facts = {"mentions": 40, "share": share, "stars": -0.2, "title": "Kettle"} | more
    return Topic("amazon", "Acme", "B0EXAMPLE1", week, name, Sentiment.NEGATIVE, **facts)


def latest(room, **asked):
    with room.store.read() as connection:
        return topics.latest(connection, **asked)


def test_a_week_that_is_told_again_stands_once_as_told_last(room):
    room.take(topics=[topic(), topic("price", mentions=90)])
    room.take(topics=[topic(share=0.3)])
    assert [(one["topic"], one["share"]) for one in latest(room)] == [("price", 0.1), ("lid", 0.3)]


def test_the_newest_week_is_shown_beside_the_share_of_the_one_before(room):
    room.take(topics=[topic(week=WEEK - timedelta(days=7), share=0.2), topic(share=0.5), topic("new")])
    told = {one["topic"]: (one["week_on"], one["share"], one["before"]) for one in latest(room)}
    assert told == {"lid": (WEEK, 0.5, 0.2), "new": (WEEK, 0.1, None)}
    assert latest(room, brand="Bolt") == []


def test_a_topic_without_a_week_is_set_aside_and_the_rest_goes_in(room):
    good = {"topic": {"source": "amazon", "brand": "Acme", "subject": "B", "week_on": "2026-11-16", "topic": "lid",
                      "sentiment": "negative"}}  # fmt: skip
    bad = {"topic": {**good["topic"], "week_on": "someday"}}
    room.lay(lines(good, bad))
    (absorbed,) = room.take_in()
    assert absorbed.rejected == 1
    assert [one["topic"] for one in latest(room)] == ["lid"]


def delivery(state=DeliveryState.SENT, **more):
    return Delivery("l1", "test:1", state, NOON, "Ana", **more)


def test_a_sent_reply_closes_its_mention_and_is_kept_once(room):
    room.take(found(1))
    sent = delivery(reply_id="test:r1", url="https://example.com/r1")
    for _ in range(2):
        room.take(answers=[Answer("test:1", "we are on it", NOON, "Ana")], deliveries=[sent])
    with room.store.read() as connection:
        (kept,) = replies.of_mention(connection, "test:1")
        assert (kept["state"], kept["reply_id"], kept["approved_by"]) == ("sent", "test:r1", "Ana")
        assert connection.value("SELECT count(*) FROM action WHERE kind = 'reply'") == 1
        assert connection.value("SELECT count(*) FROM queue") == 0


def test_a_delivery_to_nothing_we_hold_is_passed_over(room):
    room.take(deliveries=[delivery()])
    with room.store.read() as connection:
        assert replies.of_mention(connection, "test:1") == []


def test_a_reply_knows_whom_it_answers_and_whom_the_mention_names(room):
    room.take(found(1, text="@AcmeHelp and @bolt@social.example, help! acme", url="https://example.com/1"))
    with room.store.read() as connection:
        reply = replies.approve(connection, "test:1", " we are on it ", lead(" Ana  B "), NOON)
    assert (reply.text, reply.approved_by, reply.author) == ("we are on it", "Ana B", "author 1")
    assert reply.named == ("acmehelp", "bolt@social.example")


@pytest.mark.parametrize(
    ("mention_id", "text", "by", "said"),
    [
        ("test:9", "hi", "Ana", "no mention"),
        ("test:1", " ", "Ana", "needs its words"),
        ("test:1", "hi", "", "the name of"),
        ("test:1", "x" * 10_001, "Ana", "10,001 characters"),
    ],
)
def test_a_reply_that_cannot_be_is_refused_with_a_reason(room, mention_id, text, by, said):
    room.take(found(1))
    with room.store.read() as connection, pytest.raises(HearbackError, match=said):
        replies.approve(connection, mention_id, text, lead(by), NOON)


def test_the_same_words_are_not_sent_to_one_mention_twice(room):
    room.take(found(1), answers=[Answer("test:1", "we are on it", NOON)])
    with room.store.read() as connection, pytest.raises(HearbackError, match="were sent"):
        replies.approve(connection, "test:1", "we are on it", lead("Ana"), NOON)
