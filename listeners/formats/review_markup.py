"""The border of schema.org markup: a review in a page becomes a mention."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from data.models import Mention
from listeners import border
from listeners.formats import times
from listeners.formats.schema_org import Reviewed, text_of

SOURCE = "product_page"
BODY = ("reviewBody", "description", "text")


def to_mention(reviewed: Reviewed, page: str, seen_at: datetime) -> Mention:
    """One review as a mention. `seen_at`: when we first saw it, its time where it has no date of its own.

    Unreadable when it has neither text, title nor stars.
    """
    review = reviewed.review
    body = next((said for key in BODY if (said := text_of(review.get(key)))), "")
    title = border.plain(text_of(review.get("name")) or text_of(review.get("headline")) or "") or None
    text, rating = border.plain(body) if "<" in body or "&" in body else border.words(body), _stars(review)
    if not (text or title or rating):
        raise border.Unreadable("it says nothing, not even in stars")
    author, said_at = text_of(review.get("author")), text_of(review.get("datePublished") or review.get("dateCreated"))
    return Mention(
        id=f"{SOURCE}:{border.fingerprint(page, *_identity(review, author, said_at, text))}",
        source=SOURCE,
        kind="review",
        title=title,
        text=text,
        author=border.name(border.plain(author)) if author else None,
        url=_own_address(review) or page,
        rating=rating,
        language=_language(review),
        thread_id=reviewed.of,
        published_at=_published_at(said_at, seen_at),
    )


def _identity(review: Mapping[str, Any], author: str | None, said_at: str | None, text: str) -> tuple[object, ...]:
    """What identifies a review after an edit: its own id, else its author and date; without those, its text."""
    own = text_of(review.get("@id")) or text_of(review.get("url"))
    if own:
        return (own,)
    return (author, said_at) if author and said_at else (author, said_at, text)


def _own_address(review: Mapping[str, Any]) -> str | None:
    url = text_of(review.get("url"))
    return url if url and url.casefold().startswith(("http://", "https://")) else None


def _stars(review: Mapping[str, Any]) -> float | None:
    """The rating converted from the page's scale to 1 to 5; None when there is no usable one."""
    given = review.get("reviewRating")
    given = given[0] if isinstance(given, list) and given else given
    if not isinstance(given, dict):
        return None
    value, best = _number(given.get("ratingValue")), _number(given.get("bestRating")) or 5.0
    worst = _number(given.get("worstRating"))
    if worst is None or (best == 5 and 0 <= worst < 1 <= (value or 0)):
        worst = 1.0  # on a scale of 0 to 5, 0 means "not rated"
    if value is None or not worst <= value <= best or worst >= best:
        return None
    return round(1.0 + 4.0 * (value - worst) / (best - worst), 2)


def _number(value: object) -> float | None:
    try:
        return float((text_of(value) or "").replace(",", ".").split("/")[0])
    except ValueError:
        return None


def _language(review: Mapping[str, Any]) -> str | None:
    said = (text_of(review.get("inLanguage")) or "")[:2].lower()
    return said if len(said) == 2 and said.isascii() and said.isalpha() else None


def _published_at(said_at: str | None, seen_at: datetime) -> datetime:
    if said_at is None:
        return seen_at
    try:
        moment, _ = times.instant(said_at)
    except times.UnreadableTime as why:
        raise border.Unreadable(str(why)) from None
    return seen_at if moment > seen_at + timedelta(days=1) else moment
