"""Sources whose texts may be shown but not kept: fetched when somebody asks, drawn once, stored nowhere."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import edge
from dashboard.access import gate
from dashboard.runtime import now, runtime
from dashboard.shared import signs, source_settings, words
from dashboard.shared.source_state import is_approved, rules, secrets_missing, sentence
from data import setup
from data.models import Brand, Found, HearbackError
from data.setup import Setup
from listeners.base import ListenerError, LiveView, Options, Setting
from listeners.registry import LIVE_VIEWS

# No cache and no session state in here: both outlive the moment, and what is shown must not. A law holds it so.


def draw() -> None:
    """Draw every live view: its button and its settings."""
    for view in LIVE_VIEWS:
        with edge.part(view.policy.name):
            _view(view)


@gate.fragment()
def _view(view: LiveView) -> None:
    """Draw one live view, as a fragment: what it shows stays until the next click in it and is then gone."""
    try:
        listed = setup.load(runtime().places.setup)
    except HearbackError:
        return  # the page says so already
    options = listed.sources.get(view.source, {})
    lacking = lacks(view, listed)
    with st.container(border=True):
        name, ask = st.columns([8, 2], vertical_alignment="center")
        name.text(f"{view.policy.name}: shown live, never kept")
        asked = ask.button(
            "Look now", key=f"look_{view.source}", icon=":material/visibility:", disabled=bool(lacking), width="stretch"
        )
        if lacking:
            st.text(lacking)
        if asked and not lacking:
            _look(view, _real(listed), options)
        with st.expander("Set it up"):
            _set_up(view, options)


def _real(listed: Setup) -> tuple[Brand, ...]:
    return tuple(brand for brand in listed.brands if not brand.is_sample)


def lacks(view: LiveView, listed: Setup) -> str:
    """What is missing before the view can be fetched, a sentence; "" when nothing is."""
    options = listed.sources.get(view.source, {})
    if not _real(listed):
        return "No brand to look for yet: name one under Setup, Brands."
    if not is_approved(options):
        return sentence(f"first confirm below that you hold {view.policy.approval}")
    missing = [setting.label for setting in view.policy.settings if setting.needed and not options.get(setting.name)]
    return f"{missing[0]}: none yet. List them below." if missing else secrets_missing(view, options)


def _look(view: LiveView, brands: Sequence[Brand], options: Options) -> None:
    try:
        found = view.look(brands, options, now())
    except ListenerError as trouble:
        signs.failed("Nothing to see", sentence(str(trouble)))
        return
    if not found:
        st.text(f"{view.policy.name} shows no reviews of these.")
    for one in found:
        with edge.part("One review"):
            _review(view, one)


def _review(view: LiveView, one: Found) -> None:
    mention = one.mention
    about = [
        words.stars(mention.rating),
        ", ".join(one.brands),
        mention.author or "",
        f"{mention.published_at:%d %b %Y}",
    ]
    st.text(" · ".join(words.shown(part) for part in about if part))
    st.text("\n".join(part for part in (mention.title, mention.text) if part))
    if link := words.link(mention.url):
        st.link_button(f"View on {view.policy.name}", link, icon=":material/open_in_new:", type="tertiary")


def _set_up(view: LiveView, options: Options) -> None:
    source = view.source
    for title, said in rules(view.policy):
        st.text(f"{title}: {said}")
    source_settings.draw_trouble(source)
    source_settings.draw_approval(source, view.policy, options)
    with st.form(f"settings_{source}", border=False):
        for setting in view.policy.settings:
            st.text_area(
                setting.label, words.as_lines(_listed(options, setting)), key=f"list_{source}_{setting.name}",
                placeholder=setting.placeholder, help=setting.hint or None, height=92,
            )  # fmt: skip
        st.form_submit_button(
            "Save", key=f"save_{source}", on_click=source_settings.save_lists, args=(source, view.policy.settings)
        )


def _listed(options: Options, setting: Setting) -> Sequence[object]:
    said = options.get(setting.name, [])
    return said if isinstance(said, list) else [said]
