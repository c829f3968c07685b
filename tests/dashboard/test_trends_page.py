"""The Trends page: filled, filtered to nothing, empty; its tables, its files, its colours."""

from __future__ import annotations

import csv
import html
import io
import itertools
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis import trends
from analysis.trends import Mood, Period, Response, Voices
from dashboard.components import charts, drawing, tables, weekly
from dashboard.components.palettes import DARK, LIGHT, palette
from dashboard.house import House, use
from data import absorber
from data.incoming import drop
from data.models import Answer, Brand
from data.settings import Places
from data.setup import save_brands
from data.store import Store
from tests.data.builders import ACME, BOLT, HOUR, JUDGEMENT, RIVAL, found

PAGE = str(Path(__file__).parents[2] / "dashboard" / "trends.py")
MONDAY = date(2023, 4, 3)
OLD = datetime(2023, 4, 9, 12, tzinfo=UTC)  # a Sunday, so its week is whole
DAY = timedelta(days=1)
QUESTIONS = [
    "How do people speak of us?",
    "Is the mood getting better?",
    "Where do they speak?",
    "How loud are we beside our competitors?",
    "How fast do we answer?",
    "How many do we answer?",
]
HOSTILE = "=1+1 <b>x</b> [y](javascript:z) \u202egnorw"
WEEKS = (MONDAY - trends.WEEK, MONDAY)


@pytest.fixture
def house(tmp_path):
    opened = House(Places(tmp_path), Store(":memory:"), JUDGEMENT, {}, None)
    use(opened)
    yield opened
    use(None)
    opened.store.close()


def fill(house, *brands, mentions=(), answers=()):
    """Brands and mentions as a listener would bring them in, taken in and scored."""
    save_brands(house.places.setup, brands)
    drop(house.places.incoming, "test", OLD, found=mentions, answers=answers)
    list(absorber.absorb_waiting(house.store, house.judgement, house.places))
    absorber.score_waiting(house.store, house.judgement)


def busy(n=80, *, newest=OLD, text="acme"):
    """One mention a day-quarter back from `newest`: every fourth is bad, every fourth good."""
    moods = itertools.cycle((" bad", "", " good", ""))
    return [
        found(number, text=text + next(moods), source=("reddit", "google_play")[number % 2],
              published_at=newest - number * DAY / 4)
        for number in range(n)
    ]  # fmt: skip


def page(**address):
    test = AppTest.from_file(PAGE, default_timeout=90)
    for name, value in address.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception
    return test


def said(test):
    return "\n".join(one.value for one in [*test.caption, *test.markdown, *test.subheader, *test.text])


def questions(test):
    return [one.value.lstrip("# ") for one in test.markdown if one.value.startswith("####")]


def pictures(test):
    return [json.loads(one.proto.spec) for one in test.get("plotly_chart")]


def test_a_filled_page_asks_six_questions_and_shows_four_figures(house):
    fill(house, ACME, RIVAL, mentions=[*busy(), found(900, text="rival", published_at=OLD)])
    test = page()
    assert questions(test) == QUESTIONS
    assert all(question.endswith("?") for question in questions(test))
    assert [one.label for one in test.metric] == [
        "Mentions", "Negative share", "Net sentiment", "Median first response",
    ]  # fmt: skip
    assert len(pictures(test)) == len(test.dataframe) == len(test.download_button) == 6


def test_old_mentions_are_shown_and_the_page_says_which_weeks(house):
    fill(house, ACME, mentions=busy())
    test = page()
    assert "3 weeks, 20 March 2023 to 9 April 2023." in said(test)
    assert "The newest mention is of 9 April 2023, so the period ends there." in said(test)


def test_mentions_of_today_are_shown_up_to_the_running_week(house):
    before = datetime.now(UTC)
    fill(house, ACME, mentions=busy(newest=before))
    test = page()
    assert "so the period ends there" not in said(test)
    [newest, *_] = test.dataframe[0].value.to_dict("records")
    assert newest["Week of"] in (trends.monday(before), trends.monday(datetime.now(UTC)))
    assert newest["Whole week"] == "no"


