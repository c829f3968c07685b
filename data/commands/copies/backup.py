"""`python -m data backup`: everything but secrets in one folder, of one moment, beside a running app."""

from __future__ import annotations

import argparse
from pathlib import Path

from data.backup import backing_up, telling
from data.backup.requests import CopyOutcome
from data.commands.copies.asking import have_done, tell
from data.commands.invocation import Invocation
from data.people.acting import of_command
from data.people.rights import Verb
from data.store.store import Store

NAME, HELP = "backup", "everything but secrets into one folder, also while the app runs"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder to write to."""
    parser.add_argument("folder", type=_folder, metavar="DIR", help="a folder that does not exist yet, or is empty")


def _folder(said: str) -> Path:
    if not said.strip():
        raise argparse.ArgumentTypeError("it is empty; name a folder")
    return Path(said).absolute()


def run(invocation: Invocation) -> int:
    """Make a backup and print what is in it. Returns 0, or 1 when none was made."""
    invocation.insist()
    here, folder = invocation.places, invocation.chosen.folder
    by = of_command(here)
    by.insist(Verb.BACK_UP)
    backing_up.check_place(here, folder)

    def make(store: Store) -> CopyOutcome:
        return CopyOutcome(telling.of_backup(folder, backing_up.make(store, here, folder, by)))

    return tell(have_done(invocation, "backup", make, folder))
