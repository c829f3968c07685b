"""Corrections: what people set by hand holds through edits, re-imports and re-scoring, and can be taken back."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from data.models import Action, ActionKind, Sentiment
from data.queue import ranks
from data.queue.actions import of_mention
from data.queue.status import state_after
from data.store import store as store_module
from data.store.store import Store
from tests.data.builders import ACME, HOUR, NOON, RANKING, action, found, mention

NEGATIVE, POSITIVE = Sentiment.NEGATIVE, Sentiment.POSITIVE


def correct(room, n=1, sentiment=POSITIVE, **more):
    return room.record(action("judge", n, sentiment=sentiment, **more))


def expect(room, body, n=1):
    return room.record(action("expect", n, body=body))


def held(room, n=1):
    return room.rows("SELECT sentiment, needs_reply FROM corrected WHERE mention_id = $id", id=f"test:{n}")


def test_a_correction_is_kept_with_who_made_it_when_and_what_the_scorer_had_said(room):
    room.take(found(1, text="acme is bad"))
    correct(room)
    [kept] = room.rows("SELECT * EXCLUDE (action_id) FROM correction")
    assert kept == {
        "mention_id": "test:1", "version": 1, "sentiment": "positive", "needs_reply": None, "corrected_by": "ana",
        "corrected_at": NOON, "said": "negative", "confidence": None, "said_needs_reply": None,
        "scorer": "three-words", "layer": 0, "edited_at": None,
    }  # fmt: skip


def test_both_things_can_be_set_and_the_latest_of_each_counts(room):
    room.take(found(1))
    correct(room)
    expect(room, "yes")
    correct(room, sentiment=NEGATIVE)
    assert held(room) == [{"sentiment": "negative", "needs_reply": True}]
    expect(room, "no")
    assert held(room) == [{"sentiment": "negative", "needs_reply": False}]


def test_taking_a_correction_back_brings_the_former_one_back(room):
    room.take(found(1, text="acme is bad"))
    first = correct(room, sentiment=NEGATIVE)
    second = correct(room, sentiment=POSITIVE)
    room.record(action("undo", undoes=second.id))
    assert held(room) == [{"sentiment": "negative", "needs_reply": None}]
    room.record(action("undo", undoes=first.id))
    assert held(room) == []
    assert room.page()[0].label is NEGATIVE


def test_the_label_the_rank_and_the_weeks_follow_a_correction(room):
    room.take(found(1, text="acme is bad"))
    correct(room)
    assert [(row.label, row.points) for row in room.page()] == [(POSITIVE, 0)]
    assert room.rows("SELECT sentiment, corrected FROM judged") == [{"sentiment": "positive", "corrected": True}]


def test_a_correction_outlives_an_edit_but_nothing_is_learned_from_it(room):
    room.take(found(1, text="acme is bad"))
    correct(room)
    room.take(found(1, text="acme is bad and slow", edited_at=NOON + HOUR))
    assert room.page()[0].label is POSITIVE
    assert room.value("SELECT edited_at IS NOT NULL FROM correction")


def test_a_correction_outlives_the_same_file_read_otherwise(room):
    room.take(found(1, text="acme is bad"))
    correct(room)
    room.take(found(1, text="another column of acme", title="bad"))
    assert [(row.label, row.excerpt) for row in room.page()] == [(POSITIVE, "bad: another column of acme")]
    assert room.value("SELECT edited_at IS NOT NULL FROM correction")


def test_the_same_words_told_again_leave_a_correction_as_it_was(room):
    room.take(found(1, text="acme is bad"))
    correct(room)
    room.take(found(1, text="acme is bad", engagement=9))
    assert room.value("SELECT edited_at FROM correction") is None
    assert room.page()[0].label is POSITIVE


def test_the_table_says_what_the_log_says(room):
    room.take(found(1), found(2))
    done = [correct(room, sentiment=NEGATIVE), expect(room, "yes"), correct(room, 2), correct(room, sentiment=POSITIVE)]
    room.record(action("undo", undoes=done[3].id))
    with room.store.read() as store:
        states = [state_after(of_mention(store, mention(n).id)) for n in (1, 2)]
    assert [(one.sentiment, one.expects) for one in states] == [(NEGATIVE, True), (POSITIVE, None)]
    assert [*held(room, 1), *held(room, 2)] == [
        {"sentiment": "negative", "needs_reply": True},
        {"sentiment": "positive", "needs_reply": None},
    ]


def test_no_correction_of_the_sample_outlives_it(empty):
    empty.take(found(1, id="sample:1", source="sample", text="Lumen is bad"))
    empty.record(Action("", "sample:1", ActionKind.JUDGE, "ana", NOON, sentiment=POSITIVE))
    assert empty.value("SELECT count(*) FROM correction") == 1
    empty.listen_for(ACME)
    empty.take(found(2))
    assert empty.value("SELECT count(*) FROM correction") == 0


STEPS = [("negative", None), ("positive", None), (None, "yes"), ("neutral", None), (None, "no"), ("negative", None)]


@pytest.mark.parametrize("text", ["acme is bad", "acme is good, how nice", "acme opens"])
@pytest.mark.parametrize("rating", [None, 1.0])
def test_a_row_corrected_in_place_is_the_row_that_is_made_anew(room, text, rating):
    """A key press looks at the row alone; whatever it does must be what a look at everything gives."""
    room.take(found(1, text=text, rating=rating, author="zoe"), found(2, text="acme was bad", author="zoe"))

    def check():
        [quick] = room.rows("SELECT * FROM queue WHERE mention_id = 'test:1'")
        with room.store.write() as store:
            ranks.rebuild(store, RANKING, "SELECT 'test:1' AS mention_id")
        [whole] = room.rows("SELECT * FROM queue WHERE mention_id = 'test:1'")
        assert {**quick, "told": json.loads(quick["told"])} == {**whole, "told": json.loads(whole["told"])}

    done = []
    for sentiment, body in STEPS:
        kind = "judge" if sentiment else "expect"
        done.append(room.record(action(kind, sentiment=sentiment and Sentiment(sentiment), body=body)))
        check()
    for one in reversed(done):
        room.record(action("undo", undoes=one.id))
        check()


def test_a_correction_looks_at_its_own_row_alone(room, monkeypatch):
    room.take(found(1, text="acme is bad"))
    monkeypatch.setattr(ranks, "rebuild", None)
    correct(room, sentiment=POSITIVE)
    taken_back = expect(room, "yes")
    room.record(action("undo", undoes=taken_back.id))
    assert [(row.label, row.version) for row in room.page()] == [(POSITIVE, 3)]


@pytest.fixture
def older(tmp_path, monkeypatch):
    """A store as it was before corrections had a table, with two sentiments set and one of them taken back."""
    all_of_them = sorted(store_module.MIGRATIONS.glob("*.sql"))
    former = tmp_path / "former"
    former.mkdir()
    for file in all_of_them:
        if file.name < "007":
            (former / file.name).write_text(file.read_text())
    address = tmp_path / "older.duckdb"
    with duckdb.connect(str(address)) as raw:
        raw.execute("CREATE TABLE migration (name VARCHAR NOT NULL)")
        for file in sorted(Path(former).glob("*.sql")):
            raw.execute(file.read_text())
            raw.execute("INSERT INTO migration VALUES (?)", [file.name])
        raw.execute("CREATE VIEW correction AS SELECT mention_id, sentiment FROM action")
        for number, (kind, undoes) in enumerate([("judge", None), ("judge", None), ("undo", "a1")]):
            raw.execute(
                "INSERT INTO action VALUES (?, 'test:1', ?, ?, 'ana', ?, ?, NULL, NULL, NULL, ?, ?)",
                [f"a{number}", number + 1, kind, NOON, NOON, "negative" if kind == "judge" else None, undoes],
            )
    return address


def test_what_was_set_before_there_was_a_table_is_in_it(older):
    store = Store(older)
    with store.read() as reading:
        assert reading.rows("SELECT action_id, sentiment, corrected_by, said FROM correction") == [
            {"action_id": "a0", "sentiment": "negative", "corrected_by": "ana", "said": None}
        ]
        assert reading.rows("SELECT * FROM corrected") == [
            {"mention_id": "test:1", "sentiment": "negative", "needs_reply": None}
        ]
    store.close()
    Store(older).close()
