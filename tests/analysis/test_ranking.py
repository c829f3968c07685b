"""Points: whole, explained, severity before popularity, and nothing waits for ever."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cues.phrases import PHRASES
from analysis.ranking import CUES, FLOORS, WAITING_STEPS, points, rank, waiting, waiting_points
from data.models import Case, Reason, Sentiment

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def case(label="neutral", *cues, **facts):
    return Case(label=label and Sentiment(label), cues=frozenset(cues), **facts)


def reasons(*arguments, **facts):
    return [(reason.why, reason.points) for reason in rank(case(*arguments, **facts))]


def worth(*arguments, **facts):
    return points(rank(case(*arguments, **facts)))


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (case(), []),
        (case("negative", rating=1), [("1 star", 5)]),
        (case("negative", rating=2), [("2 stars", 4)]),
        (case("negative", rating=1.5), [("1.5 stars", 4)]),
        (case("neutral", rating=3), [("3 stars", 1)]),
        (case("positive", rating=5), [("positive, nothing to answer", -1)]),
        (case("positive", "praise", rating=5), [("praise, nothing to answer", -2)]),
        (case("positive", "praise", "question"), [("asks a question", 2)]),
        (case("negative"), [("negative words", 2)]),
        (case("negative", "complaint"), [("complaint words", 3), ("negative words", 2)]),
        (case("neutral", "churn", "request"), [("says they are leaving", 3), ("asks for a change", 1)]),
        (case("neutral", "spam"), [("looks like spam", -6)]),
        (case("neutral", "legal", "press"), [("legal words", 6), ("press", 5)]),
        (case("neutral", "security"), [("security concern", 7)]),
        (case("neutral", "praise"), []),
        (
            case("negative", "complaint", rating=1, nth_complaint=3),
            [("1 star", 5), ("complaint words", 3), ("third complaint from this author", 3)],
        ),
    ],
)
def test_reasons(made, expected):
    assert [(reason.why, reason.points) for reason in rank(made)] == expected


@pytest.mark.parametrize(
    ("nth", "expected"),
    [
        (0, []),
        (1, []),
        (2, [("second complaint from this author", 2)]),
        (3, [("third complaint from this author", 3)]),
        (10, [("tenth complaint from this author", 3)]),
        (11, [("11th complaint from this author", 3)]),
        (21, [("21st complaint from this author", 3)]),
        (102, [("102nd complaint from this author", 3)]),
        (112, [("112th complaint from this author", 3)]),
    ],
)
def test_who_complains_again_moves_up(nth, expected):
    assert reasons(nth_complaint=nth) == expected


@pytest.mark.parametrize(
    ("reach", "expected"),
    [(None, 0), (0, 0), (-3, 0), (999, 0), (1_000, 1), (9_999, 1), (10_000, 2), (100_000, 3), (10**9, 3)],
)
def test_reach_counts_by_its_digits_up_to_three(reach, expected):
    assert worth(reach=reach) == expected


def test_reach_is_said_in_figures():
    assert reasons(reach=12_000) == [("reaches 12,000 people", 2)]


@pytest.mark.parametrize(
    ("engagement", "expected"), [(None, 0), (-5, 0), (9, 0), (10, 1), (99, 1), (100, 2), (10**7, 2)]
)
def test_engagement_counts_little(engagement, expected):
    assert worth(engagement=engagement) == expected


def test_the_famous_do_not_pass_the_burnt():
    famous = worth("negative", reach=10**8, engagement=10**7)
    assert worth("neutral", "safety") > famous
    assert worth("negative", "complaint", rating=1) > famous


@pytest.mark.parametrize(("cue", "floor"), FLOORS.items())
def test_what_is_subtracted_does_not_bury_what_is_grave(cue, floor):
    made = rank(case("positive", cue, "spam"))
    assert points(made) == floor
    assert Reason(f"never below {floor}: {cue}", 6) in made


def test_the_highest_floor_holds():
    assert ("never below 8: safety", 1) in reasons("neutral", "safety", "press", "spam")
    assert worth("neutral", "safety", "press", "spam") == 8
    assert worth("neutral", "press", "spam", rating=1) == 5


def test_a_floor_already_passed_is_not_a_reason():
    assert not any(why.startswith("never") for why, _ in reasons("negative", "safety", rating=1))


def test_a_person_s_word_stands_above_the_stars():
    assert reasons("positive", "complaint", rating=1, nth_complaint=3, corrected=True) == [
        ("positive, nothing to answer", -1)
    ]
    assert reasons("negative", rating=5, corrected=True) == [("set to negative by a person", 2)]
    assert reasons("neutral", "complaint", rating=1, corrected=True) == [("complaint words", 3)]


@pytest.mark.parametrize("rating", [0, -1, 6, float("nan")])
def test_impossible_stars_count_as_none(rating):
    assert reasons("negative", rating=rating) == [("negative words", 2)]


cases = st.builds(
    Case,
    label=st.sampled_from(Sentiment),
    rating=st.none() | st.floats(1, 5),
    cues=st.frozensets(st.sampled_from(list(PHRASES))),
    reach=st.none() | st.integers(0, 10**10),
    engagement=st.none() | st.integers(-100, 10**7),
    nth_complaint=st.integers(0, 200),
    corrected=st.booleans(),
)


@given(cases)
def test_every_reason_is_a_whole_number_that_counts_largest_first(made):
    ranked = rank(made)
    assert all(isinstance(reason.points, int) and reason.points for reason in ranked)
    assert [reason.points for reason in ranked] == sorted((reason.points for reason in ranked), reverse=True)
    assert len({reason.why for reason in ranked}) == len(ranked)
    assert points(ranked) == sum(reason.points for reason in ranked)
    assert rank(made) == ranked


@given(cases)
def test_no_floor_is_ever_broken(made):
    floors = [FLOORS[cue] for cue in made.cues & FLOORS.keys()]
    assert not floors or points(rank(made)) >= max(floors)


def test_every_cue_that_counts_can_be_found_in_a_text():
    assert set(CUES) | {"praise", "spam"} == set(PHRASES)


@pytest.mark.parametrize(
    ("waited", "expected"),
    [
        (-1, 0),
        (0, 0),
        (1.99, 0),
        (2, 1),
        (3.99, 1),
        (4, 2),
        (6, 3),
        (7.99, 3),
        (8, 4),
        (15.99, 4),
        (31.9, 4),
        (32, 5),
        (128, 6),
        (8 * 1024, 9),
    ],
)
def test_points_grow_by_quarters_of_the_target_then_fourfold(waited, expected):
    assert waiting_points(waited * HOUR, 8 * HOUR) == expected


@given(st.integers(0, 10**9), st.integers(60, 10**6))
def test_the_steps_are_the_formula(wait, target):
    part = wait / target
    formula = next((earned for below, earned in ((0.25, 0), (0.5, 1), (0.75, 2), (1, 3)) if part < below), None)
    expected = 4 + (math.frexp(part)[1] - 1) // 2 if formula is None else formula
    assert waiting_points(timedelta(seconds=wait), timedelta(seconds=target)) == expected


@given(st.timedeltas(timedelta(), timedelta(days=10**6)), st.timedeltas(timedelta(), timedelta(days=30)))
def test_waiting_never_lowers(wait, target):
    assert waiting_points(wait * 2, target) >= waiting_points(wait, target) >= 0


def test_a_small_matter_that_waits_long_passes_a_fresh_grave_one():
    assert worth("neutral", "question") + waiting_points(4**9 * 8 * HOUR, 8 * HOUR) > worth(
        "negative", "complaint", rating=1, nth_complaint=3
    )


def test_the_steps_rise_and_reach_a_thousand_years():
    assert list(WAITING_STEPS) == sorted(WAITING_STEPS)
    assert waiting_points(timedelta(days=365_000), timedelta()) == 4 + 14
    assert WAITING_STEPS[-1][1] > 4 + 14


@pytest.mark.parametrize(
    ("waited", "target", "expected"),
    [
        (1 * HOUR, 8 * HOUR, None),
        (-1 * HOUR, 8 * HOUR, None),
        (5 * HOUR, 8 * HOUR, Reason("waiting 5 h of 8 h", 2)),
        (7.99 * HOUR, 8 * HOUR, Reason("waiting 7 h of 8 h", 3)),
        (8 * HOUR, 8 * HOUR, Reason("waiting 8 h, target 8 h", 4)),
        (47 * HOUR, 8 * HOUR, Reason("waiting 47 h, target 8 h", 5)),
        (3 * 24 * HOUR, 8 * HOUR, Reason("waiting 3 d, target 8 h", 5)),
        (24 * 24 * HOUR, 24 * HOUR, Reason("waiting 3 weeks, target 24 h", 6)),
        (800 * 24 * HOUR, 24 * HOUR, Reason("waiting 2 years, target 24 h", 8)),
        (0.4 * HOUR, 0.5 * HOUR, Reason("waiting 24 min of 30 min", 3)),
        (1 * HOUR, 1.5 * HOUR, Reason("waiting 1 h of 90 min", 2)),
        (40 * HOUR, 3 * 24 * HOUR, Reason("waiting 40 h of 3 d", 2)),
        (0.1 * HOUR, 0 * HOUR, Reason("waiting 6 min, target 0 min", 5)),
    ],
)
def test_a_wait_is_said_as_a_person_would(waited, target, expected):
    assert waiting(NOON - waited, target, NOON) == expected


@pytest.mark.parametrize("published_at", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)])
def test_the_ends_of_time_are_waited_for_too(published_at):
    assert (waiting(published_at, timedelta(minutes=1), NOON) is None) == (published_at > NOON)


def test_what_likely_needs_a_reply_ranks_higher_where_nothing_else_says_so():
    assert reasons("neutral", expected=True) == [("likely needs a reply", 2)]
    assert reasons("neutral", "question", expected=True) == [("asks a question", 2)]
    assert reasons("positive", expected=True) == [("likely needs a reply", 2)]


def test_a_person_s_word_stands_above_the_scorer_s():
    assert reasons("neutral", expected=True, expects=False) == [("needs no reply, says a person", -4)]
    assert reasons("neutral", expected=False, expects=True) == [("needs a reply, says a person", 3)]
    assert reasons("positive", expected=True, corrected=True) == []


def test_what_is_not_judged_says_so_and_ranks_above_what_is_harmless():
    assert reasons(None, unjudged="ja") == [("Not judged: Japanese", 1)]
    assert reasons(None, unjudged="und") == [("Not judged: a language that is not known", 1)]
    assert worth(None, unjudged="ja") > worth("neutral") > worth("positive")


def test_stars_handles_and_questions_rank_what_is_not_judged():
    assert reasons("negative", rating=1, unjudged="ja") == [("1 star", 5), ("Not judged: Japanese", 1)]
    assert reasons(None, "question", unjudged="ja", addressed=True) == [
        ("asks a question", 2),
        ("written to us", 2),
        ("Not judged: Japanese", 1),
    ]


def test_five_stars_over_words_that_nobody_read_may_need_an_answer():
    assert ("positive, nothing to answer", -1) not in reasons("positive", rating=5, unjudged="ja")
