"""Makes a backup beside the running app: every table of one moment, and the files beside the store but secrets."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet

from data import files, troubles
from data.analytics import published
from data.backup import manifest
from data.backup.manifest import BESIDE, STORE, Made, Manifest
from data.clock import Clock, now_in_utc
from data.models import HearbackError
from data.people import audit
from data.people.audit import Event
from data.people.rights import Actor, Verb
from data.retention import erased
from data.settings import Places
from data.spool import batches, pushes
from data.store.store import TABLES, Connection, Store

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
# In this order, and the store after them: a listener finishes its batch before it moves its cursor, and a batch leaves
# the folder once the store holds it. So whatever a cursor of the backup has passed is in the backup.
FOLDERS = (
    ("cursors", (".json",)),
    ("budgets", (".json",)),
    ("outbox", (".json",)),
    ("intake", (pushes.SUFFIX, ".seen")),
    ("incoming", (batches.SUFFIX,)),
)
SINGLE = ("setup.toml", "people/people.json", f"audit/{audit.FILE}", f"erased/{erased.FILE}")
LINKED = ("setup.toml",)  # what a team may keep elsewhere, with a link in its place


class NoBackup(HearbackError):
    """A backup could not be made; nothing of it is left."""


def make(
    store: Store, here: Places, folder: Path, by: Actor, clock: Clock = now_in_utc, scheduled_as: str | None = None
) -> Manifest:
    """Make a backup in `folder`, which is missing or empty; reads and key presses go on. `scheduled_as`: as the
    manifest tells it. Forbidden when `by` may not; NoBackup when it cannot be made: then nothing of it is left."""
    by.insist(Verb.BACK_UP)
    check_place(here, folder)
    try:
        made = _made(store, here, folder, by, clock, scheduled_as)
    except (HearbackError, OSError) as trouble:
        said = _said(trouble, folder)
        with suppress(HearbackError, OSError):  # the reason is told to who asked, in any case
            note(here, Event.BACKUP, by, clock, folder=str(folder), failed=said)
        raise NoBackup(said) from None
    return made


def check_place(here: Places, folder: Path) -> None:
    """NoBackup where no backup may be made: in the data folder, or where something lies already."""
    if folder.resolve().is_relative_to(here.root.resolve()):
        raise NoBackup(
            f"{folder} lies in the data folder, where every erasure cleans all files. Name a folder elsewhere, best on "
            "another disk."
        )
    try:
        is_free = not folder.exists() or not files.named(folder, "")
    except OSError as trouble:
        raise NoBackup(f"No backup was made. {troubles.sentence(trouble)}") from None
    if not is_free:
        raise NoBackup(f"{folder} is not empty. Name a folder that does not exist yet.")


def _made(store: Store, here: Places, folder: Path, by: Actor, clock: Clock, scheduled_as: str | None) -> Manifest:
    partial = files.beside(folder)
    files.keep_private()
    files.remove_folder(partial)
    try:
        files.folder(partial)
        _copy_beside(here, partial / BESIDE)
        at, migrations, rows = _write_tables(store, partial / STORE, clock)
        made = manifest.seal(partial, Made.FOLDER, at, migrations, rows, scheduled_as)
        for place in files.within(partial):
            if place.is_dir():
                files.sync(place)
        note(here, Event.BACKUP, by, clock, folder=str(folder), mentions=made.mentions)
        files.replace(partial, folder)
    except BaseException:
        with suppress(OSError):
            files.remove_folder(partial)
        raise
    return made


def _copy_beside(here: Places, target: Path) -> None:
    """Copy what lies beside the store. What is gone meanwhile went where the store, which comes later, holds it."""
    for source in _beside(here):
        with suppress(FileNotFoundError, files.NotAFile):
            name = source.relative_to(here.root)
            files.copy(source, target / name, linked=str(name) in LINKED)


def _beside(here: Places) -> Iterator[Path]:
    for name, endings in FOLDERS:
        yield from sorted(files.named(here.root / name, *endings))
    yield from (here.root / name for name in SINGLE)


def _write_tables(store: Store, folder: Path, clock: Clock) -> tuple[datetime, tuple[str, ...], dict[str, int]]:
    """Write every table of one moment; return that moment, the migrations that had run, and the rows of each table."""
    files.folder(folder)
    with store.still() as (reading, _):
        at = clock()
        names = [row["table_name"] for row in reading.rows(TABLES)]
        migrations = tuple(row["name"] for row in reading.rows("SELECT name FROM migration ORDER BY name"))
        rows = {table: _write_table(reading, table, folder / f"{table}.parquet") for table in sorted(names)}
    return at, migrations, rows


def _write_table(reading: Connection, table: str, file: Path) -> int:
    many = int(reading.value(COUNT.replace("{table}", f'"{table}"')))
    try:
        published.write_table(reading, table, file)
    except duckdb.Error as trouble:
        if str(file.parent) not in str(trouble):  # the store's own, which says what is wrong with it
            raise
        said = str(trouble).splitlines()[0].rpartition(": ")[2].rstrip('".')
        raise NoBackup(f"No backup was made: {file} could not be written: {said}. {ELSEWHERE}") from None
    written = pyarrow.parquet.read_metadata(file).num_rows
    if written != many:
        raise NoBackup(f"No backup was made: {file} holds {written:,} rows, and the store {many:,}. Try again.")
    return many


def note(here: Places, event: Event, by: Actor, clock: Clock = now_in_utc, **facts: Any) -> None:
    """Write a line into the audit log. HearbackError when that is not possible: then what it tells of must not be
    done."""
    audit.note(here, event, by.name, clock, **facts)


def _said(trouble: HearbackError | OSError, folder: Path) -> str:
    if isinstance(trouble, NoBackup):
        return str(trouble)
    if isinstance(trouble, OSError):
        if trouble.errno in NO_ROOM:
            return f"No backup was made: no room is left for {folder} ({trouble.strerror}). {ELSEWHERE}"
        return f"No backup was made. {troubles.sentence(trouble)}"
    return f"No backup was made. {trouble}"


ELSEWHERE = "Make room on that disk, or name a folder on another one."
COUNT = "SELECT count(*) FROM {table}"
