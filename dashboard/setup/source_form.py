"""The Sources part of Setup: for each source its rules, its switch, its approval and its settings."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import streamlit as st

from dashboard.runtime import now, runtime
from dashboard.setup import source_entry
from dashboard.setup.source_entry import SourceEntry
from dashboard.shared import address, signs, source_settings, words
from dashboard.shared.address import Choice
from dashboard.shared.source_state import (
    Mark,
    has_link,
    is_approved,
    mark_of,
    needed,
    reason_off,
    rules,
    secrets_missing,
    task,
)
from data import setup
from data.models import SAMPLE, HearbackError
from data.setup import Setup
from data.spool.credentials import endings
from listeners.base import Listener, ListenerError, Options, Setting
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
    """Draw the list of sources, those that are on first, and return the chosen one; the address holds the choice."""
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
        source_settings.draw_trouble(listener.source)
        if listener.policy.approval:
            source_settings.draw_approval(listener.source, listener.policy, options)
        if listener.source == "rss":
            _feeds(options, [brand.name for brand in listed.brands])
        if listener.source != SAMPLE:
            _options(listener, options)
        if listener.policy.is_paid:
            _price(listener, listed)


def _rules(listener: Listener) -> None:
    with st.container(key="rules"):
        st.subheader(listener.policy.name, anchor=False)
    for title, said in rules(listener.policy):
        name, sentence = st.columns([3, 7], gap="small")
        name.caption(title)
        sentence.text(said)
    if has_link(listener.policy):
        st.link_button("Read the terms", listener.policy.terms, icon=":material/open_in_new:", type="tertiary")


def _switch(listener: Listener, listed: Setup, options: Options) -> None:
    source, on = listener.source, source_entry.is_on(listener, options)
    wanted = task(listener, listed)
    off, need, mark = reason_off(wanted), needed(wanted), mark_of(wanted)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.toggle(
            "Listen", on, key=f"on_{source}_{on}", on_change=switch, args=(source,), kwargs={"is_on": not on},
            disabled=bool(listener.policy.approval) and not on and not is_approved(options),
        )  # fmt: skip
        word, icon, colour = mark.sign
        st.badge("On" if mark is Mark.LISTENING else word, icon=icon, color=colour)
    said, missing = off or need or "", secrets_missing(listener, options)
    if missing not in said:
        said = f"{said} {missing}"
    if said:
        st.text(said)


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
            for ending in endings(options, runtime().places.cursors, source, now()):
                signs.heed(words.shown(ending.says), is_late=ending.over)


def _price(listener: Listener, listed: Setup) -> None:
    """Draw the button that asks the source what listening would cost, and its answer."""
    source = listener.source
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Estimate the cost", key=f"estimate_{source}", on_click=ask_price, args=(listener, listed))
        if said := st.session_state.get(f"price_{source}"):
            st.text(said, width="stretch")


def _setting(setting: Setting, held: Any, key: str) -> None:
    """Draw the field of one of the source's own settings."""
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


def switch(source: str, *, is_on: bool) -> None:
    """Switch a source on or off."""
    source_settings.keep(source, {"on": is_on})


def ask_price(listener: Listener, listed: Setup) -> None:
    """Ask a source what its queries would cost, and keep the answer for the form."""
    try:
        said = source_entry.priced(estimate(task(listener, listed), now()))
    except ListenerError as trouble:
        said = f"It cannot be told: {trouble}."
    st.session_state[f"price_{listener.source}"] = words.shown(said)


def save(listener: Listener, tag: str) -> None:
    """Save a source's options, or show beside the fields what must be mended."""
    source, state = listener.source, st.session_state
    given = {one.name: state.get(f"{one.name}_{tag}") for one in source_entry.own_settings(listener)}
    dollars, expires = state.get(f"dollars_{tag}"), state.get(f"expires_{tag}")
    typed = SourceEntry(state[f"minutes_{tag}"], state.get(f"days_{tag}"), dollars, given, expires)
    held: Options = {}
    with suppress(HearbackError):  # saving says so
        held = setup.load(runtime().places.setup).sources.get(source, {})
    options, slips = source_entry.to_options(listener, typed, held)
    state[f"slips_{source}"] = slips
    if not slips:
        source_settings.keep(source, options)


def add_feed() -> None:
    """Add the typed feed to setup.toml."""
    state = st.session_state
    try:
        listed = setup.load(runtime().places.setup).sources.get("rss", {})
        added = source_entry.add_feed(source_entry.feeds(listed), state.feed_url, state.feed_brand)
    except HearbackError as trouble:
        state.trouble_rss = str(trouble)
        return
    if source_settings.keep("rss", {"feeds": added}):
        state.feed_url, state.feed_brand = "", None


def drop_feed(feed: Feed) -> None:
    """Remove a feed from setup.toml."""
    try:
        listed = setup.load(runtime().places.setup).sources.get("rss", {})
        left = [one for one in source_entry.feeds(listed) if one != feed]
    except HearbackError as trouble:
        st.session_state.trouble_rss = str(trouble)
        return
    source_settings.keep("rss", {"feeds": source_entry.as_listed(left)})
