"""The store from the command line: absorb, status, queue, letter, export, erase."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from data.analytics import published
from data.cli import USERS_ERROR, Parser, leave_out, text, to_its_end
from data.clock import now_in_utc
from data.commands import erase as erase_command
from data.ingest import absorber
from data.models import HearbackError
from data.monitoring.health import whole
from data.queue import queue, replies
from data.scores import rescoring
from data.settings import places
from data.spool import outbox
from data.store.command_lock import turn
from data.store.store import Connection, Store, StoreIsHeld

MOST_ROWS = 1 << 62  # more than that DuckDB does not count


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Exit code 0, or 1 with a sentence for what the user can mend, or 2 for anything else."""
    return to_its_end(lambda: _run(_parser().parse_args(arguments)))


def _run(chosen: argparse.Namespace) -> int:
    with turn(places().root) as chosen.is_our_turn:
        return int(chosen.run(chosen))


def _insist(chosen: argparse.Namespace) -> None:
    """HearbackError while another command is long at the store: what is asked for cannot be done beside it."""
    if not chosen.is_our_turn:
        raise HearbackError(f"Another command is at work in {places().root}; try again when it is done.")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m data", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    taking = commands.add_parser("absorb", help="take in the batches that wait and score them, when no app runs")
    taking.set_defaults(run=absorb)
    telling = commands.add_parser("status", help="what is stored, open, waiting and set aside")
    telling.add_argument("--json", action="store_true", help="as one JSON object")
    telling.set_defaults(run=tell)
    ranked = commands.add_parser("queue", help="the reply queue, most urgent first")
    ranked.add_argument("--json", action="store_true", help="one JSON object a line")
    ranked.add_argument("--limit", type=_count, default=queue.PAGE, metavar="N", help="how many rows (25)")
    ranked.set_defaults(run=show)
    writing = commands.add_parser("letter", help="approve an answer; python -m listeners deliver sends it")
    writing.add_argument("mention", metavar="MENTION", type=text, help="the id of what it answers")
    writing.add_argument("--text", required=True, type=text, help="the answer, word for word")
    writing.add_argument("--by", required=True, type=text, metavar="NAME", help="who approves it")
    writing.set_defaults(run=approve)
    copying = commands.add_parser("export", help="every table as a Parquet file")
    copying.add_argument("folder", type=_folder, metavar="DIR")
    copying.set_defaults(run=copy)
    erasing = commands.add_parser("erase", help="take an author of one source, or a mention, out of every file")
    erase_command.add_arguments(erasing)
    erasing.set_defaults(run=erase)
    return parser


def _count(said: str) -> int:
    if not said.isdecimal() or int(said) == 0:
        raise argparse.ArgumentTypeError(f"{said!r} is not a number of rows")
    return min(int(said), MOST_ROWS)


def _folder(said: str) -> Path:
    if not said.strip():  # as a variable that nobody set leaves it: not the folder we happen to stand in
        raise argparse.ArgumentTypeError("it is empty; name a folder")
    return Path(said)


def absorb(chosen: argparse.Namespace) -> int:
    """Take in what waits, score it, publish the copy; when an app runs, it does all that by itself."""
    _insist(chosen)
    here = places()
    is_current = published.is_sealed(here.published, here.store)
    try:
        store = Store(here.store)
    except StoreIsHeld as held:
        print(f"The app (process {held.holder}) holds the store and takes batches in by itself, within seconds.")
        return 0
    judgement = _judgement()
    _rescore(store, judgement)
    done = list(absorber.absorb_waiting(store, judgement, here))
    scored = absorber.score_waiting(store, judgement)
    published.Publisher(store, here.published, is_current=is_current).publish()
    store.close()
    published.seal(here.published, here.store)
    for one in done:
        if one.unreadable:
            print(f"{one.batch} was set aside as .rejected: {one.unreadable}.", file=sys.stderr)
    added, edited, rejected = (sum(getattr(one, name) for one in done) for name in ("added", "edited", "rejected"))
    print(f"{len(done)} batches: {added:,} new mentions, {edited:,} edited, {scored:,} scored, {rejected:,} set aside.")
    return USERS_ERROR if any(one.unreadable for one in done) else 0


