"""Stored mentions that name no brand are counted, and become those of the brand that a person chooses."""

from __future__ import annotations

from dataclasses import replace

from data.brands import unnamed
from data.models import ActionKind
from data.people.rights import lead
from tests.data.builders import ACME, RANKING, RIVAL, action, found


def counted(room):
    with room.store.read() as store:
        return unnamed.by_source(store)


def test_what_names_no_brand_is_counted_by_source(room):
    room.take(found(1), found(2, text="hm"), found(3, text="hm", source="forum"), found(4, text="ha", source="forum"))
    assert counted(room) == {"forum": 2, "test": 1}


def test_competitors_own_posts_and_the_sample_are_not_counted(empty):
    empty.listen_for(ACME, RIVAL)
    empty.take(found(1, text="rival"))
    with empty.store.write() as transaction:
        transaction.run("INSERT INTO own_post VALUES ('test:2', 'Acme', NULL, NULL)")
        transaction.run("UPDATE mention SET id = 'test:2'")
    assert counted(empty) == {}


def test_the_brand_that_is_chosen_brings_them_into_the_queue(room):
    room.take(found(1), found(2, text="this is bad"), found(3, text="hm", source="forum"))
    assert unnamed.give(room.store, RANKING, "Acme", lead("ana"), "forum") == 1
    assert set(room.open()) == {"test:1", "test:3"}
    assert unnamed.give(room.store, RANKING, "Acme", lead("ana")) == 1
    assert room.open()[0] == "test:2" and counted(room) == {}
    assert unnamed.give(room.store, RANKING, "Acme", lead("ana")) == 0


def test_the_choice_stands_through_a_change_of_the_brands_words(room):
    room.take(found(2, text="hm"))
    unnamed.give(room.store, RANKING, "Acme", lead("ana"))
    room.listen_for(replace(ACME, terms=("other",)))
    assert room.open() == ["test:2"]
    room.record(action(ActionKind.RESOLVE, 2))
    assert room.open() == []


def test_what_waits_for_its_score_comes_once_it_has_one(room):
    room.drop(found(2, text="hm"))
    room.take_in()
    assert unnamed.give(room.store, RANKING, "Acme", lead("ana")) == 1
    assert room.open() == []
    room.absorb()
    assert room.open() == ["test:2"]


def test_a_brand_that_is_not_there_takes_nothing(room):
    room.take(found(2, text="hm"))
    assert unnamed.give(room.store, RANKING, "Bolt", lead("ana")) == 0
    assert counted(room) == {"test": 1}
