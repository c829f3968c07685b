"""Locks between processes: one holder, told by name, and free when that process ends however it ends."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from data import locks

ROOT = Path(__file__).resolve().parent.parent.parent
HOLDS = """
import sys
from pathlib import Path
from data import locks
lock = locks.take(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""
ON_A_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from data import locks
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
with locks.take(Path(sys.argv[1])):
    try:
        locks.take(Path(sys.argv[1]))
    except locks.LockIsHeld as held:
        print(held)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "locks" / "rss.lock"


@pytest.fixture
def holder(path):
    """A process that holds the lock until its standard input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_lock_that_another_process_holds_is_refused_with_who_holds_it(path, holder):
    with pytest.raises(locks.LockIsHeld, match=f"^Process {holder.pid}$"):
        locks.take(path)


def test_a_killed_holder_frees_the_lock(path, holder):
    holder.kill()
    holder.wait()
    with locks.take(path):
        assert path.read_text() == f"Process {os.getpid()}"


def test_closing_the_file_frees_the_lock(path):
    locks.take(path).close()
    locks.take(path).close()


def test_who_has_patience_gets_the_lock_as_soon_as_it_is_free(path, holder):
    threading.Timer(0.1, holder.stdin.close).start()
    with locks.take(path, patience=30.0):
        assert holder.wait(30) == 0


def test_who_waits_without_end_gets_the_lock_when_its_holder_dies(path, holder):
    threading.Timer(0.1, holder.kill).start()
    with locks.take(path, patience=None):
        assert holder.wait(30) != 0


def test_patience_ends(path, holder):
    began = time.monotonic()
    with pytest.raises(locks.LockIsHeld):
        locks.take(path, patience=0.2)
    assert time.monotonic() - began >= 0.2


def test_a_holder_whose_name_was_not_written_yet_is_another_process(path, holder):
    path.write_text("")
    with pytest.raises(locks.LockIsHeld, match=r"^another process$"):
        locks.take(path)


def test_a_lock_holds_on_a_full_disk_without_its_text(path):
    done = subprocess.run(
        [sys.executable, "-c", ON_A_FULL_DISK, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "another process\n"


def test_a_folder_that_cannot_be_made_is_an_error_of_the_disk(tmp_path):
    (tmp_path / "locks").write_text("a file")
    with pytest.raises(OSError, match="locks"):
        locks.take(tmp_path / "locks" / "rss.lock")
