"""Undoes what exports leave of HTML in plain texts: entities, line breaks, paragraphs and emphasis."""

from __future__ import annotations

import re

from data.folding import unescaped

_BREAK = re.compile(r"<[ \t]{0,3}/?[ \t]{0,3}br\b[^<>]*>(?:[ \t]{0,9}\r?\n)?", re.IGNORECASE)
_BLOCKS = frozenset(("p", "div", "li", "ul", "ol", "blockquote"))
_TAG = re.compile(r"<(/?)(p|div|li|ul|ol|blockquote|a|b|i|u|em|strong|span|font)(?:\s[^<>]*)?>", re.IGNORECASE)
_LINES = re.compile(r"\n{3,}")


def written(text: str) -> str:
    """A text as its author wrote it. Entities become characters, `<br>` and the ends of paragraphs line breaks; other
    tags go where they are opened and closed. All else stays: "AT&T", "<3", "a < b"."""
    is_marked = "<" in text and ">" in text
    said = _BREAK.sub("\n", _without_tags(text)) if is_marked else text
    if "&" in said:
        said = unescaped(said)
        said = _BREAK.sub("\n", said) if "<" in said else said  # a break that was escaped with the text around it
    return said if said == text else said.strip()


def _without_tags(text: str) -> str:
    """The text without the tags that are both opened and closed in it."""
    tags = {(slash, name.lower()) for slash, name in _TAG.findall(text)}
    paired = {name for slash, name in tags if slash and ("", name) in tags}
    if not paired:
        return text
    return _LINES.sub("\n\n", _TAG.sub(lambda tag: _instead(tag[0], tag[2].lower(), paired), text))


def _instead(tag: str, name: str, paired: set[str]) -> str:
    if name not in paired:
        return tag
    return "\n" if name in _BLOCKS else ""
