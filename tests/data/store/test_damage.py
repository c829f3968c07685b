"""A damaged store: what can be read of its log is read, the log is kept, and a damaged file is told and left alone."""

from __future__ import annotations

import struct
import subprocess
import sys

import duckdb
import pytest

from data.models import HearbackError
from data.settings import ROOT
from data.store import damage
from data.store.damage import BEGINS, StoreIsDamaged
from data.store.store import Store
from tests.data.store.test_store import HOLD, count

KILLED = """
import os, sys
from data.store.store import Store
store = Store(sys.argv[1])
for number in range(int(sys.argv[2])):
    with store.write() as transaction:
        transaction.run("INSERT INTO rejected VALUES ('b', 'f', $n, 'why', '', now())", n=number)
os._exit(1)
"""
ROWS = 50
NOISE = bytes(range(1, 251)) * 2


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """The file and the log of a store whose process was killed after some fifty commits."""
    address = tmp_path_factory.mktemp("stock") / "hearback.duckdb"
    Store(address).close()
    subprocess.run([sys.executable, "-c", KILLED, str(address), str(ROWS)], cwd=ROOT, check=False)
    return address.read_bytes(), address.with_name("hearback.duckdb.wal").read_bytes()


@pytest.fixture
def address(tmp_path):
    return tmp_path / "kept" / "hearback.duckdb"


@pytest.fixture
def lay(stock, address):
    """Lay the store there, with its log changed."""

    def lay(changed, file=stock[0]):
        address.parent.mkdir()
        address.write_bytes(file)
        address.with_name("hearback.duckdb.wal").write_bytes(changed(stock[1]))
        return changed(stock[1])

    return lay


def flipped(content, place):
    return content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]


def rows_in(address):
    store = Store(address)
    try:
        return count(store)
    finally:
        store.close()


def kept_logs(address):
    return [path for path in damage.kept(address) if path.suffix == ".wal"]


def test_a_whole_log_is_read_and_nothing_is_kept(lay, address, capsys):
    lay(lambda log: log)
    assert rows_in(address) == ROWS
    assert (kept_logs(address), capsys.readouterr().err) == ([], "")


def test_duckdb_begins_a_log_as_we_know_it(stock):
    """Else every log would pass for a damaged one."""
    assert stock[1].startswith(BEGINS)


