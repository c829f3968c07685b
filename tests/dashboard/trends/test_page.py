"""Trends: six questions, four figures, and a sentence where there is nothing to draw."""

from __future__ import annotations

import html
import json

from analysis import trends
from data.ingest import absorber
from data.models import Answer, Brand
from data.setup import save_brands
from data.spool.batches import drop
from tests.dashboard import trends_bench
from tests.dashboard.trends_bench import DAY, HOSTILE, OLD, QUESTIONS, busy, fill, page, pictures, questions, said
from tests.data.builders import ACME, BOLT, HOUR, NOON, RIVAL, found

runtime = trends_bench.runtime


def test_a_filled_page_asks_six_questions_and_shows_four_figures(runtime):
    fill(runtime, ACME, RIVAL, mentions=[*busy(), found(900, text="rival", published_at=OLD)])
    test = page()
    assert questions(test) == QUESTIONS
    assert all(question.endswith("?") for question in questions(test))
    assert [one.label for one in test.metric] == [
        "Mentions", "Negative share", "Net sentiment", "Median first response",
    ]  # fmt: skip
    assert len(pictures(test)) == len(test.dataframe) == len(test.download_button) == 6


def test_old_mentions_are_shown_and_the_page_says_which_weeks(runtime):
    fill(runtime, ACME, mentions=busy())
    test = page()
    assert "3 weeks, 20 March 2023 to 9 April 2023." in said(test)
    assert "The newest mention is of 9 April 2023, so the period ends there." in said(test)


def test_mentions_of_today_are_shown_up_to_the_running_week(runtime):
    fill(runtime, ACME, mentions=busy(newest=NOON))
    test = page()
    assert "so the period ends there" not in said(test)
    [newest, *_] = test.dataframe[0].value.to_dict("records")
    assert newest["Week of"] == trends.monday(NOON)
    assert newest["Whole week"] == "no"


def test_the_headlines_tell_the_change_in_the_figures_own_unit(runtime):
    fill(runtime, ACME, mentions=busy(), answers=[Answer("test:1", "sorry", OLD)])
    mentions, negative, net, median = page().metric
    assert (mentions.value, mentions.delta) == ("27", "-1")
    assert (negative.value, negative.delta) == ("–", "too few to say: 27 mentions")
    assert net.delta == median.delta == negative.delta


def test_an_address_written_by_hand_is_taken_by_code_and_in_any_case_and_the_rest_is_told(runtime):
    fill(runtime, ACME, BOLT, mentions=[*busy(40), *[found(900 + n, text="bolt", published_at=OLD) for n in range(7)]])
    test = page(source="google_play", brand="ACME", period="4")
    assert (test.selectbox[0].value, test.selectbox[1].value) == ("Acme", "google_play")
    assert test.query_params == {"source": "Google Play", "brand": "Acme", "period": "4 weeks"}
    test = page(source="google_play", brand="Zenith")
    assert (test.selectbox[0].value, test.selectbox[1].value) == (None, "google_play")
    assert "Left out, because nothing here goes by that name: brand “Zenith”." in said(test)


def test_an_address_carries_the_filters(runtime):
    fill(runtime, ACME, BOLT, mentions=[*busy(40), *[found(900 + n, text="bolt", published_at=OLD) for n in range(7)]])
    test = page(brand="Bolt", period="4 weeks")
    assert test.selectbox(key="brand").value == "Bolt"
    assert test.metric[0].value == "7"
    assert page(source="Google Play").metric[0].value == "13"
    assert page(brand="Nobody", source="Nowhere", period="9 weeks").metric[0].value == "34"


def test_two_sources_of_one_name_are_one_choice_and_one_series(runtime):
    fill(
        runtime,
        ACME,
        mentions=[*busy(8), *[found(900 + n, source=("x", "twitter")[n], published_at=OLD) for n in (0, 1)]],
    )
    test = page(source="X", period="4 weeks")
    assert test.selectbox(key="source").options == ["Google Play", "Reddit", "X"]
    [bars, _] = pictures(test)[2]["data"]
    assert (bars["name"], bars["customdata"]) == ("X", ["X <b>2</b>"])


