"""The command line as real processes: what it says, its exit codes, and what it does while the store is held."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb
import pytest

from data.__main__ import main
from data.analytics.published import TABLES, Publisher, is_sealed, latest, snapshot
from data.models import HearbackError
from data.people import audit
from data.people.audit import Event
from data.settings import ROOT, Places
from data.settings import places as whereabouts
from data.setup import save_brands
from data.spool import outbox
from data.spool.batches import drop
from data.store import command_lock
from data.store.store import Store
from tests.data.builders import ACME, NOON, found
from tests.data.store.test_store import HOLD


def command(places, *arguments):
    """Run `python -m data` to its end."""
    environment = os.environ | {"HEARBACK_DATA": str(places.root)}
    words = [sys.executable, "-m", "data", *arguments]
    return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=500, check=False)


@pytest.fixture
def run(places):
    return partial(command, places)


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """A folder with two mentions taken in by the command itself."""
    places = Places(tmp_path_factory.mktemp("stock"))
    save_brands(places.setup, [ACME])
    drop(places.incoming, "test", NOON, found=[found(1, text="acme is terrible", rating=1.0), found(2)])
    done = command(places, "absorb")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1 batch: 2 new mentions, 0 edited, 2 scored, 0 set aside.\n"
    return places


@pytest.fixture
def stocked(stock, places):
    """A copy of that folder for this test alone."""
    shutil.copytree(stock.root, places.root)
    return places


@contextmanager
def held(places):
    """Another process holds the store."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(places.store)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout.readline() == b"held\n"
    try:
        yield holder.pid
    finally:
        holder.kill()
        holder.communicate()


def test_absorb_again_has_nothing_to_do(stocked, run):
    done = run("absorb")
    assert (done.returncode, done.stdout) == (0, "0 batches: 0 new mentions, 0 edited, 0 scored, 0 set aside.\n")


def test_status_as_json_has_the_figures(stocked, run):
    done = run("status", "--json")
    figures = json.loads(done.stdout)
    assert done.returncode == 0
    assert (figures["mentions"], figures["open"], figures["waiting"], figures["rejected"]) == (2, 2, 0, 0)
    assert figures["listeners"] == {}


def test_status_in_words(stocked, run):
    intake = stocked.intake
    intake.mkdir()
    (intake / "acme-news-20261124T120000000000-000000000001.body").write_text("[]")
    (intake / "acme-news.seen").write_text("{}")
    told = run("status").stdout
    assert "mentions            2\n" in told
    assert "intake              1\n" in told


def test_queue_as_json_is_one_ranked_row_a_line(stocked, run):
    done = run("queue", "--json", "--limit", "1")
    [row] = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, row["id"], row["status"]) == (0, "test:1", "open")
    assert row["points"] == sum(reason["points"] for reason in row["reasons"]) > 0
    assert len(run("queue", "--json").stdout.splitlines()) == 2
    assert "test:1" in run("queue").stdout.splitlines()[0]


def test_export_writes_parquet(stocked, run, tmp_path):
    done = run("export", str(tmp_path / "out"))
    assert (done.returncode, done.stdout) == (0, f"{len(TABLES)} tables written to {tmp_path / 'out'}.\n")
    assert len(duckdb.read_parquet(str(tmp_path / "out" / "mention.parquet"))) == 2


def published_set(places):
    return latest(places.published).name


def test_with_nothing_new_the_published_copy_stays_the_one_it_is(stocked, run):
    run("absorb")  # a copied file is another file
    before = published_set(stocked)
    run("absorb")
    assert published_set(stocked) == before
    drop(stocked.incoming, "test", NOON, found=[found(3)])
    run("absorb")
    assert published_set(stocked) != before


def test_what_another_process_wrote_is_published_with_the_next_absorb(stocked, run):
    run("absorb")
    before = published_set(stocked)
    store = Store(stocked.store)
    with store.write() as transaction:
        transaction.run("UPDATE mention SET engagement = 7")
    store.close()
    run("absorb")
    assert published_set(stocked) != before
    assert snapshot(stocked.published).execute("SELECT min(engagement) FROM mention").fetchone() == (7,)


def test_a_killed_writers_log_is_published_with_the_next_absorb(stocked, run):
    run("absorb")
    before = published_set(stocked)
    with held(stocked):
        pass  # it is killed
    assert stocked.store.with_name(f"{stocked.store.name}.wal").exists()
    assert not is_sealed(stocked.published, stocked.store)
    run("absorb")
    assert published_set(stocked) != before


def test_while_the_app_holds_the_store_absorb_leaves_it_to_the_app(stocked, run):
    batch = drop(stocked.incoming, "test", NOON, found=[found(3)])
    with held(stocked) as pid:
        done = run("absorb")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"The app (process {pid}) holds the store and takes batches in by itself, within seconds.\n"
    assert batch.exists()


