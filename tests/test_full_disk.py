"""A disk that is full: the app says so at every moment, goes on where it can, loses nothing, and heals by itself."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import pytest

from data.models import Brand, Erase
from data.settings import ROOT, Places
from data.setup import save_brands, save_source
from data.spool.batches import drop
from data.store.store import Store
from tests.data.builders import NOON, found
from tests.full_disk import FullDisk

PATIENCE = 400.0  # seconds; only a test that fails waits so long

pytestmark = pytest.mark.timeout(1800)


class App:
    """The app of a folder, on a disk that may be full."""

    def __init__(self, places, environment):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.said = (places.root.parent / "said.txt").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)],
            cwd=ROOT, env=os.environ | environment | {"HEARBACK_DATA": str(places.root), "HEARBACK_LISTEN": "off"},
            stdout=self.said, stderr=self.said,
        )  # fmt: skip

    def health(self):
        """The status and the report; None while nobody answers. Whatever answers, answers with a whole report."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=30) as answer:
                status, report = answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            status, report = refused.code, json.load(refused)
        except OSError:
            return None
        assert {"status", "store", "figures"} <= report.keys()
        return status, report

    def until(self, holds, what):
        """Ask again and again until a report fits; return its status, itself, and the seconds that took."""
        pause, began = threading.Event(), time.monotonic()
        while time.monotonic() - began < PATIENCE:
            assert self.process.poll() is None, "the app ended"
            if (told := self.health()) and holds(told[1]):
                return *told, time.monotonic() - began
            pause.wait(0.05)
        raise AssertionError(f"never happened: {what}; last: {told}")


@pytest.fixture
def disk(tmp_path):
    return FullDisk(tmp_path)


@pytest.fixture
def places(tmp_path):
    here = Places(tmp_path / "kept")
    save_brands(here.setup, [Brand("Acme", ("acme",))])
    save_source(here.setup, "hackernews", {"on": False})
    return here


@pytest.fixture
def app(places, disk):
    running = App(places, disk.environment)
    yield running
    running.process.terminate()
    running.process.wait(90)
    running.said.close()


def is_well(report):
    return report["status"] == "ok" and not report["figures"]["waiting"] and not report["figures"]["unscored"]


def test_an_app_whose_disk_fills_goes_on_and_heals_by_itself(app, disk, places):
    drop(places.incoming, "test", NOON, found=[found(number) for number in range(1, 4)])
    app.until(lambda report: is_well(report) and report["figures"]["mentions"] == 3, "three mentions are taken in")

    disk.fill(str(places.store))  # its log beside it has room still
    drop(places.incoming, "erase", NOON, erase=[Erase("a test", mention_id="test:1")])  # brings the file up to date
    status, report, _ = app.until(lambda report: report["store"] != "ok", "the store is in trouble")
    assert status == 503
    assert report["store"].startswith(f"No room is left on the disk of {places.store}. Make room there.")
    drop(places.incoming, "test", NOON, found=[found(4)])
    app.until(lambda report: report["figures"]["mentions"] == 3 and not report["figures"]["waiting"], "one is taken in")

    disk.fill(f"{places.root}/*")  # nothing can be written any more
    drop(places.incoming, "test", NOON, found=[found(5)])
    status, report, _ = app.until(lambda report: report["absorber"] != "ok", "nothing can be taken in")
    assert status == 503
    assert "No room is left" in report["absorber"]
    assert report["figures"]["waiting"] == 1

    disk.make_room()
    _, _, store_took = app.until(lambda report: report["store"] == "ok", "the store is whole again")
    _, report, rest_took = app.until(is_well, "all is well again")
    assert report["figures"]["mentions"] == 4
    print(f"\nThe store was whole {store_took:.1f} s after there was room, all was well {rest_took:.1f} s later.")
    assert " ERROR " not in (places.root.parent / "said.txt").read_text(encoding="utf-8", errors="replace")
    app.process.terminate()
    app.process.wait(90)
    store = Store(places.store)
    with store.read() as reading:
        assert [row["id"] for row in reading.rows("SELECT id FROM mention ORDER BY id")] == [
            f"test:{number}" for number in (2, 3, 4, 5)
        ]
    store.close()
