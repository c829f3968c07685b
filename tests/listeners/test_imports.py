"""Taking in files: every row becomes a mention, an answer, a repeat, or is set aside with its line and reason."""

from __future__ import annotations

import argparse
import csv
import errno
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as arrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pyarrow import parquet

from data.models import Brand, HearbackError, Mention
from listeners import imports
from listeners.importing import border, intake, values
from listeners.importing.instants import Order, Unreadable, instant, order_of
from listeners.imports import preview, take_in

ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("HEARBACK_SHARED") or ROOT.parent / "shared") / "data"
needs_real_data = pytest.mark.skipif(not REAL.is_dir(), reason="the recorded files in ../shared/data are not here")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
GOOD = {"id": "1", "created_at": "2026-11-20T10:00:00Z", "text": "It is slow again."}


class Taken:
    """A file taken in, and what lies in the drop folder afterwards."""

    def __init__(self, path: Path, **options) -> None:
        self.folder = path.parent / "incoming"
        self.summary = take_in(path, self.folder, NOW, **options)
        self.lines = [json.loads(line) for batch in self.summary.batches for line in batch.open(encoding="utf-8")]

    def of(self, kind: str) -> list[dict]:
        return [line[kind] for line in self.lines if kind in line]

    @property
    def mentions(self) -> list[dict]:
        return [line for line in self.lines if "published_at" in line]

    @property
    def reasons(self) -> list[tuple[int, str]]:
        return [(one["line"], one["reason"]) for one in self.of("rejected")]


@pytest.fixture
def take(tmp_path):
    """Take in rows given as dicts (JSON Lines) or a file's own text."""

    def taking(*rows: dict | str | bytes, name: str = "file.jsonl", **options) -> Taken:
        lines = [
            row if isinstance(row, bytes) else (row if isinstance(row, str) else json.dumps(row)).encode()
            for row in rows
        ]
        path = tmp_path / name
        path.write_bytes(b"\n".join(lines))
        return Taken(path, **options)

    return taking


def adds_up(summary) -> bool:
    return summary.rows == summary.taken + summary.own + summary.repeats + summary.rejected


# --- a row as a mention


def test_every_field_comes_through(take):
    row = {
        "id": "abc", "source": "Google Play", "kind": "post", "text": " =SUM(A1) keeps its blanks ", "title": "On sums",
        "created_at": "2026-11-20T10:00:00+02:00", "edited_at": "2026-11-21T10:00:00.5Z", "author": " Ann ",
        "author_url": "https://x.example/ann", "url": "https://x.example/1", "stars": "4.5", "followers": "1,234",
        "likes": 7, "lang": "en-GB", "thread_id": 99, "parent_id": "98", "brand": "Acme  Inc",
        "reply_text": "Thanks!", "reply_at": 1_763_800_000, "reply_author": "Zoe",
    }  # fmt: skip
    taken = take(row)
    assert taken.mentions == [
        {
            "id": "google_play:abc", "source": "google_play", "kind": "post", "text": " =SUM(A1) keeps its blanks ",
            "title": "On sums", "published_at": "2026-11-20T08:00:00.000000+00:00",
            "edited_at": "2026-11-21T10:00:00.500000+00:00", "author": "Ann", "author_url": "https://x.example/ann",
            "url": "https://x.example/1", "rating": 4.5, "reach": 1234, "engagement": 7, "language": "en",
            "thread_id": "google_play:99", "parent_id": "google_play:98", "brands": ["Acme Inc"],
        }
    ]  # fmt: skip
    assert taken.of("answer") == [
        {
            "mention_id": "google_play:abc", "text": "Thanks!", "answered_at": "2025-11-22T08:26:40.000000+00:00",
            "author": "Zoe",
        }
    ]  # fmt: skip
    assert taken.of("brand") == [{"name": "Acme Inc", "competitor": False}]
    assert set(taken.mentions[0]) - {"brands"} == set(Mention.__slots__)


