"""Strangers' addresses: takes them apart and makes them whole; what is no address is told apart, and stops nobody."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urljoin, urlsplit

NONE = SplitResult("", "", "", "", "")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")


def split(url: str) -> SplitResult:
    """The parts of an address; all are empty where it is none: a bracket that is never closed, a host or a port that is
    none."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return NONE
    return parts


def joined(base: str, link: str) -> str | None:
    """A link with what it lacks of the address of the page that it stands on; None where it is none."""
    try:
        return urljoin(base, link)
    except ValueError:
        return None


def is_page(url: str) -> bool:
    """Whether a browser can open it: http or https, a host, and no blank within."""
    parts = split(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not _BLANK.search(url)
