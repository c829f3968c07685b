"""The answers of the interfaces of Mastodon, X, YouTube, Reddit and Zendesk: posts, and what belongs to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from listeners import addresses
from listeners.border import plain
from listeners.importing.mapping.nests import NESTS, SAME, Nest, Object
from listeners.importing.mapping.shapes import Shape

X, REDDIT, YOUTUBE = "https://x.com", "https://www.reddit.com", "https://www.youtube.com"
TEAM = frozenset(("agent", "admin"))  # the roles of a help desk's own people
Row = dict[str, Any]
Left = Iterator[tuple[str, int]]  # what of an answer is not read, as a sentence goes on; and how many


def _objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list; none for anything else."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _by_id(people: object) -> dict[str, dict[str, Any]]:
    return {str(one.get("id")): one for one in _objects(people)}


def nest_of(value: object) -> Nest | None:
    """The nest that matches a file's first object; None when it is a plain row or anything else."""
    return next((nest for nest in (*NESTS, *RESPONSES) if nest.fits(value)), None)


# --- Mastodon


def _is_status(value: object) -> bool:
    return isinstance(value, dict) and {"id", "content", "created_at", "account"} <= value.keys()


def _is_context(value: Object) -> bool:
    around = [*_objects(value.get("ancestors")), *_objects(value.get("descendants"))]
    return {"ancestors", "descendants"} <= value.keys() and any(map(_is_status, around))


def _thread_on_mastodon(value: Object) -> Iterator[Row]:
    """A thread in its order: what a post answers, the post where it is there, and the answers."""
    middle = [one for one in value.values() if _is_status(one)]
    yield from map(_status, [*_objects(value["ancestors"]), *middle, *_objects(value["descendants"])])


def _statuses(value: Object) -> Iterator[Row]:
    yield from map(_status, _objects(value["statuses"]))


def _thread_in_two_parts(value: Object) -> Iterator[Row]:
    yield from _thread_on_mastodon({**value["context"], "status": value["status"]})


def _status(status: Object) -> Row:
    account, number, parent = _object(status.get("account")), status.get("id"), status.get("in_reply_to_id")
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
    beside = {"tweets", "users"} & _object(value.get("includes")).keys()
    return bool(posts) and all({"id", "text"} <= one.keys() for one in posts) and bool(beside or told & posts[0].keys())


def _posts_on_x(value: Object) -> list[dict[str, Any]]:
    data = value.get("data")
    return [data] if isinstance(data, dict) else _objects(data)


def _from_x(value: Object) -> Iterator[Row]:
    people = _by_id(_object(value.get("includes")).get("users"))
    for post in _posts_on_x(value):
        number, thread = post.get("id"), post.get("conversation_id")
        by = people.get(str(post.get("author_id")), {})
        name = by.get("username")
        referred = {one.get("type"): one.get("id") for one in _objects(post.get("referenced_tweets"))}
        metrics = _object(post.get("public_metrics"))
        counts = [metrics[one] for one in metrics if one != "impression_count" and isinstance(metrics[one], int)]
        versions = post.get("edit_history_tweet_ids")
        yield {
            "native_id": versions[0] if isinstance(versions, list) and versions else number,
            "kind": "comment" if "replied_to" in referred else "post",
            "text": _object(post.get("note_tweet")).get("text") or post.get("text"),
            "author": name or post.get("author_id"),
            "author_url": f"{X}/{name}" if name else None,
            "url": f"{X}/{name or 'i/web'}/status/{number}",
            "reach": _object(by.get("public_metrics")).get("followers_count"),
            "engagement": sum(counts) if counts else None,
            "language": post.get("lang"),
            "thread_id": thread if thread != number else None,
            "parent_id": referred.get("replied_to"),
            "published_at": post.get("created_at"),
        }


def _left_by_x(value: Object) -> Left:
    yield (
        "posts in “includes.tweets”, to which those of “data” refer",
        len(_objects(_object(value.get("includes")).get("tweets"))),
    )


# --- YouTube


def _is_from_youtube(value: Object) -> bool:
    items = _objects(value.get("items"))
    return bool(items) and all(_top_comment(one) is not None for one in items)


def _top_comment(item: Object) -> Mapping[str, Any] | None:
    """The comment that an item of a list is, or begins a thread with."""
    snippet = _object(item.get("snippet"))
    top = snippet.get("topLevelComment")
    if isinstance(top, dict):
        return top
    return item if {"textDisplay", "textOriginal"} & snippet.keys() else None


def _from_youtube(value: Object) -> Iterator[Row]:
    """The comments, each followed by the answers to it."""
    for item in _objects(value["items"]):
        top, thread = _top_comment(item) or {}, _object(item.get("snippet"))
        yield _comment(top, thread.get("videoId"), None)
        for answer in _objects(_object(item.get("replies")).get("comments")):
            yield _comment(answer, thread.get("videoId"), top.get("id"))


def _comment(comment: Object, video: object, parent: object) -> Row:
    number, told = comment.get("id"), _object(comment.get("snippet"))
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
    for item in _objects(value["items"]):
        count = _object(item.get("snippet")).get("totalReplyCount")
        given = _objects(_object(item.get("replies")).get("comments"))
        missing += max(0, count - len(given)) if isinstance(count, int) else 0
    yield "answers that the file counts and does not hold", missing


# --- Reddit


def _is_listing(value: Object) -> bool:
    return "children" in _object(value.get("data")) and value.get("kind", "Listing") == "Listing"


def _is_thing(value: Object) -> bool:
    return value.get("kind") in ("t1", "t3") and "created_utc" in _object(value.get("data"))


