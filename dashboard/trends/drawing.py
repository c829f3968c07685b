"""Draws weekly charts: an empty picture of some weeks, and bars, lines and words on it."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import inf

import plotly.graph_objects as go

from analysis.trends import Period, share
from dashboard.shared import words
from dashboard.shared.palettes import Palette
from dashboard.shared.tables import plural

HEIGHT = 310  # pixels, the same for all
MANY = 30  # weeks; signs of so many stand in each other's way
FEWEST = timedelta(weeks=4)  # a picture is as wide as these, whatever stands in it
DAY = 86_400_000  # milliseconds, as a date axis counts
OTHERS = "All others"
SAID = "%{customdata}<extra></extra>"


class Picture:
    """A Plotly figure of some weeks from left to right, to which series are added."""

    def __init__(self, shown: Period, colours: Palette, *, unit: str = "") -> None:
        """`unit`: is written after the numbers of the vertical axis."""
        self.figure = go.Figure()
        self._shown = shown
        self._colours = colours
        self._days = [week.isoformat() for week in shown.weeks]
        self._whole = [shown.is_whole(week) for week in shown.weeks]
        self._lay_out(unit)
        for day, is_whole in zip(self._days, self._whole, strict=True):
            if not is_whole:
                self._mark(day)

    def _lay_out(self, unit: str) -> None:
        half = max(timedelta(weeks=len(self._days)), FEWEST) / 2 - timedelta(weeks=len(self._days) - 1) / 2
        first, last = self._shown.since - half, self._shown.until - timedelta(weeks=1) + half
        every = -(-len(self._days) // 7)  # at most seven labels, each below a Monday
        self.figure.update_layout(
            height=HEIGHT, margin={"l": 8, "r": 8, "t": 48, "b": 8}, barmode="stack", hovermode="x unified",
            dragmode=False, legend={"orientation": "h", "x": 0, "y": 1.06, "yanchor": "bottom", "title": None,
                    "traceorder": "normal"},
        )  # fmt: skip
        self.figure.update_xaxes(
            type="date", range=[f"{first:%Y-%m-%d %H:%M}", f"{last:%Y-%m-%d %H:%M}"], fixedrange=True, showgrid=False,
            tick0=self._days[-1], dtick=7 * every * DAY, tickformat="%-d %b\n%Y", hoverformat="Week of %-d %B %Y",
            title=None, spikethickness=1, spikedash="solid", spikecolor=self._colours.others,
        )  # fmt: skip
        if timedelta(weeks=len(self._days)) < FEWEST:
            self.figure.update_xaxes(tickmode="array", tickvals=self._days)  # of weeks beside them nothing is known
        self.figure.update_yaxes(fixedrange=True, ticksuffix=unit, rangemode="tozero", title=None, nticks=6)

    def _mark(self, day: str) -> None:
        self.figure.add_annotation(
            x=day, y=1, yref="paper", text="part", showarrow=False, yanchor="bottom", font={"size": 11}
        )

    def bars(self, name: str, heights: Sequence[float | None], said: Sequence[str], colour: str) -> None:
        """Add one layer of stacked bars; a week that is known in part is lighter. `said`: the tooltip of each week."""
        strength = [1.0 if is_whole else 0.45 for is_whole in self._whole]
        self.figure.add_bar(
            x=self._days, y=list(heights), name=label(name), width=0.78 * 7 * DAY, customdata=list(said),
            hovertemplate=SAID, marker={"color": colour, "opacity": strength, "line": {"width": 0}},
        )  # fmt: skip

    def shares(self, name: str, counts: Sequence[int], totals: Sequence[int], colour: str) -> None:
        """Add one layer of stacked bars, each a share of the week's total in percent."""
        parts = [share(number, total) for number, total in zip(counts, totals, strict=True)]
        said = [
            "" if part is None else f"{label(name)} <b>{part:.0f}%</b> ({number:,})"
            for part, number in zip(parts, counts, strict=True)
        ]
        self.bars(name, parts, said, colour)
        self.figure.update_yaxes(range=[0, 100])

    def totals(
        self, totals: Sequence[int], unjudged: Sequence[int] = (), *, before: str = "All", noun: str = "mention"
    ) -> None:
        """Add to the tooltip how many there are in a week, how many of them are not judged, and whether it is whole."""
        said = [
            f"{before} <b>{plural(total, noun)}</b>{f', {left:,} not judged' if left else ''}"
            f"{'' if is_whole else ', part of the week'}"
            for total, left, is_whole in zip(totals, unjudged or [0] * len(totals), self._whole, strict=True)
        ]
        self.figure.add_scatter(
            x=self._days, y=[0] * len(said), mode="markers", marker={"color": "rgba(0,0,0,0)"}, showlegend=False,
            customdata=said, hovertemplate=SAID,
        )  # fmt: skip

    def line(
        self, name: str, heights: Sequence[float | None], said: Sequence[str | None], colour: str, *,
        sign: str = "circle", weak: Sequence[bool] = (),
    ) -> None:  # fmt: skip
        """Add a line with a sign for each week; signs of `weak` weeks and of those known in part are hollow, and the
        line to the latter is dotted. `said`: the tooltip of each week."""
        for weeks, dash in self._segments():
            self.figure.add_scatter(
                x=self._days[weeks], y=list(heights)[weeks], mode="lines", hoverinfo="skip", showlegend=False,
                line={"color": colour, "width": 2, "dash": dash},
            )  # fmt: skip
        size = 8 if len(self._days) <= MANY else 5
        hollow = [not is_whole or bool(weak and weak[place]) for place, is_whole in enumerate(self._whole)]
        signs = [f"{sign}-open" if is_hollow else sign for is_hollow in hollow]
        self.figure.add_scatter(
            x=self._days, y=list(heights), mode="markers", name=name, showlegend=False, customdata=list(said),
            hovertemplate=SAID, cliponaxis=False,
            marker={"color": colour, "size": size, "symbol": signs, "line": {"width": 2, "color": colour}},
        )  # fmt: skip
        self.figure.add_scatter(
            x=[None], y=[None], mode="lines+markers", name=name, line={"color": colour, "width": 2},
            marker={"color": colour, "size": 8, "symbol": sign},
        )  # fmt: skip

    def _segments(self) -> list[tuple[slice, str]]:
        """The whole weeks as one solid segment, and dotted ones from it to the weeks known in part on either side."""
        first = self._whole.index(True) if any(self._whole) else len(self._whole)
        last = len(self._whole) - self._whole[::-1].index(True) if any(self._whole) else first
        return [(slice(0, first + 1), "dot"), (slice(first, last), "solid"), (slice(max(0, last - 1), None), "dot")]

    def level(self, height: float, said: str, beside: Sequence[Sequence[float | None]]) -> None:
        """Add a dashed line across, with its label at the end where the lines `beside` it are farther away."""
        first, last = (min(_apart(line[end], height) for line in beside) for end in (0, -1))
        self.figure.add_hline(
            y=height, line={"color": self._colours.negative, "width": 1.5, "dash": "dash"}, annotation_text=said,
            annotation_position="top right" if last > first else "top left", annotation_font_size=11,
        )  # fmt: skip

    def note(self, said: str) -> None:
        """Add a sentence in the middle of an empty picture."""
        self.figure.add_annotation(x=0.5, y=0.5, xref="paper", yref="paper", text=said, showarrow=False)
        self.figure.update_yaxes(showticklabels=False, range=[0, 1])


def _apart(value: float | None, height: float) -> float:
    return inf if value is None else abs(value - height)


def coloured(series: Mapping[str, list[int]], colours: Palette) -> list[tuple[str, list[int], str]]:
    """(name, counts, colour) of each series; series beyond the number of colours are summed in grey."""
    count = len(colours.series)
    rows = [(name, counts, colour) for (name, counts), colour in zip(series.items(), colours.series, strict=False)]
    rest = list(series.values())[count:]
    if rest:
        rows.append((OTHERS, [sum(counts) for counts in zip(*rest, strict=True)], colours.others))
    return rows


def label(name: str) -> str:
    """A name from outside, escaped for a picture, without control characters, at most 30 characters."""
    said = words.shown(name)
    return html.escape(said if len(said) <= 30 else f"{said[:29]}…", quote=False)
