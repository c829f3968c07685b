"""Who reads what: a lock file that one process holds, and that says which while it does; gone with the process."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import IO


class Held(Exception):
    """Somebody else holds the lock; the text says who: "Process 4711"."""


def take(path: Path) -> IO[str]:
    """Hold a lock until the file is closed. Held says who does; OSError when the folder cannot be written to."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "another process"
        file.close()
        raise Held(holder) from None
    with suppress(OSError):  # a full disk must not keep us from listening: the lock holds without its text
        file.truncate(0)
        file.write(f"Process {os.getpid()}")
        file.flush()
    return file
