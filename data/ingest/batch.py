"""Takes in one batch in one transaction: stores each mention once and tells edits from repeats."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow

from data import files, troubles
from data.analytics import topics
from data.brands import brands, following, matches
from data.exclusions import exclusions, own_posts
from data.ingest import answers, edits, reading, runs, sightings
from data.ingest.context import IngestContext
from data.ingest.reading import ENVELOPE
from data.ingest.validation import validate
from data.models import Rejected
from data.queue import corrections, replies
from data.retention import erasure
from data.spool.batches import LARGEST, reject
from data.store.condition import OUTSIDE, StoreTrouble
from data.store.store import Connection, Store

NOT_THE_BATCH = (StoreTrouble, *OUTSIDE)  # what is raised when the disk or the memory is short


@dataclass(frozen=True, slots=True)
class Absorbed:
    """The counts of one batch: its mentions, how many were new or edited, and how many lines were set aside."""

    batch: str
    mentions: int = 0
    added: int = 0
    edited: int = 0
    rejected: int = 0
    unreadable: str | None = None  # why the whole batch was set aside
    stays: str | None = None  # why its file is still there, though it was taken in


def absorb(context: IngestContext, batch: Path) -> Absorbed:
    """Take in one batch and remove its file. A batch that is known by its bytes changes nothing; bad lines are kept
    with their reason; what cannot be read at all is set aside as `.rejected`. OSError, StoreTrouble and other
    HearbackErrors when it cannot be taken in for now: nothing has changed, and it waits."""
    try:
        absorbed = _absorb(context, batch, _digest(batch))
    except _Unreadable as trouble:
        return set_aside(context, batch, str(trouble))
    try:
        batch.unlink(missing_ok=True)
    except OSError as trouble:
        told = f"{batch} was taken in and cannot be removed ({trouble.strerror}). Remove it."
        return replace(absorbed, stays=told)
    return absorbed


def _absorb(context: IngestContext, batch: Path, digest: str) -> Absorbed:
    store, now = context.store, context.now
    with store.bulk():
        with store.prepare() as preparing:
            if preparing.value("SELECT count(*) FROM batch WHERE digest = $digest", digest=digest):
                return Absorbed(batch.name)
            if lines := runs.alone(batch, now):
                return _note_only(store, batch, digest, lines, now)
            refused = _stage(preparing, batch, now)
            erasure.keep_out(preparing, now)
            following.add_found(store, context.ranking, context.places.setup, preparing.rows(FOUND_BRANDS), now)
        erasure.precede_batch(
            store, context.ranking, context.places, digest, now, is_clock_believed=context.is_clock_believed
        )
        with store.write() as transaction:
            counts = _take(transaction, context)
            sightings.note_rechecks(transaction)
            topics.take(transaction)
            replies.take(transaction)
            _keep_rejected(transaction, batch.name, refused, now)
            transaction.run(RELAY_REJECTED, batch=batch.name, now=now)
            values = {"mentions": counts["mentions"], "added": counts["added"]}
            transaction.run(KNOWN_NOW, digest=digest, name=batch.name, now=now, **values)
            relayed = transaction.value("SELECT count(*) FROM fresh WHERE rejected IS NOT NULL")
    return Absorbed(batch.name, counts["mentions"], counts["added"], counts["edited"], len(refused) + relayed)


def _note_only(store: Store, batch: Path, digest: str, lines: Sequence[str], now: datetime) -> Absorbed:
    """Store a batch that holds runs only. No other table is written, so that copies of them stay current."""
    with store.write() as transaction:
        runs.note_alone(transaction, lines, fiction=not brands.has_real_brand(transaction))
        sightings.note_rechecks(transaction, lines)
        transaction.run(KNOWN_NOW, digest=digest, name=batch.name, mentions=0, added=0, now=now)
    return Absorbed(batch.name)


class _Unreadable(Exception):
    """No line of the batch can be taken in; the message says why."""


def _digest(batch: Path) -> str:
    """The SHA-256 of a batch. _Unreadable when it is none of ours or may not be read; OSError when it cannot be read
    for now."""
    if files.shown(batch) != batch.name:
        raise _Unreadable("its name is not valid UTF-8")
    try:
        with files.naming(batch), files.opened(batch) as file:
            size = os.fstat(file.fileno()).st_size
            if not 0 < size <= LARGEST:
                raise _Unreadable(f"it has more than {LARGEST:,} bytes" if size else "the file is empty")
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as trouble:
        if troubles.passes(trouble) or not os.path.lexists(batch):
            raise
        raise _Unreadable(f"cannot be read: {trouble.strerror}") from None


def set_aside(context: IngestContext, batch: Path, reason: str) -> Absorbed:
    """Store the reason why a batch cannot be taken in, and rename its file so that it is not tried again. OSError when
    it cannot be renamed: then no reason is stored."""
    name = files.shown(batch)
    with context.store.write() as transaction:
        _keep_rejected(transaction, name, [Rejected(name, 0, reason)], context.now)
        reject(batch)
    return Absorbed(name, rejected=1, unreadable=reason)


def _take(store: Connection, context: IngestContext) -> dict[str, int]:
    """Store the batch in `fresh`; return the numbers of mentions, added and edited ones."""
    fiction = _takes_fiction(store)
    store.run(ARRIVED, fiction=fiction)
    counts: dict[str, int] = store.rows(COUNTS)[0]
    context.expect(counts["added"] + counts["edited"])
    if counts["mentions"]:
        _take_mentions(store, counts, context.now)
    answers.take(store, context.ranking, context.now, fiction=fiction)
    if counts["mentions"]:
        own_posts.answer(store, context.ranking)
    if counts["mentions"] and _may_hold_edits(counts):
        edits.reopen(store, context.ranking, context.now)
    runs.note(store, counts["added"], fiction=fiction)
    return counts


def _may_hold_edits(counts: dict[str, int]) -> bool:
    """Whether a stored mention has changed, or a new one comes with an answer, after which it may have."""
    return counts["edited"] + counts["answers"] > 0


def _takes_fiction(store: Connection) -> bool:
    """Whether the sample may stand beside what the batch in `fresh` brings. The first real mention takes it away."""
    stored = brands.known(store)
    if any(brand.is_sample for brand in stored) and store.value(BRINGS_REAL):
        erasure.erase_sample(store)
        return False
    return all(brand.is_sample for brand in stored)


def _take_mentions(store: Connection, counts: dict[str, int], now: datetime) -> None:
    ours = brands.known(store)
    if _may_hold_edits(counts):
        edits.find(store)
    store.run(INSERT_NEW, now=now)
    if counts["mentions"] > counts["added"]:
        store.run(MERGE_KNOWN)
        sightings.note_told_again(store)
        store.run("DELETE FROM unscored WHERE mention_id IN (SELECT id FROM arrived WHERE differs AND is_current)")
        corrections.mark_edited(store, now)
    sightings.note_seen(store, now)
    matches.find_in_batch(store, ours, known=counts["mentions"] > counts["added"])
    exclusions.find_in_batch(store, ours, edited=counts["edited"] > 0)
    store.run("INSERT INTO unscored SELECT id, uuid() FROM arrived WHERE differs AND is_current")


def _stage(store: Connection, batch: Path, now: datetime) -> list[Rejected]:
    """Read the batch into `fresh`; return the lines that could not go in."""
    if _read_whole(store, batch, now):
        return []
    validated = validate(batch, now)
    if not validated.good and not validated.rejected:
        raise _Unreadable("the file holds only blank lines")
    cleaned = batch.with_suffix(files.PARTIAL)
    try:
        with files.create(cleaned) as file:
            file.write("\n".join([*validated.good, ""]).encode())
        reading.read(store, cleaned, largest=max(reading.LARGEST_LINE, 4 * max(map(len, validated.good), default=0)))
    except NOT_THE_BATCH:
        raise
    except duckdb.Error as trouble:
        raise _Unreadable(f"not even its good lines can be read: {str(trouble).splitlines()[0]}") from None
    finally:
        cleaned.unlink(missing_ok=True)
    return validated.rejected


def _read_whole(store: Connection, batch: Path, now: datetime) -> bool:
    """Read the batch into `fresh` as it is; False when it must be read line by line instead."""
    try:
        reading.read(store, batch)
        return reading.is_plain(store, now)
    except NOT_THE_BATCH:
        raise
    except duckdb.Error:
        return False


def _keep_rejected(store: Connection, batch: str, refused: Sequence[Rejected], now: datetime) -> None:
    if not refused:
        return
    table = pyarrow.Table.from_pylist(
        [
            {
                "file": r.file,
                "line": r.line,
                "reason": r.reason,
                "content": r.content.replace("\x00", "\N{REPLACEMENT CHARACTER}"),
            }
            for r in refused
        ]
    )
    with store.given("refused", table):
        store.run(
            "INSERT INTO rejected SELECT $batch, file, line, reason, content, $now FROM refused", batch=batch, now=now
        )


KNOWN_NOW = "INSERT INTO batch VALUES ($digest, $name, $mentions, $added, $now)"

# One line of the batch per id: the newest state of it that is told, the first of equals. `differs`: new, or said
# differently now. Fiction that arrives after a real brand was set up is left out. The rows stay in `fresh`, for they
# are wide, and copying them costs more than all the rest. Only ids that are told several times are sorted.
ARRIVED = f"""
CREATE OR REPLACE TEMP TABLE arrived AS
WITH repeated AS (SELECT id FROM fresh WHERE {ENVELOPE} IS NULL GROUP BY id HAVING count(*) > 1),
superseded AS (
    SELECT line
    FROM fresh
    WHERE id IN (SELECT id FROM repeated)
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY edited_at DESC NULLS LAST, published_at DESC, line) > 1
)
SELECT
    fresh.id,
    fresh.line,
    known.id IS NULL AS is_new,
    known.id IS NULL
        OR (fresh.text, fresh.title, fresh.rating) IS DISTINCT FROM (known.text, known.title, known.rating)
        AS differs,
    known.id IS NULL
        OR coalesce(fresh.edited_at, fresh.published_at) >= coalesce(known.edited_at, known.published_at)
        AS is_current
