"""Where everything is kept, and the secrets, which live in the environment or in .streamlit/secrets.toml only."""

from __future__ import annotations

import getpass
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from data.models import HearbackError

ROOT = Path(__file__).resolve().parent.parent
SECRETS = ROOT / ".streamlit" / "secrets.toml"


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
    def recheck(self) -> Path:
        return self.root / "recheck"

    @property
    def published(self) -> Path:
        return self.root / "published"


def places() -> Places:
    """The folder named by HEARBACK_DATA, or data/live. HearbackError when a file stands in its way."""
    named = os.environ.get("HEARBACK_DATA", "").strip()
    try:
        folder = Path(named or ROOT / "data" / "live").expanduser().absolute()
    except RuntimeError:  # "~nobody/x"
        raise HearbackError(f"HEARBACK_DATA is {named}, and there is no such home. Write the folder out.") from None
    for place in (folder, *folder.parents):
        if place.exists() and not place.is_dir():
            raise HearbackError(f"HEARBACK_DATA must name a folder, and {place} is a file. Name another.")
    return Places(folder)


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


def _kept_secrets() -> dict[str, object]:
    try:
        return tomllib.loads(SECRETS.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as trouble:
        raise HearbackError(f".streamlit/secrets.toml cannot be read: {trouble.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise HearbackError(f".streamlit/secrets.toml cannot be read: {trouble}. Mend that line.") from None