def test_while_the_app_holds_the_store_the_others_read_the_published_copy(stocked, run, tmp_path):
    with held(stocked) as pid:
        answers = [run("status", "--json"), run("queue", "--json"), run("export", str(tmp_path / "out"))]
    for done in answers:
        assert done.returncode == 0
        assert done.stderr == f"From the published copy: the app (process {pid}) holds the store.\n"
    assert json.loads(answers[0].stdout)["mentions"] == 2
    assert len(answers[1].stdout.splitlines()) == 2
    assert len(list((tmp_path / "out").glob("*.parquet"))) == len(TABLES)
    assert (tmp_path / "out" / "audit.jsonl").exists()


def test_what_strangers_typed_at_the_login_moves_no_terminal(places, run):
    typed = "\x1b[2J\x1b]0;gone\x07 \x9b31m\u202e M\u00fcller\x7f"
    audit.note(places, Event.LOGIN_FAILED, typed, address="10.0.0.1")
    [line] = run("audit").stdout.splitlines()
    assert line.isprintable()
    assert r"\x1b[2J\x1b]0;gone\x07 \x9b31m\u202e Müller\x7f  address 10.0.0.1" in line
    [row] = run("audit", "--json").stdout.splitlines()
    assert row.isprintable()
    assert (json.loads(row)["by"], "Müller" in row) == (typed, True)


def test_while_the_store_is_held_and_nothing_is_published_a_sentence_says_so(places, run):
    with held(places):
        done = run("status")
    assert done.returncode == 1
    assert "Nothing is published" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_batch_that_cannot_be_read_is_named_and_the_exit_code_says_so(stocked, run):
    (stocked.incoming / "test-a.jsonl").touch()
    drop(stocked.incoming, "test", NOON, found=[found(3)])
    done = run("absorb")
    assert done.returncode == 1
    assert done.stderr == "test-a.jsonl was set aside as .rejected: the file is empty.\n"
    assert done.stdout == "2 batches: 1 new mention, 0 edited, 1 scored, 1 set aside.\n"


def test_a_slip_in_the_setup_is_the_users_and_told_in_a_sentence(stocked, run):
    stocked.setup.write_text("[[brand]\n", encoding="utf-8")
    done = run("absorb")
    assert done.returncode == 1
    assert done.stderr.startswith("setup.toml cannot be read")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["queue", "--limit", "0"],
        ["queue", "--limit", "many"],
        ["queue", "--limit", "\N{SUPERSCRIPT TWO}"],
        ["export"],
        ["export", ""],
        ["status", "--xml"],
        ["reply", "test:1", "--text", "\udcff", "--by", "Ann"],
    ],
)
def test_a_slip_on_the_command_line_is_told_in_a_sentence_and_exits_with_1(capsys, arguments):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    said, told = capsys.readouterr()
    assert (left.value.code, said) == (1, "")
    assert told.rstrip().endswith("--help tells more.")
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("name", ["reply", "letter"])
def test_an_approved_reply_goes_into_the_outbox_under_either_name_of_the_command(stocked, run, name):
    done = run(name, "test:1", "--text", "We are on it.", "--by", "Ann")
    assert (done.returncode, done.stderr) == (0, "")
    [posted], troubles = outbox.replies(stocked.outbox)
    assert (posted.reply.id, posted.reply.text, troubles) == (done.stdout.strip(), "We are on it.", [])


def test_export_into_a_file_is_refused(stocked, run):
    done = run("export", str(stocked.setup))
    assert (done.returncode, done.stderr) == (1, f"{stocked.setup} is a file; name a folder to write to.\n")


def test_a_store_that_is_none_is_told_in_a_sentence(places, run):
    places.root.mkdir(parents=True)
    places.store.write_bytes(b"nothing of the kind" * 1000)
    done = run("status")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert str(places.store) in done.stderr


def test_a_file_in_the_place_of_the_data_folder_is_told_in_a_sentence(places, run):
    places.root.parent.mkdir(parents=True, exist_ok=True)
    places.root.write_text("")
    done = run("status")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"HEARBACK_DATA must name a folder, and {places.root} is a file. Name another.\n"


def test_an_empty_folder_is_a_fresh_start(places, run):
    done = run("status", "--json")
    assert json.loads(done.stdout)["mentions"] == 0
    assert run("queue", "--json").stdout == ""
    assert Publisher(Store(places.store), places.published).publish()


def test_any_number_of_rows_may_be_asked_for(stocked, run):
    done = run("queue", "--json", "--limit", str(10**30))
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2)


