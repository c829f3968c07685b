"""Files put in place: whole and synced, or the old one stays and nothing half written is left."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from data import files
from tests.odd_things import ODD

ROOT = Path(__file__).resolve().parent.parent.parent
OLD, NEW = b"the old file", b"the new file, which is longer"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kept" / "cursor.json"


@pytest.fixture
def disk(monkeypatch):
    """What is asked of the disk, in order: ("sync", name) and ("rename", from, to)."""
    asked, sync, rename = [], os.fsync, Path.replace

    def synced(descriptor):
        asked.append(("sync", Path(f"/proc/self/fd/{descriptor}").readlink().name))
        sync(descriptor)

    def renamed(self, target):
        asked.append(("rename", self.name, Path(target).name))
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    return asked


def run(script, *arguments):
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False
    )


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_synced_before_it_is_put_in_place_and_its_folder_after(path, disk):
    path.parent.mkdir()
    assert files.write(path, NEW) == path
    assert path.read_bytes() == NEW
    assert disk == [("sync", "cursor.json.part"), ("rename", "cursor.json.part", "cursor.json"), ("sync", "kept")]


def test_a_folder_that_is_made_for_a_file_lasts_as_the_file_does(tmp_path, disk):
    files.write(tmp_path / "one" / "two" / "file", NEW)
    assert disk[:2] == [("sync", tmp_path.name), ("sync", "one")]


def test_a_file_may_be_written_in_portions(path):
    files.write(path, lambda file: file.writelines([b"one\n", b"two\n"]))
    assert path.read_bytes() == b"one\ntwo\n"


def test_a_file_that_was_laid_is_not_in_place_until_it_replaces_the_old_one(path):
    files.write(path, OLD)
    laid = files.lay(path, NEW)
    assert path.read_bytes() == OLD
    assert files.replace(laid, path) == path
    assert path.read_bytes() == NEW
    assert names(path.parent) == [path.name]


def test_a_folder_is_put_in_place_as_a_file_is(tmp_path, disk):
    (tmp_path / "set.part").mkdir()
    files.replace(tmp_path / "set.part", tmp_path / "set")
    assert disk == [("rename", "set.part", "set"), ("sync", tmp_path.name)]
    assert names(tmp_path) == ["set"]


FULL = """
import resource, signal, sys
from pathlib import Path
from data import files
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
many = b"x" * 10_000
content = {"bytes": many, "portions": lambda file: [file.write(b"y" * 100) for _ in range(100)]}[sys.argv[2]]
try:
    files.write(Path(sys.argv[1]), content)
except OSError as trouble:
    print(trouble.errno)
