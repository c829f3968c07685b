"""Weekly figures out of counted mentions: the weeks shown, shares, headlines and when they say too little."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import repeat

import pytest

from analysis import trends
from analysis.trends import Mood, Response
from data.analytics.trends import Answers, Tally
from data.models import Sentiment

MONDAY = date(2026, 11, 16)
WEEK = timedelta(weeks=1)
FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
EVERYTHING: frozenset[str] = frozenset()


def tally(mentions=1, *, week=MONDAY, brand="Acme", competitor=False, once=None, source="reddit", **more):
    """`mentions` of Acme in the week of MONDAY, neutral, all at its Monday's noon unless told otherwise."""
    noon = datetime(week.year, week.month, week.day, 12, tzinfo=UTC)
    plain = {"sentiment": Sentiment.NEUTRAL, "oldest_at": noon, "newest_at": noon} | more
    counted = 0 if competitor else mentions if once is None else once
    return Tally(week, brand, competitor, source, mentions=mentions, once=counted, **plain)


def shown(length=None, *tallies, now=FRIDAY):
    return trends.period(tallies, length, now)


def weeks(*back):
    return tuple(MONDAY - number * WEEK for number in back)


def mood(mentions, negative=0, positive=0, week=MONDAY):
    return Mood(week, negative, mentions - negative - positive, positive)


def told(*moods, answers=(), now=FRIDAY):
    """The headlines for these moods, the last of which is the week before the running one."""
    start = MONDAY - len(moods) * WEEK
    placed = [Mood(start + n * WEEK, one.negative, one.neutral, one.positive) for n, one in enumerate(moods)]
    found = [
        Response(one.week, one.mentions, *figures) for one, figures in zip(placed, answers or repeat(()), strict=False)
    ]
    running = Mood(MONDAY)
    period = shown(None, tally(week=start), tally(newest_at=now), now=now)
    return trends.headlines([*placed, running], [*found, Response(MONDAY, 0)], period)


def test_without_a_mention_of_ours_there_are_no_weeks():
    assert shown(12) is None
    assert shown(12, tally(competitor=True)) is None


def test_a_period_ends_with_the_running_week_and_has_no_gap():
    period = shown(4, tally(week=MONDAY - 10 * WEEK), tally(week=MONDAY - WEEK))
    assert period.weeks == weeks(3, 2, 1, 0)
    assert not period.is_past


def test_no_week_from_before_the_first_mention_is_shown():
    assert shown(12, tally(week=MONDAY - WEEK)).weeks == weeks(1, 0)


def test_all_weeks_reach_back_to_the_first_mention():
    assert len(shown(None, tally(week=MONDAY - 51 * WEEK), tally()).weeks) == 52


def test_when_all_mentions_are_old_the_period_ends_with_the_newest():
    old = date(2023, 4, 3)
    period = shown(4, tally(week=old - 9 * WEEK), tally(week=old))
    assert period.weeks == tuple(old - number * WEEK for number in (3, 2, 1, 0))
    assert period.is_past


def test_a_mention_of_four_weeks_ago_is_not_old():
    assert not shown(12, tally(week=MONDAY - 4 * WEEK, newest_at=FRIDAY - 4 * WEEK)).is_past
    assert shown(12, tally(week=MONDAY - 4 * WEEK, newest_at=FRIDAY - 4 * WEEK - timedelta(seconds=1))).is_past


def test_the_running_week_is_not_whole_until_it_is_over():
    first = tally(week=MONDAY - WEEK, oldest_at=datetime(2026, 11, 9, tzinfo=UTC))
    sunday = datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)
    assert shown(None, first, now=sunday).whole == [0]
    assert shown(None, first, now=sunday + timedelta(seconds=1)).whole == [0, 1]


def test_a_week_that_listening_began_in_the_midst_of_is_not_whole():
    wednesday = datetime(2026, 11, 4, 9, tzinfo=UTC)
    period = shown(None, tally(week=MONDAY - 2 * WEEK, oldest_at=wednesday), tally())
    assert [period.is_whole(week) for week in period.weeks] == [False, True, False]


