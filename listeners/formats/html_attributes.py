"""Reads schema.org in HTML attributes: microdata and RDFa Lite become objects like those of JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from listeners import addresses

DEEPEST = 60  # objects inside objects; deeper nesting is hostile
OURS = re.compile(r"https?://(www\.)?schema\.org(/|$)", re.IGNORECASE)

Thing = Mapping[str, Any]  # {"@type": ["Review"], "reviewBody": [...]}
Names = Callable[[Any, str], list[str]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """The attributes in which microdata, or RDFa, mark a thing, its type and its properties."""

    thing: str  # the attribute that marks a thing
    kind: str  # the attribute with its types
    property: str
    names: Names  # reads schema.org's names from an attribute, without prefixes


def things(tree: Any, address: str) -> Iterator[Thing]:
    """The outermost things of a page in either dialect. Linear in the page's length."""
    by_id = {element.get("id"): element for element in tree.xpath("//*[@id]")}
    for dialect in (MICRODATA, RDFA):
        for element in tree.xpath(f"//*[@{dialect.thing} and not(@{dialect.property})]"):
            yield _Reader(dialect, by_id, address).thing(element, 0)


@dataclass(frozen=True, slots=True)
class _Reader:
    dialect: Dialect
    by_id: Mapping[str, Any]
    address: str

    def thing(self, element: Any, depth: int) -> dict[str, Any]:
        thing: dict[str, Any] = {"@type": self.dialect.names(element, self.dialect.kind)}
        if element.get("resource") is not None and self.dialect is RDFA:
            thing["@id"] = _joined(self.address, element.get("resource"))
        if depth > DEEPEST:
            return thing
        referred = [self.by_id[name] for name in (element.get("itemref") or "").split() if name in self.by_id]
        for root in (element, *referred):
            for owned in self._owned(root, include_itself=root is not element):
                value = self.thing(owned, depth + 1) if self._is_thing(owned) else self._value(owned)
                for name in self.dialect.names(owned, self.dialect.property):
                    thing.setdefault(name, []).append(value)
        return thing

    def _is_thing(self, element: Any) -> bool:
        return element.get(self.dialect.thing) is not None

    def _owned(self, root: Any, *, include_itself: bool) -> Iterator[Any]:
        """The elements that hold a property of this thing, without those of nested things."""
        waiting = [root] if include_itself else list(reversed(root))
        while waiting:
            element = waiting.pop()
            if not isinstance(element.tag, str):
                continue
            if element.get(self.dialect.property):
                yield element
            if not self._is_thing(element):
                waiting.extend(reversed(element))

    def _value(self, element: Any) -> str | dict[str, str]:
        if element.get("content") is not None:
            return str(element.get("content"))
        if self.dialect is RDFA and element.get("resource") is not None:  # a thing that stands elsewhere
            return {"@id": _joined(self.address, element.get("resource"))}
        if element.tag in ("a", "link", "area"):
            return _joined(self.address, element.get("href") or "")
        if element.get("datetime") and (element.tag == "time" or self.dialect is RDFA):
            return str(element.get("datetime"))
        if element.tag in ("data", "meter") and element.get("value") is not None:
            return str(element.get("value"))
        return str(element.text_content()).strip()


def _as_written(element: Any, attribute: str) -> list[str]:
    return (element.get(attribute) or "").split()


def _ours(element: Any, attribute: str) -> list[str]:
    """The names in an RDFa attribute that belong to schema.org, without their prefix; others, as "og:title", are left
    out."""
    bare = (_bare(element, name) for name in _as_written(element, attribute))
    return [name for name in bare if name]


def _bare(element: Any, name: str) -> str | None:
    before, colon, own = name.partition(":")
    if not colon:
        return name if OURS.match(_nearest(element, "vocab") or "") else None
    if own.startswith("//"):
        return name.rpartition("/")[2] if OURS.match(name) else None
    return own if before.lower() == "schema" or _stands_for_ours(element, before) else None


def _stands_for_ours(element: Any, prefix: str) -> bool:
    """Whether a prefix that the page declares is schema.org's: prefix="s: https://schema.org/"."""
    declared = (_nearest(element, "prefix", f"{prefix}:") or "").split()
    pairs = zip(declared[::2], declared[1::2], strict=False)
    return any(name[:-1] == prefix and OURS.match(address) for name, address in pairs)


def _nearest(element: Any, attribute: str, holding: str = "") -> str | None:
    """The attribute of the element itself or of the nearest one around it; the parser nests 256 deep at most."""
    around = element
    while around is not None:
        said = around.get(attribute)
        if said is not None and holding in said:
            return str(said)
        around = around.getparent()
    return None


def _joined(address: str, link: str) -> str:
    return addresses.joined(address, link) or ""


MICRODATA = Dialect("itemscope", "itemtype", "itemprop", _as_written)
RDFA = Dialect("typeof", "typeof", "property", _ours)
