"""What was too old to answer when it first came in is no work: a tab of its own, no wait, no breach, and a way back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

import data
from analysis import ranking
from data import setup
from data.analytics import published, trends
from data.analytics.published import Publisher
from data.brands import following
from data.models import ActionKind, Answer, HearbackError, Run, Status
from data.monitoring import figures
from data.queue import details, queue
from data.queue.actions import NotAllowed
from data.queue.queue import View
from tests.data.builders import ACME, BOLT, HOUR, NOON, RANKING, action, answer, found

K = ActionKind
DAY = timedelta(days=1)


def aged(n=1, days=100, **more):
    """The n-th mention, published so many days before noon."""
    return found(n, published_at=NOON - days * DAY, **more)


def old(room, now=NOON, **view):
    return room.open(now, status=Status.OLD, **view)


def count(room, now=NOON):
    with room.store.read() as reading:
        return queue.count(reading, View(), "ana", now)


@pytest.mark.parametrize(("what", "days", "is_old"), [
    ({}, 30, False), ({}, 31, True), ({"kind": "review"}, 90, False), ({"kind": "review"}, 91, True),
    ({"rating": 1.0}, 90, False), ({"rating": 1.0}, 91, True),
])  # fmt: skip
def test_after_thirty_days_a_post_is_old_after_ninety_a_review(room, what, days, is_old):
    room.take(aged(days=days, **what))
    assert (old(room), room.open()) == ((["test:1"], []) if is_old else ([], ["test:1"]))


def test_it_is_in_no_other_tab_and_in_no_other_count(room):
    room.take(aged(1), aged(2), found(3))
    assert count(room) == {"open": 1, "mine": 0, "unassigned": 1, "snoozed": 0, "old": 2}
    with room.store.read() as reading:
        told = figures.status(reading, room.places.incoming, NOON)
    assert (told["open"], told["old"]) == (1, 2)


def test_it_has_no_points_for_waiting_and_the_newest_of_equals_comes_first(room):
    room.take(aged(1, 4000), aged(2, 40), aged(3, 400, text="acme is bad"))
    with room.store.read() as reading:
        rows = queue.page(reading, ranking, View(status=Status.OLD), NOON)
    assert [row.mention_id for row in rows] == ["test:3", "test:2", "test:1"]
    assert not [reason for row in rows for reason in row.reasons if reason.why.startswith("waiting")]
    assert [row.points for row in rows] == [sum(one.points for one in row.reasons) for row in rows]


def test_what_came_in_fresh_and_waited_stays_work_however_long_it_waits(room):
    room.take(found(1))
    later = NOON + 400 * DAY
    assert room.open(later) == ["test:1"] and old(room, later) == []
    replace(room, clock=lambda: later).take(found(2, published_at=later - HOUR))
    room.record(action(K.EXPECT, 1, body="yes", at=later))
    room.record(action(K.NOTE, 1, body="hm", at=later))
    assert set(room.open(later)) == {"test:1", "test:2"}


def test_what_a_listener_collected_in_time_and_lay_in_its_batch_is_work(room):
    room.drop(found(1, published_at=NOON - 50 * DAY), at=NOON - 50 * DAY + HOUR)
    room.absorb()
    assert room.open() == ["test:1"]


def test_what_was_said_while_its_source_could_not_be_read_is_work(room):
    def run(days, error=None):
        at = NOON - days * DAY
        return Run("test", at, at + timedelta(minutes=1), error=error)

    room.take(run=run(60))
    room.take(run=run(50, error="refused"))
    room.take(aged(1, 40), aged(2, 70), aged(3, 40, source="elsewhere"), run=run(0))
    assert room.open() == ["test:1"]
    assert set(old(room)) == {"test:2", "test:3"}


def test_what_another_page_of_a_source_that_is_read_every_hour_brings_is_old(room):
    for hours in (3, 2, 1):
        room.take(run=Run("test", NOON - hours * HOUR, NOON - hours * HOUR + timedelta(minutes=1)))
    room.take(aged(1, 40), run=Run("test", NOON, NOON))
    assert old(room) == ["test:1"]


def test_the_sample_is_never_old(empty):
    empty.absorb()
    empty.take(aged(1, 400, id="sample:1", text="Trundelo is bad"))
    assert empty.open() == ["sample:1"]


@pytest.mark.parametrize("verb", [K.REOPEN, K.SNOOZE, K.ASSIGN])
def test_a_person_brings_it_back_and_it_stays_until_that_is_undone(room, verb):
    room.take(aged(1, text="acme is bad"))
    done = room.record(action(verb, 1, assignee="ana", until=NOON + HOUR))
    later = NOON + 2 * HOUR
    assert room.open(later) == ["test:1"] and old(room, later) == []
    room.take(aged(1, text="acme is bad"))
    room.record(action(K.EXPECT, 1, body="yes", at=later))
    assert room.open(later + 90 * DAY) == ["test:1"]
    room.record(action(K.UNDO, 1, undoes=room.rows("SELECT id FROM action ORDER BY version DESC")[0]["id"], at=later))
    room.record(action(K.UNDO, 1, undoes=done.id, at=later))
    assert room.open(later) == [] and old(room, later) == ["test:1"]


def test_brought_back_it_waits_from_then_on(room):
    room.take(aged(1))
    room.record(action(K.REOPEN, 1, at=NOON))
    [row] = room.page(NOON + HOUR)
    assert (row.waits_from, row.due_at) == (NOON, NOON + 8 * HOUR)
    with room.store.read() as reading:
        [late] = queue.page(reading, ranking, View(), NOON + 9 * HOUR)
    assert "waiting 9 h, target 8 h" in [reason.why for reason in late.reasons]


def test_only_what_is_open_or_old_is_brought_where_it_is_not_yet(room):
    room.take(found(1), aged(2))
    with pytest.raises(NotAllowed):
        room.record(action(K.REOPEN, 1))
    room.record(action(K.REOPEN, 2))
    with pytest.raises(NotAllowed):
        room.record(action(K.REOPEN, 2))


@pytest.mark.parametrize("verb", [K.RESOLVE, K.DISMISS, K.REPLY])
def test_it_is_closed_like_any_other_and_comes_back_to_where_it_was(room, verb):
    room.take(aged(1))
    done = room.record(action(verb, 1, body="sorry"))
    assert count(room)["old"] == count(room)["open"] == 0
    room.record(action(K.UNDO, 1, undoes=done.id))
    assert old(room) == ["test:1"]


def test_notes_and_corrections_leave_it_where_it_is(room):
    room.take(aged(1, text="acme is bad"))
    for verb, more in ((K.NOTE, {"body": "hm"}), (K.EXPECT, {"body": "yes"}), (K.ASSIGN, {"assignee": None})):
        room.record(action(verb, 1, **more))
    assert old(room) == ["test:1"] and room.open() == []


def test_an_answer_closes_it(room):
    room.take(aged(1))
    room.take(answers=[answer(1)])
    assert count(room)["old"] == 0
    room.take(aged(2), answers=[answer(2)])
    assert count(room)["old"] == count(room)["open"] == 0


def test_an_edit_brings_it_back_and_says_why(room):
    room.take(aged(1, 200, rating=4.0), aged(2, 200, rating=4.0))
    room.take(aged(1, 200, rating=1.0, edited_at=NOON - HOUR), aged(2, 200, rating=4.0, edited_at=NOON - HOUR))
    assert old(room) == ["test:2"]
    [row] = room.page()
    assert row.edited == "edited since it came in: 4 → 1 stars"
    assert row.waits_from == NOON - HOUR


def test_an_edit_that_was_old_itself_when_it_came_in_leaves_it_there(room):
    room.take(aged(1, 400, rating=4.0), answers=[Answer("test:1", "sorry", NOON - 350 * DAY)])
    room.take(aged(1, 400, rating=1.0, edited_at=NOON - 300 * DAY))
    [row] = room.page(status=Status.OLD)
    assert row.edited == "edited after our answer: 4 → 1 stars"


def test_it_is_found_by_its_words_and_filters(room):
    room.take(aged(1, text="acme kettle"), aged(2, text="acme spoon", source="forum"))
    assert old(room, text="kettle") == ["test:1"]
    assert old(room, source="forum") == ["test:2"]


def test_the_detail_says_so_with_its_row_and_without(room):
    room.take(aged(1), found(2))
    with room.store.read() as reading:
        [row] = queue.page(reading, RANKING, View(status=Status.OLD), NOON)
        assert details.find(reading, "test:1", row).is_old
        assert details.find(reading, "test:1").is_old
        assert not details.find(reading, "test:2").is_old


def test_a_fresh_repost_makes_what_it_repeats_work_again(room):
    words = "acme sold me a kettle that whistles in the night and nobody at the shop cares about it"
    room.take(aged(1, 40, text=words))
    assert old(room) == ["test:1"]
    room.take(aged(2, 20, text=words))
    assert room.open() == ["test:1"] and old(room) == []


def test_each_brand_has_its_own_days_by_source_and_kind(room):
    days = (("default", 10), ("forum", 5), ("reviews", 200))
    room.listen_for(replace(ACME, old_after=days), BOLT)
    room.take(
        aged(1, 9), aged(2, 11), aged(3, 4, source="forum"), aged(4, 6, source="forum"), aged(5, 199, rating=1.0),
        aged(6, 201, rating=1.0), aged(7, 29, text="bolt"), aged(8, 31, text="bolt"), aged(9, 29, text="acme and bolt"),
        aged(10, 6, source="forum", rating=1.0),
    )  # fmt: skip
    assert set(old(room)) == {"test:2", "test:4", "test:6", "test:8", "test:10"}


def test_other_days_take_effect_at_once_and_nothing_is_scored_anew(room):
    room.take(aged(1, 20), aged(2, 40))
    room.listen_for(replace(ACME, old_after=(("default", 10),)))
    assert set(old(room)) == {"test:1", "test:2"}
    assert not following.follow(room.store, RANKING, [replace(ACME, old_after=(("default", 10),))])
    room.listen_for(replace(ACME, old_after=(("default", 300),)))
    assert set(room.open()) == {"test:1", "test:2"} and old(room) == []


def test_for_a_brand_that_is_named_later_what_was_said_long_before_is_old(room):
    room.take(found(1, text="acme and bolt"), found(2, text="bolt"))
    later = replace(room, clock=lambda: NOON + 200 * DAY)
    later.listen_for(ACME, BOLT)
    assert later.open(NOON + 200 * DAY) == ["test:1"]
    assert old(later, NOON + 200 * DAY) == ["test:2"]


def test_a_brand_under_another_name_keeps_its_backlog(room):
    room.take(found(1))
    later = replace(room, clock=lambda: NOON + 200 * DAY)
    later.listen_for(replace(ACME, name="Acme Inc"))
    assert later.open(NOON + 200 * DAY) == ["test:1"]


def test_a_store_of_before_is_sorted_once(room):
    room.take(aged(1), found(2))
    with room.store.write() as transaction:  # as a store stands that is opened with this version for the first time
        transaction.run("UPDATE queue SET status = 'open', waits_from = NULL")
        transaction.run("UPDATE brand SET old_after = NULL, known_at = NULL")
        transaction.run("DELETE FROM old_news")
    room.absorb()
    assert (old(room), room.open()) == (["test:1"], ["test:2"])
    assert room.ids("old_news", "mention_id") == ["test:1"]


def test_it_is_no_breach_in_the_weeks_figures(room):
    room.take(aged(1), aged(2), aged(3))
    room.record(action(K.REPLY, 1, body="sorry"))
    [week] = trends.answers(room.store, trends.Scope(NOON - 400 * DAY, NOON + DAY))
    assert (week.answered, week.within, week.median_hours, week.old) == (0, 0, None, 3)


def test_analysts_see_which_they_are(room, monkeypatch):
    monkeypatch.setattr(published, "SHORTEST", 0.0)
    room.take(aged(1), found(2))
    Publisher(room.store, room.places.published).publish()
    copy = data.snapshot(room.places.published)
    assert copy.sql("SELECT mention_id, status FROM queue ORDER BY ALL").fetchall() == [
        ("test:1", "old"),
        ("test:2", "open"),
    ]
    assert copy.sql("SELECT mention_id FROM old_news").fetchall() == [("test:1",)]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("old_after_days = 14", (("default", 14),)),
        ("old_after_days = { reviews = 60, reddit = 7 }", (("reddit", 7), ("reviews", 60))),
        ("old_after_days = { reviews_io = 60 }", (("reviews_io", 60),)),
    ],
)
def test_the_days_are_read_and_written_back(tmp_path, said, told):
    path = tmp_path / "setup.toml"
    path.write_text(f'[[brand]]\nname = "Acme"\n{said}\nterms = ["acme"]\n', encoding="utf-8")
    [brand] = setup.load(path).brands
    assert brand.old_after == told
    setup.save_brands(path, [brand, BOLT])
    assert [one.old_after for one in setup.load(path).brands] == [told, ()]
    setup.save_brands(path, [replace(brand, old_after=())])
    assert setup.load(path).brands[0].old_after == ()
    other = tmp_path / "other.toml"
    setup.save_brands(other, [brand])
    assert setup.load(other).brands[0].old_after == told


@pytest.mark.parametrize(
    "said", ["0", "'never'", "1.5", "true", "40000", "[30]", "{ reviews = 'x' }", "{ review = 9 }"]
)
def test_days_that_are_none_are_told_in_a_sentence(said):
    with pytest.raises(HearbackError, match=r"Brand 'Acme': .*old_after_days.*"):
        setup.parse(f'[[brand]]\nname = "Acme"\nold_after_days = {said}\n')


def test_the_case_of_a_rank_does_not_depend_on_age(room):
    room.take(aged(1), found(2))
    assert len({row["told"] for row in room.rows("SELECT told FROM queue")}) == 1
    assert json.loads(room.value("SELECT told FROM queue"))["edited"] is None