def test_filters_that_hide_everything_say_so_and_how_to_go_on(runtime):
    long_ago = OLD - 40 * trends.WEEK
    fill(runtime, ACME, BOLT, mentions=[*busy(8), found(900, text="bolt", published_at=long_ago)])
    test = page(brand="Bolt", period="4 weeks")
    assert [one.value for one in test.subheader] == ["Nothing matches these filters"]
    assert "No mention from 13 March 2023 to 9 April 2023; 1 mention in other weeks." in said(test)
    assert not pictures(test)
    button = next(one for one in test.button if one.label == "Show all weeks")
    button.click().run()
    assert len(pictures(test)) == 5


def test_filters_can_be_cleared(runtime):
    fill(runtime, ACME, BOLT, mentions=busy(8))
    test = page(brand="Bolt")
    assert "and none in any other week" in said(test)
    next(one for one in test.button if one.label == "Clear the filters").click().run()
    assert len(pictures(test)) == 5
    assert "Headlines come with the first full week." in said(test)
    assert not test.metric


def test_an_empty_store_tells_the_next_step(runtime):
    test = page()
    assert [one.value for one in test.subheader] == ["Nothing heard yet"]
    assert [one.label for one in test.button] == ["Go to Setup"]
    assert not pictures(test)


def test_whoever_named_a_brand_is_shown_where_to_look_while_nothing_is_heard(runtime):
    fill(runtime, ACME, mentions=[])
    test = page()
    assert [one.value for one in test.subheader] == ["Nothing heard yet"]
    assert "name one" not in said(test)
    assert "**Sources** shows what is listened to" in said(test)


def test_while_mentions_wait_for_their_sentiment_the_page_says_so(runtime):
    save_brands(runtime.places.setup, [ACME])
    drop(runtime.places.incoming, "test", OLD, found=busy(3))
    list(absorber.absorb_waiting(runtime.store, runtime.judgement, runtime.places, runtime.clock))
    assert [one.value for one in page().subheader] == ["Mentions are on their way"]


def test_without_competitors_the_page_says_how_to_add_one(runtime):
    fill(runtime, ACME, mentions=busy(8))
    test = page()
    assert questions(test) == QUESTIONS
    assert "You follow no competitor yet. Add one on **Setup**" in said(test)
    assert "Go to Setup" in [one.label for one in test.button]


def test_replies_dated_before_their_mention_are_counted_and_left_out_of_the_times(runtime):
    fill(runtime, ACME, mentions=busy(8), answers=[
        Answer("test:1", "sorry", OLD - 9 * DAY), Answer("test:2", "sorry", OLD - DAY / 2 + 3 * HOUR),
    ])  # fmt: skip
    test = page()
    assert "1 reply dated before the mention (edited since) left out, but counted as answered." in said(test)
    [row, *_] = test.dataframe[4].value.to_dict("records")
    assert (row["Answered"], row["Dated before the mention"], row["Answers with a time"]) == (2, 1, 1)
    assert row["Median, h"] == 3.0


def test_without_answers_the_picture_says_so_in_place_of_a_line(runtime):
    fill(runtime, ACME, mentions=busy(8))
    noted = pictures(page())[3]["layout"]["annotations"]
    assert "No answer with a time in these weeks." in [one["text"] for one in noted]


def test_one_shared_target_is_drawn_and_several_are_not(runtime):
    fill(runtime, ACME, Brand("Bolt", ("bolt",), reply_within=2 * HOUR), mentions=busy(8), answers=[
        Answer("test:1", "sorry", OLD),
    ])  # fmt: skip
    assert "target" not in json.dumps(pictures(page())[3])
    assert "target 8 h" in json.dumps(pictures(page(brand="Acme"))[3])


def test_no_field_of_the_store_is_named_on_the_page(runtime):
    fill(runtime, ACME, RIVAL, mentions=busy(8))
    test = page()
    headings = {str(name) for one in test.dataframe for name in one.value.columns}
    assert not [name for name in headings if "_" in name]
    assert not [word for word in ("published_at", "google_play", "mention_id") if word in json.dumps(pictures(test))]


def test_a_brands_name_is_shown_as_text_and_never_as_a_formula(runtime):
    fill(
        runtime,
        ACME,
        Brand(HOSTILE, ("rival",), competitor=True),
        mentions=[*busy(8), found(9, text="rival", published_at=OLD)],
    )
    test = page()
    drawn = pictures(test)[3]["data"][1]["name"]
    assert "<" not in drawn and "\u202e" not in drawn and html.unescape(drawn).startswith("=1+1 <b>x</b>")
    assert next(name for name in test.dataframe[3].value.columns if "1+1" in name).startswith("'=")
