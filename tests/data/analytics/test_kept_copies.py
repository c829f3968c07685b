"""Published copies of another store, or with more in them, are kept before a set replaces them."""

from __future__ import annotations

import errno
import os
import shutil

import pytest

import data
from data.analytics import kept_copies, loading, published
from data.analytics.published import Publisher, newest_set
from data.backup import restoring
from data.models import Erase, HearbackError
from data.people.rights import OURSELVES
from data.retention import kept_aside
from data.store.store import Store
from tests.data.builders import ACME, NOON, RANKING, Room, action, found


@pytest.fixture
def filed(places):
    """A room whose store is a file, with three mentions, an action, and a published copy."""
    opened = Room(places, Store(places.store))
    opened.listen_for(ACME)
    opened.take(*(found(n) for n in (1, 2, 3)))
    opened.record(action("note", 1, body="x"))
    Publisher(opened.store, places.published).publish()
    yield opened
    opened.store.close()


def again(room, *, without=False):
    """The store opened by the next process; `without`: a new one in its place."""
    room.store.close()
    if without:
        room.places.store.unlink()
    return Room(room.places, Store(room.places.store))


def publish(room):
    assert Publisher(room.store, room.places.published).publish()


def kept(room):
    return [one.mentions for one in kept_copies.kept(room.places.root)]


def counted(folder):
    return data.snapshot(folder).execute("SELECT count(*) FROM mention").fetchone()[0]


def test_the_copy_of_the_same_store_is_replaced_and_none_is_kept(filed):
    filed.take(found(4))
    publish(filed)
    later = again(filed)
    later.take(found(5), erase=[Erase("ana", mention_id="test:1")])
    publish(later)
    assert (kept(later), counted(later.places.published)) == ([], 4)
    later.store.close()


def test_while_a_new_store_is_empty_the_copy_of_the_former_one_stays_and_that_is_said(filed):
    fresh = again(filed, without=True)
    publisher = Publisher(fresh.store, fresh.places.published)
    for _ in range(2):
        with pytest.raises(HearbackError, match=r"The store is empty, and .+ with 3 mentions.+ python -m data restore"):
            publisher.publish()
    assert (kept(fresh), counted(fresh.places.published)) == ([], 3)
    fresh.store.close()


def test_once_a_new_store_holds_something_the_copy_of_the_former_one_is_kept(filed, capsys):
    fresh = again(filed, without=True)
    fresh.take(found(7))
    publish(fresh)
    [copy] = kept_copies.kept(fresh.places.root)
    assert (copy.mentions, counted(fresh.places.published)) == (3, 1)
    assert copy.says in capsys.readouterr().err
    assert f"python -m data restore {copy.path}" in copy.says
    for n in (8, 9):
        fresh.take(found(n))
        publish(fresh)
    assert kept(fresh) == [3]
    fresh.store.close()


def test_the_copy_is_kept_when_the_store_was_put_back_from_an_older_backup(filed):
    filed.store.close()
    backup = filed.places.store.with_name("backup")
    shutil.copy(filed.places.store, backup)
    later = Room(filed.places, Store(filed.places.store))
    later.take(found(4))
    publish(later)
    later.store.close()
    shutil.copy(backup, filed.places.store)
    older = Room(filed.places, Store(filed.places.store))
    publish(older)
    assert (kept(older), counted(older.places.published)) == ([4], 3)
    older.store.close()


def test_the_copy_is_kept_when_only_actions_are_lost(filed):
    with filed.store.write() as store:
        store.run("CREATE TABLE acted AS SELECT * FROM action")
        store.run("DROP TABLE action")
        store.run("CREATE TABLE action AS SELECT * FROM acted WHERE FALSE")
        store.run("DROP TABLE acted")
    publish(filed)
    assert kept(filed) == [3]


