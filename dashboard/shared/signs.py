"""Icons and badges with a sentence, which is always shown as text, never as markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st


def slip(slips: Mapping[str, str], field: str) -> None:
    """Draw below a field what must be mended in it; nothing where `slips` has no sentence for it."""
    if field in slips:
        heed(slips[field], is_late=True)


def heed(sentence: str, *, is_late: bool) -> None:
    """Draw a warning: red where it `is_late`, else orange."""
    with st.container(horizontal=True, gap="xsmall", wrap=False):
        st.markdown(":red[:material/error:]" if is_late else ":orange[:material/warning:]", width="content")
        st.text(sentence, width="stretch")


def done(title: str, sentences: Sequence[str]) -> None:
    """Draw that something was done, and the sentences about it."""
    with st.container(border=True, gap="xsmall"):
        st.badge(title, icon=":material/check_circle:", color="green")
        st.text("\n".join(sentences))


def failed(title: str, sentence: str) -> None:
    """Draw that something was not done, and why."""
    with st.container(border=True, gap="xsmall"):
        st.badge(title, icon=":material/error:", color="red")
        st.text(sentence)
