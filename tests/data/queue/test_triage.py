"""The desk: each verb written whole or refused whole, two people told apart, everything taken back that may be."""

from __future__ import annotations

import threading

import duckdb
import pytest

from data.models import ActionKind, Sentiment, Status
from data.queue import ranks, triage
from data.queue.actions import Collision, NotAllowed, of_mention
from data.queue.queue import View, resolved
from data.scores import scorer
from data.store.store import Store
from tests.data.builders import ACME, HOUR, JUDGEMENT, NOON, RANKING, Room, action, answer, found
from tests.data.queue.test_status import ALLOWED

K = ActionKind
MORE = {
    K.ASSIGN: {"assignee": "bo"},
    K.NOTE: {"body": "called them"},
    K.REPLY: {"body": "so sorry"},
    K.SNOOZE: {"until": NOON + HOUR},
    K.JUDGE: {"sentiment": Sentiment.NEGATIVE},
    K.EXPECT: {"body": "yes"},
}
LEADS_TO = {  # how a mention gets to stand so
    Status.OPEN: [],
    Status.SNOOZED: [K.SNOOZE],
    Status.RESOLVED: [K.RESOLVE],
}
VERBS = [kind for kind in K if kind is not K.UNDO]


@pytest.fixture
def room(room):
    room.take(found(1), found(2))
    return room


def do(room, kind, n=1, seen=None, **what_matters):
    return room.record(action(kind, n, **MORE.get(kind, {}) | what_matters), seen)


def log(room, n=1):
    with room.store.read() as connection:
        return of_mention(connection, f"test:{n}")


def test_a_claim_shows_who_has_it(room):
    written = do(room, K.ASSIGN, seen=0)
    [shown] = room.page(assignee="bo")
    assert (shown.mention_id, shown.version) == ("test:1", 1)
    assert log(room) == (written,)


def test_a_note_stays_with_the_mention(room):
    do(room, K.NOTE)
    assert [one.body for one in log(room)] == ["called them"]
    assert room.page()[-1].version == 1 or room.page()[0].version == 1


@pytest.mark.parametrize("kind", [K.REPLY, K.RESOLVE, K.DISMISS])
def test_closing_takes_it_out_of_the_queue_and_reopening_brings_it_back(room, kind):
    do(room, kind)
    assert room.open() == ["test:2"]
    do(room, K.REOPEN)
    assert sorted(room.open()) == ["test:1", "test:2"]
    assert {one.mention_id: one.version for one in room.page()} == {"test:1": 2, "test:2": 0}


def test_a_snooze_hides_it_until_its_end(room):
    do(room, K.SNOOZE)
    assert room.open() == ["test:2"]
    assert room.open(status=Status.SNOOZED) == ["test:1"]
    assert sorted(room.open(now=NOON + HOUR)) == ["test:1", "test:2"]


def test_a_person_sets_the_sentiment_and_the_rank_follows(room):
    do(room, K.JUDGE)
    first, second = room.page()
    assert (first.mention_id, first.label, first.points) == ("test:1", Sentiment.NEGATIVE, 3)
    assert (second.label, second.points) == (Sentiment.NEUTRAL, 0)
    assert room.rows("SELECT sentiment, corrected FROM judged WHERE mention_id = 'test:1'") == [
        {"sentiment": "negative", "corrected": True}
    ]


def test_a_persons_sentiment_outweighs_the_stars(room):
    room.take(found(3, rating=1.0))
    do(room, K.JUDGE, 3, sentiment=Sentiment.POSITIVE)
    assert {one.mention_id: one.points for one in room.page()}["test:3"] == 0


@pytest.mark.parametrize("status", LEADS_TO)  # what is old is in test_old_news
@pytest.mark.parametrize("kind", VERBS)
def test_what_the_table_does_not_allow_is_refused_and_nothing_written(room, status, kind):
    for step in LEADS_TO[status]:
        do(room, step)
    before = room.state()
    if kind in ALLOWED[status]:
        assert do(room, kind).id
        assert len(log(room)) == len(before["action"]) + 1
        return
    with pytest.raises(NotAllowed, match=f"{status.value} cannot be given"):
        do(room, kind)
    assert room.state() == before


@pytest.mark.parametrize("kind", VERBS)
def test_each_verb_can_be_taken_back_and_the_row_stands_as_before(room, kind):
    if kind is K.REOPEN:
        do(room, K.RESOLVE)
    before = room.rows("SELECT * EXCLUDE (version) FROM queue ORDER BY ALL")
    written = do(room, kind)
    room.record(action(K.UNDO, undoes=written.id))
    assert room.rows("SELECT * EXCLUDE (version) FROM queue ORDER BY ALL") == before


def test_a_chain_of_actions_is_taken_back_from_the_last_to_the_first(room):
    before = room.rows("SELECT * EXCLUDE (version) FROM queue ORDER BY ALL")
    done = [do(room, kind) for kind in (K.ASSIGN, K.NOTE, K.JUDGE, K.SNOOZE, K.RESOLVE, K.REOPEN, K.REPLY)]
    for one in reversed(done):
        room.record(action(K.UNDO, undoes=one.id))
    assert room.rows("SELECT * EXCLUDE (version) FROM queue ORDER BY ALL") == before
    assert len(log(room)) == 2 * len(done)
    assert room.rows("SELECT * FROM first_reply") == room.rows("SELECT * FROM correction") == []


