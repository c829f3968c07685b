"""Erasure: deletes mentions and everything stored about them; nothing else deletes recorded rows for good."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyarrow

from data.duplicates import duplicates
from data.models import Erase
from data.queue import ranks
from data.queue.ranks import Ranking
from data.retention import erased, files, kept_aside, requested
from data.retention.requested import ABOUT, ASKED_FOR
from data.settings import Places
from data.store.store import Connection, Store

SYSTEM = "system"
DELETED, ASKED, EXPIRED = "deleted at the source", "asked for", "expired"  # why something went
SHOWN = 50
ECHO = timedelta(days=3)  # what a source deleted may still be on its way to us in an older batch for so long


@dataclass(frozen=True, slots=True)
class Cause:
    """Who erases, why and when. `id`: of its row in the table `erasure`; `wanted`: the request, where there was one."""

    who: str
    why: str
    now: datetime
    wanted: Erase | None = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex)


def erase_sample(store: Connection) -> None:
    """Delete every mention of the sample, with its matches, scores and actions, and the sample's brands."""
    for statement in SAMPLE_GOES:
        store.run(statement)


def keep_out(store: Connection, now: datetime) -> None:
    """Delete from the batch in `fresh` what is on the suppression list, so that nothing erased comes back."""
    if suppresses_any(store):
        store.run(STAYS_OUT, now=now)


def suppresses_any(store: Connection) -> bool:
    """Whether the suppression list has any entry."""
    return bool(store.value("SELECT count(*) FROM suppressed"))


def suppressed(store: Connection, ids: Collection[str], now: datetime) -> set[str]:
    """Which of these ids are on the suppression list at `now`."""
    with store.given("told", pyarrow.table({"id": pyarrow.array(ids, pyarrow.string())})):
        return {row["id"] for row in store.rows(SUPPRESSED, now=now)}


def precede_batch(
    store: Store, ranking: Ranking, here: Places, batch: str, now: datetime, *, is_clock_believed: bool = True
) -> None:
    """Erase, from the store and from the batch in `fresh`, the mentions that the batch says were deleted at their
    source and those that its erasure requests name. Each portion has its own transaction and slow work is done between
    them, because key presses wait for a transaction. After a kill the rest is erased when the batch is absorbed again.
    `batch`: its digest; while the clock is not believed, what was deleted at its source is only noted, for
    `follow_told`."""
    with store.prepare() as preparing:
        if not preparing.value(GOES):
            return
        gone = [row["id"] for row in preparing.rows(GONE)]
        requests = preparing.rows(REQUESTS)
    if is_clock_believed:
        erased.remember(here, gone, now + ECHO, now)
        _erase(store, ranking, here, gone, Cause(SYSTEM, DELETED, now, id=batch))
    elif gone:
        with store.write() as transaction:
            transaction.run(TOLD_GONE, ids=gone, now=now)
    for number, request in enumerate(requests):
        wanted = Erase(**request)
        cause = Cause(wanted.asked_by, ASKED, now, wanted, id=f"{batch}/{number}")
        ids = _requested_ids(store, here, wanted)
        erased.remember(here, ids, None, now, wanted)
        _erase(store, ranking, here, ids, cause)
        _erase_kept(store, ranking, here, cause)
    with store.prepare() as preparing:
        keep_out(preparing, now)


def follow_told(store: Store, ranking: Ranking, here: Places, now: datetime) -> int:
    """Erase what sources told to be deleted while the clock was not believed; return how many mentions."""
    with store.read() as reading:
        gone = [row["id"] for row in reading.rows("SELECT DISTINCT mention_id AS id FROM told_gone ORDER BY id")]
    if gone:
        erased.remember(here, gone, now + ECHO, now)
        _erase(store, ranking, here, gone, Cause(SYSTEM, DELETED, now), by_batch=False)
    return len(gone)


def erase_suppressed(store: Store, ranking: Ranking, here: Places, now: datetime) -> int:
    """Erase the mentions of a store that its suppression list names, as after a restore from an old copy; return how
    many. What was deleted at its source stays away, too, however long ago that was."""
    with store.read() as reading:
        ids = [row["id"] for row in reading.rows(KNOWN_AS_ERASED)]
    if ids:
        _erase(store, ranking, here, ids, Cause(SYSTEM, ASKED, now), by_batch=False)
    return len(ids)


