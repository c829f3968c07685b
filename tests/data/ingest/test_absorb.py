"""Taking batches in: each mention once, edits told from repeats, answers once, all in one transaction or nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from data.ingest import runs
from data.models import ActionKind, Gap, HearbackError, Rejected, Run, Sighting, Status
from data.monitoring.figures import gaps, listeners
from data.queue.actions import NotAllowed
from data.scores import scorer, scores
from tests.data.builders import (
    ACME,
    BOLT,
    HOUR,
    JUDGEMENT,
    NOON,
    RANKING,
    RIVAL,
    action,
    answer,
    found,
    lines,
    row,
    score_line,
)

LATER = NOON + HOUR


def texts(room):
    return {one["id"]: one["text"] for one in room.rows("SELECT id, text FROM mention")}


def labels(room):
    return {one["mention_id"]: one["label"] for one in room.rows("SELECT mention_id, label FROM score")}


def test_new_mentions_are_stored_matched_scored_and_queued(room):
    done = room.take(found(1), found(2, text="acme is bad"), found(3, text="nobody we know"))
    assert (done.mentions, done.added, done.edited, done.rejected) == (3, 3, 0, 0)
    assert room.ids() == ["test:1", "test:2", "test:3"]
    assert room.ids("match", "mention_id") == ["test:1", "test:2"]
    assert labels(room) == {"test:1": "neutral", "test:2": "negative", "test:3": "neutral"}
    assert room.open() == ["test:2", "test:1"]
    assert room.ids("unscored", "mention_id") == []


def test_a_run_that_brought_nothing_leaves_all_but_the_runs_as_it_was(room):
    room.take(found(1))
    before = room.store.changes.copy()
    run = Run("test", NOON, NOON + HOUR, gaps=(Gap("acme", NOON, NOON + HOUR, "why"),))
    room.take(run=run, checked=[Sighting("test:1", LATER), Sighting("test:2", LATER)])
    assert set(room.store.changes - before) == {"run", "sighting", "batch"}
    [run] = room.rows("SELECT source, found, added, json_array_length(gaps) AS gaps FROM run")
    assert run == {"source": "test", "found": 0, "added": 0, "gaps": 1}
    assert room.rows("SELECT mention_id, checked_at FROM sighting") == [{"mention_id": "test:1", "checked_at": LATER}]


@pytest.mark.parametrize(
    ("more", "written"),
    [
        ({"gone": ["test:1"]}, "mention"),
        ({"answers": [answer(1)]}, "action"),
        ({"rejected": [Rejected("a", 1, "why", "x")]}, "rejected"),
    ],
    ids=str,
)
def test_a_run_that_brought_anything_else_is_taken_in_whole(room, more, written):
    room.take(found(1))
    before = room.store.changes.copy()
    room.take(run=Run("test", NOON, NOON + HOUR), **more)
    assert {written, "run", "batch"} <= set(room.store.changes - before)


def test_a_mention_waits_for_its_score_before_it_is_queued(room):
    room.drop(found(1))
    room.take_in()
    assert room.ids("unscored", "mention_id") == ["test:1"]
    assert room.open() == []
    assert scorer.score_waiting(room.store, JUDGEMENT) == 1
    assert room.open() == ["test:1"]


def test_the_batch_goes_once_it_is_taken_in(room):
    room.take(found(1))
    assert list(room.places.incoming.iterdir()) == []


def test_the_same_bytes_again_change_nothing(room):
    content = lines(row(1), row(2, text="acme is bad"))
    room.lay(content)
    room.absorb()
    room.record(action("resolve", 1), 0)
    before = room.state()
    room.lay(content, "again-20261121T120000000000-00000cccccc.jsonl")
    [done] = room.absorb()
    assert (done.mentions, done.added) == (0, 0)
    assert room.state() == before


def test_the_same_rows_in_another_file_change_nothing(room):
    arriving = [found(1, brands=["Bolt"]), found(2, text="acme is bad", edited_at=NOON), found(3, engagement=4)]
    run = Run("test", NOON, NOON)
    room.take(*arriving, answers=[answer(1)])
    room.record(action("note", 2, body="seen"), 0)
    before = room.state()
    done = room.take(*reversed(arriving), answers=[answer(1)])
    assert (done.mentions, done.added, done.edited) == (3, 0, 0)
    assert room.state() == before
    room.take(*arriving, run=run)
    assert room.ids() == ["test:1", "test:2", "test:3"]


@pytest.mark.parametrize(
    "edit",
    [
        {"text": "acme is bad now", "edited_at": LATER},
        {"text": "acme is bad now"},
        {"text": "acme is bad now", "published_at": NOON - timedelta(minutes=1)},
    ],
    ids=["a newer edited_at", "changed text at no told time", "changed text at the same time"],
)
def test_an_edited_mention_updates_the_facts_and_is_scored_again(room, edit):
    room.take(found(1))
    done = room.take(found(1, **edit))
    assert (done.added, done.edited) == (0, 1)
    assert texts(room) == {"test:1": "acme is bad now"}
    assert labels(room) == {"test:1": "negative"}
    [shown] = room.page()
    assert (shown.points, shown.excerpt) == (3, "acme is bad now")


def test_an_author_who_left_is_named_no_longer_though_the_text_stands(room):
    room.take(found(1, author="somebody"))
    done = room.take(found(1, author=None))
    assert (done.added, done.edited) == (0, 0)
    assert room.rows("SELECT author, text FROM mention") == [{"author": None, "text": "acme number 1"}]


def test_changed_stars_or_a_changed_title_are_edits_too(room):
    room.take(found(1, rating=5.0), found(2, title="hello"))
    done = room.take(found(1, rating=1.0), found(2, title="bye"))
    assert done.edited == 2
    assert [(one.mention_id, one.points, one.rating) for one in room.page()] == [
        ("test:1", 5, 1.0),
        ("test:2", 0, None),
    ]
    assert room.page()[1].excerpt == "bye: acme number 2"


def test_an_older_state_that_arrives_later_changes_nothing(room):
    room.take(found(1, text="acme as it is now", edited_at=LATER))
    before = room.state()
    done = room.take(found(1, text="acme as it was first"), found(1, text="acme as it was then", edited_at=NOON))
    assert (done.added, done.edited) == (0, 0)
    assert room.state() == before


def test_votes_alone_are_kept_without_scoring_again(room):
    room.take(found(1, engagement=1, reach=5))
    room.drop(found(1, engagement=90))
    room.take_in()
    assert room.rows("SELECT engagement, reach FROM mention") == [{"engagement": 90, "reach": 5}]
    assert room.ids("unscored", "mention_id") == []


def test_an_edit_keeps_what_people_did(room):
    room.take(found(1))
    room.record(action("assign", 1, assignee="bo"), 0)
    room.take(found(1, text="acme is bad now"))
    [shown] = room.page()
    assert (shown.assignee, shown.version, shown.points) == ("bo", 1, 3)


def test_an_edit_that_removes_the_brands_name_takes_it_out_of_the_queue(room):
    room.take(found(1), found(2))
    room.take(found(1, text="never mind"))
    assert room.open() == ["test:2"]
    assert room.ids("match", "mention_id") == ["test:2"]


def test_an_edit_that_brings_in_the_brands_name_puts_it_into_the_queue(room):
    room.take(found(1, text="never mind"))
    assert room.open() == []
    room.take(found(1, text="acme, mind you"))
    assert room.open() == ["test:1"]


def test_what_the_source_itself_named_survives_an_edit(room):
    room.take(found(1, text="no name here", brands=["acme"]))
    assert room.open() == ["test:1"]
    room.take(found(1, text="still none"))
    assert room.open() == ["test:1"]
    assert room.rows("SELECT brand, named_by FROM match") == [{"brand": "Acme", "named_by": "source"}]


def test_an_edit_that_arrives_while_its_former_text_is_scored_is_scored_too(room):
    room.drop(found(1, text="acme is good"))
    room.take_in()
    read = scores.waiting(room.store, 10)
    stale = [json.dumps(score_line(one)).encode() + b"\n" for one in read]
    room.drop(found(1, text="acme is bad"))
    room.take_in()
    scores.keep(room.store, RANKING, stale, read, NOON)
    assert room.ids("unscored", "mention_id") == ["test:1"]
    room.absorb()
    assert labels(room) == {"test:1": "negative"}


def test_a_mention_of_two_of_our_brands_is_one_row_with_both(room):
    room.listen_for(ACME, BOLT)
    room.take(found(1, text="acme or bolt?"), found(2, text="bolt"), found(3, text="nothing", brands=["Bolt", "Acme"]))
    assert {one.mention_id: one.brands for one in room.page()} == {
        "test:1": ("Acme", "Bolt"),
        "test:2": ("Bolt",),
        "test:3": ("Acme", "Bolt"),
    }


def test_the_shortest_promise_of_several_brands_counts(room):
    room.listen_for(ACME, replace(BOLT, reply_within=HOUR))
    room.take(found(1, text="acme or bolt?"))
    [shown] = room.page()
    assert shown.due_at - shown.published_at == HOUR


def test_a_mention_of_a_competitor_alone_never_enters_the_queue(room):
    room.listen_for(ACME, RIVAL)
    room.take(found(1, text="rival is bad"), found(2, text="rival or acme?"), found(3, brands=["Rival"], text="hm"))
    assert room.open() == ["test:2"]
    assert labels(room).keys() == {"test:1", "test:2", "test:3"}
    assert room.page()[0].brands == ("Acme",)


def test_answered_mentions_arrive_answered_at_the_time_they_were(room):
    room.take(found(1), found(2), answers=[answer(1, "sorry", 2 * HOUR, "Acme Care")])
    assert room.open() == ["test:2"]
    [reply] = room.rows("SELECT mention_id, kind, actor, happened_at, body, version FROM action")
    assert reply == {
        "mention_id": "test:1",
        "kind": "reply",
        "actor": "Acme Care",
        "happened_at": NOON - timedelta(minutes=1) + 2 * HOUR,
        "body": "sorry",
        "version": 1,
    }
    assert room.rows("SELECT mention_id FROM first_reply") == [{"mention_id": "test:1"}]


def test_an_answer_may_arrive_before_its_mention(room):
    room.drop(answers=[answer(1)])
    room.absorb()
    room.take(found(1), found(2))
    assert room.open() == ["test:2"]
    assert room.ids("action", "mention_id") == ["test:1"]


def test_an_answer_told_again_is_one_answer(room):
    for _ in range(2):
        room.take(found(1), answers=[answer(1), answer(1), answer(1, "and another thing", 2 * HOUR)])
    room.drop(answers=[answer(1)], at=LATER)
    room.absorb()
    assert room.rows("SELECT body, version FROM action ORDER BY version") == [
        {"body": "sorry about that", "version": 1},
        {"body": "and another thing", "version": 2},
    ]


def test_an_answer_told_again_does_not_close_what_was_reopened(room):
    room.take(found(1), answers=[answer(1)])
    room.record(action("reopen", 1), 1)
    room.drop(answers=[answer(1)], at=LATER)
    room.absorb()
    assert room.open() == ["test:1"]
    assert room.value("SELECT count(*) FROM action") == 2


def test_an_answer_taken_back_is_not_taken_in_again(room):
    room.take(found(1), answers=[answer(1)])
    reply = room.value("SELECT id FROM action")
    room.record(action("undo", 1, undoes=reply))
    room.drop(answers=[answer(1)], at=LATER)
    room.absorb()
    assert room.open() == ["test:1"]


def test_an_answer_found_after_a_note_takes_the_next_version(room):
    room.take(found(1))
    room.record(action("note", 1, body="looking"), 0)
    room.drop(answers=[answer(1)])
    room.absorb()
    assert room.rows("SELECT kind, version FROM action ORDER BY version") == [
        {"kind": "note", "version": 1},
        {"kind": "reply", "version": 2},
    ]
    assert room.open() == []


def test_an_answer_closes_what_was_snoozed(room):
    room.take(found(1))
    room.record(action("snooze", 1, until=NOON + 8 * HOUR), 0)
    room.drop(answers=[answer(1)])
    room.absorb()
    assert room.open() == room.open(status=Status.SNOOZED) == []


def test_runs_and_their_gaps_are_kept(room):
    gap = Gap("acme", NOON - 2 * HOUR, NOON - HOUR, "a ceiling was hit")
    room.drop(found(1), run=Run("rss", NOON, LATER, found=1, next_at=LATER + HOUR, gaps=(gap,)))
    room.drop(run=Run("rss", LATER, LATER + HOUR, error="403", permanent=True))
    room.absorb()
    with room.store.read() as connection:
        [listener], [unread] = listeners(connection), gaps(connection)
    assert (listener["runs"], listener["new_in_all"], listener["error"], listener["permanent"]) == (2, 1, "403", True)
    assert listener["last_success_at"] == LATER
    assert (unread["source"], unread["query"], unread["why"]) == ("rss", "acme", "a ceiling was hit")


def test_a_failure_in_the_middle_undoes_the_whole_batch(room, monkeypatch):
    room.take(found(1))
    before = room.state()
    room.drop(found(2), answers=[answer(2)])
    monkeypatch.setattr(runs, "INSERT", "SELECT no_such_column")
    [done] = room.absorb()
    assert "the store refused it" in done.unreadable
    monkeypatch.undo()
    after = room.state()
    assert after.pop("rejected")[0]["line"] == 0
    before.pop("rejected")
    assert after == before
    assert room.take(found(3)).added == 1


def test_a_broken_setup_lets_batches_in_that_bring_no_new_brand(room):
    room.places.setup.write_text("[[brand]\n", encoding="utf-8")
    room.drop(found(1))
    room.drop(found(2, brands=["New"]))
    with pytest.raises(HearbackError, match=r"setup\.toml cannot be read"):
        room.absorb()
    assert room.ids() == ["test:1"]
    assert len(list(room.places.incoming.iterdir())) == 1


def test_a_mention_tells_when_it_was_collected(room):
    replace(room, clock=lambda: LATER).take(found(1))
    assert room.value("SELECT collected_at FROM mention") == LATER


def test_an_action_on_what_was_never_stored_is_refused(room):
    with pytest.raises(NotAllowed, match="not stored any more"):
        room.record(action(ActionKind.NOTE, 7, body="who?"))
    assert room.value("SELECT count(*) FROM action") == 0
