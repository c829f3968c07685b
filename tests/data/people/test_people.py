"""The list of people: who may be on it, who changes it, and what a damaged one does."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from data.models import HearbackError
from data.people import audit, links, login, people, rights
from data.people.rights import Role
from tests.data.builders import NOON

SOMEBODY = rights.lead("somebody")


def names(places):
    return [one.name for one in people.known(places).people]


def test_nobody_is_on_the_team_at_first(places):
    assert people.known(places).people == ()


def test_the_first_one_is_the_lead_whatever_was_asked_for(places):
    assert people.add(places, "Lea", Role.VIEWER, SOMEBODY).role is Role.LEAD
    assert people.add(places, "Vic", Role.VIEWER, SOMEBODY).role is Role.VIEWER


@pytest.mark.parametrize("name", ["", "  ", "...", "a" * 41, "Ann\u200b", "Ann\u202e", "\ud800a", "system", "HEARBACK"])
def test_what_can_be_no_name_is_refused(places, name):
    with pytest.raises(HearbackError):
        people.add(places, name, Role.LEAD, SOMEBODY)
    assert not (places.people / people.FILE).exists()


@pytest.mark.parametrize("name", ["ann", "ANN", " Ann ", "Ａｎｎ"])
def test_a_name_is_given_once_however_it_is_written(places, team, name):
    with pytest.raises(HearbackError, match="There is a Ann already"):
        people.add(places, name, Role.AGENT, team[Role.LEAD])


def test_a_name_is_kept_on_one_line(places):
    assert people.add(places, " Ann\n Byron ", Role.LEAD, SOMEBODY).name == "Ann Byron"


@pytest.mark.parametrize("mail", ["ann", "@example.com", "ann@", "a b@example.com", "a" * 250 + "@b.example"])
def test_what_can_be_no_mail_address_is_refused(places, mail):
    with pytest.raises(HearbackError, match="no mail address"):
        people.add(places, "Ann", Role.LEAD, SOMEBODY, mail=mail)


def test_a_mail_address_and_a_subject_are_one_persons(places, lead):
    people.set_account(places, "Ann", lead, mail="Ann@Example.com", subject="17")
    assert people.known(places).named("Ann").mail == "ann@example.com"
    with pytest.raises(HearbackError, match="has the address"):
        people.set_account(places, "Abe", lead, mail="ann@example.com")
    with pytest.raises(HearbackError, match="has the subject"):
        people.set_account(places, "Abe", lead, mail=None, subject="17")
    people.set_account(places, "Ann", lead, mail=None)
    assert people.set_account(places, "Abe", lead, mail="ann@example.com").mail == "ann@example.com"


def test_the_last_lead_stays(places, lead):
    for change in (
        lambda: people.set_role(places, "Lea", Role.AGENT, lead),
        lambda: people.remove(places, "Lea", lead),
    ):
        with pytest.raises(HearbackError, match="the only lead"):
            change()
    people.set_role(places, "Abe", Role.LEAD, lead)
    people.remove(places, "Lea", lead)
    assert names(places) == ["Abe", "Ann", "Vic"]


@pytest.mark.parametrize("change", [people.remove, lambda *given: people.set_role(*given[:2], Role.LEAD, given[2])])
def test_a_name_that_nobody_has_is_said(places, lead, change):
    with pytest.raises(HearbackError, match="Nobody here is called 'Zoe'"):
        change(places, "Zoe", lead)


def test_people_say_of_themselves_that_they_are_away_and_leads_of_anybody(places, team):
    assert people.set_away(places, "Ann", team[Role.AGENT], is_away=True).is_away
    with pytest.raises(rights.Forbidden):
        people.set_away(places, "Ann", team[Role.VIEWER], is_away=False)
    assert not people.set_away(places, "Ann", team[Role.LEAD], is_away=False).is_away


def test_the_list_is_private_and_each_change_is_in_the_log(places, lead):
    people.set_role(places, "Ann", Role.APPROVER, lead)
    people.remove(places, "Vic", lead)
    assert stat.S_IMODE((places.people / people.FILE).stat().st_mode) == 0o600
    told = [(entry.event, entry.by, entry.facts["person"]) for entry in audit.entries(places)]
    assert told[:2] == [("person added", "founder", "Lea"), ("person added", "founder", "Abe")]
    assert told[-2:] == [("person changed", "Lea", "Ann"), ("person removed", "Lea", "Vic")]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"people": [{"name": "x"}]}', b"\xff", b'{"people": 3}'])
def test_a_damaged_list_lets_nobody_in_and_is_not_written_over(places, lead, content):
    (places.people / people.FILE).write_bytes(content)
    with pytest.raises(HearbackError, match="cannot be read"):
        people.known(places)
    with pytest.raises(HearbackError, match="cannot be read"):
        people.add(places, "Zoe", Role.AGENT, lead)
    assert (places.people / people.FILE).read_bytes() == content


def test_a_list_that_is_no_file_is_said(places):
    (places.people / people.FILE).mkdir(parents=True)
    with pytest.raises(HearbackError, match=r"people\.json"):
        people.known(places)


def test_changes_at_the_same_time_lose_nobody(places, lead):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: people.add(places, f"Person {n}", Role.AGENT, lead), range(24)))
    assert len(names(places)) == 4 + 24


def test_a_change_by_another_process_is_seen(places, team):
    path = places.people / people.FILE
    content = json.loads(path.read_bytes())
    content["people"] = content["people"][:1]
    path.with_suffix(".other").write_text(json.dumps(content))
    path.with_suffix(".other").rename(path)
    assert names(places) == ["Lea"]


@pytest.mark.parametrize(
    "change",
    [
        lambda places, by: people.remove(places, "Lea", by),
        lambda places, by: people.set_role(places, "Lea", Role.AGENT, by),
    ],
)
def test_the_login_never_goes_because_the_last_lead_who_can_log_in_does(places, lead, change):
    links.use(places, links.make(places, "Lea", lead, NOON), "four words nobody says", NOON)
    people.set_role(places, "Abe", Role.LEAD, lead)  # without a password
    with pytest.raises(HearbackError, match="Lea is the only lead who can log in"):
        change(places, lead)
    assert login.is_on(places)
    links.use(places, links.make(places, "Abe", lead, NOON), "four other words here", NOON)
    change(places, lead)
    assert login.is_on(places)


def test_a_role_and_an_account_change_together_or_not_at_all(places, lead):
    before = people.known(places)
    with pytest.raises(HearbackError, match="only lead"):
        people.change(places, "Lea", lead, role=Role.AGENT, account=("new@example.com", None))
    assert people.known(places) == before
    people.change(places, "Ann", lead, role=Role.AGENT, account=(None, None))  # as she was
    assert people.known(places) == before
    changed = people.change(places, "Ann", lead, role=Role.APPROVER, account=("new@example.com", None))
    assert (changed.role, changed.mail) == (Role.APPROVER, "new@example.com")
