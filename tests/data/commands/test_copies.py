"""`python -m data backup`, `restore` and `check` as real processes, with and without an app that holds the store."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from functools import partial

import pytest

from data.backup import manifest
from data.settings import ROOT
from data.spool.batches import drop
from data.store.store import Store
from tests.data.backup.filled import fill, open_room
from tests.data.builders import NOON, found
from tests.data.commands.test_commands import command
from tests.full_disk import FullDisk

APP = """
import sys
from pathlib import Path
from dashboard.runtime import open_runtime
from data.settings import Places
runtime = open_runtime(Places(Path(sys.argv[1])), listen=False)
print("runs", flush=True)
sys.stdin.readline()
runtime.close()
"""


@pytest.fixture
def places(places):
    room = fill(open_room(places))
    room.store.close()
    (places.setup).write_text(places.setup.read_text() + "\n[sources.hackernews]\non = false\n")
    return places


@pytest.fixture
def run(places):
    return partial(command, places)


@contextmanager
def app(places, **environment):
    """The app of a data folder, without its pages."""
    running = subprocess.Popen(
        [sys.executable, "-c", APP, str(places.root)],
        cwd=ROOT, env=os.environ | environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert running.stdout.readline() == b"runs\n"
        yield running
        running.communicate(b"\n", timeout=60)
        assert running.returncode == 0
    finally:
        running.kill()
        running.communicate()


def mentions(places):
    store = Store(places.store)
    with store.read() as reading:
        many = reading.value("SELECT count(*) FROM mention")
    store.close()
    return many


def test_a_backup_is_made_checked_and_restored(places, run, tmp_path):
    made = run("backup", str(tmp_path / "backup"))
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.startswith(f"The backup {tmp_path / 'backup'} holds 5 rows of mention, 5 rows of score, ")
    assert "Secrets are not in it" in made.stdout
    looked = run("restore", str(tmp_path / "backup"), "--check")
    assert (looked.returncode, looked.stderr) == (0, "")
    assert "is whole and can be restored" in looked.stdout
    refused = run("restore", str(tmp_path / "backup"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "add --replace" in refused.stderr
    drop(places.incoming, "test", NOON, found=[found(9)])
    run("absorb")
    assert mentions(places) == 8
    done = run("restore", str(tmp_path / "backup"), "--replace")
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)  # the former published copy is kept, and said
    assert "The store was made from the backup " in done.stdout
    assert "2 approved replies are held" not in done.stdout
    assert mentions(places) == 5
    assert run("check").returncode == 0


def test_beside_a_running_app_it_makes_the_backup_and_the_check(places, run, tmp_path):
    with app(places) as running:
        made = run("backup", str(tmp_path / "backup"))
        assert (made.returncode, made.stderr) == (0, "")
        assert manifest.verify(tmp_path / "backup").mentions in (5, 7)  # a batch waits, and is taken in sooner or later
        checked = run("check")
        assert (checked.returncode, checked.stderr) == (0, "")
        assert "Nothing is wrong with them." in checked.stdout
        looked = run("restore", str(tmp_path / "backup"), "--check")
        assert (looked.returncode, looked.stderr) == (0, "")
        refused = run("restore", str(tmp_path / "backup"), "--replace")
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr == f"Process {running.pid} works with {places.store}. Stop it, then restore.\n"
    assert list(places.requests.iterdir()) == []


def test_a_check_beside_a_running_app_says_what_is_wrong(places, run):
    store = Store(places.store)
    with store.write() as transaction:
        transaction.run("INSERT INTO suppressed VALUES (sha256('test:5'), NULL)")  # nothing mends that by itself
    store.close()
    with app(places):
        checked = run("check")
    assert checked.returncode == 1
    assert checked.stderr == "Mentions stand in it that were erased: 1.\n"
    alone = run("check")
    assert (alone.returncode, alone.stderr) == (1, checked.stderr)


def test_where_none_may_be_made_the_app_is_not_even_asked(places, run, tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    with app(places):
        for folder, says in ((tmp_path, "is not empty"), (places.root / "x", "lies in the data folder")):
            refused = run("backup", str(folder))
            assert (refused.returncode, refused.stdout) == (1, "")
            assert says in refused.stderr
    assert not places.requests.exists() or list(places.requests.iterdir()) == []
    assert run("backup", " ").returncode == 1


def test_what_is_left_of_a_backup_is_no_export(places, run, tmp_path):
    run("backup", str(tmp_path / "backup"))
    (tmp_path / "backup" / "backup.json").unlink()
    refused = run("restore", str(tmp_path / "backup"), "--replace")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "it holds no backup.json, which is written last. The backup was cut off." in refused.stderr


def test_an_export_is_looked_at_without_a_change(places, run, tmp_path):
    run("export", str(tmp_path / "out"))
    before = mentions(places)
    looked = run("restore", str(tmp_path / "out"), "--check")
    assert (looked.returncode, looked.stderr) == (0, "")
    assert "is whole and can be restored: 5 rows of mention" in looked.stdout
    assert mentions(places) == before
    assert not places.restoring.exists()


@pytest.mark.parametrize("full", ["*.parquet*", "*backup.json*", "*folder/setup.toml*"])
@pytest.mark.parametrize("with_app", [False, True], ids=["alone", "beside the app"])
def test_a_full_disk_leaves_no_backup_and_is_told(places, tmp_path, full, with_app):
    disk = FullDisk(tmp_path)
    target = tmp_path / "target"
    target.mkdir()

    def run(*arguments):
        words = [sys.executable, "-m", "data", *arguments]
        environment = os.environ | disk.environment | {"HEARBACK_DATA": str(places.root)}
        return subprocess.run(
            words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    def try_it():
        disk.fill(f"{target}/{full}")
        refused = run("backup", str(target / "backup"))
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr.startswith("No backup was made: ")
        assert "Make room on that disk, or name a folder on another one." in refused.stderr
        assert list(target.iterdir()) == []
        disk.make_room()
        assert run("backup", str(target / "backup")).returncode == 0
        assert manifest.verify(target / "backup")

    if with_app:
        with app(places, **disk.environment):
            try_it()
    else:
        try_it()


@pytest.mark.parametrize("full", ["hearback.duckdb*", "setup.toml*", "decided.json*"])
def test_a_full_disk_during_a_restore_leaves_the_store_that_was_there_and_is_told(places, run, tmp_path, full):
    assert run("backup", str(tmp_path / "backup")).returncode == 0
    disk = FullDisk(tmp_path)
    disk.fill(f"{places.restoring}/{full}")
    words = [sys.executable, "-m", "data", "restore", str(tmp_path / "backup"), "--replace"]
    environment = os.environ | disk.environment | {"HEARBACK_DATA": str(places.root)}
    refused = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "No space left on device" in refused.stderr or "No room is left" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert not places.restoring.exists()
    assert not list(places.root.glob("*.aside-*"))
    assert mentions(places) == 5
    assert run("restore", str(tmp_path / "backup"), "--replace").returncode == 0


def test_a_schedule_is_followed_and_told_by_the_runtime(places, tmp_path):
    (tmp_path / "backups").mkdir()
    places.setup.write_text(places.setup.read_text() + f'\n[backup]\nfolder = "{tmp_path / "backups"}"\n')
    script = APP.replace(
        'print("runs", flush=True)',
        "import threading, json\n"
        "from data.clock import now_in_utc\n"
        "while not (told := runtime.health(now_in_utc())[1])['backup']['newest']: threading.Event().wait(0.05)\n"
        "print(json.dumps([told['backup'], told['archiver']]), flush=True)",
    )
    words = [sys.executable, "-c", script, str(places.root)]
    done = subprocess.run(words, cwd=ROOT, input="\n", capture_output=True, text=True, check=True)
    backup, thread = json.loads(done.stdout)
    [made] = (tmp_path / "backups").iterdir()
    assert manifest.read(made).created_at.isoformat() == backup["newest"]
    assert (backup["schedule"], backup["trouble"], thread) == ("every 24 hours", None, "ok")
