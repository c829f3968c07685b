"""Kept aside: erasure, deletion at the source and expiry follow a text into the stores and copies of before."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from data.analytics import published
from data.analytics.published import Publisher
from data.models import Erase, RetentionRule, Run
from data.retention import erasure_requests, files, kept_aside
from data.retention.upkeep import Upkeep
from data.store.store import Connection, Store
from tests.data.builders import ACME, NOON, RANKING, Room, action, found

DAY = timedelta(days=1)
HER = "Tomasina Quill"
ASKED = Erase("ana", source="test", author=HER)


@pytest.fixture
def former(places):
    """A room with three mentions, one of hers and one that repeats it, that were published; then its store is lost."""
    room = Room(places, Store(places.store))
    room.listen_for(ACME)
    text = "acme sold me a kettle and it is awful, terrible and still broken"
    hers, repeat = found(1, author=HER, text=text), found(2, text=text)
    room.take(hers, repeat, found(3), run=Run("test", NOON, NOON))
    room.record(action("note", 1, body=f"{HER} rang"))
    Publisher(room.store, places.published).publish()
    room.store.close()
    return room


@pytest.fixture
def room(former):
    """A new store in its place: its file was set aside, and its copy is kept."""
    here = former.places
    here.store.rename(f"{here.store}.aside-1")
    fresh = Room(here, Store(here.store))
    fresh.take(found(9))
    Publisher(fresh.store, here.published).publish()
    yield fresh
    fresh.store.close()


def upkeep(room, rules=(), now=NOON):
    publisher = Publisher(room.store, room.places.published)
    return Upkeep(room.store, room.places, rules, publisher, lambda: now, ranking=RANKING)


def kept(room):
    """What each copy and store that was kept holds: its name -> id -> text, and how many actions."""
    told = {}
    with room.store.read() as reading:
        places = kept_aside.found(room.places, reading)
    for place in places:
        with kept_aside.reading(place) as store:
            texts = {row["id"]: row["text"] for row in store.rows("SELECT id, text FROM mention ORDER BY id")}
            told[place.name] = texts, store.value("SELECT count(*) FROM action")
    return told


def count(room, wanted=ASKED):
    with room.store.read() as reading:
        return erasure_requests.count(reading, wanted, room.places)


def test_an_author_of_whom_only_the_past_knows_is_counted_and_erased(room):
    assert [len(texts) for texts, _ in kept(room).values()] == [3, 3]
    with room.store.read() as reading:
        assert erasure_requests.sources_of(reading, HER, room.places) == ["test"]
    assert count(room) == {"kept": 2}
    assert erasure_requests.told(count(room)) == "2 rows kept aside"
    room.take(erase=[ASKED])
    upkeep(room).round()
    assert [(sorted(texts), actions) for texts, actions in kept(room).values()] == [(["test:2", "test:3"], 0)] * 2
    assert count(room) == {}
    assert files.left(room.places.root, [HER]) == {}
    [row] = room.rows("SELECT counts, rewritten_at IS NOT NULL AS rewritten FROM erasure")
    assert row == {"counts": '{"kept": 2}', "rewritten": True}
    room.take(found(1, author=HER))
    assert room.ids() == ["test:9"], "what a copy knew of hers stays out, too"


def test_who_repeated_it_is_in_the_queue_of_a_store_that_is_set_aside(room):
    """The repeat stood behind hers; what is put back one day must show it."""
    room.take(erase=[ASKED])
    for place in (Path(f"{room.places.store}.aside-1"), *room.places.kept_copies.iterdir()):
        with kept_aside.reading(place) as store:
            assert "test:2" in [row["mention_id"] for row in store.rows("SELECT mention_id FROM queue")]


def test_what_its_source_deleted_goes_with_the_next_rewriting(room):
    room.take(found(3))
    room.take(gone=["test:3"])
    assert all("test:3" in texts for texts, _ in kept(room).values())
    upkeep(room).round()
    assert [sorted(texts) for texts, _ in kept(room).values()] == [["test:1", "test:2"]] * 2


def test_texts_expire_in_what_was_kept(room):
    rule = RetentionRule("test", "Test", lifetime=DAY)
    upkeep(room, [rule], NOON + timedelta(hours=2)).round()
    assert all(text for texts, _ in kept(room).values() for text in texts.values())
    upkeep(room, [rule], NOON + 2 * DAY).round()
    assert [set(texts.values()) for texts, _ in kept(room).values()] == [{""}, {""}]


def test_while_the_new_store_is_empty_the_copy_that_stays_published_is_cleaned(former):
    here = former.places
    here.store.unlink()
    fresh = Room(here, Store(here.store))
    fresh.take(erase=[ASKED])
    upkeep(fresh).round()
    [(texts, _)] = kept(fresh).values()
    assert sorted(texts) == ["test:2", "test:3"]
    assert fresh.rows("SELECT rewritten_at FROM erasure WHERE rewritten_at IS NULL") == []
    fresh.store.close()


def test_a_copy_of_an_earlier_version_is_cleaned_as_far_as_it_goes(room):
    [copy] = room.places.kept_copies.iterdir()
    for table in ("mute", "suppressed", "identity"):
        (copy / f"{table}.parquet").unlink()
    room.take(erase=[ASKED])
    assert [sorted(texts) for texts, _ in kept(room).values()] == [["test:2", "test:3"]] * 2


def test_what_cannot_be_read_stops_no_erasure_and_is_named(room):
    [copy] = room.places.kept_copies.iterdir()
    (copy / "mention.parquet").write_bytes(b"PAR1 nothing")
    aside = Path(f"{room.places.store}.aside-1")
    aside.write_bytes(b"no store")
    room.take(found(1, author=HER), erase=[ASKED])
    assert room.ids() == ["test:9"]
    assert kept_aside.out_of_reach(room.places) == {aside: "a damaged store", copy: "a damaged copy"}


def test_what_a_killed_process_left_of_its_work_goes_with_the_next_sweep(room):
    left = Path(f"{room.places.store}.{kept_aside.SCRATCH}")
    shutil.copy(f"{room.places.store}.aside-1", left)
    upkeep(room).round()
    assert not left.exists()


def test_a_log_whose_end_was_never_finished_goes_after_a_day(room):
    log = Path(f"{room.places.store}.unfinished.wal")
    log.write_bytes(b"cut off")
    written = log.stat().st_mtime
    kept_aside.sweep(room.places, NOON.fromtimestamp(written + 3600, NOON.tzinfo))
    assert log.exists()
    kept_aside.sweep(room.places, NOON.fromtimestamp(written + 90_000, NOON.tzinfo))
    assert not log.exists()


def test_a_published_copy_is_no_store_to_compare_with(former):
    copy = published.newest_set(former.places.published)
    snapshot = Connection(published.snapshot(former.places.published))
    assert kept_aside.found(former.places, snapshot) == []
    assert copy.is_dir()
