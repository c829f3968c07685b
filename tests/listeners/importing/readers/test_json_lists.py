"""JSON that holds posts among other things: the posts are read, what belongs to them is kept, the rest is said."""

from __future__ import annotations

import json

import pytest

from listeners.importing.imports import preview, take_in
from listeners.importing.readers.tables import open_table
from listeners.importing.summary import sentences
from tests.listeners.files import NOW, read, written

TIME = "2026-11-02T08:00:00Z"
POST = {"id": 1, "created_at": TIME, "text": "My kettle came broken"}
OTHER = {"id": 2, "created_at": TIME, "text": "Mine works as it should"}
PERSON = {"id": 7, "name": "Ann", "created_at": TIME, "notes": "She likes to write long notes"}


def file(folder, whole):
    return written(folder, json.dumps(whole, indent=1), "file.json")


def rows(path):
    return [dict(zip(chunk.header, row, strict=True)) for chunk in open_table(path).chunks() for row in chunk.rows]


def notes(path):
    return preview(path, now=NOW).notes


# --- lists anywhere


@pytest.mark.parametrize(
    "whole",
    [
        {"data": {"reviews": [POST, OTHER]}},
        {"response": {"result": {"items": [POST, OTHER]}, "users": [PERSON] * 9}},
        {"users": [PERSON] * 9, "page": {"posts": [POST, OTHER]}},
        {"data": {"search": {"edges": [{"node": POST}, {"node": OTHER}]}}},
        {"hits": {"total": 2, "hits": [{"_source": POST}, {"_source": OTHER}]}},
        {"errors": [{"title": "Not found", "detail": "gone", "date": TIME}] * 5, "data": [POST, OTHER]},
        {"included": [{**PERSON, "text": "A long life story of hers"}] * 5, "data": [POST, OTHER]},
        {"groups": [{"posts": [POST]}, {"posts": [OTHER]}]},
        {"users": [{"name": "Ann", "posts": [POST]}, {"name": "Bob", "posts": [OTHER]}]},
        [{"page": 1, "results": [POST]}, {"page": 2, "results": [OTHER]}],
        {"reviews": {"-Na1": POST, "-Na2": OTHER}, "users": {"u1": PERSON, "u2": PERSON, "u3": PERSON}},
        {"-Na1": POST, "-Na2": OTHER},
        {name: {"0": POST[name], "1": OTHER[name]} for name in POST},
        [{"event": {"post": POST}}, {"event": {"post": OTHER}}],
        {"thread": {"post": {"record": POST}, "replies": [{"post": {"record": OTHER}}]}},
    ],
)
def test_the_list_of_posts_is_found_however_deep_it_lies(tmp_path, whole):
    found, _, _ = read(file(tmp_path, whole))
    assert [one.text for one in found] == [POST["text"], OTHER["text"]]


def test_pages_one_a_line_are_read_page_by_page(tmp_path):
    pages = [{"results": [POST], "next": 2}, {"results": []}, {"results": [OTHER], "next": None}]
    found, _, _ = read(written(tmp_path, "\n".join(map(json.dumps, pages)), "file.jsonl"))
    assert [one.text for one in found] == [POST["text"], OTHER["text"]]


def test_a_page_that_holds_an_error_is_set_aside_and_not_dropped(tmp_path):
    pages = [{"results": [POST]}, {"error": "too many requests"}]
    _, content, _ = read(written(tmp_path, "\n".join(map(json.dumps, pages)), "file.jsonl"))
    assert [(one.line, one.reason) for one in content["rejected"]] == [(2, "no text")]


def test_rows_within_a_company_are_about_it(tmp_path):
    whole = {"companies": [{"name": "Acme", "id": 5, "reviews": [POST]}, {"name": "Bolt", "id": 6, "reviews": [OTHER]}]}
    _, content, _ = read(file(tmp_path, whole))
    assert [one.brands for one in content["found"]] == [("Acme",), ("Bolt",)]
    assert [one.mention.id for one in content["found"]] == ["import:1", "import:2"]


def test_a_post_with_lists_that_are_no_posts_is_one_row(tmp_path):
    path = file(tmp_path, {**POST, "tags": [{"name": "kettle"}] * 3, "media": [{"url": "https://a.example"}]})
    assert open_table(path).called == "one JSON object"
    assert [row["text"] for row in rows(path)] == [POST["text"]]


