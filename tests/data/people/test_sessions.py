"""Sessions: whose a cookie is, and all that ends one."""

from __future__ import annotations

import stat
from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer

from data.people import links, people, sessions
from data.people.rights import Role
from data.settings import Places
from tests.data.builders import NOON

GOOD = "four words nobody says"


@pytest.fixture
def ann(places, team):
    return people.known(places).named("Ann")


@pytest.fixture
def cookie(places, ann):
    return sessions.cookie_for(places, ann, NOON)


def whose(places, cookie, at=NOON):
    person = sessions.person_of(places, cookie, at)
    return person.name if person else None


def test_a_cookie_is_its_persons_for_twelve_hours(places, cookie):
    assert whose(places, cookie) == "Ann"
    assert whose(places, cookie, NOON + sessions.LASTS - timedelta(seconds=1)) == "Ann"
    assert whose(places, cookie, NOON + sessions.LASTS) is None


def test_it_holds_no_name_and_its_key_is_private(places, cookie):
    assert "Ann" not in cookie
    assert stat.S_IMODE((places.people / sessions.KEY).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "change",
    [
        lambda places, lead: people.set_role(places, "Ann", Role.VIEWER, lead),
        lambda places, lead: people.remove(places, "Ann", lead),
        lambda places, lead: people.set_account(places, "Ann", lead, mail="ann@example.com"),
        lambda places, _: people.end_sessions(places, people.known(places).named("Ann").id),
        lambda places, lead: links.use(places, links.make(places, "Ann", lead, NOON), GOOD, NOON),
        lambda places, lead: (people.remove(places, "Ann", lead), people.add(places, "Ann", Role.AGENT, lead)),
    ],
    ids=["role", "removal", "account", "logout", "password", "another of that name"],
)
def test_what_ends_a_session(places, lead, cookie, change):
    other = sessions.cookie_for(places, people.known(places).named("Abe"), NOON)
    change(places, lead)
    assert whose(places, cookie) is None
    assert whose(places, other) == "Abe"


def test_being_away_ends_none(places, lead, cookie):
    people.set_away(places, "Ann", lead, is_away=True)
    assert whose(places, cookie) == "Ann"


@pytest.mark.parametrize("cookie", [None, "", "x", "a.b", "a.b.c", "é", "x" * 5000, "\x00", "..", "eyJpZCI6MX0.AAAA"])
def test_what_is_no_cookie_is_nobodys(places, team, cookie):
    assert whose(places, cookie) is None


def test_a_forged_cookie_is_nobodys(places, ann, cookie):
    content, _, signature = cookie.rpartition(".")
    told = {"id": ann.id, "stamp": ann.stamp, "until": 9e9}
    for forged in (
        f"{content[:-1]}A.{signature}",
        f"{content}.{signature[:-2]}AA",
        URLSafeSerializer("another key", salt=sessions.SALT).dumps(told),
        URLSafeSerializer((places.people / sessions.KEY).read_bytes(), salt="another use").dumps(told),
    ):
        assert whose(places, forged) is None


@pytest.mark.parametrize(
    "told", [{}, [], 3, {"id": 3, "stamp": "x", "until": 9e9}, {"id": None, "stamp": None, "until": "x"}]
)
def test_what_our_own_key_signed_for_something_else_is_nobodys(places, ann, cookie, told):
    assert whose(places, sessions._signer(places).dumps(told)) is None


def test_a_cookie_of_another_installation_is_nobodys(places, tmp_path, ann, cookie):
    other = Places(tmp_path / "other")
    other.people.mkdir(parents=True)
    (other.people / people.FILE).write_bytes((places.people / people.FILE).read_bytes())  # the same people
    assert whose(other, cookie) is None
    assert whose(places, cookie) == "Ann"


def test_a_new_key_ends_all(places, cookie):
    (places.people / sessions.KEY).unlink()
    assert whose(places, cookie) is None
