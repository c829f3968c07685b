"""The answers of the interfaces of Mastodon, X, YouTube, Reddit and Zendesk: posts, and what belongs to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from listeners import addresses
from listeners.border import plain
from listeners.importing.mapping.nests import (
    NESTS,
    Left,
    Nest,
    Object,
    Row,
    Thread,
    by_id,
    inner,
    objects,
    response_shape,
    thread_within,
)
from listeners.importing.mapping.tickets import from_zendesk, is_from_zendesk, left_by_zendesk

X, REDDIT, YOUTUBE = "https://x.com", "https://www.reddit.com", "https://www.youtube.com"


def nest_of(value: object) -> Nest | None:
    """The nest that matches a file's first object; None when it is a plain row or anything else."""
    return next((nest for nest in (*NESTS, *RESPONSES) if nest.fits(value)), None)


# --- Mastodon


def _is_status(value: object) -> bool:
    return isinstance(value, dict) and {"id", "content", "created_at", "account"} <= value.keys()


def _thread(value: Object) -> Thread | None:
    return thread_within(value, _is_context, _statuses_in)


def _is_context(value: Object) -> bool:
    return all(map(_is_status, [*objects(value["ancestors"]), *objects(value["descendants"])]))


def _statuses_in(value: Object, apart_from: str) -> list[Row]:
    """The object where it is a post itself, else the posts in it."""
    within = [one for name, one in value.items() if name != apart_from and _is_status(one)]
    return [dict(value)] if _is_status(value) else within


def _thread_on_mastodon(value: Object) -> Iterator[Row]:
    yield from map(_status, chain.from_iterable(_thread(value) or ()))


def _statuses(value: Object) -> Iterator[Row]:
    yield from map(_status, objects(value["statuses"]))


def _status(status: Object) -> Row:
    account, number, parent = inner(status.get("account")), status.get("id"), status.get("in_reply_to_id")
    host = addresses.split(str(status.get("uri") or status.get("url") or "")).hostname
    counts = [one for name in ("favourites_count", "reblogs_count") if isinstance(one := status.get(name), int)]
    return {
        "native_id": f"{host}/{number}" if host and number else number,
        "kind": "comment" if parent else "post",
        "title": status.get("spoiler_text"),
        "text": plain(str(status.get("content") or "")),
        "author": account.get("acct"),
        "author_url": account.get("url"),
        "url": status.get("url") or status.get("uri"),
        "reach": account.get("followers_count"),
        "engagement": sum(counts) if counts else None,
        "language": status.get("language"),
        "parent_id": f"{host}/{parent}" if host and parent else parent,
        "published_at": status.get("created_at"),
        "edited_at": status.get("edited_at"),
    }


# --- X


def _is_from_x(value: Object) -> bool:
    posts = _posts_on_x(value)
    told = {"author_id", "edit_history_tweet_ids", "public_metrics", "conversation_id", "referenced_tweets"}
    beside = {"tweets", "users"} & inner(value.get("includes")).keys()
    return bool(posts) and all({"id", "text"} <= one.keys() for one in posts) and bool(beside or told & posts[0].keys())


def _posts_on_x(value: Object) -> list[dict[str, Any]]:
    data = value.get("data")
    return [data] if isinstance(data, dict) else objects(data)


