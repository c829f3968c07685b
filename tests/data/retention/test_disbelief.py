"""While the clock is not believed nothing goes by its age or at its source's word; what a person erases does."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from data.analytics import published
from data.analytics.published import Publisher
from data.ingest import absorber
from data.models import Erase, RetentionRule, Run
from data.retention import expiry, files, newest
from data.retention.upkeep import Upkeep
from data.spool import recheck_lists
from tests.data.builders import HOUR, JUDGEMENT, NOON, action, found

KEPT_A_DAY = RetentionRule("test", "Test", lifetime=timedelta(days=1), recheck_every=timedelta(hours=6))
LATER = NOON + 365 * timedelta(days=1)


class Believed:
    """Whether the clock is believed, as a test says."""

    def __init__(self):
        self.holds = True

    def __call__(self):
        return self.holds


@pytest.fixture
def belief():
    return Believed()


@pytest.fixture
def seconds():
    return iter(range(1000, 10**9, 1000))  # each look at the running clock is a while later: everything is due


@pytest.fixture
def upkeep(room, belief, seconds):
    publisher = Publisher(room.store, room.places.published)
    publisher.publish()
    return Upkeep(
        room.store, room.places, [KEPT_A_DAY], publisher, lambda: LATER, lambda: next(seconds), is_clock_believed=belief
    )


def take(room, belief, *arriving, **more):
    room.drop(*arriving, **more)
    return list(absorber.absorb_waiting(room.store, JUDGEMENT, room.places, lambda: LATER, belief))


def age(path, days):
    then = path.stat().st_mtime - days * 86_400
    os.utime(path, (then, then))


def test_no_text_expires_no_list_is_written_no_file_is_removed_until_it_is_believed(room, belief, upkeep):
    room.take(found(1), found(2), run=Run("test", NOON, NOON))
    reader = room.places.root / published.READERS / "killed"
    reader.mkdir(parents=True)
    aside = room.lay(b"half a line", "test-20261120T110000000000-00000aaaaaa.jsonl.rejected")
    room.places.intake.mkdir()
    pushed = room.places.intake / "a.body.part"
    pushed.write_text("{")
    left = [reader, aside, pushed]
    for path in left:
        age(path, 9_000)
    belief.holds = False
    upkeep.round()
    assert room.ids("expired", "mention_id") == []
    assert [path for path in left if path.exists()] == left
    assert not list(room.places.recheck.glob("*"))
    belief.holds = True
    upkeep.round()
    assert room.ids("expired", "mention_id") == ["test:1", "test:2"]
    assert [path for path in left if path.exists()] == []


def test_lists_of_mentions_to_look_up_again_are_taken_away_at_once(room, belief, upkeep, monkeypatch):
    monkeypatch.setattr(expiry, "expire", lambda *_: 0)
    room.take(found(1), run=Run("test", NOON, NOON))
    upkeep.round()
    [listed] = room.places.recheck.glob("*")
    assert recheck_lists.read(listed)
    belief.holds = False
    upkeep.round()
    assert not listed.exists()


def test_unfinished_batches_stay(room, belief):
    partial = room.lay(b"{", "test-1-00000aaaaaa.jsonl.part")
    age(partial, 9_000)
    belief.holds = False
    take(room, belief)
    assert partial.exists()
    belief.holds = True
    take(room, belief)
    assert not partial.exists()


def test_what_its_source_deleted_goes_once_the_clock_is_believed(room, belief):
    room.take(found(1), found(2), found(3))
    belief.holds = False
    take(room, belief, gone=["test:1", "test:2", "test:9"])
    assert room.ids() == ["test:1", "test:2", "test:3"]
    room.record(action("note", 1, body="still here"))
    take(room, belief, found(2), run=Run("test", NOON, NOON))  # its source tells it again: it is there after all
    belief.holds = True
    take(room, belief)
    assert room.ids() == ["test:2", "test:3"]
    assert room.ids("told_gone", "mention_id") == []


def test_what_a_person_erases_goes_all_the_same(room, belief, upkeep):
    room.take(found(1, author="Tomasina Quill", text="acme, unmistakable words"), found(2))
    belief.holds = False
    take(room, belief, gone=["test:1"])
    take(room, belief, erase=[Erase("ana", source="test", author="Tomasina Quill")])
    upkeep.round()
    assert room.ids() == ["test:2"]
    assert room.ids("told_gone", "mention_id") == []
    assert files.left(room.places.root, ["unmistakable words"]) == {}


def test_what_a_clock_that_was_ahead_saw_counts_from_now(room, belief, upkeep):
    """Its text would otherwise stay for as long as the clock was ahead."""
    ahead = LATER + 300 * timedelta(days=1)
    room.take(found(1), found(2), run=Run("test", NOON, NOON))
    with room.store.write() as store:
        for n, at in ((1, ahead), (2, LATER + HOUR / 2)):
            store.run("UPDATE sighting SET checked_at = $at WHERE mention_id = $id", at=at, id=f"test:{n}")
    upkeep.round()
    seen = {row["mention_id"]: row["checked_at"] for row in room.rows("SELECT * FROM sighting")}
    assert seen == {"test:1": LATER, "test:2": LATER + HOUR / 2}


def test_a_clock_that_is_set_while_a_round_is_at_work_expires_nothing(room, seconds):
    room.take(found(1), run=Run("test", NOON, NOON))
    publisher = Publisher(room.store, room.places.published)
    told = iter([NOON])
    Upkeep(room.store, room.places, [KEPT_A_DAY], publisher, lambda: next(told, LATER), lambda: next(seconds)).round()
    assert room.ids("expired", "mention_id") == []


def test_each_batch_of_a_round_goes_by_what_is_believed_then(room):
    room.take(found(1), found(2))
    room.drop(gone=["test:1"])
    room.drop(gone=["test:2"])
    told = iter([True, True])  # the round, its first batch; then the clock is set
    list(absorber.absorb_waiting(room.store, JUDGEMENT, room.places, lambda: NOON, lambda: next(told, False)))
    assert room.ids("mention") == ["test:2"]
    assert room.ids("told_gone", "mention_id") == ["test:2"]


def test_a_store_knows_its_newest_instant(empty, room):
    with room.store.read() as store:
        assert newest.instant(store) is None
    room.take(found(1))
    with room.store.read() as store:
        assert newest.instant(store) == NOON
    room.record(action("note", 1, body="x", at=NOON + HOUR))
    with room.store.read() as store:
        assert newest.instant(store) >= NOON
