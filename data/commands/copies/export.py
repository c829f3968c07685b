"""`python -m data export`: writes every table as a Parquet file."""

from __future__ import annotations

import argparse
from pathlib import Path

from data.analytics import published
from data.commands.invocation import Invocation
from data.models import HearbackError

NAME, HELP = "export", "every table as a Parquet file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder to write to."""
    parser.add_argument("folder", type=_folder, metavar="DIR")


def _folder(said: str) -> Path:
    if not said.strip():  # as a variable that nobody set leaves it: not the folder we happen to stand in
        raise argparse.ArgumentTypeError("it is empty; name a folder")
    return Path(said)


def run(invocation: Invocation) -> int:
    """Write each table as a Parquet file into the folder. Returns 0. HearbackError when the folder is a file."""
    folder = invocation.chosen.folder
    if folder.exists() and not folder.is_dir():
        raise HearbackError(f"{folder} is a file; name a folder to write to.")
    with invocation.reading() as store:
        files = published.export(store, folder)
    print(f"{len(files)} tables written to {folder}.")
    return 0