@pytest.mark.parametrize("whole", [{**POST, "comments": [OTHER]}, {"post": POST, "comments": [OTHER]}])
def test_a_post_comes_with_the_comments_beside_it(tmp_path, whole):
    first, second = read(file(tmp_path, whole))[0]
    assert (first.text, second.text, second.parent_id) == (POST["text"], OTHER["text"], "import:1")


@pytest.mark.parametrize(
    ("whole", "what"),
    [
        ({"posts": [POST], "archive": [OTHER] * 3}, "“archive”, which reads as posts, too (3)"),
        ({"comments": [OTHER] * 3, "data": {"posts": [POST]}}, "“comments”, which reads as posts, too (3)"),
        ({"posts": [{**POST, "comments": [OTHER, OTHER]}]}, "“posts.comments”, which reads as posts, too (2)"),
        ([{**POST, "comments": [OTHER, OTHER]}], "“comments”, which reads as posts, too"),
    ],
)
def test_a_second_list_of_posts_is_said_and_not_dropped_unsaid(tmp_path, whole, what):
    path = file(tmp_path, whole)
    assert [row["text"] for row in rows(path)] == [POST["text"]]
    assert notes(path) == (f"Not read: {what}.",)
    assert f"Not read: {what}." in sentences(take_in(path, tmp_path / "incoming", NOW))


def test_people_and_errors_beside_the_posts_need_no_word(tmp_path):
    assert notes(file(tmp_path, {"posts": [POST], "users": [PERSON] * 3, "errors": [{"detail": "gone"}]})) == ()


def test_a_list_that_nobody_can_read_as_posts_is_shown_for_a_person_to_choose(tmp_path):
    shown = preview(file(tmp_path, {"things": [{"a": "x", "tags": [{"b": 1}] * 4}, {"a": "y"}]}), now=NOW)
    assert (shown.header, shown.missing is not None) == (("a", "tags"), True)


# --- JSON:API


def review(number, *, points=True):
    relation = {"data": {"type": "customerReviewResponses", "id": f"p{number}"}} if points else {"links": {}}
    attributes = {"rating": 1, "title": "Crash", "body": "It crashes", "reviewerNickname": "ann", "createdDate": TIME}
    return {
        "type": "customerReviews",
        "id": f"r{number}",
        "attributes": attributes,
        "relationships": {"response": relation},
    }


def response(number, *, points=False):
    target = {"review": {"data": {"type": "customerReviews", "id": f"r{number}"}}}
    return {
        "type": "customerReviewResponses",
        "id": f"p{number}",
        "attributes": {"responseBody": f"Sorry {number}", "lastModifiedDate": "2026-11-03T08:00:00Z"},
        **({"relationships": target} if points else {}),
    }


@pytest.mark.parametrize(
    "included",
    [
        [response(2), response(1)],
        [response(1, points=True), response(2, points=True)],
        [response(2)] * 3 + [response(1)],
    ],
)
def test_answers_that_lie_beside_the_reviews_are_theirs(tmp_path, included):
    points = "relationships" not in included[0]
    whole = {
        "data": [review(1, points=points), review(2, points=points), review(3, points=points)],
        "included": included,
    }
    found, content, shape = read(file(tmp_path, whole))
    assert (shape.source, len(found)) == ("app_store", 3)
    assert {one.mention_id: one.text for one in content["answers"]} == {
        "app_store:r1": "Sorry 1",
        "app_store:r2": "Sorry 2",
    }


def page(number):
    return {"data": [review(number)], "included": [response(number)]}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"data": review(1), "included": [response(1)]}),
        json.dumps([page(1), page(2)]),
        "\n".join(map(json.dumps, [page(1), page(2)])),
        "\n".join(json.dumps({"data": review(one), "included": [response(one)]}) for one in (1, 2)),
    ],
    ids=["one review", "an array of pages", "a page a line", "a review a line"],
)
def test_answers_beside_reviews_are_theirs_on_every_page(tmp_path, content):
    found, told, shape = read(written(tmp_path, content))
    assert shape.source == "app_store"
    assert [one.text for one in told["answers"]] == [f"Sorry {number}" for number in range(1, len(found) + 1)]


