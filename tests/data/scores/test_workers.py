"""The worker pool: real worker processes, in order, and no work left behind when one dies or the caller stops."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys

import pytest

from data.scores import workers
from data.scores.scorer import BY_HAND, score_waiting
from data.scores.workers import BLOCK, WorkersFailed
from tests.data.builders import ACME, JUDGEMENT, found

ECHO = """
import json, sys
for line in sys.stdin:
    print(json.dumps({'id': json.loads(line)['id'], 'names': sys.argv[1:]}), flush=True)
"""
# Whoever gets the second block answers half of it and then stands still: nobody can be done before the test acts.
STANDS_STILL = """
import json, signal, sys
for line in sys.stdin:
    if json.loads(line)['id'] == 'test:HALF': signal.pause()
    print('{}', flush=True)
""".replace("HALF", str(3 * BLOCK // 2))
DIES = """
import sys
for n, line in enumerate(sys.stdin):
    if n == LATER: sys.exit(7)
    print('{}', flush=True)
""".replace("LATER", str(3 * BLOCK // 2))


@pytest.fixture
def started(monkeypatch):
    """The worker processes that were started."""
    processes = []

    def start(names):
        processes.append(begin(names))
        return processes[-1]

    begin = workers._start
    workers.dismiss()  # what a test before this one left standing by would be taken
    monkeypatch.setattr(workers, "_start", start)
    yield processes
    assert all(process.poll() is not None for process in processes), "a worker was left behind"


def rows(count):
    return [{"id": f"test:{n}", "text": "acme is bad" if n % 2 else "all well"} for n in range(count)]


def test_ctrl_c_in_a_terminal_is_for_whoever_asked(started):
    scoring = workers.score(rows(1), ["acme"], size=1)
    next(scoring)
    assert os.getpgid(started[0].pid) == started[0].pid
    scoring.close()


@pytest.mark.parametrize("count", [1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
@pytest.mark.parametrize("size", [1, 3])
def test_scores_come_in_the_order_of_the_rows(monkeypatch, started, count, size):
    monkeypatch.setattr(workers, "WORKER", (sys.executable, "-c", ECHO))
    blocks = list(workers.score(rows(count), ["acme", "-x", "two words"], size=size))
    scored = [json.loads(line) for block in blocks for line in block]
    assert [one["id"] for one in scored] == [f"test:{n}" for n in range(count)]
    assert scored[0]["names"] == ["--brand=acme", "--brand=-x", "--brand=two words"]
    assert len(started) == min(size, len(blocks))


def test_nothing_to_score_starts_nobody(started):
    assert list(workers.score([], ["acme"])) == []
    assert started == []


def test_the_real_workers_score_real_texts(started):
    names = ["acme", "--help", "-1"]
    [block] = workers.score([{"id": "test:1", "title": None, "text": "terrible, awful acme", "rating": None}], names)
    [scored] = map(json.loads, block)
    assert (scored["mention_id"], scored["label"]) == ("test:1", "negative")


def test_a_worker_that_ends_early_fails_the_pool_and_stops_the_others(monkeypatch, started):
    monkeypatch.setattr(workers, "WORKER", (sys.executable, "-c", DIES))
    with pytest.raises(WorkersFailed, match=r"ended early \(code 7\)"):
        list(workers.score(rows(4 * BLOCK), [], size=2))


def test_a_worker_that_is_killed_fails_the_pool(monkeypatch, started):
    monkeypatch.setattr(workers, "WORKER", (sys.executable, "-c", STANDS_STILL))
    blocks = workers.score(rows(4 * BLOCK), [], size=2)
    next(blocks)
    os.kill(started[1].pid, signal.SIGKILL)
    with pytest.raises(WorkersFailed, match=r"code -9"):
        list(blocks)


def test_the_work_stops_when_the_caller_does(monkeypatch, started):
    monkeypatch.setattr(workers, "WORKER", (sys.executable, "-c", STANDS_STILL))
    blocks = workers.score(rows(4 * BLOCK), [], size=2)
    next(blocks)
    blocks.close()
    assert started[1].returncode == -signal.SIGKILL


def test_a_worker_whose_caller_was_killed_ends_too(tmp_path):
    code = (
        "import os, signal; from data.scores import workers; begin = workers._start\n"
        "def start(names):\n    process = begin(names); print(process.pid, flush=True); return process\n"
        "workers._start = start\n"
        "blocks = workers.score([{'id': 'a:1', 'text': 'bad'}] * 50_000, [], size=1); next(blocks)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    caller = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=workers.ROOT)
    worker = int(caller.stdout.readline())
    assert caller.wait(timeout=500) == -signal.SIGKILL
    caller.stdout.close()
    wait_until_gone(worker)


def wait_until_gone(pid):
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ready, _, _ = select.select([descriptor], [], [], 30)
    os.close(descriptor)
    assert ready, "the worker went on"


@pytest.fixture
def dismissed():
    yield
    workers.dismiss()


def test_workers_that_stand_by_are_the_ones_that_score(started, dismissed):
    workers.stand_by(["acme"])
    waiting = list(started)
    assert len(waiting) == os.cpu_count()
    [*_] = workers.score(rows(4 * BLOCK), ["acme"])
    assert started == waiting


def test_workers_that_stand_by_for_other_names_are_let_go(started, dismissed):
    workers.stand_by(["acme"])
    waiting = list(started)
    blocks = workers.score(rows(4 * BLOCK), ["bolt"], size=2)
    next(blocks)
    assert all(worker.poll() is not None for worker in waiting)
    assert started[len(waiting) :]
    blocks.close()


def test_whoever_stands_by_again_is_started_once(started, dismissed):
    workers.stand_by(["acme"])
    workers.stand_by(["acme"])
    assert [worker.poll() is None for worker in started] == [False] * os.cpu_count() + [True] * os.cpu_count()


def test_a_large_batch_finds_its_workers_waiting_and_a_small_one_needs_none(room, started, dismissed):
    room.listen_for(ACME)
    room.drop(*(found(n) for n in range(BY_HAND)))
    room.take_in()
    assert started == []
    room.drop(*(found(n) for n in range(1_000, 1_000 + BY_HAND + 1)))
    room.take_in()
    assert len(started) == os.cpu_count()
    assert score_waiting(room.store, JUDGEMENT) == 2 * BY_HAND + 1
    assert len(started) == os.cpu_count()


def test_a_batch_that_is_told_again_needs_no_workers(room, started, dismissed):
    many = [found(n) for n in range(BY_HAND + 1)]
    room.drop(*many)
    room.take_in()
    workers.dismiss()
    room.drop(*many, found(5_000))
    room.take_in()
    assert all(worker.poll() is not None for worker in started)
