"""Login by a provider, as a real one answers: whom it lets in, and which of its answers are refused."""

from __future__ import annotations

import re

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from playwright.sync_api import expect

from data.people import audit, people, rights
from data.people.rights import Role
from data.settings import Places
from tests.browser.conftest import App, free_port
from tests.browser.provider import CLIENT, Provider

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def provider():
    served = Provider()
    yield served
    served.stop()


@pytest.fixture(autouse=True)
def honest(provider):
    """An honest provider at the start of each test."""
    provider.forge, provider.key = {}, provider._published
    provider.claims = {"sub": "1", "email": "lea@example.com", "email_verified": True}


@pytest.fixture(scope="module")
def app(tmp_path_factory, provider):
    """An app whose only lead logs in by the provider, beside an agent."""
    folder, port = tmp_path_factory.mktemp("provided"), free_port()
    secrets = folder / "secrets.toml"
    secrets.write_text(
        f'[auth]\nredirect_uri = "http://127.0.0.1:{port}/oauth2callback"\ncookie_secret = "{"s" * 32}"\n'
        f'[auth.acme]\nclient_id = "{CLIENT}"\nclient_secret = "not so secret"\n'
        f'server_metadata_url = "{provider.issuer}/.well-known/openid-configuration"\n'
    )
    running = App(folder / "data", port, HEARBACK_LISTEN="off", HEARBACK_SECRETS=str(secrets))
    places, first = Places(running.folder), rights.lead("founder")
    people.add(places, "Lea", Role.LEAD, first, mail="lea@example.com")
    people.add(places, "Ann", Role.AGENT, first, mail="ann@example.com")
    running.start()
    yield running
    running.stop()


def enter(visit, app):
    page = visit(app.address)
    page.get_by_role("link", name="Log in with Acme").click()
    return page


def test_whoever_is_on_the_team_is_let_in(app, visit, provider):
    page = enter(visit, app)
    expect(page.get_by_role("button", name="Lea")).to_be_visible()
    provider.claims = {"sub": "2", "email": "Ann@Example.com"}
    other = enter(visit, app)
    expect(other.get_by_role("button", name="Ann")).to_be_visible()


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "3", "email": "stranger@example.com", "email_verified": True},
        {"sub": "3", "email": "lea@example.com", "email_verified": False},
        {"sub": "3"},
    ],
)
def test_a_stranger_gets_a_polite_refusal_and_nothing_else(app, visit, provider, claims):
    provider.claims = claims
    page = enter(visit, app)
    expect(page.get_by_text("nobody on this team has that account")).to_be_visible()
    for word in ("Reply queue", "Trends", "Setup"):
        expect(page.get_by_role("link", name=word)).to_have_count(0)
    assert "mention" not in page.inner_text("body").lower()


@pytest.mark.parametrize(
    "forge",
    [
        {"aud": "another application"},
        {"nonce": "another one"},
        {"iss": "http://127.0.0.1:1/"},
        {"exp": 1_000},
    ],
    ids=["audience", "nonce", "issuer", "expired"],
)
def test_an_answer_that_is_not_for_us_is_refused(app, visit, provider, forge):
    provider.forge = forge
    page = enter(visit, app)
    page.wait_for_url(re.compile("/(login|oauth2callback)"))
    expect(page.get_by_role("button", name="Lea")).to_have_count(0)
    assert not [one for one in page.context.cookies() if one["name"] == "_streamlit_user"]


def test_a_token_that_another_key_signed_is_refused(app, visit, provider):
    provider.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    page = enter(visit, app)
    page.wait_for_url(re.compile("/(login|oauth2callback)"))
    assert not [one for one in page.context.cookies() if one["name"] == "_streamlit_user"]


def test_a_removed_person_is_out_at_once(app, visit, provider):
    places = Places(app.folder)
    lead = people.known(places).named("Lea").actor
    people.add(places, "Zoe", Role.AGENT, lead, mail="zoe@example.com")
    provider.claims = {"sub": "9", "email": "zoe@example.com"}
    page = enter(visit, app)
    expect(page.get_by_role("button", name="Zoe")).to_be_visible()
    people.remove(places, "Zoe", lead)
    expect(page.get_by_text("nobody on this team has that account")).to_be_visible()
    page.get_by_role("link", name="Log in as somebody else").click()
    expect(page.get_by_role("link", name="Log in with Acme")).to_be_visible()


def test_a_logout_ends_the_session_wherever_its_cookies_are(app, visit, provider):
    page = enter(visit, app)
    expect(page.get_by_role("button", name="Lea")).to_be_visible()
    copied = visit("about:blank")
    copied.context.add_cookies(page.context.cookies())
    copied.goto(app.address)
    expect(copied.get_by_role("button", name="Lea")).to_be_visible()
    page.get_by_role("button", name="Lea").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in with Acme")).to_be_visible()
    expect(copied.get_by_text("You are not logged in any more")).to_be_visible()
    told = [(entry.event, entry.by, entry.facts.get("how")) for entry in audit.entries(Places(app.folder))]
    assert ("login", "Lea", "provider") in told
    assert told[-1] == ("logout", "Lea", None)
