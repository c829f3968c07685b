"""A backup or a restore, killed one step further each time by a real SIGKILL, and what stands afterwards.

`python -m tests.data.backup.killing WHAT FOLDER STEP`. FOLDER holds `kept` (a data folder), `backup` (of an earlier
moment) and is copied for each step. A step is a call by which a file or a folder changes its name, is made, synced or
removed. STEP: "few" takes some, "all" takes every one. Prints a line of JSON for each.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from data.analytics import published
from data.backup import backing_up, manifest, opening, putting_back, restoring
from data.models import HearbackError
from data.people import audit
from data.people.rights import OURSELVES
from data.settings import Places
from data.store.store import Store
from tests.data.backup.filled import tables
from tests.data.builders import NOON, RANKING

CALLS = ("replace", "unlink", "rmdir", "fsync", "mkdir")


def backup(folder: Path) -> None:
    """Make a backup of the data folder."""
    here = Places(folder / "kept")
    with closing(opening.open_store(here)) as store:
        backing_up.make(store, here, folder / "new", OURSELVES, lambda: NOON)


def restore(folder: Path) -> None:
    """Put the earlier backup in the place of the data folder."""
    putting_back.restore(folder / "backup", Places(folder / "kept"), RANKING, NOON, by=OURSELVES, over=True)


def copy(folder: Path) -> None:
    """Put the published copy in the place of a newer store."""
    here = Places(folder / "kept")
    newest = published.newest_set(here.published)
    assert newest
    restoring.restore(newest, here, RANKING, NOON, by=OURSELVES, over=True)


def lost(folder: Path) -> None:
    """Put the backup where the whole data folder was lost."""
    putting_back.restore(folder / "backup", Places(folder / "lost"), RANKING, NOON, by=OURSELVES)


WORK: dict[str, Callable[[Path], None]] = {"backup": backup, "restore": restore, "copy": copy, "lost": lost}


def count_calls(last: int | None, log: Path | None = None) -> None:
    """Die before the call after `last`, or write what each call is about into `log`."""
    made = [0]

    def counted(name: str, call: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **more: object) -> object:
            made[0] += 1
            if log:
                with log.open("a") as file:
                    file.write(f"{name} {_shown(arguments[0])}\n")
            if last is not None and made[0] > last:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **more)

        return step

    for name in CALLS:
        setattr(os, name, counted(name, getattr(os, name)))


def _shown(what: object) -> str:
    """A path without what differs from one file of its kind to the next."""
    if isinstance(what, int):
        with suppress(OSError):
            what = Path(f"/proc/self/fd/{what}").readlink()
    path = Path(os.fsdecode(what) if isinstance(what, str | bytes | os.PathLike) else str(what))
    name = re.sub(r"[0-9a-f]{6,}|\d{3,}", "N", re.sub(r"^\w+\.parquet", "x.parquet", path.name))
    return f"{path.parent.name if path.parent.name in ('restoring', 'kept', 'store', 'folder') else ''}/{name}"


def forked(work: Callable[[], None]) -> int:
    """Do something in a process of its own; return the signal that ended it, or 0."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            sys.stdout.flush()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def state(here: Places) -> dict[str, object]:
    """What stands after the next start: the store's mentions and actions, and the files that belong to it."""
    with closing(opening.open_store(here)) as store:
        held = tables(store)
    return {
        "mention": held["mention"], "action": held["action"], "queue": held["queue"],
        "setup": here.setup.read_text(), "cursors": {path.name: path.read_text() for path in here.cursors.iterdir()},
    }  # fmt: skip


def look(folder: Path, step: int, name: str) -> None:
    """Print what stands after a kill: of the store, of a new backup, and whether the work is done well again."""
    here, said = Places(folder / "kept"), {"step": step, "call": name}
    said["state"] = json.dumps(state(here), sort_keys=True)
    said["left"] = [path.name for path in (here.restoring,) if path.exists()]
    said["aside"] = sorted(path.name for path in here.root.iterdir() if ".aside-" in path.name)
    if aside := [name for name in said["aside"] if name.startswith("hearback.duckdb.aside") and name[-4:] != ".wal"]:
        with closing(Store(here.root / aside[0])) as store:
            said["kept"] = len(tables(store)["mention"])
    said["backup"] = [_verdict(path) for path in (folder / "new", folder / "new.part") if path.exists()]
    said["logs"] = [_told(Places(folder / name)) for name in ("kept", "lost")]
    print(json.dumps(said))


def _told(here: Places) -> list[str]:
    """The events of an audit log."""
    return [entry.event for entry in audit.entries(here)]


def _verdict(place: Path) -> str:
    try:
        return f"{place.name}: whole, {manifest.verify(place).mentions} mentions"
    except HearbackError as refused:
        return f"{place.name}: {refused}"


def main(what: str, source: Path, steps: str) -> None:
    """Do the work once to learn its steps, then once for each chosen one, killed before it."""
    log, room = source / "steps.txt", source / "room"

    def fresh() -> Path:
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir()
        for name in ("kept", "backup"):
            shutil.copytree(source / name, room / name)
        return room

    def watched() -> None:
        count_calls(None, log)
        WORK[what](room)

    fresh()
    assert forked(watched) == 0
    calls = log.read_text().splitlines()
    first = {call: number for number, call in reversed(list(enumerate(calls)))}
    forked(lambda: look(room, len(calls), "the end"))
    for number in _few(first) if steps == "few" else range(len(calls)):
        fresh()

        def killed(last: int = number) -> None:
            count_calls(last)
            WORK[what](room)

        assert forked(killed) == signal.SIGKILL
        forked(lambda number=number: look(room, number, calls[number]))


def _few(first: dict[str, int]) -> list[int]:
    """The last steps by which a name changes, among them what decides, and some of all kinds from first to last."""
    renames = sorted(number for call, number in first.items() if call.startswith("replace"))
    others = sorted(first.values())
    return sorted({*renames[-4:], *others[:: max(1, len(others) // 5)], others[-1]})


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
