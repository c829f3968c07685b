"""Upkeep: what is erased is followed into every file, at once when somebody waits; due looks are listed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.analytics.published import Publisher
from data.models import ApprovedReply, Erase, RetentionRule, Run, Sighting
from data.retention import files
from data.retention.upkeep import SHORTEST, Upkeep
from data.settings import Places
from data.spool import outbox, recheck_lists
from data.store.store import Store
from tests.data.builders import ACME, HOUR, NOON, Room, action, answer, found

SAID, HER = "unmistakable words of wrath", "Tomasina Quill"
BY_HER = Erase("ana", source="test", author=HER)
DAILY = RetentionRule("test", "Test", recheck_every=timedelta(days=1))


class Clocks:
    """Both clocks, moved by hand."""

    def __init__(self):
        self.now = NOON
        self.seconds = 1000.0

    def go(self, seconds):
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.fixture
def clocks():
    return Clocks()


@pytest.fixture
def room(places, store, clocks):
    opened = Room(places, store, lambda: clocks.now)
    opened.listen_for(ACME)
    return opened


@pytest.fixture
def filed(places, clocks):
    """A room whose store is a file in which text can be found."""
    store = Store(places.store, settings={"force_compression": "uncompressed", "threads": "1"})
    opened = Room(places, store, lambda: clocks.now)
    opened.listen_for(ACME)
    yield opened
    store.close()


VISIT = Run("test", NOON, NOON)  # the visit that brought a batch


def upkeep_of(room, clocks, *retention_rules):
    publisher = Publisher(room.store, room.places.published)
    publisher.publish()
    return Upkeep(room.store, room.places, retention_rules, publisher, lambda: clocks.now, lambda: clocks.seconds)


def reply(n, place=outbox.OutboxState.APPROVED):
    """An approved answer to the n-th mention."""
    return ApprovedReply(f"letter-{n}", f"test:{n}", f"dear {HER}", "ana", NOON, author=HER)


def fill(room):
    """Her words in every place there is."""
    hers = found(1, text=f"acme is bad {SAID}", author=HER, thread_id="test:0", url=f"https://x.org/{HER}")
    room.take(hers, found(2), answers=[answer(1, f"sorry, {HER}")], run=VISIT)
    room.record(action("note", body=SAID))
    outbox.post(room.places.outbox, reply(1))
    room.lay(f'{{"id": "test:1", "text": "{SAID}", {{\n'.encode(), "test-1-00000aaaaaa.jsonl.rejected")


def test_one_request_is_followed_into_every_file(filed, clocks):
    fill(filed)
    upkeep = upkeep_of(filed, clocks, DAILY)
    clocks.go(2 * 86_400)
    upkeep.round()  # lists it for a recheck
    clocks.go(60)
    found_in = {
        path.relative_to(filed.places.root).parts[0] for path in files.left(filed.places.root, [SAID, HER])[HER]
    }
    assert {"outbox", "recheck"} < found_in
    filed.take(erase=[BY_HER])
    upkeep.round()
    assert files.left(filed.places.root, [SAID, HER]) == {}
    assert filed.ids() == ["test:2"]
    filed.store.close()
    assert files.left(filed.places.root, [SAID, HER]) == {}


def test_a_command_of_whoever_was_killed_midway_is_finished_at_the_next_start(filed, clocks):
    fill(filed)
    filed.take(erase=[BY_HER])
    filed.store.close()  # nothing was followed yet
    again = Room(filed.places, Store(filed.places.store, settings={"force_compression": "uncompressed"}), filed.clock)
    upkeep_of(again, clocks).round()
    again.store.close()
    assert files.left(filed.places.root, [SAID, HER]) == {}


def test_what_nobody_waits_for_is_written_over_in_its_turn(filed, clocks):
    filed.take(*(found(n) for n in range(1, 6)))
    upkeep = upkeep_of(filed, clocks)
    filed.take(gone=["test:1"])
    upkeep.round()
    filed.take(gone=["test:2"])
    upkeep.round()
    due_still = "SELECT count(*) FROM erasure WHERE rewritten_at IS NULL"
    assert filed.value(due_still) == 1
    clocks.go(SHORTEST + 1)
    upkeep.round()
    assert filed.value(due_still) == 0


def test_a_reply_under_way_and_replies_to_others_stay(room, clocks):
    room.take(*(found(n) for n in (1, 2, 3)))
    for n in (1, 2):
        outbox.post(room.places.outbox, reply(n))
    sending = outbox.post(room.places.outbox, reply(3))
    outbox.move(sending, outbox.OutboxState.SENDING)
    room.take(gone=["test:1", "test:3"])
    upkeep_of(room, clocks).round()
    assert sorted(one.reply.id for one in outbox.replies(room.places.outbox)[0]) == ["letter-2", "letter-3"]


def test_mentions_not_seen_at_their_source_for_too_long_are_listed(room, clocks):
    room.take(found(1, thread_id="test:0", url="https://x.org/1"), found(2), run=VISIT)
    upkeep = upkeep_of(room, clocks, DAILY)
    upkeep.round()
    file = room.places.recheck / "test.jsonl"
    assert not file.exists()
    clocks.go(86_410)
    upkeep.round()
    first, second = recheck_lists.read(file)
    assert (first.id, first.url, first.thread_id) == ("test:1", "https://x.org/1", "test:0")
    assert second.published_at == NOON - timedelta(minutes=2)


def test_what_was_looked_for_leaves_the_list(room, clocks):
    room.take(found(1), found(2), run=VISIT)
    upkeep = upkeep_of(room, clocks, DAILY)
    clocks.go(86_410)
    upkeep.round()
    room.take(found(2), run=VISIT, checked=[Sighting("test:1", clocks.now)])
    with room.store.write() as store:
        store.run("UPDATE sighting SET checked_at = $now", now=clocks.now)
    clocks.go(60)
    upkeep.round()
    assert not (room.places.recheck / "test.jsonl").exists()
    clocks.go(86_410)
    upkeep.round()
    assert len(recheck_lists.read(room.places.recheck / "test.jsonl")) == 2


def test_what_is_open_or_recent_comes_first_but_nothing_waits_for_ever(room, clocks):
    old = clocks.now - timedelta(days=90)
    room.take(
        found(1, published_at=old), found(2, published_at=old), found(3, published_at=clocks.now), found(4), run=VISIT
    )
    room.take(*(found(n, published_at=old, text="of nobody") for n in (5, 6)), run=VISIT)
    for n in (1, 3):
        room.record(action("resolve", n))
    seen = {1: 2.5, 2: 2, 3: 2, 4: 2, 5: 3.5, 6: 2}  # days ago
    with room.store.write() as store:
        for n, days in seen.items():
            then = clocks.now - timedelta(days=days)
            store.run("UPDATE sighting SET checked_at = $then WHERE mention_id = $id", then=then, id=f"test:{n}")
    upkeep_of(room, clocks, DAILY).round()
    order = [int(one.id.partition(":")[2]) for one in recheck_lists.read(room.places.recheck / "test.jsonl")]
    assert order == [4, 5, 3, 2, 1, 6]


def test_what_came_from_a_file_only_is_never_looked_for_at_its_source(room, clocks):
    room.take(found(1), found(2))
    room.take(found(2), run=VISIT)
    clocks.go(90 * 86_400)
    upkeep_of(room, clocks, DAILY).round()
    assert [one.id for one in recheck_lists.read(room.places.recheck / "test.jsonl")] == ["test:2"]


def test_a_source_that_asks_for_no_recheck_has_no_list(room, clocks):
    room.take(found(1))
    room.places.recheck.mkdir()
    left_over = room.places.recheck / "gone.jsonl"
    left_over.write_text("")
    clocks.go(900 * 86_400)
    upkeep_of(room, clocks, RetentionRule("test", "Test")).round()
    assert list(room.places.recheck.iterdir()) == []


def test_a_notebook_that_held_what_was_erased_finds_it_gone(tmp_path, clocks):
    opened = Room(Places(tmp_path), Store(":memory:"), lambda: clocks.now)
    opened.listen_for(ACME)
    opened.take(found(1), found(2))
    upkeep = upkeep_of(opened, clocks)
    held = opened.places.root / "readers" / "mine"
    held.mkdir(parents=True)
    opened.take(gone=["test:1"])
    clocks.go(HOUR.total_seconds())
    upkeep.round()
    assert not held.exists()
    opened.store.close()


@pytest.mark.parametrize(
    ("facts", "due_ids"),
    [
        ({}, ["test:1", "test:2", "test:a-1"]),
        ({"recheck_within": timedelta(days=3)}, ["test:2", "test:a-1"]),
        ({"recheck_ids": r"test:.*\D.*"}, ["test:a-1"]),
    ],
    ids=str,
)
def test_of_what_its_source_cannot_tell_nothing_is_due(room, clocks, facts, due_ids):
    """It would be due for ever, and before all others."""
    long_ago = clocks.now - timedelta(days=5)
    room.take(
        found(1, published_at=long_ago), found(2, published_at=clocks.now),
        found(3, published_at=clocks.now, id="test:a-1"), run=VISIT,
    )  # fmt: skip
    clocks.go(2 * 86_400)
    upkeep_of(room, clocks, RetentionRule("test", "Test", recheck_every=timedelta(days=1), **facts)).round()
    assert sorted(one.id for one in recheck_lists.read(room.places.recheck / "test.jsonl")) == due_ids