@pytest.mark.parametrize("cell", ["=1+1", "+49 30", "-2", "@acme", '=HYPERLINK("http://x")', "<script>", "\x1b[31m"])
def test_text_that_a_spreadsheet_or_a_page_would_run_stays_as_it_is(take, cell):
    text = f"{cell} and more words"
    assert take({**GOOD, "text": text}).mentions[0]["text"] == text


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"stars": 1, "parent_id": "0"}, "review"),
        ({"parent_id": "0"}, "comment"),
        ({}, "post"),
        ({"kind": "Tweet"}, "post"),
        ({"kind": "reply", "stars": 3}, "comment"),
        ({"kind": "article"}, "article"),
    ],
)
def test_the_kind_follows_from_stars_and_parent_unless_the_row_says(take, row, kind):
    assert take({**GOOD, **row}).mentions[0]["kind"] == kind


def test_the_source_is_the_one_given_else_the_rows_own_else_import(take):
    assert take({**GOOD, "source": "twitter"}, source="My Forum").mentions[0]["id"] == "my_forum:1"
    assert take({**GOOD, "source": "twitter"}).mentions[0]["id"] == "twitter:1"
    assert take(GOOD).mentions[0]["id"] == "import:1"
    assert take({**GOOD, "source": "sample"}).mentions[0]["id"] == "import:1"  # nothing real may pass for fictional
    assert take({**GOOD, "source": "reddit", "id": "reddit:t3_1"}).mentions[0]["id"] == "reddit:t3_1"


def test_a_row_without_an_id_gets_the_same_one_in_every_file(take):
    rows = [{**GOOD, "id": None}, {**GOOD, "id": "", "text": "another"}]
    first, second = [mention["id"] for mention in take(*rows).mentions]
    assert re.fullmatch(r"import:row-[0-9a-f]{16}", first)
    assert first != second
    assert [mention["id"] for mention in take(*reversed(rows)).mentions] == [second, first]


def test_ids_that_a_spreadsheet_rounded_do_not_make_strangers_one(take):
    taken = take({**GOOD, "id": "5.67588E+17"}, {**GOOD, "id": "5.67588E+17", "text": "another tweet"})
    assert len({mention["id"] for mention in taken.mentions}) == 2
    assert taken.summary.remarks["rounded"] == 2


def test_whole_numbers_that_became_fractions_are_ids_again(tmp_path):
    path = tmp_path / "file.parquet"
    parquet.write_table(arrow.table({**{name: [cell] for name, cell in GOOD.items()}, "id": [77.0]}), path)
    assert Taken(path).mentions[0]["id"] == "import:77"


def test_what_does_not_fit_is_left_out_and_counted_and_the_row_goes_in(take):
    bad = {"stars": "9", "likes": "many", "url": "javascript:alert(1)", "is_from_brand": "perhaps", "edited_at": "?"}
    good = {"stars": 5, "likes": 1, "url": "https://x.example", "is_from_brand": "no", "edited_at": "2026-11-21"}
    taken = take({**GOOD, **good}, {**GOOD, **bad, "id": "odd"})
    assert taken.mentions[1] == {
        "id": "import:odd",
        "source": "import",
        "kind": "post",
        "text": "It is slow again.",
        "published_at": "2026-11-20T10:00:00.000000+00:00",
    }
    assert taken.summary.remarks == {
        "zone": 1,
        "stars outside 1 to 5": 1,
        "cells that say neither yes nor no": 1,
        "edited": 1,
        "links that are no web address": 1,
        "counts that are no number": 1,
    }


def test_a_deleted_author_is_nobody_and_a_path_on_reddit_is_a_link_there(take):
    row = {**GOOD, "source": "reddit", "author": "[deleted]", "permalink": "/r/cars/comments/1"}
    [mention] = take(row).mentions
    assert "author" not in mention
    assert mention["url"] == "https://www.reddit.com/r/cars/comments/1"


def test_blanks_are_nothing_in_every_spelling(take):
    for blank in ("", " ", "nan", "NaN", "NA", "N/A", "null", "None", None, float("nan")):
        taken = take({**GOOD, "author": blank, "title": blank, "stars": blank, "likes": blank, "parent_id": blank})
        assert set(taken.mentions[0]) == {"id", "source", "kind", "text", "published_at"}


