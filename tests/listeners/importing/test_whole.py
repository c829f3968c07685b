"""Whole files: no row lost, batches bounded, memory flat, a look ahead, and the recorded files."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from data.models import Mention
from listeners.importing import intake
from listeners.importing.imports import Instructions, preview, take_in
from tests.listeners import taking
from tests.listeners.taking import GOOD, NOW, REAL, ROOT, Taken, adds_up, needs_real_data, ran, worked_by_children

take = taking.take

# --- the whole


CELL = some.none() | some.text(max_size=6) | some.integers() | some.floats() | some.booleans() | some.lists(some.none())
ROW = some.fixed_dictionaries(
    {},
    optional={
        "id": some.sampled_from(["1", "2", "3", None, "5.6E+17"]) | CELL,
        "created_at": some.sampled_from(["2026-11-20", "2026-11-21T10:00:00Z", 1_763_806_272]) | CELL,
        "text": some.sampled_from(["good", "bad", "", "x" * 1_000_001]) | CELL,
        "stars": some.sampled_from([1, 5, 9]) | CELL,
        "brand": some.sampled_from(["Acme", "Bolt"]) | CELL,
        "is_from_brand": some.booleans() | CELL,
        "parent_id": some.sampled_from(["1", None]) | CELL,
        "reply_text": CELL,
        "reply_at": CELL,
        "edited_at": some.sampled_from(["2026-11-22"]) | CELL,
    },
)
CHOICES = {name: name for name in ("id", "created_at", "text", "stars", "brand", "is_from_brand", "parent_id")}
CHOICES |= {name: name for name in ("reply_text", "reply_at", "edited_at")}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.lists(ROW | some.sampled_from(["{", "[]", "\\"]), max_size=8))
def test_no_row_is_ever_lost(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("rows") / "file.jsonl"
    first = dict.fromkeys(CHOICES) | {**GOOD, "id": "first"}
    lines = [json.dumps(first), *(row if isinstance(row, str) else json.dumps(row) for row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    taken = Taken(path, mapping=CHOICES)
    summary = taken.summary
    assert summary.rows == len(lines)
    assert adds_up(summary)
    assert len({mention["id"] for mention in taken.mentions}) == len(taken.mentions) == summary.taken
    assert len(taken.of("rejected")) == summary.rejected
    assert len(taken.of("answer")) == summary.answers


def test_batches_are_bounded_in_order_and_each_names_the_brands_it_needs(take, monkeypatch):
    monkeypatch.setattr(intake, "LARGEST_BATCH", 1_000)
    rows = [{**GOOD, "id": n, "brand": "Acme" if n < 1_000 else "Bolt"} for n in range(2_500)]
    taken = take(*rows)
    batches = taken.summary.batches
    assert list(batches) == sorted(batches)
    assert sorted(taken.folder.iterdir()) == list(batches)
    contents = [[json.loads(line) for line in batch.open()] for batch in batches]
    assert [sum("id" in line for line in lines) for lines in contents] == [1_000, 1_000, 500]
    assert [[line["brand"]["name"] for line in lines if "brand" in line] for lines in contents] == [
        ["Acme"],
        ["Acme", "Bolt"],
        ["Acme", "Bolt"],
    ]


def test_a_full_disk_leaves_finished_batches_only(take, monkeypatch, tmp_path):
    monkeypatch.setattr(intake, "LARGEST_BATCH", 1_000)
    monkeypatch.setattr(intake, "hold", _holding_once(intake.hold))
    with pytest.raises(OSError, match="No space left"):
        take(*[{**GOOD, "id": n} for n in range(2_500)])
    [batch] = (tmp_path / "incoming").iterdir()
    assert len(batch.read_text().splitlines()) == 1_000


def _holding_once(hold):
    calls = []

    def holding(*arguments, **options):
        calls.append(arguments)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return hold(*arguments, **options)

    return holding


def test_memory_stays_flat_however_long_the_file_is(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "created_at", "text", "stars", "author"])
        rows.writerows((n, "2026-11-20T10:00:00Z", f"Review {n}: " + "slow " * 80, 1, "Ann") for n in range(120_000))
    assert path.stat().st_size > 50_000_000
    watched = (
        "import atexit, runpy, sys\n"
        "atexit.register(lambda: print(*[line for line in open('/proc/self/status') if line.startswith('VmHWM')]))\n"
        "sys.argv[0] = 'listeners'\n"
        "runpy.run_module('listeners', run_name='__main__', alter_sys=True)"
    )
    environment = {**os.environ, "HEARBACK_DATA": str(tmp_path)}
    command = (sys.executable, "-c", watched, "import", str(path))
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert "120,000 mentions" in done.stdout
    assert int(re.search(r"VmHWM:\s+(\d+) kB", done.stdout)[1]) < 220_000


# --- the page's look ahead


def test_a_preview_shows_how_columns_are_read_and_the_first_rows(tmp_path):
    path = tmp_path / "upload"
    lines = [{**GOOD, "x": 1}, {**GOOD, "created_at": "soon"}, {**GOOD, "is_from_brand": True}]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n{", encoding="utf-8")
    shown = preview(path, Instructions(shown_name="mine.jsonl"), now=NOW)
    assert shown.header == ("id", "created_at", "text", "x", "is_from_brand")
    first, second, third, fourth = shown.rows
    assert isinstance(first, Mention)
    assert asdict(first)["text"] == "It is slow again."
    assert second == "no time can be read from 'soon'"
    assert "written by the brand itself" in third
    assert fourth.startswith("line 4: not a whole JSON object")
    assert list(tmp_path.iterdir()) == [path]


def test_a_preview_follows_what_was_chosen_and_says_what_is_missing(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("a,b\nfirst words here,2026-11-20\n")
    assert preview(path, Instructions(mapping={"b": None}), now=NOW).missing is not None
    assert preview(path, Instructions(mapping={"b": None}), now=NOW).rows == ()
    [row] = preview(path, Instructions(mapping={"a": "text", "b": "published_at"}), now=NOW).rows
    assert row.text == "first words here"


# --- the recorded files


@needs_real_data
def test_the_google_play_reviews_come_in_whole_with_their_answers(tmp_path):
    [path] = (REAL / "demo").glob("A_*.parquet")
    summary = take_in(path, tmp_path / "incoming", NOW, Instructions(competitors=["Greenlight"]))
    assert (summary.rows, summary.taken, summary.answers, summary.rejected) == (12_650, 12_650, 4_756, 0)
    assert {brand.name: brand.competitor for brand in summary.brands} == {
        "FamPay": False, "Akudo": False, "Junio": False, "Greenlight": True,
    }  # fmt: skip
    lines = [json.loads(line) for line in summary.batches[0].open(encoding="utf-8")]
    published = {line["id"]: line["published_at"] for line in lines if "id" in line}
    answers = [line["answer"] for line in lines if "answer" in line]
    assert sum(answer["answered_at"] < published[answer["mention_id"]] for answer in answers) == 252
    assert all(line["kind"] == "review" and line["id"].startswith("google_play:") for line in lines if "id" in line)


@needs_real_data
def test_a_conversation_on_x_comes_in_as_mentions_and_answers(tmp_path):
    [path] = (REAL / "demo").glob("E_*.parquet")
    summary = take_in(path, tmp_path / "incoming", NOW)
    assert (summary.rows, summary.taken, summary.own) == (16_712, 10_688, 6_024)
    assert (summary.answers, summary.to_nobody) == (6_018, 6)


@needs_real_data
@pytest.mark.parametrize(
    ("letter", "rows", "gone"), [("B", 5_168, 1), ("C", 2_068, 0), ("D", 8_794, 0), ("F", 1_984, 0)]
)
def test_the_other_recorded_files_come_in_whole(tmp_path, letter, rows, gone):
    """`gone`: rows that hold no more than what Reddit's own staff left."""
    [path] = (REAL / "demo").glob(f"{letter}_*.parquet")
    summary = take_in(path, tmp_path / "incoming", NOW)
    assert (summary.rows, summary.taken, summary.rejected) == (rows, rows - gone, gone)


@needs_real_data
def test_the_command_takes_a_parquet_file_in_without_pandas_or_numpy(tmp_path):
    [path] = (REAL / "demo").glob("A_*.parquet")
    began = worked_by_children()
    done = ran(path, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Taken in: 12,650 mentions, and 4,756 answers of the brand." in done.stdout
    assert worked_by_children() - began < 5


@pytest.mark.parametrize("heavy", ["pandas", "duckdb", "pyarrow", "praw", "requests", "streamlit"])
def test_a_csv_needs_none_of_the_heavy_packages(tmp_path, heavy):
    (tmp_path / heavy).mkdir()
    (tmp_path / heavy / "__init__.py").write_text("raise SystemExit('too heavy')")
    path = tmp_path / "file.csv"
    path.write_text("created_at,text\n2026-11-20,good\n")
    done = subprocess.run(
        [sys.executable, "-m", "listeners", "import", str(path)],
        cwd=ROOT,
        env={**os.environ, "HEARBACK_DATA": str(tmp_path / "kept"), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
