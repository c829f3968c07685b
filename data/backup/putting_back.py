"""Restores a backup: checks it whole, makes a store and its folder of it beside what is there, then exchanges them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

import duckdb
import pyarrow

from data import files, troubles
from data.backup import backing_up, erasing, manifest, opening, placing, restoring
from data.backup.manifest import BESIDE, STORE, UNUSABLE, Made, Manifest
from data.backup.placing import REPLACED, Move
from data.models import HearbackError
from data.people import audit
from data.people.audit import Event
from data.people.rights import Actor, Verb
from data.queue.ranks import Ranking
from data.retention import erased
from data.retention.erased import ErasedList
from data.settings import Places
from data.spool import outbox
from data.spool.outbox import OutboxState
from data.store.paths import one_file
from data.store.store import Connection, Store, migrations, of_past_shape

HELD = (
    "it comes from the backup of {when} and may have been sent since. Look at its source. If it was not, send it with "
    "python -m listeners deliver --again, else take it out with --take-out."
)
ONLY_WHERE_MISSING = ("budgets", "intake", "incoming", "people")  # what is there now knows more


@dataclass(slots=True)
class PutBack:
    """What came of it. `rows`: by table, as the backup has them; `erased`: mentions that were left out; `wrong`: what
    does not fit together; `aside`: what was there before, under its new names; `held`: replies that a person must look
    at before they are sent."""

    folder: Path
    made: Manifest
    rows: dict[str, int] = field(default_factory=dict)
    erased: int = 0
    wrong: list[str] = field(default_factory=list)
    aside: list[Path] = field(default_factory=list)
    held: int = 0


def restore(
    folder: Path,
    here: Places,
    ranking: Ranking,
    now: datetime,
    *,
    by: Actor,
    over: bool = False,
    only_look: bool = False,
) -> PutBack:
    """Put a backup in the place of what is there, without what was erased since. `over`: also where a store that can be
    read holds mentions; `only_look`: do all but the last step, so that nothing is changed. Forbidden when `by` may not;
    HearbackError when the backup is not whole, another process has the store, or `over` would be needed; then nothing
    has changed."""
    by.insist(Verb.BACK_UP)
    try:
        return _restore(folder, here, ranking, now, by, over=over, only_look=only_look)
    except (HearbackError, OSError) as trouble:
        said = str(trouble) if isinstance(trouble, HearbackError) else _refused(trouble, here)
        if not only_look:
            with suppress(HearbackError, OSError):  # the reason is told to who asked, in any case
                backing_up.note(here, Event.RESTORE, by, folder=str(folder), failed=said)
        raise HearbackError(said) from None


def _refused(trouble: OSError, here: Places) -> str:
    if trouble.errno in backing_up.NO_ROOM:
        return f"There is no room for it in {here.root} ({trouble.strerror}). Nothing was changed. Make room there."
    return f"{troubles.sentence(trouble)} Nothing was changed."


def _restore(
    folder: Path, here: Places, ranking: Ranking, now: datetime, by: Actor, *, over: bool, only_look: bool
) -> PutBack:
    done = PutBack(folder, manifest.verify(folder))
    _check_known(folder, done.made)
    with placing.alone(here, only_look=only_look):
        known = restoring.known_suppressed(folder / STORE, here, over=over, only_look=only_look)
        listed = _listed(folder, here)
        try:
            laid_out = placing.begin(here)
            _lay_out(done, laid_out, ranking, now, known, listed)
            _leave_out(done, here, laid_out)
            if not only_look:
                erased.merge(here, listed)
                erasing.clean_outbox(here, listed.since(done.made.created_at))
                audit.bring_in(here, laid_out.audit / audit.FILE)  # first: the next line makes a log where none is
                backing_up.note(here, Event.RESTORE, by, folder=str(folder), mentions=done.rows["mention"])
                done.aside = restoring.put_in_place(here, list(_moves(here, laid_out)))
        finally:
            if not placing.is_decided(here):
                files.remove_folder(here.restoring)
    return done


def _check_known(folder: Path, made: Manifest) -> None:
    unknown = set(made.migrations) - {file.name for file in migrations()}
    if unknown:
        raise HearbackError(f"{folder} was written by a newer Hearback ({max(unknown)}). Update this copy first.")


def _listed(folder: Path, here: Places) -> ErasedList:
    """All that is known to be erased: by the list of this data folder, the backup's, and those of the backups beside
    it."""
    listed = erased.read(here.erased)
    beside = [path for path in files.named(folder.parent, "") if (path / manifest.FILE).is_file()]
    for one in {folder, *beside}:
        with suppress(OSError):  # of another backup that cannot be read; the one to restore was checked
            listed.add(erased.read(one / BESIDE / "erased"))
    return listed


def _lay_out(
    done: PutBack, laid_out: Places, ranking: Ranking, now: datetime, known: pyarrow.Table, listed: ErasedList
) -> None:
    """Make the store, check it by counts, and take out what was erased since."""
    settings = {"threads": str(os.cpu_count() or 1), "preserve_insertion_order": "false"}
    if done.made.made_of is Made.FOLDER:
        done.rows = _load(done, laid_out.store, settings)
    else:
        opening.copy_store(done.folder / laid_out.store.name, laid_out.store)
    since = listed.since(done.made.created_at)
    _lay_out_files(done, laid_out)
    store = Store(laid_out.store, settings=settings)
    try:
        with store.write() as transaction:
            with transaction.given("known", known):
                transaction.run(restoring.SUPPRESS)
            erasing.suppress(transaction, since, now)
        with store.read() as reading:
            done.rows = done.rows or {"mention": int(reading.value("SELECT count(*) FROM mention"))}
        done.wrong = restoring.contradictions(store)
        done.erased = erasing.apply(store, ranking, laid_out, since, now)
        done.held = _hold_replies(done, store, laid_out)
    finally:
        store.close()
    if Path(f"{laid_out.store}.wal").exists():
        raise HearbackError(f"The store made of {done.folder} could not be closed. {UNUSABLE}")
    files.adopt(laid_out.store)


def _load(done: PutBack, target: Path, settings: dict[str, str]) -> dict[str, int]:
    """Fill a new store, shaped as the backup's was, with its tables; return how many rows each has."""
    try:
        with of_past_shape(target, done.made.migrations, settings) as store:
            return {table: _fill(store, table, done) for table in done.made.tables}
    except duckdb.Error as trouble:  # as for want of room
        said = (str(trouble).splitlines() or [""])[0]
        raise HearbackError(f"{target} could not be made: {said} Nothing was changed.") from None


