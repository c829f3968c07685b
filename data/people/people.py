"""The list of people: read by every page and command, changed by a lead, kept in people.json beside the store."""

from __future__ import annotations

import json
import secrets
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from data import files, locks, troubles
from data.clock import now_in_utc
from data.models import SYSTEM, HearbackError
from data.people import audit, providers
from data.people.audit import Event
from data.people.rights import Actor, Role, Verb
from data.settings import Places

FILE = "people.json"
LONGEST_NAME = 40  # characters
LONGEST_MAIL = 254  # characters
LARGEST = 2**24  # bytes
PATIENCE = 10.0  # seconds that a change waits for another one
Account = tuple[str | None, str | None]  # mail address and subject
T = TypeVar("T")

NOT_SAVED = "The list of people could not be changed"


@dataclass(frozen=True, slots=True)
class Person:
    """One member of the team. `mail` and `subject` tie an account of a login provider; `password` is a hash; `stamp`
    changes with all that must end the person's sessions; `link`: the hash of a one-time link and when it ends;
    `ended_at`: since when logins at a provider count, those before having been ended."""

    id: str
    name: str
    role: Role
    mail: str | None = None
    subject: str | None = None
    is_away: bool = False
    password: str | None = field(default=None, repr=False)
    stamp: str = field(default="", repr=False)
    link: tuple[str, str] | None = field(default=None, repr=False)
    ended_at: str | None = None

    @property
    def actor(self) -> Actor:
        """The person as somebody who does something."""
        return Actor(self.name, self.role, self.id)

    @property
    def can_log_in(self) -> bool:
        """Whether the person has a way in that works now."""
        return self.password is not None or (bool(self.mail or self.subject) and bool(providers.known()))


@dataclass(frozen=True)
class Team:
    """Everybody, in the order in which they were added."""

    people: tuple[Person, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Person]:
        return {one.id: one for one in self.people}

    @cached_property
    def by_name(self) -> Mapping[str, Person]:
        return {key(one.name): one for one in self.people}

    def named(self, name: str) -> Person | None:
        """The person of this name, in capitals or not; None when there is none."""
        return self.by_name.get(key(name))

    @cached_property
    def workers(self) -> Mapping[str, Person]:
        """By name: whoever a mention can be assigned to."""
        return {one.name: one for one in self.people if one.actor.may(Verb.TRIAGE)}

    @cached_property
    def leads(self) -> tuple[Person, ...]:
        return tuple(one for one in self.people if one.role is Role.LEAD)


def known(here: Places) -> Team:
    """Everybody on the team; an empty Team where nobody was added yet. HearbackError where the list cannot be read:
    whoever cannot tell who is on the team lets nobody in."""
    path = here.people / FILE
    try:
        seen = path.lstat()
    except FileNotFoundError:
        return Team()
    except OSError as trouble:
        raise HearbackError(troubles.sentence(trouble)) from None
    return _loaded(path, (seen.st_ino, seen.st_size, seen.st_mtime_ns))


@lru_cache(maxsize=4)
def _loaded(path: Path, _: tuple[int, int, int]) -> Team:
    try:
        told = json.loads(files.read(path, most=LARGEST))
        return Team(tuple(_person(one) for one in told["people"]))
    except OSError as trouble:
        raise HearbackError(troubles.sentence(trouble)) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise HearbackError(
            f"{path} cannot be read: it is no list of people. Put a backup of it in its place; until then nobody is "
            "let in."
        ) from None


def _person(told: Mapping[str, Any]) -> Person:
    link = told.get("link")
    return Person(**{**told, "role": Role(told["role"]), "link": (str(link[0]), str(link[1])) if link else None})


def add(here: Places, name: str, role: Role, by: Actor, *, mail: str | None = None) -> Person:
    """Add a person and return them; the first one is a lead, whatever `role` says. Forbidden, or HearbackError for a
    name or address that cannot be used or that somebody has."""
    by.insist(Verb.PEOPLE)
    said, address = checked_name(name), checked_mail(mail)

    def added(team: Team) -> tuple[Person, Team]:
        if team.named(said):
            raise HearbackError(f"There is a {team.named(said).name} already. Choose another name.")  # type: ignore[union-attr]
        _insist_on_own(team, address, but=None)
        one = Person(uuid.uuid4().hex[:12], said, role if team.people else Role.LEAD, address, stamp=fresh_stamp())
        return one, Team((*team.people, one))

    return _changed(here, by, Event.PERSON_ADDED, added)


def set_role(here: Places, name: str, role: Role, by: Actor) -> Person:
    """Give a person another role; their sessions end. Forbidden, or HearbackError for the last lead."""
    return change(here, name, by, role=role)


def set_away(here: Places, name: str, by: Actor, *, is_away: bool) -> Person:
    """Say that a person is away, or back. People say it of themselves, leads of anybody."""
    one = insisted(known(here), name)
    if one.id != by.person_id:
        by.insist(Verb.PEOPLE)
    return _changed(
        here, by, Event.PERSON_CHANGED, lambda team: _with(team, replace(insisted(team, name), is_away=is_away))
    )


def set_account(here: Places, name: str, by: Actor, *, mail: str | None, subject: str | None = None) -> Person:
    """Tie a person to an account of a login provider, by mail address or by subject; None unties. Sessions end."""
    return change(here, name, by, account=(mail, subject))


