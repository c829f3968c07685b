"""Removes from a mention what is not its author's own: quoted lines, and the signature."""

from __future__ import annotations

import re

_INTRODUCED = re.compile(
    r"^[ \t]*(?:on\b.{1,200}\bwrote|-{2,}\s*original message\s*-{2,}|_{5,}|from:[ \t].{1,200})[ \t]*:?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNED = re.compile(r"^(?:--[ \t]*|sent from my \w.{0,60}|get outlook for .{0,40})$", re.IGNORECASE | re.MULTILINE)
_LONGEST_SIGNATURE = 8  # lines; what is longer is a text of its own


def own_words(text: str) -> str:
    """`text` without quoted lines (">"), without what follows "On ... wrote:", and without the signature. A text that
    is nothing else is returned whole."""
    if "\n" not in text and not text.lstrip().startswith(">"):
        return text
    said = text
    if introduced := _INTRODUCED.search(said):
        said = said[: introduced.start()]
    if ">" in said:
        said = "\n".join(line for line in said.split("\n") if not line.lstrip().startswith(">"))
    if signed := _SIGNED.search(said, _last_lines(said)):
        said = said[: signed.start()]
    return said if said.strip() else text


def _last_lines(text: str) -> int:
    """The index at which the last lines begin that a signature may take up: its first line and _LONGEST_SIGNATURE."""
    at = len(text)
    for _ in range(_LONGEST_SIGNATURE + 1):
        at = text.rfind("\n", 0, at)
        if at < 0:
            return 0
    return at + 1
