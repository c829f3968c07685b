"""Files of known shapes: recognised by themselves, said so, and read for more than guessing would give."""

from __future__ import annotations

import argparse
import codecs
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from data.models import HearbackError
from listeners import imports
from listeners.importing.instants import Order, instant, is_month_only
from listeners.importing.nests import NESTS
from listeners.importing.shapes import recognise
from listeners.imports import preview, read_whole, take_in

ROOT = Path(__file__).parents[2]
RECORDED = Path(os.environ.get("HEARBACK_SHARED") or ROOT.parent / "shared") / "data/payloads/review_sites"
needs_recorded = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded files in ../shared/data are not here")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def written(folder: Path, content: str | bytes, name: str = "upload") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def csv(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def read(path: Path, **options):
    """The mentions, answers and refusals of a file, and what it was recognised as."""
    content = read_whole(path, NOW, **options)
    return [one.mention for one in content["found"]], content, preview(path, now=NOW).shape


# --- the recorded files

FILES = [  # file, recognised as, source, mentions, answers, set aside, first id, first time, stars, author
    ("amazon_reviews.json", "Amazon reviews", "amazon", 5, 0, 0, None, "2025-12-09T00:00", 5, None),
    ("g2_reviews.json", "G2 reviews", "g2", 30, 0, 0, None, "2025-11-03T00:00", 4.5, "David B."),
    (
        "google-play_reviews.json", "Google Play reviews", "google_play", 100, 0, 0,
        "d4c8df24-1b35-4928-8b66-4d7bf5ccc2e4", "2026-07-09T20:13", 5, "Ibrahimsulaimaniliyasu Ibrahimsulaimaniliyasu",
    ),
    (
        "reddit_post.json", "a Reddit post with its comments", "reddit", 458, 0, 11, "t3_1c4vwlp",
        "2024-04-15T20:00", None, "wsbapp",
    ),
    (
        "reddit_subreddit.json", "the posts of a subreddit", "reddit", 75, 0, 0, "t3_1rpauja", "2026-03-09T19:57",
        None, "wsbapp",
    ),
    (
        "reddit_user_comments.json", "comments of a Reddit account", "reddit", 3, 0, 0, "t1_kzry9ar",
        "2024-04-16T02:47", None, "Scrapfly",
    ),
    (
        "reddit_user_posts.json", "posts of a Reddit account", "reddit", 100, 0, 0, "t3_1h7ajw1", "2024-12-05T14:35",
        None, "Scrapfly",
    ),
    (
        "threads_profile.json", "the posts of a Threads profile", "threads", 15, 0, 0,
        "3752645156739608236_63269174602", "2025-10-27T13:03", None, "natgeo",
    ),
    (
        "threads_thread.json", "a thread on Threads with its replies", "threads", 22, 0, 0,
        "3387356650132408367_63269174602", "2024-06-10T13:00", None, "natgeo",
    ),
    (
        "tripadvisor_hotels.json", "Tripadvisor reviews of one place", "tripadvisor", 40, 0, 0, None,
        "2025-10-01T00:00", 3, None,
    ),
    (
        "trustpilot_companies.json", "Trustpilot reviews", "trustpilot", 60, 19, 0, "6570e5ef49d048452ad722bd",
        "2023-12-06T23:21", 5, "Katy-Lynn Winery videography services",
    ),
    (
        "trustpilot_reviews.json", "Trustpilot reviews", "trustpilot", 60, 1, 0, "65718f1ba9549dd90f396b4a",
        "2023-12-07T11:23", 5, "Dean",
    ),
    (
        "twitter_tweet.json", "posts on X", "x", 1, 0, 0, "1872047986873885082", "2024-12-25T22:33", None, "7748752",
    ),
    ("yelp_reviews.json", "Yelp reviews", "yelp", 30, 0, 0, "BEKMpvESK6PzbN4gbXzntQ", "2025-08-17T01:08", 5, "Anne W."),
    ("capterra.html", "Capterra reviews", "capterra", 1, 0, 0, None, "2017-02-22T00:00", 5, "Donna L"),
    ("getapp.html", "GetApp reviews", "getapp", 1, 0, 0, None, "2017-01-17T19:47", 4, "Maria Douich"),
    (
        "indeed.html", "Indeed reviews", "indeed", 1, 0, 0, "599168a5d6077849", "2016-03-10T00:00", 5,
        "Channel Account Executive",
    ),
    (
        "software_advice.html", "Software Advice reviews", "software_advice", 1, 0, 0, None,
        "2017-01-01T00:00", 4, "Todd",
    ),
    (
        "trustpilot.html", "Trustpilot reviews", "trustpilot", 1, 0, 0, "570bf3ad0000ff00094f4ac6",
        "2016-04-11T18:57", 3, "Colin Bovet",
    ),
    ("trustradius.html", "TrustRadius reviews", "trustradius", 1, 0, 0, None, "2017-02-07T00:00", 5, "Robert Watts"),
    ("quora.html", "Quora answers", "quora", 0, 0, 1, None, None, None, None),
    ("reddit.xml", "a Reddit feed", "reddit", 1, 0, 0, "t3_5sze8g", "2017-02-09T11:05", None, "SearchEnvy"),
    ("vimeo.xml", "an RSS or Atom feed", "rss", 1, 0, 0, None, "2011-09-21T21:47", None, None),
]  # fmt: skip


