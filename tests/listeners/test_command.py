"""The command line with real processes: one daemon a folder, a clean end, exit codes, a setup that changes."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from listeners.registry import LISTENERS
from tests.listeners.servers.server import Answer

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 60.0  # seconds
BRAND = '[[brand]]\nname = "Acme"\n'
OFF = "[sources.hackernews]\non = false\n"
HANGING_DAEMON = """
import signal, sys, threading
from datetime import date, timedelta
from listeners import __main__ as command, registry
from listeners.base import FetchResult, Listener, Policy
class Hanging(Listener):
    source, every, policy = "sample", timedelta(minutes=5), Policy("-", True, "-", "-", date(2026, 11, 23), "-")
    def listen(self, *_):
        print("listening", flush=True)
        threading.Event().wait(300)
        return FetchResult()
registry.LISTENERS = (Hanging(),)
sys.exit(command.main([]))
"""
DYING_ONCE = """
import os, sys
from listeners import __main__ as command
from listeners.schedule import cursors
cursors.save = lambda *_: os.kill(os.getpid(), 9)
sys.exit(command.main(["--once", "--only", "rss"]))
"""
FAULTY_DAEMON = """
import sys
from listeners import __main__ as command
from listeners.schedule import schedule
schedule.Schedule.run = lambda _: 1 // 0
sys.exit(command.main([]))
"""
ENDLESS_IMPORT = """
import sys
from listeners import __main__ as command
from listeners.importing import imports
first = imports._take_rows
def endless(*of):
    print("reading", flush=True)
    while True:
        first(*of)
