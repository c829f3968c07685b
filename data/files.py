"""Writes, replaces and removes files so that each is whole or absent, also after a power cut."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

PARTIAL = ".part"  # after the name of a file that is being written
NO_FOLDERS = (errno.EINVAL, errno.ENOTSUP)  # what a disk says that cannot sync a folder

Content = bytes | Callable[[BinaryIO], object]  # the bytes, or what writes them into the open file


def write(path: Path, content: Content) -> Path:
    """Write a whole file and put it in place of what was there; return `path`. Its folder is made where it is missing.
    When this fails, with OSError for a full disk, the old file stays and nothing half written is left."""
    partial = lay(path, content)
    try:
        return replace(partial, path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def lay(path: Path, content: Content) -> Path:
    """The first half of `write`: write the file beside its place and return where it lies. When this fails, nothing
    lies there."""
    _make(path.parent)
    partial = beside(path)
    try:
        with partial.open("wb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                content(file)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return partial


def beside(path: Path) -> Path:
    """Where a file is written that is to be put at `path`."""
    return path.with_name(path.name + PARTIAL)


def replace(finished: Path, path: Path) -> Path:
    """Put a finished file or folder at `path`, which lies in the same folder; return `path`. A file that was there is
    gone then. What is in the finished one must be synced already. OSError."""
    finished.replace(path)
    sync(path.parent)
    return path


def remove(path: Path, *, missing_ok: bool = False) -> None:
    """Remove a file, so that it does not come back after a power cut. FileNotFoundError, unless `missing_ok`."""
    if missing_ok and not path.exists():
        return
    path.unlink(missing_ok=missing_ok)
    sync(path.parent)


def sync(path: Path) -> None:
    """Have the disk keep a file that another library wrote, or the names in a folder. OSError when it cannot."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as trouble:
        if trouble.errno not in NO_FOLDERS:
            raise
    finally:
        os.close(descriptor)


def _make(folder: Path) -> None:
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)
