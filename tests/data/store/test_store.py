"""The store: opened by one process, migrated once, written whole or not at all, read at any time."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import duckdb
import pytest

from data.models import HearbackError
from data.settings import ROOT
from data.store import store as store_module
from data.store.opening import StoreIsHeld
from data.store.store import Store

HOLD = (
    "import sys; from data.store.store import Store; s = Store(sys.argv[1]); "
    "print('held', flush=True); sys.stdin.read()"
)


class Interruption(Exception):
    pass


def count(store, table="rejected"):
    with store.read() as connection:
        return connection.value(f"SELECT count(*) FROM {table}")


def reject(connection, n=1):
    connection.run("INSERT INTO rejected VALUES ('b', 'f', $n, 'why', '', TIMESTAMPTZ '2026-11-20 12:00:00+00')", n=n)


@pytest.fixture
def address(places):
    return places.root / "hearback.duckdb"


def test_what_was_written_is_there_after_opening_again(address):
    store = Store(address)
    with store.write() as transaction:
        reject(transaction)
    store.close()
    again = Store(address)
    assert count(again) == 1
    assert count(again, "migration") == len(list(store_module.MIGRATIONS.glob("*.sql")))
    again.close()


def test_duckdb_draws_no_progress_among_what_a_process_prints(address):
    shown = "store.value(\"SELECT current_setting('enable_progress_bar')\")"
    program = (
        "import sys; from data.store.store import Store; opened = Store(sys.argv[1])\n"
        f"with opened.write() as store: print({shown})\nwith opened.read() as store: print({shown})"
    )  # run as a text, which DuckDB takes for somebody at a terminal
    words = [sys.executable, "-c", program, str(address)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=500, check=True)
    assert done.stdout == "False\nFalse\n"


def test_a_store_held_by_another_process_names_its_holder(address):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(address)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StoreIsHeld, match=f"held by process {holder.pid}") as held:
            Store(address)
        assert held.value.holder == holder.pid
        holder.kill()
        holder.wait()
        Store(address).close()
    finally:
        holder.kill()
        holder.communicate()


@pytest.mark.parametrize("content", [b"not a store" * 1000, b"\x00" * 20_000])
@pytest.mark.parametrize("folder", ["kept", "clockwork"])
def test_a_file_that_is_no_store_is_told_with_what_to_do_and_left_alone(tmp_path, folder, content):
    address = tmp_path / folder / "hearback.duckdb"
    address.parent.mkdir(parents=True)
    address.write_bytes(content)
    with pytest.raises(HearbackError, match=r"is damaged, or no store: .+ run python -m data restore"):
        Store(address)
    assert address.read_bytes() == content


def test_a_file_that_may_not_be_opened_is_told_with_what_to_do(address, monkeypatch):
    """Whoever runs the tests may be allowed everything, so DuckDB's own words are given."""

    def refused(*_, **__):
        raise duckdb.IOException(f'IO Error: Cannot open file "{address}": Permission denied')

    monkeypatch.setattr(store_module.duckdb, "connect", refused)
    with pytest.raises(HearbackError, match="may not be opened by this user: give it the file and its folder"):
        Store(address)


def test_a_store_of_a_newer_version_is_refused(address):
    store = Store(address)
    with store.write() as transaction:
        transaction.run("INSERT INTO migration VALUES ('999_tomorrow.sql')")
    store.close()
    with pytest.raises(HearbackError, match="newer Hearback"):
        Store(address)


def test_a_migration_that_fails_leaves_the_store_as_it_was(address, monkeypatch, tmp_path):
    Store(address).close()
    for file in store_module.MIGRATIONS.glob("*.sql"):
        (tmp_path / file.name).write_text(file.read_text())
    (tmp_path / "998_half.sql").write_text("CREATE TABLE half (n INTEGER); SELECT no_such_column;")
    monkeypatch.setattr(store_module, "MIGRATIONS", tmp_path)
    with pytest.raises(duckdb.Error):
        Store(address)
    monkeypatch.undo()
    again = Store(address)
    with again.read() as connection:
        assert connection.value("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'half'") == 0
    again.close()


def test_an_error_inside_a_write_undoes_all_of_it(store):
    with pytest.raises(Interruption), store.write() as transaction:
        reject(transaction)
        raise Interruption
    assert count(store) == 0
    with store.write() as transaction:
        reject(transaction)
    assert count(store) == 1


def test_a_write_inside_a_write_is_one_write(store):
    with pytest.raises(Interruption), store.write() as outer:
        reject(outer)
        with store.write() as inner:
            reject(inner)
        raise Interruption
    assert count(store) == 0


def test_a_failed_statement_inside_a_write_undoes_what_went_before(store):
    with pytest.raises(duckdb.Error), store.write() as transaction:
        reject(transaction)
        transaction.run("SELECT no_such_column")
    assert count(store) == 0


def test_a_read_sees_what_was_committed_and_never_waits_for_a_write(store):
    with store.write() as transaction:
        reject(transaction)
        assert count_elsewhere(store) == 0
    assert count_elsewhere(store) == 1


