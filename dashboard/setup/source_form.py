"""The Sources part of Setup: for each source what is allowed, its switch, and what can be set."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import streamlit as st

from dashboard.runtime import house, now
from dashboard.setup import source_entry
from dashboard.setup.source_entry import Entry
from dashboard.shared import address, signs, words
from dashboard.shared.address import Choice
from dashboard.shared.source_state import Mark, mark_of, needed, reason_off, secrets_missing, task
from data import setup
from data.models import SAMPLE, HearbackError
from data.setup import Setup
from data.spool.credentials import endings
from listeners.base import Listener, ListenerError, Options, Policy, Setting
from listeners.registry import LISTENERS
from listeners.schedule.runs import estimate
from listeners.sources.rss import Feed


def draw(listed: Setup) -> None:
    """Draw the list of sources, and the one that is chosen."""
    st.caption("A change takes effect within seconds. Secrets are never kept here or shown.")
    choice, detail = st.columns([3, 9], gap="large")
    with choice:
        chosen = _choose(listed)
    with detail, st.container(border=True):
        _source(chosen, listed)


def _choose(listed: Setup) -> Listener:
    """The list on the left: what is listened to first, then what rests; the choice is in the address."""
    marks = {one.source: mark_of(task(one, listed)) for one in LISTENERS}
    ordered = sorted(LISTENERS, key=lambda one: (marks[one.source].rests, one.policy.name.lower()))
    by_name = {one.source: one for one in ordered}
    address.follow(Choice("platform", list(by_name), lambda name: by_name[name].policy.name))
    address.tell("platform")
    chosen = st.radio(
        "Source", list(by_name), key="platform", bind="query-params", label_visibility="collapsed", width="stretch",
        format_func=lambda name: by_name[name].policy.name,
        captions=[marks[one.source].sign[0] for one in ordered], on_change=address.forget,
    )  # fmt: skip
    return by_name[chosen or next(iter(by_name))]


def _source(listener: Listener, listed: Setup) -> None:
    options = listed.sources.get(listener.source, {})
    widths = [7, 2] if listener.source == SAMPLE else [4, 5]  # the sample has nothing to fill in
    about, fields = st.columns(widths, gap="large")
    with about:
        _rules(listener)
    with fields:
        _switch(listener, listed, options)
        draw_trouble(listener.source)
        if listener.policy.approval:
            draw_approval(listener.source, listener.policy, options)
        if listener.source == "rss":
            _feeds(options, [brand.name for brand in listed.brands])
        if listener.source != SAMPLE:
            _options(listener, options)
        if listener.policy.is_paid:
            _price(listener, listed)


def _rules(listener: Listener) -> None:
    with st.container(key="rules"):
        st.subheader(listener.policy.name, anchor=False)
    for title, said in source_entry.rules(listener.policy):
        name, sentence = st.columns([3, 7], gap="small")
        name.caption(title)
        sentence.text(said)
    if source_entry.has_link(listener.policy):
        st.link_button("Read the terms", listener.policy.terms, icon=":material/open_in_new:", type="tertiary")


def _switch(listener: Listener, listed: Setup, options: Options) -> None:
    source, on = listener.source, source_entry.is_on(listener, options)
    asked = task(listener, listed)
    off, need, mark = reason_off(asked), needed(asked), mark_of(asked)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.toggle(
            "Listen", on, key=f"on_{source}_{on}", on_change=switch, args=(source, not on),
            disabled=bool(listener.policy.approval) and not on and not source_entry.is_approved(options),
        )  # fmt: skip
        word, icon, colour = mark.sign
        st.badge("On" if mark is Mark.LISTENING else word, icon=icon, color=colour)
    said, missing = off or need or "", secrets_missing(listener, options)
    if missing not in said:
        said = f"{said} {missing}"
    if said:
        st.text(said)


def draw_approval(source: str, policy: Policy, options: Options) -> None:
    """Who confirmed the platform's approval, or the form in which somebody does."""
    if source_entry.is_approved(options):
        said, back = st.columns([7, 3], vertical_alignment="center")
        said.text(f"Approval confirmed by {words.shown(str(options['approved']))}")
        back.button("Take it back", key=f"unapprove_{source}", on_click=unapprove, args=(source,), type="tertiary")
        return
    with st.form(f"approval_{source}", border=False):
        st.checkbox(f"We hold {policy.approval}", key=f"approved_{source}")
        name, confirm = st.columns([7, 3], gap="small", vertical_alignment="bottom")
        name.text_input("Confirmed by", key=f"confirmed_{source}", placeholder="Your name", max_chars=80)
        confirm.form_submit_button("Confirm", on_click=approve, args=(source,), width="stretch")