def test_only_the_latest_action_that_counts_can_be_taken_back(room):
    first, second = do(room, K.ASSIGN), do(room, K.NOTE)
    with pytest.raises(Collision) as refused:
        room.record(action(K.UNDO, undoes=first.id))
    assert refused.value.since == (second,)
    room.record(action(K.UNDO, undoes=second.id))
    room.record(action(K.UNDO, undoes=first.id))
    assert room.page(assignee="bo") == []


def test_an_undo_after_somebody_else_acted_is_refused_with_what_they_did(room):
    mine = do(room, K.RESOLVE)
    theirs = do(room, K.REOPEN, actor="bo")
    before = room.state()
    with pytest.raises(Collision) as refused:
        room.record(action(K.UNDO, undoes=mine.id))
    assert refused.value.since == (theirs,)
    assert room.state() == before


def test_an_undo_works_once(room):
    mine = do(room, K.NOTE)
    room.record(action(K.UNDO, undoes=mine.id))
    with pytest.raises(NotAllowed, match="taken back already"):
        room.record(action(K.UNDO, undoes=mine.id))
    with pytest.raises(NotAllowed):
        room.record(action(K.UNDO, undoes="no such action"))
    assert len(log(room)) == 2


def test_an_action_of_another_mention_cannot_be_taken_back_here(room):
    elsewhere = do(room, K.NOTE, 2)
    with pytest.raises(NotAllowed):
        room.record(action(K.UNDO, 1, undoes=elsewhere.id))


def test_two_people_on_one_mention_the_second_is_refused_and_told_what_happened(room):
    first = do(room, K.ASSIGN, seen=0, assignee="ana")
    before = room.state()
    with pytest.raises(Collision, match="Somebody else was faster") as refused:
        do(room, K.RESOLVE, seen=0, actor="bo")
    assert refused.value.since == (first,)
    assert room.state() == before
    do(room, K.RESOLVE, seen=1, actor="bo")
    assert [one.actor for one in log(room)] == ["ana", "bo"]


def test_an_answer_found_meanwhile_counts_as_somebody_else(room):
    room.drop(answers=[answer(1)])
    room.absorb()
    with pytest.raises(Collision) as refused:
        do(room, K.RESOLVE, seen=0)
    assert refused.value.since[0].kind is K.REPLY


@pytest.mark.parametrize("people", [2, 20])
def test_of_many_who_saw_the_same_version_exactly_one_writes(places, people):
    room = Room(places, Store(places.store))
    room.listen_for(ACME)
    room.take(found(1))
    for version in range(3):
        outcomes = at_once(room, people, version)
        assert sorted(outcomes) == ["refused"] * (people - 1) + ["written"]
    assert room.rows("SELECT version FROM action ORDER BY version") == [{"version": n} for n in (1, 2, 3)]
    room.store.close()


def at_once(room, people, seen):
    ready, outcomes = threading.Barrier(people), []

    def write(name):
        ready.wait(timeout=500)
        try:
            do(room, K.ASSIGN, seen=seen, actor=name, assignee=name)
            outcomes.append("written")
        except Collision as refused:
            outcomes.append("refused" if len(refused.since) == 1 else "confused")

    threads = [threading.Thread(target=write, args=(f"p{n}",)) for n in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=500)
    return outcomes


def test_a_write_that_fails_halfway_leaves_neither_action_nor_row(room, monkeypatch):
    before = room.state()
    monkeypatch.setattr(triage, "MOVE", "SELECT no_such_column")
    with pytest.raises(duckdb.Error):
        do(room, K.ASSIGN)
    assert room.state() == before


def test_the_row_in_place_is_the_row_made_anew(room):
    for kind in (K.ASSIGN, K.NOTE, K.SNOOZE):
        do(room, kind)
    shown = room.rows("SELECT * FROM queue ORDER BY ALL")
    with room.store.write() as transaction:
        ranks.rebuild(transaction, RANKING, "SELECT id AS mention_id FROM mention")
    assert room.rows("SELECT * FROM queue ORDER BY ALL") == shown


def test_acting_on_a_resolved_mention_does_not_bring_it_back(room):
    do(room, K.RESOLVE)
    for kind in (K.NOTE, K.ASSIGN, K.JUDGE, K.REPLY):
        do(room, kind)
    assert room.open() == ["test:2"]
    with room.store.read() as connection:
        [closed] = resolved(connection, View())
    assert (closed.mention_id, closed.version, closed.status) == ("test:1", 5, Status.RESOLVED)


def test_scoring_again_keeps_what_people_did(room):
    do(room, K.JUDGE)
    do(room, K.ASSIGN)
    do(room, K.RESOLVE, 2)
    with room.store.write() as transaction:
        transaction.run("INSERT INTO unscored SELECT id, NULL FROM mention")
    assert scorer.score_waiting(room.store, JUDGEMENT) == 2
    [shown] = room.page()
    assert (shown.label, shown.assignee, shown.version) == (Sentiment.NEGATIVE, "bo", 2)
