"""Reads what people type into the address: the label or the code of an option, in any case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from dashboard.shared import words

T = TypeVar("T")
LONGEST = 60  # characters of what was not understood that are shown


@dataclass(frozen=True, slots=True)
class Choice:
    """One parameter of the address: its name, its options, and the label of each."""

    key: str
    options: Sequence[Any]
    called: Callable[[Any], str] = str


def meant(written: str, options: Iterable[T], called: Callable[[T], str] = str) -> T | None:
    """The option whose label or code is `written`, in any case where only one fits; None where none or several do."""
    options = list(options)
    for name in (called, str):
        for option in options:
            if name(option) == written:
                return option
    alike = [one for one in options if written.strip().casefold() in (called(one).casefold(), str(one).casefold())]
    return alike[0] if len({called(one) for one in alike}) == 1 else None


def follow(*choices: Choice) -> None:
    """Replace each parameter of the address by the label of the option it means, before the widgets bound to it read
    it; what means no option is noted for `tell`. Call it first in a run of the page: it may start the run anew."""
    moved = False
    for choice in choices:
        written = st.query_params.get(choice.key)
        if not written or choice.key in st.session_state:  # else its widget holds the value
            continue
        option = meant(written, choice.options, choice.called)
        if option is None:
            _misunderstood()[choice.key] = written
        elif choice.called(option) != written:
            st.query_params[choice.key] = choice.called(option)
            moved = True
    if moved:
        st.rerun()


def _misunderstood() -> dict[str, str]:
    kept: dict[str, str] = st.session_state.setdefault("misunderstood", {})
    return kept


def forget() -> None:
    """Drop the notes of what was not understood, as soon as somebody chooses in a widget."""
    _misunderstood().clear()


def tell(*keys: str) -> None:
    """Draw one line naming which of these parameters were not understood; nothing where all were."""
    wrong = [f"{key} “{words.shown(said[:LONGEST])}”" for key, said in _misunderstood().items() if key in keys]
    if wrong:
        with st.container(key="left_out"):
            st.text(f"Left out, because nothing here goes by that name: {', '.join(wrong)}.")
