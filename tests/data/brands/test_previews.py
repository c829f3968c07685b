"""Trials: a brand tried on what is stored: hits by source, examples page by page, and what a change gains and loses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.brands import previews
from data.brands.previews import GAINED, HITS, LOST
from tests.data.builders import ACME, BOLT, found

LONG = "acme lost my parcel for the third time this month and nobody answers the phone"


@pytest.fixture
def room(room):
    room.take(
        *(found(n, text=f"acme number {n}") for n in range(1, 13)),
        found(20, text="bolt is bad", source="forum"),
        found(21, text="acme street is closed", source="forum"),
        found(22, text="nothing of ours"),
        found(23, text="nobody is named"),
    )
    return room


def tried(room, brand=ACME, is_saved=True):
    with room.store.read() as store:
        return previews.try_out(store, brand, is_saved=is_saved)


def shown(room, trial, which=HITS, number=1):
    with room.store.read() as store:
        return [int(one.id.partition(":")[2]) for one in previews.page(store, trial, which, number)]


def test_hits_are_counted_in_all_and_by_source(room):
    trial = tried(room)
    assert (trial.stored, trial.hits, trial.gained, trial.lost) == (16, 13, 0, 0)
    assert trial.by_source == (("test", 12), ("forum", 1))


def test_examples_come_page_by_page_the_newest_first_down_to_the_last(room):
    trial = tried(room)
    assert shown(room, trial) == [1, 2, 3, 4, 5]
    assert shown(room, trial, number=3) == [11, 12, 21]
    assert shown(room, trial, number=4) == []


def test_a_change_says_what_it_gains_and_what_it_loses(room):
    trial = tried(room, replace(ACME, terms=("acme", "bolt"), excluded=("street",)))
    assert (trial.hits, trial.gained, trial.lost) == (13, 1, 1)
    assert (shown(room, trial, GAINED), shown(room, trial, LOST)) == ([20], [21])


def test_a_brand_that_is_not_saved_gains_and_loses_nothing(room):
    trial = tried(room, BOLT, is_saved=False)
    assert (trial.hits, trial.gained, trial.lost) == (1, 0, 0)
    assert (trial.counted(HITS), trial.counted(GAINED), trial.counted(LOST)) == (1, 0, 0)


def test_what_says_the_same_is_one_example_with_a_count(room):
    room.take(found(30, text=LONG), found(31, text=f"RT @max: {LONG}"))
    room.take(found(32, text="acme, hm"), found(33, text="ACME, hm"))
    with room.store.read() as store:
        examples = [one for number in (3, 4) for one in previews.page(store, tried(room), HITS, number)]
    assert {one.said[:12]: one.alike for one in examples if one.alike} == {"acme lost my": 1, "acme, hm": 1}


def test_what_the_source_itself_names_is_a_hit_whatever_its_words(room):
    room.take(found(40, text="great stuff", brands=["Acme"]))
    assert 40 in shown(room, tried(room), number=3) and tried(room).lost == 0


def test_trying_changes_nothing(room):
    before = room.state()
    tried(room, replace(ACME, terms=("nothing",)))
    assert room.state() == before


def test_on_an_empty_store_there_is_nothing_to_show(empty):
    trial = tried(empty, is_saved=False)
    assert (trial.stored, trial.hits, trial.by_source) == (0, 0, ())
    assert shown(empty, trial) == []
