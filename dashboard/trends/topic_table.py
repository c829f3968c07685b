"""The table of topics in reviews, for platforms that count topics and give no reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.shared import tables, words
from dashboard.shared.tables import Table

SHARE = "Share of reviews"


def draw(topics: Sequence[Mapping[str, Any]], file: str) -> None:
    """Draw one row a topic, in the order given. `topics`: as data.analytics.topics.latest gives them."""
    table = rows(topics)
    with st.container(border=True, key="card-topics", gap="xsmall"):
        st.markdown("#### What do buyers speak of?")
        tables.draw(
            table, width="stretch", hide_index=True,
            column_config={
                SHARE: st.column_config.NumberColumn(format="%.1f%%"),
                "Against the week before": st.column_config.NumberColumn(format="%+.1f points"),
                "Effect on stars": st.column_config.NumberColumn(format="%+.2f"),
                "Week of": st.column_config.DateColumn(format="D MMM YYYY"),
            },
        )  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.caption("As the platform counts it; it gives no reviews, so none are in the queue.", width="stretch")
            st.download_button(
                "Download as CSV", tables.to_csv(table), f"hearback-topics-{file}.csv", "text/csv",
                icon=":material/download:", on_click="ignore", type="tertiary",
            )  # fmt: skip


def rows(topics: Sequence[Mapping[str, Any]]) -> Table:
    """The topics as rows of a table: shares in percent, changes in points."""
    return [
        {
            "Topic": tables.safe(words.shown(one["topic"])),
            "Mood": one["sentiment"].capitalize(),
            "Reviews": one["mentions"],
            SHARE: _percent(one["share"]),
            "Against the week before": _change(one["share"], one["before"]),
            "Effect on stars": one["stars"],
            "Product": tables.safe(words.shown(one["title"] or one["subject"])),
            "Source": words.source(one["source"]),
            "Week of": one["week_on"],
        }
        for one in topics
    ]


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)


def _change(share: float | None, before: float | None) -> float | None:
    return None if share is None or before is None else round((share - before) * 100, 1)