FROM fresh
LEFT JOIN mention AS known ON known.id = fresh.id
WHERE {ENVELOPE} IS NULL AND ($fiction OR NOT starts_with(fresh.id, 'sample:'))
    AND fresh.line NOT IN (SELECT line FROM superseded)
"""

INSERT_NEW = """
INSERT INTO mention
SELECT
    fresh.id, fresh.source, coalesce(fresh.kind, 'post'), fresh.author, fresh.author_url, fresh.reach, fresh.title,
    fresh.text, fresh.url, fresh.rating, fresh.engagement, fresh.language, fresh.thread_id, fresh.parent_id,
    fresh.published_at, fresh.edited_at, $now
FROM fresh
WHERE fresh.line IN (SELECT line FROM arrived WHERE is_new)
"""

MERGE_KNOWN = """
MERGE INTO mention AS known
USING (
    SELECT fresh.*, arrived.differs
    FROM fresh
    JOIN arrived ON arrived.line = fresh.line
    WHERE arrived.is_current AND NOT arrived.is_new
) AS fresh
ON known.id = fresh.id
WHEN MATCHED AND (
    fresh.differs
    OR (fresh.edited_at, fresh.engagement, fresh.reach, fresh.author)
        IS DISTINCT FROM (known.edited_at, known.engagement, known.reach, known.author)
) THEN UPDATE SET
    author = fresh.author, author_url = fresh.author_url, reach = coalesce(fresh.reach, known.reach),
    title = fresh.title, text = fresh.text, url = fresh.url, rating = fresh.rating,
    engagement = coalesce(fresh.engagement, known.engagement), language = fresh.language,
    edited_at = coalesce(fresh.edited_at, known.edited_at)
