"""The People part of Setup: the list, the form for one person, the log."""

from __future__ import annotations

import pytest

from data.people import audit, links, login, people, rights
from data.people.rights import Role
from tests.dashboard import setup_bench
from tests.dashboard.setup_bench import NOON, opened_page, said

runtime = setup_bench.runtime
SOMEBODY = rights.lead("somebody")


@pytest.fixture
def team(runtime):
    for name, role in (("Lea", Role.LEAD), ("Ann", Role.AGENT)):
        people.add(runtime.places, name, role, SOMEBODY)
    return lambda: people.known(runtime.places)


def press(page, label):
    next(button for button in page.button if button.label == label).click().run()
    return page


def test_before_anybody_is_added_the_page_says_how_a_login_comes(runtime):
    page = opened_page("People")
    assert "There is no login yet" in page.info[0].value
    assert "Nobody yet." in said(page)


def test_the_first_person_is_the_lead_and_the_next_an_agent(runtime):
    page = opened_page("People")
    page.text_input(key="person_name").set_value("Lea")
    press(page, "Add")
    page.text_input(key="person_name").set_value("Ann")
    page.text_input(key="person_mail").set_value("Ann@Example.com")
    press(page, "Add")
    assert "Ann is on the team as agent." in said(page)
    told = [(one.name, one.role, one.mail) for one in people.known(runtime.places).people]
    assert told == [("Lea", Role.LEAD, None), ("Ann", Role.AGENT, "ann@example.com")]


@pytest.mark.parametrize(
    ("name", "why"), [("", "needs a name"), ("ann", "There is a Ann already"), ("...", "a letter")]
)
def test_why_nobody_was_added_is_said(team, name, why):
    page = opened_page("People")
    page.text_input(key="person_name").set_value(name)
    press(page, "Add")
    assert why in said(page)
    assert len(team().people) == 2


def test_a_role_and_an_address_are_changed(team):
    page = opened_page("People")
    page.selectbox(key="person_chosen").set_value("Ann").run()
    ann = team().named("Ann")
    page.button_group(key=f"role_{ann.id}").set_value(Role.APPROVER)
    page.text_input(key=f"mail_{ann.id}").set_value("ann@example.com")
    press(page, "Save")
    assert (team().named("Ann").role, team().named("Ann").mail) == (Role.APPROVER, "ann@example.com")
    assert "Ann is approver and logs in with ann@example.com." in said(page)


def test_a_link_is_shown_once_and_works(runtime, team):
    page = opened_page("People")
    page.selectbox(key="person_chosen").set_value("Lea").run()
    press(page, "Make a link")
    [link] = [one.value for one in page.code if "/login/link?token=" in one.value]
    token = link.rpartition("=")[2]
    assert links.holder(runtime.places, token, NOON).name == "Lea"
    press(page, "Is away")
    assert not [one for one in page.code if "/login/link?token=" in one.value]
    assert team().named("Lea").is_away
    assert not login.is_on(runtime.places)


def test_somebody_is_removed_and_the_last_lead_is_not(team):
    page = opened_page("People")
    page.selectbox(key="person_chosen").set_value("Ann").run()
    press(page, "Remove for good")
    assert [one.name for one in team().people] == ["Lea"]
    press(page, "Remove for good")
    assert "Lea is the only lead" in said(page)


def test_who_did_what_is_listed_latest_first(runtime, team):
    page = opened_page("People")
    page.session_state["audit_log"] = True
    page.run()
    assert list(page.dataframe[-1].value["More"]) == [
        "person: Ann, role: agent, is_away: False",
        "person: Lea, role: lead, is_away: False",
    ]
    assert len(list(audit.entries(runtime.places))) == 2


def test_a_thousand_people_are_one_table(runtime, team):
    everybody = [people.Person(f"p{number}", f"Person {number}", Role.AGENT, stamp="x") for number in range(1_000)]
    people._exchange(runtime.places, lambda known: (None, people.Team((*known.people, *everybody))))
    page = opened_page("People")
    assert not page.exception
    assert len(page.dataframe[0].value) == 1_002
