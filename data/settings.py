"""Where everything is kept, and the secrets, which live in the environment or in .streamlit/secrets.toml only."""

from __future__ import annotations

import getpass
import os
import stat
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from data import files, troubles
from data.models import HearbackError

VERSION = "0.1.0"  # a test holds pyproject.toml to it
ROOT = Path(__file__).resolve().parent.parent
SECRETS = ROOT / ".streamlit" / "secrets.toml"
LARGEST_SECRETS = 2**20  # bytes


@dataclass(frozen=True, slots=True)
class Places:
    """The folder of everything that is kept, and what lies in it."""

    root: Path

    @property
    def store(self) -> Path:
        return self.root / "hearback.duckdb"

    @property
    def setup(self) -> Path:
        return self.root / "setup.toml"

    @property
    def incoming(self) -> Path:
        return self.root / "incoming"

    @property
    def cursors(self) -> Path:
        return self.root / "cursors"

    @property
    def budgets(self) -> Path:
        return self.root / "budgets"

    @property
    def intake(self) -> Path:
        return self.root / "intake"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def clock(self) -> Path:
        return self.root / "clock"

    @property
    def locks(self) -> Path:
        return self.root / "locks"

    @property
    def listeners_lock(self) -> Path:
        return self.root / "listeners.lock"

    @property
    def recheck(self) -> Path:
        return self.root / "recheck"

    @property
    def kept_copies(self) -> Path:
        return self.root / "kept-copies"

    @property
    def published(self) -> Path:
        return self.root / "published"

    @property
    def readers(self) -> Path:
        return self.root / "readers"

    @property
    def people(self) -> Path:
        return self.root / "people"

    @property
    def audit(self) -> Path:
        return self.root / "audit"

    @property
    def erased(self) -> Path:
        return self.root / "erased"

    @property
    def requests(self) -> Path:
        return self.root / "requests"

    @property
    def restoring(self) -> Path:
        return self.root / "restoring"

    @property
    def before_update(self) -> Path:
        return self.root / "before-update"

    @property
    def installation(self) -> Path:
        return self.root / "hearback.installation"

    def ours(self) -> list[Path]:
        """What lies in the folder and is ours: each place, what belongs to it ("hearback.duckdb.wal"), the locks."""
        known = {getattr(self, name).name for name, kind in vars(Places).items() if isinstance(kind, property)}
        begun = tuple(f"{name}." for name in known)
        there = files.named(self.root, "")
        return [path for path in there if path.name in known or path.name.startswith(begun) or path.suffix == ".lock"]

    def obstacles(self) -> list[str]:
        """What lies in the way of a folder of ours, a sentence each that says what to do."""
        folders = (self.incoming, self.cursors, self.budgets, self.intake, self.outbox, self.locks, self.recheck)
        others = (self.published, self.readers, self.clock, self.kept_copies, self.people, self.audit)
        copies = (self.erased, self.requests, self.restoring, self.before_update)
        in_the_way = [one for one in (*folders, *others, *copies) if os.path.lexists(one) and not one.is_dir()]
        return [f"{one} is no folder, and a folder must be there. Move it away; it is made anew." for one in in_the_way]

    def close_to_others(self) -> None:
        """Close the folder and what is ours in it to other users, now and in what this process will make. A folder that
        is the user's home, or that many share, keeps its mode."""
        files.keep_private()
        with suppress(OSError):  # whoever uses the folder says what is wrong with it
            is_shared = bool(self.root.stat().st_mode & stat.S_ISVTX) or self.root in (Path.home(), Path("/"))
            files.tighten(path for place in self.ours() for path in files.within(place))
            files.tighten([] if is_shared else [self.root])


def places() -> Places:
    """The folder named by HEARBACK_DATA, or data/live. HearbackError when it can be none, as where a file stands in its
    way."""
    named = os.environ.get("HEARBACK_DATA", "").strip()
    try:
        folder = Path(named or ROOT / "data" / "live").expanduser().absolute()
        _insist_on_folders(folder)
    except RuntimeError:  # "~nobody/x"
        raise HearbackError(f"HEARBACK_DATA is {named}, and there is no such home. Write the folder out.") from None
    except OSError as trouble:
        raise HearbackError(f"HEARBACK_DATA must name a folder. {troubles.sentence(trouble)}") from None
    return Places(folder)


def _insist_on_folders(folder: Path) -> None:
    shown = os.fsencode(folder).decode("utf-8", "replace")
    if shown != str(folder):
        raise HearbackError(f"HEARBACK_DATA names {shown}, which is not valid UTF-8. Name the folder otherwise.")
    for place in (folder, *folder.parents):
        if os.path.lexists(place) and not place.is_dir():
            what = "a file" if place.is_file() else "no folder"
            raise HearbackError(f"HEARBACK_DATA must name a folder, and {place} is {what}. Name another.")


def user() -> str:
    """The name this machine is used under."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # in a container nobody may have a name
        return f"user {os.getuid()}"


def secret(name: str) -> str | None:
    """A secret by its name in capitals, from the environment first; None when nobody set it."""
    value = os.environ.get(name) or _kept_secrets().get(name)
    return str(value) if value else None


def secret_table(name: str) -> dict[str, Any]:
    """A table of the secrets' file, such as [auth]; empty when it has none."""
    table = _kept_secrets().get(name)
    return table if isinstance(table, dict) else {}


def secrets_file() -> Path:
    """The file named by HEARBACK_SECRETS, or .streamlit/secrets.toml."""
    named = os.environ.get("HEARBACK_SECRETS", "").strip()
    return Path(named).expanduser().absolute() if named else SECRETS


def _kept_secrets() -> dict[str, Any]:
    path = secrets_file()
    try:
        seen = path.stat()
    except OSError:  # it is missing, or what is wrong is said by whoever reads it
        return _read_secrets(path)
    return _loaded_secrets(path, (seen.st_ino, seen.st_size, seen.st_mtime_ns))


@lru_cache(maxsize=2)
def _loaded_secrets(path: Path, _: tuple[int, int, int]) -> dict[str, Any]:
    return _read_secrets(path)


def _read_secrets(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(files.read(path, linked=True, most=LARGEST_SECRETS).decode("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as trouble:
        raise HearbackError(f".streamlit/secrets.toml cannot be read: {trouble.strerror}.") from None
    except RecursionError:
        raise HearbackError(".streamlit/secrets.toml cannot be read: it is nested too deeply.") from None
    except ValueError as trouble:  # no TOML, no UTF-8, a number of thousands of digits
        raise HearbackError(f".streamlit/secrets.toml cannot be read: {trouble}. Mend that line.") from None
