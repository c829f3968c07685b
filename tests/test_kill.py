"""Nothing lost, nothing doubled: the app, the absorber, the listeners and whoever feeds them are killed at random."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import data
from data.settings import ROOT, Places
from data.spool.batches import waiting
from data.store.store import Store

SHARED = Path(os.environ.get("HEARBACK_SHARED") or ROOT.parent / "shared")
DEMO = SHARED / "data" / "demo" / "A_gplay_kids_cards.parquet"
MENTIONS = 12_650
SLICES = 10
SEED = 20261123
FEW = ["absorb"] * 2 + ["feed", "act", "app", "listeners"]
MANY = ["absorb"] * 9 + ["feed"] * 5 + ["act"] * 5 + ["app"] * 8 + ["listeners"] * 3
PATIENCE = 300.0  # seconds; only a test that fails waits so long
SETUP = "[sources.hackernews]\non = false\n"  # no network in tests

pytestmark = [
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not DEMO.exists(), reason=f"the demo reviews are not here: {DEMO}"),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found by their environment"),
]


def until(holds: Callable[[], Any], what: str) -> Any:
    """Look again and again until it holds; return what it gave."""
    pause, ends = threading.Event(), time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if found := holds():
            return found
        pause.wait(0.02)
    raise AssertionError(f"never happened: {what}")


class Bench:
    """A data folder, the processes that work on it, and what they said."""

    def __init__(self, folder: Path) -> None:
        self.places = Places(folder / "kept")
        self.places.root.mkdir()
        self.places.setup.write_text(SETUP, encoding="utf-8")
        self.chance = random.Random(SEED)
        self.log = (folder / "said.txt").open("ab")
        self.written: list[str] = []  # the ids of actions that were told to be written
        self.fed: set[int] = set()
        self.killed: Counter[str] = Counter()
        self.batch = self._whole_batch(folder / "staged")

    def start(self, *arguments: str, places: Places | None = None) -> subprocess.Popen[bytes]:
        """One of the project's own processes."""
        environment = os.environ | {"HEARBACK_DATA": str((places or self.places).root)}
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=self.log
        )

    def finish(self, *arguments: str, places: Places | None = None) -> str:
        """Run one to its end; return what it said."""
        process = self.start(*arguments, places=places)
        said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said
        return said.decode()

    def kill(self, kind: str, process: subprocess.Popen[bytes], shortest: float, longest: float) -> str:
        """Kill a process at a random moment, unless it ends before; return what it said."""
        with suppress(subprocess.TimeoutExpired):
            process.wait(self.chance.uniform(shortest, longest))
        self.killed[kind] += process.poll() is None
        process.kill()
        said, _ = process.communicate()
        return said.decode()

    def _whole_batch(self, folder: Path) -> Path:
        folder.mkdir()
        self.finish("-m", "listeners", "import", str(DEMO), places=Places(folder))
        [batch] = waiting(Places(folder).incoming)
        return batch

    def feed(self) -> None:
        """Let one slice that was not fed yet, or when all were any, arrive in peace."""
        number = min(set(range(SLICES)) - self.fed, default=self.chance.randrange(SLICES))
        self.finish("-m", "tests.data.feeding", str(self.batch), str(number))
        self.fed.add(number)

    def feed_and_kill(self) -> None:
        numbers = [str(number) for number in range(SLICES) if number not in self.fed or self.chance.random() < 0.3]
        process = self.start("-m", "tests.data.feeding", str(self.batch), *numbers)
        self.fed |= {int(number) for number in self.kill("feed", process, 0.1, 0.6).split()[:2]}

    def absorb_and_kill(self) -> None:
        self.feed()
        self.kill("absorb", self.start("-m", "data", "absorb"), 0.2, 1.5)

    def act_and_kill(self) -> None:
        self.finish("-m", "data", "absorb")  # so that there is something in the queue
        said = self.kill("act", self.start("-m", "tests.data.acting", f"killed {len(self.written)}", "1000"), 0.6, 1.5)
        self.written += [line.strip() for line in said.splitlines(keepends=True) if line.endswith("\n")]

    def act(self) -> None:
        """A few actions in peace, on what was fed until then."""
        self.finish("-m", "data", "absorb")
        self.written += self.finish("-m", "tests.data.acting", f"name {len(self.written)}", "4").split()

    def run_app_and_kill(self) -> None:
        self.feed()
        app = App(self)
        self.kill("app", app.process, 0.0, 1.0)
        until(lambda: not self.running(), "everything the app started is gone")

    def run_app_and_kill_listeners(self) -> None:
        self.feed()
        app = App(self)
        first = until(app.listeners, "the listeners' process is up")
        os.kill(first, signal.SIGKILL)
        self.killed["listeners"] += 1
        until(lambda: app.listeners() not in (None, first), "the listeners' process is up again")
        app.process.kill()
        app.process.communicate()
        until(lambda: not self.running(), "everything the app started is gone")

    def running(self) -> list[str]:
        """The processes that work on this folder."""
        mark = f"HEARBACK_DATA={self.places.root}\0".encode()
        return [path.parent.name for path in Path("/proc").glob("[0-9]*/environ") if mark in _content(path) + b"\0"]