def erase_author(store: Store, ranking: Ranking, here: Places, source: str, author: str, now: datetime) -> int:
    """Erase all that an author said on one source, and what bears their name, from a store that was made of an older
    copy; return how many mentions that were."""
    wanted = Erase(SYSTEM, source=source, author=author)
    with store.read() as reading:
        ids = requested.ids(reading, wanted)
    _erase(store, ranking, here, ids, Cause(SYSTEM, ASKED, now, wanted), by_batch=False)
    return len(ids)


def follow_in_kept(store: Store, ranking: Ranking, here: Places, now: datetime) -> None:
    """Erase what the suppression list names from what was kept aside of former stores."""
    with store.read() as reading:
        known = reading.run("SELECT digest, until_at FROM suppressed").to_arrow_table()
        places = kept_aside.found(here, reading) if known.num_rows else []

    def is_due(kept: Connection) -> object:
        with kept.given("known", known):
            return kept.value(KNOWN_ELSEWHERE)

    def follow(kept: Store) -> None:
        with kept.write() as transaction, transaction.given("known", known):
            transaction.run(SUPPRESS_KNOWN)
        erase_suppressed(kept, ranking, here, now)

    for place in places:
        kept_aside.change(here, place, is_due, follow, now)


def _erase_kept(store: Store, ranking: Ranking, here: Places, cause: Cause) -> None:
    """Follow a request in what was kept aside of former stores too, and note how many rows it was about."""
    wanted = cause.wanted
    kept_aside.forget_unfinished(here)
    with store.read() as reading:
        places = kept_aside.found(here, reading)
    if wanted is None or not places:
        return

    def is_about(kept: Connection) -> int:
        return requested.rows_about(kept, wanted)

    def follow(kept: Store) -> None:
        with kept.read() as connection:
            ids = requested.ids(connection, wanted)
        _erase(kept, ranking, here, ids, cause, by_batch=False)

    many = kept_aside.total(places, is_about)
    for place in places:
        kept_aside.change(here, place, is_about, follow, cause.now)
    with store.write() as transaction:
        _add(transaction, cause, {"kept": many})


def _requested_ids(store: Store, here: Places, wanted: Erase) -> list[str]:
    """The ids that a request is about, in the store, in what was kept aside and in the batch in `fresh`. Source and
    author must match exactly: we do not know which accounts belong to one person."""
    with store.read() as reading:
        ids = {*requested.ids(reading, wanted)}
        places = kept_aside.found(here, reading)
    for place in places:
        with suppress(*kept_aside.OUT_OF_REACH), kept_aside.reading(place) as kept:
            ids.update(requested.ids(kept, wanted))
    with store.prepare() as preparing:
        arriving = preparing.rows(f"SELECT id FROM fresh WHERE {ASKED_FOR}", **requested.values_of(wanted))
    return sorted(ids | {row["id"] for row in arriving})


def past(store: Connection) -> list[dict[str, Any]]:
    """The latest erasures and expiries: erased_at, asked_by, why, counts (JSON), rewritten_at."""
    return store.rows(PAST, rows=SHOWN)


def _erase(
    store: Store, ranking: Ranking, here: Places, ids: Sequence[str], cause: Cause, *, by_batch: bool = True
) -> None:
    """Delete everything about these mentions from the store, the batches set aside and the pushes that wait; for an
    author also what bears their name. `by_batch`: the batch in `fresh` may hold them, too. The next rewriting of the
    store removes the bytes from its file."""
    author = requested.whole_author(cause.wanted)
    for start in range(0, max(len(ids), len(author)), requested.PORTION):
        rows = _what_stands(store, ids[start : start + requested.PORTION], by_batch=by_batch) + author
        found = files.of(rows)
        counts = files.wipe(here, found)
        leaving, residual = pyarrow.Table.from_pylist(rows, schema=LEAVING), files.table(found)
        with store.read() as reading, reading.given("residual", residual):
            hit = reading.run(REJECTED_ABOUT).to_arrow_table()
        with (
            store.prepare() as writer,
            writer.given("leaving", leaving), writer.given("residual", residual), writer.given("hit", hit),
            store.write() as transaction,
        ):  # fmt: skip
            _take_out(transaction, ranking, cause, counts)
        files.wipe_pushed(here.intake, found)  # once more: what comes from now on, the door knows as erased