# --- bad input


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('{"id": "2", "text": "cut o', "not a whole JSON object"),
        ("[1, 2]", "not a JSON object"),
        (b'{"id": "2", "text": "\xff"}', "not valid UTF-8"),
        ({**GOOD, "text": ["a", "list"]}, "text is expected, not a list"),
        ({**GOOD, "text": True}, "text is expected, not true or false"),
        ({**GOOD, "id": [1]}, "text is expected, not a list"),
        ({**GOOD, "source": [1]}, "text is expected, not a list"),
        ({**GOOD, "text": ""}, "no text"),
        ({**GOOD, "text": None}, "no text"),
        ({**GOOD, "text": "[removed]"}, "deleted at its source"),
        ({**GOOD, "text": "x" * 10_000_000}, "the text has 10,000,000 characters; at most 1,000,000"),
        ({**GOOD, "created_at": None}, "no time of writing"),
        ({**GOOD, "created_at": "soon"}, "no time can be read from 'soon'"),
        ({**GOOD, "created_at": [1]}, "no time can be read"),
        ({**GOOD, "created_at": True}, "no time can be read"),
        ({**GOOD, "created_at": "0001-01-01T00:00:00Z"}, "cannot be true"),
        ({**GOOD, "created_at": "0001-01-01T00:00:00+14:00"}, "no time can be read"),
        ({**GOOD, "created_at": "9999-12-31T23:59:59Z"}, "cannot be true"),
        ({**GOOD, "created_at": "2026-11-26T12:00:00Z"}, "cannot be true"),
        ({**GOOD, "created_at": 1e300}, "no time can be read"),
        ({**GOOD, "created_at": 5}, "cannot be true"),
        ({**GOOD, "created_at": "03/04/2026"}, "can be two dates"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_line_and_reason_and_the_good_ones_go_in(take, row, reason):
    extra = {"source": "import"} if isinstance(row, dict) and "source" in row else {}
    before = [{**GOOD, **extra, "id": f"good{n}"} for n in range(9)]
    taken = take(*before, row, {**GOOD, "id": "last"})
    assert len(taken.mentions) == 10
    [(line, why)] = taken.reasons
    assert line == 10
    assert reason in why
    assert taken.summary.reasons[0].reason == why
    assert len(taken.of("rejected")[0].get("content", "")) <= 2_000


def test_nul_bytes_become_a_replacement_character_and_are_counted(take):
    taken = take(b"id,created_at,text", b"1,2026-11-20,a\0b", name="file.csv")
    assert taken.mentions[0]["text"] == "a\N{REPLACEMENT CHARACTER}b"
    assert taken.summary.remarks["damaged"] == 1
    assert take({**GOOD, "text": "a\0b"}).mentions[0]["text"] == "a\N{REPLACEMENT CHARACTER}b"


def test_stars_or_a_title_stand_for_a_missing_text(take):
    taken = take({**GOOD, "text": "", "stars": 2}, {**GOOD, "id": 2, "text": None, "title": "Only a title"})
    assert [(mention["text"], mention.get("title")) for mention in taken.mentions] == [("", None), ("", "Only a title")]


def test_the_same_id_again_is_taken_once_and_the_newer_version_wins(take):
    newer = {**GOOD, "edited_at": "2026-11-21T10:00:00Z", "text": "It is fast again."}
    taken = take(GOOD, GOOD, newer, GOOD)
    assert [mention["text"] for mention in taken.mentions] == ["It is fast again."]
    summary = taken.summary
    assert (summary.taken, summary.repeats, summary.rejected) == (1, 2, 1)
    assert adds_up(summary)


def test_something_else_under_a_known_id_is_set_aside_and_not_lost(take):
    taken = take(GOOD, {**GOOD, "text": "Another text, no newer."})
    assert [mention["text"] for mention in taken.mentions] == ["It is slow again."]
    [(line, reason)] = taken.reasons
    assert (line, "import:1 stands on an earlier line" in reason) == (2, True)


def test_a_repeat_that_brings_the_answer_brings_it(take):
    answered = {**GOOD, "reply_text": "Mended.", "reply_at": "2026-11-21"}
    taken = take({**GOOD, "reply_text": ""}, answered, answered)
    assert (len(taken.mentions), len(taken.of("answer"))) == (1, 1)
    assert taken.summary.repeats == 2


def test_a_newer_version_in_a_later_batch_follows_in_that_batch(take, monkeypatch):
    monkeypatch.setattr(intake, "LARGEST_BATCH", 2)
    monkeypatch.setattr("listeners.importing.json_rows.ROWS", 2)
    newer = {**GOOD, "edited_at": "2026-11-21T10:00:00Z", "text": "It is fast again."}
    taken = take(GOOD, {**GOOD, "id": 2}, {**GOOD, "id": 3}, newer, {**GOOD, "id": 2})
    assert [[line.get("text") for line in map(json.loads, batch.open())] for batch in taken.summary.batches] == [
        ["It is slow again.", "It is slow again."],
        ["It is slow again.", "It is fast again."],
    ]
    assert (taken.summary.taken, taken.summary.repeats) == (3, 2)


def test_two_hundred_columns_are_no_trouble(take):
    header = ",".join([*GOOD, *(f"c{n}" for n in range(197))])
    taken = take(header, ",".join([*GOOD.values(), *["x"] * 197]), name="wide.csv")
    assert len(taken.mentions) == 1
    assert any("and 185 more" in line for line in imports.sentences(taken.summary))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", "", "empty.csv is empty"),
        ("header.csv", "id,created_at,text\n", "header.csv holds no rows"),
        ("file.csv", "id,created_at\n1,2026-11-20\n", "No column holds the text"),
        ("file.csv", "id,text\n1,good\n", "No column holds the time"),
        ("file.jsonl", "{broken\n{broken", "holds no row that can be read; line 1"),
    ],
)
def test_a_file_nothing_can_be_made_of_is_refused_before_anything_is_written(tmp_path, name, content, sentence):
    (tmp_path / name).write_text(content)
    with pytest.raises(HearbackError, match=sentence):
        take_in(tmp_path / name, tmp_path / "incoming", NOW)
    assert not (tmp_path / "incoming").exists()


