"""The manifest of a backup: what lies in its folder, with sizes and hashes. It is written last, so half a backup has
none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from data import files, troubles
from data.logs.lines import escaped
from data.models import HearbackError

FILE = "backup.json"
FORMAT = 1
STORE = "store"  # the folder of the tables, one Parquet file each
BESIDE = "folder"  # what lies beside the store, as it lies in the data folder
LARGEST = 2**28  # bytes of a manifest
UNUSABLE = "Nothing was changed. Name another backup."


class Made(StrEnum):
    """Of what a backup was made."""

    FOLDER = "folder"  # of everything, by a person or on schedule
    STORE_FILE = "store file"  # of the store's file alone, before an update


@dataclass(frozen=True, slots=True)
class FileSum:
    """A file of a backup. `size`: bytes."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `migrations`: those that had run on the store; `tables`: how many rows each has;
    `files`: by their paths within the backup; `scheduled_as`: which installation made it on schedule, and under which
    name; None where a person made it, or an earlier version."""

    made_of: Made
    created_at: datetime
    migrations: tuple[str, ...]
    tables: Mapping[str, int]
    files: Mapping[str, FileSum]
    scheduled_as: str | None = None

    @property
    def mentions(self) -> int:
        """How many mentions are in it."""
        return self.tables.get("mention", 0)

    @property
    def when(self) -> str:
        """When it was made, in words."""
        return f"{self.created_at:%-d %B %Y, %H:%M} UTC"


def seal(
    folder: Path,
    made_of: Made,
    created_at: datetime,
    migrations: tuple[str, ...],
    tables: Mapping[str, int],
    scheduled_as: str | None = None,
) -> Manifest:
    """Write the manifest of a folder whose files are all there and synced. OSError."""
    listed = {path.relative_to(folder).as_posix(): _sum(path) for path in _files(folder)}
    made = Manifest(made_of, created_at, migrations, tables, listed, scheduled_as)
    told = {"format": FORMAT, **asdict(made), "created_at": created_at.isoformat()}
    files.write(folder / FILE, json.dumps(told | {"seal": _seal(told)}, indent=1).encode())
    return made


def is_backup(folder: Path) -> bool:
    """Whether a folder is a backup, or what is left of one."""
    return (folder / FILE).exists() or any((folder / name).is_dir() for name in (STORE, BESIDE))


def read(folder: Path) -> Manifest:
    """The manifest of a backup. HearbackError, with the reason, when there is none that can be used."""
    try:
        told = _content(folder)
    except FileNotFoundError:
        raise HearbackError(_lacking(folder)) from None
    except OSError as trouble:
        raise HearbackError(troubles.sentence(trouble)) from None
    except (ValueError, RecursionError):
        raise _damaged(folder / FILE, "it is no JSON") from None
    if isinstance(told.get("format"), int) and told["format"] > FORMAT:
        raise HearbackError(f"{folder} was written by a newer Hearback. Update this copy first.")
    if told.pop("seal", None) != _seal(told):
        raise _damaged(folder / FILE, "it is not as it was written")
    try:
        return _manifest(told)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _damaged(folder / FILE, "it does not tell what a backup is") from None


def _content(folder: Path) -> dict[str, Any]:
    told = json.loads(files.read(folder / FILE, most=LARGEST))
    if not isinstance(told, dict):
        raise ValueError(told)
    return told


def _manifest(told: Mapping[str, Any]) -> Manifest:
    listed = {name: FileSum(int(one["size"]), str(one["sha256"])) for name, one in told["files"].items()}
    if not all(_is_within(name) for name in listed):
        raise ValueError(listed)
    made_of, at = Made(told["made_of"]), datetime.fromisoformat(told["created_at"])
    return Manifest(made_of, at, tuple(told["migrations"]), dict(told["tables"]), listed, told.get("scheduled_as"))


def verify(folder: Path) -> Manifest:
    """The manifest of a backup, after every file of it was read and found as it was written, and none besides.
    HearbackError, with the first reason, when one is not."""
    made = read(folder)
    _insist_on_no_other(folder, made)
    for name, known in made.files.items():
        path = folder / name
        try:
            size = path.lstat().st_size
            if size != known.size:
                raise _damaged(path, f"it has {size:,} bytes instead of {known.size:,}")
            if _sum(path) != known:
                raise _damaged(path, "its content is not what was written")
        except FileNotFoundError:
            raise HearbackError(f"{folder} is no whole backup: it lacks {name}. {UNUSABLE}") from None
        except OSError as trouble:
            raise HearbackError(f"{troubles.sentence(trouble)} {UNUSABLE}") from None
    return made


def _insist_on_no_other(folder: Path, made: Manifest) -> None:
    """HearbackError where anything but a folder lies in a backup that its manifest does not list."""
    ours = {folder, folder / FILE, *(folder / name for name in made.files)}
    foreign = sorted(path for path in files.within(folder) if path not in ours and not _is_folder(path))
    if foreign:
        more = f" (and {len(foreign) - 1:,} more)" if len(foreign) > 1 else ""
        raise HearbackError(
            f"{escaped(str(foreign[0]))}{more} lies in the backup's folder, but {FILE} does not list it. Nothing was "
            "changed. Move it elsewhere, then do this again."
        )


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _lacking(folder: Path) -> str:
    if not folder.is_dir():
        return f"{folder} is no folder. Name the folder of a backup."
    return f"{folder} is no whole backup: it holds no {FILE}, which is written last. The backup was cut off. {UNUSABLE}"


def _damaged(path: Path, why: str) -> HearbackError:
    return HearbackError(f"{path} is damaged: {why}. {UNUSABLE}")


def _is_within(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(path for path in files.within(folder) if files.is_plain(path) and path != folder / FILE))


def _sum(path: Path) -> FileSum:
    with files.opened(path) as file, files.naming(path):
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return FileSum(file.tell(), sha256)


def _seal(told: Mapping[str, Any]) -> str:
    """The hash of the manifest itself, without its seal."""
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()