def _what_stands(store: Store, ids: Sequence[str], *, by_batch: bool) -> list[dict[str, Any]]:
    """The rows of these mentions in the store and, `by_batch`, in the batch in `fresh`; where there is none, a row with
    the id only."""
    sought = pyarrow.table({"id": ids})
    with store.read() as reading, reading.given("sought", sought):
        stored = reading.rows(STORED)
    if not by_batch:
        return stored
    with store.prepare() as preparing, preparing.given("sought", sought):
        return stored + preparing.rows(ARRIVING)


def _take_out(store: Connection, ranking: Ranking, cause: Cause, counts: dict[str, int]) -> None:
    """Delete the rows of mentions in `leaving` and the rejected rows in `hit`; add the number per table to `counts`."""
    counts["rejected"] = store.value(HIT_GO) if store.value("SELECT count(*) FROM hit") else 0
    duplicates.leave(store, "SELECT DISTINCT id AS mention_id FROM leaving WHERE id IS NOT NULL")
    for table in holders(store):
        counts[table] = store.value(_of(ROWS_GO, table))
    counts["mention"] = store.value("DELETE FROM mention WHERE id IN (SELECT id FROM leaving)")
    store.run(SUPPRESS, until=cause.now + ECHO if cause.why == DELETED else None)
    if cause.why == ASKED:
        counts["mute"] = store.value(MUTES_GO)
    if store.value("SELECT count(*) FROM canonical"):
        ranks.rebuild(store, ranking, "SELECT mention_id FROM canonical")
    store.run(TO_RANK_ANEW)
    _forget_examples(store)
    _add(store, cause, counts)


def _forget_examples(store: Connection) -> None:
    """Remove the mentions in `leaving` from the examples stored with each layer."""
    for row in store.rows(SHOWN_WITH):
        figures = json.loads(row["figures"])
        shown = figures.get("examples", {})
        figures["examples"] = {way: [one for one in ids if one not in row["ids"]] for way, ids in shown.items()}
        store.run(SHOW_WITH, version=row["version"], figures=json.dumps(figures))


def _add(store: Connection, cause: Cause, counts: Mapping[str, int]) -> None:
    """Add a portion's counts to the row of this erasure; make the row with the first portion."""
    known = store.value("SELECT counts FROM erasure WHERE id = $id", id=cause.id)
    if known is None:
        note(store, cause, counts)
    elif any(counts.values()):
        told = Counter(json.loads(known)) + Counter(counts)
        store.run(NOTE_MORE, id=cause.id, counts=json.dumps(told))


def note(store: Connection, cause: Cause, counts: Mapping[str, int]) -> None:
    """Insert a row into `erasure`: counts only, no texts or ids of mentions. The rewriting of the file is then due."""
    told = json.dumps({name: number for name, number in counts.items() if number})
    if told != "{}":
        store.run(
            NOTE, id=cause.id, who=cause.who, why=cause.why, counts=told, now=cause.now, at_once=cause.why == ASKED
        )


def holders(store: Connection) -> list[str]:
    """The names of all tables with a column `mention_id`, sorted."""
    return [row["table_name"] for row in store.rows(HOLDERS)]


def _of(statement: str, table: str) -> str:
    """The statement for one of `holders`, whose names are our own."""
    return statement.replace("{table}", f'"{table}"')


HOLDERS = """
SELECT table_name
FROM information_schema.columns
JOIN information_schema.tables USING (table_catalog, table_schema, table_name)
WHERE column_name = 'mention_id' AND table_type = 'BASE TABLE' AND table_catalog = current_database()
ORDER BY table_name
"""

