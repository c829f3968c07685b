"""A source's options as fields: read from setup.toml, checked with a sentence for each field, turned into options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dashboard.setup.brand_entry import Slips
from dashboard.shared import words
from dashboard.shared.source_settings import slip
from data.models import HearbackError
from data.spool.budgets import CAP
from data.spool.credentials import EXPIRES, last_day
from listeners import addresses
from listeners.base import Estimate, ListenerError, Options, Setting, Source
from listeners.sources import rss

OFTENEST, SELDOMEST = 1.0, 7 * 24 * 60.0  # minutes; the file takes shorter ones, for those who know why
LONGEST_LOOK_BACK = 3_650.0  # days
EARLIEST, LATEST = date(2020, 1, 1), date(2099, 12, 31)  # that credentials may hold until
MOST_NUMBER = 1e9
MOST_DOLLARS = 1e6  # a month


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """How a source is set, as the fields hold it. `days`: how far back its first visit looks."""

    minutes: float
    days: float | None = None
    dollars: float | None = None  # the month's cap; None for a source that costs nothing
    given: Mapping[str, Any] = field(default_factory=dict)  # the source's own settings, by name: text, number or switch
    expires: date | None = None  # the last day on which its credentials hold; None: not said


def is_on(listener: Source, options: Options) -> bool:
    """Whether a source is switched on: by default yes, unless it needs an approval."""
    on = options.get("on")
    return on is True if listener.policy.approval else on is not False


def entry(listener: Source, options: Options) -> SourceEntry:
    """The fields of a source's options; an option that cannot be used becomes the default."""
    return SourceEntry(
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


def mark(entry: SourceEntry) -> int:
    """A hash of an entry, within this process."""
    return hash(repr(entry))


def own_settings(listener: Source) -> tuple[Setting, ...]:
    """The settings that the form has fields for; feeds have a form of their own."""
    return tuple(one for one in listener.policy.settings if (listener.source, one.name) != ("rss", "feeds"))


def _held(setting: Setting, value: object) -> Any:
    if setting.kind == "switch":
        return value is True
    if setting.kind == "number":
        return _number(value, MOST_NUMBER, 0.0)
    if setting.kind == "list":
        return words.as_lines(value if isinstance(value, list) else [] if value is None else [value])
    if isinstance(value, list):  # of a field that takes one
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def _number(value: object, most: float, otherwise: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return otherwise
    return float(value) if 0 < value <= most else otherwise


def to_options(listener: Source, typed: SourceEntry, held: Options) -> tuple[dict[str, Any], Slips]:
    """The options of an entry, and what must be mended first, a sentence by field. `held`: those in setup.toml."""
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
        return [] if typed is None else words.entries(typed)
    if setting.kind == "number":
        return _bare(typed or 0.0)
    return bool(typed) if setting.kind == "switch" else " ".join(str(typed or "").split())


def _bare(number: float) -> float:
    return int(number) if number == int(number) else round(number, 4)


def feeds(options: Options) -> list[rss.Feed]:
    """The feeds of the options. HearbackError when setup.toml holds one that cannot be read."""
    try:
        return rss.feeds(options)
    except ListenerError as trouble:
        raise HearbackError(str(trouble)) from None


def add_feed(held: Sequence[rss.Feed], address: str, brand: str | None) -> list[Any]:
    """The feeds with one more, as setup.toml stores them. HearbackError says why it cannot be added."""
    url = address.strip()
    if any(feed.url == url for feed in held):
        raise HearbackError("This feed is listed already.")
    if not addresses.is_page(url):
        raise HearbackError("Give the feed's whole address, beginning with https:// or http://.")
    return as_listed([*held, rss.Feed(url, brand)])


def as_listed(held: Sequence[rss.Feed]) -> list[Any]:
    """Feeds as setup.toml stores them."""
    return [{"url": feed.url, "brand": feed.brand} if feed.brand else feed.url for feed in held]