def _fill(store: Connection, table: str, done: PutBack) -> int:
    file = done.folder / STORE / f"{table}.parquet"
    try:
        store.run(_of(EMPTY, table))
        store.run(_of(FILL, table), file=one_file(file))
        many = int(store.value(_of(COUNT, table)))
    except duckdb.Error as trouble:
        said = (str(trouble).splitlines() or [""])[0]
        raise HearbackError(f"{file} cannot be taken into a store: {said} {UNUSABLE}") from None
    if many != done.made.tables[table]:
        raise HearbackError(f"{file} holds {many:,} rows instead of {done.made.tables[table]:,}. {UNUSABLE}")
    return many


def _lay_out_files(done: PutBack, laid_out: Places) -> None:
    """Copy what lay beside the store, and nothing that came into the backup's folder since."""
    for name in map(PurePosixPath, sorted(done.made.files)):
        if name.is_relative_to(BESIDE):
            files.copy(done.folder / name, laid_out.root / name.relative_to(BESIDE))


def _hold_replies(done: PutBack, store: Store, laid_out: Places) -> int:
    """Hold every approved reply of the backup for a person: it may have been sent since. Those with an outcome in the
    store go."""
    held = 0
    for entry in outbox.replies(laid_out.outbox)[0]:
        with store.read() as reading:
            is_settled = reading.value("SELECT count(*) FROM delivery WHERE approved_reply_id = $id", id=entry.reply.id)
        if is_settled:
            outbox.take_out(entry)
        else:
            outbox.move(entry, OutboxState.HELD, why=HELD.format(when=done.made.when))
            held += 1
    return held


def _leave_out(done: PutBack, here: Places, laid_out: Places) -> None:
    """Leave of the laid out folder only what is to be put in place."""
    files.remove_folder(laid_out.erased)  # it is merged, never replaced
    _forget_known_replies(done, here, laid_out)
    if laid_out.setup.exists() and here.setup.exists() and _is_same(here.setup, laid_out.setup):
        files.remove(laid_out.setup)


def _is_same(setup: Path, other: Path) -> bool:
    return files.read(setup, linked=True) == files.read(other)


def _forget_known_replies(done: PutBack, here: Places, laid_out: Places) -> None:
    """Drop the replies that are in the outbox now: their state there is the later one."""
    now_there = {entry.reply.id for entry in outbox.replies(here.outbox)[0]}
    for entry in outbox.replies(laid_out.outbox)[0]:
        if entry.reply.id in now_there:
            outbox.take_out(entry)
            done.held -= 1


def _moves(here: Places, laid_out: Places) -> Iterator[Move]:
    """What is put in place, the store first."""
    yield placing.store_move(here)
    if laid_out.setup.exists():
        yield Move(here.setup.name, placing.aside_of(here, here.setup.name))
    if laid_out.cursors.is_dir():
        yield Move(here.cursors.name, f"{here.restoring.name}/{REPLACED}/{here.cursors.name}")
    for name in (*ONLY_WHERE_MISSING, here.outbox.name):
        yield from _missing(here, laid_out.root / name)


def _missing(here: Places, laid_out: Path) -> Sequence[Move]:
    found = [path for path in files.within(laid_out) if files.is_plain(path) and not path.name.endswith("lock")]
    names = [f"{laid_out.name}/{path.relative_to(laid_out).as_posix()}" for path in sorted(found)]
    return [Move(name) for name in names if not os.path.lexists(here.root / name)]


def _of(statement: str, table: str) -> str:
    return statement.replace("{table}", f'"{table}"')


EMPTY = "DELETE FROM {table}"
FILL = "INSERT INTO {table} BY NAME SELECT * FROM read_parquet($file, hive_partitioning = false)"
COUNT = "SELECT count(*) FROM {table}"