def test_a_row_with_fields_that_only_later_rows_have_is_read_in_full(take):
    taken = take(*[{**GOOD, "id": n} for n in range(1_500)], {**GOOD, "id": "late", "stars": 1})
    assert (taken.mentions[-1]["rating"], taken.mentions[-1]["kind"]) == (1.0, "review")
    assert taken.summary.reading.columns["rating"] == "stars"


# --- brands and answers


def test_brands_are_announced_as_ours_unless_named_as_competitors(take):
    rows = [{**GOOD, "id": n, "brand": name} for n, name in enumerate(["Acme", "Bolt", "ACME", "", "Bolt"])]
    taken = take(*rows, brand="Acme", competitors=["bolt", "Nobody"])
    assert [mention["brands"] for mention in taken.mentions] == [["Acme"], ["Bolt"], ["Acme"], ["Acme"], ["Bolt"]]
    assert taken.summary.brands == (Brand("Acme", ("Acme",)), Brand("Bolt", ("Bolt",), competitor=True))
    assert taken.of("brand") == [{"name": "Acme", "competitor": False}, {"name": "Bolt", "competitor": True}]
    assert taken.summary.unmet == ("Nobody",)
    assert imports.as_plain(taken.summary)["unmet"] == ["Nobody"]


def test_a_list_of_brands_names_each(take):
    assert take({**GOOD, "brand": ["Acme", "Bolt", "Acme"]}).mentions[0]["brands"] == ["Acme", "Bolt"]


def test_a_row_the_brand_wrote_is_an_answer_or_is_left_out_and_counted(take):
    own = {"is_from_brand": True, "author": "AcmeCares", "created_at": "2026-11-20T11:00:00Z"}
    taken = take(
        {**GOOD, "is_from_brand": False},
        {**GOOD, **own, "id": "2", "parent_id": "1", "text": "Mended."},
        {**GOOD, **own, "id": "3", "text": "Good morning!"},
    )
    assert [mention["id"] for mention in taken.mentions] == ["import:1"]
    assert taken.of("answer") == [
        {
            "mention_id": "import:1", "text": "Mended.", "answered_at": "2026-11-20T11:00:00.000000+00:00",
            "author": "AcmeCares",
        }
    ]  # fmt: skip
    summary = taken.summary
    assert (summary.taken, summary.own, summary.answers, summary.to_nobody) == (1, 2, 1, 1)


