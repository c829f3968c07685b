"""A request to erase: what it is about is counted first, set-aside rows too; what others repeat is named and stays."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from data.models import Erase
from data.retention import erasure, erasure_requests
from tests.data.builders import ACME, HOUR, NOON, RIVAL, answer, found, lines

BY_ANA = Erase("ana", source="test", author="jo doe")
LONG = "acme sold me a kettle that leaks at the lid and nobody answers my letters about it"


def count(room, wanted=BY_ANA):
    with room.store.read() as store:
        return erasure_requests.count(store, wanted, room.places)


def repeated(room, wanted=BY_ANA):
    with room.store.read() as store:
        return erasure_requests.repeated(store, wanted)


def sources_of(room, author="jo doe"):
    with room.store.read() as store:
        return erasure_requests.sources_of(store, author, room.places)


def refuse(room, content, batch="import"):
    """A row that was set aside, as a file or a source brought it."""
    name = f"{batch}-20261120T110000000000-00000{len(room.ids('batch', 'digest')):06}.jsonl"
    room.lay(lines({"rejected": {"file": "a.csv", "reason": "no time can be read", "content": content}}), name)
    room.absorb()


def test_what_would_go_can_be_counted_first(room):
    room.take(found(1, author="jo doe"), found(2, author="jo doe"), answers=[answer(1)])
    assert count(room) == {"mention": 2, "action": 1, "match": 2, "queue": 1, "score": 2}
    assert count(room, replace(BY_ANA, author="nobody")) == {}
    assert room.ids() == ["test:1", "test:2"]


@pytest.mark.parametrize(
    "content",
    [
        '{"user": "jo doe", "text": "x"}',
        "jo doe,2026-11-20,acme",
        "2026-11-20,acme,jo doe",
        "2026-11-20;jo doe;acme",
        "jo doe;acme",
        "acme\tjo doe",
        json.dumps({"row": json.dumps({"user": "jo doe"})}),
    ],
)
def test_a_name_under_which_only_a_set_aside_row_stands_is_found_counted_and_erased(room, content):
    refuse(room, content)
    refuse(room, content.replace("jo doe", "jo doering"))
    assert sources_of(room) == ["import"]
    wanted = replace(BY_ANA, source="import")
    assert count(room, wanted) == {"rejected": 1}
    room.take(erase=[wanted])
    assert [row["content"] for row in room.rows("SELECT content FROM rejected")] == [
        content.replace("jo doe", "jo doering")
    ]
    assert room.rows("SELECT counts, at_once FROM erasure") == [{"counts": '{"rejected": 1}', "at_once": True}]


def test_a_name_beyond_ascii_is_found_however_json_writes_it(room):
    name = "Zoë Sauvé"
    for content in (json.dumps({"by": name}), json.dumps({"by": name}, ensure_ascii=False)):
        refuse(room, content)
        refuse(room, json.dumps({"line": content}))
    assert count(room, replace(BY_ANA, author=name)) == {"rejected": 4}
    room.take(erase=[replace(BY_ANA, author=name)])
    assert room.ids("rejected", "content") == []


def test_batches_set_aside_and_pushes_that_wait_are_counted_too(room):
    room.places.intake.mkdir(parents=True)
    body = room.places.intake / "acme-news-20261120T110000000000-0123456789ab.body"
    body.write_text('[{"user": "jo doe", "id": 1}, {"user": "flo", "id": 2}]')
    aside = room.lay(b"jo doe,\xff\r\nflo,\xff\n", "import-20261120T110000000000-00000aaaaaa.jsonl.rejected")
    assert sources_of(room) == ["import"]
    assert count(room) == {"batches": 1, "bodies": 1}
    room.take(erase=[BY_ANA])
    assert (aside.read_bytes(), json.loads(body.read_text())) == (b"flo,\xff\n", [{"user": "flo", "id": 2}])
    assert json.loads(room.value("SELECT counts FROM erasure")) == {"batches": 1, "bodies": 1}


def test_a_name_that_stands_in_a_push_only_is_found(room):
    room.places.intake.mkdir(parents=True)
    (room.places.intake / "acme-news-20261120T110000000000-0123456789ab.body").write_text('{"user": "jo doe"}')
    assert sources_of(room) == ["webhook"]


def test_a_long_text_is_known_by_its_beginning_where_its_end_was_cut_off(room):
    said = f"{LONG} " * 40
    room.take(found(1, author="jo doe", text=said))
    refuse(room, json.dumps({"body": said})[:2000])
    room.take(erase=[Erase("ana", mention_id="test:1")])
    assert room.ids("rejected", "content") == []


def test_one_mention_takes_nothing_else_of_its_author(room):
    room.take(found(1, author="jo doe"))
    refuse(room, '{"user": "jo doe", "text": "of another day"}')
    wanted = Erase("ana", mention_id="test:1")
    assert count(room, wanted) == {"mention": 1, "match": 1, "queue": 1, "score": 1}
    room.take(erase=[wanted])
    assert len(room.ids("rejected", "content")) == 1


def test_a_name_on_several_sources_is_told_with_those_that_only_set_rows_aside(room):
    room.take(found(1, author="jo doe"))
    refuse(room, '{"user": "jo doe"}', batch="other")
    refuse(room, '{"user": "jo doe", "stars": "?"}')
    assert sources_of(room) == ["other", "test"]
    with room.store.read() as store:
        assert erasure_requests.sources(store) == ["import", "other", "test"]


def test_what_our_own_account_answered_goes_with_what_it_answers(empty):
    empty.listen_for(replace(ACME, handles=("acmehelp",)), replace(RIVAL, handles=("rivalhelp",)))
    said = [
        found(1, author="jo doe"),
        found(2, author="acmehelp", text="sorry, jo doe", parent_id="test:1"),
        found(3, author="rivalhelp", text="buy from rival, jo doe", parent_id="test:1"),
        found(4, author="acmehelp", text="dear all of acme"),
    ]
    empty.take(*said)
    refuse(empty, '{"user": "acmehelp"}')
    assert count(empty)["mention"] == 2
    empty.take(erase=[BY_ANA])
    assert empty.ids() == ["test:3", "test:4"]
    assert len(empty.ids("rejected", "content")) == 1  # our own name is nobody's who asked


# What others say


def test_what_says_the_same_later_is_named_and_stays(room):
    room.take(
        found(1, text=LONG, author="before them", published_at=NOON - 2 * HOUR),
        found(2, text=LONG, author="jo doe", published_at=NOON - HOUR),
        found(3, text=LONG, author="after them", published_at=NOON),
        found(4, text=LONG, author="jo doe", published_at=NOON),
    )
    assert room.value("SELECT count(*) FROM repost") == 3
    assert repeated(room) == ["test:3"]
    assert repeated(room, Erase("ana", mention_id="test:2")) == ["test:3", "test:4"]
    room.take(erase=[BY_ANA])
    assert room.ids() == ["test:1", "test:3"]


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("RT @jo.doe: acme leaks", True),
        ("so true! rt @Jo.Doe acme leaks", True),
        ("acme leaks (via @jo.doe)", True),
        ("acme leaks. RT: @jo.doe.", True),
        ("@jo.doe acme does not leak", False),
        ("RT @jo.doering: acme leaks", False),
        ("RT @jo.doe.example.org: acme leaks", False),
        ("RT @joxdoe: acme leaks", False),
        ("ART @jo.doe at the acme gallery", False),
    ],
)
def test_who_retells_by_name_is_named(room, text, is_told):
    room.take(found(1, author="jo.doe", text="acme leaks"), found(2, text=text), found(3, text=text, source="other"))
    for author in ("jo.doe", "@jo.doe"):
        assert repeated(room, replace(BY_ANA, author=author)) == (["test:2"] if is_told else [])


def test_what_stays_is_told_in_a_sentence():
    assert erasure_requests.told_repeated([]) == ""
    assert erasure_requests.told_repeated(["test:1"]) == (
        "1 mention by somebody else repeats these words and stays, for it is theirs: test:1."
    )
    many = erasure_requests.told_repeated([f"test:{n}" for n in range(1, 1024)])
    assert many.startswith("1,023 mentions by others repeat these words and stay, for they are theirs: test:1, ")
    assert many.endswith(", test:20 and 1,003 more.")


def test_whom_somebody_muted_is_counted(room):
    with room.store.write() as store:
        store.run("INSERT INTO mute VALUES ('1', 'author', 'test', 'Jo Doe', 'ana', $now, NULL, NULL)", now=NOON)
    assert count(room) == {"mute": 1}
    assert sources_of(room) == ["test"]
    room.take(erase=[BY_ANA])
    assert room.ids("mute") == []


def test_only_those_known_as_erased_are(room):
    room.take(found(1), found(2), gone=["test:1"])
    with room.store.read() as store:
        assert erasure.suppressed(store, ["test:1", "test:2", "test:3"], NOON) == {"test:1"}
        assert erasure.suppressed(store, ["test:1"], NOON.replace(year=2126)) == set()
        assert erasure.suppressed(store, [], NOON) == set()