def test_the_first_of_several_answers_that_a_review_points_to_is_its_answer(tmp_path):
    points = {"responses": {"data": [{"type": "responses", "id": "7"}]}}
    told = {"rating": 1, "body": "Never came", "created_at": TIME}
    whole = {
        "data": [{"type": "reviews", "id": "1", "attributes": told, "relationships": points}],
        "included": [{"type": "responses", "id": "7", "attributes": {"text": "Sorry", "created_at": TIME}}],
    }
    assert [one.text for one in read(file(tmp_path, whole))[1]["answers"]] == ["Sorry"]


def test_a_single_comment_within_a_review_is_the_shops_answer(tmp_path):
    reviews = [
        {"id": 1, "score": 1, "content": "Bad kettle", "created_at": TIME, "comment": {"id": 5, "content": "Sorry"}},
        {"id": 2, "score": 5, "content": "Nice kettle", "created_at": TIME},
    ]
    found, content, _ = read(file(tmp_path, {"reviews": reviews}))
    assert [one.text for one in found] == ["Bad kettle", "Nice kettle"]
    assert [one.text for one in content["answers"]] == ["Sorry"]


# --- the answers of platforms' interfaces


def status(number, text, parent=None):
    return {
        "id": str(number), "created_at": TIME, "content": f"<p>{text}</p>", "in_reply_to_id": parent,
        "account": {"id": "9", "acct": "ann", "display_name": "Ann", "note": "<p>Likes long notes</p>"},
        "uri": f"https://social.example/users/ann/statuses/{number}", "url": f"https://social.example/@ann/{number}",
        "visibility": "public", "favourites_count": 2, "reblogs_count": 1, "language": "en",
    }  # fmt: skip


FIRST, SECOND, THIRD = status(1, "Broken"), status(2, "Mine, too", "1"), status(3, "Same", "1")


@pytest.mark.parametrize(
    "whole",
    [
        {"ancestors": [FIRST], "descendants": [SECOND, THIRD]},
        {"ancestors": [], "status": FIRST, "descendants": [SECOND, THIRD]},
        {"status": FIRST, "context": {"ancestors": [], "descendants": [SECOND, THIRD]}},
        {**FIRST, "context": {"ancestors": [], "descendants": [SECOND, THIRD]}},
        {"data": {"ancestors": [FIRST], "descendants": [SECOND, THIRD]}},
        {"response": {"result": {"status": FIRST, "ancestors": [], "descendants": [SECOND, THIRD]}}},
        [FIRST, SECOND, THIRD],
        {"accounts": [{"id": "9", "acct": "ann"}] * 5, "statuses": [FIRST, SECOND, THIRD], "hashtags": []},
    ],
)  # fmt: skip
def test_a_thread_on_mastodon_is_read_in_its_order(tmp_path, whole):
    found, _, shape = read(file(tmp_path, whole))
    assert shape.source == "mastodon"
    assert [(one.id, one.text, one.kind) for one in found] == [
        ("mastodon:social.example/1", "Broken", "post"),
        ("mastodon:social.example/2", "Mine, too", "comment"),
        ("mastodon:social.example/3", "Same", "comment"),
    ]
    assert (found[1].parent_id, found[0].author, found[0].engagement) == (found[0].id, "ann", 3)


X_POST = {
    "id": "12", "author_id": "9", "created_at": TIME, "text": "@acme broken again", "lang": "en",
    "conversation_id": "10", "edit_history_tweet_ids": ["12"],
    "referenced_tweets": [{"type": "replied_to", "id": "10"}],
    "public_metrics": {"like_count": 3, "retweet_count": 1, "impression_count": 900},
}  # fmt: skip
X_USERS = [{"id": "9", "username": "ann", "name": "Ann", "description": "Long story", "created_at": TIME}] * 3


def test_posts_of_x_come_with_their_authors_and_what_they_refer_to_is_said(tmp_path):
    referred = [{"id": "10", "author_id": "8", "created_at": TIME, "text": "We sell kettles"}] * 4
    path = file(tmp_path, {"data": [X_POST], "includes": {"users": X_USERS, "tweets": referred}, "meta": {"count": 1}})
    [one], _, shape = read(path)
    assert (shape.source, one.id, one.kind, one.author) == ("x", "x:12", "comment", "ann")
    assert (one.parent_id, one.thread_id, one.engagement) == ("x:10", "x:10", 4)
    assert one.url == "https://x.com/ann/status/12"
    assert notes(path) == ("Not read: posts in “includes.tweets”, to which those of “data” refer (4).",)


