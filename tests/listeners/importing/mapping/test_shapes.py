"""Files of known shapes: recognised by themselves, said so, and read for more than guessing would give."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.models import HearbackError
from listeners.importing import imports
from listeners.importing.imports import Instructions, preview, read_whole, take_in
from listeners.importing.mapping.nests import NESTS
from listeners.importing.summary import sentences
from tests.listeners.files import NOW, RECORDED, ROOT, csv, needs_recorded, read, written

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
    assert "40 times name a month only and were read as its first day." in sentences(summary)
    assert any("months of the trips" in line for line in sentences(summary))


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
    content = read_whole(path, NOW, Instructions(source="elsewhere", mapping={"title": "text", "text": None}))
    first = content["found"][0].mention
    assert (first.id, first.text) == ("elsewhere:65718f1ba9549dd90f396b4a", "I can find what I need very easily")
    chosen = {"description": "text", "releaseDate": "published_at"}
    assert len(read_whole(recorded("itunes_update.json"), NOW, Instructions(mapping=chosen))["found"]) == 1


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
    done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=500, check=True)
    assert "Recognised: Yelp reviews, by its columns encid, text.full, business.name and createdAt." in done.stdout
    done = subprocess.run(
        [*command, "--json"], cwd=ROOT, env=kept, capture_output=True, text=True, timeout=500, check=True
    )
    told = json.loads(done.stdout)
    assert told["recognised"] == "Yelp reviews"
    assert told["how"] == "its columns encid, text.full, business.name and createdAt"


def test_tables_need_none_of_the_parsers_of_pages_and_feeds(tmp_path):
    path = written(tmp_path, csv("created_at,text", "2026-11-20,good"))
    script = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC;"
        "from listeners.importing import imports;"
        f"imports.preview(Path({str(path)!r}), now=datetime.now(UTC));"
        "print(*sorted({'lxml', 'feedparser', 'requests', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=500, check=True
    )
    assert done.stdout.strip() == ""