def _feeds(options: Options, brands: Sequence[str]) -> None:
    try:
        held = source_entry.feeds(options)
    except HearbackError as trouble:
        signs.failed("The feeds in setup.toml cannot be read; mend them there", str(trouble))
        return
    for place, feed in enumerate(held):
        said, away = st.columns([8, 2], vertical_alignment="center")
        said.text(words.shown(feed.url) + (f"\nall of it about {words.shown(feed.brand)}" if feed.brand else ""))
        away.button("Remove", key=f"feed_{place}_{feed.key}", on_click=drop_feed, args=(feed,), type="tertiary")
    with st.form("feed", border=False):
        st.text_input("Feed address", key="feed_url", placeholder="https://example.com/feed.xml", max_chars=2_000)
        about, add = st.columns([7, 3], gap="small", vertical_alignment="bottom")
        about.selectbox(
            "All of it is about", brands, index=None, key="feed_brand", placeholder="whichever brand its words name"
        )
        add.form_submit_button("Add feed", icon=":material/add:", on_click=add_feed, width="stretch")


def _options(listener: Listener, options: Options) -> None:
    source, set_to = listener.source, source_entry.entry(listener, options)
    tag = f"{source}_{source_entry.mark(set_to)}"  # when setup.toml changes, the fields begin anew with what it says
    slips = st.session_state.get(f"slips_{source}", {})
    with st.form(f"options_{source}", border=False):
        for setting in source_entry.own_settings(listener):
            _setting(setting, set_to.given[setting.name], f"{setting.name}_{tag}")
            signs.slip(slips, setting.name)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.number_input(
                "Visit every (minutes)", 0.05, source_entry.SELDOMEST, set_to.minutes, 1.0, format="%g",
                key=f"minutes_{tag}",
            )  # fmt: skip
            if set_to.days is not None:
                st.number_input(
                    "First visit looks back (days)", 0.0, source_entry.LONGEST_LOOK_BACK, set_to.days, 1.0,
                    format="%g", key=f"days_{tag}",
                )  # fmt: skip
            if set_to.dollars is not None:
                st.number_input(
                    "Spend at most (US$ a month)", 0.0, source_entry.MOST_DOLLARS, set_to.dollars, 1.0, format="%g",
                    key=f"dollars_{tag}",
                )  # fmt: skip
            if listener.policy.credentials:
                st.date_input(
                    "Credentials hold until", set_to.expires, source_entry.EARLIEST, source_entry.LATEST,
                    key=f"expires_{tag}", format="YYYY-MM-DD", width=180,
                    help="You are warned 14 days before. Empty: no warning.",
                )  # fmt: skip
        st.form_submit_button("Save", key=f"save_{source}", on_click=save, args=(listener, tag))
        for field in ("minutes", "days", "dollars"):
            signs.slip(slips, field)
        if source_entry.is_on(listener, options):
            for ending in endings(options, house().places.cursors, source, now()):
                signs.heed(words.shown(ending.says), is_late=ending.over)


def _price(listener: Listener, listed: Setup) -> None:
    """What listening would cost, asked of the source itself before it is switched on."""
    source = listener.source
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Estimate the cost", key=f"estimate_{source}", on_click=ask_price, args=(listener, listed))
        if said := st.session_state.get(f"price_{source}"):
            st.text(said, width="stretch")