def test_a_copy_of_an_earlier_version_without_an_identity_is_told_by_what_it_holds(filed):
    (newest_set(filed.places.published) / "identity.parquet").unlink()
    publish(filed)
    assert kept(filed) == []
    (newest_set(filed.places.published) / "identity.parquet").unlink()
    fresh = again(filed, without=True)
    fresh.take(found(9))
    publish(fresh)
    assert kept(fresh) == [3]
    fresh.store.close()


def test_a_damaged_copy_is_kept(filed):
    (newest_set(filed.places.published) / "batch.parquet").write_bytes(b"PAR1 nothing")
    publish(filed)
    assert kept(filed) == [3]


def test_a_copy_that_holds_the_sample_only_is_not_kept(empty, places):
    with empty.store.write() as store:
        store.run("DELETE FROM identity")
    publish(empty)
    with empty.store.write() as store:
        store.run("INSERT INTO identity SELECT 'another', now()")
    publish(empty)
    assert kept_copies.kept(places.root) == []


def test_what_cannot_be_kept_is_not_replaced(filed):
    fresh = again(filed, without=True)
    fresh.take(found(9))
    (fresh.places.root / kept_copies.FOLDER).write_text("in the way")
    with pytest.raises(OSError, match="kept-copies"):
        publish(fresh)
    assert counted(fresh.places.published) == 3
    fresh.store.close()


@pytest.mark.parametrize("table", ["mention", "batch", "identity"])
def test_a_named_pipe_in_a_published_set_holds_nobody_up(filed, table):
    pipe = newest_set(filed.places.published) / f"{table}.parquet"
    pipe.unlink()
    os.mkfifo(pipe)
    later = again(filed)
    later.take(found(4))
    publish(later)
    [copy] = kept_copies.kept(later.places.root)
    assert (copy.mentions, counted(later.places.published)) == (None, 4)
    with pytest.raises(OSError, match="it is a named pipe"), loading.asked(copy.path):
        pass
    with pytest.raises(HearbackError, match="it is a named pipe"):
        restoring.restore(copy.path, later.places, RANKING, NOON, by=OURSELVES)
    later.take(erase=[Erase("ana", mention_id="test:1")])
    assert later.ids() == ["test:2", "test:3", "test:4"]
    assert kept_aside.out_of_reach(later.places) == {copy.path: "a damaged copy"}
    later.store.close()


@pytest.mark.parametrize("content", [None, b"", bytes(20), b"20990101T000000000000", b"../elsewhere", b"\xff\xfe"])
def test_the_last_copy_is_found_and_kept_where_the_file_that_names_it_is_damaged(filed, content):
    fresh = again(filed, without=True)
    former, latest = newest_set(fresh.places.published), fresh.places.published / "latest"
    latest.unlink()
    if content is not None:
        latest.write_bytes(content)
    assert newest_set(fresh.places.published) == former
    assert restoring.newest_copy(fresh.places) == former
    fresh.take(found(7))
    publish(fresh)
    assert (kept(fresh), counted(fresh.places.published)) == ([3], 1)
    fresh.store.close()


@pytest.mark.parametrize("code", [errno.EIO, errno.EMFILE, errno.ESTALE])
def test_a_copy_that_cannot_be_seen_for_now_is_not_taken_for_missing(filed, monkeypatch, code):
    fresh = again(filed, without=True)
    fresh.take(found(7))

    def refused(path, **_):
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(published.files, "read", refused)
    with pytest.raises(OSError, match=os.strerror(code)):
        publish(fresh)
    monkeypatch.undo()
    publish(fresh)
    assert kept(fresh) == [3]
    fresh.store.close()


def test_of_several_sets_without_a_name_the_one_that_was_written_last_is_the_newest(filed):
    publisher = Publisher(filed.store, filed.places.published)
    filed.take(found(4))
    publisher.publish()
    newest = newest_set(filed.places.published)
    (newest.parent / "29991231T000000000000.part").mkdir()
    (newest.parent / "29991231T000000000000").mkdir()  # nothing is in it
    (newest.parent / "latest").unlink()
    assert newest_set(newest.parent) == newest
