"""Says in a sentence what a disk or the system refused, at which file, and what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from data.files import NotAFile, TooLarge

# What passes by itself, or once somebody makes room: tried again, and never held against the file that met it.
PASSING = frozenset(
    getattr(errno, name)
    for name in (
        *("EMFILE", "ENFILE", "EIO", "ESTALE", "ENOSPC", "EDQUOT", "EAGAIN", "EINTR", "ENOMEM", "EBUSY", "ETXTBSY"),
        *("ENOLCK", "ETIMEDOUT", "ENOTCONN", "EHOSTDOWN", "EREMOTEIO", "EROFS", "ECONNRESET", "ENETDOWN"),
    )
    if hasattr(errno, name)
)
AGAIN = "It is tried again by itself."
TOLD = {
    (errno.ENOSPC, errno.EDQUOT): (
        f"No room is left for {{place}} ({{said}}). Make room on that disk. {AGAIN} Nothing that was kept is lost."
    ),
    (errno.EACCES, errno.EPERM): (
        "{place} may not be used by this user ({said}). Give this user the right to read and write it."
    ),
    (errno.EROFS,): (
        "{place} lies on a disk that may only be read. Make it writable, or name another folder in HEARBACK_DATA. "
        f"{AGAIN}"
    ),
    (errno.ENOTDIR, errno.EEXIST): (
        "{in_the_way} is no folder, and a folder must be there. Move it away; a folder is made anew."
    ),
    (errno.EISDIR,): "{place} is a folder, and a file must be there. Move it away.",
    (errno.EMFILE, errno.ENFILE): (
        f"Too many files are open ({{place}}). Raise the limit (ulimit -n), or end other programs. {AGAIN}"
    ),
}


def passes(trouble: OSError) -> bool:
    """Whether trying again may go well with nothing changed at the file itself."""
    return trouble.errno in PASSING


def sentence(trouble: OSError) -> str:
    """What happened, to which thing, and what to do, as whole sentences."""
    said = trouble.strerror or next(iter(str(trouble).splitlines()), "")
    if not trouble.filename:
        return f"The disk: {said}."
    place = os.fsencode(str(trouble.filename)).decode("utf-8", "replace")
    if isinstance(trouble, NotAFile | TooLarge):
        return f"{place} cannot be read: {said}. Move it away."
    told = next((told for kinds, told in TOLD.items() if trouble.errno in kinds), "{place}: {said}.")
    told += f" Look after that disk. {AGAIN}" if passes(trouble) and AGAIN not in told else ""
    return told.format(place=place, said=said, in_the_way=_in_the_way(place))


def _in_the_way(place: str) -> str:
    """The nearest part of a path that is there and no folder."""
    path = Path(place)
    parts = (path, *path.parents)
    return str(next((part for part in parts if os.path.lexists(part) and not part.is_dir()), path))