@pytest.mark.parametrize("at", ["", "soon", "0001-01-01"])
def test_an_answer_without_a_time_counts_as_given_when_the_mention_was_last_changed(take, at):
    edited = {"edited_at": "2026-11-21T10:00:00Z"}
    taken = take({**GOOD, **edited, "reply_text": "Mended.", "reply_at": at}, mapping={"reply_at": "reply_at"})
    assert taken.of("answer")[0]["answered_at"] == "2026-11-21T10:00:00.000000+00:00"
    assert taken.summary.remarks["reply_at"] == 1


def test_an_answer_of_which_only_the_time_is_known_is_an_answer(take):
    [answer] = take({**GOOD, "reply_at": "2026-11-21T10:00:00Z"}).of("answer")
    assert answer["answered_at"].startswith("2026-11-21T10")
    assert answer["text"] == border.UNWRITTEN


# --- times


@pytest.mark.parametrize(
    ("cell", "expected", "has_zone"),
    [
        ("2026-11-22T10:11:12Z", "2026-11-22T10:11:12", True),
        ("2026-11-22T10:11:12.123456789+01:00", "2026-11-22T09:11:12.123456", True),
        ("2026-11-22 10:11:12", "2026-11-22T10:11:12", False),
        ("2026-11-22 10:11:12 UTC", "2026-11-22T10:11:12", True),
        ("2026-11-22 10:11:12 +0200", "2026-11-22T08:11:12", True),
        ("2026-11-22", "2026-11-22T00:00:00", False),
        ("2026/11/22 9:05", "2026-11-22T09:05:00", False),
        ("20261122", "2026-11-22T00:00:00", False),
        ("20261122101112", "2026-11-22T10:11:12", False),
        ("1763806272", "2025-11-22T10:11:12", True),
        (1763806272, "2025-11-22T10:11:12", True),
        (1763806272.5, "2025-11-22T10:11:12.500000", True),
        ("1763806272500", "2025-11-22T10:11:12.500000", True),
        (1763806272500000, "2025-11-22T10:11:12.500000", True),
        (1763806272500000000, "2025-11-22T10:11:12.500000", True),
        ("Sat Nov 22 10:11:12 +0000 2025", "2025-11-22T10:11:12", True),
        ("Sat, 22 Nov 2025 10:11:12 GMT", "2025-11-22T10:11:12", True),
        ("22.11.2025 10:11", "2025-11-22T10:11:00", False),
        ("22/11/2025", "2025-11-22T00:00:00", False),
        ("11/22/2025 1:05 PM", "2025-11-22T13:05:00", False),
        ("11/11/2025 12:05 am", "2025-11-11T00:05:00", False),
        ("November 22, 2025", "2025-11-22T00:00:00", False),
        ("Nov 22, 2025 at 10:11 p.m.", "2025-11-22T22:11:00", False),
        ("22nd November 2025", "2025-11-22T00:00:00", False),
        ("Reviewed in the United States on November 22, 2025", "2025-11-22T00:00:00", False),
        (datetime(2025, 11, 22, 10), "2025-11-22T10:00:00", False),
        (datetime(2025, 11, 22).date(), "2025-11-22T00:00:00", False),
    ],
)
def test_times_are_read_as_people_and_programs_write_them(cell, expected, has_zone):
    assert instant(cell) == (datetime.fromisoformat(expected).replace(tzinfo=UTC), has_zone)


@pytest.mark.parametrize("cell", ["", "soon", "2026-13-01", "31/31/2025", "Foo 22, 2025", "x" * 200, [], True, 10**400])
def test_what_is_no_time_is_said_so(cell):
    with pytest.raises(Unreadable):
        instant(cell)


