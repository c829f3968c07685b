"""A team of four, one in each role."""

from __future__ import annotations

import pytest

from data.people import people, rights
from data.people.rights import Role

NAMES = {Role.LEAD: "Lea", Role.APPROVER: "Abe", Role.AGENT: "Ann", Role.VIEWER: "Vic"}


@pytest.fixture
def team(places):
    """The actor of each role."""
    first = rights.lead("founder")
    return {role: people.add(places, name, role, first).actor for role, name in NAMES.items()}


@pytest.fixture
def lead(team):
    return team[Role.LEAD]
