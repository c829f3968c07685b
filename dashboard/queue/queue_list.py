"""The list of mentions: a component of our own, so that 25 rows are one element and a click is answered at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.queue import presses
from dashboard.queue.triage import triage_state
from dashboard.shared import words
from data.models import Sentiment, Status
from data.queue.details import Detail
from data.queue.queue import QueueRow

HERE = Path(__file__).parent
SHARED = HERE.parent / "shared"
LATEST_USED = 20  # mentions whose drafts were used up last; the browser forgets each as soon as it is told
SIGNS = {Sentiment.NEGATIVE: "▼", Sentiment.NEUTRAL: "●", Sentiment.POSITIVE: "▲", None: "?"}  # apart by shape


def as_item(row: QueueRow, me: str, now: datetime) -> dict[str, Any]:
    """One row as the component reads it; the component shows every string as text, never as markup."""
    when = f"edited {words.ago(row.waits_from, now)}" if row.edited and row.waits_from else ""
    when = when or words.ago(row.published_at, now)
    if row.status is Status.SNOOZED and row.snoozed_until:
        when = f"back {words.ago(row.snoozed_until, now)}"
    return {
        "id": row.mention_id,
        "version": row.version,
        "points": "" if row.status is Status.RESOLVED else str(row.points),
        "sign": SIGNS[row.label],
        "label": row.label.value if row.label else "not judged",
        "said": words.shown(row.excerpt) or "(no words, only stars)",
        "about": " · ".join(filter(None, [words.source(row.source), ", ".join(row.brands), words.stars(row.rating)])),
        "when": when,
        "late": row.status is Status.OPEN and row.due_at < now,
        "alike": f"+{row.alike:,} alike" if row.alike else "",
        "who": "you" if row.assignee == me else row.assignee or "",
    }


def draw(rows: Sequence[QueueRow], detail: Detail | None, me: str, now: datetime) -> None:
    """Draw the list. `detail`: the chosen mention's. Rows that are picked and verbs that are pressed go to
    `presses.follow`, each with the mention it was meant for."""
    state = triage_state()
    _component()(
        key="queue_list",
        data={
            "items": [as_item(row, me, now) for row in rows],
            "chosen": detail and detail.mention.id,
            "version": detail and detail.state.version,
            "box": detail and state.box(detail.mention.id),
            "focus": state.focus,  # a counter and the key of a text box to put the cursor into, once per change
            "verbs": presses.SHORTCUTS,
            "moves": presses.MOVES,
            "writes": tuple(presses.WRITES),
            "done": state.handled,
            "used": dict(list(state.emptied.items())[-LATEST_USED:]),
            "gone": state.gone,
        },
        on_did_change=presses.follow,
    )


@st.cache_resource
def _component() -> Callable[..., Any]:
    scripts = (SHARED / "presses.js", HERE / "drafts.js", HERE / "queue_list.js")
    return st.components.v2.component(
        "hearback_queue_list",
        html='<div class="list" role="listbox" aria-label="Mentions, most urgent first"></div>',
        css=(HERE / "queue_list.css").read_text(encoding="utf-8"),
        js="\n".join(script.read_text(encoding="utf-8") for script in scripts),
    )
