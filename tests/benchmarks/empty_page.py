"""The least a Streamlit page can be that answers a key: what every page pays, whatever stands on it."""

from __future__ import annotations

import streamlit as st


def move() -> None:
    """One further."""
    st.session_state.place = st.session_state.get("place", 0) + 1


st.button("Next", shortcut="j", on_click=move)
st.text(f"place {st.session_state.get('place', 0)}")
