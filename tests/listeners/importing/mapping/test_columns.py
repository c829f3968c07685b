"""Which column holds what: by name, by value, and as somebody chose."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from data.models import HearbackError
from listeners.importing.mapping.columns import FIELDS, ColumnMapping, guess, plain
from listeners.importing.mapping.synonyms import SYNONYMS
from listeners.importing.readers.tables import open_table

REAL = Path(os.environ.get("HEARBACK_SHARED") or Path(__file__).resolve().parents[5] / "shared") / "data"
needs_real_data = pytest.mark.skipif(not REAL.is_dir(), reason="the recorded files in ../shared/data are not here")


def read_as(header: str, *rows: tuple) -> dict[str, str]:
    """field -> column, for a header written with blanks between its names."""
    return guess(header.split(), rows or [(None,) * len(header.split())]).columns


# --- names


@pytest.mark.parametrize("name", ["created_at", "Created At", "createdAt", "CREATED-AT", "Created_at "])
def test_a_name_is_known_however_it_is_written(name):
    assert guess([name], [("2026-11-22T10:00:00Z",)]).columns == {"published_at": name}


def test_every_field_has_a_name_people_read_and_names_it_goes_by():
    assert set(SYNONYMS) == set(FIELDS)
    everything = [name for names in SYNONYMS.values() for name in names.split()]
    assert all(name == plain(name) for name in everything)
    assert {name for name in everything if everything.count(name) > 1} <= {"score", "submission"}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "reviewId userName userImage content score thumbsUpCount reviewCreatedVersion at replyContent repliedAt",
            "native_id author - text rating engagement - published_at reply_text reply_at",
        ),
        (
            "tweet_id author_id inbound created_at text response_tweet_id in_response_to_tweet_id",
            "native_id author - published_at text - parent_id",
        ),
        (
            "id author created_utc title selftext score subreddit permalink num_comments",
            "native_id author published_at title text engagement - url -",
        ),
        ("id author created_utc body score parent_id link_id", "native_id author published_at text engagement "
         "parent_id thread_id"),
        (
            "consumer.displayName id text title rating likes dates.publishedDate dates.updatedDate reply.message "
            "reply.publishedDate language",
            "author native_id text title rating engagement published_at edited_at reply_text reply_at language",
        ),
        (
            "encid text.full text.language rating author.displayName business.name createdAt",
            "native_id text language rating author brand published_at",
        ),
        (
            "author.authorName author.authorProfile review.reviewData review.reviewRate review.reviewTitle",
            "author author_url published_at rating title",
        ),
        ("Name Date Review Stars Response ResponseDate", "author published_at text rating reply_text reply_at"),
        (
            "id source kind author author_url reach title text url rating engagement language thread_id parent_id "
            "published_at edited_at",
            "native_id source kind author author_url reach title text url rating engagement language thread_id "
            "parent_id published_at edited_at",
        ),
    ],
    ids=["play store", "support tweets", "reddit posts", "reddit comments", "trustpilot", "yelp", "g2", "plain", "own"],
)  # fmt: skip
def test_the_columns_of_known_exports_are_recognised(header, expected):
    reading = guess(header.split(), [])
    assert [found.field or "-" for found in reading.guesses] == expected.split()


def test_a_wrapping_object_is_looked_through_but_the_text_of_a_reply_is_no_text():
    assert read_as("review.text reply.text") == {"text": "review.text", "reply_text": "reply.text"}
    assert read_as("owner.text user.name") == {"author": "user.name"}


def test_the_own_value_goes_before_that_of_an_object_around_it():
    header = ("post.id", "thread.id", "id", "post.text", "text")
    assert guess(header, [("p", "t", "c", "what was posted first", "what is said here")]).columns == {
        "native_id": "id",
        "text": "text",
        "thread_id": "thread.id",
    }


def test_the_likelier_of_two_names_wins_and_the_other_is_not_read():
    reading = guess(["comment", "text", "date", "created_at"], [])
    assert (reading.columns["text"], reading.columns["published_at"]) == ("text", "created_at")
    assert reading.ignored == ("comment", "date")


# --- values have a say


def test_score_is_stars_only_while_it_stays_within_five():
    assert read_as("score text", (5, "good"), (1, "bad")) == {"rating": "score", "text": "text"}
    assert read_as("score text", (5, "good"), (120, "bad")) == {"engagement": "score", "text": "text"}


def test_score_counts_votes_beside_reddits_own_columns():
    assert read_as("score subreddit", (1, "cars"), (2, "cars"))["engagement"] == "score"


def test_a_column_that_counts_comments_is_not_the_text():
    assert read_as("comments review", ("12", "too slow"), ("3", "fine"))["text"] == "review"
    assert "text" not in read_as("comment", ("12",), ("3",))


def test_a_product_column_with_many_titles_would_make_no_brands_but_a_brand_column_does():
    rows = [(f"Thing {n}",) for n in range(100)]
    assert "brand" not in guess(["product"], rows).columns
    assert guess(["brand"], rows).columns == {"brand": "brand"}


def test_source_is_not_the_link_that_x_puts_there():
    assert "source" not in read_as("source", ('<a href="https://mobile.twitter.com">X</a>',))


def test_a_column_without_values_is_taken_at_its_word():
    assert read_as("parent_id reply_at", (None, None), ("", float("nan"))) == {
        "parent_id": "parent_id",
        "reply_at": "reply_at",
    }


def test_times_and_text_are_found_by_their_values_where_names_fail():
    rows = [
        ("77", "2026-11-20 10:00", "short", "This is what somebody wrote about the app."),
        ("78", "2026-11-21 11:00", "words", "And this is what somebody else wrote."),
    ]
    reading = guess(["q1", "q2", "q3", "q4"], rows)
    assert reading.columns == {"published_at": "q2", "text": "q4"}
    assert {found.column: found.why for found in reading.guesses if found.field} == {
        "q2": "its values are times",
        "q4": "longest text",
    }


def test_a_column_of_times_is_no_text_however_long_it_is():
    rows = [
        ("11/20/2026 10:00:00 AM", "11/20/2026 10:05:00 AM", "It was slow and rude"),
        ("11/21/2026", "11/21/2026", "Very bad from the start"),
    ]
    assert guess(("Start Date", "End Date", "How was it?"), rows).columns["text"] == "How was it?"


def test_words_longer_than_the_title_are_the_text():
    rows = [("Bad", "It was slow and rude", "Lisbon"), ("So so", "Nobody answered my call", "Porto")]
    assert guess(("title", "what they said", "place"), rows).columns["text"] == "what they said"
    assert "text" not in guess(("title", "place"), [("A long title with many words in it", "Lisbon old town")]).columns


def test_ten_digits_are_no_time_unless_the_name_says_so():
    assert read_as("customer_number", (1_700_000_000,)) == {}
    assert read_as("created_utc", (1_700_000_000,)) == {"published_at": "created_utc"}


def test_a_column_called_a_time_is_read_though_it_holds_none_so_that_each_row_is_told():
    assert read_as("created_at text", ("soon", "good")) == {"published_at": "created_at", "text": "text"}
    assert read_as("created_at q1", ("soon", "2026-11-20")) == {"published_at": "q1"}


def test_a_few_bad_rows_do_not_hide_a_column():
    rows = [("1", 5, "good"), ([1], "many", ["bad"])]
    assert read_as("id stars text", *rows) == {"native_id": "id", "rating": "stars", "text": "text"}


# --- choices


def test_what_was_chosen_wins_over_the_guess():
    reading = guess(["text", "remark", "created_at"], []).changed({"remark": "text"})
    assert reading.columns == {"text": "remark", "published_at": "created_at"}
    assert [found.why for found in reading.guesses] == ["you chose another column for it", "you said so", "its name"]


def test_a_column_can_be_ignored_and_a_choice_can_go_by_other_names():
    reading = guess(["When", "stars", "brand"], []).changed({"when": "created_at", "stars": "ignore", "brand": None})
    assert reading.columns == {"published_at": "When"}


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"nowhere": "text"}, "There is no column 'nowhere'. The columns are: text, created_at"),
        ({"text": "mood"}, "There is no field 'mood'. The fields are: text"),
        ({"text": "title", "created_at": "title"}, "can be read from one column only"),
    ],
)
def test_a_choice_that_cannot_be_is_said_in_a_sentence(choices, sentence):
    with pytest.raises(HearbackError, match=sentence):
        guess(["text", "created_at"], []).changed(choices)


def test_what_is_missing_is_said_before_anything_is_read():
    assert "No column holds the text" in (guess(["created_at"], []).missing or "")
    assert "No column holds the time" in (guess(["title"], []).missing or "")
    assert guess(["title", "created_at"], []).missing is None


def test_columns_that_come_later_are_read_where_their_field_is_free():
    reading = guess(["text"], []).extended(["text", "body", "stars"])
    assert reading.columns == {"text": "text", "rating": "stars"}
    assert reading.ignored == ("body",)
    assert reading.extended(["text", "body", "stars"]) == reading


# --- whatever comes

NAMES = some.lists(some.sampled_from([*" ".join(SYNONYMS.values()).split(), "x", "ü", ""]), max_size=12, unique=True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NAMES, some.data())
def test_no_field_is_read_twice_and_no_column_is_lost(header, data):
    cell = some.none() | some.text(max_size=8) | some.integers() | some.floats() | some.booleans()
    rows = data.draw(some.lists(some.tuples(*[cell] * len(header)), max_size=4))
    reading = guess(header, rows)
    assert isinstance(reading, ColumnMapping)
    assert [found.column for found in reading.guesses] == header
    fields = [found.field for found in reading.guesses if found.field]
    assert len(fields) == len(set(fields))


@needs_real_data
@pytest.mark.parametrize("letter", "ABCDEF")
def test_the_recorded_files_are_read_without_help(letter):
    [path] = (REAL / "demo").glob(f"{letter}_*.parquet")
    chunk = next(open_table(path).chunks())
    reading = guess(chunk.header, chunk.rows)
    assert set(reading.ignored) == {"dataset", "gold_sentiment", "gold_label", "gold_source"}
    assert reading.columns["published_at"] == "created_at"


@needs_real_data
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("google-play_reviews", {"text", "rating", "published_at", "native_id", "reply_text", "reply_at"}),
        ("trustpilot_reviews", {"text", "title", "rating", "published_at", "native_id", "author"}),
        ("yelp_reviews", {"text", "rating", "published_at", "native_id", "author", "brand"}),
        ("g2_reviews", {"text", "title", "rating", "published_at", "author"}),
        ("amazon_reviews", {"text", "title", "rating", "published_at"}),
        ("reddit_user_comments", {"text", "published_at", "native_id", "url", "engagement"}),
    ],
)
def test_what_data_providers_deliver_is_read_without_help(name, fields):
    path = REAL / "payloads" / "review_sites" / "scrapfly_results" / f"{name}.json"
    chunk = next(open_table(path).chunks())
    assert fields <= set(guess(chunk.header, chunk.rows).columns)
