"""Published copies that are kept: of another store than the one there is now, or with more in it.

A store that is new in its place, or put back from an older backup, publishes by itself. Its copy would replace the one
that may be all that is left of the former store; so that one is kept first, until a person removes it. While the new
store holds nothing, nothing is published at all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet

from data import files
from data.cli import say
from data.models import HearbackError
from data.store.paths import one_file
from data.store.store import Connection

FOLDER = "kept-copies"  # beside the folder of the published sets


class NothingToPublish(HearbackError):
    """The store is empty, and the newest set is a copy of another one, which stays."""


@dataclass(frozen=True, slots=True)
class KeptCopy:
    """A published set that was kept. `mentions`: how many are in it; None when that cannot be read."""

    path: Path
    mentions: int | None
    written_at: datetime

    @property
    def many(self) -> str:
        """The number of mentions in words."""
        return "an unknown number of" if self.mentions is None else f"{self.mentions:,}"

    @property
    def says(self) -> str:
        """What a person should know of it."""
        return (
            f"A published copy with {self.many} mentions, of {self.written_at:%-d %B %Y, %H:%M} UTC, is kept in "
            f"{self.path}: the store that publishes now does not hold all of it. To work with that one, stop Hearback "
            f"and run python -m data restore {self.path}. Remove the folder when nobody needs it."
        )


def kept(root: Path) -> list[KeptCopy]:
    """The copies that are kept in a data folder, the newest first."""
    try:
        found = [path for path in (root / FOLDER).iterdir() if path.is_dir() and path.suffix != files.PARTIAL]
    except OSError:
        return []
    return sorted(map(copy_of, found), key=lambda one: one.written_at, reverse=True)


def copy_of(path: Path) -> KeptCopy:
    """A set as it lies there."""
    file = path / "mention.parquet"
    try:
        check_files(path)
        mentions = pyarrow.parquet.read_metadata(file).num_rows
    except (OSError, pyarrow.ArrowException):
        mentions = None
    at = (file if files.is_plain(file) else path).stat().st_mtime
    return KeptCopy(path, mentions, datetime.fromtimestamp(at, UTC))


def check_files(copy: Path) -> None:
    """OSError where a copy holds anything but regular files: whoever reads a named pipe waits without end."""
    for file in files.named(copy, ".parquet"):
        if not files.is_plain(file):
            raise files.NotAFile(file, files.kind(file.lstat()))


def foreign(store: Connection, newest: Path | None) -> Path | None:
    """The newest set, where it holds anything and is of another store than this one, or holds more; else None. None,
    too, where `store` is a published copy itself."""
    if newest is None or not store.value(HAS_IDENTITY) or not _holds_anything(newest) or _is_of(store, newest):
        return None
    return newest


def guard(store: Connection, newest: Path | None) -> Path | None:
    """Keep the newest set when the store does not hold all of it, and say so; return where. NothingToPublish when the
    store holds nothing yet, OSError when the set cannot be kept: then nothing may replace it."""
    if foreign(store, newest) is None or newest is None:
        return None
    if not store.value(ANY):
        found = copy_of(newest)
        raise NothingToPublish(
            f"The store is empty, and {newest} is a copy of another one with {found.many} mentions. It stays, and "
            "nothing is published. To work with that one, stop Hearback and run python -m data restore. To begin anew, "
            "take in mentions; the copy is kept."
        )
    place = newest.parent.parent / FOLDER / newest.name
    if not place.exists():
        partial = files.beside(place)
        shutil.rmtree(partial, ignore_errors=True)
        files.folder(partial)
        for file in newest.glob("*.parquet"):
            _take_over(file, partial / file.name)
        files.replace(partial, place)
        say(copy_of(place).says)
    return place


def _take_over(file: Path, copy: Path) -> None:
    try:
        os.link(file, copy)
    except OSError:  # some disks know no links
        with files.opened(file) as source:
            files.write(copy, lambda target: shutil.copyfileobj(source, target))


def _holds_anything(newest: Path) -> bool:
    """Whether a set holds more than the sample."""
    with suppress(duckdb.Error, OSError), duckdb.connect() as raw:
        check_files(newest)
        reading = Connection(raw)
        return any(reading.value(sql, file=one_file(newest / f"{table}.parquet")) for table, sql in ANYTHING.items())
    return True  # it cannot be read: all the more reason to keep it


def _is_of(store: Connection, newest: Path) -> bool:
    """Whether a set is a former state of this store: it has the same identity, and nothing that the store has not."""
    try:
        check_files(newest)
        return not any(_lacking(store, newest))
    except (duckdb.Error, OSError):
        return False


def _lacking(store: Connection, newest: Path) -> Iterator[int]:
    """How many rows of a set the store does not have, of tables from which nothing ever goes; actions go only with an
    erasure, and each has a row of its own."""
    file = {table: one_file(newest / f"{table}.parquet") for table in ("identity", "batch", "erasure", "action")}
    if (newest / "identity.parquet").exists():  # earlier versions published none
        yield store.value(OTHER, file=file["identity"])
    yield store.value(BATCHES, file=file["batch"])
    yield store.value(ERASURES, file=file["erasure"])
    yield store.value(ACTIONS, file=file["action"], erasures=file["erasure"])


_PARQUET = "read_parquet($file, hive_partitioning = false)"
ANYTHING = {
    "mention": f"SELECT count(*) FROM {_PARQUET} WHERE NOT starts_with(id, 'sample:')",
    "action": f"SELECT count(*) FROM {_PARQUET} WHERE NOT starts_with(mention_id, 'sample:')",
}
ANY = """
SELECT (SELECT count(*) FROM mention WHERE NOT starts_with(id, 'sample:'))
    + (SELECT count(*) FROM action WHERE NOT starts_with(mention_id, 'sample:'))
"""
HAS_IDENTITY = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'identity'"
OTHER = f"SELECT count(*) FROM {_PARQUET} WHERE id NOT IN (SELECT id FROM identity)"
BATCHES = f"SELECT count(*) FROM {_PARQUET} WHERE digest NOT IN (SELECT digest FROM batch)"
ERASURES = f"SELECT count(*) FROM {_PARQUET} WHERE id NOT IN (SELECT id FROM erasure)"
ACTIONS = f"""
SELECT count(*)
FROM {_PARQUET}
WHERE NOT starts_with(mention_id, 'sample:') AND id NOT IN (SELECT id FROM action)
    AND (SELECT count(*) FROM read_parquet($erasures, hive_partitioning = false)) = (SELECT count(*) FROM erasure)
"""
