"""A backup that is not as it was written is refused with the reason, and nothing is changed."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from data.backup import backing_up, manifest, putting_back
from data.models import HearbackError
from data.people.rights import OURSELVES
from data.settings import Places
from tests.data.backup.filled import everything, fill, open_room, reseal
from tests.data.builders import NOON, RANKING


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A backup, made once."""
    root = tmp_path_factory.mktemp("whole")
    room = fill(open_room(Places(root / "kept")))
    backing_up.make(room.store, room.places, root / "backup", OURSELVES)
    room.store.close()
    return root / "backup"


@pytest.fixture
def backup(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "backup")


def change_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def link_to(folder):
    """Put a link in the place of a folder, which lies elsewhere then."""
    folder.symlink_to(folder.rename(folder.parent.with_name("there")))


SPOILT = {
    "no manifest": (lambda backup: (backup / "backup.json").unlink(), "it holds no backup.json, which is written last"),
    "a missing table": (lambda backup: (backup / "store/score.parquet").unlink(), "it lacks store/score.parquet"),
    "a missing file": (lambda backup: (backup / "folder/setup.toml").unlink(), "it lacks folder/setup.toml"),
    "a shortened file": (
        lambda backup: os.truncate(backup / "store/mention.parquet", 700), "mention.parquet is damaged: it has 700 b"
    ),
    "a changed byte": (
        lambda backup: change_a_byte(backup / "store/action.parquet"), "its content is not what was written"
    ),
    "a changed byte beside": (
        lambda backup: change_a_byte(backup / "folder/cursors/test.json"), "its content is not what was written"
    ),
    "a changed manifest": (lambda backup: change_a_byte(backup / "backup.json"), "backup.json is damaged"),
    "a shortened manifest": (lambda backup: os.truncate(backup / "backup.json", 90), "it is no JSON"),
    "a list for a manifest": (lambda backup: (backup / "backup.json").write_text("[]"), "it is no JSON"),
    "no numbers": (lambda backup: reseal(backup, tables=7), "it does not tell what a backup is"),
    "a path outside": (
        lambda backup: reseal(backup, files={"../x": {"size": 1, "sha256": ""}}), "it does not tell what a backup is"
    ),
    "a newer format": (lambda backup: reseal(backup, format=2), "was written by a newer Hearback. Update this copy"),
    "a newer store": (
        lambda backup: reseal(backup, migrations=["001_start.sql", "999_tomorrow.sql"]),
        r"was written by a newer Hearback (999_tomorrow.sql). Update this copy first.",
    ),
    "fewer rows than it says": (
        lambda backup: reseal(
            backup, tables=json.loads((backup / "backup.json").read_text())["tables"] | {"mention": 6}
        ),
        "mention.parquet holds 5 rows instead of 6",
    ),
    "a named pipe": (
        lambda backup: ((backup / "store/run.parquet").unlink(), os.mkfifo(backup / "store/run.parquet")),
        "run.parquet is damaged: it has 0 bytes",
    ),
    "a key that it does not list": (
        lambda backup: (backup / "folder/people/key").write_text("another's"),
        "folder/people/key lies in the backup's folder, but backup.json does not list it. Nothing was changed. Move it",
    ),
    "two files that it does not list": (
        lambda backup: [(backup / "folder/cursors" / name).write_text("{}") for name in ("x.json", "y.json")],
        "folder/cursors/x.json (and 1 more) lies in the backup's folder",
    ),
    "a note beside the manifest": (
        lambda backup: (backup / "note.txt").write_text("mine"), "note.txt lies in the backup's folder"
    ),
    "a name of two lines": (
        lambda backup: (backup / "folder/outbox/a\nb").write_text("x"), r"outbox/a\nb lies in the backup's folder"
    ),
    "another named pipe": (lambda backup: os.mkfifo(backup / "folder/pipe"), "folder/pipe lies in the backup's folder"),
    "a link to a file": (
        lambda backup: (backup / "folder/people/key").symlink_to("people.json"), "folder/people/key lies in the backup"
    ),
    "a link in the place of a folder": (
        lambda backup: link_to(backup / "folder"), "backup/folder lies in the backup's folder, but backup.json does"
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("only_look", [False, True], ids=["restored", "looked at"])
def test_it_is_refused_with_its_reason(backup, tmp_path, how, only_look):
    spoil, said = SPOILT[how]
    spoil(backup)
    here = Places(tmp_path / "here")
    room = open_room(here)
    room.store.close()
    before = everything(here)
    with pytest.raises(HearbackError) as refused:
        putting_back.restore(backup, here, RANKING, NOON, by=OURSELVES, only_look=only_look)
    assert said in str(refused.value)
    assert everything(here) == before
    assert not here.restoring.exists()


def test_a_whole_one_is_read_back_as_it_was_written(backup):
    assert manifest.verify(backup) == manifest.read(backup)


def test_a_folder_in_which_nothing_lies_and_a_link_to_the_backup_itself_do_no_harm(backup, tmp_path):
    (backup / "folder" / "empty").mkdir()
    (tmp_path / "link").symlink_to(backup)
    assert manifest.verify(tmp_path / "link") == manifest.read(backup)


def test_what_is_no_folder_is_told(tmp_path):
    with pytest.raises(HearbackError, match="is no folder"):
        manifest.verify(tmp_path / "nothing")