@pytest.mark.parametrize(("day", "is_whole"), [(7, False), (8, False), (9, True)])
def test_the_last_of_old_weeks_is_whole_only_when_mentions_reach_its_sunday(day, is_whole):
    old = date(2023, 4, 3)
    newest = datetime(2023, 4, day, 1, tzinfo=UTC)
    period = shown(None, tally(week=old, oldest_at=datetime(2023, 4, 3, 5, tzinfo=UTC), newest_at=newest))
    assert period.is_whole(old) is is_whole


def test_a_period_knows_its_first_instant_and_the_first_one_after_it():
    period = shown(2, tally(week=MONDAY - 9 * WEEK), tally())
    assert period.since == datetime(2026, 11, 9, tzinfo=UTC)
    assert period.until == datetime(2026, 11, 23, tzinfo=UTC)


def test_a_mention_from_tomorrow_does_not_break_the_weeks():
    assert shown(4, tally(week=MONDAY + WEEK)).weeks == (MONDAY + WEEK,)


def test_over_all_our_brands_each_mention_counts_once():
    tallies = [tally(5, brand="Acme"), tally(3, brand="Bolt", once=1), tally(9, brand="Rival", competitor=True)]
    assert sum(mentions for _, mentions in trends.of_ours(tallies, None, EVERYTHING)) == 6
    assert sum(mentions for _, mentions in trends.of_ours(tallies, "Bolt", EVERYTHING)) == 3


def test_sources_that_are_not_asked_for_are_left_out():
    tallies = [tally(5), tally(2, source="rss"), tally(1, source="x")]
    assert sum(mentions for _, mentions in trends.of_ours(tallies, None, frozenset({"rss", "x"}))) == 3


def test_moods_have_every_week_even_those_nobody_spoke_in():
    counted = trends.of_ours([tally(4, sentiment=Sentiment.NEGATIVE), tally(6)], None, EVERYTHING)
    assert trends.moods(counted, weeks(1, 0)) == [Mood(MONDAY - WEEK), Mood(MONDAY, negative=4, neutral=6)]


def test_net_sentiment_is_positive_minus_negative_in_percent_of_all():
    assert mood(10, negative=2, positive=5).net == pytest.approx(30)
    assert mood(3, negative=3).net == -100
    assert mood(10, negative=2).negative_share == pytest.approx(20)


def test_a_week_without_mentions_has_no_shares():
    assert mood(0).net is None
    assert mood(0).negative_share is None


def test_volumes_put_the_busiest_source_first_and_join_sources_of_one_name():
    counted = trends.of_ours([tally(2), tally(3, source="x"), tally(1, source="twitter")], None, EVERYTHING)
    called = {"x": "X", "twitter": "X", "reddit": "Reddit"}.__getitem__
    assert list(trends.volumes(counted, weeks(1, 0), called).items()) == [("X", [0, 4]), ("Reddit", [0, 2])]


def test_a_source_that_is_silent_in_these_weeks_has_no_series():
    counted = trends.of_ours([tally(2, week=MONDAY - 9 * WEEK, source="rss"), tally()], None, EVERYTHING)
    assert list(trends.volumes(counted, weeks(1, 0))) == ["reddit"]


def test_voices_are_ours_first_then_competitors_by_loudness():
    tallies = [
        tally(2, brand="Acme"), tally(3, brand="Bolt", once=0), tally(1, brand="Quiet", competitor=True),
        tally(9, brand="Rival", competitor=True),
    ]  # fmt: skip
    voices = trends.voices(tallies, [MONDAY], None, EVERYTHING)
    assert list(voices.ours) == ["Bolt", "Acme"]
    assert list(voices.competitors) == ["Rival", "Quiet"]
    assert voices.totals == [15]


def test_with_one_brand_chosen_only_it_and_competitors_have_a_voice():
    tallies = [tally(2, brand="Acme"), tally(3, brand="Bolt"), tally(5, brand="Rival", competitor=True)]
    voices = trends.voices(tallies, [MONDAY], "Acme", EVERYTHING)
    assert (voices.ours, voices.competitors, voices.totals) == ({"Acme": [2]}, {"Rival": [5]}, [7])


def test_without_competitors_all_voices_are_ours():
    voices = trends.voices([tally(2)], weeks(1, 0), None, EVERYTHING)
    assert (voices.competitors, voices.totals) == ({}, [0, 2])


