"""The queue's tabs with counts, filters and pages, all kept in the address so that a view can be shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import streamlit as st

from dashboard.access import identity
from dashboard.queue import failing, presses
from dashboard.queue.triage import TriageState, triage_state
from dashboard.runtime import runtime
from dashboard.shared import address, words
from dashboard.shared.address import Choice
from data.brands import brands
from data.models import Sentiment, Status
from data.monitoring.figures import Failing
from data.people.rights import Verb
from data.queue import queue
from data.queue.queue import PAGE, QueueRow, View
from data.queue.ranks import Ranking
from data.store.store import Store

NAMES = {
    "open": "Open",
    "mine": "Mine",
    "unassigned": "Unassigned",
    "snoozed": "Snoozed",
    "old": "Old",
    "resolved": "Resolved",
}
TABS = tuple(NAMES)


def follow_address(store: Store) -> None:
    """Turn what a person typed into the address into the filters' values, and note what is not understood."""
    address.follow(Choice("tab", TABS), *_choices(store, failing.sources(runtime())).values())


def _choices(store: Store, failed: Iterable[str]) -> dict[str, Choice]:
    """The filters. `failed`: sources to choose from even if nothing of them is stored."""
    ours = [brand.name for brand in store.remembered(brands.known, "brand") if not brand.competitor]
    choices = (
        Choice("brand", ours),
        Choice("source", sorted({*store.remembered(queue.sources, "mention"), *failed}), words.source),
        Choice("sentiment", [label.value for label in Sentiment], str.capitalize),
        Choice("assignee", people(store)),
    )
    return {choice.key: choice for choice in choices}


def draw(store: Store, now: datetime) -> tuple[str, View, dict[str, int]]:
    """Draw tabs and filters; return the name of who works here, the view, and how many mentions each tab holds
    ("shown": the chosen one)."""
    tabs, said, who = st.columns([10, 5, 3], vertical_alignment="center")
    with said:
        st.caption(triage_state().said, text_alignment="right")
    with who:
        me = triage_state().me = identity.ask()
    triage_state().may_work = identity.may(Verb.TRIAGE)
    failed = triage_state().cached("failing", store, (), now, lambda: failing.sources(runtime()))
    view = _filters(store, failed)
    if view.source in failed:
        failing.draw(view.source, failed[view.source], now)
    counts = dict(triage_state().cached("counts", store, (view, me), now, lambda: _count(store, view, me, now)))
    if "resolved" not in counts and tab() == "resolved":
        counts["resolved"] = triage_state().cached(
            "resolved", store, (view,), now, lambda: _count_resolved(store, view)
        )
    with tabs:
        shown = _tab(counts)
    return me, _tabbed(view, shown, me), counts | {"shown": counts[shown]}


def _count(store: Store, view: View, me: str, now: datetime) -> dict[str, int]:
    """How many mentions each tab holds, "resolved" only without filters: with them it takes half a second among a
    million, too long for a key press."""
    with store.read() as reading:
        counts = queue.count(reading, view, me, now)
        if view != View():
            return counts
        acted = queue.count_acted(reading)
    strangers = store.remembered(queue.count_strangers, "brand", "match", "mention", "score", "batch")
    return counts | {"resolved": acted - strangers}


def _count_resolved(store: Store, view: View) -> int:
    with store.read() as reading:
        return queue.count_resolved(reading, view)


def tab() -> str:
    """The name of the tab that is shown: the chosen one, else the address's, else "open"."""
    chosen, named = st.session_state.get("tab"), st.query_params.get("tab")
    return next((name for name in (chosen, named) if name in TABS), "open")


def _tab(counts: dict[str, int]) -> str:
    """Draw the tabs and return the chosen one. The address holds its name, since its label has a count that changes."""
    if st.session_state.get("tab") not in TABS:
        st.session_state.tab = tab()
    shown = [name for name in TABS if name != "old" or counts["old"] or tab() == "old"]
    chosen = st.segmented_control(
        "Show", shown, required=True, key="tab", label_visibility="collapsed", on_change=_name_tab,
        format_func=lambda name: f"{NAMES[name]} {counts[name]:,}" if name in counts else NAMES[name],
    )  # fmt: skip
    return chosen or "open"


