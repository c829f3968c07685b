"""The published copy: each set whole and of one moment, what did not change linked, old sets swept."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import duckdb
import pytest

import data
from data.analytics import published
from data.analytics.published import TABLES, Publisher, export, latest, write
from data.models import HearbackError, Sentiment
from data.people.rights import lead
from data.settings import ROOT
from tests.data.builders import NOON, action, found


@pytest.fixture
def folder(room):
    return room.places.published


@pytest.fixture
def publisher(room, folder, monkeypatch):
    monkeypatch.setattr(published, "SHORTEST", 0.0)
    monkeypatch.setattr(published, "SHARE", 0)
    return Publisher(room.store, folder)


def sets(folder):
    return sorted(path for path in folder.iterdir() if path.is_dir())


def counted(folder, table="mention"):
    return data.snapshot(folder).execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def test_nothing_published_is_told_in_a_sentence(folder):
    with pytest.raises(HearbackError, match="Nothing is published"):
        data.snapshot(folder)
    folder.mkdir(parents=True)
    (folder / "latest").write_text("")
    with pytest.raises(HearbackError, match="Nothing is published"):
        data.snapshot(folder)


def test_a_snapshot_has_a_view_per_table_and_the_named_views(room, folder, publisher):
    room.take(found(1, text="acme is bad"), found(2))
    room.record(action("reply", 2, body="hello"))
    room.record(action("judge", 1, sentiment=Sentiment.NEUTRAL))
    publisher.publish()
    connection = data.snapshot(folder)
    for table in TABLES:
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == room.value(
            f"SELECT count(*) FROM {table}"
        )
    for view in ("judged", "first_reply", "corrected"):
        with room.store.read() as store:
            in_the_store = store.rows(f"FROM {view} ORDER BY ALL")
        assert in_the_store
        assert connection.execute(f"FROM {view} ORDER BY ALL").to_arrow_table().to_pylist() == in_the_store
    assert connection.execute("SELECT CAST(max(published_at) AS VARCHAR) FROM mention").fetchone()[0].endswith("+00")


def test_instants_come_out_of_a_snapshot_as_python_knows_them(room, folder, publisher):
    room.take(found(1))
    publisher.publish()
    ((at,),) = data.snapshot(folder).sql("SELECT published_at FROM mention").fetchall()
    assert at == found(1).mention.published_at


ANALYST = """
import sys, data
from pathlib import Path
store = data.snapshot(Path(sys.argv[1]))
print(store.sql("SELECT published_at, brand, sentiment FROM judged").df().published_at[0].isoformat())
print(store.cursor().sql("SELECT CAST(published_at AS DATE) FROM mention").fetchone()[0])
"""


def test_an_analyst_elsewhere_gets_frames_in_utc_and_no_warning(room, folder, publisher, tmp_path):
    at = NOON.replace(hour=22)
    room.take(found(1, published_at=at))
    publisher.publish()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ANALYST, str(folder)], cwd=tmp_path, capture_output=True, text=True,
        env=os.environ | {"TZ": "Asia/Tokyo", "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert (done.stdout.split(), done.stderr) == ([at.isoformat(), at.date().isoformat()], "")


def test_a_snapshot_can_change_nothing(room, folder, publisher):
    room.take(found(1))
    publisher.publish()
    with pytest.raises(duckdb.Error):
        data.snapshot(folder).execute("DELETE FROM mention")
    assert counted(folder) == 1


def test_only_a_change_is_published(room, folder, publisher):
    room.take(found(1))
    assert publisher.publish()
    assert not publisher.publish()
    room.take(found(2))
    assert publisher.publish()
    assert counted(folder) == 2


def test_sets_are_not_written_more_often_than_they_may(room, folder, publisher, monkeypatch):
    monkeypatch.setattr(published, "SHORTEST", 3600.0)
    room.take(found(1))
    assert publisher.publish()
    room.take(found(2))
    assert not publisher.publish()


def test_a_table_that_did_not_change_is_linked_not_written(room, folder, publisher):
    room.take(found(1))
    publisher.publish()
    room.record(action("note", 1, body="x"))
    publisher.publish()
    old, new = sets(folder)
    linked = {table for table in TABLES if (old / f"{table}.parquet").samefile(new / f"{table}.parquet")}
    assert linked == set(TABLES) - {"action", "queue"}
    assert counted(folder, "action") == 1


def test_where_links_are_unknown_the_file_is_copied(room, folder, publisher, monkeypatch):
    def refuse(*_):
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    room.take(found(1))
    publisher.publish()
    room.record(action("note", 1, body="x"))
    assert publisher.publish()
    assert (counted(folder), counted(folder, "action")) == (1, 1)


def test_old_sets_and_what_a_killed_writer_left_are_swept(room, folder, publisher):
    (folder / "20200101T000000000000.part").mkdir(parents=True)
    for n in range(1, 6):
        room.take(found(n))
        publisher.publish()
    assert len(sets(folder)) == 2
    assert latest(folder) in sets(folder)
    assert counted(folder) == 5


def test_a_clock_that_was_set_back_sweeps_nothing_that_is_needed(room, folder, publisher):
    (folder / "29990101T000000000000").mkdir(parents=True)
    (folder / "29990102T000000000000").mkdir()
    for n in (1, 2):
        room.take(found(n))
        publisher.publish()
    assert counted(folder) == 2
    assert len(sets(folder)) == 2


def test_a_folder_that_somebody_removed_is_written_anew(room, folder, publisher):
    room.take(found(1))
    publisher.publish()
    folder.rename(folder.with_name("elsewhere"))
    room.record(action("note", 1, body="x"))
    assert publisher.publish()
    assert counted(folder) == 1


def test_a_set_is_of_one_moment_though_the_store_goes_on(room, folder, monkeypatch):
    room.take(found(1))
    with room.store.still() as (reading, _):
        room.take(found(2))
        write(reading, folder)
    assert counted(folder) == counted(folder, "score") == counted(folder, "queue") == 1


def test_a_killed_writer_leaves_the_former_set_in_place(room, folder, publisher, monkeypatch):
    room.take(found(1))
    publisher.publish()
    room.take(found(2))

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(published, "_point", stop)
    with pytest.raises(KeyboardInterrupt):
        publisher.publish()
    assert counted(folder) == 1
    monkeypatch.undo()
    assert Publisher(room.store, folder).publish()
    assert counted(folder) == 2


def test_a_reader_finishes_with_its_set_while_the_next_is_written(room, folder, publisher):
    room.take(found(1))
    publisher.publish()
    reader = data.snapshot(folder)
    room.take(found(2))
    publisher.publish()
    assert reader.execute("SELECT count(*) FROM mention JOIN score ON mention.id = score.mention_id").fetchone() == (1,)


def test_readers_see_whole_sets_while_they_are_rewritten_all_the_time(room, folder, publisher):
    room.take(found(1))
    publisher.publish()
    stop, wrong, seen = threading.Event(), [], []

    def read():
        while not stop.is_set():
            connection = data.snapshot(folder)
            try:
                numbers = connection.execute(
                    "SELECT (SELECT count(*) FROM mention), (SELECT count(*) FROM score), (SELECT count(*) FROM queue)"
                ).fetchone()
            except duckdb.IOException:
                continue  # two sets were written meanwhile: it asks for the newest again
            seen.append(numbers)
            if len(set(numbers)) > 1:
                wrong.append(numbers)

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(2, 8):
        room.take(found(n))
        publisher.publish()
    stop.set()
    reader.join(timeout=500)
    assert wrong == []
    assert seen


def test_only_whoever_publishes_does_without_the_order_of_rows(room, publisher):
    publisher.publish()
    with room.store.read() as reading:
        assert reading.value("SELECT current_setting('preserve_insertion_order')")
    with room.store.prepare() as preparing:
        assert preparing.value("SELECT current_setting('preserve_insertion_order')")


def test_export_writes_every_table_as_parquet(room, tmp_path):
    room.take(found(1))
    for _ in range(2):
        with room.store.read() as connection:
            files = export(connection, tmp_path / "out" / "deep", lead("ana"))
    assert sorted(file.stem for file in files) == sorted(TABLES)
    assert sorted(path.name for path in (tmp_path / "out" / "deep").iterdir()) == sorted(
        f"{table}.parquet" for table in TABLES
    )
    assert duckdb.read_parquet(str(tmp_path / "out" / "deep" / "mention.parquet")).project("id").fetchall() == [
        ("test:1",)
    ]


def test_an_open_snapshot_outlives_the_sets_that_are_swept(room, folder, publisher):
    room.take(found(1))
    publisher.publish()
    opened = data.snapshot(folder)
    for n in (2, 3, 4):
        room.take(found(n))
        publisher._due = 0.0
        assert publisher.publish()
    assert opened.execute("SELECT count(*) FROM mention").fetchone() == (1,)
