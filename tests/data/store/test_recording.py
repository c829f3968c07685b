"""What a transaction is known to have written is what it wrote: held by comparing every table before and after it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import data
from data.analytics import published
from data.analytics.published import BESIDE, KEPT_BACK, TABLES, Publisher
from data.exclusions import mutes
from data.models import Erase, Rejected, RetentionRule, Run, Sentiment, Sighting
from data.people.rights import lead
from data.retention import expiry
from data.scores import blind_check, layers, workers
from data.scores.layers import Layer
from data.scores.rescoring import Rescoring
from data.store.store import Store
from tests.data.builders import ACME, BOLT, HOUR, NOON, RANKING, RIVAL, Room, action, answer, found, score_line

WORDS = "acme sold me a kettle that whistles in the night and nobody at the shop cares about it"
HANDLED = replace(ACME, handles=("acmehelp",))


class WatchedStore(Store):
    """A store that compares all its lasting tables before and after each transaction with what was recorded of it."""

    def __init__(self):
        self.is_watched = False  # its own opening is not
        self.seen: set[str] = set()  # tables whose content changed, in any transaction
        super().__init__(":memory:", settings={"threads": "1"})
        self.is_watched = True

    @contextmanager
    def write(self, mention_id=None):
        if self._depth or not self.is_watched:
            with super().write(mention_id) as transaction:
                yield transaction
            return
        with self._lock, self.commits() as commits:
            before = self._contents()
            with super().write(mention_id) as transaction:
                yield transaction
            after = self._contents()
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        assert changed <= {name for one in commits for name in one.tables} <= after.keys()
        others = {commit.mention_id for commit in commits} - {None}
        assert all(before[name] == after[name] or self._is_about(name, others, before, after) for name in changed)
        self.seen |= changed

    def _contents(self):
        """Each table's rows, counted, by what they hold and whose they are."""
        tables = [
            row["name"]
            for row in self._writer.rows("SELECT table_name AS name FROM duckdb_tables() WHERE NOT temporary")
        ]
        return {name: self._rows(name) for name in tables}

    def _rows(self, table):
        return sorted(json.dumps(row, default=str) for row in self._writer.rows(f'SELECT * FROM "{table}"'))

    def _is_about(self, table, mentions, before, after):
        if not mentions:
            return True
        changed = {*before[table], *after[table]} - ({*before[table]} & {*after[table]})
        return {json.loads(row)["mention_id"] for row in changed} <= mentions


@pytest.fixture
def store():
    opened = WatchedStore()
    yield opened
    opened.close()


@pytest.fixture
def filled(places, store, monkeypatch):
    """A room with two brands and a rival, mentions alike and answered, a visit, a mute and corrections."""

    def score(rows, names, *, size=None, layer=None):
        yield [json.dumps(score_line(row)).encode() + b"\n" for row in rows]

    monkeypatch.setattr(workers, "score", score)
    room = Room(places, store)
    room.listen_for(ACME, RIVAL)
    room.take(
        found(1, text="acme is bad how", author="max"),
        found(2, text=WORDS),
        found(3, text=WORDS),
        found(4, text="thank you, acme helps", author="acmehelp", parent_id="test:1"),
        found(5, text="acme and rival are good"),
        found(6, author="max"),
        found(7, text="the bolt broke"),
        answers=[answer(5)],
        run=Run("test", NOON, NOON),
        rejected=[Rejected("a.csv", 1, "why", "acme")],
    )
    room.record(action("judge", 2, sentiment=Sentiment.NEGATIVE))
    room.record(action("note", 6, body="rings twice"))
    store.seen.clear()
    return replace(room, clock=lambda: NOON + HOUR)  # what is written again differs at least by its time


def learn(room, sentiment="positive"):
    layer = Layer(0, "three-words", "ana", NOON, 1, {"examples": {"neutral > positive": ["test:1", "test:2"]}})
    return layers.keep(room.store, layer, json.dumps({"acme": sentiment}))


def rescore(room):
    layers.apply(room.store, learn(room), "three-words", lead("ana"), NOON)
    layers.stop(room.store, lead("ana"))
    layers.resume(room.store, lead("ana"))
    assert Rescoring(room.store, RANKING, "three-words").go_on()


def blind(room):
    card, *_ = blind_check.cards(room.store, NOON)
    blind_check.label(room.store, card, Sentiment.NEGATIVE, None, lead("ana"), NOON)
    blind_check.take_back(room.store, card, lead("ana"))


