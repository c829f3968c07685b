"""How instants, spans, sources and labels are said to people; plain functions, no widgets."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

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
    """A source as people call it."""
    return SOURCES.get(name, name.replace("_", " ").capitalize())


def span(length: timedelta) -> str:
    """A length of time in its largest unit: "4 min", "3 h", "12 d", "5 mo", "2 y"."""
    minutes = max(0, int(length.total_seconds() // 60))
    for unit, size in (("y", 525_600), ("mo", 43_800), ("d", 1_440), ("h", 60)):
        if minutes >= size:
            return f"{minutes // size} {unit}"
    return f"{minutes} min"


def ago(instant: datetime, now: datetime) -> str:
    """How long since an instant, or until it when it lies ahead."""
    if abs(instant - now) < timedelta(minutes=1):
        return "just now"
    return f"in {span(instant - now)}" if instant > now else f"{span(now - instant)} ago"


def stars(rating: float | None) -> str:
    """ "★★☆☆☆ 2 stars" in short; nothing where there are none."""
    if rating is None:
        return ""
    full = round(rating)
    return "★" * full + "☆" * (5 - full)


def plain(text: str) -> str:
    """Text for a label that would read Markdown: every mark that could mean something is set apart."""
    return re.sub(r"([\\`*_{}\[\]<>()#+.!|~$:&-])", r"\\\1", shown(text))


def shown(text: str) -> str:
    """Strangers' text without what could disturb the screen: control and direction characters are made visible."""
    return _DISTURBING.sub(lambda hit: f"\\u{ord(hit[0]):04x}", text)


_DISTURBING = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\u200e\\u200f]")
