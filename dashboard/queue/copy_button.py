"""A button that copies the content of a text box, in the browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

CSS = """
button { font-family: inherit; font-size: 0.875rem; color: var(--st-text-color); background: var(--st-background-color);
  padding: 0 0.75rem;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius);
  min-height: 2.5rem; cursor: pointer; }
button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
"""

JS = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.onclick = async () => {
    const box = document.querySelector(`.st-key-${data.box} textarea`);
    await navigator.clipboard.writeText(box ? box.value : "");
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy text"; }, 1500);
  };
}
"""


def draw(box: str) -> None:
    """Draw the button for the text box whose key is `box`."""
    _component()(key="copy", data={"box": box}, width="content")


@st.cache_resource
def _component() -> Callable[..., Any]:
    return st.components.v2.component("hearback_copy", html='<button type="button">Copy text</button>', css=CSS, js=JS)