def _name_tab() -> None:
    """Write the chosen tab into the address. The browser names a tab by its label, and a key that is pressed before the
    page shows the new counts comes with the label of before, which means no tab any more: then the tab stays."""
    named = st.session_state.tab
    if named not in TABS:
        return
    address.forget()
    triage_state().chosen, triage_state().page = None, 1
    st.query_params["tab"] = named


def _filters(store: Store, failed: Mapping[str, Failing]) -> View:
    choices = _choices(store, failed)
    *boxes, by_text = st.columns([2, 2, 2, 2, 4])
    chosen = {}
    for box, choice in zip(boxes, choices.values(), strict=True):
        with box:
            warning = f" · {len(failed)} failing" if failed and choice.key == "source" else ""
            chosen[choice.key] = _choice(choice, warning)
    with by_text:
        text = st.text_input(
            "Search", key="text", bind="query-params", type="search", placeholder="Search words or author",
            label_visibility="collapsed", on_change=_start_over,
        )  # fmt: skip
    address.tell("tab", *choices)
    sentiment = chosen["sentiment"]
    return View(
        brand=chosen["brand"], source=chosen["source"], assignee=chosen["assignee"],
        sentiment=Sentiment(sentiment) if sentiment else None, text=text or None,
    )  # fmt: skip


def people(store: Store) -> list[str]:
    """The names of everybody who acted on or was assigned a mention."""
    return store.remembered(queue.people, "action")


def _choice(choice: Choice, warning: str = "") -> str | None:
    """Draw a select box; None while nothing is chosen, which lets everything through. `warning`: said then."""
    anything = f"Any {choice.key}"
    chosen: str | None = st.selectbox(
        anything, choice.options, index=None, key=choice.key, bind="query-params", placeholder=anything + warning,
        format_func=choice.called, label_visibility="collapsed", on_change=_start_over,
    )  # fmt: skip
    return chosen if chosen in choice.options else None


def _start_over() -> None:
    """After a change of the filters: go to the first page and its first mention."""
    address.forget()
    triage_state().chosen, triage_state().page, triage_state().trouble = None, 1, ""


def _tabbed(view: View, tab: str, me: str) -> View:
    if tab == "mine":
        return replace(view, assignee=me)
    if tab == "unassigned":
        return replace(view, assignee="")
    return view if tab == "open" else replace(view, status=Status(tab))


def turn(view: View, state: TriageState, counts: dict[str, int]) -> View:
    """The view at the page that this session is on, after a key's turn of the page. The page is kept in the triage
    state, since a widget loses it when a key press cuts a run short."""
    last = max(1, -(-counts["shown"] // PAGE))
    if state.page == 0:
        named = st.query_params.get("page", "1")
        state.page = int(named[:9]) if named.isdecimal() else 1
    if state.turn and 1 <= state.page + state.turn <= last:
        state.page += state.turn
        state.chosen = None
    state.turn = 0
    state.page = max(1, min(state.page, last))
    if st.query_params.get("page", "1") != str(state.page):
        st.query_params["page"] = str(state.page)
    return replace(view, page=state.page)


def rows(store: Store, ranking: Ranking, view: View, now: datetime) -> list[QueueRow]:
    """The page's rows: ranked, in the tab of resolved ones the latest first."""
    return triage_state().cached("rows", store, (view,), now, lambda: _rows(store, ranking, view, now))


def _rows(store: Store, ranking: Ranking, view: View, now: datetime) -> list[QueueRow]:
    with store.read() as reading:
        if view.status is Status.RESOLVED:
            return queue.resolved(reading, view)
        return queue.page(reading, ranking, view, now)


def steps(counts: dict[str, int]) -> None:
    """Draw the buttons to the next and the previous mention, and the pages where there are several."""
    last = -(-counts["shown"] // PAGE)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Next", shortcut="j", key="next", on_click=presses.step, args=(1,))
        st.button("Previous", shortcut="k", key="previous", on_click=presses.step, args=(-1,))
        if last > 1:
            st.session_state.pager = triage_state().page
            st.pagination(last, key="pager", max_visible_pages=5, on_change=_open_page, width="stretch")


def _open_page() -> None:
    triage_state().page = st.session_state.pager
    triage_state().chosen = None