"""

FOUND_BRANDS = """
SELECT name, bool_or(competitor) AS competitor
FROM (
    SELECT trim(brand ->> 'name') AS name, coalesce((brand ->> 'competitor') = 'true', FALSE) AS competitor
    FROM fresh
    WHERE brand IS NOT NULL
    UNION ALL
    SELECT trim(unnest(brands)), FALSE FROM fresh WHERE brands IS NOT NULL
)
WHERE name <> ''
GROUP BY name
ORDER BY name
"""

BRINGS_REAL = f"SELECT count(*) FROM fresh WHERE {ENVELOPE} IS NULL AND NOT starts_with(id, 'sample:')"

COUNTS = """
SELECT
    count(*) AS mentions,
    count(*) FILTER (WHERE is_new) AS added,
    count(*) FILTER (WHERE differs AND is_current AND NOT is_new) AS edited,
    (SELECT count(answer) FROM fresh) AS answers
FROM arrived
"""

RELAY_REJECTED = """
INSERT INTO rejected
SELECT
    $batch,
    rejected ->> 'file',
    coalesce(TRY_CAST(rejected ->> 'line' AS BIGINT), 0),
    rejected ->> 'reason',
    coalesce(rejected ->> 'content', ''),
    $now
FROM fresh
WHERE rejected IS NOT NULL
"""
