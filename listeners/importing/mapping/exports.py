"""The known shapes of exports that people download from stores, review sites and listening tools."""

from __future__ import annotations

import re
from urllib.parse import unquote

from listeners.formats.cells import is_blank
from listeners.importing.mapping.shaped import moment_of
from listeners.importing.mapping.shapes import MadeField, Shape

WORDS_FOR_STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}
NAME = re.compile(r"accounts/[^/]+/locations/([^/]+)/reviews/([^/]+)$")
REVIEW_ID = re.compile(r"[?&#]review[iI]d=([^&#]+)")
TRANSLATED, ORIGINAL = "(Translated by Google)", "(Original)"
REDDIT = "https://www.reddit.com"


def _first(*cells: object) -> object:
    return next((cell for cell in cells if cell not in (None, "")), None)


def _play_id(package: object, address: object) -> str | None:
    """A review's id in Google Play's API: the app, and the id in the review's address."""
    own = REVIEW_ID.search(str(address or ""))
    return f"{package}/{unquote(own[1])}" if package and own else None


def _business_id(name: object) -> str | None:
    parts = NAME.match(str(name or ""))
    return f"{parts[1]}/{parts[2]}" if parts else None


def _stars_in_words(said: object) -> object:
    return WORDS_FOR_STARS.get(str(said).upper(), None if said == "STAR_RATING_UNSPECIFIED" else said)


def _original(comment: object) -> object:
    """The original text, without the translation that Google puts before or after it."""
    if not isinstance(comment, str):
        return comment
    if comment.startswith(TRANSLATED) and ORIGINAL in comment:
        return comment.partition(ORIGINAL)[2].strip()
    return comment.partition(f"\n\n{TRANSLATED}")[0].strip()


def _fullname(kind: str, fullname: object, own: object) -> str | None:
    bare = str(_first(fullname, own) or "")
    return (bare if bare.startswith(f"{kind}_") else f"{kind}_{bare}") if bare else None


def _on_reddit(path: object) -> object:
    return f"{REDDIT}{path}" if str(path or "").startswith("/") else path


def _liked_and_not(liked: object, disliked: object) -> str | None:
    """What a guest liked and did not like as one text; None where nothing was written."""
    said = [one.strip() for one in (liked, disliked) if isinstance(one, str) and not is_blank(one)]
    return "\n\n".join(said) or None


