"""Backups on schedule: when, how many stay, what is said when one fails, and what a command asks for."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta

import pytest

from data.backup import backing_up, manifest, pruning, requests
from data.backup.requests import CopyOutcome
from data.backup.schedule import BackupSchedule
from data.models import HearbackError
from data.people import audit
from data.people.rights import Actor, Role, lead
from data.retention import erased
from data.settings import Places
from data.setup import BackupPlan, parse
from tests.data.backup.filled import reseal, take
from tests.data.builders import HOUR, NOON

DAY = timedelta(days=1)


class Time:
    """Two clocks that a test sets."""

    def __init__(self):
        self.now, self.seconds = NOON, 1000.0

    def pass_by(self, length):
        self.now += length
        self.seconds += length.total_seconds()


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def target(tmp_path):
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups"


@pytest.fixture
def plan(room, target):
    """A schedule of every day that keeps two."""
    with room.places.setup.open("a") as file:
        file.write(f'\n[backup]\nfolder = "{target}"\nevery_hours = 24\nkeep = 2\n')


@pytest.fixture
def backups(room, time):
    return BackupSchedule(room.store, room.places, lambda: time.now, lambda: time.seconds)


@pytest.fixture
def ours(room):
    return pruning.installation(room.places)


def names(target):
    return sorted(path.name for path in target.iterdir())


def scheduled(ours, *days):
    """The names of the backups that were made on these days at noon."""
    return [pruning.name(ours, NOON + day * DAY) for day in days]


def test_without_a_table_there_is_no_schedule_and_no_trouble(backups):
    backups.round()
    assert backups.state() == {"schedule": "no schedule", "newest": None, "trouble": None}


def test_one_is_made_when_it_is_due_and_so_many_are_kept(backups, plan, target, time, room, ours):
    (target / "hearback-of-mine").mkdir()
    (target / "notes.txt").write_text("mine")
    mine = names(target)
    for _ in range(4):
        backups.round()
        time.pass_by(DAY - timedelta(minutes=1))
        backups.round()
        time.pass_by(timedelta(minutes=1))
    assert names(target) == sorted([*scheduled(ours, 2, 3), *mine])
    assert scheduled(ours, 2) == [f"hearback-20261122T120000-{ours[:8]}"]
    assert backups.state() == {
        "schedule": "every 24 hours", "newest": (NOON + 3 * DAY).isoformat(), "trouble": None,
    }  # fmt: skip
    assert {one.by for one in audit.entries(room.places)} == {"system"}
    assert all(manifest.verify(one.folder) for one in pruning.kept(target, ours))


def test_what_another_installation_or_a_person_made_there_stays_whatever_its_name(
    backups, plan, target, time, room, ours, tmp_path
):
    """The other one was made from a backup of ours, so its store has the same identity."""
    backups.round()
    other = pruning.installation(Places(tmp_path / "other"))
    foreign = shutil.copytree(target / pruning.name(ours, NOON), target / pruning.name(other, NOON))
    reseal(foreign, scheduled_as=pruning.mark(other, foreign.name))
    unmarked = shutil.copytree(target / pruning.name(ours, NOON), target / "hearback-20261101T120000")
    reseal(unmarked, scheduled_as=None)
    by_hand = target / pruning.name(ours, NOON - DAY)
    backing_up.make(room.store, room.places, by_hand, lead("ana"), lambda: NOON)
    copied = shutil.copytree(target / pruning.name(ours, NOON), target / pruning.name(ours, NOON - 2 * DAY))
    begun = target / f"{pruning.name(other, NOON)}.part"
    begun.mkdir()
    for _ in range(4):
        time.pass_by(DAY)
        backups.round()
    stayed = {one.name for one in (foreign, unmarked, by_hand, copied, begun)}
    assert names(target) == sorted({*scheduled(ours, 3, 4), *stayed})


def test_what_another_installation_made_there_does_not_put_ours_off(backups, plan, target, time, tmp_path, ours):
    backups.round()
    other = pruning.installation(Places(tmp_path / "other"))
    (target / pruning.name(ours, NOON)).rename(target / pruning.name(other, NOON))
    reseal(target / pruning.name(other, NOON), scheduled_as=pruning.mark(other, pruning.name(other, NOON)))
    time.pass_by(HOUR)
    again = BackupSchedule(backups._store, backups._here, lambda: time.now, lambda: time.seconds)
    again.round()
    assert again.state()["newest"] == (NOON + HOUR).isoformat()
    assert len(names(target)) == 2


def test_a_manifest_of_an_earlier_version_says_nothing_of_a_schedule(backups, plan, target, ours):
    backups.round()
    [made] = target.iterdir()
    told = json.loads((made / "backup.json").read_text())
    del told["seal"], told["scheduled_as"]
    (made / "backup.json").write_text(json.dumps(told | {"seal": manifest._seal(told)}))
    assert manifest.verify(made).scheduled_as is None
    assert pruning.kept(target, ours) == []


def test_an_installation_is_known_again_and_goes_into_no_backup(room, ours, tmp_path):
    assert pruning.installation(room.places) == ours
    made = backing_up.make(room.store, room.places, tmp_path / "backup", lead("ana"))
    assert "hearback.installation" not in str(made.files)
    room.places.installation.write_text("")  # as a hand left it
    assert pruning.installation(room.places) == pruning.installation(room.places) != ours


def test_after_a_restart_the_newest_one_counts(backups, plan, target, time, room):
    backups.round()
    time.pass_by(HOUR)
    again = BackupSchedule(room.store, room.places, lambda: time.now, lambda: time.seconds)
    again.round()
    assert len(names(target)) == 1
    assert again.state()["newest"] == NOON.isoformat()


def test_a_clock_that_was_set_back_makes_one_more_and_not_one_after_the_other(backups, plan, target, time, room):
    backups.round()
    time.now -= 9 * DAY
    again = BackupSchedule(room.store, room.places, lambda: time.now, lambda: time.seconds)
    for _ in range(50):
        again.round()
        time.pass_by(timedelta(minutes=1))
    assert len(names(target)) == 2


def test_one_that_fails_is_told_tried_again_later_and_removes_none(backups, plan, target, time, monkeypatch, ours):
    backups.round()
    time.pass_by(DAY)

    def refused(*_):
        raise OSError(28, "No space left on device", str(target))

    tries = []
    monkeypatch.setattr(manifest, "seal", lambda *_: (tries.append(time.now), refused()))
    for _ in range(20):
        backups.round()
        time.pass_by(timedelta(minutes=1))
    assert "No backup was made: no room is left for " in backups.state()["trouble"]
    assert backups.state()["newest"] == NOON.isoformat()
    assert len(tries) == 2
    assert names(target) == scheduled(ours, 0)
    monkeypatch.undo()
    time.pass_by(timedelta(minutes=15))
    backups.round()
    assert backups.state()["trouble"] is None
    assert len(names(target)) == 2


def test_a_folder_that_is_not_there_is_told_and_not_made(backups, plan, target, time):
    shutil.rmtree(target)
    backups.round()
    assert "the folder of the backups, is not there. Make it, or mount its disk." in backups.state()["trouble"]
    assert not target.exists()
    target.mkdir()
    time.pass_by(timedelta(minutes=16))
    backups.round()
    assert backups.state()["trouble"] is None


def test_what_a_kill_left_of_one_goes_with_the_next(backups, plan, target, ours):
    (target / f"{pruning.name(ours, NOON - DAY)}.part" / "store").mkdir(parents=True)
    (target / "other.part").mkdir()
    backups.round()
    assert names(target) == [*scheduled(ours, 0), "other.part"]


def test_while_setup_cannot_be_read_the_plan_of_before_stands(backups, plan, target, time, room):
    backups.round()
    room.places.setup.write_text("[[brand]\n")
    time.pass_by(DAY)
    backups.round()
    assert len(names(target)) == 2


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("backup = 7\n", 'written as a [backup] table with a folder = "..."'),
        ("[backup]\n", "[backup] needs a folder"),
        ('[backup]\nfolder = "backups"\n', "[backup] needs a folder"),
        ('[backup]\nfolder = "/b"\nevery_hours = "1"\n', "every_hours must be a number of hours"),
        ('[backup]\nfolder = "/b"\nevery_hours = 0\n', "every_hours must be a number of hours"),
        ('[backup]\nfolder = "/b"\nevery_hours = nan\n', "every_hours must be a number of hours"),
        ('[backup]\nfolder = "/b"\nkeep = 0\n', "keep must be a whole number"),
        ('[backup]\nfolder = "/b"\nkeep = true\n', "keep must be a whole number"),
        ('[backup]\nfolder = "/b"\nevery_hour = 3\n', "'every_hour' is written 'every_hours'"),
        ('[backups]\nfolder = "/b"\n', "'backups' is written 'backup'"),
        ('[backup]\nfolder = "~nobody/x"\n', "[backup] needs a folder"),
    ],
)
def test_a_table_that_cannot_be_followed_is_told_in_a_sentence(table, says):
    with pytest.raises(HearbackError) as told:
        parse(table)
    assert says in str(told.value)


def test_the_usual_is_every_day_and_seven():
    plan = parse('[backup]\nfolder = "/mnt/backups"\n').backup
    assert (str(plan.folder), plan.every, plan.keep) == ("/mnt/backups", DAY, 7)
    assert isinstance(plan, BackupPlan)


# What a command asks for


def asked(room, what, by=None, folder=None):
    """What the app would do with a request, with no process between."""
    request = requests.CopyRequest(what, str(folder or ""), *_who(by or lead("ana")), requests.os.getpid())
    (room.places.requests).mkdir(exist_ok=True)
    (room.places.requests / "one.request").write_text(requests.json.dumps(requests.asdict(request)))


def _who(by):
    return by.name, by.role.value, by.person_id


def outcome(room):
    [done] = room.places.requests.glob("*.done")
    return CopyOutcome(**requests.json.loads(done.read_text()))


def test_what_is_asked_for_is_done_and_told(backups, room, tmp_path):
    backups.round()
    asked(room, "backup", folder=tmp_path / "by-hand")
    backups.round()
    assert "holds 5 rows of mention" in outcome(room).said
    assert manifest.verify(tmp_path / "by-hand").mentions == 5
    assert [one.by for one in audit.entries(room.places)] == ["ana"]
    assert not list(room.places.requests.glob("*.taken"))


@pytest.mark.parametrize(
    ("what", "by", "says"),
    [
        ("backup", Actor("ben", Role.AGENT), "Only a lead may make backups"),
        ("mood", lead("ana"), "does not know 'mood'"),
    ],
)
def test_what_may_not_be_or_is_not_known_is_told(backups, room, tmp_path, what, by, says):
    backups.round()
    asked(room, what, by, tmp_path / "by-hand")
    backups.round()
    assert says in outcome(room).trouble
    assert not (tmp_path / "by-hand").exists()


def test_a_check_says_what_is_wrong(backups, room):
    backups.round()
    with room.store.write() as transaction:
        transaction.run("DELETE FROM queue WHERE mention_id = 'test:4'")
    asked(room, "check")
    backups.round()
    assert outcome(room).trouble.endswith("stand in no queue: 1.")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"what": "backup"}'])
def test_what_is_no_request_is_removed(backups, room, content):
    backups.round()
    room.places.requests.mkdir(exist_ok=True)
    (room.places.requests / "one.request").write_text(content)
    backups.round()
    assert list(room.places.requests.iterdir()) == []


def test_what_a_killed_app_left_is_removed_at_the_start_and_the_list_of_what_was_erased_is_caught_up(backups, room):
    take(room, gone=["test:1"])
    (room.places.erased / erased.FILE).unlink()
    room.places.requests.mkdir()
    (room.places.requests / "one.taken").write_text("{}")
    (room.places.requests / "one.done").write_text("{}")
    backups.round()
    assert list(room.places.requests.iterdir()) == []
    assert list(erased.read(room.places.erased).ids) == [erased.digest("test:1")]


def test_an_app_that_ended_is_told(places):
    with pytest.raises(HearbackError, match=r"The app \(process 99999999\) ended before the check was done"):
        requests.ask(places, "check", lead("ana"), 99_999_999)
    assert list(places.requests.iterdir()) == []


def test_an_app_that_takes_nothing_up_is_told(places, monkeypatch):
    monkeypatch.setattr(requests, "TAKEN_WITHIN", 0.0)
    with pytest.raises(HearbackError, match="does not take up the check"):
        requests.ask(places, "check", lead("ana"), requests.os.getpid())
    assert list(places.requests.iterdir()) == []
