"""Exports of platforms, stores and listening tools: made-up rows in their known shapes."""

from __future__ import annotations

import argparse
import codecs
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from listeners.formats.times import Order, instant, is_month_only
from listeners.importing import command
from listeners.importing.imports import Instructions, take_in
from listeners.importing.mapping.providers import PROVIDERS
from listeners.importing.mapping.shapes import recognise
from tests.listeners.files import NOW, csv, read, written

# --- made-up exports of known shapes

PLAY = (
    "Package Name,App Version Code,App Version Name,Reviewer Language,Device,Review Submit Date and Time,"
    "Review Submit Millis Since Epoch,Review Last Update Date and Time,Review Last Update Millis Since Epoch,"
    "Star Rating,Review Title,Review Text,Developer Reply Date and Time,Developer Reply Millis Since Epoch,"
    "Developer Reply Text,Review Link"
)
LINK = "https://play.google.com/console/developers/app/user-feedback/review-details?reviewId=gp-1&corpus=PUBLIC_REVIEWS"


def test_a_report_of_the_play_console_is_read_as_it_is_downloaded(tmp_path):
    lines = csv(
        PLAY,
        "com.acme.app,7,1.7,en,pixel,2026-11-01T10:00:00Z,1793527200000,2026-11-02T10:00:00Z,1793613600000,2,,"
        f"It hangs.,2026-11-03T10:00:00Z,1793700000000,Please update.,{LINK}",
        "com.acme.app,7,1.7,de,pixel,2026-11-01T11:00:00Z,1793530800000,2026-11-01T11:00:00Z,1793530800000,5,,,,,,",
    )
    path = written(tmp_path, codecs.BOM_UTF16_LE + lines.encode("utf-16-le"), "reviews_com.acme.app_202611.csv")
    (review, stars), content, shape = read(path)
    assert shape.name == "Google Play Console reviews"
    assert (review.id, review.rating, review.text) == ("google_play:com.acme.app/gp-1", 2, "It hangs.")
    assert review.published_at == datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert review.edited_at == datetime(2026, 11, 2, 10, tzinfo=UTC)
    [answer] = content["answers"]
    assert (answer.text, answer.answered_at) == ("Please update.", datetime(2026, 11, 3, 10, tzinfo=UTC))
    assert (stars.rating, stars.text, stars.language) == (5, "", "de")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-01 15:30:00 IST", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("Nov 1, 2026 3:30:00 PM IST", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("01/11/2026 05:00 EST", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("1793527200.0", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        (1793527200.5, datetime(2026, 11, 1, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("November 2026", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11", datetime(2026, 11, 1, tzinfo=UTC)),
    ],
)
def test_the_clocks_of_exports_are_read(said, meant):
    assert instant(said, Order.DAY)[0] == meant


@pytest.mark.parametrize("said", ["2026", "Smarch 2026", "2026-13", "November", "May be 2026", ""])
def test_what_is_no_month_is_not_taken_for_one(said):
    assert not is_month_only(said)


def test_yelp_exports_have_the_day_first_where_any_row_shows_it(tmp_path):
    path = written(tmp_path, csv("encid,text,rating,date", "a,Slow service.,2,03/04/2026", "b,Fine.,4,25/04/2026"))
    first, second = read(path)[0]
    assert (first.published_at.day, first.published_at.month, second.published_at.day) == (3, 4, 25)


def test_google_business_reviews_have_stars_in_words_and_the_owners_reply(tmp_path):
    review = {
        "name": "accounts/1/locations/2/reviews/r9",
        "reviewer": {"displayName": "Ann Example"},
        "starRating": "TWO",
        "comment": "(Translated by Google) It was cold.\n\n(Original)\nEs war kalt.",
        "createTime": "2026-10-01T08:00:00.123456Z",
        "updateTime": "2026-10-01T08:00:00.123456Z",
        "reviewReply": {"comment": "We are sorry.", "updateTime": "2026-10-02T08:00:00Z"},
    }
    path = written(tmp_path, json.dumps({"reviews": [review, {**review, "name": "", "comment": None}]}, indent=1))
    (first, second), content, shape = read(path)
    assert shape.name == "Google Business Profile reviews"
    assert (first.id, first.rating, first.text) == ("google_business:2/r9", 2, "Es war kalt.")
    assert (second.rating, second.text) == (2, "")
    assert content["answers"][0].text == "We are sorry."


