"""Expiry: words and authors go in time, in every file; stars, times and counts stay, and so does the work."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from data.analytics import trends
from data.analytics.published import Publisher
from data.models import Brand, Rejected, RetentionRule, Run, Sentiment
from data.queue import details, queue
from data.retention import erasure, expiry, files
from data.retention.upkeep import Upkeep
from data.scores import rescoring, scores
from tests.data.builders import ACME, HOUR, JUDGEMENT, NOON, RANKING, action, answer, found

YELP = RetentionRule("test", "Yelp", lifetime=timedelta(hours=24))
SAID = "unmistakable words of wrath"
HER = "Tomasina Quill"
NOTICE = "Text expired after 24 hours, as Yelp asks"


@pytest.fixture
def now():
    return NOON  # when the room takes in what it is given


@pytest.fixture
def told(room, now):
    """A source that was visited brought her bad review, how it is told, and a good one."""
    hers = found(
        1, text=f"acme is bad how {SAID}", title=SAID, author=HER, author_url=f"https://x.org/{HER}", rating=1.0
    )
    room.take(hers, found(2, text="acme is good"), run=Run("test", now, now))
    return room


def expire(room, now):
    return expiry.expire(room.store, room.places, [YELP], now)


@pytest.mark.parametrize(
    ("lifetime", "sentence"),
    [(timedelta(hours=24), NOTICE), (timedelta(days=30), "Text expired after 30 days, as Yelp asks")],
)
def test_the_notice_says_how_long_it_may_be_kept_and_who_asks(lifetime, sentence):
    assert expiry.notice(RetentionRule("yelp", "Yelp", lifetime)) == sentence


def test_nothing_goes_while_it_may_be_kept(told, now):
    before = told.state()
    assert expire(told, now + 21 * HOUR) == 0
    assert told.state() == before


def test_words_and_authors_go_before_the_lifetime_ends(told, now):
    assert expire(told, now + 22 * HOUR) == 2
    assert HER not in str(told.state())
    assert SAID not in str(told.state())


def test_stars_times_and_every_count_in_trends_stay(told, now):
    told.take(answers=[answer(2)])
    before = trends.tallies(told.store)
    expire(told, now + 22 * HOUR)
    assert trends.tallies(told.store) == before
    assert told.rows("SELECT rating, text FROM mention WHERE id = 'test:1'") == [{"rating": 1.0, "text": ""}]


def test_an_open_mention_stays_in_the_queue_with_a_sentence_in_its_place(told, now):
    before = {one.mention_id: (one.points, one.reasons) for one in told.page()}
    expire(told, now + 22 * HOUR)
    assert {one.mention_id: (one.points, one.reasons) for one in told.page()} == before
    assert {(one.excerpt, one.author) for one in told.page()} == {(NOTICE, None)}
    with told.store.read() as store:
        assert details.find(store, "test:1").notice == NOTICE


def test_what_is_done_to_it_later_keeps_sentence_and_rank(told, now):
    before = {one.mention_id: one.points for one in told.page()}
    expire(told, now + 22 * HOUR)
    done = told.record(action("resolve"))
    with told.store.read() as store:
        assert [one.excerpt for one in queue.resolved(store, queue.View())] == [NOTICE]
    told.record(action("undo", undoes=done.id))
    assert {one.mention_id: one.points for one in told.page()} == before
    assert {one.excerpt for one in told.page()} == {NOTICE}


def test_what_was_done_and_noted_by_the_team_stays(told, now):
    told.record(action("note", body="called her"))
    expire(told, now + 22 * HOUR)
    assert told.value("SELECT body FROM action") == "called her"


def test_brands_that_are_changed_later_keep_what_they_had(told, now):
    expire(told, now + 22 * HOUR)
    told.listen_for(Brand("Acme", terms=("other words",)))
    assert told.ids("match", "mention_id") == ["test:1", "test:2"]
    assert told.value("SELECT label FROM score WHERE mention_id = 'test:1'") == "negative"


def test_another_version_of_the_scorer_leaves_what_was_judged(told, now):
    expire(told, now + 22 * HOUR)
    with told.store.write() as store:
        store.run("INSERT INTO applied VALUES (1, 'three-words', 'ana', $now, NULL, NULL, 0)", now=now)
    with told.store.write() as store:
        store.run(rescoring.CARRY_OVER)
        assert store.value(rescoring.COMPLETE)
        assert store.rows(rescoring.WAITING, limit=9) == []
    assert told.value("SELECT label FROM rescored WHERE mention_id = 'test:1'") == "negative"


def test_a_score_that_was_under_way_does_not_bring_words_back(room, now):
    room.drop(found(1, text=f"acme is bad {SAID}"), run=Run("test", now, now))
    room.take_in()
    read = scores.waiting(room.store, 10)
    expire(room, now + 22 * HOUR)
    line = json.dumps(JUDGEMENT.score(read[0]) | {"words": [[SAID, -1]]}).encode() + b"\n"
    scores.keep(room.store, RANKING, [line], read, now)
    assert SAID not in str(room.state())


def test_a_text_told_again_by_its_source_is_there_anew_and_young(told, now):
    expire(told, now + 22 * HOUR)
    later = now + 22 * HOUR
    replace(told, clock=lambda: later).take(found(2, text="acme is good"), run=Run("test", later, later))
    with told.store.read() as store:
        assert details.find(store, "test:2").notice is None
        assert details.find(store, "test:2").mention.text == "acme is good"
    assert {one.mention_id: one.excerpt for one in told.page()}["test:2"] == "acme is good"
    assert told.value("SELECT named_by FROM match WHERE mention_id = 'test:2'") == "terms"
    assert expire(told, now + 43 * HOUR) == 0
    assert expire(told, now + 44 * HOUR) == 1


def test_the_teams_own_imports_never_expire(room, now):
    room.take(found(1, text=SAID + " acme"))
    assert expire(room, now + 1000 * HOUR) == 0


def test_what_was_rejected_of_the_source_is_emptied_in_time(told, now):
    told.take(rejected=[Rejected("test: page 1", 1, "no time", '{"body": "half a word"}')])
    aside = told.lay(b"half a line", "test-20261120T110000000000-00000aaaaaa.jsonl.rejected")
    os.utime(aside, (now.timestamp(), now.timestamp()))
    expire(told, now + 22 * HOUR)
    assert told.rows("SELECT reason, content FROM rejected") == [{"reason": "no time", "content": ""}]
    assert not aside.exists()


def test_an_expiry_leaves_counts_and_is_followed_by_a_rewriting(told, now):
    expire(told, now + 22 * HOUR)
    [kept] = told.rows("SELECT why, counts, at_once, rewritten_at FROM erasure")
    assert json.loads(kept.pop("counts")) == {"mention": 2, "score": 2, "queue": 2}
    assert kept == {"why": "expired", "at_once": False, "rewritten_at": None}


def test_published_copies_lose_them_too(told, now):
    publisher = Publisher(told.store, told.places.published)
    publisher.publish()
    upkeep = Upkeep(told.store, told.places, [YELP], publisher, clock=lambda: now + 22 * HOUR)
    held = told.places.root / "readers" / "one"
    held.mkdir(parents=True)
    upkeep.round()
    assert len([path for path in told.places.published.iterdir() if path.is_dir()]) == 1
    assert not held.exists()
    assert told.value("SELECT count(*) FROM erasure WHERE rewritten_at IS NULL") == 0
    assert files.left(told.places.root, [SAID, HER]) == {}


def test_the_mood_set_by_hand_stays(told, now):
    told.record(action("judge", sentiment=Sentiment.POSITIVE))
    expire(told, now + 22 * HOUR)
    assert {one.mention_id: one.label for one in told.page()}["test:1"] is Sentiment.POSITIVE
    assert ACME.name in told.page()[0].brands


# Texts of tables about single mentions that stay when a mention expires, and why.
STAYS = {
    **dict.fromkeys(("id", "mention_id", "action_id", "approved_reply_id", "reply_id", "undoes", "token"), "an id"),
    **dict.fromkeys(("canonical_id", "mute_id"), "an id"),
    **dict.fromkeys(("source", "kind", "language", "url", "thread_id", "parent_id"), "where it stands, and what it is"),
    **dict.fromkeys(
        ("brand", "brands", "named_by", "status", "label", "sentiment", "said", "state"), "our own judgement"
    ),
    **dict.fromkeys(
        ("scorer", "rests_on", "cues", "reasons", "cue_confidence", "by_brand", "told"), "our own judgement"
    ),
    **dict.fromkeys(("actor", "assignee", "corrected_by", "labelled_by", "approved_by"), "a member of the team"),
    **dict.fromkeys(("body", "why", "notice"), "written by the team, or by us"),
}
GOES = {("mention", "author"), ("mention", "author_url"), ("mention", "title"), ("mention", "text"), ("score", "words")}
GOES |= {("rescored", "words"), ("queue", "author"), ("queue", "excerpt")}


def test_every_text_about_a_mention_goes_or_is_known_to_stay(room):
    with room.store.read() as store:
        tables = {"mention", *erasure.holders(store)}
        columns = store.rows(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE list_contains($tables, table_name) AND data_type IN ('VARCHAR', 'VARCHAR[]', 'JSON')",
            tables=sorted(tables),
        )
    unknown = {(row["table_name"], row["column_name"]) for row in columns if row["column_name"] not in STAYS}
    assert unknown == GOES  # a new one: empty it in data/retention/expiry.py, or say above why it stays
