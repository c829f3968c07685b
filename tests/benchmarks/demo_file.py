"""The demo file by two commands, from nothing to a scored queue, and the same once more with nothing new in it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from data.settings import ROOT
from tests.benchmarks.absorbing import vader_alone
from tests.benchmarks.figures import Figure, NotMeasured, race
from tests.benchmarks.ground import Ground
from tests.benchmarks.texts import ONE_FILE

IMPORT = ("-m", "listeners", "import", str(ONE_FILE))
ABSORB = ("-m", "data", "absorb")


def demo(ground: Ground) -> Iterator[Figure]:
    """`python -m listeners import FILE` and `python -m data absorb`, start of Python included."""
    if not ONE_FILE.exists():
        raise NotMeasured("The recorded files in ../shared/data are not here.")
    from pyarrow import parquet

    spoken = [text or "" for text in parquet.read_table(ONE_FILE, columns=["text"])["text"].to_pylist()]
    rounds, vader = ground.sizes.rounds, lambda: vader_alone(spoken, 1)
    against = f"vaderSentiment alone over the same {len(spoken):,} texts in one process that already stands"
    first = race(lambda: _take_in(ground.room()), vader, rounds)
    yield first.whole_seconds("demo file from the command to a scored queue", against)
    room = ground.room()
    _take_in(room)
    yield race(lambda: _take_in(room), vader, rounds).whole_seconds("demo file again, nothing new", against)


def _take_in(room: Path) -> float:
    started = time.perf_counter()
    for command in (IMPORT, ABSORB):
        _run(command, room)
    return time.perf_counter() - started


def _run(command: tuple[str, ...], room: Path) -> None:
    environment = os.environ | {"HEARBACK_DATA": str(room)}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotMeasured(f"python {' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}")