"""


@pytest.mark.parametrize("content", ["bytes", "portions"])
def test_on_a_full_disk_the_old_file_stays_and_nothing_half_written_is_left(path, content):
    files.write(path, OLD)
    done = run(FULL, path, content)
    assert done.stdout.split() == [str(errno.EFBIG)]
    assert path.read_bytes() == OLD
    assert names(path.parent) == [path.name]


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space left"), ValueError("no such row"), SystemExit()])
def test_what_fails_while_a_file_is_written_leaves_nothing_of_it(path, fault):
    files.write(path, OLD)

    def breaks(file):
        file.write(NEW)
        raise fault

    with pytest.raises(type(fault)):
        files.write(path, breaks)
    assert path.read_bytes() == OLD
    assert names(path.parent) == [path.name]


def test_a_file_that_cannot_be_put_in_place_is_not_left_beside_it(path):
    path.mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        files.write(path, NEW)
    assert names(path.parent) == [path.name]


KILLED = """
import os, signal, sys
from pathlib import Path
from data import files
Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
files.write(Path(sys.argv[1]), b"the new file, which is longer")
"""


def test_a_process_killed_before_the_rename_leaves_the_old_file_whole_and_the_next_write_goes_well(path):
    files.write(path, OLD)
    assert run(KILLED, path).returncode == -9
    assert path.read_bytes() == OLD
    assert files.beside(path).read_bytes() == NEW, "it was killed between the two"
    files.write(path, NEW)
    assert path.read_bytes() == NEW
    assert names(path.parent) == [path.name]


def test_a_removed_file_does_not_come_back(path, disk):
    files.write(path, OLD)
    disk.clear()
    files.remove(path)
    assert not path.exists()
    assert disk == [("sync", "kept")]


def test_a_file_that_is_gone_is_removed_only_by_who_said_so(path, disk):
    path.parent.mkdir()
    files.remove(path, missing_ok=True)
    assert not disk, "nothing was done that the disk must keep"
    with pytest.raises(FileNotFoundError):
        files.remove(path)


@pytest.mark.parametrize("said", [errno.EINVAL, errno.ENOTSUP])
def test_a_disk_that_cannot_sync_folders_keeps_files_all_the_same(path, monkeypatch, said):
    sync = os.fsync

    def refused(descriptor):
        if Path(f"/proc/self/fd/{descriptor}").is_dir():
            raise OSError(said, os.strerror(said))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", refused)
    files.write(path, NEW)
    assert path.read_bytes() == NEW


def test_a_disk_that_fails_to_keep_a_rename_is_told(path, monkeypatch):
    path.parent.mkdir()
    sync = os.fsync

    def broken(descriptor):
        if Path(f"/proc/self/fd/{descriptor}").is_dir():
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="error"):
        files.write(path, NEW)
    assert names(path.parent) == [path.name]


@pytest.mark.parametrize("odd", ODD)
def test_only_a_regular_file_is_opened_and_nobody_is_waited_for(tmp_path, odd):
    path = tmp_path / "kept" / "cursor.json"
    path.parent.mkdir()
    ODD[odd](path)
    for ask in (files.opened, files.read, files.read_json, files.opened_lock):
        with pytest.raises(files.NotAFile, match=r"not a file|Is a directory"):
            ask(path)
    assert files.plain(path.parent, ".json") == []
    assert files.named(path.parent, ".json") == [path]


def test_a_link_to_a_file_is_followed_only_where_people_may_lay_one(tmp_path):
    path = tmp_path / "setup.toml"
    path.symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(files.NotAFile, match="it is a link"):
        files.read(path, linked=True)
    (tmp_path / "elsewhere.toml").write_bytes(NEW)
    assert files.read(path, linked=True) == NEW
    with pytest.raises(files.NotAFile, match="it is a link"):
        files.read(path)


def test_a_file_larger_than_any_of_ours_is_not_read_whole(path):
    files.write(path, b"12345")
    assert files.read(path, most=5) == b"12345"
    with pytest.raises(files.TooLarge, match="more than the 4 bytes"):
        files.read(path, most=4)


@pytest.mark.parametrize("what", ["read", "write", "sync"])
def test_what_a_disk_refuses_of_an_open_file_is_told_with_its_name(path, monkeypatch, what):
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"said")

    def refused(*_):
        raise OSError(errno.EIO, "Input/output error")

    class Refusing(io.BytesIO):
        read = refused

    monkeypatch.setattr(files, "opened", lambda *_, **__: Refusing())
    monkeypatch.setattr(os, "fsync", refused)
    do = {"read": files.read, "write": lambda place: files.write(place, b"new"), "sync": files.sync}[what]
    with pytest.raises(OSError, match="Input/output error") as told:
        do(path)
    assert told.value.filename == str(path)
    assert path.read_bytes() == b"said"


def test_json_nested_without_end_is_no_json(path):
    files.write(path, b"[" * 200_000)
    with pytest.raises(ValueError, match="nested"):
        files.read_json(path)


@pytest.mark.parametrize("odd", [name for name in ODD if name != "a folder"])
def test_a_file_is_written_whatever_lies_in_the_place_of_its_unfinished_one(path, odd):
    path.parent.mkdir()
    ODD[odd](files.beside(path))
    files.write(path, NEW)
    assert path.read_bytes() == NEW
    assert names(path.parent) == [path.name]
    if odd == "a link outside":
        assert (path.parent.parent / "outside.txt").read_text() == "a secret of somebody else's\n"


def test_a_folder_in_the_way_is_an_error_and_stays(path):
    ODD["a folder"](files.beside(path))
    with pytest.raises(OSError, match=r"director|permitted"):
        files.write(path, NEW)
    assert files.beside(path).is_dir()


@pytest.mark.parametrize("odd", ODD)
def test_anything_is_set_aside_by_its_name(tmp_path, odd):
    path = tmp_path / "kept" / "batch.jsonl"
    path.parent.mkdir()
    for ending in (".rejected", ".2.rejected"):
        ODD[odd](path)
        assert files.set_aside(path).name == f"batch.jsonl{ending}"
        assert not os.path.lexists(path)


@pytest.mark.parametrize("name", [b"\xff\xfe.jsonl", b"a" * 249 + b".jsonl", "ü".encode() * 124 + b".jsonl"])
def test_a_name_that_is_no_text_or_too_long_for_an_ending_is_set_aside_all_the_same(tmp_path, name):
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(NEW)
    aside = files.set_aside(path)
    assert aside.read_bytes() == NEW
    assert aside.name.endswith(".rejected")
    aside.name.encode()


def test_a_folder_that_is_none_is_told_and_one_that_is_missing_is_empty(tmp_path):
    assert files.named(tmp_path / "incoming", ".jsonl") == []
    (tmp_path / "incoming").write_text("")
    with pytest.raises(NotADirectoryError):
        files.named(tmp_path / "incoming", ".jsonl")
    (tmp_path / "linked").symlink_to(tmp_path / "nothing")
    with pytest.raises(FileNotFoundError):
        files.named(tmp_path / "linked", ".jsonl")


@pytest.fixture(params=[0o000, 0o022, 0o777], ids=["open", "usual", "shut"])
def umask(request):
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(root):
    return {path.name: path.stat().st_mode & 0o777 for path in root.rglob("*")}


@pytest.mark.usefixtures("umask")
def test_files_and_folders_are_open_to_their_user_only_whatever_the_umask(tmp_path):
    files.write(tmp_path / "one" / "two" / "file", NEW)
    files.opened_lock(tmp_path / "locks" / "lock").close()
    files.create(tmp_path / "one" / "made").close()
    files.folder(tmp_path / "empty")
    folders, kept = (
        dict.fromkeys(("one", "two", "locks", "empty"), 0o700),
        dict.fromkeys(("file", "lock", "made"), 0o600),
    )
    assert modes(tmp_path) == folders | kept


def test_what_an_earlier_version_left_open_is_closed_and_links_are_not_followed(tmp_path):
    (tmp_path / "kept" / "in").mkdir(parents=True)
    (tmp_path / "kept" / "in" / "file").write_bytes(OLD)
    (tmp_path / "theirs").write_bytes(OLD)
    (tmp_path / "kept" / "link").symlink_to(tmp_path / "theirs")
    for path in tmp_path.rglob("*"):
        path.chmod(0o777)
    files.tighten(files.within(tmp_path / "kept"))
    assert modes(tmp_path) == {"kept": 0o700, "in": 0o700, "file": 0o600, "link": 0o777, "theirs": 0o777}
