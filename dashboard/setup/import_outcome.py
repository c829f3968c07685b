"""Draws the result of an import: the rows taken in and rejected, and what still waits to be stored or scored."""

from __future__ import annotations

import streamlit as st

from dashboard.access import gate
from dashboard.runtime import now, runtime
from dashboard.setup.upload import counted, on_page
from dashboard.shared import frame, tables, words
from data.monitoring.figures import status
from listeners.importing.summary import FROM_ANYWHERE, Summary, queued, remark

PROGRESS_EVERY = 1.0  # seconds


def draw(summary: Summary) -> None:
    """Draw how many rows were taken in and rejected, the brands, the reasons, and the progress."""
    with st.container(border=True):
        st.badge("Taken in", icon=":material/check_circle:", color="green")
        st.text("\n".join(map(words.shown, [summary.file, *told(summary)])))
        if summary.brands:
            brands = [f"{brand.name} (competitor)" if brand.competitor else brand.name for brand in summary.brands]
            st.text(words.shown(f"Brands in it, set up where they were not yet: {', '.join(brands[:12])}."))
        if summary.reasons:
            tables.draw(
                {
                    "Line": [one.line for one in summary.reasons],
                    "Why it was set aside": [words.shown(one.reason) for one in summary.reasons],
                    "Begins with": [words.shown(one.content) for one in summary.reasons],
                },
                hide_index=True,
            )
        _progress()


@gate.fragment(run_every=PROGRESS_EVERY)
@frame.patient()
def _progress() -> None:
    """Draw what still waits; drawn anew every PROGRESS_EVERY seconds."""
    with runtime().store.read() as store:
        figures = status(store, runtime().places.incoming, now())
    ahead = coming(figures["waiting"], figures["unscored"])
    if ahead:
        st.text(ahead)
    else:
        st.text("All of it is stored and scored.")
    st.page_link("queue/page.py", label="Open the reply queue", icon=":material/inbox:")


def told(summary: Summary) -> list[str]:
    """The result in sentences, without the names of fields."""
    answers = f" Answers of the brand: {summary.answers:,}." if summary.answers else ""
    lines = [f"Mentions: {summary.taken:,} of {counted(summary.rows)}.{answers}"]
    if summary.own:
        lines.append(f"Written by the brand itself: {counted(summary.own)}; of them, to nobody: {summary.to_nobody:,}.")
    if summary.repeats:
        lines.append(f"Repeating another one: {counted(summary.repeats)}.")
    if summary.rejected:
        lines.append(f"Set aside, and listed on the Sources page: {counted(summary.rejected)}.")
    lines += _queued(summary)
    lines += [on_page(note) for note in summary.notes]
    lines += [on_page(remark(word, count)) for word, count in summary.remarks.items()]
    if summary.unmet:
        lines.append(f"No row names {', '.join(summary.unmet)}.")
    if summary.is_from_anywhere:
        lines.append(FROM_ANYWHERE)
    return lines


def _queued(summary: Summary) -> list[str]:
    lines = queued(summary.prospects, summary.rows, summary.rejected)
    if summary.prospects and summary.prospects.of_nobody:
        lines.append("To give those a brand, import the file again and choose one; nothing is doubled.")
    return lines


def coming(waiting: int, unscored: int) -> str:
    """How many batches or mentions still wait, a sentence; "" when none does."""
    if waiting:
        return f"{waiting:,} {'batch waits' if waiting == 1 else 'batches wait'} to be stored."
    return f"Stored; waiting for a score: {unscored:,}." if unscored else ""
