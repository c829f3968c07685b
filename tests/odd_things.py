"""What may lie where a file of ours is looked for: each is laid at a path, and none may hold anybody up."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path


def _socket(path: Path) -> None:
    before = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(before)


def _folder(path: Path) -> None:
    (path / "inside").mkdir(parents=True)


def _outside(path: Path) -> None:
    secret = path.parent.parent / "outside.txt"
    secret.write_text("a secret of somebody else's\n", encoding="utf-8")
    path.symlink_to(secret)


ODD: dict[str, Callable[[Path], object]] = {
    "a named pipe": os.mkfifo,
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a link outside": _outside,
    "a link to nothing": lambda path: path.symlink_to(path.parent / "nothing"),
    "a link to itself": lambda path: path.symlink_to(path),
    "a socket": _socket,
    "a folder": _folder,
}
