"""Rewriting: what was erased stands in no file, nor behind an earlier header, and a kill loses nothing."""

from __future__ import annotations

import shutil
import signal
import struct
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from data.models import Erase, Rejected
from data.retention import files, rewriting
from data.settings import ROOT, Places
from data.store.store import Store
from tests.data.builders import ACME, NOON, Room, action, answer, found

PLAIN = {"force_compression": "uncompressed", "threads": "1"}  # compressed text could not be found, and no test fail
SAID = ("unmistakable words of wrath", "Tomasina Quill", "https://example.org/u/quill", "an answer like no other")
BY_HER = Erase("ana", source="test", author="Tomasina Quill")


@pytest.fixture
def room(places):
    """A room whose store is a file in which text can be found."""
    opened = Room(places, Store(places.store, settings=PLAIN))
    opened.listen_for(ACME)
    yield opened
    opened.store.close()


def fill(room, others=300):
    """Her mention in every table, among others, over several checkpoints."""
    hers = found(1, text=f"acme is bad: {SAID[0]}", author=SAID[1], author_url=SAID[2], title=f"acme {SAID[0]}")
    room.take(hers, *(found(n) for n in range(2, others)), answers=[answer(1, SAID[3])])
    room.record(action("note", body=SAID[3]))
    room.take(rejected=[Rejected("a.csv", 1, "why", f'{{"id": "test:1", "by": "{SAID[1]}"}}')])
    checkpoint(room)


def checkpoint(room):
    with room.store.prepare() as store:
        store.run("CHECKPOINT")


def spliced(file: Path, copy: Path) -> Path:
    """The file with its two headers' order turned round: DuckDB then opens the state before the last checkpoint."""
    shutil.copyfile(file, copy)
    with copy.open("r+b") as raw:
        heads = []
        for place in (4096, 8192):
            raw.seek(place)
            heads.append(raw.read(4096))
        older, newer = sorted((0, 1), key=lambda one: struct.unpack_from("<Q", heads[one], 8)[0])
        raw.seek(4096 * (newer + 1))
        raw.write(heads[older])
    return copy


def test_erased_words_are_in_no_file_after_a_rewriting(room):
    fill(room)
    assert set(files.left(room.places.root, SAID)) == set(SAID)
    room.take(erase=[BY_HER])
    checkpoint(room)
    assert files.left(room.places.root, SAID)  # a DELETE leaves the bytes, or this test could not fail
    assert rewriting.rewrite(room.store, NOON)
    assert files.left(room.places.root, SAID) == {}
    room.store.close()
    assert files.left(room.places.root, SAID) == {}


def test_nothing_else_is_lost_or_doubled_by_a_rewriting(room):
    fill(room)
    room.take(erase=[BY_HER])
    before = room.state()
    assert rewriting.rewrite(room.store, NOON)
    assert room.state() == before
    room.take(found(900))
    assert "test:900" in room.ids()
    room.store.close()
    again = Room(room.places, Store(room.places.store))
    assert "test:900" in again.ids()
    again.store.close()