@pytest.mark.parametrize(
    ("changed", "least", "most"),
    [
        (lambda log: log + bytes(4096), ROWS, ROWS),
        (lambda log: log + bytes(1), ROWS, ROWS),
        (lambda log: log[:-100] + bytes(100), ROWS - 2, ROWS - 1),
        (lambda log: log[: len(log) // 2] + bytes(len(log) // 2), 10, ROWS - 10),
        (lambda log: flipped(log, len(log) // 2), 10, ROWS - 10),
        (lambda log: flipped(log, len(log) - 3), ROWS - 1, ROWS - 1),
        (lambda log: log + NOISE, ROWS, ROWS),
        (lambda log: log[:-50], ROWS - 2, ROWS - 1),
        (lambda log: log[: len(log) // 2], 10, ROWS - 10),
        (lambda log: flipped(log, 2), 0, 0),
        (lambda log: bytes(len(log)), 0, 0),
        (lambda log: log[:5], 0, 0),
        (lambda log: flipped(log, len(BEGINS) + 9), 0, 0),
    ],
    ids=[
        *("zeros after it", "one zero after it", "zeros at its end", "half of it zeros", "a bit in the middle"),
        *("a bit at its end", "noise after it", "cut short", "cut in half", "a bit of its head", "all zeros"),
        *("five bytes left", "a bit of its first checksum"),
    ],
)
def test_what_can_be_read_of_a_log_is_read_and_the_log_is_kept_and_said(lay, address, capsys, changed, least, most):
    laid = lay(changed)
    assert least <= rows_in(address) <= most
    said = capsys.readouterr().err
    [kept] = kept_logs(address)
    assert kept.read_bytes() == laid
    assert f"The log is kept as {kept}; remove it when nobody needs it." in said
    store = Store(address)
    with store.write() as transaction:
        transaction.run("INSERT INTO rejected VALUES ('b', 'f', 99, 'why', '', now())")
    store.close()
    assert least + 1 <= rows_in(address) <= most + 1
    assert [*kept_logs(address)] == [kept]
    assert capsys.readouterr().err == ""


def test_of_logs_cut_short_by_kills_only_the_last_is_kept_of_damaged_ones_each(lay, stock, address):
    log = address.with_name("hearback.duckdb.wal")
    lay(lambda log: log[:-50])
    Store(address).close()
    for changed in (stock[1][:-60], stock[1] + bytes(100), flipped(stock[1], 2)):
        log.write_bytes(changed)
        Store(address).close()
    assert [path.name for path in kept_logs(address)] == [
        "hearback.duckdb.damaged-1.wal",
        "hearback.duckdb.damaged-2.wal",
        "hearback.duckdb.unfinished.wal",
    ]
    assert kept_logs(address)[-1].read_bytes() == stock[1][:-60]


def test_the_log_of_a_store_that_is_held_is_left_alone(lay, stock, address):
    lay(lambda log: log)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(address)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        log = address.with_name("hearback.duckdb.wal")
        log.write_bytes(stock[1][:-20])  # as it looks while the other one writes
        with pytest.raises(HearbackError, match="held by process"):
            Store(address)
        assert log.read_bytes() == stock[1][:-20]
        assert list(address.parent.iterdir()) == [address, log] or damage.kept(address) == []
    finally:
        holder.kill()
        holder.communicate()


def test_a_log_without_its_store_is_kept_for_it(lay, stock, address, capsys):
    """Whoever moves a damaged store away often forgets its log, and DuckDB would remove it."""
    lay(lambda log: log)
    address.unlink()
    assert rows_in(address) == 0
    [kept] = kept_logs(address)
    assert kept.read_bytes() == stock[1]
    assert str(kept) in capsys.readouterr().err


def test_a_log_that_cannot_be_kept_is_not_written_over(lay, address, monkeypatch):
    laid = lay(lambda log: log + bytes(100))

    def refused(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(damage.files, "lay", refused)
    with pytest.raises(HearbackError, match="cannot be kept: No space left on device"):
        Store(address)
    assert address.with_name("hearback.duckdb.wal").read_bytes() == laid


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A store whose tables take many blocks."""
    address = tmp_path_factory.mktemp("large") / "hearback.duckdb"
    store = Store(address)
    with store.write() as transaction:
        transaction.run(
            "INSERT INTO rejected SELECT 'b', 'f', i, md5(CAST(i AS VARCHAR)), md5(CAST(-i AS VARCHAR)), now() "
            "FROM range(40000) AS r (i)"
        )
    store.close()
    return address.read_bytes()


@pytest.mark.parametrize("place", [3, 9, 4100, 8200], ids=lambda place: f"byte {place}")
def test_a_damaged_head_is_told_in_one_sentence_with_what_to_do_and_nothing_is_changed(large, address, place):
    address.parent.mkdir()
    address.write_bytes(flipped(large, place))
    with pytest.raises(StoreIsDamaged, match=r"is damaged, or no store: .+ run python -m data restore") as told:
        Store(address)
    assert "\n" not in str(told.value)
    assert address.read_bytes() == flipped(large, place)
    assert list(address.parent.iterdir()) == [address]


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9])
def test_a_store_that_was_cut_short_is_told_with_what_to_do(large, address, part):
    address.parent.mkdir()
    address.write_bytes(large[: int(len(large) * part)])
    with pytest.raises(StoreIsDamaged, match=r"is damaged, or no store: .+ run python -m data restore"):
        Store(address)
    assert address.stat().st_size == int(len(large) * part)


def test_a_damaged_block_is_told_when_it_is_read(large, address):
    address.parent.mkdir()
    address.write_bytes(flipped(large, len(large) * 2 // 3))
    store = Store(address)
    with pytest.raises(StoreIsDamaged, match="run python -m data restore"), store.read() as reading:
        reading.value("SELECT sum(hash(whole)) FROM rejected AS whole")
    store.close()


def test_a_file_of_a_newer_duckdb_is_not_called_damaged(large, address):
    address.parent.mkdir()
    content = bytearray(large)
    content[12:20] = struct.pack("<Q", 999)  # the version
    address.write_bytes(content)
    with pytest.raises(HearbackError) as told:
        Store(address)
    assert "restore" in str(told.value) or "Update Hearback first" in str(told.value)


@pytest.mark.parametrize("name", ["a?b", "what?"])
def test_a_question_mark_in_the_name_of_the_folder_is_told(tmp_path, name):
    with pytest.raises(HearbackError, match="holds a question mark"):
        Store(tmp_path / name / "hearback.duckdb")


@pytest.mark.parametrize("name", ["a*b", "a[b]c", "**", "env=prod", "[", "q'uote"])
def test_a_store_in_a_folder_with_any_other_name_is_one(tmp_path, name):
    address = tmp_path / name / "hearback.duckdb"
    Store(address).close()
    assert rows_in(address) == 0
    assert duckdb.connect(str(address)).sql("SELECT count(*) FROM migration").fetchone()[0] > 0


@pytest.mark.parametrize("said", ["Permission denied", "Read-only file system"])
def test_a_folder_that_may_only_be_read_is_told_in_a_sentence(address, monkeypatch, said):
    def refused(path, *_, **__):
        raise OSError(13, said, str(path))

    monkeypatch.setattr("pathlib.Path.mkdir", refused)
    with pytest.raises(HearbackError, match=f"cannot be written: {said}. Give this user the right to write there"):
        Store(address)
