"""Which role may do what. The function that writes asks the actor, whatever page, command or route called it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from data.models import SYSTEM, HearbackError


class Role(StrEnum):
    """What a person is on the team; each may do all that those before it may."""

    VIEWER = "viewer"
    AGENT = "agent"
    APPROVER = "approver"
    LEAD = "lead"


class Verb(StrEnum):
    """What can be done, in words that follow "may"."""

    READ = "read the pages"
    TRIAGE = "work on mentions"
    MUTE = "mute authors, communities and threads"
    LABEL = "label mentions in the blind check"
    APPROVE = "approve answers"
    IMPORT = "import files"
    EXPORT = "export the data"
    TRAIN = "change the scorer"
    COLLECT = "change brands and sources"
    ERASE = "erase what is stored"
    CONFIRM_CLOCK = "confirm the clock"
    BACK_UP = "make backups and restore them"
    PEOPLE = "change who is on the team"
    READ_AUDIT = "read the audit log"


ORDER = tuple(Role)
LEAST: Mapping[Verb, Role] = {
    Verb.READ: Role.VIEWER,
    Verb.TRIAGE: Role.AGENT,
    Verb.MUTE: Role.AGENT,
    Verb.LABEL: Role.AGENT,
    Verb.APPROVE: Role.APPROVER,
    Verb.IMPORT: Role.APPROVER,
    Verb.EXPORT: Role.APPROVER,
    Verb.TRAIN: Role.LEAD,
    Verb.COLLECT: Role.LEAD,
    Verb.ERASE: Role.LEAD,
    Verb.CONFIRM_CLOCK: Role.LEAD,
    Verb.BACK_UP: Role.LEAD,
    Verb.PEOPLE: Role.LEAD,
    Verb.READ_AUDIT: Role.LEAD,
}  # the first role, in ORDER, that may do it


class Forbidden(HearbackError):
    """The actor's role does not allow it; nothing was done."""


def may(role: Role, verb: Verb) -> bool:
    """Whether a role may do something."""
    return ORDER.index(role) >= ORDER.index(LEAST[verb])


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and in which role. `person_id`: None where nobody has logged in."""

    name: str
    role: Role
    person_id: str | None = None

    def may(self, verb: Verb) -> bool:
        """Whether this actor may do something."""
        return may(self.role, verb)

    def insist(self, verb: Verb) -> None:
        """Raise Forbidden, which says who may, where this actor may not do it."""
        if self.may(verb):
            return
        allowed = " or ".join(f"a {role.value}" for role in ORDER if may(role, verb)).replace("a a", "an a")
        article = "an" if self.role.value[0] in "aeiou" else "a"
        raise Forbidden(
            f"Only {allowed} may {verb.value}, and {self.name} is {article} {self.role.value}. Nothing was done."
        )


def lead(name: str) -> Actor:
    """Somebody with a lead's rights: whoever works on this machine where there is no login."""
    return Actor(name, Role.LEAD)


OURSELVES = lead(SYSTEM)
