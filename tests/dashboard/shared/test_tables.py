"""No cell of a table is a formula for a spreadsheet, wherever the table goes."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.shared import tables

FORMULAS = [
    *("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|'/C calc'!A0", '=HYPERLINK("http://x")'),
    *(" =1+1", "\u00a0=1+1", "\u3000=1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)"),
]


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_becomes_text(cell):
    assert tables.safe(cell) == f"'{cell}"
    assert tables.safe(tables.safe(cell)) == tables.safe(cell)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("fine;=1+1", "fine;'=1+1"),
        ("fine\n=1+1", "fine\n'=1+1"),
        ('fine"; "=cmd|\'/C calc\'!A0";-2;@x', "fine\"; \"'=cmd|'/C calc'!A0\";'-2;'@x"),
        ("=1;=2", "'=1;'=2"),
        (";=1", ";'=1"),
        ("fine\t\uff1d1", "fine\t'\uff1d1"),
    ],
)
def test_what_would_begin_a_cell_of_its_own_is_no_formula_either(cell, written):
    assert tables.safe(cell) == written
    assert tables.safe(written) == written


@pytest.mark.parametrize(
    "cell", ["", "1 = 1", "a-b", "'=1", "\N{EN DASH}", "★☆☆☆☆", "mail me @home", "thanks ;-) and; well, -5"]
)
def test_other_text_stays_as_it_is(cell):
    assert tables.safe(cell) == cell


def test_csv_holds_no_formulas_and_numbers_stay_numbers():
    table = [{"=x": "=1+1", "Count": -3, "Week of": date(2026, 11, 23)}]
    rows = list(csv.reader(io.StringIO(tables.to_csv(table).decode("utf-8-sig"))))
    assert rows == [["'=x", "Count", "Week of"], ["'=1+1", "-3", "2026-11-23"]]


def test_what_is_drawn_holds_no_formulas_as_rows_as_columns_and_in_lists():
    def page():
        from dashboard.shared import tables

        tables.draw([{"Name": "=1", "Count": -1}])
        tables.draw({"Name": ["@SUM(A1)", "plain"], "Terms": [["=1", "b"], []], "Count": [-1, 2]})

    by_rows, by_columns = AppTest.from_function(page, default_timeout=500).run().dataframe
    assert by_rows.value.to_dict("list") == {"Name": ["'=1"], "Count": [-1]}
    assert list(by_columns.value["Name"]) == ["'@SUM(A1)", "plain"]
    assert [list(cell) for cell in by_columns.value["Terms"]] == [["'=1", "b"], []]
    assert list(by_columns.value["Count"]) == [-1, 2]
