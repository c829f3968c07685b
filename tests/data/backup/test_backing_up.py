"""Making a backup: everything but secrets, of one moment, while people work; or nothing, and a sentence."""

from __future__ import annotations

import threading

import pytest

from data import files
from data.analytics import published
from data.backup import backing_up, manifest
from data.backup.backing_up import NoBackup
from data.people import audit
from data.people.rights import OURSELVES, Actor, Forbidden, Role
from data.retention.files import left
from tests.data.backup.filled import tables
from tests.data.builders import NOON, action


def make(room, folder, by=OURSELVES):
    return backing_up.make(room.store, room.places, folder, by, lambda: NOON)


def test_it_holds_every_table_and_every_file_that_is_kept_and_no_secret(room, tmp_path):
    folder = tmp_path / "backup"
    made = make(room, folder)
    assert set(made.tables) == set(tables(room.store)) == {path.stem for path in (folder / "store").iterdir()}
    assert made.tables == {name: len(rows) for name, rows in tables(room.store).items()}
    beside = {str(path.relative_to(folder / "folder")) for path in (folder / "folder").rglob("*") if path.is_file()}
    [batch] = room.places.incoming.iterdir()
    assert beside == {
        *("setup.toml", "cursors/test.json", "budgets/x.json", "people/people.json", "intake/acme-news-1-a.body"),
        *("outbox/reply-1.approved.json", "outbox/reply-3.approved.json", f"incoming/{batch.name}"),
    }
    assert left(folder, ["a secret key"]) == {}
    assert manifest.verify(folder) == made


def test_it_is_open_to_nobody_else(room, tmp_path):
    make(room, tmp_path / "backup")
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "backup").rglob("*")} == {0}


def test_the_audit_log_tells_of_it_and_of_one_that_failed(room, tmp_path):
    make(room, tmp_path / "backup")
    with pytest.raises(NoBackup):
        make(room, tmp_path / "backup")
    told = [(one.event, one.by, one.facts) for one in audit.entries(room.places)]
    assert told == [("backup", "system", {"folder": str(tmp_path / "backup"), "mentions": 5})]


def test_what_is_done_meanwhile_is_done_at_once_and_is_not_in_it(room, tmp_path, monkeypatch):
    write, done = published.write_table, threading.Event()

    def act():
        room.record(action("note", 2, body="said meanwhile"))
        done.set()

    def slow(reading, table, file):
        if table == "action":
            presser = threading.Thread(target=act)
            presser.start()
            presser.join(30)
        return write(reading, table, file)

    monkeypatch.setattr(published, "write_table", slow)
    made = make(room, tmp_path / "backup")
    assert done.is_set()
    assert made.tables["action"] == 3
    assert room.value("SELECT count(*) FROM action") == 4


def test_a_batch_that_is_taken_in_meanwhile_is_in_it_one_way_or_the_other(room, tmp_path, monkeypatch):
    copy = files.copy

    def taken_in_before(source, target, **more):
        if source.parent == room.places.incoming:
            room.absorb()
        return copy(source, target, **more)

    monkeypatch.setattr(files, "copy", taken_in_before)
    made = make(room, tmp_path / "backup")
    assert made.mentions == 7
    assert not [name for name in made.files if "incoming" in name]


def test_cursors_are_copied_before_batches_and_the_store_comes_last(room, tmp_path, monkeypatch):
    order, copy, write = [], files.copy, published.write_table
    monkeypatch.setattr(
        files, "copy", lambda source, *a, **k: (order.append(source.parent.name), copy(source, *a, **k))
    )
    monkeypatch.setattr(published, "write_table", lambda *a: (order.append("store"), write(*a)))
    make(room, tmp_path / "backup")
    assert order.index("cursors") < order.index("incoming") < order.index("store")
    assert set(order[order.index("store") :]) == {"store"}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AGENT, Role.APPROVER])
def test_only_a_lead_makes_one(room, tmp_path, role):
    with pytest.raises(Forbidden, match="Only a lead may make backups"):
        make(room, tmp_path / "backup", Actor("ben", role))
    assert not (tmp_path / "backup").exists()


def test_none_is_made_within_the_data_folder_nor_where_something_lies(room, tmp_path):
    with pytest.raises(NoBackup, match="lies in the data folder"):
        make(room, room.places.root / "backups")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note.txt").write_text("mine")
    with pytest.raises(NoBackup, match="is not empty"):
        make(room, tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["note.txt"]
    (tmp_path / "empty").mkdir()
    assert make(room, tmp_path / "empty").mentions == 5


def test_one_that_fails_on_its_way_leaves_nothing_and_says_why(room, tmp_path, monkeypatch):
    def refused(*_):
        raise OSError(28, "No space left on device", str(tmp_path / "backup.part"))

    monkeypatch.setattr(manifest, "seal", refused)
    with pytest.raises(NoBackup, match=r"^No backup was made: no room is left for .*backup \(No space left"):
        make(room, tmp_path / "backup")
    assert not list(tmp_path.glob("backup*"))
    [told] = audit.entries(room.places)
    assert "no room is left" in told.facts["failed"]


def test_what_a_kill_left_of_one_is_removed_by_the_next(room, tmp_path):
    (tmp_path / "backup.part" / "store").mkdir(parents=True)
    (tmp_path / "backup.part" / "store" / "mood.parquet").write_bytes(b"half")
    made = make(room, tmp_path / "backup")
    assert "store/mood.parquet" not in made.files
    assert not (tmp_path / "backup.part").exists()
