"""kill -9 between any two steps of a backup and a restore: the store that was there stands, or the new one, whole."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from data.analytics.published import Publisher
from data.backup import backing_up
from data.people import audit
from data.people.audit import Event
from data.people.rights import OURSELVES
from data.settings import ROOT, Places
from tests.data.backup.filled import fill, open_room, take
from tests.data.builders import ACME, BOLT, NOON, action, found

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="steps are named by their open files"),
]
BEFORE = [Event.LOGIN, Event.EXPORT, Event.LOGOUT]  # what the audit log of the backup tells
EVERY = [pytest.param("few"), pytest.param("all", marks=pytest.mark.soak)]


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """A data folder, published and backed up, in which people went on."""
    root = tmp_path_factory.mktemp("ground")
    room = fill(open_room(Places(root / "kept")))
    with closing(room.store):
        Publisher(room.store, room.places.published).publish()
        for event in BEFORE:
            audit.note(room.places, event, "ana")
        backing_up.make(room.store, room.places, root / "backup", OURSELVES, lambda: NOON)
        take(room, found(8))
        room.record(action("note", 8, body="after the backup"))
        room.listen_for(ACME, BOLT)
        (room.places.cursors / "test.json").write_text(json.dumps({"newest": "test:8"}))
        (room.places.cursors / "later.json").write_text("{}")
    return root


def after_kills(ground, what, steps):
    """What stands at the end of the work, and after a kill before each of its steps."""
    words = [sys.executable, "-m", "tests.data.backup.killing", what, str(ground), steps]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    (ground / "steps.txt").unlink()
    assert done.returncode == 0, done.stderr
    end, *killed = map(json.loads, done.stdout.splitlines())
    assert len(killed) > 5
    return end, killed


@pytest.mark.parametrize("steps", EVERY)
def test_a_backup_that_was_killed_is_none_and_harms_nothing(ground, steps):
    end, killed = after_kills(ground, "backup", steps)
    [verdict] = end["backup"]
    assert verdict == "new: whole, 8 mentions"
    for one in killed:
        assert (one["state"], one["aside"]) == (end["state"], []), one["call"]
        for verdict in one["backup"]:
            is_whole = verdict.endswith(": whole, 8 mentions")
            assert is_whole or verdict.startswith("new.part: "), one["call"]
            assert is_whole or "The backup was cut off" in verdict, one["call"]


@pytest.mark.parametrize("steps", EVERY)
@pytest.mark.parametrize("what", ["restore", "copy"])
def test_after_a_restore_that_was_killed_one_store_stands_with_all_that_belongs_to_it(ground, what, steps):
    end, killed = after_kills(ground, what, steps)
    states = [one["state"] for one in killed]
    [before] = set(states) - {end["state"]}
    assert states == sorted(states, key=[before, end["state"]].index), "once decided, it is decided"
    assert "after the backup" in before
    assert "after the backup" not in end["state"]
    for one in killed:
        assert one["left"] == [], one["call"]
        is_new = one["state"] == end["state"]
        assert one["aside"] == (end["aside"] if is_new else []), one["call"]
        assert one.get("kept") == (8 if is_new else None), one["call"]
        assert one["logs"][0] in ([*BEFORE, "backup"], [*BEFORE, "backup", "restore"]), one["call"]
    assert states.count(end["state"]) > 2


@pytest.mark.parametrize("steps", EVERY)
def test_the_audit_log_of_a_folder_that_was_lost_comes_back_whole_or_not_at_all(ground, steps):
    end, killed = after_kills(ground, "lost", steps)
    assert end["logs"][1] == [*BEFORE, "restore"]
    logs = [one["logs"][1] for one in killed]
    grown = [[], BEFORE, end["logs"][1]]
    assert logs == sorted(logs, key=grown.index), "it only grows"
    assert end["logs"][1] in logs
