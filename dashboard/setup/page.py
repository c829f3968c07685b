"""The page Setup: brands, sources, imports of files, erasures, and people."""

from __future__ import annotations

import streamlit as st

from dashboard import edge
from dashboard.access import identity
from dashboard.runtime import runtime
from dashboard.setup import brand_form, erase_form, import_form, people_form, source_form
from dashboard.shared import address
from data import setup
from data.models import HearbackError
from data.people.rights import Verb
from data.setup import Setup

PARTS = ("Brands", "Sources", "Import", "Erase", "People")


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
brands, sources, imports, erase, team = st.tabs(PARTS, key="part", bind="query-params", on_change=address.forget)
if brands.open and listed:
    with brands, edge.part("Brands"):
        if identity.insisted(Verb.COLLECT):
            brand_form.draw(listed)
if sources.open and listed:
    with sources, edge.part("Sources"):
        if identity.insisted(Verb.COLLECT):
            source_form.draw(listed)
if imports.open:
    with imports, edge.part("Imports"):
        if identity.insisted(Verb.IMPORT):
            import_form.draw(listed or Setup())
if erase.open:
    with erase, edge.part("Erasures"):
        if identity.insisted(Verb.ERASE):
            erase_form.draw()
if team.open:
    with team, edge.part("The team"):
        if identity.insisted(Verb.PEOPLE):
            people_form.draw()
