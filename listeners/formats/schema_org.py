"""Reads the schema.org reviews of a page: JSON-LD, microdata and RDFa become the same plain objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from listeners.formats import html_attributes
from listeners.formats.html_attributes import DEEPEST

MOST_REVIEWS = 5_000  # of one page

Thing = Mapping[str, Any]  # {"@type": "Review", "reviewBody": ...}


@dataclass
class Reviewed:
    """One review. `of`: the name of the reviewed product or place; None where the page does not say."""

    review: Thing
    of: str | None = None


@dataclass
class Markup:
    """The reviews of one page. `stated`: how many the page claims to have; `broken`: unreadable blocks; `is_cut`: the
    page holds more than MOST_REVIEWS, and only the first were read."""

    reviews: list[Reviewed] = field(default_factory=list)
    stated: int | None = None
    broken: list[tuple[str, str]] = field(default_factory=list)  # (why, the block)
    is_cut: bool = False

    @property
    def lists_all(self) -> bool:
        """Whether the page shows as many reviews as it claims to have."""
        return not self.is_cut and self.stated is not None and self.stated <= len(self.reviews)


def read(page: bytes, address: str, encoding: str | None = None) -> Markup:
    """The reviews of a page at `address`. Linear in the page's length."""
    from lxml import etree, html  # a parser of this size is loaded when there is a page to read

    markup = Markup()
    parser = html.HTMLParser(encoding=encoding or "utf-8", remove_comments=True)
    try:
        tree = html.document_fromstring(page, parser=parser, base_url=address)
    except etree.ParserError:  # an empty page
        return markup
    roots = [*_written(tree, markup), *html_attributes.things(tree, address)]
    by_id = {thing["@id"]: thing for root in roots for thing in _things(root) if _is_whole(thing)}
    for root in roots:
        _collect(root, None, by_id, markup, 0)
    markup.reviews = _each_once(markup.reviews)
    return markup


def is_a(thing: object, kind: str) -> bool:
    """Whether a thing is of a kind, however its type is written: "Review", "schema:Review",
    "https://schema.org/Review"."""
    if not isinstance(thing, dict):
        return False
    types = thing.get("@type")
    return any(
        isinstance(one, str) and re.split(r"[/#:]", one)[-1] == kind
        for one in (types if isinstance(types, list) else [types])
    )


def text_of(value: object) -> str | None:
    """A value as text: the first item of a list, the name of a thing; None when there is none."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("@value", value.get("name"))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}"
    return value.strip() or None if isinstance(value, str) else None


def _written(tree: Any, markup: Markup) -> Iterator[Any]:
    """The page's JSON-LD blocks. Comments or CDATA around a block and bare line breaks inside it are accepted."""
    for block in tree.xpath('//script[contains(@type, "ld+json")]'):
        said = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[)|(?:-->|//\s*\]\]>)\s*$", "", block.text_content()).strip()
        if not said:
            continue
        try:
            yield json.loads(said.rstrip(";"), strict=False)
        except (ValueError, RecursionError) as trouble:
            markup.broken.append((f"its JSON-LD cannot be read: {trouble}", said))


def _things(root: Any) -> Iterator[dict[str, Any]]:
    """Every object in a value. Not recursive, because pages may nest without limit."""
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _is_whole(thing: Thing) -> bool:
    return isinstance(thing.get("@id"), str) and len(thing) > 1


def _collect(value: Any, of: str | None, by_id: Mapping[str, Thing], markup: Markup, depth: int) -> None:
    if depth > DEEPEST or markup.is_cut:
        return
    if isinstance(value, list):
        for one in value:
            _collect(one, of, by_id, markup, depth + 1)
    elif isinstance(value, dict):
        if is_a(value, "Review") and _says_something(value):
            if len(markup.reviews) >= MOST_REVIEWS:
                markup.is_cut = True
                return
            said_of = text_of(_whole(value.get("itemReviewed"), by_id))
            markup.reviews.append(Reviewed({**value, "author": _whole(value.get("author"), by_id)}, said_of or of))
            return
        if is_a(value, "AggregateRating"):
            markup.stated = max(markup.stated or 0, _count(value.get("reviewCount", value.get("ratingCount"))))
        name = text_of(value.get("name")) or of
        for key, one in value.items():
            if not key.startswith("@") or key == "@graph":
                _collect(one, name, by_id, markup, depth + 1)


def _whole(value: Any, by_id: Mapping[str, Thing]) -> Any:
    """Replace a reference, {"@id": ...}, by the thing elsewhere on the page."""
    one = value[0] if isinstance(value, list) and value else value
    if isinstance(one, dict) and set(one) == {"@id"}:
        return by_id.get(one["@id"])
    return one


def _says_something(review: Thing) -> bool:
    return any(review.get(key) for key in ("reviewBody", "description", "text", "reviewRating", "name"))


def _count(value: object) -> int:
    digits = re.sub(r"[^\d]", "", text_of(value) or "")
    return int(digits) if 0 < len(digits) < 12 else 0


def _each_once(reviews: list[Reviewed]) -> list[Reviewed]:
    """Drop repeated reviews: pages hold the same one in JSON-LD and in microdata, or in two blocks."""
    once: dict[tuple[str | None, ...], Reviewed] = {}
    for one in reviews:
        body = next((text_of(one.review.get(key)) for key in ("reviewBody", "description", "text") if key), None)
        shape = " ".join((body or "").split())[:200]
        once.setdefault((shape or None, text_of(one.review.get("author")), text_of(one.review.get("name"))), one)
    return list(once.values())