def _setting(setting: Setting, held: Any, key: str) -> None:
    """The field of one of the source's own settings."""
    label, hint = setting.label, setting.hint or None
    if setting.kind == "switch":
        st.checkbox(label, held, key=key, help=hint)
    elif setting.kind == "number":
        st.number_input(label, 0.0, source_entry.MOST_NUMBER, held, 1.0, format="%g", key=key, help=hint)
    elif setting.kind == "text":
        st.text_input(label, held, key=key, help=hint, placeholder=setting.placeholder, max_chars=500)
    else:
        one_a_line = hint or "One a line, or with commas between."
        st.text_area(label, held, key=key, help=one_a_line, placeholder=setting.placeholder, height=92)


def draw_trouble(source: str) -> None:
    """Why the last change was not kept, when it was not."""
    trouble = st.session_state.get(f"trouble_{source}")
    if trouble:
        signs.failed("Not saved", trouble)


def _keep(source: str, options: dict[str, Any]) -> bool:
    st.session_state[f"trouble_{source}"] = None
    try:
        source_entry.keep(house().places.setup, source, options)
    except HearbackError as trouble:
        st.session_state[f"trouble_{source}"] = str(trouble)
        return False
    st.toast("Saved.", icon=":material/check_circle:")
    return True


def switch(source: str, on: bool) -> None:
    """Switch a source on or off."""
    _keep(source, {"on": on})


def approve(source: str) -> None:
    """Write down who confirms the platform's approval."""
    name, ticked = st.session_state[f"confirmed_{source}"], st.session_state[f"approved_{source}"]
    try:
        said = source_entry.approval(name, ticked, now().date())
    except HearbackError as trouble:
        st.session_state[f"trouble_{source}"] = str(trouble)
        return
    _keep(source, {"approved": said})


def unapprove(source: str) -> None:
    """The approval is gone: the source rests."""
    _keep(source, {"approved": "", "on": False})


def ask_price(listener: Listener, listed: Setup) -> None:
    """Ask a source what its queries would cost."""
    try:
        said = source_entry.priced(estimate(task(listener, listed), now()))
    except ListenerError as trouble:
        said = f"It cannot be told: {trouble}."
    st.session_state[f"price_{listener.source}"] = words.shown(said)


def save(listener: Listener, tag: str) -> None:
    """Save how a source is set, or say beside the fields what must be mended."""
    source, state = listener.source, st.session_state
    given = {one.name: state.get(f"{one.name}_{tag}") for one in source_entry.own_settings(listener)}
    dollars, expires = state.get(f"dollars_{tag}"), state.get(f"expires_{tag}")
    typed = Entry(state[f"minutes_{tag}"], state.get(f"days_{tag}"), dollars, given, expires)
    held: Options = {}
    with suppress(HearbackError):  # saving says so
        held = setup.load(house().places.setup).sources.get(source, {})
    options, slips = source_entry.to_options(listener, typed, held)
    state[f"slips_{source}"] = slips
    if not slips:
        _keep(source, options)


def save_lists(source: str, settings: Sequence[Setting]) -> None:
    """Save the lists that were typed for a source that is only looked at."""
    typed = {one.name: source_entry.listed(st.session_state[f"list_{source}_{one.name}"]) for one in settings}
    slips = [wrong for one in settings if (wrong := source_entry.slip(one, typed[one.name]))]
    st.session_state[f"trouble_{source}"] = slips[0] if slips else None
    if not slips:
        _keep(source, typed)


def add_feed() -> None:
    """Add the feed that was typed."""
    state = st.session_state
    try:
        listed = setup.load(house().places.setup).sources.get("rss", {})
        added = source_entry.add_feed(source_entry.feeds(listed), state.feed_url, state.feed_brand)
    except HearbackError as trouble:
        state.trouble_rss = str(trouble)
        return
    if _keep("rss", {"feeds": added}):
        state.feed_url, state.feed_brand = "", None


def drop_feed(feed: Feed) -> None:
    """Listen to a feed no more."""
    try:
        listed = setup.load(house().places.setup).sources.get("rss", {})
        left = [one for one in source_entry.feeds(listed) if one != feed]
    except HearbackError as trouble:
        st.session_state.trouble_rss = str(trouble)
        return
    _keep("rss", {"feeds": source_entry.as_listed(left)})
