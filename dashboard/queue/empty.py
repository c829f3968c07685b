"""What the queue shows when it is empty: the reason, and a way to the next step."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import ways
from dashboard.access import identity
from dashboard.queue import failing
from dashboard.queue.triage import triage_state
from dashboard.runtime import now, runtime
from dashboard.shared import address, words
from data.brands import brands, unnamed
from data.monitoring.figures import status
from data.queue.queue import View

OWN = {  # tabs that set the assignee themselves
    "mine": ("Nothing is yours", "Claim an open mention with A, or have somebody assign one to you."),
    "unassigned": ("Nothing is unassigned", "Each open mention is somebody's. New ones appear here by themselves."),
}
BY_TAB = {
    "open": ("All done", "Every open mention has been dealt with. New ones appear here by themselves."),
    "snoozed": ("Nothing is snoozed", "A mention that is snoozed with S waits here, and comes back by itself."),
    "old": ("Nothing is old", "What was too old to answer when it first came in waits here. It is never late."),
    "resolved": ("Nothing is resolved yet", "What is replied to, resolved or set aside as not relevant is kept here."),
}
HEARD_BY_NAME = "**Sources** shows what is listened to and how it fares; **Setup** takes in files."
HEARD_BY_NONE = "Name your brand or import a file on **Setup**; **Sources** shows what is listened to."
WORK = ("open", "mine", "unassigned")  # the tabs in which people look for what came in
FILTERS = ("brand", "source", "sentiment", "assignee", "text")


def nothing_to_show(view: View, tab: str) -> None:
    """Draw why the tab is empty (all done, hidden by filters, not scored yet, about no brand, nothing stored), which
    sources fail, and the buttons of the next steps."""
    here, at = runtime(), now()
    with here.store.read() as store:
        figures = status(store, here.places.incoming, at)
    ours = [
        brand.name
        for brand in here.store.remembered(brands.known, "brand")
        if not (brand.competitor or brand.is_sample)
    ]
    unfiltered = View(status=view.status, assignee=view.assignee if tab in OWN else None, page=view.page)
    is_filtered, asks_all = view != unfiltered, replace(view, source=None) == unfiltered
    strangers = here.store.remembered(unnamed.by_source, "mention", "match", "own_post") if asks_all else {}
    left_over = sum(many for source, many in strangers.items() if view.source in (None, source) and tab in WORK)
    title, step = reason(
        is_filtered=is_filtered,
        tab=tab,
        mentions=figures["mentions"],
        coming=figures["unscored"] + figures["waiting"],
        is_named=bool(ours),
        unnamed=left_over,
        old=figures["old"],
    )
    st.subheader(title, anchor=False)
    st.markdown(step)
    if left_over:
        _choose_brand(ours, view.source, left_over)
    failed = failing.sources(here)
    if view.source is None:  # else it is named under the filters
        for name, one in failed.items():
            failing.draw(name, one, at)
    _ways(
        is_filtered=is_filtered, old=figures["old"] if tab == "open" and not is_filtered else 0,
        is_beginning=not (is_filtered and figures["mentions"]), is_failing=view.source in failed,
    )  # fmt: skip


def reason(
    *, is_filtered: bool, tab: str, mentions: int, coming: int, is_named: bool = False, unnamed: int = 0, old: int = 0
) -> tuple[str, str]:
    """A title and the next step. `mentions`: stored; `coming`: waiting to be stored or scored; `is_named`: whether a
    brand of ours is set up; `unnamed`: stored mentions of the chosen source that name no brand; `old`: those that were
    too old to answer when they came in."""
    if coming:
        return "Mentions are on their way", "They are being read and scored; this page fills by itself."
    if mentions == 0:
        return "Nothing heard yet", HEARD_BY_NAME if is_named else HEARD_BY_NONE
    if unnamed and tab in WORK:
        return _about_no_brand(unnamed, is_named=is_named)
    if is_filtered:
        return "Nothing matches these filters", "Clear one of them, or choose another tab."
    title, step = OWN.get(tab) or BY_TAB[tab]
    if tab == "open" and old:
        step = f"Every open mention has been dealt with. Under **Old**: {old:,} too old to answer when they came in."
    return title, step


def _about_no_brand(many: int, *, is_named: bool) -> tuple[str, str]:
    said, them = ("1 mention mentions", "it") if many == 1 else (f"{many:,} mentions mention", "them")
    if not is_named:
        return f"{said} no brand yet", f"Name your brand on **Setup**, and it is looked for in {them}."
    return "Nothing open of your brands", f"{said} none of your brands. Choose a brand for {them}."


def _choose_brand(ours: list[str], source: str | None, many: int) -> None:
    """Draw the choice of the brand that mentions without one are taken as mentions of."""
    if not ours:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        chosen = ours[0]
        if len(ours) > 1:
            chosen = st.selectbox("Brand", ours, key="brand_of_unnamed", label_visibility="collapsed", width=220)
        them = "it is" if many == 1 else "they are"
        st.button(
            f"{them.capitalize()} about {words.plain(chosen)}", key="give_brand", type="primary", on_click=_give,
            args=(chosen, source),
        )  # fmt: skip


def _give(brand: str, source: str | None) -> None:
    here, state = runtime(), triage_state()
    many = unnamed.give(here.store, here.judgement.ranking, brand, identity.acting(), source)
    state.said = f"{many:,} {'mention' if many == 1 else 'mentions'} taken as about {brand}"
    state.chosen = None


def _ways(*, is_filtered: bool, old: int, is_beginning: bool, is_failing: bool) -> None:
    """Draw the buttons of the next steps."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if is_filtered:
            st.button("Clear the filters", key="clear_filters", on_click=_clear)
        if old:
            st.button(f"See {old:,} old", key="see_old", on_click=_see_old)
        if is_beginning or is_failing:
            ways.to(ways.SOURCES, "Sources")
        if is_beginning:
            ways.to(ways.SETUP, "Setup")


def _clear() -> None:
    address.forget()
    for name in FILTERS:
        st.session_state[name] = "" if name == "text" else None
    triage_state().chosen, triage_state().page = None, 1


def _see_old() -> None:
    st.session_state.tab = st.query_params["tab"] = "old"
    triage_state().chosen, triage_state().page = None, 1
