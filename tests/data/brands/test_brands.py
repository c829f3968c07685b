"""Brands: setup.toml read, written and kept as people left it; the store follows; the sample gives way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from data.brands import brands, following
from data.models import Brand, HearbackError, Run
from data.setup import Setup, load, parse, save_brands, save_source
from tests.data.builders import ACME, BOLT, HOUR, JUDGEMENT, NOON, RANKING, RIVAL, action, answer, found

BY_HAND = """\
# Our brands, by Ana.

[[brand]]
name = "Acme"   # the shoe people
terms = [
    "acme", # lower case is enough
    "@acmehelp",
]
reply_within_hours = 2.5
motto = "we run"

[sources.rss]
# Ask Bo before adding one.
feeds = ["https://example.com/feed"]
"""


@pytest.fixture
def by_hand(places):
    places.root.mkdir(parents=True)
    places.setup.write_text(BY_HAND, encoding="utf-8")
    return places.setup


def stored(room):
    with room.store.read() as connection:
        return brands.known(connection)


def follow(room, *listed):
    return following.follow(room.store, RANKING, listed)


def test_a_missing_setup_is_an_empty_one(places):
    assert load(places.setup) == Setup()


def test_a_setup_written_by_hand_is_read(by_hand):
    setup = load(by_hand)
    assert setup.brands == (Brand("Acme", ("acme", "@acmehelp"), reply_within=timedelta(hours=2.5)),)
    assert setup.sources == {"rss": {"feeds": ["https://example.com/feed"]}}


def test_a_brand_without_terms_is_known_by_its_name_and_blanks_are_tidied():
    [brand] = parse('[[brand]]\nname = "  Green   Light "\nexcluded = ["", " a  b ", "a b"]').brands
    assert brand == Brand("Green Light", ("Green Light",), excluded=("a b",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[brand]\nname = 1", "line 1"),
        ("brand = 5", r"\[\[brand\]\] tables"),
        ('brand = ["Acme"]', r"\[\[brand\]\] tables"),
        ("[[brand]]\nterms = ['a']", "has no name"),
        ("[[brand]]\nname = ' '", "has no name"),
        ("[[brand]]\nname = ['A']", "has no name in quotes"),
        ("[[brand]]\nname = 'A'\nexclude = ['b']", "Brand 'A': 'exclude' is written 'excluded'"),
        ("[[brand]]\nname = 'A'\nTerms = ['b']", "'Terms' is written 'terms'"),
        ("[[brand]]\nname = 'A'\nreply_hours = 2", "'reply_hours' is written 'reply_within_hours'"),
        ("[[brand]]\nname = 'A'\ncompetitor = 'no'", "competitor must be true or false, not 'no'"),
        ("[[brands]]\nname = 'A'", "'brands' is written 'brand'"),
        ("[source.rss]\nfeeds = ['https://x']", "'source' is written 'sources'"),
        ("[[brand]]\nname = 'A'\nterms = 'a'", "terms must be a list of words"),
        ("[[brand]]\nname = 'A'\nexcluded = [1]", "excluded must be a list of words"),
        ("[[brand]]\nname = 'A'\nreply_within_hours = 0", "reply_within_hours must be"),
        ("[[brand]]\nname = 'A'\nreply_within_hours = true", "reply_within_hours must be"),
        ("[[brand]]\nname = 'A'\nreply_within_hours = nan", "reply_within_hours must be"),
        ("[[brand]]\nname = 'A'\nreply_within_hours = '8'", "reply_within_hours must be"),
        ("[[brand]]\nname = 'A'\n[[brand]]\nname = 'a'", "stands there twice"),
        ("sources = 5", r"\[sources.NAME\] tables"),
        ("[sources]\nrss = 5", r"\[sources.NAME\] tables"),
    ],
)
def test_a_slip_is_told_in_a_sentence_that_says_what_to_mend(text, said):
    with pytest.raises(HearbackError, match=said):
        parse(text)


def test_saving_brands_keeps_comments_sources_and_what_we_do_not_know(by_hand):
    save_brands(by_hand, [*load(by_hand).brands, RIVAL])
    text = by_hand.read_text(encoding="utf-8")
    for kept in ("# Our brands, by Ana.", "# the shoe people", 'motto = "we run"', "# Ask Bo before adding one."):
        assert kept in text
    assert load(by_hand).brands == (Brand("Acme", ("acme", "@acmehelp"), reply_within=timedelta(hours=2.5)), RIVAL)
    assert load(by_hand).sources == {"rss": {"feeds": ["https://example.com/feed"]}}


def test_a_brand_left_out_goes_and_the_others_stay(by_hand):
    save_brands(by_hand, [*load(by_hand).brands, RIVAL, BOLT])
    save_brands(by_hand, [RIVAL, BOLT])
    assert load(by_hand).brands == (RIVAL, BOLT)
    assert "rss" in load(by_hand).sources


def test_saving_a_source_keeps_the_rest(by_hand):
    save_source(by_hand, "rss", {"on": False})
    save_source(by_hand, "reddit", {"on": True, "subreddits": ["shoes"]})
    assert load(by_hand).sources == {
        "rss": {"feeds": ["https://example.com/feed"], "on": False},
        "reddit": {"on": True, "subreddits": ["shoes"]},
    }
    assert load(by_hand).brands[0].name == "Acme"
    assert "# Ask Bo" in by_hand.read_text(encoding="utf-8")


def test_a_setup_that_cannot_be_read_is_never_written_over(by_hand):
    by_hand.write_text(BY_HAND + "\n[[brand", encoding="utf-8")
    for save in (lambda: save_brands(by_hand, [BOLT]), lambda: save_source(by_hand, "rss", {"on": True})):
        with pytest.raises(HearbackError, match="cannot be read"):
            save()
    assert by_hand.read_text(encoding="utf-8") == BY_HAND + "\n[[brand"


@pytest.mark.parametrize("name", ['A "quoted" name', "back\\slash", "#hash = [1]", "Ärger & Söhne", "漢字", "a\tb"])
def test_any_name_comes_back_as_it_was_saved(places, name):
    saved = Brand(" ".join(name.split()), (" ".join(name.split()),))
    save_brands(places.setup, [saved])
    assert load(places.setup).brands == (saved,)
    assert not list(places.root.glob("*.part"))


def test_a_setup_with_a_mark_before_its_first_letter_is_read_and_saved(places):
    places.root.mkdir(parents=True)
    places.setup.write_text(BY_HAND, encoding="utf-8-sig")
    assert [brand.name for brand in load(places.setup).brands] == ["Acme"]
    save_brands(places.setup, [*load(places.setup).brands, RIVAL])
    assert load(places.setup).brands[1] == RIVAL


def test_invalid_utf_8_in_the_setup_is_told(places):
    places.root.mkdir(parents=True)
    places.setup.write_bytes(b'[[brand]]\nname = "\xff"')
    with pytest.raises(HearbackError, match=r"line 2 is not UTF-8\. Save the file as UTF-8"):
        load(places.setup)


def test_the_store_follows_the_setup_once(empty):
    assert follow(empty, ACME, RIVAL)
    assert stored(empty) == (ACME, RIVAL)
    assert not follow(empty, RIVAL, ACME)


@pytest.mark.parametrize("hours", [0.1, 1 / 3, 2.5, 8760])
def test_a_promise_of_any_length_is_followed_once(empty, hours):
    brand = replace(ACME, reply_within=timedelta(hours=hours))
    assert follow(empty, brand)
    assert not follow(empty, brand)


def test_a_new_brand_finds_what_is_stored_already(room):
    room.take(found(1, text="bolt is bad"), found(2))
    assert room.open() == ["test:2"]
    room.listen_for(ACME, BOLT)
    assert sorted(room.open()) == ["test:1", "test:2"]


def test_changed_terms_match_anew(room):
    room.take(found(1, text="acme"), found(2, text="the shoe people"), found(3, text="acme hotel"))
    room.listen_for(replace(ACME, terms=("acme", "shoe people"), excluded=("hotel",)))
    assert sorted(room.open()) == ["test:1", "test:2"]


def test_a_brand_that_goes_takes_its_mentions_out_of_the_queue_and_loses_none(room):
    room.listen_for(ACME, BOLT)
    room.take(found(1), found(2, text="bolt"), found(3, text="acme bolt"))
    room.record(action("note", 2, body="kept"))
    room.listen_for(ACME)
    assert sorted(room.open()) == ["test:1", "test:3"]
    assert {one.brands for one in room.page()} == {("Acme",)}
    assert room.ids() == ["test:1", "test:2", "test:3"]
    room.listen_for(ACME, BOLT)
    assert {one.mention_id: one.version for one in room.page()} == {"test:1": 0, "test:2": 1, "test:3": 0}


def test_a_brand_that_becomes_a_competitor_leaves_the_queue(room):
    room.take(found(1))
    room.listen_for(replace(ACME, competitor=True))
    assert room.open() == []
    room.listen_for(ACME)
    assert room.open() == ["test:1"]


def test_a_changed_promise_moves_what_is_due(room):
    room.take(found(1))
    room.listen_for(replace(ACME, reply_within=HOUR))
    [shown] = room.page()
    assert shown.due_at - shown.published_at == HOUR


def test_following_keeps_who_has_what_and_what_is_closed(room):
    room.take(found(1), found(2))
    room.record(action("assign", 1, assignee="bo"))
    room.record(action("resolve", 2))
    room.listen_for(replace(ACME, terms=("acme", "acme corp")))
    assert [(one.mention_id, one.assignee) for one in room.page()] == [("test:1", "bo")]


def test_names_that_must_not_weigh_make_their_mentions_be_scored_again(room):
    room.take(found(1), found(2, text="nobody"))
    following.follow(room.store, RANKING, [replace(ACME, terms=("acme", "number"))])
    assert room.ids("unscored", "mention_id") == ["test:1"]


def test_brands_a_batch_names_become_ours_or_competitors_as_it_says(room):
    room.take(found(1, text="hm", brands=["Bolt"]), found(2, text="ha", brands=["Rival"]), brands=[RIVAL])
    assert {brand.name: brand.competitor for brand in load(room.places.setup).brands} == {
        "Acme": False,
        "Bolt": False,
        "Rival": True,
    }
    assert room.open() == ["test:1"]


def test_a_brand_known_already_stays_as_people_set_it_up(room):
    room.listen_for(ACME, replace(RIVAL, terms=("rvl",)))
    room.take(found(1, text="hm", brands=["RIVAL"]))
    assert stored(room) == (ACME, replace(RIVAL, terms=("rvl",)))
    assert room.rows("SELECT brand FROM match") == [{"brand": "Rival"}]


def sample(n, **what_matters):
    return found(n, id=f"sample:{n}", text="Trundelo is bad", **what_matters)


def test_with_no_brand_the_fictional_ones_stand(empty):
    empty.absorb()
    assert all(brand.is_sample for brand in stored(empty))
    assert [brand.competitor for brand in stored(empty)] == [False, True, True]
    empty.take(sample(1))
    assert empty.open() == ["sample:1"]


def test_the_sample_goes_whole_when_a_real_brand_comes(empty):
    told = replace(answer(2), mention_id="sample:2")
    empty.take(sample(1), sample(2), answers=[told], run=Run("sample", NOON, NOON))
    empty.record(replace(action("note", body="x"), mention_id="sample:1"))
    empty.take(found(1, text="hm", brands=["Acme"]))
    assert stored(empty) == (Brand("Acme", ("Acme",)),)
    assert empty.ids() == ["test:1"]
    for table in ("match", "score", "queue", "action", "unscored"):
        assert set(empty.ids(table, "mention_id")) <= {"test:1"}
    assert empty.value("SELECT count(*) FROM run") == 0


def test_the_sample_stays_beside_a_real_brand_until_the_first_real_mention(empty):
    empty.absorb()
    empty.take(sample(1))
    empty.listen_for(ACME)
    assert empty.open() == ["sample:1"]
    assert ACME in stored(empty) and any(brand.is_sample for brand in stored(empty))
    assert not follow(empty, ACME)
    empty.take(run=Run("rss", NOON, NOON))  # which brought nothing
    assert empty.open() == ["sample:1"]
    empty.take(found(1))
    assert empty.open() == ["test:1"]
    assert stored(empty) == (ACME,)


def test_the_sample_goes_with_the_first_real_mention_even_of_nobody(empty):
    empty.absorb()
    empty.take(sample(1))
    empty.take(found(1, text="of no brand"))
    assert empty.ids() == ["test:1"] and stored(empty) == ()
    empty.absorb()
    assert stored(empty) == ()  # and it does not come back


def test_a_store_of_before_with_the_sample_beside_real_mentions_loses_it(empty):
    empty.absorb()
    empty.take(sample(1))
    with empty.store.write() as transaction:
        transaction.run("UPDATE mention SET id = 'test:1'")
    empty.absorb()
    assert stored(empty) == ()


def test_fiction_that_arrives_after_a_real_brand_is_left_out(room):
    told = replace(answer(1), mention_id="sample:1")
    done = room.take(sample(1), found(2), answers=[told], run=Run("sample", NOON, NOON))
    assert (done.mentions, done.added) == (1, 1)
    assert room.ids() == ["test:2"]
    assert room.value("SELECT count(*) FROM action") == room.value("SELECT count(*) FROM run") == 0


def test_a_fictional_brand_named_by_a_batch_is_never_set_up(empty):
    empty.take(sample(1, brands=["Trundelo (sample)"]))
    assert load(empty.places.setup).brands == ()
    assert empty.open() == ["sample:1"]


def test_a_column_misread_as_brand_names_stops_nothing(room):
    room.take(found(1, brands=["x" * 5_000]), found(2, brands=["a\x00b"]), found(3, brands=["--help"]))
    assert [brand.name for brand in stored(room)] == ["--help", "Acme"]
    assert JUDGEMENT.score(json.loads('{"id": "a", "text": ""}'))["label"] == "neutral"


def test_a_file_that_is_being_saved_and_empty_for_a_moment_takes_no_brand_away(room):
    room.listen_for(ACME)
    room.places.setup.write_text("")
    with pytest.raises(HearbackError, match="is empty"):
        load(room.places.setup)
