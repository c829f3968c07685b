"""Files and folders with names that DuckDB takes for patterns are read as what they are: one file."""

from __future__ import annotations

import pytest

import data
from data.analytics.published import Publisher
from data.settings import Places
from data.store.paths import one_file
from data.store.store import Store
from tests.data.builders import ACME, Room, found, lines, row

NAMES = ("a*b", "a?b", "a[bc]d", "[", "**", "env=prod", "q'uote", "plain")


@pytest.mark.parametrize("name", NAMES)
def test_everything_works_in_a_folder_of_any_name(tmp_path, monkeypatch, name):
    scratch = tmp_path / "t[em]p*"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    place = tmp_path / name
    store = Store(":memory:" if "?" in name else place / "hearback.duckdb")
    room = Room(Places(place), store)
    room.listen_for(ACME)
    beside = Room(Places(tmp_path / "aXb"), store)
    beside.drop(found(8), found(9))
    done = room.take(found(1), found(2))
    assert (done.added, done.unreadable) == (2, None)
    assert room.ids("score", "mention_id") == ["test:1", "test:2"]
    assert Publisher(store, room.places.published).publish()
    copy = data.snapshot(room.places.published)
    assert copy.sql("SELECT id FROM mention ORDER BY id").fetchall() == [("test:1",), ("test:2",)]
    assert "env" not in copy.sql("FROM mention").columns
    store.close()


@pytest.mark.parametrize("name", ["test-*.jsonl", "test-?.jsonl", "test-[1].jsonl", "test-**.jsonl", "x=1.jsonl"])
def test_a_batch_of_any_name_is_read_and_its_neighbours_are_not(room, name):
    room.lay(lines(row(2)), "test-1.jsonl.part")
    room.lay(lines(row(3)), "test-1.jsonl.kept")
    room.lay(lines(row(1)), name)
    [done] = room.absorb()
    assert (done.added, done.unreadable, room.ids()) == (1, None, ["test:1"])
    assert not (room.places.incoming / name).exists()


def test_neighbours_that_a_pattern_would_match_are_taken_in_as_themselves(room):
    for n, name in enumerate(("test-1-a.jsonl", "test-?-a.jsonl", "test-*-a.jsonl"), start=1):
        room.lay(lines(row(n)), name)
    assert [one.added for one in room.absorb()] == [1, 1, 1]
    assert room.ids() == ["test:1", "test:2", "test:3"]


def test_only_what_is_a_pattern_is_written_otherwise():
    assert one_file("/a b/c.jsonl") == "/a b/c.jsonl"
    assert one_file("/a\\b/c.jsonl") == "/a\\b/c.jsonl"
    assert one_file("/a*[b?]/c") == "/a[*][[]b[?]]/c"
