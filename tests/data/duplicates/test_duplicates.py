"""Reposts: what says the same stands in the queue once, with a count, and is closed, undone and erased together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from data.duplicates import duplicates
from data.models import ActionKind, Erase
from tests.data.builders import ACME, BOLT, HOUR, NOON, RIVAL, action, answer, found

K = ActionKind
LONG = "acme lost my parcel for the third time this month and nobody answers the phone"


def groups(room):
    """canonical mention -> its duplicates."""
    found_groups: dict[str, set[str]] = {}
    for row in room.rows("SELECT * FROM repost"):
        found_groups.setdefault(row["canonical_id"], set()).add(row["mention_id"])
    return found_groups


@pytest.mark.parametrize(
    "again",
    [
        LONG,
        LONG.upper(),
        f"  {LONG.replace(' ', '   ')}\n",
        f"{LONG} https://example.com/a?b=c",
        f"RT @somebody: {LONG}",
        f"@acmehelp @max {LONG}",
        f"{LONG} and I am done",  # nearly
        LONG.replace("parcel", "package"),
    ],
)
def test_what_says_the_same_stands_in_one_row_with_a_count(room, again):
    room.take(found(2, text=LONG), found(1, text=again))
    [row] = room.page()
    assert (row.mention_id, row.alike) == ("test:2", 1)


@pytest.mark.parametrize(
    "again",
    [
        "acme lost my parcel",
        "acme lost my suitcase once, which was found again after an hour of looking",
        "acme answers the phone the third time this month and nobody lost my parcel",
    ],
)
def test_what_says_something_else_keeps_its_row(room, again):
    room.take(found(2, text=LONG), found(1, text=again))
    assert len(room.open()) == 2


def test_letters_of_one_form_are_told_apart_and_a_copy_of_one_among_many_is_found(room):
    def letter(n):
        return f"acme order {n} was late and {n * 7} points are gone again today"

    letters = 60
    room.take(*(found(n, text=letter(n)) for n in range(1, letters)))
    assert groups(room) == {}
    room.take(found(101, text=letter(37)), found(102, text=letter(letters)))
    assert groups(room) == {"test:37": {"test:101"}}


@pytest.mark.parametrize("text", ["thanks acme", "good app acme", "thank you acme for the quick reply", "acme"])
def test_a_few_words_from_two_people_are_two_opinions(room, text):
    room.take(found(1, text=text), found(2, text=text))
    assert len(room.open()) == 2


def test_a_few_words_that_say_they_are_a_repost_are_one(room):
    room.take(found(3, text="acme fleet is on fleek"), found(2, text="RT @acme_fan: acme fleet is on fleek"))
    assert groups(room) == {"test:3": {"test:2"}}


def test_reviews_are_one_only_where_they_are_long_and_the_same(room):
    long = f"{LONG} so I will take my business to somebody else from now on"
    room.take(
        found(1, text=LONG, rating=1.0), found(2, text=LONG, rating=1.0),
        found(3, text=long, rating=1.0), found(4, text=long, rating=1.0), found(5, text=f"{long} indeed", rating=1.0),
    )  # fmt: skip
    assert groups(room) == {"test:4": {"test:3"}}


def test_the_earliest_of_a_batch_leads_whatever_the_order_of_its_lines(room):
    room.take(*(found(n, text=LONG) for n in (2, 4, 1, 3)))
    assert groups(room) == {"test:4": {"test:1", "test:2", "test:3"}}


def test_what_comes_later_follows_who_stands_there_and_is_compared_with_the_canonical_one_only(room):
    room.take(found(2, text=LONG))
    room.take(found(1, text=f"RT @max {LONG}"), found(9, text=f"{LONG} again"))
    assert groups(room) == {"test:2": {"test:1", "test:9"}}
    assert room.ids("fingerprint", "mention_id") == ["test:2"]


def test_what_is_said_again_after_a_month_is_said_anew(room):
    room.listen_for(replace(ACME, old_after=(("default", 90),)))
    room.take(found(1, text=LONG))
    room.take(found(2, text=LONG, published_at=NOON - timedelta(days=31)))
    assert len(room.open()) == 2


def test_mentions_of_other_brands_are_no_copies_of_each_other(room):
    room.listen_for(ACME, BOLT, RIVAL)
    said = "{} lost my parcel for the third time this month and nobody answers the phone when I call them"
    room.take(*(found(n, text=said.format(name)) for n, name in enumerate(["@acme", "@bolt", "@rival", "@rival"])))
    assert groups(room) == {}
    assert len(room.open()) == 2


def test_a_batch_told_twice_groups_once(room):
    batch = [found(n, text=LONG) for n in (1, 2)]
    room.take(*batch)
    room.take(*batch, found(3, text=LONG))
    assert groups(room) == {"test:2": {"test:1", "test:3"}}


@pytest.mark.parametrize("kind", [K.RESOLVE, K.DISMISS, K.REPLY])
def test_closing_the_row_closes_the_group_and_undo_brings_back_one_row(room, kind):
    room.take(*(found(n, text=LONG) for n in (1, 2, 3)))
    done = room.record(action(kind, 3, body="sorry"), seen=0)
    assert room.open() == []
    assert [row["mention_id"] for row in room.rows("SELECT mention_id FROM action")] == ["test:3"]  # one reply
    room.record(action(K.UNDO, 3, undoes=done.id))
    assert [(row.mention_id, row.alike) for row in room.page()] == [("test:3", 2)]


def test_a_copy_of_what_is_closed_opens_nothing_and_is_counted_when_it_is_opened_again(room):
    room.take(found(2, text=LONG))
    room.record(action(K.RESOLVE, 2))
    room.take(found(1, text=LONG))
    assert room.open() == []
    room.record(action(K.REOPEN, 2))
    assert [(row.mention_id, row.alike) for row in room.page()] == [("test:2", 1)]


def test_a_copy_of_what_sleeps_wakes_nobody(room):
    room.take(found(2, text=LONG))
    room.record(action(K.SNOOZE, 2, until=NOON + HOUR))
    room.take(found(1, text=LONG))
    assert room.open() == []


def test_whoever_was_acted_on_keeps_the_row(room):
    room.take(found(1, text=f"{LONG} and more words that make it another thing altogether, it seems to me"))
    room.record(action(K.ASSIGN, 1, assignee="ana"))
    room.take(found(2, text=LONG))
    assert set(room.open()) == {"test:1", "test:2"}
    room.take(found(1, text=LONG, edited_at=NOON))
    assert set(room.open()) == {"test:1", "test:2"}


def test_an_edited_copy_stands_for_itself_and_an_edited_canonical_one_keeps_its_own(room):
    room.take(*(found(n, text=LONG) for n in (1, 2, 3)))
    room.take(found(1, text="acme found it, all is well now and everybody is happy again", edited_at=NOON))
    assert groups(room) == {"test:3": {"test:2"}}
    assert set(room.open()) == {"test:1", "test:3"}
    room.take(found(3, text="acme rang me up at last and they were very kind about all of it", edited_at=NOON))
    assert groups(room) == {"test:3": {"test:2"}}


def test_when_the_canonical_mention_is_erased_the_next_takes_its_place(room):
    room.take(*(found(n, text=LONG) for n in (1, 2, 3)))
    room.take(gone=["test:3"])
    assert groups(room) == {"test:2": {"test:1"}}
    assert [(row.mention_id, row.alike) for row in room.page()] == [("test:2", 1)]
    room.take(found(4, text=LONG))
    assert groups(room) == {"test:2": {"test:1", "test:4"}}


@pytest.mark.parametrize("kind", [K.RESOLVE, K.DISMISS, K.REPLY])
def test_when_the_canonical_mention_of_a_closed_group_is_erased_the_group_stays_closed(room, kind):
    room.take(*(found(n, text=LONG) for n in (1, 2)))
    room.record(action(kind, 2, body="sorry"))
    room.take(erase=[Erase("ana", source="test", author="author 2")])
    assert room.open() == []
    [kept] = room.rows("SELECT kind, actor FROM action")
    assert kept == {"kind": "dismiss" if kind is K.DISMISS else "resolve", "actor": "system"}


def test_nothing_of_an_erased_mention_stays_in_the_index(room):
    room.take(*(found(n, text=LONG) for n in (1, 2)))
    room.take(gone=["test:1", "test:2"])
    assert room.ids("fingerprint", "mention_id") == room.ids("repost", "mention_id") == []


def test_a_brand_set_up_later_groups_what_is_stored(room):
    said = LONG.replace("acme", "bolt")
    room.take(*(found(n, text=said) for n in (1, 2)))
    assert groups(room) == {}
    room.listen_for(ACME, BOLT)
    assert groups(room) == {"test:2": {"test:1"}}
    room.listen_for(ACME, replace(BOLT, excluded=("phone",)))
    assert room.open() == []
    room.listen_for(ACME, BOLT)
    assert room.open() == ["test:2"]


def test_a_change_of_words_that_leaves_the_group_alone_opens_nothing(room):
    room.take(*(found(n, text=LONG) for n in (1, 2)))
    room.record(action(K.RESOLVE, 2))
    room.listen_for(replace(ACME, terms=("acme", "acme inc")))
    assert room.open() == []


def test_a_group_whose_canonical_mention_names_the_brand_no_more_has_one_that_does(room):
    room.take(found(2, text=f"{LONG} sic"), found(1, text=LONG))
    room.listen_for(replace(ACME, excluded=("sic",)))
    assert room.open() == ["test:1"]
    assert groups(room) == {}


def test_each_counts_in_the_figures(room):
    room.take(*(found(n, text=LONG) for n in (1, 2, 3)))
    assert room.value("SELECT count(*) FROM judged") == 3


def test_an_answer_found_at_the_source_closes_the_group(room):
    room.take(*(found(n, text=LONG) for n in (1, 2)))
    room.take(answers=[answer(2)])
    assert room.open() == []


def test_those_alike_can_be_told(room):
    room.take(*(found(n, text=LONG) for n in (1, 2, 3)))
    with room.store.read() as store:
        assert [row["id"] for row in duplicates.of(store, "test:3", 5)] == ["test:1", "test:2"]
        assert duplicates.canonical(store, "test:1") == "test:3"
        assert duplicates.canonical(store, "test:3") is None


WORD = some.text("abcdefgäöß", min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    words=some.lists(WORD, min_size=8, max_size=30),
    noise=some.lists(some.sampled_from(["@max", "@max:", "https://t.co/x1", "  ", "\n", "RT"]), max_size=6),
    upper=some.booleans(),
    data=some.data(),
)
def test_capitals_space_links_and_handles_never_tell_two_texts_apart(bench, words, noise, upper, data):
    again = list(words)
    for one in noise:
        again.insert(data.draw(some.integers(0, len(again))), one)
    said = " ".join(again)
    first, second = bench(" ".join(words)), bench(said.upper() if upper and "ß" not in said else said)
    assert first == second


@settings(max_examples=60, deadline=None)
@given(words=some.lists(WORD, min_size=8, max_size=20, unique=True), data=some.data())
def test_another_word_or_another_order_is_another_text(bench, words, data):
    place = data.draw(some.integers(0, len(words) - 2))
    swapped = [*words[:place], words[place + 1], words[place], *words[place + 2 :]]
    assert bench(" ".join(words)) != bench(" ".join(swapped))
    assert bench(" ".join(words)) != bench(" ".join([*words[:place], "zzz", *words[place + 1 :]]))


@pytest.fixture(scope="module")
def bench():
    """The hash of a text's words, as the store takes it."""
    import duckdb

    from data.duplicates.fingerprints import HASHES

    connection, whole = duckdb.connect(), f"SELECT hash({HASHES.replace('said.words', '$words')})"
    return lambda text: connection.execute(whole, {"words": text}).fetchone()[0]