_SUPPRESSED = "(SELECT digest FROM suppressed WHERE until_at IS NULL OR until_at > $now)"
STAYS_OUT = f"""
DELETE FROM fresh
WHERE sha256(coalesce(id, answer ->> 'mention_id', delivery ->> 'mention_id', '')) IN {_SUPPRESSED}
"""
KNOWN_AS_ERASED = "SELECT id FROM mention WHERE sha256(id) IN (SELECT digest FROM suppressed) ORDER BY id"
SUPPRESSED = f"SELECT id FROM told WHERE sha256(id) IN {_SUPPRESSED}"

GOES = "SELECT count(*) FROM fresh WHERE coalesce(gone, erase) IS NOT NULL"
GONE = "SELECT DISTINCT gone ->> 'id' AS id FROM fresh WHERE gone IS NOT NULL ORDER BY id"

TOLD_GONE = "INSERT INTO told_gone SELECT unnest($ids), $now"

STORED = """
SELECT sought.id, mention.source, mention.author, mention.title, mention.text
FROM sought
LEFT JOIN mention ON mention.id = sought.id
"""
ARRIVING = "SELECT id, source, author, title, text FROM fresh WHERE id IN (SELECT id FROM sought)"
LEAVING = pyarrow.schema([(name, pyarrow.string()) for name in ("id", "source", "author")])

REQUESTS = """
SELECT
    erase ->> 'asked_by' AS asked_by, erase ->> 'mention_id' AS mention_id,
    erase ->> 'source' AS source, erase ->> 'author' AS author
FROM fresh
WHERE erase IS NOT NULL
"""

ROWS_GO = "DELETE FROM {table} WHERE mention_id IN (SELECT id FROM leaving)"

REJECTED_GO = f"DELETE FROM rejected WHERE {ABOUT}"
REJECTED_ABOUT = f"SELECT DISTINCT batch, line FROM rejected WHERE {ABOUT}"
HIT_GO = f"DELETE FROM rejected WHERE (batch, line) IN (SELECT (batch, line) FROM hit) AND {ABOUT}"

SUPPRESS_KNOWN = "INSERT INTO suppressed SELECT * FROM known WHERE digest NOT IN (SELECT digest FROM suppressed)"
KNOWN_ELSEWHERE = "SELECT count(*) FROM mention WHERE sha256(id) IN (SELECT digest FROM known)"
SUPPRESS = "INSERT INTO suppressed SELECT DISTINCT sha256(id), $until FROM leaving WHERE id IS NOT NULL"

# A mute holds the name of the author, so it is erased too.
MUTES_GO = """
DELETE FROM mute
WHERE kind = 'author' AND (source, lower(name)) IN (SELECT (source, lower(author)) FROM leaving)
    OR kind = 'thread' AND name IN (SELECT id FROM leaving)
"""

SHOWN_WITH = """
SELECT layer.version, layer.figures, list(leaving.id) AS ids
FROM layer
JOIN leaving ON contains(layer.figures, '"' || leaving.id || '"')
GROUP BY layer.version, layer.figures
"""
SHOW_WITH = "UPDATE layer SET figures = $figures WHERE version = $version"

# The rest of what their authors said: "third complaint from this author" counts anew. Until then their rows stand
# where they stood; without what their rank was made of they are known to wait, through a restart too.
TO_RANK_ANEW = """
UPDATE queue
SET told = NULL
WHERE (source, author) IN (SELECT (source, author) FROM leaving WHERE author IS NOT NULL)
"""
PAST = """
SELECT erased_at, asked_by, why, counts, rewritten_at
FROM erasure
ORDER BY erased_at DESC
LIMIT $rows
"""

NOTE = "INSERT INTO erasure VALUES ($id, $who, $why, $counts, $now, $at_once, NULL)"
NOTE_MORE = "UPDATE erasure SET counts = $counts, rewritten_at = NULL WHERE id = $id"

SAMPLE_GOES = (
    "DELETE FROM mention WHERE starts_with(id, 'sample:')",
    "DELETE FROM match WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM score WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM unscored WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM queue WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM action WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM correction WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM blind WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM rescored WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM fingerprint WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM repost WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM own_post WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM muted WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM run WHERE source = 'sample'",
    "DELETE FROM brand WHERE ends_with(name, ' (sample)')",
)
