"""Small signs with a sentence beside them; the sentence is always shown as text, whatever stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st


def slip(slips: Mapping[str, str], field: str) -> None:
    """What must be mended in a field, right below it; nothing when nothing must."""
    if field in slips:
        heed(slips[field], is_late=True)


def heed(sentence: str, *, is_late: bool) -> None:
    """What is to be done soon, or should have been done by now."""
    with st.container(horizontal=True, gap="xsmall", wrap=False):
        st.markdown(":red[:material/error:]" if is_late else ":orange[:material/warning:]", width="content")
        st.text(sentence, width="stretch")


def done(title: str, sentences: Sequence[str]) -> None:
    """What was done."""
    with st.container(border=True, gap="xsmall"):
        st.badge(title, icon=":material/check_circle:", color="green")
        st.text("\n".join(sentences))


def failed(title: str, sentence: str) -> None:
    """What was not done, and why."""
    with st.container(border=True, gap="xsmall"):
        st.badge(title, icon=":material/error:", color="red")
        st.text(sentence)