def test_a_trustpilot_business_export_is_read_with_its_replies(tmp_path):
    path = written(
        tmp_path,
        csv(
            "Review Id,Review Created (UTC),Review Username,Review Title,Review Content,Review Stars,"
            "Source Of Review,Company Response,Company Reply Date (UTC),Review Language,Domain URL",
            "t1,2026-11-01 10:00:00,Ann,Late,It came late.,2,Organic,We are sorry.,2026-11-02 11:00:00,en,acme.example",
        ),
    )
    [review], content, shape = read(path)
    assert (shape.name, review.id, review.author) == ("Trustpilot Business reviews", "trustpilot:t1", "Ann")
    assert review.url == "https://www.trustpilot.com/reviews/t1"
    assert content["answers"][0].answered_at == datetime(2026, 11, 2, 11, tzinfo=UTC)


def test_app_store_connects_own_answer_is_read(tmp_path):
    said = {"rating": 1, "title": "No", "body": "It crashes.", "reviewerNickname": "ann", "territory": "USA"}
    row = {"type": "customerReviews", "id": "0001", "attributes": {**said, "createdDate": "2026-11-01T08:00:00-08:00"}}
    [review], _, shape = read(written(tmp_path, json.dumps({"data": [row], "links": {}})))
    assert (shape.name, review.id, review.kind) == ("App Store Connect reviews", "app_store:0001", "review")
    assert review.published_at == datetime(2026, 11, 1, 16, tzinfo=UTC)


def test_an_archive_of_x_is_the_accounts_own_words_and_its_replies_are_answers(tmp_path):
    said = {"created_at": "Sun Nov 01 10:00:00 +0000 2026", "lang": "en", "favorite_count": "3"}
    tweets = [
        {"tweet": {**said, "id_str": "2053", "full_text": "@ann Sorry!", "in_reply_to_status_id_str": "2052"}},
        {"tweet": {**said, "id_str": "2054", "full_text": "We are back."}},
    ]
    path = written(tmp_path, f"window.YTD.tweets.part0 = {json.dumps(tweets, indent=2)}", "tweets.js")
    found, content, shape = read(path)
    assert shape.name == "an archive of an account on X"
    assert found == []
    assert [(one.mention_id, one.text) for one in content["answers"]] == [("x:2052", "@ann Sorry!")]
    others, _, _ = read(path, mapping={"is_from_brand of every row": None})
    assert [one.id for one in others] == ["x:2053", "x:2054"]
    assert others[0].parent_id == "x:2052"


def test_reddit_archives_are_read_with_the_ids_of_reddit_itself(tmp_path):
    comment = {
        "id": "kz1", "body": "It is slow.", "created_utc": "1793527200", "subreddit": "acme", "author": "ann",
        "link_id": "t3_1c", "parent_id": "t1_kz0", "score": 4, "permalink": "/r/acme/comments/1c/x/kz1/",
    }  # fmt: skip
    lines = [comment, {**comment, "id": "kz2", "created_utc": 1793527201.0, "body": "[deleted]"}]
    [one], content, shape = read(written(tmp_path, "\n".join(map(json.dumps, lines))))
    assert shape.name == "comments out of a Reddit archive"
    assert (one.id, one.thread_id, one.parent_id) == ("reddit:t1_kz1", "reddit:t3_1c", "reddit:t1_kz0")
    assert one.url == "https://www.reddit.com/r/acme/comments/1c/x/kz1/"
    assert (one.kind, one.engagement, one.rating) == ("comment", 4, None)
    assert [refused.reason for refused in content["rejected"]] == ["deleted at its source"]
    post = {
        "id": "1c", "title": "Slow?", "selftext": "", "created_utc": 1793527200, "subreddit": "acme", "author": "ann",
        "score": 2, "permalink": "/r/acme/comments/1c/x/",
    }  # fmt: skip
    [one], _, shape = read(written(tmp_path, json.dumps(post)))
    assert (shape.name, one.id, one.kind) == ("posts out of a Reddit archive", "reddit:t3_1c", "post")


