"""One-time links: a lead makes one, and whoever opens it sets the person's password. No mail is needed."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from data.models import HearbackError
from data.people import audit, passwords, people
from data.people.audit import Event
from data.people.people import Person
from data.people.rights import Actor, Verb
from data.settings import Places

LASTS = timedelta(days=3)
PATH = "/login/link?token="  # behind the question mark, where proxies do not log it
USED = "This link was used, or is too old. Ask your lead for a new one."


def make(here: Places, name: str, by: Actor, now: datetime) -> str:
    """The token of a link for a person; an earlier one holds no more. Forbidden, HearbackError."""
    by.insist(Verb.PEOPLE)
    one, token = people.insisted(people.known(here), name), secrets.token_urlsafe(32)
    until = now + LASTS
    audit.note(here, Event.LINK_MADE, by.name, person=one.name, until=until.isoformat())
    people.alter(here, one.id, lambda person: replace(person, link=(_digest(token), until.isoformat())))
    return token


def holder(here: Places, token: str, now: datetime) -> Person:
    """Whose link it is. HearbackError when it holds no more."""
    digest = _digest(token)
    for one in people.known(here).people:
        if one.link and secrets.compare_digest(one.link[0], digest) and _holds(one, now):
            return one
    raise HearbackError(USED)


def is_any_lead_expected(here: Places, now: datetime) -> bool:
    """Whether a lead has a link that still holds."""
    return any(_holds(one, now) for one in people.known(here).leads)


def use(here: Places, token: str, password: str, now: datetime) -> Person:
    """Set the password by a link, which is used up then, and return the person; their other sessions end.
    HearbackError for a link that holds no more or a password that is none."""
    one = holder(here, token, now)
    if slip := passwords.fault(password, one.name):
        raise HearbackError(slip)
    digest, hashed = _digest(token), passwords.hashed(password)

    def used(person: Person) -> Person:
        if person.link is None or not secrets.compare_digest(person.link[0], digest):
            raise HearbackError(USED)  # another browser was quicker
        return replace(person, link=None, password=hashed, stamp=people.fresh_stamp())

    audit.note(here, Event.PASSWORD_SET, one.name, person=one.name)
    changed = people.alter(here, one.id, used)
    if changed is None:
        raise HearbackError(USED)
    return changed


def _holds(one: Person, now: datetime) -> bool:
    return one.link is not None and now < datetime.fromisoformat(one.link[1])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
