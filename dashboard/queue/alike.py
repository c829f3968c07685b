"""The duplicates of the chosen mention: how many, by whom and where."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.runtime import runtime
from dashboard.shared import words
from data.duplicates import duplicates

SHOWN = 15


def draw(mention_id: str, many: int, now: datetime) -> None:
    """Draw how many duplicates a mention has (`many`) and, when opened, the latest SHOWN of them."""
    if not many:
        return
    opened = st.expander(title(many), key="alike", on_change="rerun", icon=":material/repeat:")
    if not opened.open:
        return
    with runtime().store.read() as store:
        told = duplicates.of(store, mention_id, SHOWN)
    with opened:
        st.caption("They stand where this one stands: resolve it, and they are resolved; a reply is this one's alone.")
        for row in told:
            st.text(_line(row, now))
        if many > len(told):
            st.caption(f"These are the latest {len(told)}.")


def title(many: int) -> str:
    """ "and 14 more like it"."""
    return f"and {many:,} more like it"


def _line(row: dict[str, Any], now: datetime) -> str:
    author, published_at, likeness = row["author"], row["published_at"], row["likeness"]
    near = "the same words" if likeness == 1 else f"{likeness:.0%} the same"
    parts = (words.shown(str(author or "Author unknown")), words.source(str(row["source"])), near)
    return " · ".join((*parts, words.ago(published_at, now)))
