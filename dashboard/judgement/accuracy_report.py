"""Draws how right the scorer is for this team: figures with intervals, by source and brand, and its calibration."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import plotly.graph_objects as go
import streamlit as st

from analysis.measuring.intervals import FEW, Band, Share, by, calibration, needs_reply, negative, right
from dashboard.shared import tables, words
from dashboard.shared.palettes import PLOTLY, Palette
from dashboard.shared.tables import Table, plural, safe
from data.models import Verdict

BLIND, CORRECTED = "Blind check", "Corrections"
HEIGHT = 300  # pixels
MEASURES: dict[str, Callable[[Sequence[Verdict]], Share]] = {
    "Sentiment right": right,
    "Called negative, and is": lambda verdicts: negative(verdicts).precision,
    "Is negative, and was called so": lambda verdicts: negative(verdicts).recall,
    "Said to need a reply, and does": lambda verdicts: needs_reply(verdicts).precision,
    "Needs a reply, and was said to": lambda verdicts: needs_reply(verdicts).recall,
}
KNOWN_AS = ("", "precision", "recall", "precision", "recall")
READING = {
    BLIND: "Drawn at random and labelled without seeing the score: this is how right the scorer is.",
    CORRECTED: (
        "Set by hand in the queue, mostly because they looked wrong: this is where the scorer errs, and the figures "
        "are lower than its true ones. What it had said is taken from before it could learn from the correction."
    ),
}


def draw(blind: Sequence[Verdict], corrected: Sequence[Verdict], colours: Palette) -> None:
    """Draw all figures of the verdicts of the blind check and of the corrections, or what is missing for them."""
    if not blind and not corrected:
        _nothing_yet()
        return
    blind, corrected = _of_version(blind, corrected)
    tables.draw(
        measures(blind, corrected), hide_index=True, width="stretch",
        column_config={"Measure": st.column_config.TextColumn(width="medium")},
    )  # fmt: skip
    st.caption(
        f"In brackets: where the true share lies, 95 times of 100. Of fewer than {FEW} mentions nothing is said. "
        "A mention whose score was not known when it was labelled counts nowhere."
    )
    chosen = st.segmented_control(
        "Look closer at", (BLIND, CORRECTED), default=BLIND if blind else CORRECTED, required=True, key="closer",
        label_visibility="collapsed",
    )  # fmt: skip
    verdicts = blind if chosen == BLIND else corrected
    st.caption(f"{plural(len(verdicts), 'mention')}. {READING[chosen or BLIND]}")
    left, right_side = st.columns(2, gap="medium")
    with left:
        _breakdown("By source", verdicts, lambda one: (words.source(one.source),))
        _breakdown("By brand", verdicts, lambda one: one.brands)
    with right_side:
        _calibration(calibration(verdicts), colours)
        if chosen == BLIND:
            _weeks(verdicts)


def _nothing_yet() -> None:
    st.subheader("Nothing to measure yet", anchor=False)
    st.markdown(
        "Label this week's twenty under **Blind check**, or correct a sentiment in the **Reply queue** (1, 2, 3; "
        f"Y for “needs a reply”). From {FEW} mentions on, figures stand here."
    )


def _of_version(blind: Sequence[Verdict], corrected: Sequence[Verdict]) -> tuple[list[Verdict], list[Verdict]]:
    """Draw the choice of a version where there are several, and keep the verdicts on the chosen one."""
    layers = sorted({one.layer for one in (*blind, *corrected) if one.layer is not None})
    if len(layers) < 2:
        return list(blind), list(corrected)
    chosen = st.selectbox(
        "All versions", layers, index=None, key="version", placeholder="All versions of the scorer",
        format_func=called, label_visibility="collapsed", width=280,
    )  # fmt: skip
    return (
        [one for one in blind if chosen in (None, one.layer)],
        [one for one in corrected if chosen in (None, one.layer)],
    )


def called(layer: int) -> str:
    """The name that people call a version by."""
    return f"Version {layer}" if layer else "As shipped"


def measures(blind: Sequence[Verdict], corrected: Sequence[Verdict]) -> Table:
    """One row a measure, one column for each kind of verdict."""
    return [
        {
            "Measure": f"{name} ({known})" if known else name,
            f"{BLIND}: random": told(measure(blind)),
            f"{CORRECTED}: what looked wrong": told(measure(corrected)),
        }
        for (name, measure), known in zip(MEASURES.items(), KNOWN_AS, strict=True)
    ]


def told(share: Share) -> str:
    """ "72% (61 to 81%) of 84", or that there are too few to say."""
    if not share.is_enough:
        return f"too few to say: {share.of}"
    low, high = share.interval
    return f"{share.value:.0%} ({100 * low:.0f} to {high:.0%}) of {share.of:,}"


def breakdown(verdicts: Sequence[Verdict], parts: Callable[[Verdict], Sequence[str]], heading: str) -> Table:
    """One row for each part that verdicts fall into, the largest first. `heading`: of the column with the parts."""
    return [
        {
            heading: safe(words.shown(part)),
            "Sentiment right": told(right(group)),
            "Negative: precision": told(negative(group).precision),
            "Negative: recall": told(negative(group).recall),
        }
        for part, group in by(verdicts, parts).items()
    ]


def _breakdown(title: str, verdicts: Sequence[Verdict], parts: Callable[[Verdict], Sequence[str]]) -> None:
    st.markdown(f"**{title}**")
    table = breakdown(verdicts, parts, title.removeprefix("By ").capitalize())
    if table:
        tables.draw(table, hide_index=True, width="stretch")
    else:
        st.caption("Nothing was labelled yet.")


def _calibration(bands: Sequence[Band], colours: Palette) -> None:
    st.markdown("**Is it right as often as it is sure?**")
    if not any(band.right.is_enough for band in bands):
        of = sum(band.right.of for band in bands)
        st.caption(
            f"Too few to say: {plural(of, 'mention')} with a known confidence, and {FEW} in one band are needed."
        )
        return
    st.plotly_chart(
        picture(bands, colours), config=PLOTLY, key="sureness",
        alt="How often the sentiment was right, by how sure the scorer was",
    )  # fmt: skip
    st.caption(f"On the dotted line it would be exactly as sure as right. Hollow: fewer than {FEW} mentions.")


def picture(bands: Sequence[Band], colours: Palette) -> go.Figure:
    """How often the scorer was right (0 to 1), by its confidence, with intervals."""
    figure = go.Figure()
    figure.add_scatter(
        x=[0.3, 1],
        y=[0.3, 1],
        mode="lines",
        hoverinfo="skip",
        line={"dash": "dot", "color": colours.others, "width": 2},
    )
    spans = [band.right.interval for band in bands]
    figure.add_scatter(
        x=[band.sure for band in bands], y=[band.right.value for band in bands], mode="markers",
        error_y={
            "type": "data", "symmetric": False, "thickness": 1.5,
            "array": [high - band.right.value for band, (_, high) in zip(bands, spans, strict=True)],
            "arrayminus": [band.right.value - low for band, (low, _) in zip(bands, spans, strict=True)],
        },
        marker={
            "color": colours.series[0], "size": 10, "line": {"width": 2, "color": colours.series[0]},
            "symbol": ["circle" if band.right.is_enough else "circle-open" for band in bands],
        },
        customdata=[f"sure {band.sure:.0%}, right {band.right.value:.0%} of {band.right.of:,}" for band in bands],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(
        height=HEIGHT, showlegend=False, margin={"l": 8, "r": 8, "t": 8, "b": 8}, dragmode=False,
        xaxis={"title": "how sure", "tickformat": ".0%", "range": [0.3, 1.02], "fixedrange": True, "showgrid": False},
        yaxis={"title": "how often right", "tickformat": ".0%", "range": [0, 1.04], "fixedrange": True},
    )  # fmt: skip
    return figure


def _weeks(verdicts: Sequence[Verdict]) -> None:
    st.markdown("**Week by week**")
    rows: Table = []
    for week, group in sorted(_by_week(verdicts).items(), reverse=True):
        share = right(group)
        rows.append(
            {
                "Week of": week,
                "Labelled": len(group),
                "Sentiment right": f"{share.hits} of {share.of}" if share.of else "–",
            }
        )
    week_column = st.column_config.DateColumn(format="D MMM YYYY")
    tables.draw(rows, hide_index=True, width="stretch", column_config={"Week of": week_column})


def _by_week(verdicts: Sequence[Verdict]) -> dict[object, list[Verdict]]:
    weeks: dict[object, list[Verdict]] = {}
    for one in verdicts:
        weeks.setdefault(one.week, []).append(one)
    return weeks
