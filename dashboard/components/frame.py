"""What stands above every page: whether the mentions are fictional, and what is wrong with the house."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.components import pulse
from dashboard.house import house
from data import brands

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
FICTION = (
    "**Sample.** Every brand, person and mention here is fictional. "
    "It goes as soon as you name a brand of your own on **Setup** or import a file."
)


def notices() -> None:
    """The banners that must not be missed."""
    st.html(f"<style>{STYLE}</style>")
    if any(brand.is_sample for brand in house().store.remembered(brands.known, "brand")):
        with st.container(key="fiction"):
            st.info(FICTION, icon=":material/theater_comedy:")
    for name, loop in house().loops.items():
        if loop.trouble:
            part = pulse.THREADS.get(name, name.capitalize())
            st.error(f"{part} stopped short and is tried again by itself:", icon=":material/error:")
            st.text(loop.trouble)
