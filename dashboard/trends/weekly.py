"""The parts of the Trends page: filters, the four headlines, a card for each chart, and the empty states."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

import streamlit as st

from analysis.trends import Headline, Headlines, Period
from dashboard.shared import address, tables, words
from dashboard.shared.address import Choice
from dashboard.shared.palettes import PLOTLY
from dashboard.shared.tables import hours, plural
from dashboard.trends.charts import Chart
from data.models import Brand

PERIODS = {4: "4 weeks", 8: "8 weeks", 12: "12 weeks", 26: "26 weeks", 0: "All"}
TABLE_WIDTH = 620  # pixels
Meaning = Literal["blue", "orange", "off"]  # Streamlit's names; its green and red look alike to many
BETTER: Meaning = "blue"
WORSE: Meaning = "orange"
NEITHER: Meaning = "off"


def filters(ours: Iterable[str], sources: Iterable[str]) -> tuple[str | None, frozenset[str], int | None]:
    """Draw title and filters in one row; return the chosen brand (None: all), the sources (empty: all) and the number
    of weeks (None: all)."""
    title, by_brand, by_source, by_period = st.columns([3, 3, 3, 5], vertical_alignment="center")
    with title:
        st.title("Trends", anchor=False)
    named: dict[str, list[str]] = {}  # several sources may go by one name
    for source in sorted(sources):
        named.setdefault(words.source(source), []).append(source)
    brands = Choice("brand", list(ours))
    places = Choice("source", [alike[0] for _, alike in sorted(named.items())], words.source)
    address.follow(brands, places, Choice("period", list(PERIODS), lambda weeks: PERIODS[weeks]))
    with by_brand:
        brand = _choice("All our brands", brands)
    with by_source:
        chosen = _choice("Any source", places)
    with by_period:
        weeks = st.segmented_control(
            "Period", PERIODS, default=12, required=True, key="period", bind="query-params",
            format_func=lambda weeks: PERIODS[weeks], label_visibility="collapsed", width="stretch",
        )  # fmt: skip
    address.tell("brand", "source", "period")
    return brand, frozenset(named[words.source(chosen)]) if chosen else frozenset(), weeks or None


def _choice(anything: str, choice: Choice) -> str | None:
    """Draw a select box; None while nothing is chosen, which lets everything through."""
    chosen: str | None = st.selectbox(
        anything, choice.options, index=None, key=choice.key, bind="query-params", placeholder=anything,
        format_func=choice.called, label_visibility="collapsed", on_change=address.forget,
    )  # fmt: skip
    return chosen if chosen in choice.options else None


def nothing_yet(coming: int, *, is_named: bool) -> None:
    """Draw that there are no figures yet, and the next step. `coming`: mentions that wait for their score; `is_named`:
    whether a brand of ours is set up."""
    st.title("Trends", anchor=False)
    if coming:
        st.subheader("Mentions are on their way", anchor=False)
        st.markdown("They are being read and scored; their figures stand here as soon as that is done.")
        st.button("Look again", icon=":material/refresh:")
        return
    st.subheader("Nothing heard yet", anchor=False)
    begin = "These charts begin with the first mention of a brand of yours"
    if is_named:
        st.markdown(f"{begin}. **Sources** shows what is listened to and how it fares; **Setup** takes in files.")
        return
    st.markdown(f"{begin}: name one, or import a file.")
    if st.button("Go to Setup", icon=":material/tune:", type="primary"):
        st.switch_page("setup/page.py")


def nothing_passes(shown: Period, elsewhere: int) -> None:
    """Draw that the filters hide everything. `elsewhere`: how many mentions they let through in other weeks."""
    st.subheader("Nothing matches these filters", anchor=False)
    others = f"; {plural(elsewhere, 'mention')} in other weeks" if elsewhere else " and none in any other week"
    st.markdown(f"No mention from {days(shown)}{others}.")
    with st.container(horizontal=True):
        if elsewhere:
            st.button("Show all weeks", type="primary", on_click=_choose, kwargs={"period": 0})
        st.button("Clear the filters", on_click=_choose, kwargs={"brand": None, "source": None})


def _choose(**values: object) -> None:
    st.session_state.update(values)


def shared_target(known: Iterable[Brand], brand: str | None) -> float | None:
    """The hours within which to answer, where all brands shown have the same target; else None."""
    targets = {one.reply_within for one in known if not one.competitor and brand in (None, one.name)}
    return targets.pop() / timedelta(hours=1) if len(targets) == 1 else None


def days(shown: Period) -> str:
    """ "7 September 2026 to 29 November 2026"."""
    return f"{shown.weeks[0]:%-d %B %Y} to {shown.weeks[-1] + timedelta(days=6):%-d %B %Y}"


def said(shown: Period, told: Headlines | None) -> str:
    """Which weeks are shown, why they are not the latest where they are not, and what the headlines compare."""
    sentences = [f"{plural(len(shown.weeks), 'week')}, {days(shown)}."]
    if shown.is_past:
        newest = shown.known_until - timedelta(days=1)
        sentences.append(f"The newest mention is of {newest:%-d %B %Y}, so the period ends there.")
    if told is None:
        sentences.append("Headlines come with the first full week.")
    else:
        sentences.append(f"Headlines: the week from Monday {told.week:%-d %B} against the week before it.")
    return " ".join(sentences)


def headlines(told: Headlines) -> None:
    """Draw the four figures of the last full week."""
    mentions, negative, net, median = st.columns(4)
    with mentions:
        _figure("Mentions", told.mentions, "{:,.0f}", "{:+,.0f}", NEITHER, NEITHER)
    with negative:
        _figure("Negative share", told.negative_share, "{:.0f}%", "{:+.1f} points", WORSE, BETTER)
    with net:
        _figure("Net sentiment", told.net, "{:+.0f}", "{:+.1f} points", BETTER, WORSE)
    with median:
        _figure("Median first response", told.median_hours, "", "{:+.1f} h", WORSE, BETTER)


def _figure(name: str, told: Headline, value: str, change: str, up: Meaning, down: Meaning) -> None:
    """Draw one figure. `value`, `change`: format strings ("": as hours); `up`, `down`: the colour of each."""
    figure = "–" if told.value is None else value.format(told.value) if value else hours(told.value)
    moved = None if told.change is None else change.format(told.change)
    is_still = moved is not None and not any(digit in moved for digit in "123456789")
    st.metric(
        name, figure, border=True, height="stretch",
        delta=told.instead if moved is None else "no change" if is_still else moved,
        delta_arrow="off" if moved is None or is_still else "up" if (told.change or 0) > 0 else "down",
        delta_color=NEITHER if moved is None or is_still else up if (told.change or 0) > 0 else down,
    )  # fmt: skip


def card(chart: Chart, file: str) -> None:
    """Draw a chart with its question above, how to read it below, and its table in a popover."""
    with st.container(border=True, key=f"card-{chart.name}", gap="xsmall", height="stretch"):
        st.markdown(f"#### {chart.question}")
        st.plotly_chart(chart.figure, config=PLOTLY, alt=chart.question, key=f"chart-{chart.name}")
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.caption(chart.reading, width="stretch")
            with st.popover("Figures", icon=":material/table:", type="tertiary", width="content"):
                _behind(chart, file)


def _behind(chart: Chart, file: str) -> None:
    week = st.column_config.DateColumn(format="D MMM YYYY")
    tables.draw(chart.table, width=TABLE_WIDTH, hide_index=True, column_config={"Week of": week})
    st.download_button(
        "Download as CSV", tables.to_csv(chart.table), f"hearback-{chart.name}-{file}.csv", "text/csv",
        key=f"csv-{chart.name}", icon=":material/download:", on_click="ignore",
    )  # fmt: skip


def no_competitor() -> None:
    """Draw how to get a share of voice, in its place."""
    with st.container(border=True, key="card-share-of-voice", gap="xsmall", height="stretch"):
        st.markdown("#### How loud are we beside our competitors?")
        st.markdown(
            "You follow no competitor yet. Add one on **Setup**: name a brand as you name your own and mark it as a "
            "competitor. What is stored already is searched for it at once."
        )
        if st.button("Go to Setup", icon=":material/tune:", key="add-competitor"):
            st.switch_page("setup/page.py")


SMALL_PRINT = (
    "Weeks are ISO weeks: Monday to Sunday, UTC. A week that is not over, or that our first mention came in the midst "
    "of, is marked “part” and drawn lighter or dotted. Headlines say nothing of shares of fewer than 30 mentions, nor "
    "of medians of fewer than 10 answers. A sentiment set by a person counts before the computed one. Competitors "
    "count in share of voice only."
)