def count_elsewhere(store):
    seen = []
    reader = threading.Thread(target=lambda: seen.append(count(store)))
    reader.start()
    reader.join(timeout=500)
    assert not reader.is_alive(), "the read waited"
    return seen[0]


def test_writes_of_many_threads_go_one_after_the_other(store):
    def write(n):
        with store.write() as transaction:
            last = transaction.value("SELECT count(*) FROM rejected")
            reject(transaction, last + 1)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=500)
    with store.read() as connection:
        lines = [row["line"] for row in connection.rows("SELECT line FROM rejected ORDER BY line")]
    assert lines == list(range(1, 21))


def test_a_still_reading_stays_at_its_moment(store):
    with store.write() as transaction:
        reject(transaction)
    with store.still() as (reading, changes):
        before = changes["rejected"]
        with store.write() as transaction:
            reject(transaction)
        assert reading.value("SELECT count(*) FROM rejected") == 1
        assert changes["rejected"] == before
        assert store.changes["rejected"] > before
    assert count(store) == 2


def test_changes_are_counted_by_the_table_that_was_written(store):
    assert store.changes == {}  # what opening it wrote nobody has a copy of
    with store.write() as transaction:
        reject(transaction)
        reject(transaction)
        transaction.run("WITH all_of_it AS (SELECT * FROM run) DELETE FROM run -- INTO mention")
        assert store.changes == {}
    assert store.changes == {"rejected": 1, "run": 1}


def test_reading_and_temporary_tables_change_nothing(store):
    with store.write() as transaction:
        transaction.run("CREATE OR REPLACE TEMP TABLE picked AS SELECT id FROM mention")
        transaction.run("INSERT INTO picked SELECT id FROM mention")
        transaction.run("DELETE FROM picked")
    with store.prepare() as preparing:
        preparing.run("DELETE FROM picked")
        preparing.rows("SELECT * FROM mention")
    assert store.changes == {}


def test_what_is_undone_changed_nothing_and_is_not_counted_later(store):
    with pytest.raises(Interruption), store.write():
        with store.write() as inner:
            reject(inner)
        raise Interruption
    assert store.changes == {}
    with store.write() as transaction:
        transaction.run("DELETE FROM run")
    assert store.changes == {"run": 1}


def test_a_write_inside_a_write_is_counted_with_the_outer_one(store):
    with store.write() as outer:
        reject(outer)
        with store.write() as inner:
            inner.run("DELETE FROM run")
        assert store.changes == {}
        reject(outer)
    assert store.changes == {"rejected": 1, "run": 1}


def test_whoever_follows_hears_of_each_commit_what_it_wrote_and_of_which_mention(store):
    with store.commits() as meanwhile:
        with store.write(mention_id="test:1") as transaction:
            transaction.run("DELETE FROM queue WHERE mention_id = 'test:1'")
        with store.write(mention_id="test:1") as outer, store.write() as inner:
            outer.run("DELETE FROM queue WHERE mention_id = 'test:1'")
            inner.run("DELETE FROM action")
        with store.write() as transaction:
            transaction.rows("SELECT * FROM mention")
    with store.write() as transaction:
        reject(transaction)
    assert meanwhile == [
        store_module.Commit(frozenset({"queue"}), "test:1"),
        store_module.Commit(frozenset({"queue", "action"}), None),
    ]


def test_a_named_value_is_bound_never_formatted_in(store):
    with store.read() as connection:
        assert connection.value("SELECT $text", text="'; DROP TABLE mention; --") == "'; DROP TABLE mention; --"
        assert connection.value("SELECT 1 WHERE FALSE") is None
        assert connection.rows("SELECT TIMESTAMPTZ '2026-11-20 12:00:00+00' AS at_noon")[0]["at_noon"].tzinfo


ZONES = """
import sys
from data.store.store import Store
store = Store(sys.argv[1])
with store.read() as reading, store.write() as writing:
    print(*(one.value("SELECT CAST(TIMESTAMPTZ '2026-11-20 22:00:00+00' AS VARCHAR)") for one in (reading, writing)))
    print(reading.value("SELECT CAST(TIMESTAMPTZ '2026-11-20 22:00:00+00' AS DATE)"))
    print(reading.value("SELECT TIMESTAMPTZ '2026-11-20 22:00:00+00'").isoformat())
"""


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/New_York", "UTC"])
def test_strange_time_zones_of_the_machine_change_no_instant_and_no_day(address, zone):
    """In a process of its own: DuckDB looks at the machine's zone once."""
    done = subprocess.run(
        [sys.executable, "-c", ZONES, str(address)],
        cwd=ROOT, env=os.environ | {"TZ": zone}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split("\n")[:3] == [
        "2026-11-20 22:00:00+00 2026-11-20 22:00:00+00", "2026-11-20", "2026-11-20T22:00:00+00:00"
    ]  # fmt: skip


@pytest.mark.parametrize(("cores", "threads"), [(None, 1), (1, 1), (2, 1), (8, 2), (64, 16)])
def test_what_is_asked_is_shared_among_few_threads(address, monkeypatch, cores, threads):
    monkeypatch.setattr(store_module.os, "cpu_count", lambda: cores)
    with Store(address).read() as connection:
        assert connection.value("SELECT current_setting('threads')") == threads
