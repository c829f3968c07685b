"""The scoring crew: worker processes that read mentions and answer with scores, as JSON lines over their pipes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

import orjson

from data.models import HearbackError
from data.settings import ROOT

BLOCK = 500  # mentions a worker gets at once: small enough that the crew ends together
WORKER = (sys.executable, "-m", "analysis", "score")


class CrewFailed(HearbackError):
    """A worker process ended before its work did."""


Answers = SimpleQueue[list[bytes] | CrewFailed]


def score(
    rows: Sequence[dict[str, Any]], names: Sequence[str], *, size: int | None = None, layer: str | None = None
) -> Generator[list[bytes], None, None]:
    """Score many mentions on all cores; yields blocks of scores, a JSON line each, in the order of `rows`. `layer`:
    what was learned from corrections, JSON. The work stops when the caller does. CrewFailed when a worker died."""
    with tempfile.TemporaryDirectory(prefix="hearback-") as folder:
        learned = []
        if layer is not None:
            file = Path(folder) / "layer.json"
            file.write_text(layer, encoding="utf-8")
            learned = [f"--layer={file}"]
        yield from _score(rows, [*(f"--brand={name}" for name in names), *learned], size or os.cpu_count() or 1)


def _score(rows: Sequence[dict[str, Any]], options: Sequence[str], size: int) -> Generator[list[bytes], None, None]:
    blocks = [rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK)]
    workers = [_start(options) for _ in range(min(size, len(blocks)))]
    answers: list[Answers] = [SimpleQueue() for _ in workers]
    try:
        for number, worker in enumerate(workers):
            share = blocks[number :: len(workers)]
            threading.Thread(target=_feed, args=(worker.stdin, share), daemon=True).start()
            threading.Thread(target=_gather, args=(worker, share, answers[number]), daemon=True).start()
        for number in range(len(blocks)):
            answer = answers[number % len(workers)].get()
            if isinstance(answer, CrewFailed):
                raise answer
            yield answer
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def _start(options: Sequence[str]) -> subprocess.Popen[bytes]:
    # Values stand behind "=": a name may begin with a dash.
    return subprocess.Popen([*WORKER, *options], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _feed(pipe: IO[bytes], blocks: Sequence[Sequence[dict[str, Any]]]) -> None:
    try:
        for block in blocks:
            pipe.write(b"\n".join([*map(orjson.dumps, block), b""]))
        pipe.close()
    except OSError:  # the worker is gone; whoever reads from it says so
        return


def _gather(worker: subprocess.Popen[bytes], blocks: Sequence[Sequence[object]], answers: Answers) -> None:
    """Take the answers as they come: a worker whose pipe is full would stand still while the store is written to."""
    try:
        for block in blocks:
            answers.put(_read(worker, len(block)))
    except CrewFailed as failure:
        answers.put(failure)


def _read(worker: subprocess.Popen[bytes], count: int) -> list[bytes]:
    assert worker.stdout is not None  # noqa: S101  # it was started with a pipe
    lines = [worker.stdout.readline() for _ in range(count)]
    if not lines[-1].endswith(b"\n"):
        raise CrewFailed(f"A scoring process ended early (code {worker.wait()}).")
    return lines
