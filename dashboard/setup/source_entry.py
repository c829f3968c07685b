"""What a source is allowed to do and how it is set: read from the screen, checked, written into setup.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dashboard.setup.brand_entry import Slips, phrases, unwritable
from dashboard.shared.source_state import sentence
from data import setup
from data.models import HearbackError
from data.spool.budgets import CAP
from data.spool.credentials import EXPIRES, last_day
from listeners.base import Estimate, ListenerError, Options, Policy, Setting, Source
from listeners.sources import rss

OFTENEST, SELDOMEST = 1.0, 7 * 24 * 60.0  # minutes; the file takes shorter ones, for those who know why
LONGEST_LOOK_BACK = 3_650.0  # days
EARLIEST, LATEST = date(2020, 1, 1), date(2099, 12, 31)  # that credentials may hold until
MOST_NUMBER = 1e9
MOST_DOLLARS = 1e6  # a month


@dataclass(frozen=True, slots=True)
class Entry:
    """How a source is set, as the fields hold it. `days`: how far back its first visit looks."""

    minutes: float
    days: float | None = None
    dollars: float | None = None  # the month's cap; None for a source that costs nothing
    given: Mapping[str, Any] = field(default_factory=dict)  # the source's own settings, by name: text, number or switch
    expires: date | None = None  # the last day on which its credentials hold; None: not said


def rules(policy: Policy) -> list[tuple[str, str]]:
    """What the platform allows, as title and sentence."""
    rows = [("Text", _keeping(policy)), ("Deleted there", policy.deletions), ("Answers", policy.replies)]
    if policy.approval:
        rows.insert(0, ("Only with", sentence(policy.approval)))
    if policy.reply:
        when = f" {policy.reply.only_when}" if policy.reply.only_when else ""
        rows.append(("Their length", f"At most {policy.reply.longest:,} {policy.reply.unit}.{when}"))
    if policy.dollars_per_item:
        rows.append(
            ("Price", f"${policy.dollars_per_item:g} for each mention or call billed; the cap is yours to set.")
        )
    if policy.credentials:
        rows.append(("Its keys", policy.credentials))
    if policy.display:
        rows.append(("Shown", policy.display))
    if not has_link(policy):
        rows.append(("Terms", sentence(policy.terms)))
    return [*rows, ("Rules checked", f"on {said_on(policy.checked_on)}")]


def _keeping(policy: Policy) -> str:
    if not policy.keeps_text:
        return "Nothing that is read may be kept: it is shown live only."
    kept = f"Kept for {_length(policy.lifetime)} at most." if policy.lifetime else "What is read may be kept."
    if policy.recheck_every:
        return f"{kept} Looked for again at the source every {_length(policy.recheck_every)}."
    return kept


def _length(span: timedelta) -> str:
    hours = span // timedelta(hours=1)
    return f"{hours} hours" if hours <= 48 else f"{span.days} days"


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
    return Entry(
        minutes=_number(options.get("every_minutes"), SELDOMEST, listener.every.total_seconds() / 60),
        days=_number(options.get("first_days"), LONGEST_LOOK_BACK, 30.0) if listener.policy.looks_back else None,
        dollars=_number(options.get(CAP), MOST_DOLLARS, 0.0) if listener.policy.is_paid else None,
        expires=_day(options) if listener.policy.credentials else None,
        given={one.name: _held(one, options.get(one.name)) for one in own_settings(listener)},
    )


def _day(options: Options) -> date | None:
    day = last_day(options)
    return day if day and EARLIEST <= day <= LATEST else None


def priced(told: Estimate) -> str:
    """An estimate as a sentence."""
    if not told.dollars_a_month and not told.items_a_month:
        return told.based_on
    return f"About {told.items_a_month:,} mentions and ${told.dollars_a_month:,.2f} a month. {told.based_on}"


def mark(entry: Entry) -> int:
    """Another number each time an entry is another."""
    return hash(repr(entry))


def own_settings(listener: Source) -> tuple[Setting, ...]:
    """What the form asks for in fields of its own; feeds have a form for themselves."""
    return tuple(one for one in listener.policy.settings if (listener.source, one.name) != ("rss", "feeds"))


def _held(setting: Setting, value: object) -> Any:
    if setting.kind == "switch":
        return value is True
    if setting.kind == "number":
        return _number(value, MOST_NUMBER, 0.0)
    if setting.kind == "list":
        return lines(value if isinstance(value, list) else [] if value is None else [value])
    if isinstance(value, list):  # of a field that takes one
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def listed(typed: str) -> list[str]:
    """The entries of a list as it was typed, each once: one a line, or with commas between. A line that says what an
    entry is about ("ID = Acme, Inc") or holds an address is one entry, whatever commas it has; so is one in quotes."""
    entries = [entry for line in typed.splitlines() for entry in ([line] if _is_one(line) else phrases(line))]
    return list(dict.fromkeys(cleaned for entry in entries if (cleaned := " ".join(entry.split()))))


def _is_one(line: str) -> bool:
    marks = (line.count(" = "), line.count("://"))
    return max(marks) == 1 and not line.lstrip().startswith('"')


def lines(entries: Iterable[object]) -> str:
    """The entries of a list as its field shows them, so that `listed` reads the same out of it."""
    told = [str(entry) for entry in entries]
    return "\n".join(one if listed(one) == [one] else '"' + one.replace('"', '""') + '"' for one in told)


def _number(value: object, most: float, otherwise: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return otherwise
    return float(value) if 0 < value <= most else otherwise


def to_options(listener: Source, typed: Entry, held: Options) -> tuple[dict[str, Any], Slips]:
    """The options an entry asks for, and what must be mended first, by field. `held`: what setup.toml says now."""
    slips: dict[str, str] = {}
    options: dict[str, Any] = {"every_minutes": _bare(typed.minutes)}
    oftenest = round(min(OFTENEST, listener.every.total_seconds() / 60), 4)
    if not oftenest <= typed.minutes <= SELDOMEST and typed.minutes != held.get("every_minutes"):
        slips["minutes"] = f"Give a number of minutes from {oftenest:.2g} to a week's 10,080."
    if typed.days is not None:
        options["first_days"] = _bare(typed.days)
        if not 0 < typed.days <= LONGEST_LOOK_BACK:
            slips["days"] = "Give a number of days above 0 and at most ten years' 3,650."
    if typed.dollars is not None:
        options[CAP] = _bare(typed.dollars)
        if not 0 <= typed.dollars < MOST_DOLLARS:
            slips["dollars"] = "Give an amount in US dollars; 0 spends nothing."
    if typed.expires or held.get(EXPIRES):
        options[EXPIRES] = typed.expires or ""
    for setting in own_settings(listener):
        value = _given(setting, typed.given.get(setting.name))
        if value or setting.name in held:
            options[setting.name] = value
        if wrong := slip(setting, value):
            slips[setting.name] = wrong
    return options, slips


def _given(setting: Setting, typed: Any) -> Any:
    if setting.kind == "list":
        return [] if typed is None else listed(typed)
    if setting.kind == "number":
        return _bare(typed or 0.0)
    return bool(typed) if setting.kind == "switch" else " ".join(str(typed or "").split())


def slip(setting: Setting, value: Any) -> str | None:
    """What is wrong with a setting; None when nothing is."""
    entries = value if isinstance(value, list) else [value] if isinstance(value, str) and value else []
    if setting.pattern and not all(re.fullmatch(setting.pattern, one) for one in entries):
        return setting.slip or f"One of these cannot be used: {setting.label} look like {setting.placeholder}."
    return None


def _bare(number: float) -> float:
    return int(number) if number == int(number) else round(number, 4)


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