def _rescore(store: Store, judgement: absorber.Judgement) -> None:
    """Bring a re-scoring that was asked for to its end, unless somebody told it to rest."""
    from analysis.scoring.scoring import SCORER

    if rescoring.Rescoring(store, judgement.ranking, SCORER).go_on():
        print("Everything that is stored has been scored anew.")


def _judgement() -> absorber.Judgement:
    from analysis import ranking
    from analysis.scoring import scoring  # this front door stands above both

    return absorber.Judgement(ranking, scoring.score_line, scoring.under)


def tell(chosen: argparse.Namespace) -> int:
    """Print the state of the whole."""
    with _reading(chosen) as store:
        figures = whole(store, places(), now_in_utc(), _switched_on())
    if chosen.json:
        print(json.dumps(figures))
        return 0
    visited, making = figures.pop("listeners"), figures.pop("rescoring")
    for name, figure in figures.items():
        print(f"{name:10} {figure:>10,}")
    if making:
        rests = f", stopped by {making['stopped_by']}" if making["stopped_by"] else ""
        print(f"rescoring  version {making['version']}: {making['done']:,} of {making['total']:,}{rests}")
    for source, row in visited.items():
        if "runs" in row:
            print(f"{source:10} {row['error'] or 'well'} (last run {row['last_run_at']})")
        if row.get("spent") is not None:
            print(f"{'':10} ${row['spent']:,.2f} spent this month" + (f" of ${row['cap']:,.2f}" if row["cap"] else ""))
        for concern in row["concerns"]:
            print(f"{'':10} {concern['says']}")
    return 0


def _switched_on() -> set[str] | None:
    """The sources that are listened to; None while setup.toml cannot be read."""
    from data import setup
    from listeners.registry import LISTENERS  # this front door stands above them
    from listeners.schedule.runs import tasks

    try:
        return {task.listener.source for task in tasks(LISTENERS, setup.load(places().setup))}
    except HearbackError:
        return None


def show(chosen: argparse.Namespace) -> int:
    """Print the queue's first rows with their points and reasons."""
    judgement = _judgement()
    with _reading(chosen) as store:
        rows = queue.page(store, judgement.ranking, queue.View(), now_in_utc(), rows=chosen.limit)
    for row in rows:
        if chosen.json:
            print(json.dumps({"id": row.mention_id, **asdict(row)}, default=_plain))
        else:
            reasons = ", ".join(f"{reason.why} {reason.points:+}" for reason in row.reasons)
            print(f"{row.points:>4}  {row.mention_id}  {reasons}")
    return 0


def _plain(value: object) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def approve(chosen: argparse.Namespace) -> int:
    """Put an answer that a person approved into the outbox."""
    with _reading(chosen) as store:
        letter = replies.approve(store, chosen.mention, chosen.text, chosen.by, now_in_utc())
    outbox.post(places().outbox, letter)
    print(letter.id)
    return 0


def erase(chosen: argparse.Namespace) -> int:
    """Erase, or let the app that runs do it."""
    _insist(chosen)
    print(erase_command.run(chosen, places(), _judgement()))
    return 0


def copy(chosen: argparse.Namespace) -> int:
    """Write every table as Parquet into a folder."""
    if chosen.folder.exists() and not chosen.folder.is_dir():
        raise HearbackError(f"{chosen.folder} is a file; name a folder to write to.")
    with _reading(chosen) as store:
        files = published.export(store, chosen.folder)
    print(f"{len(files)} tables written to {chosen.folder}.")
    return 0


@contextmanager
def _reading(chosen: argparse.Namespace) -> Iterator[Connection]:
    """The store where it is free, else the copy that the app which holds it keeps published."""
    here = places()
    try:
        store = Store(here.store)
    except StoreIsHeld as held:
        who = "the app" if chosen.is_our_turn else "another command"
        print(f"From the published copy: {who} (process {held.holder}) holds the store.", file=sys.stderr)
        yield Connection(published.snapshot(here.published))
        return
    try:
        with store.read() as connection:
            yield connection
    finally:
        store.close()


if __name__ == "__main__":
    leave_out("pandas", "numpy")
    sys.exit(main())
