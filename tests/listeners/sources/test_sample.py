"""The sample is full, fictional, ends now, and comes once."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from data.matching import is_about, searched
from data.models import Brand, Found
from listeners.base import FetchResult, ListenerError
from listeners.sources.sample import FOLDER, LAST_BEFORE_NOW, Sample, read_lines, sample_brands, shift, shift_answer

NOW = datetime(2026, 11, 23, 9, 30, 12, 345678, tzinfo=UTC)
OURS, TEAL, DOCKS = sample_brands()
REAL = Brand("Acme", ("acme",))
OUTAGE = (26_730, 24_570)  # minutes before the end, 36 hours in week 6
OPEN_DAYS = timedelta(days=2)
FILES = sorted(FOLDER.glob("mentions-*.jsonl"))


@pytest.fixture(scope="module")
def fetched() -> FetchResult:
    return Sample().listen(sample_brands(), {}, {}, NOW)


def named(found: Found) -> set[str]:
    text = searched(found.mention.title, found.mention.text)
    return set(found.brands) | {brand.name for brand in (OURS, TEAL, DOCKS) if is_about(brand, text)}


def saying(fetched: FetchResult, words: str) -> Found:
    (hit,) = (found for found in fetched.found if words in found.mention.text)
    return hit


def unanswered(fetched: FetchResult) -> list[Found]:
    answered = {answer.mention_id for answer in fetched.answers}
    return [found for found in fetched.found if OURS.name in named(found) and found.mention.id not in answered]


# how it is replayed


def test_it_ends_a_few_minutes_before_now_and_begins_eight_weeks_earlier(fetched):
    times = [found.mention.published_at for found in fetched.found]
    assert max(times) == NOW - LAST_BEFORE_NOW
    assert max(times) - min(times) == timedelta(days=56)
    assert times == sorted(times)


def test_no_answer_lies_after_now_and_each_follows_its_mention(fetched):
    published = {found.mention.id: found.mention.published_at for found in fetched.found}
    assert all(published[answer.mention_id] < answer.answered_at <= NOW for answer in fetched.answers)


def test_an_answer_still_to_come_is_left_out():
    line = {**read_lines()[-1], "answer": {"minutes_after": 30, "text": "Hello", "author": "trundelo"}}
    answer = shift_answer(line, NOW - LAST_BEFORE_NOW)
    assert answer is not None
    assert answer.answered_at > NOW


def test_the_same_now_gives_the_same_mentions(fetched):
    assert Sample().listen([], {}, {}, NOW) == fetched


def test_a_later_now_moves_everything_by_the_same_span(fetched):
    later = Sample().listen([], {}, {}, NOW + timedelta(days=3, seconds=7))
    moved = {b.mention.published_at - a.mention.published_at for a, b in zip(fetched.found, later.found, strict=True)}
    assert moved == {timedelta(days=3, seconds=7)}


def test_it_is_replayed_once(fetched):
    again = Sample().listen(sample_brands(), {}, json.loads(json.dumps(fetched.cursor)), NOW + timedelta(days=1))
    assert (again.found, again.answers, again.cursor) == ((), (), fetched.cursor)


@pytest.mark.parametrize("brands", [[REAL], [*sample_brands(), REAL]], ids=["alone", "beside the sample"])
def test_it_is_silent_while_a_real_brand_stands(brands):
    silent = Sample().listen(brands, {}, {}, NOW)
    assert (silent.found, silent.answers, silent.cursor) == ((), (), {})


def test_a_line_becomes_a_mention_in_the_style_of_its_source():
    line = {
        "n": 7, "minutes_before_end": 90, "source": "reddit", "kind": "comment", "author": "kerbweasel",
        "engagement": 3, "text": "Trundelo is down", "thread": 5, "parent": 6,
    }  # fmt: skip
    mention = shift(line, NOW).mention
    assert (mention.id, mention.source, mention.kind) == ("sample:7", "reddit", "comment")
    assert (mention.thread_id, mention.parent_id) == ("sample:5", "sample:6")
    assert mention.published_at == NOW - timedelta(minutes=90)
    assert mention.url == "https://example.com/sample/7"
    assert (mention.rating, mention.reach, mention.title) == (None, None, None)


def test_a_damaged_line_is_refused_with_its_file(tmp_path):
    (tmp_path / "mentions-week-1.jsonl").write_text('{"n": 1,\n', encoding="utf-8")
    with pytest.raises(ListenerError, match=r"mentions-week-1\.jsonl") as refusal:
        read_lines(tmp_path)
    assert refusal.value.permanent


def test_an_empty_folder_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(ListenerError, match="Fetch data/sample again"):
        read_lines(tmp_path)
    with pytest.raises(ListenerError, match=r"brands\.toml cannot be read: nothing there"):
        sample_brands(tmp_path)
    (tmp_path / "brands.toml").write_text("[[brand]\n", encoding="utf-8")
    with pytest.raises(ListenerError, match=r"brands\.toml"):
        sample_brands(tmp_path)


# the brands


def test_every_brand_is_labelled_as_fictional_and_one_is_ours():
    assert all(brand.is_sample for brand in sample_brands())
    assert [brand.competitor for brand in sample_brands()] == [False, True, True]


def test_every_mention_names_a_sample_brand(fetched):
    assert [found.mention.text for found in fetched.found if not named(found)] == []


def test_a_source_names_brands_only_where_it_is_a_review(fetched):
    assert all(bool(found.brands) == (found.mention.kind == "review") for found in fetched.found)
    assert {name for found in fetched.found for name in found.brands} <= {brand.name for brand in sample_brands()}


def test_about_a_quarter_speaks_of_competitors_only_and_some_compare(fetched):
    names = [named(found) for found in fetched.found]
    assert 0.18 <= sum(OURS.name not in each for each in names) / len(names) <= 0.32
    assert sum(OURS.name in each and len(each) > 1 for each in names) >= 25
    assert sum(len(each) == 3 for each in names) >= 8


# what it holds


def test_it_is_large_and_every_source_speaks(fetched):
    assert len(fetched.found) >= 430
    counts = Counter(found.mention.source for found in fetched.found)
    assert set(counts) == {
        "reddit", "x", "google_play", "app_store", "trustpilot", "hackernews", "rss", "mastodon", "bluesky",
    }  # fmt: skip
    assert min(counts.values()) >= 10


def test_ids_are_unique_and_counted_without_a_hole(fetched):
    ids = [found.mention.id for found in fetched.found]
    assert ids == [f"sample:{n}" for n in range(1, len(ids) + 1)]


def test_parents_and_threads_lie_in_the_sample_and_earlier(fetched):
    published = {found.mention.id: found.mention.published_at for found in fetched.found}
    replies = [found.mention for found in fetched.found if found.mention.parent_id]
    assert len(replies) >= 20
    for mention in replies:
        assert published[mention.parent_id] < mention.published_at
        assert published[mention.thread_id] < mention.published_at


def test_texts_are_distinct_apart_from_reposts(fetched):
    authors: dict[str, list[str]] = {}
    for found in fetched.found:
        if len(found.mention.text.split()) > 1:
            authors.setdefault(found.mention.text, []).append(found.mention.author)
    reposts = [names for names in authors.values() if len(names) > 1]
    assert 3 <= len(reposts) <= 8
    assert all(len(set(names)) == len(names) for names in reposts)


def test_some_reposts_differ_in_a_few_letters(fetched):
    texts = [found.mention.text.lower() for found in fetched.found]
    assert len({text for text in texts if text.startswith("everyone charged by trundelo today")}) == 2


def test_the_outage_is_a_cluster_of_36_hours_in_week_6():
    weeks = Counter((80_640 - line["minutes_before_end"]) // 10_080 for line in read_lines())
    inside = [line for line in read_lines() if OUTAGE[1] <= line["minutes_before_end"] <= OUTAGE[0]]
    assert weeks[5] > 1.3 * max(weeks[week] for week in range(5))
    assert len(inside) >= 65
    late = [line["answer"]["minutes_after"] for line in inside if "answer" in line]
    assert len(late) >= 20
    assert sorted(late)[len(late) // 2] > 24 * 60


def test_the_third_complaint_of_one_author_is_fresh_and_open(fetched):
    by_author = [found for found in fetched.found if found.mention.author == "anvilpuddle"]
    assert [found.mention.source for found in by_author] == ["reddit"] * 3
    assert by_author[-1].mention.published_at > NOW - OPEN_DAYS
    assert by_author[-1] in unanswered(fetched)


@pytest.mark.parametrize(
    "words",
    [
        "The battery was hissing",  # safety
        "my solicitor will file",  # legal
        "I'm a reporter with",  # press
        "doesn't check that it belongs to the signed-in account",  # security
    ],
    ids=["safety", "legal", "press", "security"],
)
def test_what_must_not_wait_is_recent_and_open(fetched, words):
    found = saying(fetched, words)
    assert found in unanswered(fetched)
    assert found.mention.published_at > NOW - timedelta(days=2, hours=2)


def test_other_languages_are_spoken(fetched):
    spoken = Counter(found.mention.language for found in fetched.found if found.mention.language)
    assert {"de", "fr", "es", "hi", "ar", "ja"} <= set(spoken)
    assert sum(spoken.values()) >= 20


def test_reviews_have_one_to_five_stars_and_nothing_else_has(fetched):
    stars = Counter(found.mention.rating for found in fetched.found if found.mention.kind == "review")
    assert set(stars) == {1, 2, 3, 4, 5}
    assert all(found.mention.rating is None for found in fetched.found if found.mention.kind != "review")


def test_lengths_run_from_one_word_to_long_posts(fetched):
    words = [len(found.mention.text.split()) for found in fetched.found]
    assert sum(count == 1 for count in words) >= 5
    assert sum(count >= 300 for count in words) >= 3


@pytest.mark.parametrize(
    "piece", ["<script>alert(", "](javascript:alert(", r"$$n > \frac{38}", "\u202e", "\x1b[31m", "🎁", "🚀"], ids=ascii
)
def test_strangers_text_that_must_stay_text_is_there(fetched, piece):
    assert any(piece in f"{found.mention.title}{found.mention.text}" for found in fetched.found)


def test_control_characters_are_escaped_in_the_files():
    raw = "".join(path.read_text(encoding="utf-8") for path in FILES)
    assert not {character for character in raw if character in "\u202e\x1b"}


def test_people_write_by_day_and_in_the_evening():
    hours = Counter((24 * 60 + 20 * 60 + 40 - line["minutes_before_end"]) // 60 % 24 for line in read_lines())
    assert sum(hours[hour] for hour in range(6)) == 0
    assert sum(hours[hour] for hour in range(17, 23)) > len(read_lines()) / 5


# answers and what is left to do


def test_answers_are_ours_told_apart_and_realistic_in_delay(fetched):
    found = {each.mention.id: each for each in fetched.found}
    assert len({answer.text for answer in fetched.answers}) == len(fetched.answers) >= 90
    assert all(OURS.name in named(found[answer.mention_id]) for answer in fetched.answers)
    delays = [answer.answered_at - found[answer.mention_id].mention.published_at for answer in fetched.answers]
    assert timedelta(minutes=10) <= min(delays) < timedelta(minutes=30)
    assert timedelta(days=2) < max(delays) <= timedelta(days=3)


def test_the_last_two_days_are_largely_unanswered(fetched):
    recent = [found for found in fetched.found if found.mention.published_at > NOW - OPEN_DAYS]
    waiting = [found for found in unanswered(fetched) if found in recent]
    assert 45 <= len(waiting) <= 90
    assert len({found.mention.source for found in waiting}) >= 8
