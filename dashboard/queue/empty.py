"""What the queue shows when it is empty: the reason, and the next step."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.runtime import now, runtime
from data.brands import brands
from data.models import Status
from data.monitoring.figures import status
from data.queue.queue import View

OWN = {  # tabs that set the assignee themselves
    "mine": ("Nothing is yours", "Claim an open mention with A, or have somebody assign one to you."),
    "unassigned": ("Nothing is unassigned", "Each open mention is somebody's. New ones appear here by themselves."),
}
BY_TAB = {
    "open": ("All done", "Every open mention has been dealt with. New ones appear here by themselves."),
    "snoozed": ("Nothing is snoozed", "A mention that is snoozed with S waits here, and comes back by itself."),
    "resolved": ("Nothing is resolved yet", "What is replied to, resolved or set aside as not relevant is kept here."),
}


def nothing_to_show(view: View, tab: str) -> None:
    """Draw why the tab is empty: all done, hidden by filters, not scored yet, or nothing stored."""
    here = runtime()
    with here.store.read() as store:
        figures = status(store, here.places.incoming, now())
    title, step = reason(
        is_filtered=replace(view, status=Status.OPEN, page=1, assignee=None if tab in OWN else view.assignee) != View(),
        tab=tab,
        mentions=figures["mentions"],
        coming=figures["unscored"] + figures["waiting"],
        is_named=any(not brand.competitor for brand in here.store.remembered(brands.known, "brand")),
    )
    st.subheader(title)
    st.markdown(step)


def reason(*, is_filtered: bool, tab: str, mentions: int, coming: int, is_named: bool = False) -> tuple[str, str]:
    """A title and the next step. `mentions`: stored; `coming`: waiting to be stored or scored; `is_named`: whether a
    brand of ours is set up."""
    if coming:
        return "Mentions are on their way", "They are being read and scored; this page fills by itself."
    if mentions == 0 and is_named:
        return "Nothing heard yet", "**Sources** shows what is listened to and how it fares; **Setup** takes in files."
    if mentions == 0:
        return (
            "Nothing heard yet",
            "Name your brand or import a file on **Setup**; **Sources** shows what is listened to.",
        )
    if is_filtered:
        return "Nothing matches these filters", "Clear one of them, or choose another tab."
    return OWN.get(tab) or BY_TAB[tab]
