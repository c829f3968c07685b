"""What a source is allowed to do and how it is set: read from the screen, checked, written into setup.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dashboard.components.brand_entry import Slips, phrases, unwritable
from dashboard.components.source_state import sentence
from data import setup
from data.models import HearbackError
from listeners import rss
from listeners.base import ListenerError, Options, Policy, Source

OFTENEST, SELDOMEST = 1.0, 7 * 24 * 60.0  # minutes; the file takes shorter ones, for those who know why
LONGEST_LOOK_BACK = 3_650.0  # days
LOOKS_BACK = {"hackernews", "reddit"}  # the sources whose first visit reaches back
SUBREDDIT = re.compile(r"\w{2,50}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """How a source is set, as the fields hold it. `days`: how far back its first visit looks."""

    minutes: float
    days: float | None = None
    subreddits: str = ""


def rules(policy: Policy) -> list[tuple[str, str]]:
    """What the platform allows, as title and sentence."""
    keeps = "What is read may be kept." if policy.keeps_text else "Nothing that is read may be kept."
    rows = [("Text", keeps), ("Deleted there", policy.deletions), ("Answers", policy.replies)]
    if policy.approval:
        rows.insert(0, ("Only with", f"{policy.approval}."))
    if not has_link(policy):
        rows.append(("Terms", sentence(policy.terms)))
    return [*rows, ("Rules checked", f"on {said_on(policy.checked_on)}")]


def has_link(policy: Policy) -> bool:
    """Whether the terms can be opened."""
    return policy.terms.startswith(("https://", "http://"))


def said_on(day: date) -> str:
    """A day in words: "22 November 2026"."""
    return f"{day.day} {day:%B %Y}"


def is_on(listener: Source, options: Options) -> bool:
    """Where a source's switch stands."""
    on = options.get("on")
    return on is True if listener.policy.approval else on is not False


def is_approved(options: Options) -> bool:
    """Whether somebody confirmed that the team holds the platform's approval."""
    return bool(options.get("approved"))


def approval(name: str, ticked: bool, today: date) -> str:
    """The confirmation for setup.toml: who, and when. HearbackError when it is none."""
    who = " ".join(name.split())
    if not ticked:
        raise HearbackError("Tick the box: it is you who says that the team holds this approval.")
    if not any(character.isalpha() for character in who):
        raise HearbackError("Say who confirms it: a name that others on the team know.")
    return f"{who[:80]}, {said_on(today)}"


def entry(listener: Source, options: Options) -> Entry:
    """How a source is set now; what the file holds and cannot be used stands as the default."""
    names = options.get("subreddits", [])
    return Entry(
        minutes=_number(options.get("every_minutes"), SELDOMEST, listener.every.total_seconds() / 60),
        days=_number(options.get("first_days"), LONGEST_LOOK_BACK, 30.0) if listener.source in LOOKS_BACK else None,
        subreddits="\n".join(map(str, names)) if isinstance(names, list) else str(names),
    )


def _number(value: object, most: float, otherwise: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return otherwise
    return float(value) if 0 < value <= most else otherwise


def to_options(typed: Entry, held: Options) -> tuple[dict[str, Any], Slips]:
    """The options an entry asks for, and what must be mended first, by field. `held`: what setup.toml says now."""
    slips: dict[str, str] = {}
    options: dict[str, Any] = {"every_minutes": _bare(typed.minutes)}
    if not OFTENEST <= typed.minutes <= SELDOMEST and typed.minutes != held.get("every_minutes"):
        slips["minutes"] = "Give a number of minutes from 1 to a week's 10,080."
    if typed.days is not None:
        options["first_days"] = _bare(typed.days)
        if not 0 < typed.days <= LONGEST_LOOK_BACK:
            slips["days"] = "Give a number of days above 0 and at most ten years' 3,650."
    names = [name.strip("/ ").removeprefix("r/") for name in phrases(typed.subreddits)]
    if not all(map(SUBREDDIT.fullmatch, names)):
        slips["subreddits"] = "One of these is no subreddit's name: letters, digits and underscores only."
    if names or "subreddits" in held:
        options["subreddits"] = list(dict.fromkeys(names))
    return options, slips


def _bare(number: float) -> float:
    return int(number) if number == int(number) else number


def feeds(options: Options) -> list[rss.Feed]:
    """The feeds of the options. HearbackError when setup.toml holds one that cannot be read."""
    try:
        return rss.feeds(options)
    except ListenerError as trouble:
        raise HearbackError(str(trouble)) from None


def add_feed(held: Sequence[rss.Feed], address: str, brand: str | None) -> list[Any]:
    """The feeds with one more, as setup.toml holds them. HearbackError says why it cannot be added."""
    url = address.strip()
    if any(feed.url == url for feed in held):
        raise HearbackError("This feed is listed already.")
    if not _is_address(url):
        raise HearbackError("Give the feed's whole address, beginning with https:// or http://.")
    return as_listed([*held, rss.Feed(url, brand)])


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", url)
    except ValueError:  # a bracket that is never closed, a port that is no number
        return False


def as_listed(held: Sequence[rss.Feed]) -> list[Any]:
    """Feeds as setup.toml holds them."""
    return [{"url": feed.url, "brand": feed.brand} if feed.brand else feed.url for feed in held]


def keep(path: Path, source: str, options: Mapping[str, Any]) -> None:
    """Write some of a source's options into setup.toml. HearbackError when it cannot be read or written."""
    try:
        setup.save_source(path, source, options)
    except OSError as trouble:
        raise unwritable(path, trouble) from None