def recorded(name: str) -> Path:
    return (
        RECORDED
        / ("scrapfly_results" if (RECORDED / "scrapfly_results" / name).exists() else "review_html_fragments")
        / name
    )


@needs_recorded
@pytest.mark.parametrize("told", FILES, ids=[told[0] for told in FILES])
def test_every_recorded_file_is_recognised_and_read_whole(told):
    name, called, source, mentions, answers, aside, own, published, stars, author = told
    found, content, shape = read(recorded(name))
    assert (shape.name, shape.source) == (called, source)
    assert (len(found), len(content["answers"]), len(content["rejected"])) == (mentions, answers, aside)
    assert all(one.id.startswith(f"{source}:") for one in found)
    if found:
        first = found[0]
        assert (first.rating, first.author) == (stars, author)
        assert first.published_at.isoformat().startswith(published)
        assert own is None or first.id == f"{source}:{own}"


@needs_recorded
def test_no_recorded_file_was_left_out_of_the_table():
    there = {path.name for path in RECORDED.glob("*/*") if path.suffix in (".json", ".html", ".xml")}
    assert there == {told[0] for told in FILES} | {"twitter_profile.json", "itunes_update.json"}


@needs_recorded
@pytest.mark.parametrize(
    ("name", "sentence"),
    [("twitter_profile.json", "who somebody is, not what somebody said"), ("itunes_update.json", "not its reviews")],
)
def test_what_holds_no_mention_is_refused_with_a_sentence_that_says_what_it_is(tmp_path, name, sentence):
    with pytest.raises(HearbackError, match=sentence):
        preview(recorded(name), now=NOW)
    with pytest.raises(HearbackError, match=sentence):
        take_in(recorded(name), tmp_path / "incoming", NOW)


@needs_recorded
def test_a_reddit_post_comes_with_all_its_comments_and_who_answers_whom():
    found, content, _ = read(recorded("reddit_post.json"))
    post, *comments = found
    assert (post.kind, post.title, post.parent_id) == ("post", "What Are Your Moves Tomorrow, April 16, 2024", None)
    assert {one.kind for one in comments} == {"comment"}
    assert {one.thread_id for one in comments} == {post.id}
    assert sum(one.parent_id != post.id for one in comments) == 29
    assert {one.reason for one in content["rejected"]} == {"deleted at its source"}
    assert "t1_kzq97qi" in content["rejected"][0].content


@needs_recorded
def test_likes_and_dislikes_are_one_text_that_says_which_is_which():
    found, _, _ = read(recorded("g2_reviews.json"))
    assert all(one.text.startswith("What I like: ") and "\n\nWhat I dislike: " in one.text for one in found)


@needs_recorded
def test_reviews_are_about_the_company_or_place_they_stand_under():
    content = read_whole(recorded("trustpilot_companies.json"), NOW)
    assert [brand.name for brand in content["brands"]] == ["B&H Photo-Video", "IGGM", "Flashbay"]
    answer = content["answers"][0]
    assert answer.text.startswith("Hello Briana,")
    assert answer.answered_at == datetime(2023, 12, 6, 23, 28, 4, tzinfo=UTC)
    content = read_whole(recorded("tripadvisor_hotels.json"), NOW)
    assert {one.brands for one in content["found"]} == {("1926 Le Soleil Hotel & Spa",)}


@needs_recorded
def test_a_month_without_a_day_is_its_first_and_said_to_be(tmp_path):
    summary = take_in(recorded("tripadvisor_hotels.json"), tmp_path / "incoming", NOW)
    assert "40 times name a month only and were read as its first day." in imports.sentences(summary)
    assert any("months of the trips" in line for line in imports.sentences(summary))


@needs_recorded
def test_a_post_on_x_has_its_reach_language_and_all_its_reactions():
    [post], _, _ = read(recorded("twitter_tweet.json"))
    assert (post.reach, post.language, post.engagement) == (114_836, "en", 111_548 + 2_454 + 603 + 168)
    assert post.url == "https://x.com/i/web/status/1872047986873885082"