def test_one_post_of_x_and_pages_of_them_are_read_alike(tmp_path):
    single = file(tmp_path, {"data": X_POST, "includes": {"users": X_USERS}})
    assert [one.author for one in read(single)[0]] == ["ann"]
    pages = [{"data": [{**X_POST, "id": number, "edit_history_tweet_ids": [number]}], "meta": {}} for number in "34"]
    lines = written(tmp_path, "\n".join(map(json.dumps, pages)), "file.jsonl")
    assert [one.id for one in read(lines)[0]] == ["x:3", "x:4"]


def comment(number, text, parent=None):
    told = {"textDisplay": f"{text}<br>!", "authorDisplayName": "@ann", "likeCount": 4, "publishedAt": TIME}
    return {"kind": "youtube#comment", "id": number, "snippet": told | ({"parentId": parent} if parent else {})}


def test_comments_on_youtube_come_with_the_answers_below_them(tmp_path):
    threads = [
        {
            "id": "a", "kind": "youtube#commentThread",
            "snippet": {"videoId": "v", "topLevelComment": comment("a", "Broken"), "totalReplyCount": 7},
            "replies": {"comments": [comment("a.1", "Mine, too", "a"), comment("a.2", "Same", "a")]},
        },
        {"id": "b", "snippet": {"videoId": "v", "topLevelComment": comment("b", "Fine"), "totalReplyCount": 0}},
    ]  # fmt: skip
    path = file(tmp_path, {"kind": "youtube#commentThreadListResponse", "items": threads})
    found, _, shape = read(path)
    assert shape.source == "youtube"
    assert [(one.id, one.text, one.parent_id) for one in found] == [
        ("youtube:a", "Broken\n!", None),
        ("youtube:a.1", "Mine, too\n!", "youtube:a"),
        ("youtube:a.2", "Same\n!", "youtube:a"),
        ("youtube:b", "Fine\n!", None),
    ]
    assert found[1].url == "https://www.youtube.com/watch?v=v&lc=a.1"
    assert notes(path) == ("Not read: answers that the file counts and does not hold (5).",)


def test_reviews_of_google_play_come_with_the_developers_answers(tmp_path):
    said = {"text": "\tIt broke", "starRating": 1, "lastModified": {"seconds": "1793606400"}, "reviewerLanguage": "en"}
    answer = {"text": "Sorry", "lastModified": {"seconds": "1793692800"}}
    reviews = [
        {"reviewId": "a", "authorName": "Ann", "comments": [{"userComment": said}, {"developerComment": answer}]},
        {"reviewId": "b", "authorName": "Bob", "comments": [{"userComment": said}]},
    ]
    found, content, shape = read(file(tmp_path, {"reviews": reviews, "tokenPagination": {"nextPageToken": "x"}}))
    assert (shape.source, [(one.id, one.text, one.rating, one.author) for one in found]) == (
        "google_play",
        [("google_play:a", "It broke", 1, "Ann"), ("google_play:b", "It broke", 1, "Bob")],
    )
    assert [(one.mention_id, one.text) for one in content["answers"]] == [("google_play:a", "Sorry")]


def test_one_thing_in_parts_is_no_list_of_things(tmp_path):
    path = file(tmp_path, {"review": POST, "reply": {"id": 9, "created_at": TIME, "text": "We are very sorry"}})
    assert [one.text for one in read(path)[0]] == [POST["text"]]


def thing(kind, number, **told):
    return {"kind": kind, "data": {"name": f"{kind}_{number}", "id": number, "created_utc": 1793606400.0, **told}}


def test_a_listing_of_reddit_is_read_with_all_comments_below_comments(tmp_path):
    inner = {"kind": "Listing", "data": {"children": [thing("t1", "d", body="Same", parent_id="t1_c", replies="")]}}
    post = thing(
        "t3", "a", title="Broken", selftext="It broke", author="ann", permalink="/r/x/comments/a/", edited=False
    )
    answer = thing("t1", "c", body="Mine, too", link_id="t3_a", parent_id="t3_a", replies=inner, edited=True)
    more = {"kind": "more", "data": {"count": 8, "children": ["e"]}}
    page = [{"kind": "Listing", "data": {"children": one}} for one in ([post], [answer, more])]
    path = file(tmp_path, page)
    found, _, shape = read(path)
    assert shape.source == "reddit"
    assert [(one.id, one.kind, one.text, one.parent_id) for one in found] == [
        ("reddit:t3_a", "post", "It broke", None),
        ("reddit:t1_c", "comment", "Mine, too", "reddit:t3_a"),
        ("reddit:t1_d", "comment", "Same", "reddit:t1_c"),
    ]
    assert found[0].url == "https://www.reddit.com/r/x/comments/a/"
    assert notes(path) == ("Not read: comments that Reddit counts and did not give along.",)
    lines = written(tmp_path, "\n".join(map(json.dumps, [post, answer])), "file.jsonl")
    assert [one.kind for one in read(lines)[0]] == ["post", "comment"]


