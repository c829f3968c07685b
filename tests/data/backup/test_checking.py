"""`check` finds what does not fit together in a store, and says nothing of one that is whole."""

from __future__ import annotations

import pytest

from data.backup import checking
from data.people.rights import OURSELVES
from data.store.condition import StoreTrouble
from tests.data.backup.filled import take
from tests.data.builders import HOUR, NOON, action, found


def check(room):
    return checking.check(room.store, OURSELVES, NOON)


def test_a_store_that_is_whole_is_read_whole_and_nothing_is_said(room):
    room.record(action("assign", 1, assignee="ana"))
    room.record(action("snooze", 2, until=NOON + HOUR))
    done = room.record(action("resolve", 4))
    room.record(action("undo", 4, undoes=done.id))
    take(room, gone=["test:1"])
    found_out = check(room)
    assert found_out.wrong == []
    assert (found_out.rows["mention"], found_out.rows["suppressed"]) == (6, 1)


BREAKS = {
    "UPDATE queue SET version = version + 1 WHERE mention_id = 'test:3'": (
        "Rows of the queue show another state than the actions tell: 1, such as test:3."
    ),
    "UPDATE queue SET assignee = 'eve' WHERE mention_id = 'test:2'": (
        "Rows of the queue show another state than the actions tell: 1, such as test:2."
    ),
    "INSERT INTO queue SELECT * FROM queue WHERE mention_id = 'test:2'": "Some mentions stand in the queue twice: 1.",
    "DELETE FROM queue WHERE mention_id = 'test:4'": (
        "There are scored mentions of your brands that nobody closed and that stand in no queue: 1."
    ),
    "DELETE FROM mention WHERE id = 'test:5'": "There are actions of mentions that it does not hold: 1.",
    "INSERT INTO mention SELECT * FROM mention WHERE id = 'test:1'": "Some mentions stand in it twice: 1.",
    "UPDATE score SET layer = 9 WHERE mention_id = 'test:1'": "There are scores of versions that are not known: 1.",
    "INSERT INTO score SELECT * FROM score WHERE mention_id = 'test:5'": "Some mentions have two scores: 1.",
    "UPDATE match SET brand = 'X' WHERE mention_id = 'test:1'": "There are matches of brands that are not known: 1.",
    "INSERT INTO suppressed VALUES (sha256('test:1'), NULL)": "Mentions stand in it that were erased: 1.",
    "DELETE FROM score WHERE mention_id = 'test:5'": "There are mentions without a score that wait for none: 1.",
}


@pytest.mark.parametrize("sql", BREAKS)
def test_what_does_not_fit_together_is_said(room, sql):
    with room.store.write() as transaction:
        transaction.run(sql)
    assert BREAKS[sql] in check(room).wrong


def test_what_was_erased_for_a_time_that_is_over_may_stand_there(room):
    with room.store.write() as transaction:
        transaction.run("INSERT INTO suppressed VALUES (sha256('test:1'), $then)", then=NOON - HOUR)
    assert check(room).wrong == []


def test_a_table_that_cannot_be_read_is_named_and_the_others_are_read(room, monkeypatch):
    read = checking._of

    def refused(statement, table):
        if table == "score":
            raise StoreTrouble("its block is damaged.")
        return read(statement, table)

    monkeypatch.setattr(checking, "_of", refused)
    done = check(room)
    assert done.wrong == ["The table score cannot be read whole: its block is damaged."]
    assert done.rows["mention"] == 5
    assert "score" not in done.rows


def test_people_work_on_meanwhile(room, monkeypatch):
    monkeypatch.setattr(checking, "_queue_against_actions", lambda _: [str(room.record(action("note", 1)).kind)])
    assert check(room).wrong == ["note"]
    take(room, found(8))
