"""Makes a store from a published copy or an export, checks it, and puts it in the place of the one that was there."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet

from data import files, troubles
from data.analytics import former_names, kept_copies, loading, published
from data.analytics.published import KEPT_BACK
from data.backup import erasing, opening, placing
from data.backup.backing_up import note
from data.brands import brands, matches
from data.duplicates import duplicates
from data.models import HearbackError
from data.people.audit import Event
from data.people.rights import Actor, Verb
from data.queue import ranks
from data.queue.ranks import Ranking
from data.retention import erased, erasure
from data.retention.erased import ErasedList
from data.settings import Places
from data.store.opening import StoreIsHeld
from data.store.store import Connection, Store

NEEDED = ("mention", "score", "action", "brand")  # a copy without these is none of ours
MADE_ANEW = {"match", "queue"}  # what follows from the rest


@dataclass(slots=True)
class Restored:
    """What came of it. `rows`: by table; `wrong`: what does not fit together; `missing`: what the copy does not hold;
    `erased`: mentions that were left out; `aside`: what was there before, under its new names."""

    copy: Path
    rows: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    erased: int = 0
    aside: list[Path] = field(default_factory=list)


def newest_copy(here: Places) -> Path:
    """The copy to restore from where nobody names one: the published one, unless it holds no mentions and a kept one
    does. HearbackError when there is none."""
    found = published.newest_set(here.published)
    copies = [kept_copies.copy_of(found)] if found else []
    copies += kept_copies.kept(here.root)
    if not copies:
        raise HearbackError(f"There is no published copy in {here.root}. Name the folder of an export, or of a copy.")
    return next((one for one in copies if one.mentions), copies[0]).path


def restore(
    copy: Path, here: Places, ranking: Ranking, now: datetime, *, by: Actor, over: bool = False, only_look: bool = False
) -> Restored:
    """Make the store from a copy. `over`: also where a store that can be read holds mentions; `only_look`: do all but
    the last step, so that nothing is changed. Forbidden when `by` may not; HearbackError when the copy cannot be used,
    another process has the store, or `over` would be needed; then nothing has changed."""
    by.insist(Verb.BACK_UP)
    _check_copy(copy)
    with placing.alone(here, only_look=only_look):
        known = known_suppressed(copy, here, over=over, only_look=only_look)
        laid_out = placing.begin(here)
        try:
            done = _made(copy, laid_out, ranking, now, known, erased.read(here.erased))
            if not only_look:
                note(here, Event.RESTORE, by, folder=str(copy), mentions=done.rows.get("mention", 0))
                done.aside = put_in_place(here, [placing.store_move(here)])
        finally:
            if not placing.is_decided(here):
                files.remove_folder(here.restoring)
    return done


def put_in_place(here: Places, moves: list[placing.Move]) -> list[Path]:
    """Decide and do the moves; return what was kept under another name."""
    asides = [
        (here.root / f"{one.name}{end}", here.root / f"{one.aside}{end}")
        for one in moves
        if one.aside and not one.aside.startswith(here.restoring.name)
        for end in (*one.endings, "")
    ]
    kept = [aside for there, aside in asides if os.path.lexists(there)]
    placing.decide(here, moves)
    return kept


def _made(
    copy: Path, laid_out: Places, ranking: Ranking, now: datetime, known: pyarrow.Table, listed: ErasedList
) -> Restored:
    """The store made from a copy, in the folder where it waits to be put in place."""
    done = Restored(copy)
    store = Store(laid_out.store)
    try:
        with store.write() as transaction:
            done.rows = loading.fill(transaction, copy)
            with transaction.given("known", known):
                transaction.run(SUPPRESS)
            erasing.suppress(transaction, listed, now)
            _make_anew(transaction, ranking, done.rows)
        done.missing = [*(one for one in loading.ALL if one not in done.rows), *sorted(KEPT_BACK - {"migration"})]
        done.wrong = contradictions(store)
        done.erased = erasure.erase_suppressed(store, ranking, laid_out, now)
        with store.write() as transaction:
            duplicates.print_stored(transaction)
    finally:
        store.close()
    files.sync(laid_out.store)
    return done


def contradictions(store: Store) -> list[str]:
    """What does not fit together in a store, a sentence's end each."""
    with store.read() as reading:
        return [told for told, sql in CHECKS.items() if reading.value(sql)]


def _make_anew(store: Connection, ranking: Ranking, held: Collection[str]) -> None:
    """Make what follows from the rest, where the copy does not hold it: else its mentions would stand in no queue.
    `held`: the tables that it holds."""
    if "match" not in held:
        for brand in brands.known(store):
            matches.find_in_all(store, brand)
    if not set(held) >= MADE_ANEW:
        ranks.rebuild(store, ranking, "SELECT id AS mention_id FROM mention")


