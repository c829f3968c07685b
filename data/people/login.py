"""Whether a login is needed, and who logs in: by a password, or by an account of a provider (OIDC)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from data import settings
from data.models import HearbackError
from data.people import audit, passwords, people
from data.people.audit import Event
from data.people.passwords import Tries
from data.people.people import Person
from data.settings import Places

LASTS = timedelta(hours=12)  # since the provider asked the person
DEFAULT_PROVIDER = "default"  # what Streamlit calls a provider that is set in [auth] itself
OF_A_PROVIDER = ("client_id", "server_metadata_url")
WRONG = "The name or the password is wrong."


class WrongPassword(HearbackError):
    """No person has this name and password; the same for unknown names."""


class TooManyTries(HearbackError):
    """The name was tried too often from this address. `wait`: seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"Too many wrong tries. Wait {max(1, round(wait))} seconds, then try again.")
        self.wait = wait


def is_on(here: Places) -> bool:
    """Whether people must log in: as soon as one lead can. HearbackError when the list of people cannot be read."""
    leads = people.known(here).leads
    if any(one.password for one in leads):
        return True
    return any(one.mail or one.subject for one in leads) and bool(providers())


def has_passwords(here: Places) -> bool:
    """Whether anybody logs in by a password."""
    return any(one.password for one in people.known(here).people)


def providers() -> tuple[str, ...]:
    """The names of the providers that the secrets set up, in their order; empty when there are none."""
    section = settings.secret_table("auth")
    named = [name for name, table in section.items() if isinstance(table, Mapping) and _is_provider(table)]
    return (*([DEFAULT_PROVIDER] if _is_provider(section) else []), *named)


def _is_provider(table: Mapping[str, Any]) -> bool:
    return all(isinstance(table.get(name), str) for name in OF_A_PROVIDER)


def by_password(here: Places, tries: Tries, name: str, password: str, address: str) -> Person:
    """The person who logs in. WrongPassword, or TooManyTries without looking at the password; `address`: the network
    address of the browser. HearbackError when the list of people or the audit log cannot be used."""
    if wait := tries.wait(name, address):
        raise TooManyTries(wait)
    person = people.known(here).named(name)
    if not passwords.fits(person.password if person else None, password) or person is None:
        many = tries.was_wrong(name, address)
        if many <= passwords.FREE_TRIES or not many & (many - 1):  # all at first, then at every doubling
            audit.note(here, Event.LOGIN_FAILED, _shown(name), address=address, in_a_row=many)
        raise WrongPassword(WRONG)
    tries.was_right(name, address)
    audit.note(here, Event.LOGIN, person.name, how="password", address=address)
    return person


def by_provider(here: Places, claims: Mapping[str, Any], now: datetime) -> Person | None:
    """The person to whom a provider's account is tied, by subject or by mail address; None where nobody is, where the
    provider says that the address is not verified, or where it asked the person more than LASTS ago."""
    if _is_old(claims.get("iat"), now):
        return None
    subject, mail = str(claims.get("sub") or ""), str(claims.get("email") or "").strip().lower()
    is_verified = claims.get("email_verified", True) in (True, "true")
    for one in people.known(here).people:
        if one.subject and one.subject == subject:
            return one
        if one.mail and one.mail == mail and is_verified:
            return one
    return None


def _is_old(asked_at: Any, now: datetime) -> bool:
    """`asked_at`: seconds since 1970, as the provider tells them; nothing when it does not."""
    if not isinstance(asked_at, int | float) or isinstance(asked_at, bool):
        return False
    try:
        return now - datetime.fromtimestamp(asked_at, UTC) > LASTS
    except (OverflowError, OSError, ValueError):
        return True


def _shown(name: str) -> str:
    """A name as somebody typed it, cut: it may be a password in the wrong field."""
    return " ".join(name.split())[: people.LONGEST_NAME]
