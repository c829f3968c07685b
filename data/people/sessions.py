"""Sessions: the signed cookie by which a browser is known as a person's, and the key that signs it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from itsdangerous import BadData, URLSafeSerializer

from data import files, locks, troubles
from data.models import HearbackError
from data.people import people
from data.people.people import Person
from data.settings import Places

COOKIE = "hearback_session"
LASTS = timedelta(hours=12)
KEY = "key"  # its file; a secret of this installation, never in a backup
KEY_BYTES = 32
SALT = "hearback session"


def cookie_for(here: Places, person: Person, now: datetime) -> str:
    """The content of the cookie of a session that begins now. HearbackError when no key can be made."""
    until = now + LASTS
    return _signer(here).dumps({"id": person.id, "stamp": person.stamp, "until": until.timestamp()})


def person_of(here: Places, cookie: str | None, now: datetime) -> Person | None:
    """Whose session a cookie is; None for a forged or old one, one of another installation, and one that was ended by
    a new password, another role, a removal or a logout."""
    if not cookie or len(cookie) > 4096:
        return None
    try:
        told = _signer(here).loads(cookie)
        person = people.known(here).by_id.get(told["id"])
        is_good = person is not None and secrets.compare_digest(person.stamp, told["stamp"])
        return person if is_good and now.timestamp() < float(told["until"]) else None
    except (BadData, KeyError, TypeError, ValueError, AttributeError):
        return None


def _signer(here: Places) -> URLSafeSerializer:
    path = here.people / KEY
    try:
        seen = path.lstat()
    except FileNotFoundError:
        _make_key(path)
        seen = path.lstat()
    return _signer_of(path, (seen.st_ino, seen.st_mtime_ns))


@lru_cache(maxsize=4)
def _signer_of(path: Path, _: tuple[int, int]) -> URLSafeSerializer:
    try:
        return URLSafeSerializer(files.read(path, most=1024), salt=SALT, signer_kwargs={"digest_method": _sha256})
    except OSError as trouble:
        raise HearbackError(troubles.sentence(trouble)) from None


def _sha256(content: bytes = b"") -> object:
    import hashlib

    return hashlib.sha256(content)


def _make_key(path: Path) -> None:
    try:
        files.folder(path.parent)
        with locks.take(path.parent / "people.lock", people.PATIENCE):
            if not path.exists():
                files.write(path, secrets.token_hex(KEY_BYTES).encode())
    except (OSError, locks.LockIsHeld) as trouble:
        said = troubles.sentence(trouble) if isinstance(trouble, OSError) else f"{trouble} holds the list of people."
        raise HearbackError(f"The key of the sessions could not be made. {said}") from None
