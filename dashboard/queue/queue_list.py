"""The list of mentions: a component of our own, so that 25 rows are one element and a click is answered at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.shared import words
from data.models import Sentiment, Status
from data.queue.queue import QueueRow

HERE = Path(__file__).parent
SIGNS = {Sentiment.NEGATIVE: "▼", Sentiment.NEUTRAL: "●", Sentiment.POSITIVE: "▲"}  # apart by shape, not by colour


def as_item(row: QueueRow, me: str, now: datetime) -> dict[str, Any]:
    """One row as the component reads it; the component shows every string as text, never as markup."""
    when = words.ago(row.published_at, now)
    if row.status is Status.SNOOZED and row.snoozed_until:
        when = f"back {words.ago(row.snoozed_until, now)}"
    return {
        "id": row.mention_id,
        "points": "" if row.status is Status.RESOLVED else str(row.points),
        "sign": SIGNS[row.label],
        "label": row.label.value,
        "said": words.shown(row.excerpt) or "(no words, only stars)",
        "about": " · ".join(filter(None, [words.source(row.source), ", ".join(row.brands), words.stars(row.rating)])),
        "when": when,
        "late": row.status is Status.OPEN and row.due_at < now,
        "alike": f"+{row.alike:,} alike" if row.alike else "",
        "who": "you" if row.assignee == me else row.assignee or "",
    }


def draw(
    rows: Sequence[QueueRow], chosen: str | None, me: str, now: datetime, *, focus: str, on_pick: Callable[[], None]
) -> None:
    """Draw the list. `focus`: a counter and the key of a text box to put the cursor into, once per change; `on_pick`
    finds the row that was clicked or moved on to in st.session_state["queue_list"].picked: {"id", "at"}."""
    _component()(
        key="queue_list",
        data={"items": [as_item(row, me, now) for row in rows], "chosen": chosen, "focus": focus},
        on_picked_change=on_pick,
    )


@st.cache_resource
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "hearback_queue_list",
        html='<div class="list" role="listbox" aria-label="Mentions, most urgent first"></div>',
        css=(HERE / "queue_list.css").read_text(encoding="utf-8"),
        js=(HERE / "queue_list.js").read_text(encoding="utf-8"),
    )