def test_the_headlines_tell_the_change_in_the_figures_own_unit(house):
    fill(house, ACME, mentions=busy(), answers=[Answer("test:1", "sorry", OLD)])
    mentions, negative, net, median = page().metric
    assert (mentions.value, mentions.delta) == ("27", "-1")
    assert (negative.value, negative.delta) == ("–", "too few to say: 27 mentions")
    assert net.delta == median.delta == negative.delta


def test_an_address_written_by_hand_is_taken_by_code_and_in_any_case_and_the_rest_is_told(house):
    fill(house, ACME, BOLT, mentions=[*busy(40), *[found(900 + n, text="bolt", published_at=OLD) for n in range(7)]])
    test = page(source="google_play", brand="ACME", period="4")
    assert (test.selectbox[0].value, test.selectbox[1].value) == ("Acme", "google_play")
    assert test.query_params == {"source": "Google Play", "brand": "Acme", "period": "4 weeks"}
    test = page(source="google_play", brand="Zenith")
    assert (test.selectbox[0].value, test.selectbox[1].value) == (None, "google_play")
    assert "Left out, because nothing here goes by that name: brand “Zenith”." in said(test)


def test_an_address_carries_the_filters(house):
    fill(house, ACME, BOLT, mentions=[*busy(40), *[found(900 + n, text="bolt", published_at=OLD) for n in range(7)]])
    test = page(brand="Bolt", period="4 weeks")
    assert test.selectbox(key="brand").value == "Bolt"
    assert test.metric[0].value == "7"
    assert page(source="Google Play").metric[0].value == "13"
    assert page(brand="Nobody", source="Nowhere", period="9 weeks").metric[0].value == "34"


def test_two_sources_of_one_name_are_one_choice_and_one_series(house):
    fill(
        house,
        ACME,
        mentions=[*busy(8), *[found(900 + n, source=("x", "twitter")[n], published_at=OLD) for n in (0, 1)]],
    )
    test = page(source="X", period="4 weeks")
    assert test.selectbox(key="source").options == ["Google Play", "Reddit", "X"]
    [bars, _] = pictures(test)[2]["data"]
    assert (bars["name"], bars["customdata"]) == ("X", ["X <b>2</b>"])


def test_filters_that_hide_everything_say_so_and_how_to_go_on(house):
    long_ago = OLD - 40 * trends.WEEK
    fill(house, ACME, BOLT, mentions=[*busy(8), found(900, text="bolt", published_at=long_ago)])
    test = page(brand="Bolt", period="4 weeks")
    assert [one.value for one in test.subheader] == ["Nothing matches these filters"]
    assert "No mention from 13 March 2023 to 9 April 2023; 1 mention in other weeks." in said(test)
    assert not pictures(test)
    button = next(one for one in test.button if one.label == "Show all weeks")
    button.click().run()
    assert len(pictures(test)) == 5


def test_filters_can_be_cleared(house):
    fill(house, ACME, BOLT, mentions=busy(8))
    test = page(brand="Bolt")
    assert "and none in any other week" in said(test)
    next(one for one in test.button if one.label == "Clear the filters").click().run()
    assert len(pictures(test)) == 5
    assert "Headlines come with the first full week." in said(test)
    assert not test.metric


def test_an_empty_store_tells_the_next_step(house):
    test = page()
    assert [one.value for one in test.subheader] == ["Nothing heard yet"]
    assert [one.label for one in test.button] == ["Go to Setup"]
    assert not pictures(test)


def test_whoever_named_a_brand_is_shown_where_to_look_while_nothing_is_heard(house):
    fill(house, ACME, mentions=[])
    test = page()
    assert [one.value for one in test.subheader] == ["Nothing heard yet"]
    assert "name one" not in said(test)
    assert "**Sources** shows what is listened to" in said(test)


def test_while_mentions_wait_for_their_sentiment_the_page_says_so(house):
    save_brands(house.places.setup, [ACME])
    drop(house.places.incoming, "test", OLD, found=busy(3))
    list(absorber.absorb_waiting(house.store, house.judgement, house.places))
    assert [one.value for one in page().subheader] == ["Mentions are on their way"]