def mute_and_lift(room):
    muted = mutes.mute(room.store, RANKING, mutes.Target(mutes.AUTHOR, "author 2", "test"), lead("ana"), NOON)
    mutes.lift(room.store, RANKING, muted, lead("ana"), NOON)


def triage(room):
    for verb, more in (("assign", {"assignee": "ana"}), ("note", {"body": "hm"}), ("snooze", {"until": NOON + HOUR})):
        room.record(action(verb, 1, **more))
    room.record(action("expect", 1, body="yes"))
    done = room.record(action("judge", 1, sentiment=Sentiment.POSITIVE))
    room.record(action("undo", 1, undoes=done.id))
    room.record(action("reply", 1, body="sorry"))
    room.record(action("reopen", 1))
    room.record(action("dismiss", 1))


def expire(room):
    later = datetime.now(UTC) + timedelta(days=9)
    assert expiry.expire(room.store, room.places, [RetentionRule("test", "Test", lifetime=timedelta(days=1))], later)


OPERATIONS = {
    "a batch": (
        lambda room: room.take(
            found(2, text=f"{WORDS} edited", edited_at=NOON), found(9), answers=[answer(9)], gone=["test:3"]
        ),
        {
            "mention",
            "match",
            "score",
            "queue",
            "action",
            "batch",
            "erasure",
            "suppressed",
            "repost",
            "correction",
            "sighting",
        },
    ),
    "a batch of visits alone": (
        lambda room: room.take(run=Run("test", NOON, NOON), checked=[Sighting("test:1", NOON + HOUR)]),
        {"run", "sighting", "batch"},
    ),
    "a batch that cannot be read": (lambda room: (room.lay(b"\n\n"), room.take_in()), {"rejected"}),
    "triage": (triage, {"action", "queue", "correction"}),
    "a mute and its end": (mute_and_lift, {"mute", "muted", "queue", "repost", "fingerprint"}),
    "an author's erasure": (
        lambda room: room.take(erase=[Erase("ana", source="test", author="max")]),
        {"mention", "match", "score", "queue", "sighting", "action", "erasure", "suppressed", "batch"},
    ),
    "expiry": (expire, {"mention", "match", "score", "queue", "expired", "erasure"}),
    "a change of handles": (lambda room: room.listen_for(HANDLED, RIVAL), {"brand", "own_post", "action", "queue"}),
    "another brand": (lambda room: room.listen_for(ACME, BOLT), {"brand", "match", "queue"}),
    "a layer and its scores": (rescore, {"layer", "applied", "rescored", "score"}),
    "the blind check": (blind, {"blind"}),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_tables_whose_content_changed_are_the_recorded_ones(filled, name):
    do, expected = OPERATIONS[name]
    do(filled)
    assert filled.store.seen >= expected


def test_a_table_that_is_written_unnoticed_is_found_by_this_very_test(filled):
    with pytest.raises(AssertionError), filled.store.write() as transaction:
        transaction.raw.execute("DELETE FROM mention")


def test_rows_of_another_mention_than_the_named_one_are_found_by_this_very_test(filled):
    with pytest.raises(AssertionError), filled.store.write(mention_id="test:1") as transaction:
        transaction.run("DELETE FROM score WHERE mention_id = 'test:2'")


def test_the_published_copy_follows_a_change_of_handles(filled, monkeypatch):
    monkeypatch.setattr(published, "SHORTEST", 0.0)
    monkeypatch.setattr(published, "SHARE", 0)
    publisher = Publisher(filled.store, filled.places.published)
    publisher.publish()
    before = {table: len(filled.rows(f"FROM {table}")) for table in TABLES}
    filled.listen_for(HANDLED, RIVAL)
    assert publisher.publish()
    copy = data.snapshot(filled.places.published)
    after = {table: len(filled.rows(f"FROM {table}")) for table in TABLES}
    assert {table for table in TABLES if before[table] != after[table]} >= {"own_post", "action", "queue"}
    assert {table: len(copy.execute(f"FROM {table}").fetchall()) for table in TABLES} == after


def test_every_table_is_published_or_kept_back_on_purpose(store):
    with store.read() as reading:
        there = {row["name"] for row in reading.rows("SELECT table_name AS name FROM duckdb_tables()")}
    assert there == {*TABLES, *BESIDE, *KEPT_BACK}
    assert len(there) == len(TABLES) + len(BESIDE) + len(KEPT_BACK)
