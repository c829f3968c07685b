"""The page Setup: brands, sources, imports of files, and erasures."""

from __future__ import annotations

import streamlit as st

from dashboard import edge
from dashboard.runtime import runtime
from dashboard.setup import brand_form, erase_form, import_form, source_form
from dashboard.shared import address
from data import setup
from data.models import HearbackError
from data.setup import Setup

PARTS = ("Brands", "Sources", "Import", "Erase")


def load_setup() -> Setup | None:
    """Read setup.toml; where it cannot be read, draw why and return None: then nothing here writes over it."""
    try:
        return setup.load(runtime().places.setup)
    except HearbackError as trouble:
        st.error("setup.toml cannot be read, so nothing here can change it.", icon=":material/error:")
        st.text(str(trouble))
        st.caption("It is left as it is. Mend this file, then read it again:")
        st.code(str(runtime().places.setup), language=None)
        st.button("Read it again", icon=":material/refresh:")
        return None


st.title("Setup", anchor=False)
listed = load_setup()
address.follow(address.Choice("part", PARTS))
address.tell("part")
brands, sources, imports, erase = st.tabs(PARTS, key="part", bind="query-params", on_change=address.forget)
if brands.open and listed:
    with brands, edge.part("Brands"):
        brand_form.draw(listed)
if sources.open and listed:
    with sources, edge.part("Sources"):
        source_form.draw(listed)
if imports.open:
    with imports, edge.part("Imports"):
        import_form.draw(listed or Setup())
if erase.open:
    with erase, edge.part("Erasures"):
        erase_form.draw()