REDDIT_COLUMNS = {"published_at": "created_utc", "author": "author", "engagement": "score"}
EXPORTS = (
    Shape(
        "Google Play Console reviews",
        "google_play",
        ("Package Name", "Star Rating", "Review Submit Date and Time|Review Submit Millis Since Epoch", "Review Text"),
        {
            "text": "Review Text",
            "title": "Review Title",
            "rating": "Star Rating",
            "language": "Reviewer Language",
            "url": "Review Link",
            "reply_text": "Developer Reply Text",
            "brand": "App Name",
        },
        (
            MadeField("native_id", ("Package Name", "Review Link"), _play_id),
            # The milliseconds beside a time are exact wherever the file was written.
            MadeField("published_at", ("Review Submit Millis Since Epoch", "Review Submit Date and Time"), _first),
            MadeField(
                "edited_at", ("Review Last Update Millis Since Epoch", "Review Last Update Date and Time"), _first
            ),
            MadeField("reply_at", ("Developer Reply Millis Since Epoch", "Developer Reply Date and Time"), _first),
        ),
        left=("Device", "App Version Code", "App Version Name"),
        note="Ratings without words come without a link, and so without the store's id.",
    ),
    Shape(
        "Google Business Profile reviews",
        "google_business",
        ("starRating", "createTime", "reviewer.displayName|reviewer.isAnonymous|reviewId|name"),
        {
            "author": "reviewer.displayName",
            "published_at": "createTime",
            "edited_at": "updateTime",
            "reply_text": "reviewReply.comment",
            "reply_at": "reviewReply.updateTime",
        },
        (
            MadeField("native_id", ("name",), _business_id),
            MadeField("rating", ("starRating",), _stars_in_words),
            MadeField("text", ("comment",), _original),
        ),
        left=("reviewId",),
    ),
    Shape(
        "Trustpilot Business reviews",
        "trustpilot",
        ("Review Id", "Review Stars", "Review Content", "Review Created (UTC)"),
        {
            "native_id": "Review Id",
            "text": "Review Content",
            "title": "Review Title",
            "rating": "Review Stars",
            "published_at": "Review Created (UTC)",
            "author": "Review Username|Consumer Username|Review Consumer Name",
            "language": "Review Language",
            "reply_text": "Company Response|Company Reply|Business Response|Business Reply",
            "reply_at": "Company Reply Date (UTC)|Business Reply Date (UTC)",
        },
        (MadeField("url", ("Review Id",), lambda own: f"https://www.trustpilot.com/reviews/{own}" if own else None),),
        left=("Source Of Review", "Domain URL", "Location Name", "Reference Id"),
    ),
    Shape(
        "Booking.com reviews",
        "booking",
        ("Review date", "Positive review", "Negative review", "Review score"),
        {
            "title": "Review title",
            "published_at": "Review date",
            "author": "Guest name",
            "rating": "Review score",
            "reply_text": "Property reply",
        },
        (MadeField("text", ("Positive review", "Negative review"), _liked_and_not),),
        left=("Reservation number",),
    ),
    Shape(
        "App Store Connect reviews",
        "app_store",
        ("attributes.reviewerNickname", "attributes.rating", "attributes.body"),
        {
            "native_id": "id",
            "author": "attributes.reviewerNickname",
            "rating": "attributes.rating",
            "title": "attributes.title",
            "text": "attributes.body",
            "published_at": "attributes.createdDate",
            "reply_text": "response.responseBody",
            "reply_at": "response.lastModifiedDate",
        },
        left=("type",),
    ),
    Shape(
        "an archive of an account on X",
        "x",
        ("tweet.id_str", "tweet.full_text", "tweet.created_at"),
        {
            "native_id": "tweet.id_str",
            "text": "tweet.full_text",
            "published_at": "tweet.created_at",
            "parent_id": "tweet.in_reply_to_status_id_str",
            "language": "tweet.lang",
            "engagement": "tweet.favorite_count",
        },
        (
            MadeField("url", ("tweet.id_str",), lambda own: f"https://x.com/i/web/status/{own}" if own else None),
            MadeField("is_from_brand", (), lambda: True),
        ),
        left=("tweet.id", "tweet.source"),
        note="All of it was written by the account itself: its replies are taken as the brand's answers. "
        "For somebody else's archive, ignore the column of “is_from_brand”.",
    ),
    Shape(
        "comments out of a Reddit archive",
        "reddit",
        ("body", "created_utc", "subreddit", "link_id", "author"),
        {**REDDIT_COLUMNS, "text": "body", "thread_id": "link_id", "parent_id": "parent_id"},
        (
            MadeField("native_id", ("name", "id"), lambda fullname, own: _fullname("t1", fullname, own)),
            MadeField("url", ("permalink",), _on_reddit),
            MadeField("kind", (), lambda: "comment"),
        ),
        left=("id", "name"),
    ),
    Shape(
        "posts out of a Reddit archive",
        "reddit",
        ("title", "selftext", "created_utc", "subreddit", "author"),
        {**REDDIT_COLUMNS, "text": "selftext", "title": "title"},
        (
            MadeField("native_id", ("name", "id"), lambda fullname, own: _fullname("t3", fullname, own)),
            MadeField("url", ("permalink",), _on_reddit),
            MadeField("kind", (), lambda: "post"),
        ),
        left=("id", "name"),
    ),
    Shape(
        "a Meltwater export",
        None,
        ("Date", "Hit Sentence", "Opening Text", "URL"),
        {
            "title": "Headline|Title",
            "source": "Source Type|Source|Source Name",
            "author": "Author Handle|Influencer|Author Name",
            "url": "URL",
            "reach": "Reach",
            "engagement": "Engagement",
        },
        (
            MadeField("text", ("Hit Sentence", "Opening Text"), _first),
            MadeField("published_at", ("Date", "Time"), moment_of),
        ),
        left=("Input Name", "Keywords"),
    ),
    Shape(
        "a Brandwatch export",
        None,
        ("Query Id", "Query Name", "Date", "Snippet", "Url"),
        {
            "title": "Title",
            "published_at": "Date",
            "url": "Url",
            "author": "Author|Full Name",
            "source": "Page Type|Domain",
            "brand": "Query Name",
            "thread_id": "Thread Id",
            "language": "Language",
        },
        (MadeField("text", ("Full Text", "Snippet"), _first),),
        left=("Thread Entry Type",),
    ),
)
