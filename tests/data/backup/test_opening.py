"""Opening the store: a copy before an update, nobody beside a restore, and sentences where it cannot be."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from data.backup import manifest, opening, placing
from data.backup.manifest import Made
from data.models import HearbackError
from data.settings import ROOT
from data.store.opening import StoreIsHeld
from data.store.store import Store, UpdateNeeded
from tests import old_folder
from tests.data.store.test_store import HOLD
from tests.full_disk import FullDisk

OPEN = """
import sys
from pathlib import Path
from data.backup.opening import open_store
from data.cli import to_its_end
from data.settings import Places
sys.exit(to_its_end(lambda: open_store(Places(Path(sys.argv[1]))).close() or 0))
"""


@pytest.fixture
def old(tmp_path):
    """The data folder of an earlier version."""
    return old_folder.unpack(tmp_path / "old")[0]


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name.startswith("hearback.duckdb")}


def opened_by_another(here, **environment):
    words = [sys.executable, "-c", OPEN, str(here.root)]
    return subprocess.run(
        words, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_store_of_an_earlier_version_is_copied_before_it_is_brought_up_to_date(old):
    with pytest.raises(UpdateNeeded):
        Store(old.store, update=False)  # opening it took in its log; nothing else
    before = bytes_of(old.root)
    opening.open_store(old).close()
    assert bytes_of(old.root) != before
    [copy] = old.before_update.iterdir()
    assert bytes_of(copy) == before
    made = manifest.verify(copy)
    assert (made.made_of, set(made.files)) == (Made.STORE_FILE, set(before))
    assert {path.stat().st_mode & 0o077 for path in copy.iterdir()} == {0}
    opening.open_store(old).close()
    assert list(old.before_update.iterdir()) == [copy]


def test_only_the_newest_copy_stays(old):
    (old.before_update / "20200101T000000000000").mkdir(parents=True)
    opening.open_store(old).close()
    [copy] = old.before_update.iterdir()
    assert copy.name > "2020"
    assert manifest.verify(copy)


def test_a_new_store_and_one_of_this_version_are_not_copied(places):
    for _ in range(2):
        opening.open_store(places).close()
    assert not places.before_update.exists()


def test_a_store_of_a_newer_version_is_refused_as_ever_and_not_copied(places):
    store = Store(places.store)
    with store.write() as transaction:
        transaction.run("INSERT INTO migration VALUES ('999_tomorrow.sql')")
    store.close()
    with pytest.raises(HearbackError, match=r"written by a newer Hearback \(999_tomorrow\.sql\)"):
        opening.open_store(places)
    assert not places.before_update.exists()


def test_where_it_cannot_be_copied_for_want_of_room_the_start_is_refused_and_nothing_changed(old, tmp_path):
    disk = FullDisk(tmp_path)
    with pytest.raises(UpdateNeeded):
        Store(old.store, update=False)
    before = bytes_of(old.root)
    disk.fill(f"{old.before_update}/*")
    refused = opened_by_another(old, **disk.environment)
    assert refused.returncode == 1
    assert f"There is no room for it in {old.before_update} (No space left on device). Nothing was changed." in (
        refused.stderr
    )
    assert bytes_of(old.root) == before
    assert list(old.before_update.iterdir()) == []
    disk.make_room()
    assert opened_by_another(old, **disk.environment).returncode == 0
    assert len(list(old.before_update.iterdir())) == 1


def test_where_something_else_lies_in_its_place_the_start_is_refused(old):
    old.before_update.write_text("a file")
    with pytest.raises(HearbackError, match=r"is copied before it is brought up to date.*before-update is no folder"):
        opening.open_store(old)
    with pytest.raises(UpdateNeeded):
        Store(old.store, update=False)


def test_a_store_that_another_process_has_is_told_as_held(places):
    opening.open_store(places).close()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(places.store)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreIsHeld) as held:
            opening.open_store(places)
        assert held.value.holder == holder.pid
    finally:
        holder.kill()
        holder.communicate()


def test_during_a_restore_it_is_held_by_whoever_restores(places, monkeypatch):
    opening.open_store(places).close()
    monkeypatch.setattr(placing, "PATIENCE", 0.1)
    with placing.lock(places), pytest.raises(StoreIsHeld) as held:
        opening.open_store(places)
    assert held.value.holder == os.getpid()


def test_what_was_decided_and_not_ended_is_ended_and_what_was_not_is_removed(places):
    opening.open_store(places).close()
    laid_out = placing.begin(places)
    laid_out.setup.write_text("# new")
    opening.open_store(places).close()
    assert (places.restoring.exists(), places.setup.exists()) == (False, False)
    laid_out = placing.begin(places)
    laid_out.setup.write_text("# new")
    places.setup.write_text("# old")
    (places.restoring / placing.JOURNAL).write_text(
        '{"moves": [{"name": "setup.toml", "aside": "setup.toml.aside-1", "endings": []}]}'
    )
    opening.open_store(places).close()
    assert places.setup.read_text() == "# new"
    assert places.setup.with_name("setup.toml.aside-1").read_text() == "# old"
    assert not places.restoring.exists()
