"""Whether a login is needed, and who logs in by a password or by a provider's account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.clock import now_in_utc
from data.models import HearbackError
from data.people import audit, links, login, people, providers
from data.people.login import TooManyTries, WrongPassword
from data.people.passwords import FREE_TRIES, Tries
from data.people.rights import Role
from tests.data.builders import NOON

GOOD = "four words nobody says"
ONE = '[auth]\nredirect_uri = "http://localhost:8501/oauth2callback"\ncookie_secret = "x"\n'
PROVIDER = 'client_id = "x"\nclient_secret = "y"\nserver_metadata_url = "https://id.example/.well-known"\n'


@pytest.fixture
def secrets(tmp_path, monkeypatch):
    """Write the file of the secrets."""
    path = tmp_path / "secrets.toml"
    monkeypatch.setenv("HEARBACK_SECRETS", str(path))
    return path.write_text


def set_password(places, lead, name="Ann"):
    links.use(places, links.make(places, name, lead, NOON), GOOD, NOON)


def test_it_is_on_as_soon_as_a_lead_can_log_in(places, lead, secrets):
    secrets("")
    assert not login.is_on(places)
    set_password(places, lead, "Ann")
    assert not login.is_on(places)  # an agent alone could change nothing
    set_password(places, lead, "Lea")
    assert login.is_on(places)


def test_a_provider_alone_lets_nobody_in(places, lead, secrets):
    secrets(ONE + PROVIDER)
    assert not login.is_on(places)
    people.set_account(places, "Lea", lead, mail="lea@example.com")
    assert login.is_on(places)
    secrets("")
    assert not login.is_on(places)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        (ONE, ()),
        (ONE + PROVIDER, ("default",)),
        (f"{ONE}[auth.okta]\n{PROVIDER}[auth.entra]\n{PROVIDER}", ("okta", "entra")),
        (f"{ONE}{PROVIDER}[auth.okta]\n{PROVIDER}", ("default", "okta")),
        ("auth = 3", ()),
        ("[auth.okta]\nclient_id = 3\nserver_metadata_url = 4", ()),
    ],
)
def test_the_providers_that_the_secrets_set_up(secrets, text, found):
    secrets(text)
    assert providers.known() == found


def test_unknown_and_wrong_get_the_same_answer(places, lead):
    set_password(places, lead)
    told = set()
    for name, password in (("Ann", "wrong"), ("Zoe", GOOD), ("Abe", GOOD), ("", ""), ("\ud800", "x")):
        with pytest.raises(WrongPassword) as refusal:
            login.by_password(places, Tries(), name, password, "here")
        told.add(str(refusal.value))
    assert told == {login.WRONG}


def test_too_many_tries_wait_even_with_the_right_password(places, lead):
    set_password(places, lead)
    tries = Tries(lambda: 1.0)
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongPassword):
            login.by_password(places, tries, "Ann", "wrong", "10.0.0.1")
    with pytest.raises(TooManyTries, match="Wait 1 seconds"):
        login.by_password(places, tries, "Ann", GOOD, "10.0.0.1")
    assert login.by_password(places, tries, "Ann", GOOD, "10.0.0.2").name == "Ann"


def test_logins_and_failed_ones_are_in_the_log(places, lead):
    set_password(places, lead)
    tries = Tries()
    with pytest.raises(WrongPassword):
        login.by_password(places, tries, "Ann", "wrong", "10.0.0.1")
    login.by_password(places, tries, "ann", GOOD, "10.0.0.1")
    failed, well = list(audit.entries(places))[-2:]
    assert (failed.event, failed.by, failed.facts) == ("login failed", "Ann", {"address": "10.0.0.1", "in_a_row": 1})
    assert (well.event, well.by, well.facts) == ("login", "Ann", {"how": "password", "address": "10.0.0.1"})
    assert GOOD not in (places.audit / audit.FILE).read_text()


def test_a_thousand_failed_logins_do_not_fill_the_log(places, lead, monkeypatch):
    monkeypatch.setattr(login.passwords, "fits", lambda *_: False)
    seconds = iter(range(0, 10**9, 1000))
    tries = Tries(lambda: float(next(seconds)))
    for _ in range(1_000):
        with pytest.raises(WrongPassword):
            login.by_password(places, tries, "Ann", "wrong", "10.0.0.1")
    assert sum(entry.event == "login failed" for entry in audit.entries(places)) < 20


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"email": "ann@example.com"}, "Ann"),
        ({"email": "ANN@Example.com ", "email_verified": True}, "Ann"),
        ({"email": "ann@example.com", "email_verified": False}, None),
        ({"email": "ann@example.com", "email_verified": "false"}, None),
        ({"sub": "abe-17"}, "Abe"),
        ({"sub": "abe-17", "email": "stranger@example.com", "email_verified": False}, "Abe"),
        ({"sub": "other", "email": "stranger@example.com"}, None),
        ({}, None),
        ({"email": None, "sub": None}, None),
        ({"email": ["ann@example.com"]}, None),
        ({"email": "ann@example.com", "iat": NOON.timestamp()}, "Ann"),
        ({"email": "ann@example.com", "iat": (NOON - timedelta(hours=13)).timestamp()}, None),
        ({"email": "ann@example.com", "iat": 1e300}, None),
    ],
)
def test_whose_account_it_is(places, lead, claims, name):
    people.set_account(places, "Ann", lead, mail="ann@example.com")
    people.set_account(places, "Abe", lead, mail=None, subject="abe-17")
    person = login.by_provider(places, claims, NOON)
    assert (person.name if person else None) == name


@pytest.mark.parametrize("ends", ["role", "logout"])
def test_a_login_at_a_provider_from_before_the_end_of_the_sessions_is_over(places, lead, ends):
    people.set_account(places, "Ann", lead, mail="ann@example.com")
    before, now = now_in_utc() - timedelta(hours=1), now_in_utc()
    claims = {"email": "ann@example.com", "iat": before.timestamp()}
    assert login.by_provider(places, claims, now).name == "Ann"
    if ends == "role":
        people.set_role(places, "Ann", Role.VIEWER, lead)
    else:
        people.end_sessions(places, people.known(places).named("Ann").id)
    assert login.by_provider(places, claims, now) is None
    assert login.holder(places, claims).name == "Ann"
    again = claims | {"iat": int(now_in_utc().timestamp())}
    assert login.by_provider(places, again, now_in_utc()).name == "Ann"


def test_where_several_providers_are_a_subject_holds_for_its_issuer_alone(places, lead, secrets):
    people.set_account(places, "Abe", lead, mail=None, subject="https://okta.example 17")
    people.set_account(places, "Ann", lead, mail=None, subject="18")
    secrets(f"{ONE}[auth.okta]\n{PROVIDER}[auth.entra]\n{PROVIDER}")
    assert login.holder(places, {"sub": "17", "iss": "https://okta.example"}).name == "Abe"
    assert login.holder(places, {"sub": "17", "iss": "https://entra.example"}) is None
    assert login.holder(places, {"sub": "18", "iss": "https://entra.example"}) is None
    secrets(ONE + PROVIDER)
    assert login.holder(places, {"sub": "18", "iss": "https://entra.example"}).name == "Ann"


def test_a_login_at_a_provider_is_in_the_log_once_for_each_time_it_asked(places, lead):
    people.set_account(places, "Ann", lead, mail="ann@example.com")
    known, stranger = {"email": "ann@example.com", "iat": 1}, {"email": "eve@example.com", "iat": 1}
    for claims in (known, known, stranger, known | {"iat": 2}, stranger):
        login.note_provider(places, claims, login.holder(places, claims))
    login._noted.clear()  # as after another start
    login.note_provider(places, known, login.holder(places, known))
    told = [(entry.event, entry.by) for entry in audit.entries(places) if entry.event.startswith("login")]
    assert told == [("login", "Ann"), ("login failed", "eve@example.com"), ("login", "Ann")]


def test_a_removed_person_has_no_account(places, lead):
    people.add(places, "Zoe", Role.AGENT, lead, mail="zoe@example.com")
    people.remove(places, "Zoe", lead)
    assert login.by_provider(places, {"email": "zoe@example.com"}, NOON) is None


def test_where_the_log_cannot_be_written_nobody_logs_in(places, lead):
    set_password(places, lead)
    (places.audit / audit.FILE).unlink()
    (places.audit / audit.FILE).mkdir()
    with pytest.raises(HearbackError, match="audit log cannot be written"):
        login.by_password(places, Tries(), "Ann", GOOD, "here")