def test_day_and_month_are_told_apart_by_the_column_and_never_by_a_guess(take):
    assert order_of(["3/4/2026", "13/4/2026", None]) is Order.DAY
    assert order_of(["3/4/2026", "3/13/2026"]) is Order.MONTH
    assert order_of(["3/4/2026"]) is order_of(["13/4/2026", "4/13/2026"]) is Order.SAID_BY_NONE
    taken = take({**GOOD, "created_at": "3/4/2026"}, {**GOOD, "id": 2, "created_at": "25/4/2026"})
    assert [mention["published_at"][:10] for mention in taken.mentions] == ["2026-04-03", "2026-04-25"]


def test_times_without_a_zone_are_counted_and_the_summary_says_what_was_done(take):
    taken = take({**GOOD, "created_at": "2026-11-20 10:00"})
    assert "1 times had no zone and were read as UTC." in imports.sentences(taken.summary)


@given(some.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)))
def test_every_instant_written_as_iso_comes_back(moment):
    assert instant(moment.isoformat() + "+00:00") == (moment.replace(tzinfo=UTC), True)
    assert instant(moment.isoformat()) == (moment.replace(tzinfo=UTC), False)


# --- values


@pytest.mark.parametrize(
    ("cell", "stars"),
    [
        (5, 5),
        ("4", 4),
        ("4,5", 4.5),
        ("3 stars", 3),
        ("1 Star", 1),
        ("2/5", 2),
        ("4.0 out of 5 stars", 4),
        ("★★★☆☆", 3),
    ],
)
def test_stars_are_read_as_sites_write_them(cell, stars):
    assert values.stars(cell) == stars


@pytest.mark.parametrize("cell", [0, 6, -1, "8/10", "good", True, "inf", float("inf")])
def test_stars_outside_one_to_five_are_none(cell):
    with pytest.raises(values.Unfit):
        values.stars(cell)


@pytest.mark.parametrize(("cell", "count"), [("1,234", 1234), ("1.2K", 1200), ("3m", 3_000_000), (7.0, 7), ("-4", -4)])
def test_counts_are_read_as_sites_write_them(cell, count):
    assert values.count(cell) == count


@pytest.mark.parametrize("cell", ["many", 2**60, float("inf"), "1e999"])
def test_counts_that_are_none_are_said_so(cell):
    with pytest.raises(values.Unfit):
        values.count(cell)


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
    monkeypatch.setattr(intake, "drop", _dropping_once(intake.drop))
    with pytest.raises(OSError, match="No space left"):
        take(*[{**GOOD, "id": n} for n in range(2_500)])
    [batch] = (tmp_path / "incoming").iterdir()
    assert len(batch.read_text().splitlines()) == 1_000


def _dropping_once(drop):
    calls = []

    def dropping(*arguments, **options):
        calls.append(arguments)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return drop(*arguments, **options)

    return dropping


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
    shown = preview(path, now=NOW, shown_name="mine.jsonl")
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
    assert preview(path, {"b": None}, now=NOW).missing is not None
    assert preview(path, {"b": None}, now=NOW).rows == ()
    [row] = preview(path, {"a": "text", "b": "published_at"}, now=NOW).rows
    assert row.text == "first words here"


# --- the command


def ran(path: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "listeners", "import", str(path), *options]
    kept = {**os.environ, "HEARBACK_DATA": str(folder / "kept")}
    return subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=60, check=False)


