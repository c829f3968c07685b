"""Tables: drawn and written without formulas, weekly ones behind the charts, and numbers in words."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from analysis.trends import Period, Response, share
from dashboard.shared import words

Table = list[dict[str, object]]
# How a formula begins for a spreadsheet: after blanks, too, and with the wide signs of East Asian keyboards.
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
# And where it begins a cell of its own: a spreadsheet that expects semicolons heeds no quotes within such a cell.
INNER_FORMULA = re.compile(r"([;\t\r\n][\s\"]*)([=+\-@\uff1d\uff0b\uff0d\uff20])(?!\))")  # ";-)" is none


def draw(table: Table | Mapping[str, Sequence[object]], **how: Any) -> None:
    """Draw a table, given as rows or as columns, whose own "Download as CSV" and copies hold no formulas. `how`: more
    arguments of st.dataframe."""
    if isinstance(table, Mapping):
        st.dataframe({safe(name): [_plain(cell) for cell in cells] for name, cells in table.items()}, **how)
    else:
        st.dataframe([{safe(name): _plain(cell) for name, cell in row.items()} for row in table], **how)


def weekly(shown: Period, columns: Mapping[str, Sequence[object]]) -> Table:
    """One row a week, newest first. `columns`: heading -> one value a week."""
    rows = [
        {"Week of": week, "Whole week": "yes" if shown.is_whole(week) else "no"}
        | {safe(words.shown(heading)): values[place] for heading, values in columns.items()}
        for place, week in enumerate(shown.weeks)
    ]
    return rows[::-1]


def counts_and_shares(series: Mapping[str, Sequence[int]], totals: Sequence[int]) -> dict[str, list[Any]]:
    """Columns by heading: the counts of each series, then each one's share of `totals` in percent."""
    columns: dict[str, list[Any]] = {name: list(counts) for name, counts in series.items()}
    for name, counts in series.items():
        columns[f"{name}, %"] = [rounded(share(part, whole)) for part, whole in zip(counts, totals, strict=True)]
    return columns


def answered(responses: Sequence[Response]) -> dict[str, list[object]]:
    """Columns by heading: the figures of each week's answers; hours and percent to one decimal."""
    columns: dict[str, Callable[[Response], object]] = {
        "Mentions": lambda one: one.mentions,
        "Answered": lambda one: one.answered,
        "Dated before the mention": lambda one: one.early,
        "Answers with a time": lambda one: one.timed,
        "Within target": lambda one: one.within,
        "Median, h": lambda one: rounded(one.median_hours),
        "Mean, h": lambda one: rounded(one.mean_hours),
        "Answered, %": lambda one: rounded(one.answered_share),
        "Within target, %": lambda one: rounded(one.within_share),
    }
    return {heading: [read(one) for one in responses] for heading, read in columns.items()}


def rounded(value: float | None) -> float | None:
    """`value` to one decimal; None stays None."""
    return None if value is None else round(value, 1)


def safe(cell: str) -> str:
    """`cell`, with an apostrophe before what a spreadsheet would take for a formula."""
    body = cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell  # it was made so before
    begins = FORMULA.match(body)
    if begins is None:
        return INNER_FORMULA.sub(r"\1'\2", body)
    return "'" + begins[0] + INNER_FORMULA.sub(r"\1'\2", body[begins.end() :])


def to_csv(table: Table) -> bytes:
    """A table of at least one row as CSV in UTF-8 with a byte order mark; texts are never formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_plain(heading) for heading in table[0]])
    writer.writerows([_plain(cell) for cell in row.values()] for row in table)
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: object) -> object:
    if isinstance(cell, list):  # written as one text, its entries with commas between
        return [_plain(entry) for entry in cell]
    return safe(cell) if isinstance(cell, str) else cell


def plural(number: int, noun: str) -> str:
    """ "1 mention", "1,204 mentions", "2 replies"."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") else f"{number:,} {noun}s"


def hours(length: float) -> str:
    """Hours as people say them: "42 min", "5.3 h", "61 h (2.5 d)"."""
    if length < 1:
        return f"{length * 60:.0f} min"
    if length < 48:
        return f"{length:.1f} h".replace(".0 h", " h")
    return f"{length:,.0f} h ({length / 24:.1f} d)"
