"""`python -m analysis score`, as a process: one answer a line, whatever the lines."""

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.__main__ import TOGETHER, answer

ROOT = Path(__file__).parents[2]


def run(*arguments, given=b""):
    return subprocess.run(
        [sys.executable, "-m", "analysis", *arguments],
        input=given,
        capture_output=True,
        cwd=ROOT,
        timeout=20,
        check=False,
    )


def answers(lines, names=()):
    out = io.BytesIO()
    answer(io.BytesIO(lines), out, names)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_rows_and_bare_texts_are_answered_line_by_line():
    ended = run("score", given=b'{"id":"a","text":"I hate it","names":[]}\n"I love it"\n')
    assert ended.returncode == 0
    first, second = (json.loads(line) for line in ended.stdout.splitlines())
    assert (first["mention_id"], first["label"]) == ("a", "negative")
    assert (second["mention_id"], second["label"]) == (None, "positive")


def test_brands_on_the_command_line_carry_no_feeling():
    ended = run("score", "--brand", "Best", "--brand", "Hope", given=b'"best hope"')
    assert json.loads(ended.stdout)["rests_on"] == "nothing"


@pytest.mark.parametrize("arguments", [[], ["guess"], ["score", "--speed"]])
def test_a_wrong_command_is_one_sentence_and_exit_1(arguments):
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert len(ended.stderr.splitlines()) == 1


def test_help_says_what_goes_in_and_comes_out():
    ended = run("--help")
    assert ended.returncode == 0
    assert b"one JSON" in ended.stdout


@pytest.mark.parametrize(
    "line",
    [b"{", b"\xff\xfe", b"[]", b"null", b"3", b'{"id":"a"}', b'{"id":7,"text":""}', b"[" * 100_000, b'"a', b"\x00"],
)
def test_a_bad_line_is_named_and_the_next_is_answered(line):
    bad, good = answers(line + b'\n{"id":"b","text":"fine"}\n')
    assert bad["line"] == 1
    assert bad["error"]
    assert good["mention_id"] == "b"


def test_line_numbers_count_empty_lines():
    assert answers(b'\n"a"\n\n{\n')[1]["line"] == 4


def test_half_a_character_is_a_line_that_cannot_be_read():
    assert answers(rb'"\ud800 bad"')[0]["line"] == 1


def test_more_lines_than_are_answered_at_once_keep_their_order():
    ids = [str(number) for number in range(2 * TOGETHER + 7)]
    lines = b"".join(json.dumps({"id": one, "text": "x"}).encode() + b"\n" for one in ids)
    assert [line["mention_id"] for line in answers(lines)] == ids


def test_an_empty_line_brings_the_answers_so_far():
    with subprocess.Popen(
        [sys.executable, "-m", "analysis", "score"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as worker:
        worker.stdin.write(b'"bad"\n\n')
        worker.stdin.flush()
        assert json.loads(worker.stdout.readline())["label"] == "negative"
        worker.stdin.write(b'"good"\n')
        worker.stdin.close()
        assert json.loads(worker.stdout.readline())["label"] == "positive"
    assert worker.returncode == 0


def test_a_worker_whose_reader_left_ends_without_a_word():
    with subprocess.Popen(
        [sys.executable, "-m", "analysis", "score"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    ) as worker:
        worker.stdout.close()
        worker.stdin.write(b'"x"\n')
        worker.stdin.close()
        assert worker.stderr.read() == b""


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="no priorities on this system")
def test_a_worker_gives_way_to_the_dashboard():
    with subprocess.Popen(
        [sys.executable, "-m", "analysis", "score"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as worker:
        worker.stdin.write(b'"x"\n\n')
        worker.stdin.flush()
        worker.stdout.readline()
        assert os.getpriority(os.PRIO_PROCESS, worker.pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)


def test_nothing_heavy_is_loaded():
    listing = "import sys, analysis.__main__; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, cwd=ROOT, check=True)
    assert not {"pandas", "numpy", "duckdb", "streamlit", "requests", "pyarrow"} & set(ended.stdout.split())


def test_a_worker_is_up_at_once():
    best = min(timed() for _ in range(3))
    assert best < 1.0  # a fifth of that on an idle machine


def timed():
    started = time.perf_counter()
    run("score", given=b'"x"')
    return time.perf_counter() - started
