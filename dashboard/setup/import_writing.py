"""The part of an import that says how the file is written: its first rows as they stand there, and what to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.setup import upload
from dashboard.shared import tables, words
from listeners.importing.encodings.telling import CHOICES
from listeners.importing.imports import Instructions, Preview
from listeners.importing.readers.tables import Layout

EXCERPT = 120  # characters of a cell
AS_TOLD = "as the file tells"
ORDERS = {
    "": AS_TOLD,
    "dmy": "the day first: 3 April",
    "mdy": "the month first: March 4",
    "ymd": "the year first",
    "1904": "day numbers, counted from 1904",
}


def said(key: str) -> Instructions:
    """What was chosen in this part so far. `key`: the beginning of the keys of its widgets."""
    held = st.session_state
    return Instructions(
        dates=held.get(f"{key}_dates") or "",
        layout=Layout(held.get(f"{key}_encoding") or None, held.get(f"{key}_skip")),
    )


def draw(key: str, preview: Preview | None) -> None:
    """Draw the choices; opened where something must be chosen. `preview`: None where the file could not be read."""
    asks = preview is None or preview.asks_dates or preview.missing is not None
    with st.expander(upload.WRITING, expanded=asks, icon=":material/text_fields:"):
        if preview is None or upload.has_encoding(preview):
            st.selectbox(
                "Encoding of its letters", ["", *CHOICES], key=f"{key}_encoding",
                format_func=lambda one: CHOICES.get(one, AS_TOLD),
                help="Choose one where letters look wrong in the first rows.",
            )  # fmt: skip
        if preview is None or upload.has_header(preview):
            st.number_input(
                "Lines above the header", 0, upload.MOST_SKIPPED, None, key=f"{key}_skip", placeholder="as found",
                help="How many lines stand above the names of the columns.",
            )  # fmt: skip
        st.selectbox(
            "Dates such as 3/4/2026 have", list(ORDERS), key=f"{key}_dates", format_func=lambda one: ORDERS[one]
        )


def draw_rows(preview: Preview) -> None:
    """Draw the first rows as the file has them."""
    st.subheader("The first rows, as the file has them", anchor=False)
    tables.draw(as_written(preview.written), hide_index=True)


def as_written(rows: Mapping[str, Sequence[object]]) -> dict[str, list[str]]:
    """The columns of a table: cells as text, on one line each."""
    return {words.shown(name): [_cell(cell) for cell in cells] for name, cells in rows.items()}


def _cell(cell: object) -> str:
    return "" if cell is None else words.shown(" ".join(str(cell)[: 4 * EXCERPT].split()))[:EXCERPT]