def _things(listing: object) -> Iterator[Mapping[str, Any]]:
    """All that a listing holds, each followed by the answers to it."""
    waiting = list(reversed(_objects(_object(_object(listing).get("data")).get("children"))))
    while waiting:
        thing = waiting.pop()
        yield thing
        answers = _object(_object(_object(thing.get("data")).get("replies")).get("data")).get("children")
        waiting.extend(reversed(_objects(answers)))


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
    more = [_object(one.get("data")) for one in _things(value) if one.get("kind") == "more"]
    yield (
        "comments that Reddit counts and did not give along",
        sum(count for one in more if isinstance(count := one.get("count"), int)),
    )


# --- Zendesk


def _is_from_zendesk(value: Object) -> bool:
    first = next(iter(_tickets(value)), {})
    said = {"subject", "description", "comments"} & first.keys()
    return {"requester_id", "created_at"} <= first.keys() and bool(said)


def _tickets(value: Object) -> list[dict[str, Any]]:
    one = value.get("ticket")
    return [one] if isinstance(one, dict) else _objects(value.get("tickets"))


def _from_zendesk(value: Object) -> Iterator[Row]:
    """Each ticket, followed by what was said in it: what our own people said is the brand's, notes are left out."""
    people, tickets = _by_id(value.get("users")), _tickets(value)
    for ticket in tickets:
        number, asked_by = ticket.get("id"), ticket.get("requester_id")
        comments = _comments(value, ticket)
        text = ticket.get("description") or (comments[0].get("body") if comments else None)
        yield {
            "native_id": number,
            "kind": "post",
            "title": ticket.get("subject"),
            "text": text,
            "author": people.get(str(asked_by), {}).get("name"),
            "url": _page_of_ticket(ticket.get("url")),
            "published_at": ticket.get("created_at"),
        }
        for comment in comments[1 if comments and _is_first(comments[0], text) else 0 :]:
            if _is_public(comment):
                yield _said_in(comment, number, asked_by, people)


def _comments(value: Object, ticket: Object) -> list[dict[str, Any]]:
    """The comments of a ticket: those within it; else those beside all tickets with its id, or beside it alone."""
    number = ticket.get("id")
    unsaid = number if len(_tickets(value)) == 1 else None
    beside = [one for one in _objects(value.get("comments")) if one.get("ticket_id", unsaid) == number]
    return _objects(ticket.get("comments")) or beside


def _is_first(comment: Object, text: object) -> bool:
    """Whether a comment is the ticket's own text once more."""
    return str(comment.get("body") or "").split() == str(text or "").split()


def _is_public(comment: Object) -> bool:
    return comment.get("public", True) is not False


def _said_in(comment: Object, ticket: object, asked_by: object, people: Mapping[str, Object]) -> Row:
    by = comment.get("author_id")
    role = people.get(str(by), {}).get("role")
    return {
        "native_id": f"{ticket}/{comment.get('id')}",
        "kind": "comment",
        "title": None,
        "text": comment.get("plain_body") or comment.get("body"),
        "author": people.get(str(by), {}).get("name"),
        "published_at": comment.get("created_at"),
        "thread_id": ticket,
        "parent_id": ticket,
        "is_from_brand": role in TEAM if role else by != asked_by,
    }


def _page_of_ticket(address: object) -> str | None:
    """The page of a ticket, from the address that its interface names."""
    found = addresses.split(str(address or ""))
    number = found.path.rpartition("/")[2].removesuffix(".json")
    return f"https://{found.hostname}/agent/tickets/{number}" if found.hostname and number.isdecimal() else None


def _left_by_zendesk(value: Object) -> Left:
    read = [comment for ticket in _tickets(value) for comment in _comments(value, ticket)]
    yield "internal notes, which are no mentions", sum(not _is_public(one) for one in read)
    yield "comments that name no ticket of the file", max(0, len(_objects(value.get("comments"))) - len(read))


def _shape(name: str, source: str, how: str) -> Shape:
    return Shape(name, source, columns={**SAME, "is_from_brand": "is_from_brand"}, how=how)


MASTODON, ON_REDDIT = ("posts on Mastodon", "mastodon"), ("a listing of Reddit", "reddit")
RESPONSES = (
    Nest((), _thread_on_mastodon, _shape(*MASTODON, "“ancestors” with “descendants” beside it"), when=_is_context),
    Nest(
        ("status{}", "context{}"),
        _thread_in_two_parts,
        _shape(*MASTODON, "“status” with “context” beside it"),
        when=lambda value: _is_status(value["status"]) and {"ancestors", "descendants"} <= value["context"].keys(),
    ),
    Nest(
        ("statuses[]",),
        _statuses,
        _shape(*MASTODON, "“statuses” with “account” in them"),
        when=lambda value: any(map(_is_status, value["statuses"])),
    ),
    Nest(
        (),
        lambda value: [_status(value)],
        _shape(*MASTODON, "“account” with “content” beside it"),
        alone=True,
        when=_is_status,
    ),
    Nest(
        (), _from_x, _shape("posts of X's interface", "x", "“data” with posts in it"), when=_is_from_x, left=_left_by_x
    ),
    Nest(
        ("items[]",),
        _from_youtube,
        _shape("comments on YouTube", "youtube", "“items” with “snippet” in them"),
        when=_is_from_youtube,
        left=_left_by_youtube,
    ),
    Nest((), _listing, _shape(*ON_REDDIT, "“children” in “data”"), when=_is_listing, left=_left_by_reddit),
    Nest(
        (),
        lambda value: [_thing(value)],
        _shape(*ON_REDDIT, "“kind” with “data” beside it"),
        alone=True,
        when=_is_thing,
    ),
    Nest(
        (),
        _from_zendesk,
        _shape("tickets of Zendesk", "zendesk", "“requester_id” in its tickets"),
        when=_is_from_zendesk,
        left=_left_by_zendesk,
    ),
)
