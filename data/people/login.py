"""Whether a login is needed, and who logs in: by a password, or by an account of a provider (OIDC)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from data.models import HearbackError
from data.people import audit, passwords, people, providers
from data.people.audit import Event
from data.people.passwords import Tries
from data.people.people import Person
from data.settings import Places

LASTS = timedelta(hours=12)  # since the provider asked the person
MOST_NOTED = 10_000  # logins at providers that are remembered as written down
WRONG = "The name or the password is wrong."


class WrongPassword(HearbackError):
    """No person has this name and password; the same for unknown names."""


class TooManyTries(HearbackError):
    """The name was tried too often from this address, or many log in from there. `wait`: seconds."""

    def __init__(self, wait: float, why: str = "Too many wrong tries") -> None:
        super().__init__(f"{why}. Wait {max(1, round(wait))} seconds, then try again.")
        self.wait = wait


def is_on(here: Places) -> bool:
    """Whether people must log in: as soon as one lead can. HearbackError when the list of people cannot be read."""
    return any(one.can_log_in for one in people.known(here).leads)


def has_passwords(here: Places) -> bool:
    """Whether anybody logs in by a password."""
    return any(one.password for one in people.known(here).people)


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
    """The person who logs in by a provider's account; None where it is nobody's, or the session has ended: the provider
    asked more than LASTS ago, or before the person's sessions were ended."""
    person = holder(here, claims)
    asked_at = _instant(claims.get("iat"))
    if person is None or asked_at is None:
        return person
    is_ended = person.ended_at is not None and asked_at < datetime.fromisoformat(person.ended_at).replace(microsecond=0)
    return None if is_ended or now - asked_at > LASTS else person


def holder(here: Places, claims: Mapping[str, Any]) -> Person | None:
    """The person to whom a provider's account is tied, by subject or by mail address; None where nobody is, or where
    the provider says that the address is not verified. Where there are several providers a subject holds with the name
    of its issuer alone, for each may give the same one to somebody else."""
    subject, mail = str(claims.get("sub") or ""), str(claims.get("email") or "").strip().lower()
    subjects = {f"{claims.get('iss')} {subject}", *([subject] if len(providers.known()) < 2 else [])}
    is_verified = claims.get("email_verified", True) in (True, "true")
    for one in people.known(here).people:
        if one.subject and subject and one.subject in subjects:
            return one
        if one.mail and one.mail == mail and is_verified:
            return one
    return None


def note_provider(here: Places, claims: Mapping[str, Any], person: Person | None) -> None:
    """Write into the audit log that somebody logged in at a provider, or is nobody of ours (None); once for each time
    that the provider asked them. HearbackError when the log cannot be written."""
    who = _shown(str(claims.get("email") or claims.get("sub") or "somebody"))
    event, by = (Event.LOGIN, person.name) if person else (Event.LOGIN_FAILED, who)
    asked = str(claims.get("iat"))
    told = (str(here.audit), event.value, by, asked)
    if told in _noted:
        return
    if not any((one.event, one.by, one.facts.get("asked")) == (event.value, by, asked) for one in audit.entries(here)):
        audit.note(here, event, by, how="provider", account=who, asked=asked)
    if len(_noted) >= MOST_NOTED:
        _noted.clear()
    _noted.add(told)


_noted: set[tuple[str, ...]] = set()


def _instant(told: Any) -> datetime | None:
    """When the provider asked the person, from seconds since 1970; None when it does not tell."""
    if not isinstance(told, int | float) or isinstance(told, bool):
        return None
    try:
        return datetime.fromtimestamp(told, UTC)
    except (OverflowError, OSError, ValueError):
        return datetime.min.replace(tzinfo=UTC)


def _shown(name: str) -> str:
    """A name as somebody typed it, cut: it may be a password in the wrong field."""
    return " ".join(name.split())[: people.LONGEST_NAME]
