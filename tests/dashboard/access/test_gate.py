"""The gate before the pages, and what each role may press on them."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access import gate, identity
from data.people import links, people, rights
from data.people.rights import Role
from tests.dashboard import setup_bench
from tests.dashboard.setup_bench import MAIN, NOON, said
from tests.laws.code import sources

runtime = setup_bench.runtime
NAMES = {Role.LEAD: "Lea", Role.APPROVER: "Abe", Role.AGENT: "Ann", Role.VIEWER: "Vic"}


@pytest.fixture
def team(runtime):
    """Four people; the lead has a password, so the login is on."""
    first = rights.lead("founder")
    for role, name in NAMES.items():
        people.add(runtime.places, name, role, first)
    links.use(runtime.places, links.make(runtime.places, "Lea", first, NOON), "four words nobody says", NOON)
    return lambda: people.known(runtime.places)


@pytest.fixture
def as_person(team, monkeypatch):
    """Let the session be somebody's, as its cookie would say; the browser's tests use real ones."""

    def be(name):
        monkeypatch.setattr(identity, "logged_in", lambda: team().named(name))

    return be


def opened(path=None, **parts):
    page = AppTest.from_file(MAIN, default_timeout=90)
    if path:
        page.run()
        page.switch_page(path)
    page.query_params.update(parts)
    return page.run()


def test_whoever_is_not_logged_in_sees_nothing_else(team):
    page = opened()
    assert "You are not logged in" in said(page) + " ".join(one.value for one in page.subheader)
    assert not page.button
    assert not page.tabs


@pytest.mark.parametrize("path", ["trends/page.py", "judgement/page.py", "sources/page.py", "setup/page.py"])
def test_no_page_is_passed_by_its_address(team, path):
    page = opened(path)
    assert not page.tabs
    assert not page.dataframe


@pytest.mark.parametrize("role", Role)
def test_each_part_of_setup_is_for_those_who_may_change_it(runtime, as_person, role):
    as_person(NAMES[role])
    for part, least in (("Brands", "LEAD"), ("Import", "APPROVER"), ("Erase", "LEAD"), ("People", "LEAD")):
        page = opened("setup/page.py", part=part)
        is_allowed = rights.ORDER.index(role) >= rights.ORDER.index(Role[least])
        refusals = [one.value for one in page.info if "Only" in one.value]
        assert bool(refusals) is not is_allowed, part
        assert not page.exception


def test_a_damaged_list_of_people_lets_nobody_in(runtime, team):
    (runtime.places.people / people.FILE).write_text("{")
    page = opened()
    assert "Nobody can be let in just now" in " ".join(one.value for one in page.subheader)
    assert not page.tabs


def test_without_a_login_the_name_in_the_corner_has_all_rights(runtime):
    assert identity.acting().role is Role.LEAD


def test_a_part_that_is_asked_for_alone_is_drawn_for_nobody_who_is_not_let_in(as_person, monkeypatch):
    """A browser may send the request for one fragment again, past the gate before the whole page."""
    drawn, reruns = [], []

    class Rerun(Exception):
        pass

    def rerun():
        reruns.append(1)
        raise Rerun

    monkeypatch.setattr(gate.st, "rerun", rerun)
    part = gate._guarded(lambda: drawn.append(1))
    as_person("Vic")
    part()
    assert (drawn, reruns) == ([1], [])
    as_person("Nobody any more")
    with pytest.raises(Rerun):
        part()
    assert drawn == [1]


def test_every_fragment_asks_who_is_there():
    bare = {source.path for source in sources() if "st.fragment" in source.text}
    assert bare == {"dashboard/access/gate.py", "dashboard/shared/frame.py"}  # that one shows what is wrong, no data
