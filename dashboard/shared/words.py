"""How times, sources and labels are written for people, and how lists that people typed are read; no widgets."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from listeners import addresses

SOURCES = {
    "amazon": "Amazon",
    "app_store": "App Store",
    "bluesky": "Bluesky",
    "capterra": "Capterra",
    "g2": "G2",
    "getapp": "GetApp",
    "google_business": "Google Business",
    "google_play": "Google Play",
    "hackernews": "Hacker News",
    "import": "Import",
    "indeed": "Indeed",
    "mastodon": "Mastodon",
    "product_page": "Product page",
    "quora": "Quora",
    "reddit": "Reddit",
    "reddit_feed": "Reddit feed",
    "rss": "RSS",
    "sample": "Sample",
    "software_advice": "Software Advice",
    "stackexchange": "Stack Exchange",
    "threads": "Threads",
    "tripadvisor": "Tripadvisor",
    "trustpilot": "Trustpilot",
    "trustradius": "TrustRadius",
    "twitter": "X",
    "x": "X",
    "yelp": "Yelp",
    "youtube": "YouTube",
}


def source(name: str) -> str:
    """The name that people call a source by."""
    return SOURCES.get(name, name.replace("_", " ").capitalize())


def span(length: timedelta) -> str:
    """A length of time in its largest unit: "4 min", "3 h", "12 d", "5 mo", "2 y"."""
    minutes = max(0, int(length.total_seconds() // 60))
    for unit, size in (("y", 525_600), ("mo", 43_800), ("d", 1_440), ("h", 60)):
        if minutes >= size:
            return f"{minutes // size} {unit}"
    return f"{minutes} min"


def ago(instant: datetime, now: datetime) -> str:
    """How long ago an instant was, or in how long it comes: "3 h ago", "in 2 d", "just now"."""
    if abs(instant - now) < timedelta(minutes=1):
        return "just now"
    return f"in {span(instant - now)}" if instant > now else f"{span(now - instant)} ago"


def stars(rating: float | None) -> str:
    """ "★★☆☆☆" for 2 stars; "" for None."""
    if rating is None:
        return ""
    full = round(min(max(0.0, rating), 5.0))  # in this order a NaN is none
    return "★" * full + "☆" * (5 - full)


def link(address: str | None) -> str | None:
    """A stranger's address where a browser can open it: http or https, and a host; else None."""
    told = (address or "").strip()
    return told if addresses.is_page(told) else None


def plain(text: str) -> str:
    """Escape text for a label that reads Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>()#+.!|~$:&-])", r"\\\1", shown(text))


def shown(text: str) -> str:
    """Strangers' text with control and direction characters made visible, as \\u202e."""
    return _DISTURBING.sub(lambda hit: f"\\u{ord(hit[0]):04x}", text)


_DISTURBING = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\u200e\\u200f]")


def phrases(said: str) -> tuple[str, ...]:
    """The words and phrases of a field, each once; one in double quotes may hold a comma."""
    cells = [cell for line in said.splitlines() for cell in next(csv.reader([line], skipinitialspace=True), [])]
    return tuple(dict.fromkeys(phrase for cell in cells if (phrase := " ".join(cell.split()))))


def entries(typed: str) -> list[str]:
    """The entries of a list as it was typed, each once: one a line, or with commas between. A line that says what an
    entry is about ("ID = Acme, Inc") or holds an address is one entry, whatever commas it has; so is one in quotes."""
    found = [entry for line in typed.splitlines() for entry in ([line] if _is_one(line) else phrases(line))]
    return list(dict.fromkeys(cleaned for entry in found if (cleaned := " ".join(entry.split()))))


def _is_one(line: str) -> bool:
    marks = (line.count(" = "), line.count("://"))
    return max(marks) == 1 and not line.lstrip().startswith('"')


def as_lines(listed: Iterable[object]) -> str:
    """The entries of a list as its field shows them, so that `entries` reads the same out of it."""
    told = [str(entry) for entry in listed]
    return "\n".join(one if entries(one) == [one] else '"' + one.replace('"', '""') + '"' for one in told)


def unwritable(path: Path, trouble: OSError) -> str:
    """What to say when a file could not be written."""
    return f"{path} could not be written ({trouble.strerror}); nothing was changed."
