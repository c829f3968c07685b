"""A store that DuckDB gave up, as it does on a full disk, is opened again by itself; nothing that was stored is lost.

The disk is full for one process here by a limit on the size of its files (RLIMIT_FSIZE): every write beyond is refused.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time

import duckdb
import pytest

from data import files
from data.settings import ROOT
from data.store import store as store_module
from data.store.condition import Backlog, Condition, StoreIsShut
from data.store.store import Store

BEGIN = """
import json, resource, signal, sys, time
from pathlib import Path
from data.store.condition import StoreTrouble
from data.store.store import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
address = Path(sys.argv[1])
store = Store(address)
told = {}
INSERT = "INSERT INTO rejected SELECT 'b', 'f', range, 'r', repeat(md5(range::VARCHAR), 100), now() FROM range($n)"

def full(most):
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

def room():
    full(resource.RLIM_INFINITY)

def put(count):
    with store.write() as transaction:
        transaction.run(INSERT, n=count)

def count(_=None):
    with store.read() as reading:
        return reading.value("SELECT count(*) FROM rejected")

def checkpoint(_=None):
    with store.prepare() as writer:
        writer.run("CHECKPOINT")

def tried(what, number=None):
    try:
        return what(number)
    except StoreTrouble as trouble:
        return type(trouble).__name__ + ": " + str(trouble)

def healed():
    began = time.monotonic()
    while store.trouble and time.monotonic() - began < 60:
        store.heal()
        time.sleep(0.05)
    return time.monotonic() - began
"""
END = "\nprint(json.dumps(told))\n"

A_COMMIT = """
put(2000)
full(1_000_000)
told["put"] = tried(put, 2000)
told["trouble"], told["count"] = store.trouble, tried(count)
room()
told["again"], told["then"] = tried(put, 2000), tried(count)
"""
A_CHECKPOINT = """
put(2000)
full(600_000)
told["checkpoint"] = tried(checkpoint)
told["shut"] = [tried(count), tried(put, 1)]
told["while_shut"] = store.trouble
told["reopened"] = store.heal()
told["read"], told["trouble"] = tried(count), store.trouble
told["too_much"] = tried(put, 2000)
room()
told["within"], told["well"] = healed(), store.trouble
told["wal"] = Path(f"{address}.wal").stat().st_size if Path(f"{address}.wal").exists() else 0
told["put"], told["then"] = tried(put, 5), tried(count)
store.close()
store = Store(address)
told["restarted"] = tried(count)
"""
WRITTEN_MEANWHILE = """
put(2000)
full(10_000_000)
WAL = Path(f"{address}.wal").stat().st_size
full(600_000)
tried(checkpoint)
store.heal()
full(WAL + 400_000)  # room for the log to grow a little
told["key"], told["seen"] = tried(put, 10), tried(count)
room()
healed()
told["then"] = tried(count)
"""


def run(address, script):
    """What a process of its own tells, which opens the store, does this and ends."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + script + END, str(address)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return json.loads(done.stdout)


@pytest.fixture
def address(places):
    return places.root / "hearback.duckdb"


def test_a_commit_that_finds_no_room_changes_nothing_and_says_so(address):
    told = run(address, A_COMMIT)
    assert told["put"].startswith(f"StoreTrouble: No room is left on the disk of {address}. Make room there.")
    assert told["put"].endswith("Nothing was changed.")
    assert (told["trouble"], told["count"]) == (None, 2_000)
    assert (told["again"], told["then"]) == (None, 4_000)


def test_a_store_that_was_given_up_is_opened_again_and_is_whole_once_there_is_room(address):
    told = run(address, A_CHECKPOINT)
    no_room = f"No room is left on the disk of {address}. Make room there."
    for refused in (told["checkpoint"], *told["shut"]):
        assert refused == f"StoreIsShut: {told['while_shut']}"
    assert told["while_shut"].startswith(no_room)
    assert "opened again by itself; what was stored is kept" in told["while_shut"]
    assert (told["reopened"], told["read"]) == (True, 2_000), "it is read again before there is room"
    assert told["trouble"].startswith(no_room)
    assert told["too_much"].startswith("StoreTrouble: ")
    assert told["well"] is None
    assert told["within"] < 10
    assert told["wal"] < 100_000, "its log went into its file"
    assert (told["put"], told["then"], told["restarted"]) == (None, 2_005, 2_005)


def test_while_the_log_has_room_people_go_on_and_it_is_all_kept(address):
    told = run(address, WRITTEN_MEANWHILE)
    assert (told["key"], told["seen"], told["then"]) == (None, 2_010, 2_010)