def shown(file: Path) -> set[str]:
    """Which of the words DuckDB shows in any table of a store; none where there is nothing to open."""
    try:
        opened = duckdb.connect(str(file), read_only=True)
    except duckdb.Error:
        return set()
    tables = [name for (name,) in opened.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    told = [str(opened.sql(f'SELECT CAST("{name}" AS VARCHAR) FROM "{name}"').fetchall()) for name in tables]
    opened.close()
    return {said for said in SAID if any(said in table for table in told)}


def test_the_earlier_header_shows_nothing_of_it_either(room, tmp_path):
    fill(room)
    room.take(erase=[BY_HER])
    checkpoint(room)
    assert shown(spliced(room.places.store, tmp_path / "before.duckdb")) == set(SAID)  # what a DELETE leaves
    rewriting.rewrite(room.store, NOON)
    room.store.close()
    copy = spliced(room.places.store, tmp_path / "after.duckdb")
    assert shown(copy) == set()
    assert [said for said in SAID if said.encode() in copy.read_bytes()] == []


def test_a_rewriting_is_due_until_it_is_done_and_then_noted(room):
    fill(room)
    room.take(erase=[BY_HER])
    with room.store.read() as store:
        assert rewriting.is_due(store)
        assert rewriting.is_waited_for(store)
    rewriting.rewrite(room.store, NOON)
    assert room.rows("SELECT rewritten_at FROM erasure WHERE at_once") == [{"rewritten_at": NOON}]
    with room.store.read() as store:
        assert not rewriting.is_due(store)


def test_what_people_do_during_the_copy_is_brought_over(room, monkeypatch):
    fill(room)
    room.take(erase=[BY_HER])
    finish = rewriting._take_over

    def with_a_key_press(*given):
        room.record(action("note", 2, body="pressed meanwhile"))
        room.record(action("resolve", 3))
        return finish(*given)

    monkeypatch.setattr(rewriting, "_take_over", with_a_key_press)
    assert rewriting.rewrite(room.store, NOON)
    assert room.value("SELECT count(*) FROM action WHERE body = 'pressed meanwhile'") == 1
    assert "test:3" not in room.ids("queue", "mention_id")


def test_what_is_erased_during_the_copy_stays_due(room, monkeypatch):
    fill(room)
    room.take(gone=["test:5"])
    finish = rewriting._take_over

    def with_another(*given):
        room.take(erase=[BY_HER])
        return finish(*given)

    monkeypatch.setattr(rewriting, "_take_over", with_another)
    assert rewriting.rewrite(room.store, NOON)
    with room.store.read() as store:
        assert rewriting.is_waited_for(store)
    monkeypatch.undo()
    rewriting.rewrite(room.store, NOON)
    assert files.left(room.places.root, SAID) == {}


@pytest.mark.parametrize("back", [timedelta(0), timedelta(minutes=30), timedelta(days=2)])
def test_an_action_is_brought_over_however_far_the_clock_was_set_back(room, monkeypatch, back):
    fill(room)
    room.take(erase=[BY_HER])
    room.record(action("note", 2, body="before"))
    finish = rewriting._take_over

    def with_key_presses(*given):
        room.record(action("note", 3, body="with the right clock"))
        room.record(action("resolve", 4, at=NOON - back))
        return finish(*given)

    monkeypatch.setattr(rewriting, "_take_over", with_key_presses)
    assert rewriting.rewrite(room.store, NOON)
    assert sorted(room.rows("SELECT mention_id, kind FROM action"), key=str) == [
        {"mention_id": "test:2", "kind": "note"},
        {"mention_id": "test:3", "kind": "note"},
        {"mention_id": "test:4", "kind": "resolve"},
    ]
    assert "test:4" not in room.ids("queue", "mention_id")


def test_a_reader_who_stays_puts_it_off_and_sees_the_old_state(room, monkeypatch):
    monkeypatch.setattr("data.store.store.PATIENCE", 0.01)
    fill(room)
    room.take(erase=[BY_HER])
    inside, leave = threading.Event(), threading.Event()

    def read():
        with room.store.read():
            inside.set()
            leave.wait(60)

    reader = threading.Thread(target=read)
    reader.start()
    inside.wait(60)
    assert not rewriting.rewrite(room.store, NOON)
    room.take(found(901))  # the store goes on
    leave.set()
    reader.join()
    assert rewriting.rewrite(room.store, NOON)
    assert "test:901" in room.ids()
    assert files.left(room.places.root, SAID) == {}
    assert [path.name for path in room.places.root.glob("*.fresh*")] == []


def test_a_reader_may_read_on_inside_while_others_wait(room):
    with room.store.read(), room.store.read() as again:
        assert again.value("SELECT 1") == 1


def test_a_store_in_memory_only_notes_it(tmp_path):
    opened = Room(Places(tmp_path), Store(":memory:"))
    opened.listen_for(ACME)
    opened.take(found(1), gone=["test:1"])
    assert rewriting.rewrite(opened.store, NOON)
    assert opened.value("SELECT count(*) FROM erasure WHERE rewritten_at IS NULL") == 0
    opened.store.close()


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from data.retention import rewriting
from data.store.store import Store
store = Store(Path(sys.argv[1]), settings={"force_compression": "uncompressed"})
moment = sys.argv[2]
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if moment == "before the copy":
    store.still = die
elif moment == "after the copy":
    rewriting._take_over = die
elif moment == "before the rename":
    Path.replace = die
elif moment == "after the rename":
    store._open_again = die
rewriting.rewrite(store, datetime.now(UTC))
"""


@pytest.mark.parametrize("moment", ["before the copy", "after the copy", "before the rename", "after the rename"])
def test_killed_at_any_moment_one_store_stands_and_the_next_start_ends_it(room, moment):
    fill(room)
    room.take(erase=[BY_HER])
    before = room.state()
    room.store.close()
    done = subprocess.run([sys.executable, "-c", KILLED, str(room.places.store), moment], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    again = Room(room.places, Store(room.places.store, settings=PLAIN))
    try:
        assert again.state() == before
        with again.store.read() as store:
            assert rewriting.is_due(store) is (moment != "after the rename")
        rewriting.rewrite(again.store, NOON)
        again.store.close()
        assert files.left(room.places.root, SAID) == {}
        assert [path.name for path in room.places.root.glob("hearback*")] == ["hearback.duckdb"]
    finally:
        again.store.close()
