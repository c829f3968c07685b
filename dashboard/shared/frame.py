"""What stands above every page: whether the mentions are fictional, and which threads stopped."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.runtime import runtime
from dashboard.shared import clock_notice, pulse
from data import setup
from data.brands import brands
from data.models import HearbackError

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
FICTION = (
    "**Sample.** Every brand, person and mention here is fictional. "
    "It goes as soon as you name a brand of your own on **Setup** or import a file."
)
SAYS_ALL, SAYS_SETUP = "Sources", "Setup"  # the pages that show all troubles, or that of setup.toml, themselves


def notices(page: str) -> None:
    """Draw the banners above a page. `page`: its title."""
    st.html(f"<style>{STYLE}</style>")
    if any(brand.is_sample for brand in runtime().store.remembered(brands.known, "brand")):
        with st.container(key="fiction"):
            st.info(FICTION, icon=":material/theater_comedy:")
    clock_notice.draw()
    troubles = {name: loop.trouble for name, loop in runtime().loops.items() if loop.trouble}
    if troubles and page != SAYS_ALL:
        pulse.draw_troubles(troubles, but=trouble_with_setup() if page == SAYS_SETUP else "")


def trouble_with_setup() -> str:
    """Why setup.toml cannot be read, a sentence; "" when it can."""
    try:
        setup.load(runtime().places.setup)
    except HearbackError as trouble:
        return str(trouble)
    return ""