def _check_copy(copy: Path) -> None:
    if os.path.lexists(copy) and not copy.is_dir():
        raise HearbackError(f"{copy} is no folder. Name the folder of a published copy or of an export.")
    try:
        kept_copies.check_files(copy)
    except OSError as trouble:
        raise HearbackError(troubles.sentence(trouble)) from None
    lacking = [table for table in NEEDED if not (copy / f"{table}.parquet").is_file()]
    if lacking:
        raise HearbackError(
            f"{copy} is no published copy and no export: it holds no {', '.join(f'{one}.parquet' for one in lacking)}."
        )
    unknown = {file.stem for file in copy.glob("*.parquet")} - {*loading.ALL, *former_names.TABLES.values()}
    if unknown:
        raise HearbackError(f"{copy} holds {min(unknown)}.parquet, which this version does not know. Update it first.")
    for table in loading.ALL:
        file = former_names.file_of(copy, table)
        if file.exists():
            try:
                pyarrow.parquet.read_metadata(file)
            except (OSError, pyarrow.ArrowException) as trouble:  # pyarrow's OSErrors tell of the content, too
                raise loading.damaged(file, trouble) from None


def known_suppressed(copy: Path, here: Places, *, over: bool, only_look: bool = False) -> pyarrow.Table:
    """What every suppression list at hand knows as erased: digest, until_at. Checks on its way that the store may be
    replaced, unless `only_look`."""
    known = [_empty_list(), *(_list_to_look_at(here) if only_look else _present_list(here, over=over))]
    for place in filter(
        None, (copy, published.newest_set(here.published), *(one.path for one in kept_copies.kept(here.root)))
    ):
        file = place / "suppressed.parquet"
        with suppress(OSError, pyarrow.ArrowException):  # of a copy that cannot be read; the one to restore was checked
            known += [pyarrow.parquet.read_table(file).cast(SUPPRESSED)] if files.is_plain(file) else []
    return pyarrow.concat_tables(known)


def _present_list(here: Places, *, over: bool) -> Iterator[pyarrow.Table]:
    """The list of the store that is there now. HearbackError when that is in use, or would be needed."""
    if not here.store.exists():
        return
    try:
        store = opening.updated(here)
    except StoreIsHeld as held:
        raise HearbackError(f"Process {held.holder} works with {here.store}. Stop it, then restore.") from None
    except opening.NotKept:
        raise
    except HearbackError:
        return  # it is damaged
    try:
        mentions, suppressed = _read_whole(store)
    finally:
        store.close()
    if mentions and not over:
        raise HearbackError(
            f"{here.store} can be read and holds {mentions:,} mentions. To put the copy in its place all the same, add "
            "--replace; the store is kept under another name."
        )
    if suppressed is not None:
        yield suppressed.cast(SUPPRESSED)


def _list_to_look_at(here: Places) -> Iterator[pyarrow.Table]:
    """The same where nothing is to be replaced; nothing while the store is in use or of an earlier version."""
    if not here.store.exists():
        return
    try:
        store = Store(here.store, update=False)
    except HearbackError:
        return
    try:
        _, suppressed = _read_whole(store)
    finally:
        store.close()
    if suppressed is not None:
        yield suppressed.cast(SUPPRESSED)


def _read_whole(store: Store) -> tuple[int, pyarrow.Table | None]:
    """The number of mentions but the sample's and the suppression list of a store; (0, what is known of the list) when
    not all of it can be read."""
    suppressed = None
    with suppress(HearbackError, duckdb.Error), store.read() as reading:
        suppressed = reading.run("SELECT digest, until_at FROM suppressed").to_arrow_table()
        for row in reading.rows(NAMES):
            reading.value(_of(READ_ALL, row["name"]))
        return int(reading.value(OURS)), suppressed
    return 0, suppressed


def _empty_list() -> pyarrow.Table:
    return pyarrow.Table.from_pylist([], schema=SUPPRESSED)


def _of(statement: str, table: str) -> str:
    return statement.replace("{table}", f'"{table}"')


SUPPRESSED = pyarrow.schema([("digest", pyarrow.string()), ("until_at", pyarrow.timestamp("us", "UTC"))])
READ_ALL = "SELECT sum(hash(whole)) FROM {table} AS whole"
NAMES = "SELECT table_name AS name FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary"
OURS = "SELECT count(*) FROM mention WHERE NOT starts_with(id, 'sample:')"
SUPPRESS = """
INSERT INTO suppressed
SELECT digest, CASE WHEN count(*) = count(until_at) THEN max(until_at) END
FROM known
WHERE digest NOT IN (SELECT digest FROM suppressed)
GROUP BY digest
"""
CHECKS = {
    "some mentions stand in it twice": "SELECT count(*) - count(DISTINCT id) FROM mention",
    "some actions stand in it twice": "SELECT count(*) - count(DISTINCT id) FROM action",
    "two actions of one mention have the same version": (
        "SELECT count(*) - count(DISTINCT (mention_id, version)) FROM action"
    ),
    "there are actions of mentions that it does not hold": (
        "SELECT count(*) FROM action WHERE mention_id NOT IN (SELECT id FROM mention)"
    ),
    "there are scores of mentions that it does not hold": (
        "SELECT count(*) FROM score WHERE mention_id NOT IN (SELECT id FROM mention)"
    ),
    "there are mentions without a score that wait for none": (
        "SELECT count(*) FROM mention "
        "WHERE id NOT IN (SELECT mention_id FROM score UNION SELECT mention_id FROM unscored) "
        "AND id NOT IN (SELECT mention_id FROM expired)"
    ),
    "there are rows of the queue of mentions that it does not hold": (
        "SELECT count(*) FROM queue WHERE mention_id NOT IN (SELECT id FROM mention)"
    ),
}
