"""Erasure: what is gone at its source, or asked to be, leaves every table; counts stay, and nothing comes back."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import duckdb
import pytest

from data.models import Erase, Rejected, Sentiment, Sighting
from data.retention import erasure, files, requested
from data.scores import layers
from data.scores.layers import Layer
from data.store.store import MIGRATIONS, Store
from tests.data.builders import NOON, action, answer, found, lines, row

BY_ANA = Erase("ana", source="test", author="author 1")


def tables(room):
    """Every table that holds something of single mentions, and mention itself."""
    with room.store.read() as store:
        return {"mention": "id"} | dict.fromkeys(erasure.holders(store), "mention_id")


def rows_of(room, mention_id):
    return {table: room.ids(table, column).count(mention_id) for table, column in tables(room).items()}


def test_what_is_gone_at_its_source_leaves_every_table(room):
    room.drop(found(1, text="acme is bad"), found(2), answers=[answer(1)])
    room.absorb()
    room.record(action("judge", sentiment=Sentiment.NEGATIVE))
    before = rows_of(room, "test:2")
    assert rows_of(room, "test:1")["action"] == 2
    done = room.take(gone=["test:1"])
    assert (done.added, done.rejected) == (0, 0)
    assert set(rows_of(room, "test:1").values()) == {0}
    assert rows_of(room, "test:2") == before


# The tables that hold nothing of single mentions, and why.
WITHOUT = {
    "mention": "goes by its id",
    "rejected": "goes by what it holds",
    "brand": "the team's own words",
    "batch": "a digest and a name of ours",
    "run": "counts, and a source's complaints",
    "layer": "weights learned from corrections; no mention's words in a row",
    "applied": "versions",
    "suppressed": "digests of ids",
    "erasure": "counts",
    "mute": "goes with its author when that is asked for; a test of mutes holds it",
    "topic": "what many said, counted by the platform",
    "migration": "names of ours",
    "identity": "which store it is",
}


def test_every_table_is_covered_by_erasure_or_known_to_hold_nothing(room):
    with room.store.read() as store:
        covered = set(erasure.holders(store))
        there = {
            row["name"] for row in store.rows("SELECT table_name AS name FROM duckdb_tables() WHERE NOT temporary")
        }
    assert there - covered == set(WITHOUT)  # a new one: give it a mention_id, or say above why it needs none


FILLED = {
    "UBIGINT": "1", "VARCHAR": "'x'", "INTEGER": "1", "BIGINT": "1", "DOUBLE": "1", "BOOLEAN": "TRUE",
    "VARCHAR[]": "['x']", "DATE": "DATE '2026-11-20'",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ '2026-11-20 12:00:00+00'",
}  # fmt: skip


def test_whatever_table_is_added_loses_its_rows(room):
    room.take(found(1), found(2))
    with room.store.write() as store:
        store.run("CREATE TABLE added_later (mention_id VARCHAR NOT NULL, secret VARCHAR)")
        for table in erasure.holders(store):
            columns = store.rows(
                "SELECT column_name AS name, data_type AS type FROM information_schema.columns "
                "WHERE table_name = $table ORDER BY ordinal_position", table=table,
            )  # fmt: skip
            stays = ["test:2"] if table != "told_gone" else []  # where that stands, it goes, too
            for mention_id in ("test:1", *stays):
                values = [f"'{mention_id}'" if one["name"] == "mention_id" else FILLED[one["type"]] for one in columns]
                store.run(f"INSERT INTO {table} VALUES ({', '.join(values)})")
    room.take(erase=[Erase("ana", mention_id="test:1")])
    assert set(rows_of(room, "test:1").values()) == {0}
    still = ("unscored", "told_gone")
    assert 0 not in {number for table, number in rows_of(room, "test:2").items() if table not in still}


def test_only_counts_are_kept_of_what_went(room):
    room.take(found(1, text="acme is bad"), answers=[answer(1)])
    room.take(gone=["test:1"])
    [kept] = room.rows("SELECT * EXCLUDE (id, erased_at) FROM erasure")
    counts = json.loads(kept.pop("counts"))
    assert kept == {"asked_by": "system", "why": erasure.DELETED, "at_once": False, "rewritten_at": None}
    assert counts == {"action": 1, "match": 1, "mention": 1, "score": 1}


def test_gone_wins_over_the_mention_in_the_same_batch(room):
    room.take(found(1), gone=["test:1"])
    assert room.ids() == []


def test_what_was_never_stored_may_be_gone_too(room):
    room.take(found(1), gone=["test:7"])
    assert room.ids() == ["test:1"]
    assert room.rows("SELECT * FROM erasure") == []


def test_an_older_batch_does_not_bring_back_what_is_gone(room):
    room.take(found(1), gone=["test:1"])
    done = room.take(found(1), found(2), answers=[answer(1)])
    assert (done.added, room.ids(), room.ids("action")) == (1, ["test:2"], [])


def test_what_a_source_shows_again_after_days_is_taken_in_again(room):
    room.take(found(1), gone=["test:1"])
    with room.store.write() as store:
        store.run("UPDATE suppressed SET until_at = $then", then=NOON - timedelta(days=1))
    assert room.take(found(1)).added == 1


def test_what_somebody_asked_to_erase_never_comes_back(room):
    room.take(found(1))
    room.take(erase=[BY_ANA])
    with room.store.write() as store:
        store.run("UPDATE suppressed SET until_at = until_at - INTERVAL 10 YEARS")
    assert room.take(found(1)).added == 0


def test_an_author_is_erased_on_the_one_source_and_by_the_very_name(room):
    room.take(
        found(1),
        found(2, author="author 1"),
        found(3, author="Author 1"),
        found(4, author="author 1", source="other", id="other:4"),
    )
    room.take(erase=[BY_ANA])
    assert room.ids() == ["other:4", "test:3"]
    [kept] = room.rows("SELECT asked_by, why, at_once, counts FROM erasure")
    assert (kept["asked_by"], kept["why"], kept["at_once"]) == ("ana", erasure.ASKED, True)
    assert json.loads(kept["counts"])["mention"] == 2


def test_one_mention_is_erased_by_its_id(room):
    room.take(found(1), found(2))
    room.take(erase=[Erase("ana", mention_id="test:1")])
    assert room.ids() == ["test:2"]


def test_the_authors_other_complaints_are_counted_anew(room):
    room.take(*(found(n, author="jo", text="acme is bad") for n in (1, 2, 3)))
    points = {one.mention_id: one.points for one in room.page()}
    assert points == {"test:3": 3, "test:2": 5, "test:1": 5}
    room.take(gone=["test:3"])
    assert {one.mention_id: one.points for one in room.page()} == {"test:2": 3, "test:1": 5}


@pytest.fixture
def in_pairs(monkeypatch):
    """Large erasures go in portions; here two mentions are one."""
    monkeypatch.setattr(requested, "PORTION", 2)


def by_one_author(room, many=5):
    room.take(*(found(n, author="jo", text="acme is bad") for n in range(1, many + 1)), found(9))


def test_a_large_erasure_goes_in_portions_and_is_kept_as_one(room, in_pairs):
    by_one_author(room)
    room.take(erase=[Erase("ana", source="test", author="jo")])
    assert room.ids() == ["test:9"]
    [kept] = room.rows("SELECT counts FROM erasure")
    assert json.loads(kept["counts"])["mention"] == 5


def test_people_act_while_a_large_erasure_goes_on(room, in_pairs, monkeypatch):
    by_one_author(room)
    acted = []

    def press():
        room.record(action("note", 9, body="meanwhile"))
        acted.append(len(room.ids()))

    def wipe_while_somebody_acts(*_):
        presser = threading.Thread(target=press)
        presser.start()
        presser.join(60)
        return {}

    monkeypatch.setattr(files, "wipe", wipe_while_somebody_acts)
    room.take(gone=[f"test:{n}" for n in range(1, 6)])
    assert acted == [6, 4, 2]
    assert room.ids() == ["test:9"]


def test_what_was_not_erased_yet_when_it_broke_off_goes_next_time(room, in_pairs, monkeypatch):
    by_one_author(room)
    portions = []

    def wipe_once(*_):
        portions.append(room.ids())
        if len(portions) == 2:
            raise KeyboardInterrupt
        return {}

    monkeypatch.setattr(files, "wipe", wipe_once)
    room.drop(gone=[f"test:{n}" for n in range(1, 6)])
    with pytest.raises(KeyboardInterrupt):
        room.absorb()
    assert len(room.ids()) == 4
    with room.store.write() as store:
        store.run("UPDATE erasure SET rewritten_at = $now", now=NOON)  # the part was followed into the file already
    room.absorb()
    assert room.ids() == ["test:9"]
    [kept] = room.rows("SELECT counts, rewritten_at FROM erasure")
    assert (json.loads(kept["counts"])["mention"], kept["rewritten_at"]) == (5, None)


def test_rows_that_still_wait_for_their_rank_get_it_at_the_next_look(room):
    by_one_author(room, 3)
    before = {one.mention_id: one.points for one in room.page()}
    with room.store.write() as store:
        store.run("UPDATE queue SET told = NULL, points = 0")
    room.absorb()
    assert {one.mention_id: one.points for one in room.page()} == before
    assert room.value("SELECT count(*) FROM queue WHERE told IS NULL") == 0


def test_what_is_closed_or_nobodys_while_it_waits_for_its_rank_does_not_come_back(room):
    by_one_author(room, 3)
    with room.store.write() as store:
        store.run("UPDATE queue SET told = NULL")
        store.run("DELETE FROM score WHERE mention_id = 'test:2'")
    room.record(action("resolve", 1))
    room.absorb()
    assert sorted(one.mention_id for one in room.page()) == ["test:3", "test:9"]


def test_a_mood_set_while_a_row_waits_for_its_rank_counts(room):
    by_one_author(room, 3)
    with room.store.write() as store:
        store.run("UPDATE queue SET told = NULL")
    room.record(action("judge", 1, sentiment=Sentiment.POSITIVE))
    room.absorb()
    assert {one.mention_id: one.label for one in room.page()}["test:1"] is Sentiment.POSITIVE


def test_the_rest_of_the_nameless_is_not_ranked_anew(room):
    room.take(*(found(n, author=None) for n in (1, 2)))
    with room.store.write() as store:
        store.run("UPDATE queue SET points = 99 WHERE mention_id = 'test:2'")
    room.take(gone=["test:1"])
    assert {one.mention_id: one.points for one in room.page()} == {"test:2": 99}


def test_what_a_batch_brings_of_an_author_it_asks_to_erase_stays_out(room):
    room.take(found(1, author="jo"))
    room.take(found(2, author="jo"), found(3), erase=[Erase("ana", source="test", author="jo")])
    assert room.ids() == ["test:3"]
    assert room.take(found(2, author="jo")).added == 0


def test_rejected_rows_that_hold_the_mention_go_and_others_stay(room):
    text = 'acme "never" again, Sauvé'
    room.take(found(1, text=text), found(10))
    about = [
        ("by id", '{"id": "test:1", "rating": "x"}'),
        ("by text", json.dumps({"body": text})),
        ("by its text as it is", f"7,{text},x"),
        ("another's id", '{"id": "test:10", "rating": "x"}'),
        ("nothing", "x"),
    ]
    room.take(rejected=[Rejected("a.csv", n, why, content) for n, (why, content) in enumerate(about)])
    room.take(gone=["test:1"])
    assert [one["reason"] for one in room.rows("SELECT reason FROM rejected ORDER BY line")] == [
        "another's id",
        "nothing",
    ]


def test_a_batch_that_was_set_aside_loses_the_lines_about_it(room):
    room.take(found(1, text="acme is really very bad"), found(10))
    aside = room.lay(
        b'{"id": "test:1", \xff\n{"id": "test:10", \xff\n{"text": "acme is really very bad"', "a.jsonl.rejected"
    )
    room.take(gone=["test:1"])
    assert aside.read_bytes() == b'{"id": "test:10", \xff\n'
    assert json.loads(room.value("SELECT counts FROM erasure"))["batches"] == 1


@pytest.mark.parametrize("way", ["import", "webhook"])
def test_an_authors_rows_of_a_file_or_a_push_that_were_not_taken_in_go_too(room, way):
    room.take(found(1, author="jo doe"))
    about = ("theirs", '{"user": "jo doe"}'), ("another's", '{"user": "jo doering"}')
    refused = [{"rejected": {"file": "a.csv", "reason": why, "content": content}} for why, content in about]
    room.lay(lines(*refused), f"{way}-1.jsonl")
    aside = room.lay(b'{"by": "jo doe", \xff\n{"by": "jo doering"', f"{way}-2.jsonl.rejected")
    room.absorb()
    room.take(erase=[Erase("ana", source="test", author="jo doe")])
    assert [one["reason"] for one in room.rows("SELECT reason FROM rejected")] == ["another's"]
    assert aside.read_bytes() == b'{"by": "jo doering"'


def test_an_authors_name_counts_in_what_their_own_source_brought(room):
    room.take(found(1, author="jo doe"))
    room.drop(rejected=[Rejected("a.csv", 1, "theirs", '{"user": "jo doe"}')])
    theirs = room.lay(b'{"by": "jo doe", \xff\n{"by": "jo doering"', "test-1.jsonl.rejected")
    others = room.lay(b'{"by": "jo doe", \xff', "other-1.jsonl.rejected")
    room.lay(lines({"rejected": {"file": "b.csv", "reason": "another's", "content": '{"user": "jo doe"}'}}), "b.jsonl")
    room.absorb()
    room.take(erase=[Erase("ana", source="test", author="jo doe")])
    assert theirs.read_bytes() == b'{"by": "jo doering"'
    assert others.exists()
    assert [one["reason"] for one in room.rows("SELECT reason FROM rejected")] == ["another's"]


def test_a_batch_set_aside_that_held_nothing_else_goes(room):
    room.take(found(1))
    aside = room.lay(b'{"id": "test:1", \xff', "a.jsonl.rejected")
    room.take(gone=["test:1"])
    assert not aside.exists()


def test_what_went_is_no_example_of_what_a_layer_changed(room):
    room.take(found(1), found(2))
    figures = {"tried": 2, "examples": {"neutral > negative": ["test:1", "test:2"], "other": ["test:10"]}}
    layers.keep(room.store, Layer(0, "three-words", "ana", NOON, 50, figures), "{}")
    room.take(gone=["test:1"])
    with room.store.read() as store:
        [kept] = layers.known(store)
    assert kept.figures == {
        "tried": 2,
        "examples": {"neutral > negative": ["test:2"], "other": ["test:10"]},
    }


def test_a_recheck_is_noted_once_and_for_known_mentions_only(room):
    room.take(found(1))
    later = NOON + timedelta(hours=1)
    for at in (NOON, later):
        room.take(checked=[Sighting("test:1", at), Sighting("test:9", at)])
    assert room.rows("SELECT * FROM sighting") == [{"mention_id": "test:1", "checked_at": later}]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"gone": {}}, "missing: id"),
        ({"checked": {"id": "test:1"}}, "missing: checked_at"),
        ({"checked": {"id": "test:1", "checked_at": "soon"}}, "checked_at is not a time: 'soon'"),
        ({"erase": {"mention_id": "test:1"}}, "missing: asked_by"),
        ({"erase": {"asked_by": "ana", "author": "jo"}}, "missing: source"),
        ({"erase": {"asked_by": "ana", "mention_id": "", "source": "test"}}, "missing: author"),
    ],
)
def test_a_line_that_names_nothing_to_erase_is_set_aside(room, line, reason):
    room.lay(lines(row(1), line))
    [done] = room.absorb()
    assert (done.added, done.rejected) == (1, 1)
    assert room.value("SELECT reason FROM rejected") == reason


def test_what_an_older_store_knew_as_erased_stays_suppressed(tmp_path):
    address = tmp_path / "older.duckdb"
    with duckdb.connect(str(address)) as raw:
        raw.execute("CREATE TABLE migration (name VARCHAR NOT NULL)")
        for file in sorted(file for file in MIGRATIONS.glob("*.sql") if file.name < "011"):
            raw.execute(file.read_text(encoding="utf-8"))
            raw.execute("INSERT INTO migration VALUES (?)", [file.name])
        raw.execute("INSERT INTO barred VALUES (sha256('test:1'), NULL)")
    for _ in range(2):  # as it is migrated, and as it is opened again
        store = Store(address)
        with store.read() as reading:
            assert erasure.suppressed(reading, ["test:1", "test:2"], NOON) == {"test:1"}
        store.close()
