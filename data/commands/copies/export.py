"""`python -m data export`: writes every table as a Parquet file."""

from __future__ import annotations

import argparse
from pathlib import Path

from data import files
from data.analytics import published
from data.commands.invocation import Invocation
from data.models import HearbackError
from data.people import audit
from data.people.acting import of_command
from data.people.audit import Event
from data.people.rights import Verb

NAME, HELP = "export", "every table as a Parquet file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder to write to."""
    parser.add_argument("folder", type=_folder, metavar="DIR")


def _folder(said: str) -> Path:
    if not said.strip():  # as a variable that nobody set leaves it: not the folder we happen to stand in
        raise argparse.ArgumentTypeError("it is empty; name a folder")
    return Path(said)


def run(invocation: Invocation) -> int:
    """Write each table as a Parquet file into the folder, and the audit log for those who may read it. Returns 0.
    HearbackError when the folder is a file; Forbidden."""
    folder = invocation.chosen.folder
    if folder.exists() and not folder.is_dir():
        raise HearbackError(f"{folder} is a file; name a folder to write to.")
    here, by = invocation.places, of_command(invocation.places)
    by.insist(Verb.EXPORT)
    audit.note(here, Event.EXPORT, by.name, folder=str(folder))
    with invocation.reading() as store:
        written = published.export(store, folder, by)
    log = here.audit / audit.FILE
    if by.may(Verb.READ_AUDIT) and files.is_plain(log):
        files.copy(log, folder / audit.FILE)
    print(f"{len(written)} tables written to {folder}.")
    return 0
