"""Draws the list of sources: one line each with its state, its last and next run, and what it brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard.shared.source_state import SourceState

WIDTHS = [2.2, 1.6, 1.3, 1.3, 0.9, 0.9, 5.7]
HEADINGS = ("Source", "State", "Last visit", "Next visit", "New then", "New in all", "What to know")


def draw(states: Sequence[SourceState]) -> None:
    """Draw the list; sources that are off are folded away as soon as one is on."""
    on, resting = ([one for one in states if one.mark.rests is rests] for rests in (False, True))
    if on:
        _lines(st.container(border=True, gap="small"), on)
    if resting:
        title = f"{len(resting)} {'source is' if len(resting) == 1 else 'sources are'} not listened to"
        _lines(st.expander(title, expanded=not on), resting)


def _lines(inside: Any, states: Sequence[SourceState]) -> None:
    """Draw lines under their headings; page.css gives each figure its heading where a screen is narrow."""
    with inside:
        with st.container(key=f"source_headings_{states[0].source}"):
            for column, heading in zip(_row(), HEADINGS, strict=True):
                column.caption(heading)
        for state in states:
            with st.container(key=f"source_line_{state.source}"):
                _line(state)


def _row() -> Sequence[Any]:
    return st.columns(WIDTHS, gap="small")


def _line(state: SourceState) -> None:
    word, icon, colour = state.mark.sign
    columns = dict(zip(HEADINGS, _row(), strict=True))
    columns["Source"].text(state.name)
    columns["State"].badge(word, icon=icon, color=colour)
    columns["Last visit"].text(state.last_run)
    columns["Next visit"].text(state.next_run)
    columns["New then"].text("\N{EN DASH}" if state.new_at_last_run is None else f"{state.new_at_last_run:,}")
    columns["New in all"].text(f"{state.new_in_all:,}")
    columns["What to know"].text(
        "\n".join(said for said in (state.error, state.why, state.spent) if said) or "All is well."
    )
