"""`python -m data restore`: a store from its published copy or an export, checked; what was there is kept."""

from __future__ import annotations

import errno
import json
import os
import shutil
from functools import partial

import duckdb
import pytest

from data.__main__ import main
from data.analytics import kept_copies
from data.analytics.published import Publisher, newest_set, snapshot
from data.backup import restoring
from data.models import HearbackError
from data.people.rights import OURSELVES
from data.settings import Places
from data.setup import save_brands
from data.spool.batches import drop
from data.store.store import Store
from tests.data.builders import ACME, NOON, RANKING, Room, action, found
from tests.data.commands.test_commands import command, held

WORDS = "acme took {} weeks to answer the letter that I wrote about the broken kettle"


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """A folder with four mentions, two of them alike, and an action; published."""
    places = Places(tmp_path_factory.mktemp("stock"))
    save_brands(places.setup, [ACME])
    text = WORDS.format("three")
    arriving = [found(1, text=text), found(2, text=f"{text} indeed"), found(3, author="Tomasina Quill"), found(4)]
    drop(places.incoming, "test", NOON, found=arriving)
    assert command(places, "absorb").returncode == 0
    store = Store(places.store)
    Room(places, store).record(action("note", 1, body="called her"))
    store.close()
    assert command(places, "absorb").returncode == 0
    return places


@pytest.fixture
def places(stock, tmp_path):
    shutil.copytree(stock.root, tmp_path / "kept")
    return Places(tmp_path / "kept")


@pytest.fixture
def run(places):
    return partial(command, places)


def contents(places):
    """Every table but those that are not in a copy, and the fingerprints."""
    store = Store(places.store)
    with store.read() as reading:
        names = [
            row["name"]
            for row in reading.rows("SELECT table_name AS name FROM duckdb_tables() WHERE NOT temporary ORDER BY name")
        ]
        rows = {name: sorted(map(str, reading.rows(f"FROM {name}"))) for name in names}
    store.close()
    return rows


def damaged(places):
    places.store.write_bytes(b"nothing" + places.store.read_bytes()[7:])


def mentions(places):
    return int(snapshot(places.published).execute("SELECT count(*) FROM mention").fetchone()[0])


def test_a_damaged_store_is_made_anew_whole_from_its_published_copy_and_kept(places, run):
    before = contents(places)
    damaged(places)
    bytes_before = places.store.read_bytes()
    assert run("status").stderr.count("python -m data restore") == 1
    done = run("restore")
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 rows of mention, 4 rows of score, 1 rows of action" in done.stdout
    assert contents(places) == before
    aside = places.store.with_name("hearback.duckdb.aside-1")
    assert aside.read_bytes() == bytes_before
    assert str(aside) in done.stdout
    assert str(aside) in run("status").stdout
    assert (mentions(places), kept_copies.kept(places.root)) == (4, [])


def test_doing_what_is_said_of_a_lost_store_loses_nothing(places, run):
    places.store.unlink()
    told = run("absorb")
    assert "python -m data restore" in told.stderr
    assert mentions(places) == 4
    done = run("restore")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(run("status", "--json").stdout)["mentions"] == 4


def test_a_copy_that_was_kept_is_put_back_and_the_store_of_meanwhile_is_kept(places, run):
    places.store.unlink()
    drop(places.incoming, "test", NOON, found=[found(9)])
    assert "4 mentions" in run("absorb").stderr
    [copy] = kept_copies.kept(places.root)
    refused = run("restore", str(copy.path))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "holds 1 mentions. To put the copy in its place all the same, add --replace" in refused.stderr
    done = run("restore", str(copy.path), "--replace")
    assert done.returncode == 0
    assert json.loads(run("status", "--json").stdout)["mentions"] == 4
    assert sorted(one.mentions for one in kept_copies.kept(places.root)) == [1, 4]
    assert Store(places.store.with_name("hearback.duckdb.aside-1")).read


def test_an_export_is_restored_without_those_who_were_erased_since(places, run, tmp_path):
    run("export", str(tmp_path / "out"))
    assert run("erase", "--author", "Tomasina Quill").returncode == 0
    damaged(places)
    done = run("restore", str(tmp_path / "out"))
    assert done.returncode == 0
    assert "1 mentions were left out: they had been erased." in done.stdout
    assert "the suppression list: what was erased before the copy was made may come in again" in done.stdout
    drop(places.incoming, "test", NOON, found=[found(3, author="Tomasina Quill"), found(5)])
    run("absorb")
    assert [row for row in contents(places)["mention"] if "Tomasina" in row] == []
    assert len(contents(places)["mention"]) == 4


def test_who_was_erased_stays_out_after_a_restore_from_the_published_copy(places, run):
    assert run("erase", "--author", "Tomasina Quill").returncode == 0
    places.store.unlink()
    assert run("restore").returncode == 0
    drop(places.incoming, "test", NOON, found=[found(3, author="Tomasina Quill"), found(5)])
    run("absorb")
    assert len(contents(places)["mention"]) == 4
    assert "Tomasina" not in str(contents(places))


