"""Who acts on the command line."""

from __future__ import annotations

import pytest

from data.models import HearbackError
from data.people import acting
from data.people.rights import Role
from data.settings import user


def test_without_a_team_it_is_the_machines_user_with_all_rights(places, monkeypatch):
    monkeypatch.delenv(acting.VARIABLE, raising=False)
    assert (acting.of_command(places).name, acting.of_command(places).role) == (user(), Role.LEAD)
    assert acting.of_command(places, " Eve  B ").name == "Eve B"


def test_with_a_team_it_is_the_person_who_is_named(places, team, monkeypatch):
    monkeypatch.setenv(acting.VARIABLE, "vic")
    assert acting.of_command(places) == team[Role.VIEWER]
    assert acting.of_command(places, "Lea") == team[Role.LEAD]


def test_with_a_team_nobody_else_may_do_anything(places, team, monkeypatch):
    monkeypatch.setenv(acting.VARIABLE, "Zoe")
    with pytest.raises(HearbackError, match=r"called 'Zoe'.*HEARBACK_PERSON=NAME"):
        acting.of_command(places)