def test_responses_have_every_week_and_shares_of_all_mentions():
    answers = [Answers(MONDAY, answered=6, early=2, within=3, median_hours=4.0, mean_hours=7.5)]
    quiet, busy = trends.responses(answers, [mood(5, week=MONDAY - WEEK), mood(10)])
    assert (quiet.answered, quiet.answered_share, quiet.median_hours) == (0, 0, None)
    assert (busy.timed, busy.answered_share, busy.median_hours) == (4, 60, 4.0)


def test_the_share_within_target_leaves_out_answers_whose_time_nobody_knows():
    one = Response(MONDAY, mentions=10, answered=6, early=2, within=4)
    assert one.within_share == 50
    assert Response(MONDAY, mentions=2, answered=2, early=2).within_share is None


def test_headlines_compare_the_last_full_week_with_the_one_before():
    figures = told(mood(100, 20, 30), mood(120, 30, 30), answers=[(20, 0, 9, 6.0, 8.0), (20, 0, 9, 4.5, 9.0)])
    assert figures.week == MONDAY - WEEK
    assert (figures.mentions.value, figures.mentions.change) == (120, 20)
    assert (figures.negative_share.value, figures.negative_share.change) == (25, 5)
    assert (figures.net.value, figures.net.change) == (0, -10)
    assert (figures.median_hours.value, figures.median_hours.change) == (4.5, -1.5)


def test_a_change_of_a_share_is_in_points_not_in_percent_of_it():
    assert told(mood(100, 10), mood(100, 20)).negative_share.change == pytest.approx(10)


@pytest.mark.parametrize(
    ("mentions", "instead"), [(29, "too few to say: 29 mentions"), (1, "too few to say: 1 mention")]
)
def test_under_thirty_mentions_a_share_is_too_few_to_say(mentions, instead):
    figures = told(mood(100, 20), mood(mentions))
    assert (figures.mentions.value, figures.mentions.change) == (mentions, mentions - 100)
    assert figures.negative_share.value is None
    assert figures.negative_share.instead == figures.net.instead == figures.median_hours.instead == instead


def test_thirty_mentions_are_enough():
    assert told(mood(30, 3), mood(30, 6)).negative_share.change == pytest.approx(10)


def test_a_week_is_not_compared_with_one_of_too_few():
    share = told(mood(29, 20), mood(100, 20)).negative_share
    assert (share.value, share.change, share.instead) == (20, None, "too few the week before: 29 mentions")


def test_a_median_of_under_ten_answers_is_too_few_to_say():
    median = told(mood(100), mood(100), answers=[(20, 0, 0, 6.0, 8.0), (12, 3, 0, 4.5, 9.0)]).median_hours
    assert (median.value, median.instead) == (None, "too few to say: 9 answers")


def test_the_first_full_week_is_compared_with_nothing():
    figures = trends.headlines(
        [mood(5, week=MONDAY - 2 * WEEK), mood(100, week=MONDAY - WEEK), mood(1)],
        [Response(MONDAY, 0)] * 3,
        shown(None, tally(week=MONDAY - 2 * WEEK, oldest_at=datetime(2026, 11, 5, tzinfo=UTC)), tally()),
    )
    assert (figures.mentions.value, figures.mentions.change, figures.mentions.instead) == (
        100,
        None,
        "no full week before",
    )


def test_without_a_full_week_there_are_no_headlines():
    assert trends.headlines([mood(50)], [Response(MONDAY, 50)], shown(None, tally())) is None


def test_analysis_needs_neither_the_store_nor_pandas():
    code = "import sys, analysis.trends; print(sorted({'duckdb', 'pandas', 'streamlit'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_is_not_judged_is_counted_and_is_not_neutral():
    told = [tally(6, sentiment=Sentiment.NEGATIVE), tally(4, sentiment=None)]
    (found,) = trends.moods(trends.of_ours(told, None, EVERYTHING), (MONDAY,))
    assert (found.mentions, found.judged, found.unjudged, found.neutral) == (10, 6, 4, 0)
    assert (found.negative_share, found.net) == (100, -100)
