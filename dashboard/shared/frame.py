"""What stands above every page: whether the mentions are fictional, and which threads stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st
from streamlit.errors import FragmentHandledException

from dashboard import ways, zones
from dashboard.runtime import runtime
from dashboard.shared import clock_notice, pulse, words
from data import setup
from data.brands import brands
from data.models import HearbackError
from data.monitoring import leftovers
from data.store.condition import StoreIsShut

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
FICTION = (
    "**Sample.** Every brand, person and mention here is fictional. "
    "It goes with the first real mention: name a brand of your own or import a file."
)
LOOK_EVERY = 2  # seconds between two looks at whether the store is back
SAYS_ALL, SAYS_SETUP = "Sources", "Setup"  # the pages that show all troubles, or that of setup.toml, themselves


def notices(page: str) -> None:
    """Draw the banners above a page. `page`: its title."""
    st.html(f"<style>{STYLE}</style>")
    st.session_state.store_trouble = trouble = runtime().store.trouble
    if trouble:
        _store_trouble(trouble)
    st.session_state.shown_brands = known = runtime().store.remembered(brands.known, "brand")
    if any(brand.is_sample for brand in known):
        with st.container(key="fiction", horizontal=True, vertical_alignment="center", gap="small"):
            st.info(FICTION, icon=":material/theater_comedy:", width="stretch")
            if page != SAYS_SETUP:
                ways.to(ways.SETUP, "Set up your brand")
    clock_notice.draw()
    if sentence := zones.notice():
        st.caption(words.plain(sentence))
    for sentence in leftovers.told(runtime().places, urgent=True):
        st.warning(words.plain(sentence), icon=":material/inventory_2:")
    troubles = {name: loop.trouble for name, loop in runtime().loops.items() if loop.trouble}
    if troubles and page != SAYS_ALL and not trouble:
        pulse.draw_troubles(troubles, but=trouble_with_setup() if page == SAYS_SETUP else "")


@st.fragment(run_every=LOOK_EVERY)
def _store_trouble(trouble: str) -> None:
    """Draw what is wrong with the store, and the whole page anew as soon as that has changed."""
    if runtime().store.trouble != trouble:
        st.rerun()
    st.warning("The store needs help:", icon=":material/save:")
    st.text(trouble)


def is_outdated() -> bool:
    """Whether, since the banners were drawn, the brands changed, or something is wrong with the store or no longer."""
    store, shown = runtime().store, st.session_state.get("shown_brands")
    if store.trouble != st.session_state.get("store_trouble"):
        return True
    return shown is not None and store.remembered(brands.known, "brand") != shown


@contextmanager
def patient() -> Iterator[None]:
    """Draw a page. Where the store is shut meanwhile, that is said, and the page is drawn anew when it is back."""
    try:
        yield
    except StoreIsShut as shut:
        _store_trouble(str(shut))
    except FragmentHandledException:
        if trouble := runtime().store.trouble:
            _store_trouble(trouble)
        raise


def trouble_with_setup() -> str:
    """Why setup.toml cannot be read, a sentence; "" when it can."""
    try:
        setup.load(runtime().places.setup)
    except HearbackError as trouble:
        return str(trouble)
    return ""
