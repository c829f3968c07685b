"""Nested JSON in which one object holds many mentions: a post with its comments, a company with its reviews."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from listeners.importing.mapping.shapes import Shape

Object = Mapping[str, Any]
Row = dict[str, Any]
Left = Iterator[tuple[str, int]]  # what of an object is not read, as a sentence goes on; and how many
Thread = tuple[list[Row], list[Row], list[Row]]  # what a post answers, the post where it is there, and the answers
FIELDS = (
    "text title published_at author author_url url native_id thread_id parent_id kind engagement reach rating brand"
)
SAME = {
    field: field for field in (*FIELDS.split(), "language", "edited_at")
}  # rows made here are named by their fields already
DEEPEST = 50  # answers to answers
AROUND = 6  # objects around a thread
NUMBER = re.compile(r"/comments/([0-9a-z]+)")
REDDIT = "https://www.reddit.com"
MONTHS_ONLY = "Its times are the months of the trips; the first of the month stands for each."


def objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list; none for anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def inner(value: object) -> Object:
    """An object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def by_id(people: object) -> dict[str, dict[str, Any]]:
    """The objects of a list by their ids."""
    return {str(one.get("id")): one for one in objects(people)}


def thread_within(
    value: Object, is_thread: Callable[[Object], bool], posts: Callable[[Object, str], list[Row]], depth: int = AROUND
) -> Thread | None:
    """The thread in an object, however deep its "ancestors" and "descendants" lie; None where there is none. The post
    stands beside them or further out: `posts` gives those in an object apart from what lies under a name."""
    if {"ancestors", "descendants"} <= value.keys() and is_thread(value):
        return objects(value["ancestors"]), posts(value, "ancestors"), objects(value["descendants"])
    for name, within in value.items():
        if isinstance(within, dict) and depth and (thread := thread_within(within, is_thread, posts, depth - 1)):
            above, itself, below = thread
            return above, itself or posts(value, name), below
    return None


@dataclass(frozen=True, slots=True)
class Nest:
    """A kind of nested object, told by `keys`, and by `when` where these are not enough. `rows`: gives its rows;
    `shape`: None where the rows' columns tell it; `left`: gives what of it is not read, as a sentence goes on, and how
    many."""

    keys: tuple[str, ...]
    rows: Callable[[Object], Iterable[dict[str, Any]]]
    shape: Shape | None = None
    alone: bool = False  # the object is itself the only row
    when: Callable[[Object], bool] = lambda _: True
    left: Callable[[Object], Iterable[tuple[str, int]]] = lambda _: ()

    def fits(self, value: object) -> bool:
        """Whether a value is such an object."""
        return isinstance(value, dict) and all(_is_there(value, key) for key in self.keys) and self.when(value)


def _is_there(value: Object, key: str) -> bool:
    """Whether the key exists; "comments[]" must hold a list of objects, "info{}" an object."""
    held = value.get(key.rstrip("[]{}"))
    if key.endswith("[]"):
        return isinstance(held, list) and all(isinstance(one, dict) for one in held)
    return isinstance(held, dict) if key.endswith("{}") else key in value


def _reddit_post(value: Object) -> Iterator[dict[str, Any]]:
    post = value["info"]
    thread = post.get("postId")
    yield _reddit(post) | {
        "kind": "post",
        "native_id": thread,
        "title": post.get("postTitle"),
        "text": None,
        "engagement": post.get("upvoteCount"),
        "url": post.get("postLink") or _thread_address(post.get("subreddit"), thread),
        "thread_id": None,
        "parent_id": None,
    }
    yield from _reddit_comments(value["comments"], thread)


def _reddit_comments(comments: Iterable[object], thread: object) -> Iterator[dict[str, Any]]:
    """The comments in order, each followed by the answers to it."""
    waiting = [(comment, thread, 0) for comment in reversed(list(comments))]
    while waiting:
        comment, parent, depth = waiting.pop()
        if not isinstance(comment, dict):
            continue
        own, body = comment.get("commentId"), comment.get("commentBody")
        yield _reddit(comment) | {
            "kind": "comment",
            "native_id": own,
            "title": None,
            "text": body if body is not None else "[removed]",
            "engagement": comment.get("upvotes"),
            "url": comment.get("link"),
            "thread_id": thread,
            "parent_id": parent,
        }
        replies = comment.get("replies")
        if isinstance(replies, list) and depth < DEEPEST:
            waiting.extend((reply, own, depth + 1) for reply in reversed(replies))