def _from_x(value: Object) -> Iterator[Row]:
    people = by_id(inner(value.get("includes")).get("users"))
    for post in _posts_on_x(value):
        number, thread = post.get("id"), post.get("conversation_id")
        by = people.get(str(post.get("author_id")), {})
        name = by.get("username")
        referred = {one.get("type"): one.get("id") for one in objects(post.get("referenced_tweets"))}
        metrics = inner(post.get("public_metrics"))
        counts = [metrics[one] for one in metrics if one != "impression_count" and isinstance(metrics[one], int)]
        versions = post.get("edit_history_tweet_ids")
        yield {
            "native_id": versions[0] if isinstance(versions, list) and versions else number,
            "kind": "comment" if "replied_to" in referred else "post",
            "text": inner(post.get("note_tweet")).get("text") or post.get("text"),
            "author": name or post.get("author_id"),
            "author_url": f"{X}/{name}" if name else None,
            "url": f"{X}/{name or 'i/web'}/status/{number}",
            "reach": inner(by.get("public_metrics")).get("followers_count"),
            "engagement": sum(counts) if counts else None,
            "language": post.get("lang"),
            "thread_id": thread if thread != number else None,
            "parent_id": referred.get("replied_to"),
            "published_at": post.get("created_at"),
        }


def _left_by_x(value: Object) -> Left:
    yield (
        "posts in “includes.tweets”, to which those of “data” refer",
        len(objects(inner(value.get("includes")).get("tweets"))),
    )


# --- YouTube


def _is_from_youtube(value: Object) -> bool:
    items = objects(value.get("items"))
    return bool(items) and all(_top_comment(one) is not None for one in items)


def _top_comment(item: Object) -> Mapping[str, Any] | None:
    """The comment that an item of a list is, or begins a thread with."""
    snippet = inner(item.get("snippet"))
    top = snippet.get("topLevelComment")
    if isinstance(top, dict):
        return top
    return item if {"textDisplay", "textOriginal"} & snippet.keys() else None


def _from_youtube(value: Object) -> Iterator[Row]:
    """The comments, each followed by the answers to it."""
    for item in objects(value["items"]):
        top, thread = _top_comment(item) or {}, inner(item.get("snippet"))
        yield _comment(top, thread.get("videoId"), None)
        for answer in objects(inner(item.get("replies")).get("comments")):
            yield _comment(answer, thread.get("videoId"), top.get("id"))


def _comment(comment: Object, video: object, parent: object) -> Row:
    number, told = comment.get("id"), inner(comment.get("snippet"))
    above = told.get("parentId") or parent
    watched = told.get("videoId") or video
    text = told.get("textOriginal")
    return {
        "native_id": number,
        "kind": "comment",
        "text": text if text is not None else plain(str(told.get("textDisplay") or "")),
        "author": told.get("authorDisplayName"),
        "author_url": told.get("authorChannelUrl"),
        "url": f"{YOUTUBE}/watch?v={watched}&lc={number}" if watched else None,
        "engagement": told.get("likeCount"),
        "thread_id": above,
        "parent_id": above,
        "published_at": told.get("publishedAt"),
        "edited_at": told.get("updatedAt"),
    }


def _left_by_youtube(value: Object) -> Left:
    """The answers that YouTube counts and does not give along: it gives five of a thread."""
    missing = 0
    for item in objects(value["items"]):
        count = inner(item.get("snippet")).get("totalReplyCount")
        given = objects(inner(item.get("replies")).get("comments"))
        missing += max(0, count - len(given)) if isinstance(count, int) else 0
    yield "answers that the file counts and does not hold", missing


# --- Google Play


def _is_from_play(value: Object) -> bool:
    return any("userComment" in one for review in value["reviews"] for one in objects(review.get("comments")))


def _from_play(value: Object) -> Iterator[Row]:
    """The reviews, each with the developer's latest answer."""
    for review in value["reviews"]:
        comments = objects(review.get("comments"))
        said = next((inner(one["userComment"]) for one in comments if "userComment" in one), {})
        answer = next((inner(one["developerComment"]) for one in comments if "developerComment" in one), {})
        yield {
            "native_id": review.get("reviewId"),
            "kind": "review",
            "text": str(said.get("text") or "").strip(),
            "author": review.get("authorName"),
            "rating": said.get("starRating"),
            "language": said.get("reviewerLanguage"),
            "engagement": said.get("thumbsUpCount"),
            "published_at": inner(said.get("lastModified")).get("seconds"),
            "reply_text": answer.get("text"),
            "reply_at": inner(answer.get("lastModified")).get("seconds"),
        }


