"""The outermost edge of what is drawn: what fails becomes a sentence in its place, and its cause goes to the log."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st
from streamlit.errors import FragmentHandledException
from streamlit.runtime.state.session_state import SessionState

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


def watch_presses(state: Any = SessionState) -> None:
    """From now on a callback of a widget that fails is said in a passing note, and the page is drawn all the same;
    once for a class. Streamlit has no hook for it, and would draw nothing: its class is extended in place."""
    run_and_record = state._run_callback_and_record_rerun
    if getattr(run_and_record, "is_watched", False):
        return

    def watched(self: Any, votes: Any, run: Callable[[], None]) -> None:
        run_and_record(self, votes, lambda: _pressed(run))

    watched.is_watched = True  # type: ignore[attr-defined]
    state._run_callback_and_record_rerun = watched


def _pressed(run: Callable[[], None]) -> None:
    try:
        run()
    except Exception as fault:  # the outermost edge of a press: said, and logged
        _logger.error("A press could not be followed", exc_info=fault)
        _tell(fault)


def _tell(fault: Exception) -> None:
    """Say in a passing note that a press failed; in one, since a callback's elements have no place on the page."""
    why = (
        re.sub(r"([^\w\s])", r"\\\1", str(fault))
        if isinstance(fault, HearbackError)
        else "The log of the app says why."
    )
    st.toast(f"What you pressed could not be done. {why}", icon=":material/error:")


def page_failed(fault: Exception) -> bool:
    """Say that a page, or a fragment of it, ended in an exception; for Streamlit, which has logged it."""
    _say("This part of the page", fault)
    return True


def _say(name: str, fault: Exception) -> None:
    st.error(f"{name} cannot be shown just now. The rest works; the log of the app says why.", icon=":material/error:")
    if isinstance(fault, HearbackError):
        st.text(str(fault))