@needs_recorded
def test_threads_replies_stand_in_their_thread_and_posts_know_their_followers():
    first, second, *_ = read(recorded("threads_thread.json"))[0]
    assert (first.kind, first.thread_id) == ("post", None)
    assert (second.kind, second.thread_id, second.parent_id) == ("comment", first.id, first.id)
    assert {one.reach for one in read(recorded("threads_profile.json"))[0]} == {16_860_620}


@needs_recorded
def test_pros_and_cons_of_a_page_follow_the_text():
    for name in ("getapp.html", "indeed.html", "software_advice.html", "trustradius.html"):
        [review], _, _ = read(recorded(name))
        assert "\n\nPros: " in review.text
        assert "\n\nCons: " in review.text


@needs_recorded
def test_an_answer_whose_date_has_no_year_is_set_aside_with_that_reason():
    _, content, _ = read(recorded("quora.html"))
    assert [one.reason for one in content["rejected"]] == ["'Nov 18' names no year"]


@needs_recorded
def test_a_persons_choice_wins_over_what_was_recognised():
    path = recorded("trustpilot_reviews.json")
    content = read_whole(path, NOW, source="elsewhere", mapping={"title": "text", "text": None})
    first = content["found"][0].mention
    assert (first.id, first.text) == ("elsewhere:65718f1ba9549dd90f396b4a", "I can find what I need very easily")
    chosen = {"description": "text", "releaseDate": "published_at"}
    assert len(read_whole(recorded("itunes_update.json"), NOW, mapping=chosen)["found"]) == 1


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
    shape = recognise(("encid", "Text Full", "business_name", "createdAt", "more"), imports.PROVIDERS)
    assert shape.name == "Yelp reviews"
    assert recognise(("encid", "text.full"), imports.PROVIDERS) is None


def test_times_without_a_zone_are_read_in_the_one_that_somebody_names(tmp_path):
    """What reads a store's pages writes the clock of the machine it ran on, India's for instance, and no zone."""
    path = written(tmp_path, csv("id,at,content", "1,2026-11-01 15:30:00,Slow.", "2,2026-11-01T10:00:00Z,Fine."))
    summary = take_in(path, tmp_path / "in", NOW, zone=ZoneInfo("Asia/Kolkata"))
    rows = [json.loads(line) for line in summary.batches[0].open(encoding="utf-8")]
    assert {row["published_at"][:16] for row in rows if "text" in row} == {"2026-11-01T10:00"}
    assert summary.remarks == {}


def test_a_zone_that_is_none_is_a_sentence(tmp_path, capsys):
    parser = argparse.ArgumentParser()
    imports.add_arguments(parser)
    path = written(tmp_path, csv("created_at,text", "2026-11-01,good"))
    assert imports.run(parser.parse_args([str(path), "--zone", "../Mars"])) == 1
    assert "is no time zone; write it like" in capsys.readouterr().err


# --- pages and feeds