# --- Reddit


def _is_listing(value: Object) -> bool:
    return "children" in inner(value.get("data")) and value.get("kind", "Listing") == "Listing"


def _is_thing(value: Object) -> bool:
    return value.get("kind") in ("t1", "t3") and "created_utc" in inner(value.get("data"))


def _things(listing: object) -> Iterator[Mapping[str, Any]]:
    """All that a listing holds, each followed by the answers to it."""
    waiting = list(reversed(objects(inner(inner(listing).get("data")).get("children"))))
    while waiting:
        thing = waiting.pop()
        yield thing
        answers = inner(inner(inner(thing.get("data")).get("replies")).get("data")).get("children")
        waiting.extend(reversed(objects(answers)))


def _listing(value: Object) -> Iterator[Row]:
    yield from (_thing(one) for one in _things(value) if _is_thing(one))


def _thing(thing: Object) -> Row:
    told, is_post = thing["data"], thing.get("kind") == "t3"
    path, edited = str(told.get("permalink") or ""), told.get("edited")
    return {
        "native_id": told.get("name") or f"{thing['kind']}_{told.get('id')}",
        "kind": "post" if is_post else "comment",
        "title": told.get("title") if is_post else None,
        "text": told.get("selftext") if is_post else told.get("body"),
        "author": told.get("author"),
        "url": f"{REDDIT}{path}" if path.startswith("/") else told.get("url") if is_post else None,
        "engagement": told.get("score"),
        "thread_id": told.get("link_id"),
        "parent_id": told.get("parent_id"),
        "published_at": told.get("created_utc"),
        "edited_at": edited if edited is not True else None,
    }


def _left_by_reddit(value: Object) -> Left:
    more = [inner(one.get("data")) for one in _things(value) if one.get("kind") == "more"]
    yield (
        "comments that Reddit counts and did not give along",
        sum(count for one in more if isinstance(count := one.get("count"), int)),
    )


MASTODON, ON_REDDIT = ("posts on Mastodon", "mastodon"), ("a listing of Reddit", "reddit")
RESPONSES = (
    Nest(
        (),
        _thread_on_mastodon,
        response_shape(*MASTODON, "“ancestors” with “descendants” beside it"),
        when=lambda value: any(_thread(value) or ()),
    ),
    Nest(
        ("statuses[]",),
        _statuses,
        response_shape(*MASTODON, "“statuses” with “account” in them"),
        when=lambda value: any(map(_is_status, value["statuses"])),
    ),
    Nest(
        (),
        lambda value: [_status(value)],
        response_shape(*MASTODON, "“account” with “content” beside it"),
        alone=True,
        when=_is_status,
    ),
    Nest(
        (),
        _from_x,
        response_shape("posts of X's interface", "x", "“data” with posts in it"),
        when=_is_from_x,
        left=_left_by_x,
    ),
    Nest(
        ("items[]",),
        _from_youtube,
        response_shape("comments on YouTube", "youtube", "“items” with “snippet” in them"),
        when=_is_from_youtube,
        left=_left_by_youtube,
    ),
    Nest(
        ("reviews[]",),
        _from_play,
        response_shape("reviews of Google Play's interface", "google_play", "“userComment” in its reviews"),
        when=_is_from_play,
    ),
    Nest((), _listing, response_shape(*ON_REDDIT, "“children” in “data”"), when=_is_listing, left=_left_by_reddit),
    Nest(
        (),
        lambda value: [_thing(value)],
        response_shape(*ON_REDDIT, "“kind” with “data” beside it"),
        alone=True,
        when=_is_thing,
    ),
    Nest(
        (),
        from_zendesk,
        response_shape("tickets of Zendesk", "zendesk", "“requester_id” in its tickets"),
        when=is_from_zendesk,
        left=left_by_zendesk,
    ),
)