def test_a_store_in_use_is_not_replaced(places, run):
    before = places.store.read_bytes()
    with held(places) as pid:
        done = run("restore", "--replace")
    assert (done.returncode, done.stderr) == (1, f"Process {pid} works with {places.store}. Stop it, then restore.\n")
    assert places.store.read_bytes() == before


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda copy: (copy / "mention.parquet").unlink(), "it holds no mention.parquet"),
        (lambda copy: (copy / "score.parquet").write_bytes(b"PAR1 nothing"), "score.parquet is damaged"),
        (
            lambda copy: shutil.copy(copy / "run.parquet", copy / "mood.parquet"),
            "holds mood.parquet, which this version",
        ),
        (
            lambda copy: shutil.copy(copy / "run.parquet", copy / "topic.parquet"),
            "topic.parquet does not fit this version",
        ),
    ],
)
def test_a_copy_that_cannot_be_used_changes_nothing(places, run, spoil, said):
    damaged(places)
    before = places.store.read_bytes()
    spoil(newest_set(places.published))
    done = run("restore")
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert places.store.read_bytes() == before
    assert not list(places.root.glob("*restored*"))


@pytest.mark.parametrize("part", [slice(20, 300), slice(-400, -300), slice(-8, -4), slice(0, None)])
def test_a_copy_that_is_damaged_anywhere_is_called_so_by_the_name_of_the_file(places, part):
    damaged(places)
    copy = newest_set(places.published)
    content = bytearray((copy / "mention.parquet").read_bytes())
    content[part] = bytes(len(content[part]))
    (copy / "mention.parquet").write_bytes(content)
    with pytest.raises(
        HearbackError, match=r"mention\.parquet is damaged: .+\. Nothing was changed\. Name another copy\.$"
    ):
        restoring.restore(copy, places, RANKING, NOON, by=OURSELVES)


def test_what_is_no_folder_is_no_copy_and_nobody_is_told_to_move_it(places, run):
    done = run("restore", places.setup)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{places.setup} is no folder. Name the folder of a published copy or of an export.\n"


@pytest.mark.parametrize("lacking", [["queue"], ["match"], ["match", "queue"]])
def test_what_follows_from_the_rest_is_made_anew_where_a_copy_lacks_it(places, run, tmp_path, lacking):
    before = contents(places)
    run("export", tmp_path / "export")
    for table in lacking:
        (tmp_path / "export" / f"{table}.parquet").unlink()
    damaged(places)
    done = run("restore", tmp_path / "export")
    assert done.returncode == 0
    assert "anew" in done.stdout
    after = contents(places)
    assert [after[table] for table in ("match", "queue")] == [before[table] for table in ("match", "queue")]


def test_that_the_store_was_made_is_said_also_where_its_copy_cannot_be_published(places, monkeypatch, capsys):
    def refused(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(places.published))

    damaged(places)
    monkeypatch.setenv("HEARBACK_DATA", str(places.root))
    monkeypatch.setattr(Publisher, "publish", refused)
    assert main(["restore"]) == 2
    told = capsys.readouterr()
    assert "The store was made from " in told.out
    assert told.err.startswith("No room is left for ")


def test_a_file_of_another_program_is_told_and_kept_by_a_restore(places, run):
    places.store.unlink()
    with duckdb.connect(str(places.store)) as other:
        other.execute("CREATE TABLE mention AS SELECT 1 AS one")
    before = places.store.read_bytes()
    done = run("status")
    assert (done.returncode, done.stdout) == (1, "")
    assert "is a DuckDB file of another program: it holds 'mention'" in done.stderr
    assert places.store.read_bytes() == before
    assert run("restore").returncode == 0
    assert places.store.with_name("hearback.duckdb.aside-1").read_bytes() == before
    assert mentions(places) == 4


def test_what_does_not_fit_together_is_said(places, run):
    damaged(places)
    copy = newest_set(places.published)
    found_in = duckdb.read_parquet(str(copy / "mention.parquet")).filter("id <> 'test:1'")
    found_in.write_parquet(str(copy / "fewer.parquet"))
    (copy / "fewer.parquet").replace(copy / "mention.parquet")
    done = run("restore")
    assert done.returncode == 1
    assert "Look into this: there are actions of mentions that it does not hold.\n" in done.stderr
    assert "3 rows of mention" in done.stdout


def test_a_copy_of_an_earlier_version_says_what_it_lacks(places, run):
    places.store.unlink()
    for table in ("identity", "suppressed", "told_gone"):
        (newest_set(places.published) / f"{table}.parquet").unlink()
    done = run("restore")
    assert done.returncode == 0
    assert "the suppression list" in done.stdout
    assert "the store's identity: it gets a new one" in done.stdout


def test_without_any_copy_a_sentence_says_so(tmp_path):
    done = command(Places(tmp_path / "nothing"), "restore")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("There is no published copy in ")


def test_a_repeat_of_a_restored_mention_is_still_known_as_one(places, run):
    before = contents(places)["fingerprint"]
    assert before
    places.store.unlink()
    run("restore")
    assert contents(places)["fingerprint"] == before
