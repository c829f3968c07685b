"""Reads and writes the files of the data folder: only regular files, whole or absent, and open to nobody else."""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader, BufferedWriter
from pathlib import Path
from typing import Any, BinaryIO

PARTIAL = ".part"  # after the name of a file that is being written
REJECTED = ".rejected"  # after the name of one that was set aside
NO_FOLDERS = (errno.EINVAL, errno.ENOTSUP)  # what a disk says that cannot sync a folder
FOLDER_MODE, FILE_MODE, OTHERS = 0o700, 0o600, 0o077
COPIED_AT_ONCE = 2**20  # bytes
LONGEST_NAME = 255  # bytes, on every disk we know
KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}

Content = bytes | Callable[[BinaryIO], object]  # the bytes, or what writes them into the open file


class NotAFile(OSError):
    """What lies there is no regular file: a link, a named pipe, a device, a socket, a folder."""

    def __init__(self, path: Path, kind: str) -> None:
        is_folder = kind == KINDS[stat.S_IFDIR]
        code = errno.EISDIR if is_folder else errno.EINVAL
        super().__init__(code, os.strerror(code) if is_folder else f"it is {kind}, not a file", str(path))


class TooLarge(OSError):
    """A file is larger than any of ours. `most`: bytes."""

    def __init__(self, path: Path, most: int) -> None:
        super().__init__(errno.EFBIG, f"it has more than the {most:,} bytes that it may have", str(path))


def keep_private() -> None:
    """From now on whatever this process makes is open to its user only; other libraries' files too, such as DuckDB's
    log and what it lays beside the store when memory is short."""
    os.umask(OTHERS)


def opened(path: Path, *, linked: bool = False) -> BufferedReader:
    """Open a regular file to read; never wait for anybody, as opening a named pipe would. `linked`: a link to one will
    do. NotAFile where something else lies there, another OSError when it cannot be opened."""
    if linked and path.is_symlink() and not path.exists():
        raise NotAFile(path, "a link to nothing")
    _insist(path, (os.stat if linked else os.lstat)(path))
    return os.fdopen(_descriptor(path, os.O_RDONLY | (0 if linked else os.O_NOFOLLOW)), "rb")


def opened_lock(path: Path) -> BinaryIO:
    """Open a file to read and write, unbuffered; it is made where it is missing. NotAFile, OSError."""
    with suppress(FileNotFoundError):
        _insist(path, os.lstat(path))
    folder(path.parent)
    descriptor = _descriptor(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW)
    _close_to_others(path, FILE_MODE)
    return os.fdopen(descriptor, "a+b", buffering=0)


def _descriptor(path: Path, flags: int) -> int:
    descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC, FILE_MODE)
    try:
        _insist(path, os.fstat(descriptor))  # it may have been changed for another since
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _insist(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise NotAFile(path, kind(status))


def kind(status: os.stat_result) -> str:
    """What lies there, where it is no regular file: "a link", "a folder"."""
    return KINDS.get(stat.S_IFMT(status.st_mode), "something else")


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an OSError of an open file tell which one it was: reading, writing and syncing do not."""
    try:
        yield
    except OSError as trouble:
        trouble.filename = trouble.filename or str(path)
        raise


def read(path: Path, *, linked: bool = False, most: int | None = None) -> bytes:
    """The content of a regular file; see `opened`. `most`: bytes that it may have; TooLarge when it has more."""
    with naming(path), opened(path, linked=linked) as file:
        content = file.read(-1 if most is None else most + 1)
    if most is not None and len(content) > most:
        raise TooLarge(path, most)
    return content


def read_json(path: Path) -> Any:
    """The JSON in a regular file. OSError as in `opened`; ValueError when it holds none that can be read."""
    try:
        return json.loads(read(path))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def named(place: Path, *endings: str) -> list[Path]:
    """What lies in a folder under a name that ends so, whatever it is; empty where there is no folder. OSError when
    the folder cannot be read, or is none."""
    try:
        with os.scandir(place) as entries:
            return [place / entry.name for entry in entries if entry.name.endswith(endings)]
    except FileNotFoundError:
        if place.is_symlink():
            raise
        return []


def plain(place: Path, *endings: str) -> list[Path]:
    """The regular files among `named`."""
    return [path for path in named(place, *endings) if is_plain(path)]


def is_plain(path: Path) -> bool:
    """Whether a regular file lies there."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def shown(path: Path) -> str:
    """A file's name as text, also where it holds bytes that are none."""
    return os.fsencode(path.name).decode("utf-8", "replace")


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
    folder(path.parent)
    partial = beside(path)
    try:
        with naming(path), create(partial) as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                content(file)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):  # a folder of that name, which is why it failed
            partial.unlink(missing_ok=True)
        raise
    return partial


