"""Keeps so many of the backups that this installation made on schedule, and removes no other.

Another installation may write into the same folder, and a person may lay a backup there under any name. So a backup is
ours only when its manifest names this installation and the name that the folder still has: one that was copied or
renamed is its owner's.
"""

from __future__ import annotations

import re
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data import files
from data.backup import manifest
from data.backup.manifest import Manifest
from data.models import HearbackError
from data.settings import Places

PREFIX = "hearback-"
TIME = r"\d{8}T\d{6}"
WRITTEN = re.compile(rb"[0-9a-f]{32}")
SHORT = 8  # characters of an installation that are in the names of its backups


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup in the folder of the schedule."""

    folder: Path
    made: Manifest


def installation(here: Places) -> str:
    """What tells this data folder from every other. It is made once and is in no backup: a data folder that was made
    from ours by a restore is another. OSError."""
    with suppress(FileNotFoundError):
        known = files.read(here.installation)
        if WRITTEN.fullmatch(known):
            return known.decode()
    new = uuid.uuid4().hex
    files.write(here.installation, new.encode())
    return new


def name(installation: str, at: datetime) -> str:
    """The name of the folder of a backup on schedule: "hearback-20261129T221500-3f2c9a1b". No two installations write
    under the same name."""
    return f"{PREFIX}{at:%Y%m%dT%H%M%S}-{installation[:SHORT]}"


def mark(installation: str, name: str) -> str:
    """What the manifest of a backup on schedule says of who made it, and under which name."""
    return f"{installation}/{name}"


def kept(folder: Path, installation: str) -> list[Kept]:
    """The backups in a folder that this installation made on schedule, the newest first. OSError."""
    found = []
    for path in _named_by_us(folder, installation):
        with suppress(HearbackError):  # it is none, or not whole
            found.append(Kept(path, manifest.read(path)))
    ours = [one for one in found if one.made.scheduled_as == mark(installation, one.folder.name)]
    return sorted(ours, key=lambda one: one.made.created_at, reverse=True)


def prune(folder: Path, keep: int, new: Path, installation: str) -> None:
    """Remove the oldest backups beyond `keep`; never the one that was just made, nor what is not ours. OSError."""
    others = [one.folder for one in kept(folder, installation) if one.folder != new]
    for old in others[keep - 1 :]:
        remove(old)


def remove(backup: Path) -> None:
    """Remove a backup; a kill leaves a folder that is known to be unfinished. OSError."""
    files.remove_folder(files.replace(backup, files.beside(backup)))


def sweep(folder: Path, installation: str) -> None:
    """Remove what a kill left of a backup on schedule, or of its removal. OSError."""
    for left in _named_by_us(folder, installation, files.PARTIAL):
        files.remove_folder(left)


def _named_by_us(folder: Path, installation: str, ending: str = "") -> list[Path]:
    """The folders that bear a name such as this installation gives."""
    ours = re.compile(f"{PREFIX}{TIME}-{installation[:SHORT]}{re.escape(ending)}")
    named = [path for path in files.named(folder, ending) if ours.fullmatch(path.name)]
    return [path for path in named if path.is_dir() and not path.is_symlink()]