def page(*reviews: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{''.join(reviews)}</body></html>"


def marked(text: str, date: str = "2026-11-01", stars: str = "2") -> str:
    rating = f'<span itemprop="reviewRating" itemscope><meta itemprop="ratingValue" content="{stars}"></span>'
    return (
        '<div itemscope itemtype="https://schema.org/Review"><span itemprop="author">Ann</span>'
        f'<meta itemprop="datePublished" content="{date}">{rating}<p itemprop="reviewBody">{text}</p></div>'
    )


def test_a_saved_page_with_markup_is_read_and_named_by_its_own_address(tmp_path):
    canonical = '<link rel="canonical" href="https://www.yelp.com/biz/acme">'
    first, second = read(written(tmp_path, page(marked("Slow."), marked("Good.", stars="5"), head=canonical)))[0]
    assert (first.source, first.author, first.rating, first.text) == ("yelp", "Ann", 2, "Slow.")
    assert second.rating == 5
    [other], _, shape = read(written(tmp_path, page(marked("Slow."))))
    assert (other.source, shape.told_by) == ("product_page", "its schema.org markup")


def test_a_page_without_reviews_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(HearbackError, match="no review could be told"):
        preview(written(tmp_path, page("<p>Hello</p>")), now=NOW)
    with pytest.raises(HearbackError, match="no feed with entries"):
        preview(written(tmp_path, "<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'/>"), now=NOW)


def test_a_review_without_a_date_is_set_aside_and_the_others_come_in(tmp_path):
    found, content, _ = read(written(tmp_path, page(marked("Undated.", date=""), marked("Dated."))))
    assert [one.text for one in found] == ["Dated."]
    assert [one.reason for one in content["rejected"]] == ["no time of writing"]


def test_pages_in_other_encodings_keep_their_letters(tmp_path):
    told = page(marked("Café überall"), head='<meta charset="windows-1252">')
    assert read(written(tmp_path, told.encode("cp1252")))[0][0].text == "Café überall"
    assert read(written(tmp_path, page(marked("Zażółć")).encode("utf-16")))[0][0].text == "Zażółć"


BLOCK = (
    '<div class="review pageable-item-js" data-reviewmid="r{0}"><time datetime="2026-11-01T10:00:00Z"></time>{1}</div>'
)


@pytest.mark.parametrize(
    "hostile",
    [
        BLOCK.format(1, "<div class='review-body'>" + "<b>" * 200_000 + "deep"),
        "".join(BLOCK.format(n, "<div class='review-body'>x") for n in range(6_000)),
        '<div data-reviewmid="r">' * 50_000 + "x",
        BLOCK.format(1, "<div class='review-body'>" + "<!--" * 100_000 + "</div>"),
        "<div itemscope itemtype='https://schema.org/Review'>" * 50_000,
        BLOCK.format(
            1, "<a class='review-title-link' href='javascript:alert(1)'>t</a><div class='review-body'>x</div>"
        ),
        BLOCK.format(1, "<a class='review-title-link' href='http://[x'>t</a><div class='review-body'>x</div>"),
        '<link rel="canonical" href="https://[x"><div itemscope itemtype="https://schema.org/Review">'
        '<a itemprop="url" href="https://[y">y</a><p itemprop="reviewBody">x</p></div>',
        "<html>" + "\0" * 100_000 + BLOCK.format(1, "x"),
    ],
    ids=["deep", "many", "nested", "comments", "itemscope", "javascript", "no address", "no canonical address", "nul"],
)
def test_a_hostile_page_costs_seconds_at_most_and_opens_nothing(tmp_path, hostile):
    started = time.monotonic()
    try:
        found, _, _ = read(written(tmp_path, hostile, "page.html"))
    except HearbackError:
        found = []
    assert time.monotonic() - started < 10
    assert all(one.url is None or one.url.startswith("https://www.trustpilot.com/") for one in found)


def test_a_feed_cannot_make_files_or_billions_of_letters(tmp_path):
    secret = written(tmp_path, "secret", "secret.txt")
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    feed = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "ha">{bomb}<!ENTITY f SYSTEM "file://{secret}">]>'
        "<rss version='2.0'><channel><item><title>&f;&a11;t</title><guid>urn:1</guid>"
        "<pubDate>Sun, 01 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"
    )
    with pytest.raises(HearbackError, match="entities of its own"):
        read(written(tmp_path, feed, "feed.xml"))


ODD = [None, 7, 1.5, True, [], [{}], {}, "", "http://[", "\ud83d", "[deleted]", float("nan")]


@pytest.mark.parametrize("shape", (*imports.PROVIDERS, *imports.EXPORTS), ids=lambda shape: shape.name)
def test_no_cell_however_odd_stops_a_file_of_a_known_shape(shape):
    for made in shape.made:
        for odd in ODD:
            made.make(*[odd for _ in made.columns])


@pytest.mark.parametrize("nest", NESTS, ids=lambda nest: nest.keys[0])
@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_no_object_however_odd_stops_a_file_of_nested_rows(nest, odd):
    names = ("replies", "authorProfile", "commentId", "username", "text", "id", "displayName", "name", "postId")
    row = dict.fromkeys(names, odd)
    held = {"{}": row, "[]": [row, {}]}
    value = {key.rstrip("[]{}"): held.get(key[-2:], odd) for key in nest.keys}
    assert nest.fits(value)
    assert len(list(nest.rows(value))) >= 1


# --- what is said about it


def test_the_command_says_what_was_recognised_and_how(tmp_path):
    path = written(tmp_path, csv("encid,text.full,business.name,createdAt,rating", "a,Slow.,Acme,2026-11-01,2"))
    command = [sys.executable, "-m", "listeners", "import", str(path)]
    kept = {**os.environ, "HEARBACK_DATA": str(tmp_path / "kept")}
    done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=60, check=True)
    assert "Recognised: Yelp reviews, by its columns encid, text.full, business.name and createdAt." in done.stdout
    done = subprocess.run(
        [*command, "--json"], cwd=ROOT, env=kept, capture_output=True, text=True, timeout=60, check=True
    )
    told = json.loads(done.stdout)
    assert told["recognised"] == "Yelp reviews"
    assert told["how"] == "its columns encid, text.full, business.name and createdAt"


def test_tables_need_none_of_the_parsers_of_pages_and_feeds(tmp_path):
    path = written(tmp_path, csv("created_at,text", "2026-11-20,good"))
    script = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC; from listeners import imports;"
        f"imports.preview(Path({str(path)!r}), now=datetime.now(UTC));"
        "print(*sorted({'lxml', 'feedparser', 'requests', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == ""