def into(places, stdout, *arguments):
    """Run `python -m data` with its output going to `stdout`, held back by Python as it is for everybody."""
    environment = {name: said for name, said in os.environ.items() if name != "PYTHONUNBUFFERED"}
    words = [sys.executable, "-m", "data", *arguments]
    return subprocess.run(
        words, cwd=ROOT, env=environment | {"HEARBACK_DATA": str(places.root)},
        stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=500, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("arguments", [["status"], ["queue", "--json"], ["--help"]])
def test_a_reader_who_left_before_anything_was_printed_is_no_failure(stocked, arguments):
    reading, writing = os.pipe()
    os.close(reading)
    done = into(stocked, writing, *arguments)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_output_that_finds_no_room_is_told_in_a_sentence(stocked):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = into(stocked, full, "status")
    assert (done.returncode, done.stderr) == (2, "The disk: No space left on device.\n")


BROKEN_OFF = """
import _thread, sys
from data import __main__ as command
from data.store import store
first = store.Connection.run
def interrupted(self, sql, **values):
    if "mention" in sql:
        _thread.interrupt_main()  # Ctrl-C while DuckDB is at work
    return first(self, sql, **values)
store.Connection.run = interrupted
sys.exit(command.main(["absorb"]))
"""


def test_ctrl_c_ends_with_a_sentence_and_what_waits_is_taken_in_by_the_next(places, run):
    save_brands(places.setup, [ACME])
    drop(places.incoming, "test", NOON, found=[found(1), found(2)])
    environment = os.environ | {"HEARBACK_DATA": str(places.root)}
    done = subprocess.run(
        [sys.executable, "-c", BROKEN_OFF], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Broken off. What was finished stays; doing it again does no harm.\n"
    assert "2 new mentions" in run("absorb").stdout


@pytest.mark.parametrize(("command", "are_there"), [("people", False), ("audit", False), ("status", True)])
def test_a_command_without_the_store_imports_none_of_its_libraries(places, command, are_there):
    code = (
        "import sys; from data.__main__ import main; main(sys.argv[1:]); "
        "sys.exit(10 * ('duckdb' in sys.modules and 'pyarrow' in sys.modules))"
    )
    environment = os.environ | {"HEARBACK_DATA": str(places.root)}
    done = subprocess.run(
        [sys.executable, "-c", code, command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (10 * are_there, "")


def test_a_fault_of_our_own_is_one_sentence_and_2(places):
    code = (
        "import sys; from data import __main__ as command; from data.commands import status; "
        "status.run = lambda _: 1 // 0; "
        "sys.exit(command.main(['status']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Something went wrong here: ZeroDivisionError: integer division or modulo by zero\n"


def test_the_data_folder_may_be_given_from_home_and_padded(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HEARBACK_DATA", " ~/kept/ ")
    assert whereabouts().root == tmp_path / "kept"
    monkeypatch.setenv("HEARBACK_DATA", "  ")
    assert whereabouts().root == ROOT / "data" / "live"


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("/dev/null", "/dev/null is no folder"),
        ("~nobody-here/x", "no such home"),
        ("/kept/\udcff", "not valid UTF-8"),
    ],
)
def test_a_data_folder_that_cannot_be_one_is_told(monkeypatch, named, said):
    monkeypatch.setenv("HEARBACK_DATA", named)
    with pytest.raises(HearbackError, match=said):
        whereabouts()


PATIENT = """
import sys
from data.__main__ import main
from data.store import command_lock
command_lock.PATIENCE = 300.0  # on a busy machine four starts take longer than anybody should wait
sys.exit(main(["status", "--json"]))
"""


def test_commands_at_one_moment_wait_for_each_other_and_all_are_answered(stocked):
    shutil.rmtree(stocked.published)
    environment = os.environ | {"HEARBACK_DATA": str(stocked.root)}
    words = [sys.executable, "-c", PATIENT]
    at_once = [
        subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    told = [process.communicate(timeout=500) for process in at_once]
    assert [process.returncode for process in at_once] == [0] * 4
    assert [(json.loads(said)["mentions"], complaint) for said, complaint in told] == [(2, b"")] * 4


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(command_lock, "PATIENCE", 0.0)


@pytest.mark.parametrize("arguments", [["absorb"], ["erase", "--mention", "test:1"]])
def test_beside_a_long_command_nothing_is_promised_in_the_apps_name(stocked, impatient, monkeypatch, capsys, arguments):
    monkeypatch.setenv("HEARBACK_DATA", str(stocked.root))
    with command_lock.turn(stocked.root), held(stocked):
        assert main(arguments) == 1
    said, told = capsys.readouterr()
    assert (said, told) == ("", f"Another command is at work in {stocked.root}; try again when it is done.\n")
    assert not list(stocked.incoming.glob("erase*"))


def test_beside_a_long_command_the_published_copy_is_read(stocked, impatient, monkeypatch, capsys):
    monkeypatch.setenv("HEARBACK_DATA", str(stocked.root))
    with command_lock.turn(stocked.root), held(stocked) as pid:
        assert main(["queue", "--json"]) == 0
    said, told = capsys.readouterr()
    assert len(said.splitlines()) == 2
    assert told == f"From the published copy: another command (process {pid}) holds the store.\n"


def test_a_user_without_a_name_is_served(stocked, monkeypatch):
    monkeypatch.setattr(getpass, "getuser", lambda: {}["uid 12345"])
    monkeypatch.setenv("HEARBACK_DATA", str(stocked.root))
    assert main(["status", "--json"]) == 0