imports._take_rows = endless
sys.exit(command.main(sys.argv[1:]))
"""


@pytest.fixture
def surroundings(kept):
    kept.root.mkdir()
    return os.environ | {"HEARBACK_DATA": str(kept.root), "REDDIT_CLIENT_ID": "id-s3cret", "NO_PROXY": "127.0.0.1"}


@pytest.fixture
def command(surroundings):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "listeners", *arguments],
            cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=DEADLINE, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def daemon(surroundings):
    started = []

    def start(*arguments, code=None):
        process = subprocess.Popen(
            [sys.executable, *(("-c", code) if code else ("-m", "listeners")), *arguments],
            cwd=ROOT, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def until(condition):
    """Wait for something another process does; fail when it takes too long."""
    ends = time.monotonic() + DEADLINE
    tick = threading.Event()
    while not condition():
        assert time.monotonic() < ends, "it did not happen in time"
        tick.wait(0.02)


def batches(kept):
    found = sorted(kept.incoming.glob("*.jsonl"), key=lambda path: path.stat().st_mtime_ns)
    return [[json.loads(line) for line in path.read_text().splitlines()] for path in found]


def runs(kept):
    return [line["run"] for batch in batches(kept) for line in batch if "run" in line]


def a_feed(server, *titles):
    items = "".join(f"<item><title>{title}</title><link>https://x/{title}</link></item>" for title in titles)
    server.answers["/feed"] = Answer(f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>')
    return f'[sources.rss]\nfeeds = ["{server.url}/feed"]\n'


def test_once_runs_what_is_on_and_leaves_with_0(command, kept, server):
    kept.setup.write_text(BRAND + OFF + a_feed(server, "acme wins", "rain"))
    done = command("--once")
    assert (done.returncode, done.stderr) == (0, "")
    (batch,) = batches(kept)
    assert [line.get("title") for line in batch] == ["acme wins", None]
    assert runs(kept)[0]["source"] == "rss"
    assert (kept.cursors / "rss.json").exists()


def test_once_leaves_with_2_and_a_sentence_when_a_source_fails(command, kept, server):
    kept.setup.write_text(BRAND + OFF + a_feed(server))
    server.answers.clear()
    done = command("--once")
    assert done.returncode == 2
    assert "/feed has nothing there (404): check the address" in done.stderr
    assert "Traceback" not in done.stderr
    assert runs(kept)[0]["permanent"] is True


def test_a_slip_in_the_name_of_a_setting_is_told_and_nothing_is_asked_for(command, kept, server):
    kept.setup.write_text(f"{BRAND}{a_feed(server, 'acme')}enabled = false\n")
    done = command("--once", "--only", "rss")
    assert done.returncode == 2
    assert "[sources.rss] in setup.toml knows no 'enabled'; it knows on," in done.stderr
    assert server.asked("/feed") == []


@pytest.mark.parametrize("arguments", [("sources",), ("--once", "--only", "sample")])
def test_a_slip_in_the_name_of_a_source_is_told(command, kept, arguments):
    kept.setup.write_text("[sources.twitter]\non = true\n[sources.sample]\non = true\n")
    done = command(*arguments)
    assert done.returncode == 0
    assert done.stderr == (
        "setup.toml has [sources.twitter], and there is no such source: python -m listeners sources lists them.\n"
    )


def test_without_a_brand_once_brings_the_sample(command, kept):
    assert command("--once").returncode == 0
    assert [run["source"] for run in runs(kept)] == ["sample"]
    assert runs(kept)[0]["found"] > 400


def test_nothing_switched_on_is_said(command, kept):
    kept.setup.write_text("[sources.sample]\non = false\n")
    done = command("--once")
    assert (done.returncode, done.stderr) == (0, "Nothing is switched on: set up a brand and a source first.\n")


@pytest.mark.parametrize(
    ("setup", "arguments", "words"),
    [
        (
            "",
            ("--once", "--only", "myspace"),
            f"There is no source 'myspace'; there are {', '.join(one.source for one in LISTENERS)}.",
        ),
        (BRAND, ("--once", "--only", "reddit"), "Reddit is off until [sources.reddit] in setup.toml says on = true."),
        (BRAND, ("--once", "--only", "rss"), "Rss has no feeds: set feeds under [sources.rss] in setup.toml."),
        ("[[brand", ("--once",), "setup.toml cannot be read"),
        ("", ("--twice",), "Unrecognized arguments: --twice."),
        ("", ("import", "/nowhere/file.csv"), "There is no file file.csv."),
        ("", ("import", "a.csv", "--brand", "\udcff"), "Argument --brand: '\\udcff' is not valid UTF-8."),
    ],
)
def test_a_slip_of_the_user_is_one_sentence_and_1(command, kept, setup, arguments, words):
    kept.setup.write_text(setup)
    done = command(*arguments)
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("arguments", [("--once",), ("sources",), ("import", "README.md"), ("deliver",)])
def test_a_file_in_the_place_of_the_data_folder_is_told_in_a_sentence(command, kept, arguments):
    kept.root.rmdir()
    kept.root.write_text("")
    done = command(*arguments)
    assert done.returncode == 1
    assert done.stderr == f"HEARBACK_DATA must name a folder, and {kept.root} is a file. Name another.\n"


def test_reddit_without_approval_is_told_and_shows_no_secret(command, kept):
    kept.setup.write_text(BRAND + OFF + "[sources.reddit]\non = true\n")
    done = command("--once", "--only", "reddit")
    assert done.returncode == 2
    assert "Reddit may not be read yet" in done.stderr
    kept.setup.write_text(BRAND + OFF + '[sources.reddit]\non = true\napproved = "2026-10-01"\n')
    done = command("--once", "--only", "reddit")
    assert "REDDIT_CLIENT_SECRET" in done.stderr
    written = b"".join(path.read_bytes() for path in kept.root.rglob("*") if path.is_file())
    assert b"s3cret" not in written + done.stderr.encode()


def test_one_daemon_holds_a_folder_and_a_second_says_who(daemon, command, kept):
    first = daemon()
    until(lambda: runs(kept))
    done = command()
    assert done.returncode == 1
    assert done.stderr == f"Process {first.pid} listens for {kept.root} already; only one may.\n"
    first.kill()
    first.wait()
    until_heard = len(runs(kept))
    second = daemon()
    until(lambda: len(runs(kept)) > until_heard or second.poll() is not None)
    assert second.poll() is None


def test_once_beside_a_daemon_leaves_alone_what_the_daemon_reads_at_this_moment(daemon, command, kept):
    reading = daemon(code=HANGING_DAEMON)
    assert reading.stdout.readline() == b"listening\n"
    done = command("--once")
    assert done.returncode == 0
    assert done.stderr == f"sample: Process {reading.pid} is reading it at this moment.\n"
    assert not runs(kept)
    reading.kill()
    reading.wait()
    assert command("--once").returncode == 0
    assert len(runs(kept)) == 1


def test_a_daemon_that_is_told_to_stop_leaves_cleanly_and_soon(daemon, kept):
    process = daemon()
    until(lambda: runs(kept))
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(DEADLINE) == 0
    assert time.monotonic() - began < 5
    assert process.communicate()[1] == b""


def test_a_daemon_whose_source_hangs_still_stops_soon(daemon):
    process = daemon(code=HANGING_DAEMON)
    assert process.stdout.readline() == b"listening\n"
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(DEADLINE) == 0
    assert time.monotonic() - began < 6


def test_a_supervised_daemon_leaves_when_its_parent_does(daemon, kept):
    process = daemon("--supervised")
    until(lambda: runs(kept))
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(DEADLINE) == 0
    process.stdin = None


def test_a_daemon_listens_for_a_new_brand_at_once_and_outlives_a_broken_setup(daemon, kept, server):
    feed = a_feed(server, "acme wins", "beta wins")
    kept.setup.write_text(BRAND + OFF + feed)
    process = daemon()
    until(lambda: len(runs(kept)) == 1)
    kept.setup.write_text(BRAND + OFF + feed + "[[brand")
    kept.setup.write_text(BRAND + OFF + feed + '[[brand]]\nname = "Beta"\n')
    began = time.monotonic()
    until(lambda: len(runs(kept)) == 2)
    assert time.monotonic() - began < 6
    assert "beta wins" in [line.get("title") for line in batches(kept)[1]]
    assert process.poll() is None


def test_killed_between_batch_and_cursor_it_brings_the_same_again(daemon, command, kept, server):
    kept.setup.write_text(BRAND + OFF + a_feed(server, "acme wins", "acme loses"))
    assert daemon(code=DYING_ONCE).wait(DEADLINE) == -signal.SIGKILL
    assert not (kept.cursors / "rss.json").exists()
    assert command("--once").returncode == 0
    first, second = ([line["id"] for line in batch if "id" in line] for batch in batches(kept))
    assert len(first) == 2
    assert first == second


def test_help_is_quick_and_names_the_import(command):
    done = command("--help")
    assert done.returncode == 0
    assert "python -m listeners import FILE" in done.stdout


def test_a_fault_of_our_own_ends_the_daemon_with_one_line_and_2(daemon):
    process = daemon(code=FAULTY_DAEMON)
    said, told = process.communicate(timeout=DEADLINE)
    assert (process.returncode, said) == (2, b"")
    assert re.fullmatch(
        rb"\S+Z CRITICAL listeners: Something went wrong here \(listeners\) \| ZeroDivisionError in <string>:5 < .+\n",
        told,
    )


def test_ctrl_c_in_the_middle_of_an_import_ends_with_a_sentence(daemon, kept, tmp_path):
    file = tmp_path / "reviews.csv"
    file.write_text("id,date,text\n1,2026-01-02T03:04Z,acme is fine\n")
    process = daemon("import", str(file), code=ENDLESS_IMPORT)
    assert process.stdout.readline() == b"reading\n"
    process.send_signal(signal.SIGINT)
    said, told = process.communicate(timeout=DEADLINE)
    assert (process.returncode, said) == (2, b"")
    assert told == b"Broken off. What was finished stays; doing it again does no harm.\n"


def test_a_reader_who_left_before_the_list_was_printed_is_no_failure(surroundings):
    reading, writing = os.pipe()
    os.close(reading)
    held_back = {name: said for name, said in surroundings.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        [sys.executable, "-m", "listeners", "sources"],
        cwd=ROOT, env=held_back, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=DEADLINE, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
