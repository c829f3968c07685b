"""Draws what a brand's words match of what is stored while they are typed, and what a change gains and loses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import streamlit as st

from dashboard.runtime import now, runtime
from dashboard.setup.brand_entry import matched
from dashboard.shared import muted, words
from data.brands import previews
from data.brands.previews import GAINED, HITS, LOST, ROWS, Example, Trial
from data.exclusions import mutes
from data.models import Brand, Mention
from listeners.base import ListenerError
from listeners.http.web import Limits, Web
from listeners.sources.hackernews import HackerNews, Peek

NAMES = {HITS: "Hits", GAINED: "Gained", LOST: "Lost"}
WORDS = 12  # offered to be excluded
SHORTEST = 4  # letters of a word that is worth excluding
WORD = r"[^\W\d_]+"
PATIENCE = Limits(connect=3.0, read=4.0, total=6.0)  # seconds: somebody waits at the screen


@dataclass
class TrialState:
    """The trial of the words typed last: the brand, what it matches, and what Hacker News answered."""

    brand: Brand | None = None
    trial: Trial | None = None
    peek: Peek | None = None
    trouble: str = ""


def draw(brand: Brand, *, saved: Brand | None, key: str, exclude: Callable[[str], None]) -> None:
    """Draw what a brand would match. `saved`: the brand as it is saved, None for a new one; `key`: of this opening of
    the form; `exclude`: called with a word to add it to the excluded ones."""
    bench: TrialState = st.session_state.setdefault(f"bench_{key}", TrialState())
    trial = _tried(bench, brand, saved)
    st.subheader("What it matches", anchor=False)
    st.text(matched(trial.hits, trial.stored))
    if trial.by_source:
        st.caption(by_source(trial))
    if trial.hits or trial.lost:
        _examples(trial, brand, key, exclude)
    _source(bench, brand, key)


def _tried(bench: TrialState, brand: Brand, saved: Brand | None) -> Trial:
    """The trial of a brand, made once for each change of the fields."""
    tried = replace(brand, competitor=False, handles=(), reply_within=Brand("", ()).reply_within)
    if bench.brand != tried or bench.trial is None:
        with runtime().store.read() as store:
            bench.trial = previews.try_out(store, tried, is_saved=saved is not None)
        bench.brand, bench.peek, bench.trouble = tried, None, ""
    return bench.trial


def by_source(trial: Trial) -> str:
    """The hits of a trial by source: "Reddit 800 · X 404"."""
    return words.plain(" · ".join(f"{words.source(name)} {many:,}" for name, many in trial.by_source))


def _examples(trial: Trial, brand: Brand, key: str, exclude: Callable[[str], None]) -> None:
    """Draw the choice between hits, gained and lost, one page of the chosen kind, and the pages."""
    counts = {HITS: trial.hits, GAINED: trial.gained, LOST: trial.lost}
    kinds = [kind for kind in NAMES if counts[kind]]
    which = kinds[0]
    if len(kinds) > 1 or which != HITS:
        chosen = st.segmented_control(
            "Examples", kinds, default=which, required=True, key=f"bench_kind_{key}", label_visibility="collapsed",
            format_func=lambda kind: f"{NAMES[kind]} {counts[kind]:,}",
        )  # fmt: skip
        which = chosen if chosen in kinds else which
    last = max(1, -(-trial.counted(which) // ROWS))
    pager = f"bench_page_{which}_{key}"
    number = min(int(st.session_state.get(pager) or 1), last)
    with runtime().store.read() as store:
        shown = previews.page(store, trial, which, number)
    for place, example in enumerate(shown):
        _example(example, brand, f"{key}_{place}", exclude)
    if last > 1:
        st.pagination(last, key=pager, max_visible_pages=5)


def _example(example: Example, brand: Brand, key: str, exclude: Callable[[str], None]) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="top", wrap=False):
        with st.container(gap=None, width="stretch"):
            st.text(words.shown(" ".join(example.said.split())) or "(no words)")
            st.text(about(example, now()))
        _menu(example, brand, key, exclude)


def about(example: Example, at: datetime) -> str:
    """An example's author, source, age, and number of duplicates."""
    alike = f"+{example.alike:,} alike" if example.alike else ""
    parts = (
        words.shown(example.author or ""),
        words.source(example.source),
        words.ago(example.published_at, at),
        alike,
    )
    return "   " + " · ".join(part for part in parts if part)


def offered(said: str, brand: Brand) -> list[str]:
    """The words of an example to offer for exclusion, each once, the longest first, without the brand's own words."""
    own = {
        word.casefold()
        for term in (*brand.terms, *brand.required, *brand.excluded)
        for word in re.findall(WORD, term.casefold())
    }
    found = dict.fromkeys(word for word in re.findall(WORD, said.casefold()) if len(word) >= SHORTEST)
    return sorted((word for word in found if word not in own), key=lambda word: (-len(word), word))[:WORDS]


def _menu(example: Example, brand: Brand, key: str, exclude: Callable[[str], None]) -> None:
    """Draw the menu that excludes a word, or mutes the author, community or thread of an example."""
    mention = Mention(
        example.id, example.source, "", example.said, example.published_at, author=example.author, url=example.url,
        thread_id=example.thread_id,
    )  # fmt: skip
    with runtime().store.read() as store:
        targets = mutes.targets(store, mention)
    choices: dict[str, Callable[[], None]] = {
        **{f"the word {word}": _excluding(exclude, word) for word in offered(example.said, brand)},
        **{f"mute {words.shown(muted.said(target))}": muted.muter(target) for target in targets},
    }
    if choices:
        st.menu_button(
            "Leave out", list(choices), key=f"bench_out_{key}", type="tertiary", format_func=words.plain,
            on_click=_leave_out, args=(f"bench_out_{key}", choices),
        )  # fmt: skip


def _excluding(exclude: Callable[[str], None], word: str) -> Callable[[], None]:
    return lambda: exclude(word)


def _leave_out(key: str, choices: dict[str, Callable[[], None]]) -> None:
    if do := choices.get(st.session_state[key]):
        do()


def _source(bench: TrialState, brand: Brand, key: str) -> None:
    """Draw the button that asks Hacker News, and what it answered."""
    st.button(
        "Try on Hacker News", icon=":material/travel_explore:", key=f"bench_source_{key}", on_click=_peek,
        args=(bench, brand), help="Asks its search once; nothing is stored.",
    )  # fmt: skip
    if bench.trouble:
        st.text(bench.trouble)
    if bench.peek:
        st.text(said_of(bench.peek))
        for mention in bench.peek.mentions:
            line = " ".join(f"{mention.title or ''} {mention.text}".split())
            st.text(f"\N{BULLET} {words.shown(line[:160])} · {words.ago(mention.published_at, now())}")


def said_of(peek: Peek) -> str:
    """What Hacker News answered, a sentence."""
    if not peek.hits:
        return "Hacker News: nothing in the last 30 days."
    first = (
        f"; these are the newest {len(peek.mentions)}" if peek.mentions else "; none of its first page names the brand"
    )
    return f"Hacker News: about {peek.hits:,} in the last 30 days{first}."


def source() -> HackerNews:
    """Hacker News with timeouts short enough for somebody who waits at the screen."""
    return HackerNews(web=Web(PATIENCE))


def _peek(bench: TrialState, brand: Brand) -> None:
    bench.peek, bench.trouble = None, ""
    try:
        bench.peek = source().peek(brand, now())
    except ListenerError as trouble:
        bench.trouble = f"Hacker News could not be asked: {trouble}"