def create(path: Path) -> BinaryIO:
    """Open a new file to write, in place of what lies there; what a link there leads to is not touched. OSError where a
    folder lies there, or the disk refuses."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
    _close_to_others(path, FILE_MODE)
    return os.fdopen(descriptor, "wb")


def beside(path: Path) -> Path:
    """Where a file is written that is to be put at `path`."""
    return path.with_name(path.name + PARTIAL)


def replace(finished: Path, path: Path) -> Path:
    """Put a finished file or folder at `path`, which lies on the same disk; return `path`. A file that was there is
    gone then. What is in the finished one must be synced already. OSError."""
    finished.replace(path)
    sync(path.parent)
    if finished.parent != path.parent:
        sync(finished.parent)
    return path


def set_aside(path: Path) -> Path:
    """Rename what lies there, whatever it is, so that it is not taken up again; return its new path. What was set aside
    before stays. OSError."""
    stem = shown(path)
    for number in itertools.count(1):
        ending = REJECTED if number == 1 else f".{number}{REJECTED}"
        aside = path.with_name(_fitting(stem, ending))
        if not os.path.lexists(aside):
            return replace(path, aside)
    raise AssertionError("there is always another number")


def _fitting(stem: str, ending: str) -> str:
    """A name that is not too long for a disk."""
    return stem.encode()[: LONGEST_NAME - len(ending)].decode("utf-8", "ignore") + ending


def append(path: Path, content: bytes) -> None:
    """Write at the end of a file, which is made where it is missing. Not synced: a power cut may take it. OSError."""
    with opened_to_append(path) as file:
        file.write(content)


def opened_to_append(path: Path) -> BufferedWriter:
    """Open a file to write at its end; it is made where it is missing, and its folder. NotAFile, OSError."""
    folder(path.parent)
    descriptor = _descriptor(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW)
    _close_to_others(path, FILE_MODE)
    return os.fdopen(descriptor, "ab")


def append_lines(path: Path, lines: Iterable[bytes]) -> None:
    """Write lines at the end of a file, each without its line end, and have the disk keep them. A line that a power cut
    or a full disk left half written is ended first. OSError."""
    folder(path.parent)
    content = b"".join(line + b"\n" for line in lines)
    append(path, content if _ends_well(path) else b"\n" + content)
    sync(path)


def _ends_well(path: Path) -> bool:
    if not is_plain(path):
        return True
    with opened(path) as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - 1))
        return end == 0 or file.read(1) == b"\n"


def copy(source: Path, target: Path, *, linked: bool = False) -> Path:
    """Write a copy of a file, whole or not at all; return `target`. `linked`: a link to one will do. OSError."""
    with opened(source, linked=linked) as file:
        return write(target, lambda new: shutil.copyfileobj(file, new, COPIED_AT_ONCE))


def remove(path: Path, *, missing_ok: bool = False) -> None:
    """Remove a file, so that it does not come back after a power cut. FileNotFoundError, unless `missing_ok`."""
    if missing_ok and not os.path.lexists(path):
        return
    path.unlink(missing_ok=missing_ok)
    sync(path.parent)


def remove_folder(place: Path) -> None:
    """Remove a folder with all that lies in it, if it is there. OSError when some of it stays."""
    with suppress(FileNotFoundError):
        shutil.rmtree(place)


def sync(path: Path) -> None:
    """Have the disk keep a file that another library wrote, or the names in a folder. OSError when it cannot."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with naming(path):
            os.fsync(descriptor)
    except OSError as trouble:
        if trouble.errno not in NO_FOLDERS:
            raise
    finally:
        os.close(descriptor)


def adopt(path: Path) -> None:
    """Have the disk keep a file that another library wrote, and close it to others."""
    _close_to_others(path, FILE_MODE)
    sync(path)


def folder(place: Path) -> Path:
    """Make a folder, and those it lies in, where they are missing; return `place`. OSError."""
    if place.is_dir():
        return place
    folder(place.parent)
    try:
        place.mkdir(FOLDER_MODE)
    except FileExistsError:
        if not place.is_dir():
            raise
        return place  # another process made it meanwhile
    _close_to_others(place, FOLDER_MODE)
    sync(place.parent)
    return place


def tighten(paths: Iterable[Path]) -> None:
    """Close to others what earlier versions left open: these files and folders, as far as they are this user's. Links
    are not followed."""
    for path in paths:
        status = _status(path)
        if status and status.st_uid == os.geteuid() and status.st_mode & OTHERS:
            _close_to_others(path, FOLDER_MODE if stat.S_ISDIR(status.st_mode) else FILE_MODE)


def within(path: Path) -> Iterator[Path]:
    """A path and all that lies in it; what links lead to is left out."""
    yield path
    for place, folders, files in os.walk(path):
        yield from (Path(place, name) for name in (*folders, *files))


def _status(path: Path) -> os.stat_result | None:
    """Of a regular file or a folder; None of anything else."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode) else None


def _close_to_others(path: Path, mode: int) -> None:
    with suppress(OSError):  # some disks know no modes
        path.chmod(mode)