def test_without_competitors_the_page_says_how_to_add_one(house):
    fill(house, ACME, mentions=busy(8))
    test = page()
    assert questions(test) == QUESTIONS
    assert "You follow no competitor yet. Add one on **Setup**" in said(test)
    assert "Go to Setup" in [one.label for one in test.button]


def test_replies_dated_before_their_mention_are_counted_and_left_out_of_the_times(house):
    fill(house, ACME, mentions=busy(8), answers=[
        Answer("test:1", "sorry", OLD - 9 * DAY), Answer("test:2", "sorry", OLD - DAY / 2 + 3 * HOUR),
    ])  # fmt: skip
    test = page()
    assert "1 reply dated before the mention (edited since) left out, but counted as answered." in said(test)
    [row, *_] = test.dataframe[4].value.to_dict("records")
    assert (row["Answered"], row["Dated before the mention"], row["Answers with a time"]) == (2, 1, 1)
    assert row["Median, h"] == 3.0


def test_without_answers_the_picture_says_so_in_place_of_a_line(house):
    fill(house, ACME, mentions=busy(8))
    noted = pictures(page())[3]["layout"]["annotations"]
    assert "No answer with a time in these weeks." in [one["text"] for one in noted]


def test_one_shared_target_is_drawn_and_several_are_not(house):
    fill(house, ACME, Brand("Bolt", ("bolt",), reply_within=2 * HOUR), mentions=busy(8), answers=[
        Answer("test:1", "sorry", OLD),
    ])  # fmt: skip
    assert "target" not in json.dumps(pictures(page())[3])
    assert "target 8 h" in json.dumps(pictures(page(brand="Acme"))[3])


def test_no_field_of_the_store_is_named_on_the_page(house):
    fill(house, ACME, RIVAL, mentions=busy(8))
    test = page()
    headings = {str(name) for one in test.dataframe for name in one.value.columns}
    assert not [name for name in headings if "_" in name]
    assert not [word for word in ("published_at", "google_play", "mention_id") if word in json.dumps(pictures(test))]


def test_a_brands_name_is_shown_as_text_and_never_as_a_formula(house):
    fill(
        house,
        ACME,
        Brand(HOSTILE, ("rival",), competitor=True),
        mentions=[*busy(8), found(9, text="rival", published_at=OLD)],
    )
    test = page()
    drawn = pictures(test)[3]["data"][1]["name"]
    assert "<" not in drawn and "\u202e" not in drawn and html.unescape(drawn).startswith("=1+1 <b>x</b>")
    assert next(name for name in test.dataframe[3].value.columns if "1+1" in name).startswith("'=")


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


# How eyes without red-, green- or blue-sensitive cones see linear light (Machado, Oliveira and Fernandes, 2009).
EYES = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "no green": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "no blue": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def linear(colour):
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def seen(colour, eyes):
    """Where a colour lies for these eyes: lightness, green to red, blue to yellow."""
    red, green, blue = (
        min(1.0, max(0.0, sum(weight * part for weight, part in zip(row, linear(colour), strict=True)))) for row in eyes
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    bent = [part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z)]
    return (116 * bent[1] - 16, 500 * (bent[0] - bent[1]), 200 * (bent[1] - bent[2]))


def apart(one, other, eyes):
    return sum((a - b) ** 2 for a, b in zip(seen(one, eyes), seen(other, eyes), strict=True)) ** 0.5


@pytest.mark.parametrize("eyes", EYES.values(), ids=EYES)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_beside_each_other_stay_apart_for_all_eyes(colours, eyes):
    for group in ((colours.negative, colours.neutral, colours.positive), (*colours.series, colours.others)):
        close = [
            (one, other, round(apart(one, other, eyes))) for one, other in itertools.combinations(group, 2)
            if apart(one, other, eyes) < 11
        ]  # fmt: skip
        assert not close


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_lines_stand_out_from_their_background(colours):
    def light(colour):
        return 0.05 + sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))

    for line in colours.series[:1]:
        brighter, darker = sorted((light(line), light(colours.background)), reverse=True)
        assert brighter / darker > 3


def test_the_palette_follows_the_theme():
    assert palette("dark") is DARK
    assert palette("light") is palette(None) is LIGHT