def change(here: Places, name: str, by: Actor, *, role: Role | None = None, account: Account | None = None) -> Person:
    """Give a person another role, another account (mail address and subject), or both at once; None leaves it as it is.
    With either their sessions end; a login at the provider of the new account stays. Forbidden, or HearbackError, and
    nothing has changed."""
    by.insist(Verb.PEOPLE)
    mail, subject = (checked_mail(account[0]), (account[1] or "").strip() or None) if account else (None, None)

    def changed(team: Team) -> tuple[Person, Team]:
        before = insisted(team, name)
        one = replace(before, role=role or before.role)
        if account:
            _insist_on_own(team, mail, but=one.id)
            if subject and any(other.subject == subject for other in team.people if other.id != one.id):
                raise HearbackError(f"Somebody else has the subject {subject!r} already.")
            one = replace(one, mail=mail, subject=subject)
        if one == before:
            return one, team
        return _with(team, _ended(one) if one.role is not before.role else replace(one, stamp=fresh_stamp()))

    return _changed(here, by, Event.PERSON_CHANGED, changed)


def remove(here: Places, name: str, by: Actor) -> Person:
    """Remove a person; their sessions end, what they did stays. HearbackError for the last lead."""
    by.insist(Verb.PEOPLE)

    def removed(team: Team) -> tuple[Person, Team]:
        one = insisted(team, name)
        return one, Team(tuple(other for other in team.people if other.id != one.id))

    return _changed(here, by, Event.PERSON_REMOVED, removed)


def end_sessions(here: Places, person_id: str) -> None:
    """End every session of a person, as logging out does; nothing where there is no such person any more."""
    alter(here, person_id, _ended)


def alter(here: Places, person_id: str, change: Callable[[Person], Person]) -> Person | None:
    """Change one person by id, for logins and links; None where there is no such person any more. HearbackError."""

    def altered(team: Team) -> tuple[Person | None, Team]:
        one = team.by_id.get(person_id)
        return _with(team, change(one)) if one else (None, team)

    return _exchange(here, altered)


def insisted(team: Team, name: str) -> Person:
    """The person of this name. HearbackError when there is none."""
    one = team.named(name)
    if one is None:
        raise HearbackError(f"Nobody here is called {name.strip()[:LONGEST_NAME]!r}; python -m data people lists all.")
    return one


def checked_name(name: str) -> str:
    """A name as it is kept. HearbackError when it cannot be one."""
    said = " ".join(unicodedata.normalize("NFC", name).split())
    if not any(character.isalnum() for character in said):
        raise HearbackError("A person needs a name, with a letter or a digit in it.")
    if len(said) > LONGEST_NAME:
        raise HearbackError(f"The name has {len(said)} characters; write it in {LONGEST_NAME} or fewer.")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for character in said):
        raise HearbackError("The name holds a character that cannot be seen. Type it anew.")
    if key(said) in (key(SYSTEM), key("Hearback")):
        raise HearbackError(f"{said!r} is what Hearback calls itself. Choose another name.")
    return said


def checked_mail(mail: str | None) -> str | None:
    """A mail address as it is kept, in lower case; None for none. HearbackError when it cannot be one."""
    said = (mail or "").strip().lower()
    name, _, host = said.rpartition("@")
    if said and (not name or not host or len(said) > LONGEST_MAIL or any(one.isspace() for one in said)):
        raise HearbackError(f"{said[:LONGEST_NAME]!r} is no mail address.")
    return said or None


def fresh_stamp() -> str:
    """A stamp that no session knows."""
    return secrets.token_hex(16)


def key(name: str) -> str:
    """What is the same of a name however it is typed: capitals, blanks, widths."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def _insist_on_own(team: Team, mail: str | None, but: str | None) -> None:
    if mail and any(one.mail == mail for one in team.people if one.id != but):
        raise HearbackError(f"Somebody else has the address {mail} already.")


def _insist_on_lead(before: Team, after: Team) -> None:
    """HearbackError where no lead is left, or none of them could log in any more and the login would be off."""
    if before.leads and not after.leads:
        raise HearbackError(f"{before.leads[0].name} is the only lead. Make somebody else a lead first.")
    able = [one for one in before.leads if one.can_log_in]
    if able and not any(one.can_log_in for one in after.leads):
        raise HearbackError(
            f"{able[0].name} is the only lead who can log in. Make a link for another lead first, by which they choose "
            "a password."
        )


def _ended(one: Person) -> Person:
    """The person with all sessions ended, those by a provider's account too."""
    return replace(one, stamp=fresh_stamp(), ended_at=now_in_utc().isoformat())


def _with(team: Team, one: Person) -> tuple[Person, Team]:
    return one, Team(tuple(one if other.id == one.id else other for other in team.people))


def _changed(here: Places, by: Actor, event: Event, change: Callable[[Team], tuple[Person, Team]]) -> Person:
    def noted(team: Team) -> tuple[Person, Team]:
        one, after = change(team)
        _insist_on_lead(team, after)
        audit.note(here, event, by.name, person=one.name, role=one.role.value, is_away=one.is_away)
        return one, after

    return _exchange(here, noted)


def _exchange(here: Places, change: Callable[[Team], tuple[T, Team]]) -> T:
    """Read the list, change it and write it while nobody else can. HearbackError when it cannot be written."""
    try:
        files.folder(here.people)
        with locks.take(here.people / "people.lock", PATIENCE):
            answer, team = change(known(here))
            content = {"people": [asdict(one) for one in team.people]}
            files.write(here.people / FILE, json.dumps(content, ensure_ascii=False, indent=1).encode())
    except OSError as trouble:
        raise HearbackError(f"{NOT_SAVED}. {troubles.sentence(trouble)}") from None
    except locks.LockIsHeld as held:
        raise HearbackError(f"{NOT_SAVED}: {held} changes it just now. Try again.") from None
    return answer
