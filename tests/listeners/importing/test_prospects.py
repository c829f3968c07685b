"""What becomes of a file's rows is told before the import and after it, and it is what the store then does."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from data.models import Brand
from listeners.importing import intake
from listeners.importing.imports import Instructions, foresee, take_in
from listeners.importing.prospects import Prospects
from listeners.importing.summary import as_plain, queued, sentences
from tests.listeners.files import csv, written
from tests.listeners.taking import NOW

ACME, BOLT = Brand("Perkin's", ("Perkin's",)), Brand("Bolt", ("Bolt",))
RIVAL = Brand("Rival", ("Rival",), competitor=True)
ROWS = csv(
    "id,date,company,text,reply",
    "1,2026-11-20,Perkin\u2019s,slow,",
    "2,2026-11-20,Rival,fine,",
    "3,2026-11-20,,My perkin\u02bcs kettle is broken,",
    "4,2026-11-20,,Rival is better,",
    "5,2026-11-20,,nothing at all,",
    "6,2026-11-20,Perkin's,late,We are sorry",
    "7,2026-11-20,Rival,worse than Perkin's,",
    "8,never,Perkin's,lost,",
    "9,2026-11-20,Newcomer,new here,",
)


@pytest.fixture
def path(tmp_path):
    return written(tmp_path, ROWS, "file.csv")


def told(**options):
    return Instructions(listed=(ACME, RIVAL), **options)


def test_rows_are_counted_by_what_becomes_of_them(path):
    seen = foresee(path, NOW, told())
    assert (seen.rows, seen.rejected, seen.is_whole) == (9, 1, True)
    assert seen.prospects == Prospects(in_queue=4, answered=1, of_competitors=2, of_nobody=1, unnamed=3)
    assert list(path.parent.iterdir()) == [path]


def test_a_brand_for_the_rest_and_a_competitor_change_what_becomes_of_them(path):
    assert foresee(path, NOW, told(brand="Perkin's")).prospects == Prospects(6, 1, of_competitors=1)
    assert foresee(path, NOW, told(competitors=["newcomer"])).prospects == Prospects(
        3, 1, of_competitors=3, of_nobody=1, unnamed=3
    )
    assert foresee(path, NOW, Instructions(listed=())).prospects == Prospects(6, 1, of_nobody=1, unnamed=3)


def test_words_of_a_brand_that_only_the_file_names_are_found(tmp_path):
    path = written(tmp_path, csv("id,date,company,text", "1,2026-11-20,Fresh,slow", "2,2026-11-20,,fresh is bad"))
    assert foresee(path, NOW, told()).prospects.in_queue == 2


def test_the_summary_tells_the_same_as_the_look_ahead(path, monkeypatch):
    monkeypatch.setattr(intake, "LARGEST_BATCH", 1)
    before = foresee(path, NOW, told())
    summary = take_in(path, path.parent / "incoming", NOW, told())
    assert summary.prospects == before.prospects
    lines = sentences(summary)
    assert "4 of 9 rows will be in the queue; 1 is answered already, 2 are about competitors, 1 is set aside." in lines
    assert "1 row matches none of your brands." in lines
    assert any("--brand NAME" in line and "nothing is doubled" in line for line in lines)
    assert as_plain(summary)["prospects"]["in_queue"] == 4


def test_a_mention_that_stands_twice_or_is_answered_in_a_row_of_its_own_counts_once(tmp_path):
    rows = [
        {"id": "1", "date": "2026-11-20", "text": "slow"},
        {"id": "1", "date": "2026-11-20", "text": "slow"},
        {"id": "2", "date": "2026-11-20", "text": "late"},
        {"id": "3", "date": "2026-11-21", "text": "sorry", "parent_id": "2", "is_from_brand": True},
    ]
    path = written(tmp_path, "\n".join(map(json.dumps, rows)), "file.jsonl")
    assert foresee(path, NOW, told(brand="Perkin's")).prospects == Prospects(in_queue=1, answered=1)


def test_what_is_too_old_to_answer_is_told_by_the_age_that_each_brand_says(tmp_path):
    rows = [
        "1,2026-10-01,slow,,Bolt",
        "2,2026-10-01,fine,5,Bolt",
        "3,2026-08-01,bad,1,Bolt",
        "4,2026-11-15,new,,Perkin's",
    ]
    path = written(tmp_path, csv("id,date,text,rating,company", *rows), "file.csv")
    assert foresee(path, NOW, told()).prospects == Prospects(in_queue=2, too_old=2)
    [line] = queued(foresee(path, NOW, told()).prospects, 4, 0)
    assert line == "2 of 4 rows will be in the queue; 2 are too old to answer and will be under Old."
    patient = replace(BOLT, old_after=(("default", 60), ("reviews", 365)))
    assert foresee(path, NOW, Instructions(listed=(patient,))).prospects == Prospects(in_queue=4)
    hasty = replace(patient, old_after=(("forum", 1),))
    assert foresee(path, NOW, Instructions(listed=(hasty,), source="forum")).prospects.too_old == 3


def test_where_nobody_knows_the_brands_nothing_is_promised(path):
    assert take_in(path, path.parent / "incoming", NOW).prospects is None
    assert queued(None, 3, 0) == []


def test_three_of_three_rows_are_said_in_one_sentence():
    assert queued(Prospects(in_queue=3), 3, 0) == ["3 of 3 rows will be in the queue."]
    assert queued(Prospects(of_nobody=2), 2, 0)[1] == "2 rows match none of your brands."


def test_only_the_beginning_of_a_long_file_is_read_beforehand(tmp_path, monkeypatch):
    monkeypatch.setattr("listeners.importing.imports.FORESEEN", 2_000)
    lines = [f"{n},2026-11-20,slow {n}" for n in range(5_000)]
    seen = foresee(written(tmp_path, csv("id,date,text", *lines), "file.csv"), NOW, told(brand="Bolt"))
    assert (seen.rows, seen.is_whole) == (2_000, False)


def test_what_was_edited_after_its_answer_is_told_apart(tmp_path):
    rows = ("1,2026-11-20,2026-11-22,slow,mended,2026-11-21", "2,2026-11-20,2026-11-21,slow,mended,2026-11-22")
    path = written(tmp_path, csv("id,date,edited,text,reply,reply date", *rows))
    seen = foresee(path, NOW, told(brand="Perkin's"))
    assert seen.prospects == Prospects(answered=1, edited=1, unnamed=0)
    assert queued(seen.prospects, 2, 0)[1].startswith("1 row was edited after the answer: open again where")
