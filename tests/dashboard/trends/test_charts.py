"""Charts and tables: counts beside shares, weeks known in part, waits in days, files without formulas."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from analysis.trends import Mood, Period, Response, Voices
from dashboard.shared import tables
from dashboard.shared.palettes import LIGHT
from dashboard.trends import charts, drawing, weekly
from data.models import Brand
from tests.dashboard.trends_bench import DAY, MONDAY, OLD, WEEKS
from tests.data.builders import ACME, BOLT, HOUR, RIVAL


def shown(*, is_past=True, until=OLD + DAY / 2):
    return Period(WEEKS, datetime(2023, 3, 27, tzinfo=UTC), until, is_past)


def traces(chart, kind):
    return [one for one in chart.figure.data if one.type == kind]


MOODS = [Mood(WEEKS[0], 10, 20, 30), Mood(WEEKS[1], 5, 0, 5)]
RESPONSES = [
    Response(WEEKS[0], 60, 30, 2, 10, median_hours=6.5, mean_hours=120.0),
    Response(WEEKS[1], 10),
]


def test_stacked_shares_come_with_their_counts():
    negative, _, positive = traces(charts.mood(MOODS, shown(), LIGHT), "bar")
    assert list(negative.y) == [pytest.approx(100 / 6), 50]
    assert list(positive.customdata) == ["Positive <b>50%</b> (30)", "Positive <b>50%</b> (5)"]


def test_what_is_not_judged_is_shown_apart_and_has_no_share():
    chart = charts.mood([Mood(WEEKS[0], 10, 0, 10, unjudged=20), MOODS[1]], shown(), LIGHT)
    negative, neutral, _ = traces(chart, "bar")
    assert (negative.y[0], neutral.y[0]) == (50, 0)
    assert traces(chart, "scatter")[0].customdata[0].startswith("All <b>40 mentions</b>, 20 not judged")
    assert chart.reading.endswith("Not judged: 20 in other languages.")
    assert chart.table[-1]["Not judged"] == 20
    assert "Not judged" not in charts.mood(MOODS, shown(), LIGHT).reading


def test_a_week_known_in_part_is_lighter_and_marked():
    whole = charts.mood(MOODS, shown(), LIGHT)
    cut = charts.mood(MOODS, shown(until=OLD), LIGHT)
    assert list(traces(whole, "bar")[0].marker.opacity) == [1.0, 1.0]
    assert list(traces(cut, "bar")[0].marker.opacity) == [1.0, 0.45]
    assert [one.text for one in cut.figure.layout.annotations] == ["part"]
    assert "part of the week" in traces(cut, "scatter")[0].customdata[1]


def test_net_sentiment_is_hollow_where_there_are_few_mentions():
    *_, signs, _ = traces(charts.net(MOODS, shown(), LIGHT), "scatter")
    assert list(signs.marker.symbol) == ["circle", "circle-open"]
    assert signs.customdata[0] == "Net sentiment <b>+33</b> points, of 60 mentions"


def test_a_line_is_dotted_on_the_way_to_a_week_known_in_part():
    before, solid, after, *_ = traces(charts.net(MOODS, shown(until=OLD), LIGHT), "scatter")
    assert [one.line.dash for one in (before, solid, after)] == ["dot", "solid", "dot"]
    assert [len(one.x) for one in (before, solid, after)] == [1, 1, 2]


def test_a_single_week_is_drawn_no_wider_than_one_of_four():
    picture = charts.mood(MOODS[1:], Period(WEEKS[1:], OLD, OLD + DAY / 2, True), LIGHT).figure
    first, last = (datetime.fromisoformat(end) for end in picture.layout.xaxis.range)
    assert last - first == timedelta(weeks=4)
    assert list(picture.layout.xaxis.tickvals) == [MONDAY.isoformat()]


def test_a_single_week_known_in_part_can_be_drawn():
    one = Period(WEEKS[1:], OLD, OLD, True)
    assert charts.net(MOODS[1:], one, LIGHT).figure.data
    assert charts.speed(RESPONSES[1:], one, LIGHT, 8.0).figure.data


def test_long_waits_are_drawn_in_days_and_said_in_hours_and_days():
    chart = charts.speed(RESPONSES, shown(), LIGHT, 8.0)
    mean = next(one for one in traces(chart, "scatter") if one.customdata is not None and "Mean" in one.customdata[0])
    assert mean.y[0] == 5
    assert mean.customdata[0] == "Mean <b>120 h (5.0 d)</b>, of 28 answers"
    assert chart.figure.layout.yaxis.ticksuffix == " d"


@pytest.mark.parametrize(("waits", "end"), [((40, 7), "left"), ((7, 40), "right"), ((7, None), "right")])
def test_the_target_is_named_at_the_end_that_the_lines_leave_freer(waits, end):
    answered = [
        Response(week, 9, 9, median_hours=wait, mean_hours=wait) for week, wait in zip(WEEKS, waits, strict=True)
    ]
    [named] = charts.speed(answered, shown(), LIGHT, 8.0).figure.layout.annotations
    assert named.xanchor == end


@pytest.mark.parametrize(("most", "step"), [(1, 1), (5, 1), (400, None)])
def test_an_axis_of_few_mentions_has_no_parts_of_one(most, step):
    chart = charts.volume({"rss": [0, most]}, shown(), LIGHT)
    assert chart.figure.layout.yaxis.dtick == step


def test_share_of_voice_says_which_brand_is_ours():
    chart = charts.voice(Voices({"Acme": [3, 1]}, {"Rival": [1, 1]}), shown(), LIGHT)
    assert [one.name for one in traces(chart, "bar")] == ["Acme (ours)", "Rival"]
    assert chart.table[0] == {
        "Week of": WEEKS[1], "Whole week": "yes", "Named in all": 2, "Acme (ours)": 1, "Rival": 1,
        "Acme (ours), %": 50.0, "Rival, %": 50.0,
    }  # fmt: skip


def test_more_series_than_colours_become_one_in_grey_and_no_mention_is_lost():
    series = {f"source {n}": [n, 1] for n in range(20)}
    rows = drawing.coloured(series, LIGHT)
    assert (len(rows), rows[-1][0], rows[-1][2]) == (len(LIGHT.series) + 1, drawing.OTHERS, LIGHT.others)
    assert sum(counts[0] for _, counts, _ in rows) == sum(range(20))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_file_holds_no_formula(start):
    text = f"{start}cmd|' /C calc'!A0"
    [heading, row] = csv.reader(io.StringIO(tables.to_csv([{text: text}]).decode("utf-8-sig"), newline=""))
    assert heading == row == [f"'{text}"]


def test_a_file_keeps_numbers_as_numbers_and_what_is_missing_empty():
    content = tables.to_csv([{"Week of": MONDAY, "Net sentiment, points": -12.5, "Median, h": None}])
    assert content.decode("utf-8-sig").splitlines()[1] == "2023-04-03,-12.5,"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (0.5, "30 min"),
        (0.0, "0 min"),
        (5.0, "5 h"),
        (5.25, "5.2 h"),
        (48.0, "48 h (2.0 d)"),
        (1200.0, "1,200 h (50.0 d)"),
    ],
)
def test_hours_are_said_as_people_say_them(length, said):
    assert tables.hours(length) == said


def test_a_target_is_shared_only_when_all_brands_shown_have_it():
    strict = Brand("Strict", ("strict",), reply_within=2 * HOUR)
    assert weekly.shared_target([ACME, BOLT, RIVAL], None) == 8
    assert weekly.shared_target([ACME, strict], None) is None
    assert weekly.shared_target([ACME, strict], "Strict") == 2