def called(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    imports.add_arguments(parser)
    return imports.run(parser.parse_args(arguments))


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("HEARBACK_DATA", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_the_command_says_what_it_read_what_it_set_aside_and_what_comes_next(kept, tmp_path, capsys):
    path = tmp_path / "reviews.csv"
    path.write_text("key;created_at;note;brand;odd\x1b\n1;2026-11-20;It is slow.;Acme;x\n2;soon;Good.;Bolt;x\n")
    assert called(str(path), "--map", "note=text", "key=id", "--competitor", "Bolt", "--source", "forum") == 0
    out = capsys.readouterr().out
    for part in (
        "reviews.csv: CSV with semicolons, 2 rows.",
        "created_at -> published_at (its name)",
        "note       -> text (you said so)",
        "not read: odd\N{REPLACEMENT CHARACTER}",
        "Taken in: 1 mention.",
        "Set aside: 1 row:",
        "line 3: no time can be read from 'soon'",
        "Brands, created where not known yet: Acme.",
        "No row names Bolt",
        "python -m data absorb",
    ):
        assert part in out
    [batch] = (kept / "incoming").iterdir()
    assert '"forum:1"' in batch.read_text()


@pytest.mark.parametrize(
    ("header", "arguments", "is_told"),
    [
        ("id,created_at,text", (), True),
        ("key,created_at,text", (), False),  # rows without ids are known by their words
        ("id,created_at,text", ("--source", "forum"), False),
    ],
)
def test_ids_that_any_file_could_hold_are_told_of(kept, tmp_path, capsys, header, arguments, is_told):
    path = tmp_path / "reviews.csv"
    path.write_text(f"{header}\n1,2026-11-20,slow\n")
    more = () if header.startswith("id") else ("--map", "key=ignore")
    assert called(str(path), *arguments, *more) == 0
    assert ("No source was named" in capsys.readouterr().out) is is_told


def test_where_nobody_names_a_brand_the_command_says_what_that_means(kept, tmp_path, capsys):
    path = tmp_path / "reviews.csv"
    path.write_text("id,created_at,text\n1,2026-11-20,slow\n")
    assert called(str(path)) == 0
    assert "No brand was named" in capsys.readouterr().out
    assert called(str(path), "--brand", "Acme") == 0
    assert "No brand was named" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["gone.csv"], "There is no file"),
        (["."], "is a directory"),
        (["file.csv", "--map", "text=mood"], "There is no field 'mood'"),
        (["file.csv", "--map", "text"], "must be written COLUMN=FIELD"),
        (["file.csv", "--map", "text=text", "text=title"], "names the column 'text' twice"),
        (["file.csv", "--map", "text=ignore"], "No column holds the text"),
    ],
)
def test_a_slip_of_the_user_is_a_sentence_and_exit_code_1(kept, tmp_path, monkeypatch, capsys, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    Path("file.csv").write_text("created_at,text\n2026-11-20,good\n")
    assert called(*arguments) == 1
    seen = capsys.readouterr()
    assert sentence in seen.err
    assert seen.err.count("\n") == 1
    assert seen.out == ""
    assert not kept.exists()


def test_a_file_of_bad_rows_only_is_kept_as_rejected_and_exits_1(kept, tmp_path, capsys):
    path = tmp_path / "file.csv"
    path.write_text("created_at,text\nsoon,good\n")
    assert called(str(path)) == 1
    assert "No row could be taken in" in capsys.readouterr().err
    [batch] = (kept / "incoming").iterdir()
    assert "no time can be read" in batch.read_text()


def test_a_folder_that_cannot_be_written_is_exit_code_2(kept, tmp_path, capsys):
    path = tmp_path / "file.csv"
    path.write_text("created_at,text\n2026-11-20,good\n")
    kept.mkdir()
    (kept / "incoming").write_text("a file where the folder should be")
    assert called(str(path)) == 2
    assert f"was not taken in whole: {kept / 'incoming'}: File exists. " in capsys.readouterr().err


# --- the recorded files


@needs_real_data
def test_the_google_play_reviews_come_in_whole_with_their_answers(tmp_path):
    [path] = (REAL / "demo").glob("A_*.parquet")
    summary = take_in(path, tmp_path / "incoming", NOW, competitors=["Greenlight"])
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
@pytest.mark.parametrize(("letter", "rows"), [("B", 5_168), ("C", 2_068), ("D", 8_794), ("F", 1_984)])
def test_the_other_recorded_files_come_in_whole(tmp_path, letter, rows):
    [path] = (REAL / "demo").glob(f"{letter}_*.parquet")
    summary = take_in(path, tmp_path / "incoming", NOW)
    assert (summary.rows, summary.taken, summary.rejected) == (rows, rows, 0)


@needs_real_data
def test_the_command_takes_a_parquet_file_in_without_pandas_or_numpy(tmp_path):
    [path] = (REAL / "demo").glob("A_*.parquet")
    begun = datetime.now(UTC)
    done = ran(path, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Taken in: 12,650 mentions, and 4,756 answers of the brand." in done.stdout
    assert datetime.now(UTC) - begun < timedelta(seconds=5)


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
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
