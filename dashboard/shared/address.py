"""What people write into the address by hand: a label or a code, in any case, where one alone can be meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from dashboard.shared import words

T = TypeVar("T")
LONGEST = 60  # characters of what was written that are told again


@dataclass(frozen=True, slots=True)
class Choice:
    """One parameter of the address: its name, what may be chosen, and how each is called there."""

    key: str
    options: Sequence[Any]
    called: Callable[[Any], str] = str


def meant(written: str, options: Iterable[T], called: Callable[[T], str] = str) -> T | None:
    """The option that is meant: by its label, else its code, word for word; else in any case where only one fits."""
    options = list(options)
    for name in (called, str):
        for option in options:
            if name(option) == written:
                return option
    alike = [one for one in options if written.strip().casefold() in (called(one).casefold(), str(one).casefold())]
    return alike[0] if len({called(one) for one in alike}) == 1 else None


def follow(*choices: Choice) -> None:
    """Put labels where the address has something that means one, before the widgets bound to it read it; what means
    none is told by `tell`. A whole run of the page begins with it."""
    moved = False
    for choice in choices:
        written = st.query_params.get(choice.key)
        if not written or choice.key in st.session_state:  # else its widget has the say
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
    """Say no more of what was not understood: somebody has chosen since."""
    _misunderstood().clear()


def tell(*keys: str) -> None:
    """Say which of these parameters were not understood, in one calm line; nothing where all were."""
    wrong = [f"{key} “{words.shown(said[:LONGEST])}”" for key, said in _misunderstood().items() if key in keys]
    if wrong:
        with st.container(key="left_out"):
            st.text(f"Left out, because nothing here goes by that name: {', '.join(wrong)}.")
