"""From its begin on, all that a process logs is a line of its log, and no line holds what a stranger wrote."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from data.logs import start
from data.models import HearbackError
from tests.laws.code import ROOT

MARKER = "xylothermic"
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARNING|ERROR|CRITICAL) \w+: .+ \([\w.]+\)( \| .+)?")

# A real mention in a real store, and what fails over it: the scorer, a query, a task nobody waits for, a warning.
FAILING = f"""
import asyncio, logging, sys, threading, warnings
from pathlib import Path
from data.ingest import absorber
from data.logs import start
from data.loops import Loop
from data.models import Brand
from data.scores import scorer
from data.scores.scorer import Judgement
from data.settings import Places
from data.setup import save_brands
from data.spool.batches import drop
from data.store.store import Store
from tests.data.builders import ACME, NOON, RANKING, found

start.start("app")
here = Places(Path(sys.argv[1]))
save_brands(here.setup, [ACME])
store = Store(here.store)
drop(here.incoming, "test", NOON, found=[found(1, text="acme is {MARKER}")])
done = threading.Event()

def failing(line):
    raise ValueError(f"cannot score {{line['text']}}")

judgement = Judgement(RANKING, failing)
list(absorber.absorb_waiting(store, judgement, here, lambda: NOON))

def query():
    with store.read() as reading:
        reading.rows("SELECT CAST(text AS INTEGER) AS n FROM mention")

def last():
    done.set()
    raise KeyError("{MARKER}")

for name, work in [("scorer", lambda: scorer.score_waiting(store, judgement, lambda: NOON)), ("trainer", query)]:
    loop = Loop(name, work, 8.0)
    loop.start()
    while loop.trouble is None:
        pass
    assert "{MARKER}" in loop.trouble, loop.trouble
    loop.stop()
thread = threading.Thread(target=last)
thread.start()
thread.join()

async def forgotten():
    async def fails():
        raise ValueError("{MARKER}")
    asyncio.ensure_future(fails())
    await asyncio.sleep(0.01)

asyncio.run(forgotten())
import gc; gc.collect()
warnings.warn("{MARKER}")
logging.getLogger("streamlit.dataframe_util").warning("Could not convert %s", "{MARKER}")
logging.getLogger("dashboard.edge").error("The list could not be drawn", exc_info=ValueError("{MARKER}"))
raise RuntimeError("{MARKER}")
"""

# A library that makes its logger, with a handler, after the log has begun, as Streamlit does.
LATE = """
import logging
from dashboard.http import logs
logs.begin()
from streamlit.logger import get_logger
get_logger("streamlit.made.late").warning("It is late")
logging.getLogger("uvicorn.error").error("Invalid HTTP request received.")
"""

SAYING = """
import logging, sys
from data.logs import start
start.start(sys.argv[1])
logging.getLogger("data").warning("first")
logging.getLogger("data").critical("last")
"""


def ran(code, *arguments, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, env=os.environ | environment, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip
    return done.stderr.splitlines()


def test_no_line_holds_what_a_stranger_wrote(tmp_path):
    lines = ran(FAILING, str(tmp_path / "kept"))
    assert MARKER not in "\n".join(lines)
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    said = "\n".join(lines)
    for fault in ("ValueError", "ConversionException", "KeyError", "UserWarning", "RuntimeError"):
        assert fault in said
    for part in ("scorer", "trainer", "app"):
        assert f" {part}: " in said


def test_no_json_line_holds_it_either(tmp_path):
    lines = ran(FAILING, str(tmp_path / "kept"), HEARBACK_LOG="json")
    assert MARKER not in "\n".join(lines)
    told = [json.loads(line) for line in lines]
    assert {"scorer", "trainer", "app"} <= {one["part"] for one in told}
    assert {"time", "level", "part", "logger", "message"} <= set.intersection(*map(set, told))
    [conversion] = [one for one in told if one["part"] == "trainer" and one["level"] == "ERROR"][:1]
    assert conversion["faults"][0]["type"] == "ConversionException"


def test_a_logger_that_is_made_later_writes_lines_too():
    first, second = ran(LATE)
    assert first.endswith("WARNING app: It is late (streamlit.made.late)")
    assert second.endswith("ERROR app: Invalid HTTP request received. (uvicorn.error)")


def test_each_process_writes_a_file_of_its_own_and_its_end_is_said_on_standard_error_too(tmp_path):
    file = tmp_path / "hearback.log"
    for part in ("app", "listeners"):
        [ending] = ran(SAYING, part, HEARBACK_LOG_FILE=str(file))
        assert ending.endswith(f"CRITICAL {part}: last (data)")
    for name in ("hearback.log", "hearback-listeners.log"):
        assert [line.rpartition(": ")[2] for line in (tmp_path / name).read_text().splitlines()] == [
            "first (data)",
            "last (data)",
        ]


def test_another_shape_is_refused(monkeypatch):
    monkeypatch.setenv("HEARBACK_LOG", "xml")
    with pytest.raises(HearbackError, match="HEARBACK_LOG is 'xml', and must be text or json"):
        start._shape()
