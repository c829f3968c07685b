"""The known shapes of reviews and posts as data providers deliver them, one object each."""

from __future__ import annotations

from listeners.importing.mapping.nests import thread_of
from listeners.importing.mapping.shapes import MadeField, Shape


def _both(likes: object, dislikes: object) -> str:
    """Likes and dislikes as one text, each with a heading."""
    halves = (("What I like: ", likes), ("What I dislike: ", dislikes))
    return "\n\n".join(f"{told}{said.strip()}" for told, said in halves if isinstance(said, str) and said.strip())


def _after(prefix: str) -> MadeField:
    """The `url` field, made of `prefix` and the review's id."""
    return MadeField("url", ("id",), lambda own: f"{prefix}{own}" if own else None)


def _total(*counts: object) -> int | None:
    known = [count for count in counts if isinstance(count, int) and not isinstance(count, bool)]
    return sum(known) if known else None


def _other(own: object, thread: object) -> object:
    """The thread, where it is not the post itself."""
    return thread if thread != own else None


def _at_yelp(alias: object, own: object) -> str | None:
    return f"https://www.yelp.com/biz/{alias}?hrid={own}" if alias and own else None


PROVIDERS = (
    Shape(
        "Amazon reviews",
        "amazon",
        ("location_and_date", "title", "text", "rating"),
        {"published_at": "location_and_date", "title": "title", "text": "text", "rating": "rating"},
        note="The country beside the date is not kept.",
    ),
    Shape(
        "G2 reviews",
        "g2",
        ("review.reviewLikes", "review.reviewDislikes", "review.reviewRate"),
        {
            "author": "author.authorName",
            "author_url": "author.authorProfile",
            "published_at": "review.reviewData",
            "rating": "review.reviewRate",
            "title": "review.reviewTitle",
        },
        (MadeField("text", ("review.reviewLikes", "review.reviewDislikes"), _both),),
    ),
    Shape(
        "Google Play reviews",
        "google_play",
        ("reviewId", "content", "score", "replyContent", "repliedAt", "at"),
        {
            "native_id": "reviewId",
            "author": "userName",
            "text": "content",
            "rating": "score",
            "engagement": "thumbsUpCount",
            "published_at": "at",
            "reply_text": "replyContent",
            "reply_at": "repliedAt",
        },
    ),
    Shape(
        "comments of a Reddit account",
        "reddit",
        ("commentId", "commentBody", "publishingDate", "commentLink"),
        {
            "native_id": "commentId",
            "text": "commentBody",
            "url": "commentLink",
            "author": "author",
            "author_url": "authorProfile",
            "published_at": "publishingDate",
            "engagement": "upvotes",
        },
        (MadeField("thread_id", ("commentLink",), thread_of), MadeField("kind", (), lambda: "comment")),
    ),
    Shape(
        "posts of a Reddit account",
        "reddit",
        ("postId", "postTitle", "postLink", "publishingDate"),
        {
            "native_id": "postId",
            "title": "postTitle",
            "url": "postLink",
            "author": "author",
            "author_url": "authorProfile",
            "published_at": "publishingDate",
            "engagement": "postScore",
        },
        left=("attachmentType", "attachmentLink"),
    ),
    Shape(
        "Trustpilot reviews",
        "trustpilot",
        ("id", "dates.publishedDate", "consumer.displayName", "rating"),
        {
            "native_id": "id",
            "text": "text",
            "title": "title",
            "rating": "rating",
            "engagement": "likes",
            "published_at": "dates.publishedDate",
            "edited_at": "dates.updatedDate",
            "author": "consumer.displayName",
            "language": "language",
            "reply_text": "reply.message",
            "reply_at": "reply.publishedDate",
            "brand": "company",
        },
        (
            _after("https://www.trustpilot.com/reviews/"),
            MadeField(
                "author_url",
                ("consumer.id",),
                lambda own: f"https://www.trustpilot.com/users/{own}" if own else None,
            ),
        ),
        left=("location",),
    ),
    Shape(
        "posts on X",
        "x",
        ("conversation_id", "created_at", "text", "user_id|user.rest_id", "favorite_count"),
        {
            "native_id": "id",
            "text": "text",
            "published_at": "created_at",
            "author": "user.screen_name|user.legacy.screen_name|user_id",
            "reach": "user.followers_count",
            "language": "language|lang",
        },
        (
            _after("https://x.com/i/web/status/"),
            MadeField("engagement", ("favorite_count", "retweet_count", "reply_count", "quote_count"), _total),
            MadeField("thread_id", ("id", "conversation_id"), _other),
        ),
        left=("source", "user.description", "user.url", "views"),
    ),
    Shape(
        "an X profile",
        "x",
        ("rest_id", "followers_count", "statuses_count"),
        lacks=("text", "full_text", "conversation_id"),
        refusal="This is the profile of an account on X: who somebody is, not what somebody said. "
        "Nothing of it is a mention.",
    ),
    Shape(
        "the entry of an app in the App Store",
        "app_store",
        ("bundleId", "trackViewUrl", "artistName", "description"),
        lacks=("review", "body", "content"),
        refusal="This is how the App Store describes an app (name, version, average rating), not its reviews. "
        "The description is its maker's own; nothing of it is a mention.",
    ),
    Shape(
        "Yelp reviews",
        "yelp",
        ("encid", "text.full", "business.name", "createdAt"),
        {
            "native_id": "encid",
            "text": "text.full",
            "language": "text.language",
            "rating": "rating",
            "author": "author.displayName",
            "brand": "business.name",
            "published_at": "createdAt",
            "engagement": "feedback.usefulCount",
        },
        (MadeField("url", ("business.alias", "encid"), _at_yelp),),
    ),
)
