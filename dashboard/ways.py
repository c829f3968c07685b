"""Links to other pages, as the next step of what is said."""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

SOURCES, SETUP = ("sources/page.py", ":material/sensors:"), ("setup/page.py", ":material/tune:")


def to(page: tuple[str, str], label: str) -> None:
    """Draw a link to a page, one of those above. Where a page is drawn without the others, its words stand alone."""
    path, icon = page
    try:
        st.page_link(path, label=label, icon=icon)
    except StreamlitPageNotFoundError:
        st.text(label)
