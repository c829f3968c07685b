"""What the queue shows: tabs with counts, filters and pages, all of it in the address so that a view can be shared."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import streamlit as st

from dashboard.queue import triage
from dashboard.queue.triage import Hand, hand
from dashboard.shared import address, words
from dashboard.shared.address import Choice
from data.brands import brands
from data.models import Sentiment, Status
from data.queue import queue
from data.queue.queue import PAGE, Row, View
from data.queue.ranks import Ranking
from data.settings import user
from data.store.store import Store

TABS = ("open", "mine", "unassigned", "snoozed", "resolved")
NAMES = {"open": "Open", "mine": "Mine", "unassigned": "Unassigned", "snoozed": "Snoozed", "resolved": "Resolved"}


def follow_address(store: Store) -> None:
    """Take from the address what was written there by hand, and say what in it is not understood."""
    address.follow(Choice("tab", TABS), *_choices(store).values())


def _choices(store: Store) -> dict[str, Choice]:
    ours = [brand.name for brand in store.remembered(brands.known, "brand") if not brand.competitor]
    choices = (
        Choice("brand", ours),
        Choice("source", store.remembered(queue.sources, "mention"), words.source),
        Choice("sentiment", [label.value for label in Sentiment], str.capitalize),
        Choice("assignee", people(store)),
    )
    return {choice.key: choice for choice in choices}


def draw(store: Store, now: datetime) -> tuple[str, View, dict[str, int]]:
    """Draw tabs and filters; return who works here, the view they ask for, and how many mentions each tab holds."""
    tabs, said, who = st.columns([10, 5, 3], vertical_alignment="center")
    with said:
        st.caption(hand().said, text_alignment="right")
    with who:
        me = name()
    view = _filters(store)
    counts = dict(hand().look("counts", store, (view, me), now, lambda: _count(store, view, me, now)))
    if "resolved" not in counts and tab() == "resolved":
        counts["resolved"] = hand().look("resolved", store, (view,), now, lambda: _count_resolved(store, view))
    with tabs:
        shown = _tab(counts)
    return me, _tabbed(view, shown, me), counts | {"shown": counts[shown]}


def _count(store: Store, view: View, me: str, now: datetime) -> dict[str, int]:
    """How many each tab holds; of the past under filters only who looks at it is told: it takes half a second among a
    million, which no key press has."""
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
    """The tab that is looked at: the one that was chosen, else the address's."""
    named = str(st.session_state.get("tab") or st.query_params.get("tab", "open"))
    return named if named in TABS else "open"


def _tab(counts: dict[str, int]) -> str:
    """The tabs; the address holds the tab's name, which its label, with a count that changes, cannot stand for."""
    st.session_state.setdefault("tab", tab())
    chosen = st.segmented_control(
        "Show", TABS, required=True, key="tab", label_visibility="collapsed", on_change=_name_tab,
        format_func=lambda name: f"{NAMES[name]} {counts[name]:,}" if name in counts else NAMES[name],
    )  # fmt: skip
    return chosen or "open"


def _name_tab() -> None:
    address.forget()
    hand().chosen, hand().page = None, 1
    st.query_params["tab"] = st.session_state.tab


def name() -> str:
    """Who works here, asked for once: the address carries it from page to page."""
    name = st.text_input(
        "Working as", user(), key="me", bind="query-params", max_chars=40, icon=":material/person:",
        label_visibility="collapsed", placeholder="Your name",
    )  # fmt: skip
    return (name or "").strip() or "somebody"


def _filters(store: Store) -> View:
    choices = _choices(store)
    *boxes, by_text = st.columns([2, 2, 2, 2, 4])
    chosen = {}
    for box, choice in zip(boxes, choices.values(), strict=True):
        with box:
            chosen[choice.key] = _choice(choice)
    with by_text:
        text = st.text_input(
            "Search", key="text", bind="query-params", type="search", placeholder="Search words or author",
            label_visibility="collapsed", on_change=_look_anew,
        )  # fmt: skip
    address.tell("tab", *choices)
    sentiment = chosen["sentiment"]
    return View(
        brand=chosen["brand"], source=chosen["source"], assignee=chosen["assignee"],
        sentiment=Sentiment(sentiment) if sentiment else None, text=text or None,
    )  # fmt: skip


def people(store: Store) -> list[str]:
    """Everybody who ever worked here, by name."""
    return store.remembered(queue.people, "action")


def _choice(choice: Choice) -> str | None:
    """A select box that lets everything through while nothing is chosen; the address names only what was chosen."""
    anything = f"Any {choice.key}"
    chosen: str | None = st.selectbox(
        anything, choice.options, index=None, key=choice.key, bind="query-params", placeholder=anything,
        format_func=choice.called, label_visibility="collapsed", on_change=_look_anew,
    )  # fmt: skip
    return chosen if chosen in choice.options else None


def _look_anew() -> None:
    """Other filters: begin at the top of what they leave."""
    address.forget()
    hand().chosen, hand().page, hand().trouble = None, 1, ""


def _tabbed(view: View, tab: str, me: str) -> View:
    if tab == "mine":
        return replace(view, assignee=me)
    if tab == "unassigned":
        return replace(view, assignee="")
    return view if tab == "open" else replace(view, status=Status(tab))


def turn(view: View, mine: Hand, counts: dict[str, int]) -> View:
    """The view at the page this session is on, or the one a key turned to. The page is kept by us: a run that a key
    press cuts short would lose what a widget alone remembers."""
    last = max(1, -(-counts["shown"] // PAGE))
    if mine.page == 0:
        named = st.query_params.get("page", "1")
        mine.page = int(named[:9]) if named.isdecimal() else 1
    if mine.turn and 1 <= mine.page + mine.turn <= last:
        mine.page += mine.turn
        mine.chosen = None
    mine.turn = 0
    mine.page = max(1, min(mine.page, last))
    if st.query_params.get("page", "1") != str(mine.page):
        st.query_params["page"] = str(mine.page)
    return replace(view, page=mine.page)


def rows(store: Store, ranking: Ranking, view: View, now: datetime) -> list[Row]:
    """The page's rows, ranked while they are open, the latest first once they are closed."""
    return hand().look("rows", store, (view,), now, lambda: _rows(store, ranking, view, now))


def _rows(store: Store, ranking: Ranking, view: View, now: datetime) -> list[Row]:
    with store.read() as reading:
        if view.status is Status.RESOLVED:
            return queue.resolved(reading, view)
        return queue.page(reading, ranking, view, now)


def steps(counts: dict[str, int]) -> None:
    """Draw the way from one mention to the next, and from page to page where there is more than one."""
    last = -(-counts["shown"] // PAGE)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Next", shortcut="j", key="next", on_click=triage.step, args=(1,))
        st.button("Previous", shortcut="k", key="previous", on_click=triage.step, args=(-1,))
        if last > 1:
            st.session_state.pager = hand().page
            st.pagination(last, key="pager", max_visible_pages=5, on_change=_open_page, width="stretch")


def _open_page() -> None:
    hand().page = st.session_state.pager
    hand().chosen = None
