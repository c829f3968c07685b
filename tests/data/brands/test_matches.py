"""Matches: which stored mention is which brand's, by its words or by its source, however either is typed."""

from __future__ import annotations

import pytest

from data.brands.following import add_found
from data.models import Brand
from data.setup import load
from tests.data.builders import ACME, RANKING, found

MIRA = Brand("Mira's Soups", ("mira's soups", "mirasoups"))
MATCHED = "SELECT mention_id, named_by FROM match WHERE brand = $brand ORDER BY mention_id"


@pytest.fixture
def room(empty):
    empty.listen_for(ACME, MIRA)
    return empty


def matched(room, brand=MIRA):
    with room.store.read() as connection:
        return {row["mention_id"]: row["named_by"] for row in connection.rows(MATCHED, brand=brand.name)}


def test_a_brand_is_found_however_its_words_are_typed(room):
    room.take(
        found(1, text="Mira\u2019s Soups came cold"),
        found(2, text="MIRA\u02bcS\u00a0SOUPS came cold"),
        found(3, text="Mi\u00adra's\u202fsoups came cold"),
        found(4, text="cold", title="\uff2d\uff49\uff52\uff41\uff07\uff53\u3000Soups"),
        found(5, text="Miras soup came cold"),
    )
    assert matched(room) == dict.fromkeys(("test:1", "test:2", "test:3", "test:4"), "terms")


@pytest.mark.parametrize("named", ["Mira\u2019s Soups", "MIRA`S\u00a0 SOUPS", " mira's\u200bsoups "])
def test_a_source_names_a_brand_however_it_types_it(room, named):
    room.take(found(1, text="came cold", brands=(named,)), found(2, text="came cold", brands=("Mira",)))
    assert matched(room) == {"test:1": "source"}


def test_a_brand_that_a_batch_types_otherwise_is_no_new_one(room):
    told = [{"name": "Mira\u2019s Soups", "competitor": False}, {"name": "Bolt", "competitor": True}]
    add_found(room.store, RANKING, room.places.setup, told)
    assert [brand.name for brand in load(room.places.setup).brands] == ["Acme", "Mira's Soups", "Bolt"]


def test_words_typed_otherwise_are_found_anew_when_a_brand_is_added(room):
    room.take(found(1, text="Fizz\u2011Bang is flat"))
    fizz = Brand("Fizz", ("fizz-bang",))
    room.listen_for(ACME, MIRA, fizz)
    assert matched(room, fizz) == {"test:1": "terms"}


def test_what_was_stored_without_a_brand_comes_into_the_queue_when_it_is_told_again_with_one(room):
    room.take(found(1, text="came cold"), found(2, text="came late", brands=("Acme",)))
    assert room.open() == ["test:2"]
    room.drop(found(1, text="came cold", brands=("Mira's Soups",)), found(2, text="came late", brands=("Acme",)))
    room.take_in()
    assert room.ids("unscored", "mention_id") == ["test:1"]
    room.absorb()
    assert sorted(room.open()) == ["test:1", "test:2"]
