"""The list of what was erased: digests only, written before anything goes, never shorter."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from data.models import Erase
from data.retention import erased, erasure
from data.retention.erased import ErasedList
from data.settings import Places
from tests.data.builders import JUDGEMENT, NOON, found


def listed(room):
    return erased.read(room.places.erased)


def test_every_erasure_is_written_down_in_digests(room):
    room.take(found(1), found(2, author="max"), found(3, author="max"))
    room.take(gone=["test:1"], erase=[Erase("ana", source="test", author="max")])
    known = listed(room)
    assert known.ids == {
        erased.digest("test:1"): NOON + erasure.ECHO, erased.digest("test:2"): None, erased.digest("test:3"): None,
    }  # fmt: skip
    assert [(one.digest, one.name, one.at) for one in known.authors] == [
        (erased.digest("test", "max"), erased.digest("max"), NOON)
    ]
    content = (room.places.erased / "erased.jsonl").read_text()
    assert "max" not in content
    assert "test:" not in content


def test_its_digests_are_those_of_the_store(room):
    room.take(found(1, id="test:ü1"))
    room.take(gone=["test:ü1"])
    assert [row["digest"] for row in room.rows("SELECT digest FROM suppressed")] == list(listed(room).ids)


def test_what_cannot_be_written_down_is_not_erased(room, monkeypatch):
    room.take(found(1))

    def refused(*_):
        raise OSError(28, "No space left on device", "erased.jsonl")

    monkeypatch.setattr(erased.files, "append_lines", refused)
    room.drop(gone=["test:1"])
    with pytest.raises(Exception, match="No room is left"):
        room.absorb()
    assert room.ids() == ["test:1"]
    monkeypatch.undo()
    room.absorb()
    assert room.ids() == []


def test_what_was_told_while_the_clock_was_not_believed_is_written_down_when_it_goes(room):
    room.take(found(1))
    with room.store.write() as transaction:
        transaction.run("INSERT INTO told_gone VALUES ('test:1', $now)", now=NOON)
    erasure.follow_told(room.store, JUDGEMENT.ranking, room.places, NOON)
    assert list(listed(room).ids) == [erased.digest("test:1")]


def test_a_lost_list_is_filled_from_the_store_once(room):
    room.take(found(1), found(2))
    room.take(gone=["test:1"], erase=[Erase("ana", mention_id="test:2")])
    before = listed(room).ids
    (room.places.erased / "erased.jsonl").unlink()
    for _ in range(2):
        erased.catch_up(room.store, room.places)
        assert listed(room).ids == before
    assert len((room.places.erased / "erased.jsonl").read_text().splitlines()) == 2


def test_for_ever_goes_before_a_time(room):
    erased.remember(room.places, ["a"], None, NOON)
    erased.remember(room.places, ["a", "b"], NOON, NOON)
    erased.remember(room.places, ["b"], NOON + timedelta(days=1), NOON)
    assert listed(room).ids == {erased.digest("a"): None, erased.digest("b"): NOON + timedelta(days=1)}


def test_half_a_line_is_passed_over_and_the_next_stands_on_its_own(places):
    erased.remember(places, ["a"], None, NOON)
    with (places.erased / "erased.jsonl").open("ab") as file:
        file.write(b'{"digest": "1234')
    erased.remember(places, ["b"], None, NOON)
    assert list(erased.read(places.erased).ids) == [erased.digest("a"), erased.digest("b")]


def test_lists_are_merged_and_each_entry_is_written_once(places, tmp_path):
    other = Places(tmp_path / "other")
    erased.remember(places, ["a"], None, NOON)
    erased.remember(other, ["a", "b"], None, NOON, Erase("ana", source="test", author="max"))
    for _ in range(2):
        erased.merge(places, erased.read(other.erased))
    assert erased.read(places.erased) == erased.read(other.erased)
    lines = [json.loads(line) for line in (places.erased / "erased.jsonl").read_text().splitlines()]
    assert len(lines) == 3


def test_only_authors_erased_after_a_moment_count():
    early, late = (erased.ErasedAuthor(name, name, NOON + timedelta(hours=n)) for n, name in enumerate("ab"))
    assert ErasedList({}, {early, late}).since(NOON + timedelta(minutes=1)).authors == {late}
