"""Every command that changes something or gives it away, by every role."""

from __future__ import annotations

import pytest

from data.__main__ import main
from data.people import acting, people, rights
from data.people.rights import Role, Verb
from listeners.__main__ import main as listen

NAMES = {Role.LEAD: "Lea", Role.APPROVER: "Abe", Role.AGENT: "Ann", Role.VIEWER: "Vic"}
COMMANDS = [
    (Verb.APPROVE, "data reply test:1 --text Hello --by ME"),
    (Verb.APPROVE, "listeners deliver --again none"),
    (Verb.APPROVE, "listeners deliver --take-out none"),
    (Verb.IMPORT, "listeners import none.csv"),
    (Verb.EXPORT, "data export OUT"),
    (Verb.ERASE, "data erase --mention test:1"),
    (Verb.CONFIRM_CLOCK, "data clock --confirm"),
    (Verb.BACK_UP, "data backup OUT"),
    (Verb.BACK_UP, "data restore none"),
    (Verb.PEOPLE, "data people add Zoe"),
    (Verb.PEOPLE, "data people role Abe agent"),
    (Verb.PEOPLE, "data people account Abe --mail abe@example.com"),
    (Verb.PEOPLE, "data people away Tom"),
    (Verb.PEOPLE, "data people link Tom"),
    (Verb.PEOPLE, "data people remove Tom"),
    (Verb.READ_AUDIT, "data audit"),
    (Verb.READ, "data check"),
]
BY_NO_COMMAND = {Verb.TRIAGE, Verb.MUTE, Verb.LABEL, Verb.TRAIN, Verb.COLLECT}


@pytest.fixture
def team(places, monkeypatch):
    """Five people, and a way to be one of them."""
    monkeypatch.setenv("HEARBACK_DATA", str(places.root))
    first = rights.lead("founder")
    for role, name in [*NAMES.items(), (Role.AGENT, "Tom")]:
        people.add(places, name, role, first)
    return lambda role: monkeypatch.setenv(acting.VARIABLE, NAMES[role])


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("verb", "words"), COMMANDS)
def test_a_command_has_the_rights_of_a_person(places, team, tmp_path, capsys, verb, words, role):
    team(role)
    which, *given = [{"OUT": str(tmp_path / "out"), "ME": NAMES[role]}.get(word, word) for word in words.split()]
    before = _kept(places)
    code = (main if which == "data" else listen)(given)
    said = capsys.readouterr()
    refusal = f"may {verb.value}, and {NAMES[role]} is a"
    if rights.may(role, verb):
        assert refusal not in said.err
    else:
        assert (code, said.out) == (1, "")
        assert refusal in said.err
        assert _kept(places) == before
        assert not (tmp_path / "out").exists()


def _kept(places):
    """What anybody could have changed: all files but the store's own, which opening touches, and locks."""
    own = (places.store.name, ".lock", ".wal")
    return {
        str(path): path.read_bytes()
        for path in places.root.rglob("*")
        if path.is_file() and not any(part in path.name for part in own)
    }


def test_every_verb_has_its_commands_or_none():
    assert {verb for verb, _ in COMMANDS} | BY_NO_COMMAND == set(Verb)
    assert not {verb for verb, _ in COMMANDS} & BY_NO_COMMAND
