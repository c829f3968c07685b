"""Under which name this session works: the field that asks for it, and what it holds."""

from __future__ import annotations

import streamlit as st

from data.settings import user


def ask() -> str:
    """Draw the field for the name, at first that of this machine's user, and return what it holds. The address carries
    the name from page to page."""
    name = st.text_input(
        "Working as", user(), key="me", bind="query-params", max_chars=40, icon=":material/person:",
        label_visibility="collapsed", placeholder="Your name",
    )  # fmt: skip
    return (name or "").strip() or "somebody"


def current() -> str:
    """The name that the field of this session holds, where it was drawn; else that of this machine's user."""
    return str(st.session_state.get("me") or "").strip() or user()
