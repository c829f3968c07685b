"""What lies in the drop folder under a batch's name and is none: set aside by name, or left to rest; no other waits."""

from __future__ import annotations

import errno
import os
import resource
from pathlib import Path

import pytest

from data import files
from data.ingest import absorber
from data.ingest.put_off import FIRST_REST, LONGEST_REST, PutOff
from data.models import PartlyDone
from data.spool.batches import LARGEST
from tests.data.builders import JUDGEMENT, found, lines, row
from tests.odd_things import ODD

FIRST = "test-20261120T100000000000-00000aaaaaa.jsonl"  # before any that the tests drop


def take_in(room, put_off=None):
    """What one round took in or set aside, and what it said at its end."""
    done = []
    try:
        for one in absorber.absorb_waiting(room.store, JUDGEMENT, room.places, room.clock, put_off=put_off):
            done.append(one)
    except PartlyDone as trouble:
        return done, str(trouble)
    return done, None


def laid(room, name=FIRST):
    room.places.incoming.mkdir(parents=True, exist_ok=True)
    return room.places.incoming / name


def left(room):
    return sorted(path.name for path in room.places.incoming.iterdir())


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_file_is_set_aside_by_name_and_the_next_batch_is_taken(room, odd):
    ODD[odd](laid(room))
    room.drop(found(1))
    (aside, taken), trouble = take_in(room)
    assert (aside.batch, taken.added, trouble) == (FIRST, 1, None)
    assert aside.unreadable.startswith("cannot be read: ")
    assert f"{FIRST}.rejected" in left(room)
    assert room.rows("SELECT file, line, reason, content FROM rejected") == [
        {"file": FIRST, "line": 0, "reason": aside.unreadable, "content": ""}
    ]


@pytest.mark.parametrize("name", [b"\xff\xfe-1-2.jsonl", b"a" * 249 + b".jsonl"])
def test_a_name_that_is_no_text_or_as_long_as_can_be_stops_nobody(room, name):
    laid(room, os.fsdecode(name)).write_bytes(b"no JSON\n{")
    room.drop(found(1))
    done, trouble = take_in(room)
    assert trouble is None
    assert sum(one.added for one in done) == 1
    assert not [name for name in left(room) if name.endswith(".jsonl")]


def test_a_batch_larger_than_any_of_ours_is_set_aside_unread(room):
    with laid(room).open("wb") as file:
        file.truncate(LARGEST + 1)
    room.drop(found(1))
    (aside, taken), _ = take_in(room)
    assert "more than" in aside.unreadable
    assert taken.added == 1


@pytest.mark.parametrize("odd", [name for name in ODD if name != "a folder"])
def test_what_lies_where_good_lines_are_written_for_a_while_is_no_hindrance(room, odd):
    path = laid(room)
    path.write_bytes(lines(row(1)) + b"{ no JSON\n")
    ODD[odd](path.with_suffix(".part"))
    [done], trouble = take_in(room)
    assert (done.added, done.rejected, trouble) == (1, 1, None)


def test_unfinished_things_that_are_no_files_are_left_alone(room):
    for name in ODD:
        ODD[name](laid(room, f"{name.replace(' ', '-')}.part"))
    room.drop(found(1))
    [done], trouble = take_in(room)
    assert (done.added, trouble) == (1, None)


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENFILE, errno.EIO, errno.ESTALE, errno.ENOSPC, errno.EAGAIN])
def test_an_error_that_passes_is_tried_again_and_the_next_batch_is_taken(room, monkeypatch, code):
    path = laid(room)
    path.write_bytes(lines(row(2)))
    room.drop(found(1))
    opened = files.opened

    def refused(asked, **how):
        if asked == path:
            raise OSError(code, os.strerror(code), str(asked))
        return opened(asked, **how)

    monkeypatch.setattr(files, "opened", refused)
    done, trouble = take_in(room)
    assert [one.added for one in done] == [1]
    assert "It is tried again by itself" in trouble
    assert left(room) == [FIRST]
    monkeypatch.undo()
    [done], trouble = take_in(room)
    assert (done.added, trouble) == (1, None)


