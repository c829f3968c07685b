"""The outermost edge of what is drawn: what fails becomes a sentence in its place, and its cause goes to the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.errors import FragmentHandledException

from data.models import HearbackError
from data.store.condition import StoreIsShut

_logger = logging.getLogger(__name__)


@contextmanager
def part(name: str) -> Iterator[None]:
    """Draw one part of a page. Where it fails, a sentence stands in its place and the parts after it are drawn.
    `name`: what the part shows, as a person calls it, with a capital."""
    try:
        yield
    except StoreIsShut:
        raise  # the page is drawn anew when it is back
    except FragmentHandledException:
        return  # `page_failed` has said it
    except Exception as fault:  # the outermost edge of a part of a page: said, and logged
        _logger.error("%s could not be drawn", name, exc_info=fault)
        _say(name, fault)


def page_failed(fault: Exception) -> bool:
    """Say that a page, or a fragment of it, ended in an exception; for Streamlit, which has logged it."""
    _say("This part of the page", fault)
    return True


def _say(name: str, fault: Exception) -> None:
    st.error(f"{name} cannot be shown just now. The rest works; the log of the app says why.", icon=":material/error:")
    if isinstance(fault, HearbackError):
        st.text(str(fault))
