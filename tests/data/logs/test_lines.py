"""A record becomes one line: when, how grave, which part, and what; of strangers' words nothing."""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path

import duckdb
import orjson
import pytest
import requests

from data.logs import faults
from data.logs.lines import LONGEST, JsonLines, TextLines
from data.loops import Loop
from data.models import HearbackError

MARKER = "xylothermic"  # stands in every text that no log may hold


def record(message, *args, name="data.loops", level=logging.WARNING, fault=None):
    info = (type(fault), fault, fault.__traceback__) if fault else None
    made = logging.LogRecord(name, level, __file__, 1, message, args, info)
    made.created = 1_800_000_000.25
    return made


def line(*args, **more):
    return TextLines("app").format(record(*args, **more))


def raised(work):
    try:
        work()
    except Exception as fault:  # noqa: BLE001  # whatever it is
        return fault
    raise AssertionError("it did not fail")


def test_a_line_tells_when_how_grave_which_part_and_what():
    assert line("No room") == "2027-01-15T08:00:00.250Z WARNING app: No room (data.loops)"
    assert json.loads(JsonLines("app").format(record("No room"))) == {
        "time": "2027-01-15T08:00:00.250Z",
        "level": "WARNING",
        "part": "app",
        "logger": "data.loops",
        "message": "No room",
    }


def test_a_thread_of_the_app_is_a_part_of_its_own():
    said, done = [], threading.Event()

    def work():
        said.append(line("No room"))
        done.set()

    loop = Loop("absorber", work, rest=0.001)
    loop.start()
    assert done.wait(60)
    loop.stop()
    assert " absorber: " in said[0]


def test_a_fault_is_told_by_its_type_and_places():
    fault = raised(lambda: {}[MARKER])
    [own, *_] = faults.told(fault)
    assert own.type == "KeyError"
    assert own.text == ""
    assert own.places[0].startswith("tests/data/logs/test_lines.py:")
    told = json.loads(JsonLines("app").format(record("A round failed", fault=fault)))
    assert told["faults"][0]["places"] == list(own.places)


def test_the_text_is_told_where_it_is_ours_or_the_systems():
    assert "HearbackError: The store is shut." in line("It failed", fault=raised(lambda: fail("The store is shut.")))
    system = raised(lambda: Path("/nowhere/at/all").read_bytes())
    assert "FileNotFoundError: /nowhere/at/all: No such file or directory." in line("It failed", fault=system)


def fail(text):
    raise HearbackError(text)


def from_another():
    try:
        int(MARKER)
    except ValueError as first:
        raise RuntimeError(MARKER) from first


def of_a_group():
    raise ExceptionGroup(MARKER, [ValueError(MARKER), KeyError(MARKER)])


@pytest.mark.parametrize(
    "work",
    [
        lambda: duckdb.sql(f"SELECT CAST('{MARKER}' AS INTEGER)").fetchall(),
        lambda: duckdb.sql(f"SELECT {MARKER}"),
        lambda: orjson.loads(f'{{"text": {MARKER}}}'),
        lambda: json.loads(f'"{MARKER}'),
        lambda: int(MARKER),
        lambda: MARKER.encode("utf-7").decode("utf-16"),
        lambda: requests.get(f"http://127.0.0.1:1/{MARKER}?key={MARKER}", timeout=5),
        from_another,
        of_a_group,
    ],
)
@pytest.mark.parametrize("shape", [TextLines, JsonLines])
@pytest.mark.parametrize("name", ["data.loops", "streamlit.error_util", "asyncio"])
def test_a_fault_quotes_nothing(work, shape, name):
    fault = raised(work)
    made = shape("app").format(record("It failed", name=name, fault=fault))
    assert MARKER not in made
    assert type(fault).__name__ in made
    assert MARKER not in shape("app").format(record("It failed: %s", fault, name=name))
    assert MARKER not in shape("app").format(record("It failed: %r", fault, name=name))


def test_causes_and_members_of_a_group_are_told_too():
    assert line("It failed", fault=raised(from_another)).count(" | ") == 2
    assert [one.type for one in faults.told(raised(of_a_group))] == ["ExceptionGroup", "ValueError", "KeyError"]


@pytest.mark.parametrize(
    ("message", "args", "said"),
    [
        ("Retrying (%r) after %r: %s", (3, ValueError(MARKER), f"/key={MARKER}"), "Retrying (3) after 'ValueError': …"),
        ("A dict: %(text)s", ({"text": MARKER},), "A dict: …"),
        ("Port %d is %s", (8501, MARKER), "Port 8501 is …"),
        ("It fits %d of none", (MARKER,), "It fits %d of none"),
        (
            f"Task exception was never retrieved\nfuture: ValueError('{MARKER}')",
            (),
            "Task exception was never retrieved",
        ),
    ],
)
def test_a_library_says_its_own_words_and_numbers_only(message, args, said):
    made = line(message, *args, name="urllib3.connectionpool")
    assert f": {said} (urllib3" in made
    assert MARKER not in made


def test_what_a_library_put_into_its_message_is_taken_out_beside_the_fault():
    fault = raised(lambda: int(MARKER))
    assert MARKER not in line(f"Could not convert: {fault}", name="streamlit.dataframe_util", fault=fault)


@pytest.mark.parametrize("shape", [TextLines, JsonLines])
def test_a_record_stays_one_line_whatever_it_holds(shape):
    odd = "a\nb\r\x1b[31m\x00\x85\u2028\u202e\ud800"
    made = shape("app").format(record("Refused: %s", odd))
    assert made.isprintable()
    assert made.encode()
    assert len(made.splitlines()) == 1
    if shape is JsonLines:
        assert json.loads(made)["message"] == f"Refused: {odd}"


def test_umlauts_stay_readable_in_text():
    assert "Größe" in line("Größe")


def test_a_message_without_end_is_cut():
    assert len(line("x" * 10 * LONGEST)) < LONGEST + 200