@pytest.mark.parametrize(
    ("header", "row", "called", "source"),
    [
        (
            "Date,Headline,URL,Opening Text,Hit Sentence,Source,Influencer,Reach,Engagement,Keywords",
            "2026-11-01 10:00,,https://example.com/1,It opens.,It hits.,Twitter,@ann,1200,7,acme",
            "a Meltwater export",
            "twitter",
        ),
        (
            "Date,Time,Document ID,URL,Source Type,Source Name,Author Handle,Title,Opening Text,Hit Sentence,Reach",
            "2026-11-01,10:00,d1,https://example.com/1,Forum,Example,@ann,,It opens.,It hits.,1200",
            "a Meltwater export",
            "forum",
        ),
        (
            "Query Id,Query Name,Date,Title,Snippet,Full Text,Url,Domain,Page Type,Author,Language",
            "9,Acme,2026-11-01 10:00:00.0,,It ...,It hits.,https://example.com/1,example.com,reddit,@ann,en",
            "a Brandwatch export",
            "reddit",
        ),
    ],
)
def test_exports_of_listening_tools_name_their_sources_row_by_row(tmp_path, header, row, called, source):
    [one], _, shape = read(written(tmp_path, csv(header, row)))
    assert (shape.name, one.source, one.text, one.author) == (called, source, "It hits.", "@ann")
    assert one.published_at == datetime(2026, 11, 1, 10, tzinfo=UTC)


def test_what_nobody_knows_is_guessed_as_before(tmp_path):
    [one], _, shape = read(written(tmp_path, csv("id,created_at,text", "1,2026-11-01,It is slow.")))
    assert shape is None
    assert (one.source, one.text) == ("import", "It is slow.")


def test_a_header_alone_decides_and_no_half_of_one():
    shape = recognise(("encid", "Text Full", "business_name", "createdAt", "more"), PROVIDERS)
    assert shape.name == "Yelp reviews"
    assert recognise(("encid", "text.full"), PROVIDERS) is None


def test_times_without_a_zone_are_read_in_the_one_that_somebody_names(tmp_path):
    """What reads a store's pages writes the clock of the machine it ran on, India's for instance, and no zone."""
    path = written(tmp_path, csv("id,at,content", "1,2026-11-01 15:30:00,Slow.", "2,2026-11-01T10:00:00Z,Fine."))
    summary = take_in(path, tmp_path / "in", NOW, Instructions(zone=ZoneInfo("Asia/Kolkata")))
    rows = [json.loads(line) for line in summary.batches[0].open(encoding="utf-8")]
    assert {row["published_at"][:16] for row in rows if "text" in row} == {"2026-11-01T10:00"}
    assert summary.remarks == {}


def test_a_zone_that_is_none_is_a_sentence(tmp_path, capsys):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    path = written(tmp_path, csv("created_at,text", "2026-11-01,good"))
    assert command.run(parser.parse_args([str(path), "--zone", "../Mars"])) == 1
    assert "is no time zone; write it like" in capsys.readouterr().err


def test_a_response_beside_a_review_of_the_app_store_answers_it(tmp_path):
    review = {
        "type": "customerReviews",
        "id": "a1",
        "attributes": {
            "rating": 2, "title": "Slow", "body": "It hangs", "reviewerNickname": "bo",
            "createdDate": "2026-11-01T10:00:00Z",
        },
        "relationships": {"response": {"data": {"type": "customerReviewResponses", "id": "b1"}}},
    }  # fmt: skip
    bare = {**review, "id": "a2", "relationships": {"response": {"data": None}}}
    said = {"responseBody": "Please update", "lastModifiedDate": "2026-11-02T10:00:00Z"}
    included = [{"type": "customerReviewResponses", "id": "b1", "attributes": said}]
    path = written(tmp_path, json.dumps({"data": [review, bare], "included": included}))
    found, content, _ = read(path)
    assert [one.id for one in found] == ["app_store:a1", "app_store:a2"]
    assert [(one.mention_id, one.text, one.answered_at) for one in content["answers"]] == [
        ("app_store:a1", "Please update", datetime(2026, 11, 2, 10, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    ("reply", "at"),
    [
        ("Your Response", "Your Response Date"),
        ("Owner reply", "Date of reply"),
        ("Developer Reply Text", "Developer Reply Date and Time"),
        ("Management Response", "Management Response Date"),
    ],
)
def test_a_column_of_our_answers_makes_the_rows_answered(tmp_path, reply, at):
    path = written(tmp_path, csv(f"id,date,review,{reply},{at}", "1,2026-11-01,Slow again,We are sorry,2026-11-02"))
    [answer] = read(path)[1]["answers"]
    assert (answer.text, answer.answered_at) == ("We are sorry", datetime(2026, 11, 2, tzinfo=UTC))
