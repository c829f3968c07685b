"""The careful way: good lines parted from bad ones, each bad one with its reason."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from data.ingest.lines import AHEAD, EARLIEST, LONGEST_TEXT
from data.ingest.validation import fault, validate
from tests.data.builders import NOON, lines, row


def test_a_good_row_has_no_fault():
    assert fault(row(1, rating=4.5, reach=3, title="a", brands=["Acme"], edited_at=NOON.isoformat()), NOON) is None


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        (EARLIEST, True),
        (EARLIEST - timedelta(microseconds=1), False),
        (NOON + AHEAD, True),
        (NOON + AHEAD + timedelta(microseconds=1), False),
    ],
)
def test_the_bounds_of_time_belong_to_what_is_taken_in(when, fits):
    assert (fault(row(1, published_at=when.isoformat()), NOON) is None) is fits


@pytest.mark.parametrize(("length", "fits"), [(LONGEST_TEXT, True), (LONGEST_TEXT + 1, False)])
def test_title_and_text_together_have_a_longest_length(length, fits):
    assert (fault(row(1, title="aaaa", text="a" * (length - 4)), NOON) is None) is fits


@pytest.mark.parametrize("rating", [0, 1, 5, 4.5, -1, 1e10])
def test_a_rating_may_be_any_number(rating):
    assert fault(row(1, rating=rating), NOON) is None


@pytest.mark.parametrize("reach", [1.5, 2**53, True, "12", float("nan")])
def test_people_are_counted_in_whole_numbers(reach):
    assert "reach must be a number" in fault(row(1, reach=reach), NOON)


def test_good_lines_come_back_as_the_store_reads_them(tmp_path):
    batch = tmp_path / "a.jsonl"
    batch.write_bytes(
        lines(row(1, text=5, published_at="2026-11-20T13:00+01:00"), {"brand": {"name": "Bolt"}}) + b"\n{"
    )
    validated = validate(batch, NOON)
    mention, brand = (json.loads(line) for line in validated.good)
    assert (mention["text"], mention["published_at"]) == ("5", "2026-11-20T12:00:00+00:00")
    assert brand == {"brand": {"name": "Bolt"}}
    [bad] = validated.rejected
    assert (bad.file, bad.line, bad.content) == ("a.jsonl", 4, "{")


def test_a_very_long_bad_line_is_kept_only_in_part(tmp_path):
    batch = tmp_path / "a.jsonl"
    batch.write_bytes(b"x" * (2 * LONGEST_TEXT))
    [bad] = validate(batch, NOON).rejected
    assert len(bad.content) == LONGEST_TEXT


def test_nul_characters_are_replaced_wherever_they_stand_and_backslashes_are_not(tmp_path):
    batch = tmp_path / "a.jsonl"
    batch.write_bytes(lines(row(1, text="\x00\\\x00\\\\u0000", author="\x00", brands=["a\x00"])))
    [good] = map(json.loads, validate(batch, NOON).good)
    assert good["text"] == "\N{REPLACEMENT CHARACTER}\\\N{REPLACEMENT CHARACTER}\\\\u0000"
    assert (good["author"], good["brands"]) == ("\N{REPLACEMENT CHARACTER}", ["a\N{REPLACEMENT CHARACTER}"])
