"""Own posts: kept out of the queue and the mood, and written down as replies to what they answer, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from data.analytics import trends
from data.models import ActionKind, Answer
from tests.data.builders import ACME, BOLT, HOUR, NOON, RIVAL, action, found, mention

OURS = replace(ACME, handles=("@AcmeHelp", "reddit:acme_support"))
K = ActionKind


@pytest.fixture
def room(empty):
    empty.listen_for(OURS)
    return empty


def ours(n, parent=None, author="acmehelp", **more):
    """Our own n-th post, which answers the parent-th mention."""
    text = more.pop("text", f"@max acme is sorry {n}")
    return found(n, text=text, author=author, parent_id=f"test:{parent}" if parent else None, **more)


def replies(room):
    return room.rows("SELECT mention_id, actor, happened_at, body FROM action WHERE kind = 'reply' ORDER BY ALL")


@pytest.mark.parametrize(
    ("author", "source"),
    [("acmehelp", "test"), ("@ACMEHELP", "x"), ("acme_support", "reddit"), ("u/acme_support", "reddit_feed")],
)
def test_what_our_accounts_say_is_no_work_and_no_mood(room, author, source):
    room.take(found(1), found(2, author=author, source=source, text="acme is good"))
    assert room.open() == ["test:1"]
    assert sum(tally.mentions for tally in trends.tallies(room.store)) == 1
    assert room.ids() == ["test:1", "test:2"]  # it is kept


@pytest.mark.parametrize(("author", "source"), [("acme_support", "x"), ("acmehelpers", "test"), (None, "test")])
def test_others_of_a_like_name_are_others(room, author, source):
    room.take(found(2, author=author, source=source))
    assert room.open() == ["test:2"]


def test_an_own_post_is_the_reply_to_what_it_answers_at_its_time(room):
    room.take(found(5), found(6), ours(1, parent=5))
    assert room.open() == ["test:6"]
    [reply] = replies(room)
    assert reply["mention_id"] == "test:5" and reply["actor"] == "acmehelp"
    assert reply["happened_at"] == mention(1).published_at
    assert room.rows("SELECT replied_at FROM first_reply") == [{"replied_at": mention(1).published_at}]


def test_the_reply_may_come_before_what_it_answers(room):
    room.take(ours(1, parent=5))
    assert replies(room) == []
    room.take(found(5))
    assert [reply["mention_id"] for reply in replies(room)] == ["test:5"]
    assert room.open() == []


def test_handles_that_are_added_later_find_the_replies_that_are_stored(empty):
    empty.listen_for(ACME)
    empty.take(found(5), ours(1, parent=5))
    assert set(empty.open()) == {"test:5", "test:1"}
    empty.listen_for(OURS)
    assert empty.open() == []
    assert len(replies(empty)) == 1
    empty.listen_for(replace(OURS, handles=()))
    assert empty.open() == ["test:1"]  # a stranger's now; that it answered is in the log
    empty.listen_for(OURS)
    assert len(replies(empty)) == 1


def test_whoever_tells_of_it_again_it_is_one_reply(room):
    room.take(found(5), ours(1, parent=5, text="acme is sorry"))
    room.take(ours(1, parent=5, text="acme is sorry"))
    room.take(ours(1, parent=5, text="acme is sorry, really", edited_at=NOON + HOUR))
    room.take(answers=[Answer("test:5", "acme is sorry", NOON)])
    assert len(replies(room)) == 1


def test_what_was_marked_by_hand_is_not_written_down_twice(room):
    room.take(found(5))
    room.record(action(K.REPLY, 5, body="Acme is  sorry"))
    room.take(ours(1, parent=5, text="@max acme is sorry https://t.co/1"))
    assert [reply["actor"] for reply in replies(room)] == ["ana"]


def test_two_replies_are_two(room):
    room.take(found(5), ours(2, parent=5), ours(1, parent=5))
    assert [reply["happened_at"] for reply in replies(room)] == [mention(2).published_at, mention(1).published_at]
    assert room.rows("SELECT version FROM action ORDER BY version") == [{"version": 1}, {"version": 2}]


def test_a_reply_that_was_taken_back_is_not_told_again(room):
    room.take(found(5), ours(1, parent=5))
    [reply] = room.rows("SELECT id FROM action")
    room.record(action(K.UNDO, 5, undoes=reply["id"]))
    room.take(ours(1, parent=5), found(5, engagement=3))
    assert room.open() == ["test:5"]


def test_our_own_thread_is_no_reply_to_a_customer(room):
    room.take(ours(2), ours(1, parent=2))
    assert replies(room) == []


def test_a_competitors_answer_is_no_reply_of_ours(empty):
    empty.listen_for(ACME, replace(RIVAL, handles=("rivalhelp",)))
    empty.take(found(5), ours(1, parent=5, author="rivalhelp", text="rival is good"))
    assert replies(empty) == []
    assert {tally.brand for tally in trends.tallies(empty.store)} == {"Acme"}  # what it says of itself is no mood


def test_an_own_post_leads_no_group_and_follows_nobody(room):
    said = "acme lost a van today and all parcels will come a day later than we said"
    room.take(ours(3, text=said), found(2, text=f"RT @acmehelp: {said}"), found(1, text=f"RT @acmehelp: {said}"))
    assert [(row.mention_id, row.alike) for row in room.page()] == [("test:2", 1)]


def test_when_a_canonical_mention_turns_out_to_be_ours_another_takes_its_place(empty):
    said = "acme lost a van today and all parcels will come a day later than we said"
    empty.listen_for(ACME)
    empty.take(ours(3, text=said), found(2, text=said), found(1, text=said))
    assert empty.open() == ["test:3"]
    empty.listen_for(OURS)
    assert [(row.mention_id, row.alike) for row in empty.page()] == [("test:2", 1)]


def test_without_an_answer_in_it_an_own_post_is_kept_and_that_is_all(room):
    room.listen_for(OURS, BOLT)
    room.take(ours(1, parent=7), ours(2, published_at=NOON - timedelta(days=400)))
    assert replies(room) == [] and room.open() == []
