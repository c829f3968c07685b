"""The part of an import that says how the file is written: its first rows as they stand there, and what to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import zones
from dashboard.setup import upload
from dashboard.shared import signs, tables, words
from listeners.importing.encodings.telling import CHOICES
from listeners.importing.imports import Instructions, Preview
from listeners.importing.mapping.conventions import ASK
from listeners.importing.readers.tables import Layout

EXCERPT = 120  # characters of a cell
AS_TOLD, UNSAID = "as the file tells", "choose one"
ORDERS = {
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
        zone=zones.known(held.get(f"{key}_zone")),
        layout=Layout(held.get(f"{key}_encoding") or None, held.get(f"{key}_skip")),
    )


def draw(key: str, preview: Preview | None) -> None:
    """Draw the choices; opened where something must be chosen. `preview`: None where the file could not be read."""
    asks = preview is None or preview.missing is not None
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
        if preview is not None:
            _draw_zone(key)
            if not asks_dates(key, preview):
                _draw_dates(key, AS_TOLD)


def asks_dates(key: str, preview: Preview) -> bool:
    """Whether nothing tells the order of day and month, or nothing did until a person said it."""
    return preview.asks_dates or bool(st.session_state.get(f"{key}_dates"))


def draw_question(key: str, preview: Preview) -> None:
    """Draw the choice of the order of day and month where it must be chosen."""
    if asks_dates(key, preview):
        for note in preview.notes:
            if ASK in note:
                signs.heed(words.shown(upload.on_page(note)), is_late=True)
        _draw_dates(key, UNSAID)


def _draw_zone(key: str) -> None:
    here = zones.of_reader().key
    said = st.selectbox(
        "Zone of times that name none", ["", *dict.fromkeys((here, zones.UTC))], key=f"{key}_zone",
        accept_new_options=True, format_func=lambda one: one or "as their column says, else UTC",
        help="Where the clock stood, such as Asia/Kolkata.",
    )  # fmt: skip
    if said and zones.known(said) is None:
        signs.heed(f"There is no time zone {words.shown(said)}; write it like Europe/Berlin.", is_late=True)


def _draw_dates(key: str, unsaid: str) -> None:
    st.selectbox(
        "Dates such as 3/4/2026 have",
        ["", *ORDERS],
        key=f"{key}_dates",
        format_func=lambda one: ORDERS.get(one, unsaid),
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
