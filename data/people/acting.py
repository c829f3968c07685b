"""Who acts on the command line: with the rights of the person whose name is given."""

from __future__ import annotations

import os

from data.models import HearbackError
from data.people import people, rights
from data.people.rights import Actor
from data.settings import Places, user

VARIABLE = "HEARBACK_PERSON"


def of_command(here: Places, said: str | None = None) -> Actor:
    """Who runs a command: the person called `said`, else by HEARBACK_PERSON, else as this machine's user. Where nobody
    is on the team yet, that name with a lead's rights. HearbackError where the name is nobody's.

    No password is asked: whoever can write to the data folder can do all of this anyway. The name says with whose
    rights it is done, and stands in the audit log.
    """
    name = " ".join((said or os.environ.get(VARIABLE, "") or user()).split())
    team = people.known(here)
    if not team.people:
        return rights.lead(name)
    person = team.named(name)
    if person is None:
        raise HearbackError(
            f"Nobody on the team is called {name!r}. Say who you are: {VARIABLE}=NAME before the command. "
            "python -m data people lists the names."
        )
    return person.actor