def test_what_was_remembered_and_published_is_asked_anew_after_an_opening(address):
    store = Store(address)
    assert store.remembered(lambda reading: reading.value("SELECT count(*) FROM rejected"), "rejected") == 0
    before = store.writings
    store._condition.shut = "somebody took it"
    with pytest.raises(StoreIsShut, match="somebody took it"), store.read():
        pass
    assert store.heal()
    assert store.trouble is None
    assert store.writings > before
    store.close()


def test_a_store_whose_file_is_gone_is_not_begun_anew(address):
    store = Store(address)
    store._condition.shut = "the disk went away"
    address.rename(address.with_name("elsewhere"))
    assert not store.heal()
    assert "is gone" in store.trouble
    assert not address.exists()
    address.with_name("elsewhere").rename(address)
    assert store.heal()
    store.close()


def test_a_reader_holds_an_opening_up_for_a_while_only_and_it_is_tried_again(address, monkeypatch):
    monkeypatch.setattr(store_module, "PATIENCE", 0.05)
    store = Store(address)
    with store.read() as reading:
        store._condition.shut = "it was given up"
        healed: list[bool] = []
        healer = threading.Thread(target=lambda: healed.append(store.heal()))
        healer.start()
        healer.join(30)
        assert healed == [False]
        assert reading.value("SELECT 1") == 1
    assert store.heal()
    store.close()


def test_a_report_waits_for_an_exchange_no_longer_than_it_says(address):
    store = Store(address)
    with store._gate.alone(1.0):
        failed: list[str] = []

        def ask():
            try:
                with store.read(patience=0.05):
                    pass
            except StoreIsShut as shut:
                failed.append(str(shut))

        asking = threading.Thread(target=ask)
        asking.start()
        asking.join(30)
        assert failed == ["The store's file is being opened anew. It is back within seconds."]
    store.close()


def test_an_exchange_that_cannot_open_the_new_file_leaves_a_store_that_heals(address, monkeypatch):
    store = Store(address)
    opened = store_module.opened

    def refused(*_):
        raise store_module.HearbackError("Too many files are open.")

    monkeypatch.setattr(store_module, "opened", refused)
    fresh = store_module.fresh_copy(str(address))
    duckdb.connect(str(fresh)).close()
    with pytest.raises(store_module.HearbackError, match="Too many files"):
        store.exchange(fresh, lambda _: True)
    assert store.trouble == "Too many files are open."
    assert not store.heal()
    monkeypatch.setattr(store_module, "opened", opened)
    assert store.heal()
    with store.read() as reading:
        assert reading.value("SELECT 1") == 1
    store.close()


def test_a_backlog_is_tried_when_there_is_room_or_somebody_made_some(tmp_path, monkeypatch):
    now, free = 0.0, 10 * 2**20
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": free}))
    (tmp_path / "store.wal").write_bytes(b"")
    with (tmp_path / "store.wal").open("wb") as log:
        log.truncate(100 * 2**20)
    backlog = Backlog(str(tmp_path / "store"), "why", lambda: now)
    now = 5.0
    assert not backlog.is_due(), "there is less room than the log holds"
    free += 9 * 2**20
    assert backlog.is_due(), "somebody made some"
    backlog.note_failure()
    now += 8.0
    assert not backlog.is_due()
    free = 200 * 2**20
    assert backlog.is_due(), "there is room"
    free = 1 * 2**20
    now += 60.0
    assert backlog.is_due(), "a try from time to time in any case"


@pytest.mark.parametrize("where", ["hearback.duckdb", "hearback.duckdb.wal"])
def test_a_named_pipe_in_the_place_of_the_store_or_of_its_log_is_said_at_once(tmp_path, where):
    os.mkfifo(tmp_path / where)
    began = time.monotonic()
    with pytest.raises(store_module.HearbackError, match=r"it is a named pipe, not a file\. Move it away"):
        Store(tmp_path / "hearback.duckdb")
    assert time.monotonic() - began < 10
    assert not files.is_plain(tmp_path / where)


@pytest.mark.parametrize(
    "said", ['Cannot open file "/x/a.wal": Permission denied', 'Cannot open "/x": Read-only file system']
)
def test_a_folder_that_may_only_be_read_is_said_with_what_to_do(said):
    trouble = Condition("/x/a", lambda: None).note(duckdb.IOException(f"IO Error: {said}"))
    assert str(trouble) == (
        "/x/a or what lies beside it may not be written by this user. Give this user the right to do so. "
        "Nothing was changed."
    )
