"""Every verb by every role: one table, and the function that writes asks it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from data.brands import unnamed
from data.exclusions import mutes
from data.models import SYSTEM, Action, ActionKind, Brand, Erase, HearbackError
from data.people import collecting, links, people, rights
from data.people.rights import LEAST, ORDER, Actor, Forbidden, Role, Verb
from data.queue import replies, triage
from data.retention import erasure_requests, newest
from data.scores import blind_check, layers
from data.scores.training import Trainer
from listeners.delivery import delivery
from listeners.importing import imports
from tests.data.builders import NOON, RANKING, found
from tests.laws.code import sources

MUTED = mutes.Target(mutes.THREAD, "test:1", "test")


def _approve(room, by):
    with room.store.read() as reading:
        replies.approve(reading, room.ids()[0], "Hello.", by, NOON)


ASKERS = {
    Verb.TRIAGE: [
        lambda room, by: triage.record(room.store, RANKING, Action("", "x", ActionKind.RESOLVE, "x", NOON), None, by)
    ],
    Verb.MUTE: [
        lambda room, by: mutes.mute(room.store, RANKING, MUTED, by, NOON),
        lambda room, by: mutes.lift(room.store, RANKING, "none", by, NOON),
    ],
    Verb.LABEL: [
        lambda room, by: blind_check.label(room.store, blind_check.cards(room.store, NOON)[0], None, None, by, NOON),
        lambda room, by: blind_check.take_back(room.store, blind_check.cards(room.store, NOON)[0], by),
    ],
    Verb.APPROVE: [
        _approve,
        lambda room, by: delivery.again(room.places, "none", by),
        lambda room, by: delivery.take_out(room.places, "none", by),
    ],
    Verb.IMPORT: [
        lambda room, by: unnamed.give(room.store, RANKING, "Acme", by),
        lambda room, by: imports.import_file(room.places, Path("none.csv"), NOON, imports.Instructions(), by),
    ],
    Verb.TRAIN: [
        lambda room, by: layers.apply(room.store, 0, "three-words", by, NOON),
        lambda room, by: layers.stop(room.store, by),
        lambda room, by: layers.resume(room.store, by),
        lambda room, by: Trainer(room.store, "three-words").ask(by, {}),
    ],
    Verb.COLLECT: [
        lambda room, by: collecting.save_brands(room.places, [Brand("Acme", ("acme",))], by),
        lambda room, by: collecting.save_source(room.places, "rss", {"on": True}, by),
    ],
    Verb.ERASE: [
        lambda room, by: erasure_requests.hand_in(room.places, Erase(by.name, mention_id="x"), {"mention": 1}, by, NOON)
    ],
    Verb.CONFIRM_CLOCK: [lambda room, by: newest.confirm(newest.time_check(room.store, room.places), by)],
    Verb.PEOPLE: [
        lambda room, by: people.add(room.places, "Zoe", Role.AGENT, by),
        lambda room, by: people.set_role(room.places, "Ann", Role.AGENT, by),
        lambda room, by: people.set_account(room.places, "Ann", by, mail=None),
        lambda room, by: people.set_away(room.places, "Lea", by, is_away=False),
        lambda room, by: people.remove(room.places, "Ann", by),
        lambda room, by: links.make(room.places, "Ann", by, NOON),
    ],
}  # fmt: skip
NOT_BY_A_FUNCTION = {Verb.READ}  # whoever is let in may read


def _calls():
    return [(verb, role, number) for verb, some in ASKERS.items() for role in Role for number in range(len(some))]


@pytest.mark.parametrize(("verb", "role", "number"), _calls())
def test_the_function_that_writes_asks_for_the_right(room, team, verb, role, number):
    room.take(found(1))
    blind_check.cards(room.store, NOON)  # drawn by whoever looks
    actor, ask = team[role], ASKERS[verb][number]
    before, changes = sorted(_files(room.places)), room.store.changes.copy()
    if rights.may(role, verb):
        assert not isinstance(_refusal(ask, room, actor), Forbidden)
    else:
        assert isinstance(_refusal(ask, room, actor), Forbidden)
        assert sorted(_files(room.places)) == before
        assert not room.store.changes - changes


def _refusal(ask, room, actor):
    """Why it was not done; that there is nothing to do it to is a reason, too."""
    try:
        ask(room, actor)
    except (HearbackError, OSError) as refusal:
        return refusal
    return None


def _files(places):
    return [(str(path), path.read_bytes()) for path in places.root.rglob("*") if path.is_file()]


def test_every_verb_is_asked_for_somewhere():
    asked = {name for source in sources() for name in re.findall(r"insist(?:ed)?\(Verb\.(\w+)\)", source.text)}
    assert asked >= {verb.name for verb in Verb} - {verb.name for verb in NOT_BY_A_FUNCTION}


def test_each_role_may_all_that_those_before_it_may():
    assert set(LEAST) == set(Verb)
    for lower, higher in pairwise(ORDER):
        assert {verb for verb in Verb if rights.may(lower, verb)} < {verb for verb in Verb if rights.may(higher, verb)}


def test_who_may_is_said_in_a_sentence():
    with pytest.raises(Forbidden) as refusal:
        Actor("Ann", Role.AGENT).insist(Verb.APPROVE)
    assert str(refusal.value) == (
        "Only an approver or a lead may approve answers, and Ann is an agent. Nothing was done."
    )


def test_an_action_is_written_under_the_name_of_who_did_it(room):
    room.take(found(1))
    forged = Action("", room.ids()[0], ActionKind.NOTE, "somebody else", datetime.now(UTC) - timedelta(days=1), "hm")
    assert triage.record(room.store, RANKING, forged, None, Actor("Ann", Role.AGENT)).actor == "Ann"
    assert rights.OURSELVES.name == SYSTEM


def test_settings_are_written_and_files_taken_in_by_the_functions_that_ask():
    allowed = (
        "data/setup.py",
        "data/people/collecting.py",
        "data/brands/following.py",
        "listeners/importing/imports.py",
    )
    bare = re.compile(r"\bsetup\.save_\w+\(|\bimports\.take_in\(|\bimport .*\btake_in\b|\bbatches\.drop\(.*erase")
    found = [source.path for source in sources() if bare.search(source.text) and source.path not in allowed]
    assert found == ["data/retention/erasure_requests.py"]  # which asks, too