def test_without_descriptors_a_good_batch_waits(room):
    path = laid(room)
    path.write_bytes(lines(row(1)))
    room.absorb()  # what is loaded on the first occasion needs descriptors, too
    path.write_bytes(lines(row(2)))
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    held = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(list(Path("/proc/self/fd").iterdir())) + 1, most[1]))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            while True:
                held.append(os.open(os.devnull, os.O_RDONLY))
        with pytest.raises((OSError, PartlyDone)):
            list(absorber.absorb_waiting(room.store, JUDGEMENT, room.places, room.clock))
    finally:
        for descriptor in held:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, most)
    assert left(room) == [FIRST]
    [done] = room.absorb()
    assert done.added == 1


def refuse(monkeypatch, path, *calls):
    """Let the system refuse to remove or to rename one file, as it does in a folder of somebody else's."""
    for call in calls:
        asked = getattr(Path, call)

        def refused(self, *how, asked=asked, **more):
            if self == path:
                raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(self))
            return asked(self, *how, **more)

        monkeypatch.setattr(Path, call, refused)


def test_a_batch_that_cannot_be_removed_is_taken_in_once_and_said(room, monkeypatch):
    path = laid(room)
    path.write_bytes(lines(row(2)))
    room.drop(found(1))
    refuse(monkeypatch, path, "unlink", "replace")
    put_off = PutOff()
    done, trouble = take_in(room, put_off)
    assert [one.added for one in done] == [1, 1]
    assert trouble == f"{path} was taken in and cannot be removed (Operation not permitted). Remove it."
    assert take_in(room, put_off) == ([], trouble)
    assert room.ids() == ["test:1", "test:2"]
    monkeypatch.undo()
    [again], trouble = take_in(room)
    assert (again.added, trouble) == (0, None)
    assert left(room) == []


def test_what_cannot_even_be_set_aside_is_said_and_its_reason_kept_once(room, monkeypatch):
    path = laid(room)
    path.write_bytes(b"")
    room.drop(found(1))
    refuse(monkeypatch, path, "replace")
    put_off = PutOff()
    done, trouble = take_in(room, put_off)
    assert [one.added for one in done] == [1]
    assert str(path) in trouble
    take_in(room)
    assert room.value("SELECT count(*) FROM rejected") == 0
    monkeypatch.undo()
    [aside], _ = take_in(room)
    assert aside.unreadable == "the file is empty"
    assert room.value("SELECT count(*) FROM rejected") == 1


def test_a_drop_folder_that_is_none_is_said_and_brands_are_followed_all_the_same(room):
    laid(room).parent.rmdir()
    room.places.incoming.write_text("")
    done, trouble = take_in(room)
    assert done == []
    assert trouble.startswith(f"{room.places.incoming} is no folder")
    assert room.places.obstacles() == [
        f"{room.places.incoming} is no folder, and a folder must be there. Move it away; it is made anew."
    ]


def test_a_batch_rests_longer_the_more_often_it_failed_and_is_forgotten_when_it_is_gone():
    now = 0.0
    put_off = PutOff(lambda: now)
    one, other = Path("one"), Path("other")
    put_off.note(one, "why")
    assert list(put_off.due([one, other])) == [other]
    now = FIRST_REST
    assert list(put_off.due([one, other])) == [one, other]
    for _ in range(10):
        put_off.note(one, "still")
    now += LONGEST_REST
    assert list(put_off.due([one])) == [one]
    assert put_off.reasons() == ["still"]
    assert list(put_off.due([other])) == [other]
    assert put_off.reasons() == []


def test_a_few_failures_in_a_row_end_a_round(room, monkeypatch):
    tried = []

    def fails(_, path):
        tried.append(path)
        raise OSError(errno.EIO, "Input/output error", str(path))

    monkeypatch.setattr(absorber, "absorb", fails)
    for number in range(absorber.MANY + 3):
        room.drop(found(number))
    put_off = PutOff()
    _, trouble = take_in(room, put_off)
    assert len(tried) == absorber.MANY
    assert "more wait" in trouble
    take_in(room, put_off)
    assert len(tried) == absorber.MANY + 3, "those that rest hold up no other"
