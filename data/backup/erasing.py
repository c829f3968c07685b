"""Keeps what was erased from coming back with an older backup: out of its tables, its batches, pushes and replies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow

from data import files
from data.queue.ranks import Ranking
from data.retention import erased, erasure, rewriting
from data.retention.erased import ErasedList
from data.retention.files import OF_ANY_SOURCE, brought_by
from data.settings import Places
from data.spool import batches, outbox, pushes
from data.store.store import Connection, Store

CELLS = re.compile(r"[,;\t\n\r]")
ID_AT = (("id",), ("answer", "mention_id"), ("delivery", "mention_id"), ("checked", "id"))  # in a batch's line


def suppress(store: Connection, listed: ErasedList, now: datetime) -> None:
    """Add a list to the suppression list of a store. What a source deleted stays away for some days from now on: the
    batches of the backup may still hold it."""
    with store.given("known", listed.table()):
        store.run(SUPPRESS, now=now, echo=now + erasure.ECHO)


def apply(store: Store, ranking: Ranking, here: Places, listed: ErasedList, now: datetime) -> int:
    """Erase what the suppression list of a store names, and the listed authors, from it and from the folder that is
    laid out beside it; return how many mentions went. No byte of them is in the store's file then."""
    _clean_batches(here, listed)
    clean_outbox(here, listed)
    names = _names(store, here, listed)
    many = erasure.erase_suppressed(store, ranking, here, now)
    for source, author in names:
        many += erasure.erase_author(store, ranking, here, source, author, now)
    with store.read() as reading:
        is_due = rewriting.is_due(reading)
    if is_due:
        rewriting.rewrite(store, now)
    return many


def _names(store: Store, here: Places, listed: ErasedList) -> list[tuple[str, str]]:
    """The source and name of each listed author, as far as anything in the store or beside it bears the name."""
    if not listed.authors:
        return []
    digests, names = {one.digest for one in listed.authors}, {one.name for one in listed.authors}
    with store.read() as reading, reading.given("named", pyarrow.table({"digest": sorted(digests)})):
        known = {(row["source"], row["author"]) for row in reading.rows(AUTHORS)}
    for source, content in _told(store, here):
        cells = (cell for cell in _cells(content) if erased.digest(cell) in names)
        known |= {(source, cell) for cell in cells if _is_theirs(source, cell, digests)}
    return sorted(known)


def _told(store: Store, here: Places) -> Iterator[tuple[str, str]]:
    """Whatever was set aside or waits unread: the source in its batch's name, and its content."""
    with store.read() as reading:
        rejected = reading.rows("SELECT batch, content FROM rejected")
    yield from ((brought_by(row["batch"]), row["content"]) for row in rejected)
    for body in files.plain(here.intake, pushes.SUFFIX):
        yield "webhook", files.read(body).decode("utf-8", "replace")


def _is_theirs(source: str, name: str, digests: set[str]) -> bool:
    """Whether a name that is listed is meant: what a file or a push brought may be of any source."""
    return source.startswith(OF_ANY_SOURCE) or erased.digest(source, name) in digests


def _cells(content: str) -> Iterable[str]:
    """The texts in a piece of JSON, or the cells of a row."""
    try:
        return set(_texts(json.loads(content)))
    except (ValueError, RecursionError):
        return {cell.strip().strip("\"'") for cell in CELLS.split(content)}


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in held:
        yield from _texts(one)


def _clean_batches(here: Places, listed: ErasedList) -> None:
    """Take the lines about erased mentions out of the batches that wait."""
    authors = {one.digest for one in listed.authors}
    if not listed.ids and not authors:
        return
    for batch in files.plain(here.incoming, batches.SUFFIX):
        with files.opened(batch) as lines:
            kept = [line for line in lines if not _is_erased(line, listed, authors)]
        if sum(map(len, kept)) != batch.stat().st_size:
            _keep(batch, kept)


def _keep(batch: Path, lines: list[bytes]) -> None:
    if lines:
        files.write(batch, lambda file: file.writelines(lines))
    else:
        files.remove(batch)


def _is_erased(line: bytes, listed: ErasedList, authors: set[str]) -> bool:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return False  # the absorber sets it aside with its reason
    if not isinstance(row, dict):
        return False
    if any(erased.digest(one) in listed.ids for one in _ids(row)):
        return True
    source, author = row.get("source"), row.get("author")
    return isinstance(source, str) and isinstance(author, str) and erased.digest(source, author) in authors


def _ids(row: Mapping[str, Any]) -> Iterator[str]:
    for path in ID_AT:
        value: Any = row
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, str):
            yield value


def clean_outbox(here: Places, listed: ErasedList) -> None:
    """Take approved replies to erased mentions, and to erased authors, out of the outbox, but one that is being
    sent."""
    names = {one.name for one in listed.authors}
    for entry in outbox.replies(here.outbox)[0]:
        by_name = entry.reply.author is not None and erased.digest(entry.reply.author) in names
        is_erased = by_name or erased.digest(entry.reply.mention_id) in listed.ids
        if is_erased and entry.place is not outbox.OutboxState.SENDING:
            outbox.take_out(entry)


AUTHORS = """
SELECT source, author
FROM (
    SELECT source, author FROM mention
    UNION
    SELECT source, name AS author FROM mute WHERE kind = 'author'
)
WHERE sha256(source || chr(10) || author) IN (SELECT digest FROM named)
"""
SUPPRESS = """
INSERT INTO suppressed
SELECT digest, CASE WHEN count(*) = count(until_at) THEN greatest(max(until_at), $echo) END
FROM known
WHERE digest NOT IN (SELECT digest FROM suppressed WHERE until_at IS NULL OR until_at > $now)
GROUP BY digest
"""
