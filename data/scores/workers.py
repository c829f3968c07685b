"""The pool of scoring workers: processes that read mentions and answer with scores, as JSON lines over their pipes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

import orjson

from data import files
from data.models import HearbackError
from data.settings import ROOT

BLOCK = 1_000  # mentions a worker gets at once: many for numpy's sake, few enough that all workers end together
WORKER = (sys.executable, "-m", "analysis", "score", "--part", "scorer")


# One thread a process: a linear-algebra library that starts as many as there are cores, in as many processes, makes
# them wait for each other most of the time (20 times the seconds on a busy machine).
ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class WorkersFailed(HearbackError):
    """A worker process ended before its work did."""


Worker = subprocess.Popen[bytes]
Answers = SimpleQueue[list[bytes] | WorkersFailed]

_idle: list[tuple[Sequence[str], Worker]] = []  # by the options they were started with
_changing = threading.Lock()


def stand_by(names: Sequence[str]) -> None:
    """Start one worker per core ahead of time. The next `score` with these names uses them; `dismiss` ends them."""
    dismiss()
    options = _options(names)
    with _changing:
        _idle.extend((options, _start(options)) for _ in range(os.cpu_count() or 1))


def dismiss() -> None:
    """End the workers that were started ahead of time."""
    with _changing:
        leaving = [worker for _, worker in _idle]
        _idle.clear()
    _end(leaving)


def _engage(options: Sequence[str], count: int) -> list[Worker]:
    """`count` workers: those started ahead of time with these options, and new ones for the rest."""
    with _changing:
        ready = [worker for started_with, worker in _idle if started_with == options][:count]
        _idle[:] = [(started_with, worker) for started_with, worker in _idle if worker not in ready]
    dismiss()
    return [*ready, *(_start(options) for _ in range(count - len(ready)))]


def _options(names: Sequence[str]) -> list[str]:
    return [f"--brand={name}" for name in names]  # "=": a name may begin with a dash


def score(
    rows: Sequence[dict[str, Any]], names: Sequence[str], *, size: int | None = None, layer: str | None = None
) -> Generator[list[bytes], None, None]:
    """Score many mentions on all cores; yields blocks of scores, a JSON line each, in the order of `rows`. `layer`:
    a layer as JSON. The workers are ended when the caller stops reading. WorkersFailed when a worker died."""
    with tempfile.TemporaryDirectory(prefix="hearback-") as folder:
        learned = []
        if layer is not None:
            file = Path(folder) / "layer.json"
            files.write(file, layer.encode())
            learned = [f"--layer={file}"]
        yield from _score(rows, [*_options(names), *learned], size or os.cpu_count() or 1)


def _score(rows: Sequence[dict[str, Any]], options: Sequence[str], size: int) -> Generator[list[bytes], None, None]:
    blocks = [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]
    workers = _engage(options, min(size, len(blocks)))
    answers: list[Answers] = [SimpleQueue() for _ in workers]
    try:
        for number, worker in enumerate(workers):
            share = blocks[number :: len(workers)]
            threading.Thread(target=_feed, args=(worker.stdin, share), daemon=True).start()
            threading.Thread(target=_gather, args=(worker, share, answers[number]), daemon=True).start()
        for number in range(len(blocks)):
            answer = answers[number % len(workers)].get()
            if isinstance(answer, WorkersFailed):
                raise answer
            yield answer
    finally:
        _end(workers)


def _end(workers: Iterable[Worker]) -> None:
    for worker in workers:
        worker.kill()
        worker.wait()


def _start(options: Sequence[str]) -> Worker:
    # In a group of its own: Ctrl-C is for the caller, who ends the workers.
    return subprocess.Popen(
        [*WORKER, *options], cwd=ROOT, env=os.environ | ALONE, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        process_group=0,
    )  # fmt: skip


def _feed(pipe: IO[bytes], blocks: Sequence[Sequence[dict[str, Any]]]) -> None:
    try:
        for block in blocks:
            pipe.write(b"\n".join([*map(orjson.dumps, block), b""]))
        pipe.close()
    except OSError:  # the worker is gone; whoever reads from it says so
        return


def _gather(worker: Worker, blocks: Sequence[Sequence[object]], answers: Answers) -> None:
    """Read answers as they come: a worker whose pipe is full would wait while the caller writes to the store."""
    try:
        for block in blocks:
            answers.put(_read(worker, len(block)))
    except WorkersFailed as failure:
        answers.put(failure)


def _read(worker: Worker, count: int) -> list[bytes]:
    assert worker.stdout is not None  # noqa: S101  # it was started with a pipe
    lines = [worker.stdout.readline() for _ in range(count)]
    if not lines[-1].endswith(b"\n"):
        raise WorkersFailed(f"A scoring process ended early (code {worker.wait()}).")
    return lines
