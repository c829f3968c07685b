"""Tables and columns that were renamed: older copies are read by their former names, and analysts go on with those."""

from __future__ import annotations

import pytest
from pyarrow import parquet

import data
from data.analytics import former_names, loading
from data.analytics.former_names import COLUMNS, TABLES
from data.analytics.published import Publisher, latest
from data.retention import kept_aside
from data.store.store import Store
from tests.data.builders import NOON, found

WORDS = "acme took three weeks to answer the letter that I wrote about the broken kettle"


@pytest.fixture
def copy(room):
    """A published set in which each renamed table and column has rows."""
    room.take(found(1, text=WORDS), found(2, text=f"{WORDS} indeed"), found(3))
    with room.store.write() as store:
        store.run("INSERT INTO delivery BY NAME SELECT 'reply-1' AS approved_reply_id, 'test:1' AS mention_id, "
                  "'sent' AS state, $now AS happened_at, 'ana' AS approved_by", now=NOON)  # fmt: skip
        store.run("INSERT INTO sighting VALUES ('test:1', $now)", now=NOON)
        store.run("INSERT INTO unscored VALUES ('test:3', 'a token')")
        store.run("UPDATE score SET cue_confidence = '{}'")
    Publisher(room.store, room.places.published).publish()
    return latest(room.places.published)


@pytest.fixture
def old(copy):
    """The same set as an earlier version wrote it."""
    for table, columns in COLUMNS.items():
        file = copy / f"{table}.parquet"
        held = parquet.read_table(file)
        parquet.write_table(held.rename_columns([columns.get(name, name) for name in held.column_names]), file)
    for table, former in TABLES.items():
        (copy / f"{table}.parquet").rename(copy / f"{former}.parquet")
    return copy


def rows(connection, sql):
    return connection.execute(sql).fetchall()


@pytest.mark.parametrize("made", ["copy", "old"])
def test_a_snapshot_has_the_present_and_the_former_names(made, room, request):
    request.getfixturevalue(made)
    connection = data.snapshot(room.places.published)
    for table, columns in COLUMNS.items():
        for name, former in columns.items():
            [(present, earlier)] = rows(connection, f"SELECT max({name}), max({former}) FROM {table}")
            assert present is not None
            assert present == earlier
    for table, former in TABLES.items():
        assert rows(connection, f"FROM {table}") == rows(connection, f"FROM {former}") != []
    assert rows(connection, "SELECT count(*) FROM kept_out") == [(1,)]


def test_an_older_copy_is_loaded_whole(old, room, tmp_path):
    store = Store(tmp_path / "loaded.duckdb")
    with store.write() as transaction:
        loading.fill(transaction, old)
    with store.read() as loaded, room.store.read() as first:
        for table in (*COLUMNS, *TABLES):
            assert loaded.rows(f"FROM {table} ORDER BY ALL") == first.rows(f"FROM {table} ORDER BY ALL") != []
    store.close()


def test_an_older_copy_is_asked_and_changed_by_the_present_names(old, room):
    with loading.asked(old) as connection:
        assert connection.value("SELECT count(*) FROM sighting") == 1
        assert connection.value("SELECT count(canonical_id) FROM repost") == 1
    done = kept_aside.change(room.places, old, lambda _: True, _forget, NOON)
    assert done
    with loading.asked(old) as connection:
        assert connection.value("SELECT count(*) FROM sighting") == 0
        assert connection.value("SELECT count(*) FROM delivery") == 0
    assert former_names.file_of(old, "sighting").name == "look.parquet"


def _forget(store):
    with store.write() as transaction:
        transaction.run("DELETE FROM sighting WHERE mention_id = 'test:1'")
        transaction.run("DELETE FROM delivery WHERE approved_reply_id = 'reply-1'")
