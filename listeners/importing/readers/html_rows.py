"""Reads a saved page as rows: by a known site's own structure, else by its schema.org markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree, html

from data.models import HearbackError
from listeners import addresses, border
from listeners.formats import review_markup, schema_org
from listeners.formats.times import Order, UnreadableTime, instant
from listeners.importing.mapping.chunks import SHOWN, Broken, WholeTable, whole_table
from listeners.importing.mapping.nests import SAME
from listeners.importing.mapping.shapes import Shape
from listeners.importing.readers.html_sites import HOSTS, SITES, Site

LARGEST_PAGE = 20_000_000  # bytes
MOST_BLOCKS = 5_000
NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # marks a review without a time
NUMBER = re.compile(r"\d+(?:\.\d+)?")
AROUND_A_DATE = re.compile(r"^(?:Reviewed|Written|Published|Posted|Updated)\b|[|\s\u00a0]+")
LINKS = ("url", "author_url")
Row = dict[str, object]


def open_page(path: Path, name: str, encoding: str) -> WholeTable:
    """The reviews of a saved page. HearbackError when it is too large or no review is found in it."""
    if path.stat().st_size > LARGEST_PAGE:
        raise HearbackError(f"{name} is larger than {LARGEST_PAGE // 1_000_000} MB, too large for a saved page.")
    content = path.read_bytes()
    if encoding.startswith(("utf-16", "utf-32")):  # the parser knows of no mark
        content, encoding = content.decode(encoding, "replace").encode(), "utf-8"
    tree = _tree(content, encoding)
    for site in SITES if tree is not None else ():
        if blocks := tree.xpath(site.block)[:MOST_BLOCKS]:
            shape = Shape(site.name, site.source, columns=SAME, how="how the site builds its pages")
            return whole_table("a saved page", shape, [_row(block, site) for block in blocks])
    return _marked_up(content, tree, name, encoding)


def _tree(content: bytes, encoding: str) -> Any:
    try:
        return html.document_fromstring(content, parser=html.HTMLParser(encoding=encoding, remove_comments=True))
    except (etree.ParserError, ValueError):
        return None


def _row(block: Any, site: Site) -> Row:
    row: Row = {field: _told(block.xpath(path)) for field, path in site.facts.items()}
    if isinstance(title := row.get("title"), str):
        row["title"] = title.strip('"') or None
    row["text"] = _with_parts(row.get("text"), block, site)
    row["kind"] = site.kind
    row["rating"] = _stars(row.get("rating"), site.best)
    row["published_at"] = _time(row.get("published_at"), site.order)
    row |= {field: _joined(site.host, str(row[field])) for field in LINKS if row.get(field)}
    return row


def _joined(host: str, link: str) -> str | None:
    return addresses.joined(host, link)


def _told(found: Any) -> str | None:
    """The first result of an XPath that is not blank, as plain text."""
    for one in [found] if isinstance(found, str) else found:
        said = (
            str(one).strip()
            if isinstance(one, str)
            else border.plain(html.tostring(one, encoding="unicode", with_tail=False))
        )
        if said.strip("|\u00a0 \n"):
            return said
    return None


def _with_parts(text: object, block: Any, site: Site) -> str | None:
    pieces = [str(text)] if text else []
    pieces += [f"{heading}: {said}" for heading, path in site.parts.items() if (said := _told(block.xpath(path)))]
    return "\n\n".join(pieces) or None


def _stars(said: object, best: int) -> float | None:
    """A score out of `best` as stars out of five."""
    number = NUMBER.search(str(said or ""))
    return max(1.0, float(number[0]) * 5 / best) if number and float(number[0]) > 0 else None


def _time(said: object, order: Order) -> str | None:
    bare = AROUND_A_DATE.sub(" ", str(said or "")).strip()
    if order is Order.SAID_BY_NONE:
        return bare or None
    try:
        return instant(bare, order)[0].replace(tzinfo=None).isoformat()
    except UnreadableTime:
        return bare or None


def _marked_up(content: bytes, tree: Any, name: str, encoding: str) -> WholeTable:
    address = _address(tree)
    found = schema_org.read(content, address, encoding)
    if not (found.reviews or found.broken):
        raise HearbackError(
            f"{name} is a web page in which no review could be told: it has no schema.org markup, and its site is not "
            "one of those whose pages are known. Take an export of the site instead, or a CSV file."
        )
    host = address.split("/")[2] if address.count("/") > 1 else ""
    source = next((HOSTS[part] for part in host.split(".") if part in HOSTS), review_markup.SOURCE)
    broken = [Broken(0, why, block[:SHOWN]) for why, block in found.broken]
    shape = Shape("reviews of a web page", source, columns=SAME, how="its schema.org markup")
    return whole_table("a saved page", shape, [*reversed(list(_reviews(reversed(found.reviews), address))), *broken])


def _address(tree: Any) -> str:
    """The page's canonical address; "" when it names none."""
    paths = ('//link[@rel="canonical"]/@href', '//meta[@property="og:url"]/@content')
    said: Iterable[str] = (one for path in paths for one in (tree.xpath(path) if tree is not None else ()))
    return next((str(one) for one in said if str(one).startswith(("https://", "http://"))), "")


def _reviews(reviews: Iterable[schema_org.Reviewed], address: str) -> Iterable[Row | Broken]:
    """The reviews as rows, from the last on, as the product page source reads them, so that ids agree."""
    seen: set[str] = set()
    for line, reviewed in enumerate(reviews, start=1):
        try:
            mention = review_markup.to_mention(reviewed, address, NEVER)
        except border.Unreadable as why:
            yield Broken(line, str(why), str(dict(reviewed.review))[:SHOWN])
            continue
        own = mention.id.partition(":")[2]
        if own in seen:  # somebody of that name said something else on that day
            own = f"{own}-{border.fingerprint(mention.title, mention.text)}"
        seen.add(own)
        yield {
            "native_id": own,
            "title": mention.title,
            "text": mention.text,
            "author": mention.author,
            "url": mention.url or None,
            "rating": mention.rating,
            "language": mention.language,
            "brand": reviewed.of,
            "kind": "review",
            "published_at": None if mention.published_at == NEVER else mention.published_at,
        }