TICKET = {
    "id": 1, "subject": "Broken kettle", "description": "My kettle came broken", "created_at": TIME, "requester_id": 9,
    "url": "https://acme.zendesk.com/api/v2/tickets/1.json", "updated_at": "2026-11-05T08:00:00Z",
}  # fmt: skip
TEAM = [
    {"id": 9, "name": "Ann", "role": "end-user", "notes": "", "created_at": TIME},
    {"id": 7, "name": "Agent", "role": "agent", "notes": "likes long notes here", "created_at": TIME},
]
SAID = [
    {"id": 30, "author_id": 9, "body": "My kettle came broken", "public": True, "created_at": TIME},
    {"id": 31, "author_id": 7, "body": "She is rude", "public": False, "created_at": "2026-11-02T09:00:00Z"},
    {"id": 32, "author_id": 7, "body": "A new one is on its way", "public": True, "created_at": "2026-11-02T10:00:00Z"},
    {"id": 33, "author_id": 9, "body": "It never came", "public": True, "created_at": "2026-11-04T10:00:00Z"},
]


@pytest.mark.parametrize(
    "whole",
    [
        {"tickets": [TICKET], "users": TEAM, "comments": SAID},
        {"tickets": [TICKET], "users": TEAM, "comments": [{**one, "ticket_id": 1} for one in SAID]},
        {"users": TEAM, "tickets": [{**TICKET, "comments": SAID}]},
        {"ticket": TICKET, "comments": SAID, "users": TEAM},
    ],
)
def test_a_ticket_comes_with_what_was_said_in_it_and_without_the_teams_notes(tmp_path, whole):
    path = file(tmp_path, whole)
    found, content, shape = read(path)
    assert shape.source == "zendesk"
    assert [(one.title, one.text, one.author, one.parent_id) for one in found] == [
        ("Broken kettle", "My kettle came broken", "Ann", None),
        (None, "It never came", "Ann", "zendesk:1"),
    ]
    assert [(one.mention_id, one.text, one.author) for one in content["answers"]] == [
        ("zendesk:1", "A new one is on its way", "Agent")
    ]
    assert found[0].url == "https://acme.zendesk.com/agent/tickets/1"
    assert notes(path) == ("Not read: internal notes, which are no mentions (1).",)


def test_tickets_without_comments_are_read_without_the_people(tmp_path):
    found, _, _ = read(file(tmp_path, {"tickets": [TICKET], "users": TEAM * 9}))
    assert [one.title for one in found] == ["Broken kettle"]


def test_comments_of_tickets_that_are_not_there_are_said(tmp_path):
    whole = {"tickets": [TICKET, {**TICKET, "id": 2}], "comments": [{**one, "ticket_id": 5} for one in SAID]}
    assert notes(file(tmp_path, whole)) == ("Not read: comments that name no ticket of the file (4).",)


def test_reviews_of_a_service_are_read_and_not_what_the_merchant_said_to_them(tmp_path):
    said = [{"type": "merchant", "comment": "We are very sorry to hear that", "created_at": TIME}]
    reviews = [
        {"service": {"id": "s1", "review": "Slow", "rating": {"rating": 2}, "created_at": TIME, "thread": said},
         "customer": {"display_name": "Person 1"}},
        {"service": {"id": "s2", "review": "Great", "rating": {"rating": 5}, "created_at": TIME},
         "customer": {"display_name": "Person 2"}},
    ]  # fmt: skip
    path = file(tmp_path, {"summary": {"meta": {"count": 2}}, "reviews": reviews})
    found, _, _ = read(path)
    assert [(one.text, one.rating, one.author) for one in found] == [("Slow", 2, "Person 1"), ("Great", 5, "Person 2")]
    assert notes(path) == ("Not read: “reviews.service.thread”, which reads as posts, too (1).",)
