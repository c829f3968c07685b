"""The weekly charts: each answers one question, says its numbers with units, and has the table it was drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.trends import FEW_MENTIONS, Mood, Period, Response, Voices
from dashboard.shared import tables
from dashboard.shared.palettes import Palette
from dashboard.shared.tables import Table, hours, plural, rounded
from dashboard.trends.drawing import Picture, coloured, label

CALM = 20  # points; an axis closer to zero would make waves of chance
FEW_TICKS = 6  # an axis that ends below would be cut into parts of one
LONG = 96  # hours; an axis that goes beyond counts in days


@dataclass(frozen=True, slots=True)
class Chart:
    """A question, the picture that answers it, how to read that, and the table behind it."""

    name: str  # letters and dashes, for the page and the file
    question: str
    figure: Any  # a plotly Figure
    reading: str
    table: Table


def mood(moods: Sequence[Mood], shown: Period, colours: Palette) -> Chart:
    """The shares of the three sentiments in each week's mentions."""
    counts = {
        "Negative": [one.negative for one in moods],
        "Neutral": [one.neutral for one in moods],
        "Positive": [one.positive for one in moods],
    }
    judged, unjudged = [one.judged for one in moods], [one.unjudged for one in moods]
    picture = Picture(shown, colours, unit="%")
    for name, colour in zip(counts, (colours.negative, colours.neutral, colours.positive), strict=True):
        picture.shares(name, counts[name], judged, colour)
    picture.totals([one.mentions for one in moods], unjudged)
    columns: dict[str, Sequence[object]] = {"Mentions": [one.mentions for one in moods], "Not judged": unjudged}
    table = tables.weekly(shown, columns | tables.counts_and_shares(counts, judged))
    reading = "Shares of each week's mentions of us."
    if any(unjudged):
        reading = f"Shares of each week's judged mentions of us. Not judged: {sum(unjudged):,} in other languages."
    return Chart("sentiment", "How do people speak of us?", picture.figure, reading, table)


def net(moods: Sequence[Mood], shown: Period, colours: Palette) -> Chart:
    """Net sentiment of each week, in points, as a line."""
    picture = Picture(shown, colours)
    said = [
        None if one.net is None else f"Net sentiment <b>{one.net:+.0f}</b> points, of {plural(one.judged, 'mention')}"
        for one in moods
    ]
    weak = [one.judged < FEW_MENTIONS for one in moods]
    picture.line("Net sentiment", [one.net for one in moods], said, colours.series[0], weak=weak)
    picture.figure.update_layout(showlegend=False)
    heights = [one.net for one in moods if one.net is not None]
    floor, ceiling = min([-CALM, *heights]), max([CALM, *heights])
    picture.figure.update_yaxes(range=[floor - 4, ceiling + 4], zeroline=True, zerolinecolor=colours.others)
    columns: dict[str, list[object]] = {
        "Mentions": [one.judged for one in moods],
        "Positive": [one.positive for one in moods],
        "Negative": [one.negative for one in moods],
        "Net sentiment, points": [rounded(one.net) for one in moods],
    }
    reading = f"Positive minus negative, in percent of all. Hollow: under {FEW_MENTIONS} mentions."
    return Chart("net-sentiment", "Is the mood getting better?", picture.figure, reading, tables.weekly(shown, columns))


def volume(volumes: Mapping[str, list[int]], shown: Period, colours: Palette) -> Chart:
    """Mentions per week, stacked by source."""
    picture = Picture(shown, colours)
    for name, counts, colour in coloured(volumes, colours):
        picture.bars(name, counts, [f"{label(name)} <b>{number:,}</b>" for number in counts], colour)
    totals = [sum(counts) for counts in zip(*volumes.values(), strict=True)]
    picture.totals(totals)
    picture.figure.update_layout(showlegend=True)
    picture.figure.update_yaxes(tickformat=",")
    if max(totals, default=0) < FEW_TICKS:
        picture.figure.update_yaxes(dtick=1)  # there is no fifth of a mention
    table = tables.weekly(shown, {"Mentions": totals, **volumes})
    return Chart("sources", "Where do they speak?", picture.figure, "Mentions of us per week.", table)


def voice(voices: Voices, shown: Period, colours: Palette) -> Chart:
    """Share of voice: each brand's share of all namings of ours and of competitors."""
    picture = Picture(shown, colours, unit="%")
    named = {f"{name} (ours)": counts for name, counts in voices.ours.items()} | voices.competitors
    for name, counts, colour in coloured(named, colours):
        picture.shares(name, counts, voices.totals, colour)
    picture.totals(voices.totals, before="Named in all", noun="time")
    table = tables.weekly(shown, {"Named in all": voices.totals} | tables.counts_and_shares(named, voices.totals))
    reading = "Share of voice. A mention that names two brands counts for both."
    return Chart("share-of-voice", "How loud are we beside our competitors?", picture.figure, reading, table)


def speed(responses: Sequence[Response], shown: Period, colours: Palette, target: float | None) -> Chart:
    """Median and mean hours to the first answer. `target`: in hours, where one holds for all."""
    longest = max(max(one.mean_hours or 0, one.median_hours or 0) for one in responses)
    unit, size = (" d", 24) if longest > LONG else (" h", 1)
    picture = Picture(shown, colours, unit=unit)
    drawn: list[list[float | None]] = []
    for name, heights, colour, sign in (
        ("Median", [one.median_hours for one in responses], colours.series[0], "circle"),
        ("Mean", [one.mean_hours for one in responses], colours.series[1], "diamond"),
    ):
        said = [
            None if height is None else f"{name} <b>{hours(height)}</b>, of {plural(one.timed, 'answer')}"
            for height, one in zip(heights, responses, strict=True)
        ]
        drawn.append([None if height is None else height / size for height in heights])
        picture.line(name, drawn[-1], said, colour, sign=sign)
    if not any(one.timed for one in responses):
        picture.note("No answer with a time in these weeks.")
    elif target is not None:
        picture.level(target / size, f"target {hours(target)}", drawn)
    table = tables.weekly(shown, tables.answered(responses))
    reading = f"From mention to first answer, by the week of the mention.{_left_out(responses)}"
    return Chart("first-response", "How fast do we answer?", picture.figure, reading, table)


def _left_out(responses: Sequence[Response]) -> str:
    early = sum(one.early for one in responses)
    if not early:
        return ""
    return f" {plural(early, 'reply')} dated before the mention (edited since) left out, but counted as answered."


def reached(responses: Sequence[Response], shown: Period, colours: Palette) -> Chart:
    """The shares of each week's mentions that were answered at all, and within the target."""
    picture = Picture(shown, colours, unit="%")
    for name, shares, counts, colour, sign in (
        ("Answered at all", [one.answered_share for one in responses], [one.answered for one in responses],
         colours.series[0], "circle"),
        ("Within target", [one.within_share for one in responses], [one.within for one in responses],
         colours.series[1], "diamond"),
    ):  # fmt: skip
        said = [
            None if part is None else f"{name} <b>{part:.0f}%</b> ({number:,} of {plural(one.mentions, 'mention')})"
            for part, number, one in zip(shares, counts, responses, strict=True)
        ]
        picture.line(name, shares, said, colour, sign=sign)
    picture.figure.update_yaxes(range=[0, 104])
    old = sum(one.old for one in responses)
    left_out = f" {plural(old, 'mention')} too old to answer when it came in left out." if old else ""
    reading = f"Shares of the mentions published in that week; late answers still raise them.{left_out}"
    table = tables.weekly(shown, tables.answered(responses))
    return Chart("answered", "How many do we answer?", picture.figure, reading, table)
