"""The list of what was erased: digests alone, in a file outside the store and every backup, which only grows.

A backup of before an erasure still holds what was erased. Whoever restores it reads this list, so that none of it comes
back. A line holds the SHA-256 of a mention's id, as the table `suppressed` does; or, for an author whose every mention
was to go, the SHA-256 of the name with and without its source, and when that was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import orjson
import pyarrow

from data import files, locks
from data.models import Erase, HearbackError
from data.settings import Places
from data.store.store import Store

FILE, LOCK = "erased.jsonl", "erased.lock"
PATIENCE = 10.0  # seconds that a line waits for another process that writes one
TABLE = pyarrow.schema([("digest", pyarrow.string()), ("until_at", pyarrow.timestamp("us", "UTC"))])


@dataclass(frozen=True, slots=True)
class ErasedAuthor:
    """An author who was erased. `digest`: of source and name; `name`: of the name alone."""

    digest: str
    name: str
    at: datetime


@dataclass
class ErasedList:
    """What a list holds. `ids`: the digest of each mention's id, and until when it stays away; None: for ever."""

    ids: dict[str, datetime | None] = field(default_factory=dict)
    authors: set[ErasedAuthor] = field(default_factory=set)

    def table(self) -> pyarrow.Table:
        """The digests of ids as the table `suppressed` has them."""
        return pyarrow.table([list(self.ids), list(self.ids.values())], schema=TABLE)

    def since(self, made_at: datetime) -> ErasedList:
        """The same, with only those authors who were erased since a backup was made."""
        return ErasedList(self.ids, {one for one in self.authors if one.at >= made_at})

    def add(self, other: ErasedList) -> None:
        """Take in another list; of two ends the later one counts."""
        for digest, until in other.ids.items():
            self._add(digest, until)
        self.authors |= other.authors

    def _add(self, digest: str, until: datetime | None) -> None:
        known = self.ids.get(digest, until)
        self.ids[digest] = None if known is None or until is None else max(known, until)


def digest(*said: str) -> str:
    """The SHA-256 of a text, or of several that stand on lines of their own."""
    return hashlib.sha256("\n".join(said).encode("utf-8", "surrogatepass")).hexdigest()


def remember(
    here: Places, ids: Iterable[str], until: datetime | None, now: datetime, wanted: Erase | None = None
) -> None:
    """Write down what is about to be erased. `until`: when the ids may come in again; None: never. `wanted`: the
    request where there was one. OSError, HearbackError when it cannot be written: then nothing may be erased."""
    rows: list[Mapping[str, object]] = [_row(digest(one), until) for one in dict.fromkeys(ids)]
    if wanted and wanted.author:
        told = (digest(wanted.source or "", wanted.author), digest(wanted.author))
        rows.append({"author": told[0], "name": told[1], "at": now.isoformat()})
    _append(here, rows)


def catch_up(store: Store, here: Places) -> None:
    """Write down what the suppression list of the store holds and this list does not: of erasures by an earlier
    version, or where the file was lost. OSError, HearbackError when it cannot be written."""
    with store.read() as reading:
        if not reading.value("SELECT count(*) FROM suppressed"):
            return
        with reading.given("listed", read(here.erased).table()):
            missing = reading.rows(MISSING)
    _append(here, [_row(row["digest"], row["until_at"]) for row in missing])


def merge(here: Places, others: ErasedList) -> None:
    """Write down what other lists hold and this one does not. OSError, HearbackError when it cannot be written."""
    known = read(here.erased)
    rows: list[Mapping[str, object]] = [
        _row(one, until) for one, until in others.ids.items() if one not in known.ids or known.ids[one] != until
    ]
    new = sorted(others.authors - known.authors, key=lambda one: one.at)
    rows += [{"author": one.digest, "name": one.name, "at": one.at.isoformat()} for one in new]
    _append(here, rows)


def read(folder: Path) -> ErasedList:
    """The list in a folder; empty where there is none. A line that a power cut left half written tells of an erasure
    that had not begun, so it is passed over. OSError when the file cannot be read."""
    found = ErasedList()
    try:
        file = files.opened(folder / FILE)
    except FileNotFoundError:
        return found
    with file, files.naming(folder / FILE):
        for line in file:
            _take_in(found, line)
    return found


def _take_in(found: ErasedList, line: bytes) -> None:
    try:
        row = orjson.loads(line)
        if "author" in row:
            found.authors.add(ErasedAuthor(row["author"], row["name"], datetime.fromisoformat(row["at"])))
        else:
            found._add(row["digest"], datetime.fromisoformat(row["until"]) if row["until"] else None)
    except (ValueError, KeyError, TypeError):
        return


def _row(of_id: str, until: datetime | None) -> dict[str, object]:
    return {"digest": of_id, "until": until.isoformat() if until else None}


def _append(here: Places, rows: Iterable[Mapping[str, object]]) -> None:
    lines = [json.dumps(row).encode() for row in rows]
    if not lines:
        return
    try:
        lock = locks.take(here.erased / LOCK, PATIENCE)
    except locks.LockIsHeld as held:
        raise HearbackError(f"{held} writes to {here.erased / FILE}; try again when it is done.") from None
    with lock:
        files.append_lines(here.erased / FILE, lines)


MISSING = """
SELECT DISTINCT digest, until_at
FROM suppressed
WHERE digest NOT IN (SELECT digest FROM listed)
    OR until_at IS NULL AND digest IN (SELECT digest FROM listed WHERE until_at IS NOT NULL)
"""