class App:
    """The app without a browser, once it answers."""

    def __init__(self, bench: Bench) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = bench.start("-m", "streamlit", "run", "app.py", "--server.port", str(self.port))
        until(lambda: self.process.poll() is not None or self.health(), "the app answers")
        assert self.process.poll() is None, "the app ended"

    def health(self) -> dict[str, Any] | None:
        """What /healthz says, well or not; None while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as trouble:
            return dict(json.load(trouble))
        except OSError:
            return None

    def listeners(self) -> int | None:
        """The process id of the listeners; None while there is none."""
        return (self.health() or {}).get("listeners_pid")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it ended meanwhile
        return b""


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    yield bench
    for left in bench.running():
        with suppress(ProcessLookupError):
            os.kill(int(left), signal.SIGKILL)
    bench.log.close()


@pytest.mark.parametrize("kills", [FEW, pytest.param(MANY, marks=pytest.mark.soak)], ids=["few", "many"])
def test_kills_lose_nothing_and_double_nothing(bench, kills):
    rounds = {
        "absorb": bench.absorb_and_kill,
        "feed": bench.feed_and_kill,
        "act": bench.act_and_kill,
        "app": bench.run_app_and_kill,
        "listeners": bench.run_app_and_kill_listeners,
    }
    kinds = bench.chance.sample(kills, len(kills))
    for number, kind in enumerate(kinds):
        while bench.killed[kind] < kinds[: number + 1].count(kind):
            rounds[kind]()
        if number % 3 == 2:
            bench.act()
    while len(bench.fed) < SLICES:
        bench.feed()
    bench.finish("-m", "data", "absorb")

    assert sum(bench.killed.values()) >= len(kills)
    assert not bench.running()
    assert waiting(bench.places.incoming) == []
    _check_store(Store(bench.places.store), bench.written)
    assert data.snapshot(bench.places.published).execute("SELECT count(*) FROM mention").fetchone() == (MENTIONS,)


def _check_store(store: Store, written: list[str]) -> None:
    with store.read() as connection:
        for table, column in (("mention", "id"), ("score", "mention_id")):
            counted = connection.rows(f"SELECT count(*) AS n, count(DISTINCT {column}) AS ids FROM {table}")
            assert counted == [{"n": MENTIONS, "ids": MENTIONS}], table
        matched = connection.rows("SELECT count(DISTINCT mention_id) AS ids, count(*) AS n FROM match")
        assert matched[0]["ids"] == MENTIONS
        assert matched[0]["n"] == connection.value(
            "SELECT count(*) FROM (SELECT DISTINCT mention_id, brand FROM match)"
        )
        actions = Counter(row["id"] for row in connection.rows("SELECT id FROM action"))
        doubled = connection.value(
            "SELECT count(*) FROM (SELECT mention_id, version FROM action GROUP BY ALL HAVING count(*) > 1)"
        )
        queued = connection.rows("SELECT count(*) AS n, count(DISTINCT mention_id) AS ids FROM queue")
        waiting_for_score = connection.value("SELECT count(*) FROM unscored")
        rejected = connection.value("SELECT count(*) FROM rejected")
    store.close()
    assert len(written) >= 8
    assert {action: actions[action] for action in written} == dict.fromkeys(written, 1)
    assert set(actions.values()) == {1}
    assert (doubled, waiting_for_score, rejected) == (0, 0, 0)
    assert queued[0]["n"] == queued[0]["ids"] > 0
