"""The border of X: a post becomes a mention or an answer. X names its fields after tweets in some responses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import unescape
from typing import Any

from data.models import Answer, Mention
from listeners import border

SOURCE = "x"
SITE = "https://x.com"
ADDRESSED = re.compile(r"(?:@\w{1,15}\s+)+", re.ASCII)
LANGUAGE = re.compile(r"[a-z]{2}(-\w+)?")
OLD_CODES = {"in": "id", "iw": "he"}  # X's own names for Indonesian and Hebrew
SNOWFLAKE = 1_288_834_974_657  # the epoch of X's ids, in milliseconds since 1970

Post = Mapping[str, Any]
Person = Mapping[str, Any]


def to_mention(post: Post, author: Person | None = None) -> Mention:
    """One post as a mention. `author`: X's object for its author. Unreadable when it has no id, text or time.

    An edited post has a new id for each version; the mention keeps the first, so that it stays one mention.
    """
    number = identity(post)
    first = next(iter(_versions(post)), number)
    written_at = moment(post.get("created_at"))
    thread, (parent, is_reply) = post.get("conversation_id"), _parent(post)
    author = author or {}
    name = border.name(author.get("username"))
    return Mention(
        id=f"{SOURCE}:{first}",  # "x:1276035977375477760"
        source=SOURCE,
        kind="comment" if is_reply else "post",
        text=text_of(post),
        author=name,
        author_url=f"{SITE}/{name}" if name else None,
        url=f"{SITE}/{name or 'i/web'}/status/{number}",
        reach=border.count(_metrics(author).get("followers_count")),
        engagement=_engagement(post),
        language=_language(post.get("lang")),
        thread_id=f"{SOURCE}:{thread}" if thread and str(thread) != number else None,
        parent_id=f"{SOURCE}:{parent}" if parent else None,
        published_at=written_at if first == number else _born_at(first),
        edited_at=None if first == number else written_at,
    )


def identity(post: object) -> str:
    """A post's own id. Unreadable when it has none."""
    number = post.get("id") if isinstance(post, dict) else None
    if not (isinstance(number, str) and number.isascii() and number.isdigit()):
        raise border.Unreadable("it has no id")
    return number


def latest(post: Post) -> str | None:
    """The id of an edited post's newest version; None when it was not edited."""
    versions = _versions(post)
    return versions[-1] if len(versions) > 1 else None


def _versions(post: Post) -> list[str]:
    versions = _either(post, "edit_history_tweet_ids", "edit_history_post_ids")
    return [str(one) for one in versions if str(one).isdigit()] if isinstance(versions, list) else []


def moment(said: object) -> datetime:
    """An instant in UTC from X's text, 2026-11-23T12:00:00.000Z. Unreadable when it is none."""
    try:
        told = datetime.fromisoformat(str(said))
    except ValueError:
        raise border.Unreadable(f"its time {str(said)[:40]!r} is none") from None
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)


def referenced(post: Post, kind: str) -> str | None:
    """The id of the post that this one answers ("replied_to"), quotes ("quoted") or repeats ("retweeted")."""
    for one in _either(post, "referenced_tweets", "referenced_posts") or ():
        if isinstance(one, dict) and one.get("type") == kind and one.get("id"):
            return str(one["id"])
    return None


def said_by_us(text: str) -> str:
    """A post's text without the handles that X puts before it."""
    opening = ADDRESSED.match(text)
    return text[opening.end() :] if opening else text


def _either(told: Mapping[str, Any], *names: str) -> Any:
    """The first of the named fields that has a value: X calls posts "tweet" in some responses and "post" in others."""
    return next((told[name] for name in names if told.get(name)), None)


def text_of(post: Post) -> str:
    long = _either(post, "note_tweet", "note_post")
    told = long.get("text") if isinstance(long, dict) else None
    text = border.words(told or post.get("text"))
    if not text.strip():
        raise border.Unreadable("it has no text")
    return unescape(text) if "&" in text else text


def _metrics(told: Mapping[str, Any]) -> Mapping[str, Any]:
    metrics = told.get("public_metrics")
    return metrics if isinstance(metrics, dict) else {}


def _engagement(post: Post) -> int | None:
    metrics = _metrics(post)
    counts = [metrics.get(f"{what}_count") for what in ("like", "reply", "quote")]
    counts.append(_either(metrics, "retweet_count", "repost_count"))
    known = [number for count in counts if (number := border.count(count)) is not None]
    return sum(known) if known else None


def _language(said: object) -> str | None:
    code = said[:2].lower() if isinstance(said, str) and LANGUAGE.fullmatch(said) else None
    return OLD_CODES.get(code, code) if code else None


def _parent(post: Post) -> tuple[str | None, bool]:
    answered = referenced(post, "replied_to")
    return answered or referenced(post, "quoted"), answered is not None


def _born_at(number: str) -> datetime:
    """The time of an id, which contains its millisecond."""
    return datetime.fromtimestamp(((int(number) >> 22) + SNOWFLAKE) / 1000, UTC)


def to_answer(post: Post, author: str | None) -> Answer | None:
    """A post of our own account as an answer; None when it answers nobody. Unreadable without text or time."""
    answered = referenced(post, "replied_to")
    if not answered:
        return None
    text = said_by_us(text_of(post))
    return Answer(f"{SOURCE}:{answered}", text, moment(post.get("created_at")), author)


def posts(answer: Mapping[str, Any]) -> list[Any]:
    """The posts of a response, also when it holds a single one instead of a list."""
    data = answer.get("data")
    return data if isinstance(data, list) else [data] if data else []


def people(answer: Mapping[str, Any]) -> dict[str, Person]:
    """The people in a response, by id."""
    included = answer.get("includes")
    users = included.get("users") if isinstance(included, dict) else None
    return {str(one["id"]): one for one in users or () if isinstance(one, dict) and one.get("id")}


def billed_posts(answer: Mapping[str, Any]) -> Iterator[str]:
    """The ids of all posts in a response, included ones too: each is billed."""
    included = answer.get("includes")
    beside = _either(included, "tweets", "posts") if isinstance(included, dict) else None
    for post in [*posts(answer), *(beside or ())]:
        if isinstance(post, dict) and post.get("id"):
            yield str(post["id"])


def next_token(answer: Mapping[str, Any]) -> str | None:
    """The token of the next page; None on the last one."""
    meta = answer.get("meta")
    token = meta.get("next_token") if isinstance(meta, dict) else None
    return token if isinstance(token, str) and token else None


def counted(answer: Mapping[str, Any]) -> int:
    """The total of a response to a count. Unreadable when it has none."""
    meta = answer.get("meta")
    total = _either(meta, "total_tweet_count", "total_post_count") if isinstance(meta, dict) else None
    number = border.count(total or 0)
    if not isinstance(meta, dict) or number is None:
        raise border.Unreadable("it is no count")
    return number