def _reddit(said: Object) -> dict[str, Any]:
    return {
        "author": said.get("author") or _last_part(said.get("authorProfile")),
        "author_url": said.get("authorProfile"),
        "published_at": said.get("publishingDate"),
    }


def _last_part(address: object) -> str | None:
    """The name at the end of ".../user/NAME"; None for an account that is gone."""
    name = str(address or "").rstrip("/").rpartition("/user/")[2]
    return name or None


def _thread_address(subreddit: object, thread: object) -> str | None:
    number = str(thread or "").removeprefix("t3_")
    return f"{REDDIT}/r/{subreddit}/comments/{number}/" if subreddit and number else None


def thread_of(address: object) -> str | None:
    """The id of the post in a link to a comment on Reddit; None when the link has none."""
    found = NUMBER.search(str(address or ""))
    return f"t3_{found[1]}" if found else None


def _reddit_posts(value: Object) -> Iterator[dict[str, Any]]:
    for post in value["posts"]:
        yield _reddit(post) | {
            "kind": "post",
            "native_id": post.get("postId"),
            "title": post.get("title"),
            "url": post.get("link"),
            "engagement": post.get("postUpvotes"),
        }


def _threads(posts: Iterable[Object], thread: object = None, **more: object) -> Iterator[dict[str, Any]]:
    for post in posts:
        author, own = post.get("username"), post.get("id")
        yield {
            "kind": "comment" if thread and own != thread else "post",
            "native_id": own,
            "text": post.get("text"),
            "published_at": post.get("published_on"),
            "author": author,
            "author_url": f"https://www.threads.net/@{author}" if author else None,
            "url": post.get("url"),
            "engagement": post.get("like_count"),
            "thread_id": thread if own != thread else None,
            "parent_id": thread if own != thread else None,
        } | more


def _threads_profile(value: Object) -> Iterator[dict[str, Any]]:
    return _threads(value["threads"], reach=value["user"].get("followers"))


def _threads_thread(value: Object) -> Iterator[dict[str, Any]]:
    return _threads([value["thread"], *value["replies"]], value["thread"].get("id"))


def _hotel(value: Object) -> Iterator[dict[str, Any]]:
    place = value["basic_data"]
    for review in value["reviews"]:
        yield {
            "brand": place.get("name"),
            "title": review.get("title"),
            "text": review.get("text"),
            "rating": review.get("rate"),
            "published_at": review.get("tripDate"),
            "url": place.get("url"),
            "kind": "review",
        }


def _companies(value: Object) -> Iterator[dict[str, Any]]:
    company = value["companyDetails"].get("displayName")
    return ({**review, "company": company} for review in value["reviews"])


def _itself(value: Object) -> Iterator[dict[str, Any]]:
    yield dict(value)


def _shape(name: str, source: str, how: str, note: str = "") -> Shape:
    return Shape(name, source, columns=SAME, how=how, note=note)


def response_shape(name: str, source: str, how: str) -> Shape:
    """The shape of rows that are made of the answers of a platform's interface."""
    more = ("is_from_brand", "reply_text", "reply_at")
    return Shape(name, source, columns={**SAME, **{field: field for field in more}}, how=how)


NESTS = (
    Nest(
        ("info{}", "comments[]"),
        _reddit_post,
        _shape(
            "a Reddit post with its comments",
            "reddit",
            "“info” with “comments” beside it",
            "Comments without words were removed, or are a picture only; they are set aside.",
        ),
    ),
    Nest(
        ("info{}", "posts[]"),
        _reddit_posts,
        _shape("the posts of a subreddit", "reddit", "“info” with “posts” beside it"),
    ),
    Nest(
        ("user{}", "threads[]"),
        _threads_profile,
        _shape("the posts of a Threads profile", "threads", "“user” with “threads” beside it"),
    ),
    Nest(
        ("thread{}", "replies[]"),
        _threads_thread,
        _shape("a thread on Threads with its replies", "threads", "“thread” with “replies” beside it"),
    ),
    Nest(
        ("basic_data{}", "reviews[]"),
        _hotel,
        _shape("Tripadvisor reviews of one place", "tripadvisor", "“basic_data” with “reviews” beside it", MONTHS_ONLY),
    ),
    Nest(("companyDetails{}", "reviews[]"), _companies),
    Nest(("conversation_id", "created_at", "text"), _itself, alone=True),
    Nest(("rest_id", "followers_count", "statuses_count"), _itself, alone=True),
)
