"""A brand as it is typed: read, checked with a sentence for each field, saved in setup.toml and the store."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.access import identity
from dashboard.runtime import Runtime
from dashboard.shared import words
from dashboard.shared.words import phrases
from data import setup
from data.brands import following, matches
from data.folding import key
from data.models import OLD_AFTER, REVIEWS_OLD_AFTER, Brand, HearbackError
from data.people import collecting
from data.queue import queue
from data.queue.queue import View
from data.setup import Setup

LONGEST_NAME = 80
LONGEST_TERM = 100
HANDLE = r"([a-z][a-z_]*:)?[^\s:]{1,100}"  # "@acmehelp", "reddit:acme_support"
YEAR = 24.0 * 365
Slips = Mapping[str, str]  # field -> the sentence beside it


@dataclass(frozen=True, slots=True)
class BrandEntry:
    """The fields as they were typed; lists one a line or with commas between."""

    name: str = ""
    terms: str = ""
    required: str = ""
    excluded: str = ""
    competitor: bool = False
    hours: float = 8.0
    handles: str = ""
    posts_days: int = OLD_AFTER
    reviews_days: int = REVIEWS_OLD_AFTER
    sources_days: tuple[tuple[str, int], ...] = ()  # by source; they have no field and stay as the file has them


def written(brand: Brand) -> BrandEntry:
    """The fields of a brand, lists one phrase a line."""
    return BrandEntry(
        brand.name,
        _lines(brand.terms),
        _lines(brand.required),
        _lines(brand.excluded),
        brand.competitor,
        brand.reply_within / timedelta(hours=1),
        _lines(brand.handles),
        brand.old_after_days("", is_review=False),
        brand.old_after_days("", is_review=True),
        tuple((kind, days) for kind, days in brand.old_after if kind not in setup.KINDS),
    )


def _lines(phrases: Sequence[str]) -> str:
    return "\n".join(
        '"' + phrase.replace('"', '""') + '"' if "," in phrase or phrase[:1] == '"' else phrase for phrase in phrases
    )


def to_brand(entry: BrandEntry) -> Brand:
    """The brand that an entry without slips describes; without terms its name is its term."""
    name = " ".join(entry.name.split())
    return Brand(
        name,
        phrases(entry.terms) or (name,),
        phrases(entry.required),
        phrases(entry.excluded),
        entry.competitor,
        timedelta(hours=entry.hours),
        phrases(entry.handles),
        _old_after(entry),
    )


def _old_after(entry: BrandEntry) -> tuple[tuple[str, int], ...]:
    """The days of an entry, without those that hold anyway: reviews without days of their own go by the "default"."""
    told = dict(entry.sources_days)
    if entry.posts_days != OLD_AFTER:
        told["default"] = entry.posts_days
    if entry.reviews_days != told.get("default", REVIEWS_OLD_AFTER):
        told["reviews"] = entry.reviews_days
    return tuple(sorted(told.items()))


def slips(entry: BrandEntry, others: Sequence[str]) -> Slips:
    """What must be mended before the entry can be saved, a sentence by field. `others`: the names that are taken. No
    sentence repeats what was typed."""
    brand = to_brand(entry)
    found = {
        "name": _name_slip(brand.name, others),
        "terms": _words_slip(brand.terms) if phrases(entry.terms) else None,
        "required": _words_slip(brand.required),
        "excluded": _words_slip(brand.excluded) or _exclusion_slip(brand),
        "handles": _handles_slip(brand.handles),
        "hours": None if 0 < entry.hours <= YEAR else "Give a number of hours above 0 and at most a year.",
    }
    return {field: slip for field, slip in found.items() if slip}


def _name_slip(name: str, others: Sequence[str]) -> str | None:
    if not name:
        return "Give the brand its name."
    if len(name) > LONGEST_NAME:
        return f"A name has at most {LONGEST_NAME} characters."
    if Brand(name, ()).is_sample:
        return "Names that end in “(sample)” are kept for the fictional brands."
    if not _has_word(name):
        return "A name holds at least one letter or digit."
    if key(name) in map(key, others):
        return "There is a brand of that name already: choose it in the list to change it."
    return None


def _words_slip(said: Sequence[str]) -> str | None:
    if any(len(phrase) > LONGEST_TERM for phrase in said):
        return f"One of these has more than {LONGEST_TERM} characters; put a comma or a new line between phrases."
    if not all(map(_has_word, said)):
        return "Each word or phrase holds at least one letter or digit."
    return None


def _handles_slip(handles: Sequence[str]) -> str | None:
    if not all(re.fullmatch(HANDLE, handle) for handle in handles):
        return "Each is one account's name, such as @acmehelp, or its source and name: reddit:acme_support."
    return None


def _has_word(phrase: str) -> bool:
    return any(character.isalnum() for character in phrase)


def _exclusion_slip(brand: Brand) -> str | None:
    never = set(map(key, brand.excluded))
    if never & set(map(key, brand.terms)):
        return "One of these is a term as well: nothing it names would be taken in."
    if never & set(map(key, brand.required)):
        return "One of these is a required word as well: it cannot be both."
    return None


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did. `count`: of the `stored` mentions, those that the brand matches; `is_first`: of all brands."""

    brand: Brand
    count: int
    stored: int
    is_first: bool
    is_new: bool


def save(runtime: Runtime, brand: Brand, opened: Brand | None) -> Saved:
    """Save a brand in setup.toml and update the store. `opened`: the brand as it was when the form was opened, None for
    a new one. HearbackError when somebody else changed it meanwhile, or the file cannot be written."""
    listed = setup.load(runtime.places.setup).brands
    current = next((one for one in listed if one.name.casefold() == brand.name.casefold()), None)
    if opened is None and current is not None:
        raise HearbackError("A brand of that name was added meanwhile. Choose it in the list to change it.")
    if opened is not None and (current != opened or current.old_after != opened.old_after):
        raise HearbackError("This brand was changed or removed meanwhile. Look at it again before you save.")
    kept = [brand if one is current else one for one in listed]
    _write(runtime, kept if current else [*kept, brand])
    with runtime.store.read() as store:
        trial = matches.try_out(store, brand)
    return Saved(brand, trial["count"], trial["stored"], is_first=not listed, is_new=current is None)


def remove(runtime: Runtime, name: str) -> None:
    """Remove a brand from setup.toml and update the store. HearbackError when the file cannot be written."""
    listed = setup.load(runtime.places.setup).brands
    _write(runtime, [brand for brand in listed if brand.name != name])


def _write(runtime: Runtime, brands: Sequence[Brand]) -> None:
    try:
        collecting.save_brands(runtime.places, brands, identity.acting())
    except OSError as trouble:
        raise HearbackError(words.unwritable(runtime.places.setup, trouble)) from None
    following.follow(runtime.store, runtime.judgement.ranking, setup.load(runtime.places.setup).brands, runtime.clock())
    for loop in runtime.loops.values():
        loop.wake()


def matched(count: int, stored: int) -> str:
    """How many of the stored mentions a brand matches, a sentence."""
    if not stored:
        return "Nothing real is stored yet: mentions come as the sources are read."
    return f"Matches {count:,} of {mentions(stored, 'stored ')}."


def mentions(count: int, which: str = "") -> str:
    """A number of mentions in words: "1 mention", "12,650 stored mentions"."""
    return f"{count:,} {which}{'mention' if count == 1 else 'mentions'}"


def told(saved: Saved, *, hears: bool, runs: bool) -> list[str]:
    """What saving did, a sentence each. `hears`: whether Hacker News is switched on; `runs`: whether this app runs the
    listeners."""
    told = [f"{saved.brand.name} is {'added' if saved.is_new else 'changed'}. {matched(saved.count, saved.stored)}"]
    if saved.is_first:
        told.append("The sample goes with the first real mention.")
        if hears:
            when = "at once" if runs else "as soon as the listeners run (python -m listeners)"
            told.append(f"Hacker News is listened to {when}.")
    if saved.is_new and saved.brand.competitor:
        told.append("As a competitor it counts in Trends; the queue holds your own brands' mentions.")
    return told


def hears_hackernews(listed: Setup) -> bool:
    """Whether Hacker News, which needs no key, is switched on."""
    return bool(listed.brands) and listed.sources.get("hackernews", {}).get("on") is not False


def consequences(runtime: Runtime, brand: Brand, listed: Sequence[Brand], now: datetime) -> list[str]:
    """What removing a brand does, a sentence each."""
    with runtime.store.read() as store:
        counts = queue.count(store, View(brand=brand.name), "", now)
        stored = matches.try_out(store, brand)["count"]
    return farewell(brand, counts["open"] + counts["snoozed"], stored, is_last=len(listed) == 1)


def farewell(brand: Brand, queued: int, stored: int, *, is_last: bool) -> list[str]:
    """The sentences of `consequences`. `queued`: mentions of it in the queue; `stored`: all that name it."""
    if brand.competitor:
        told = ["It leaves Trends; the queue stays as it is."]
    elif queued:
        verb = "names" if queued == 1 else "name"
        told = [f"{mentions(queued)} in the queue {verb} it; what names no other brand of yours leaves the queue."]
    else:
        told = ["No mention in the queue names it."]
    told.append(f"Nothing is deleted: add it again, and its {mentions(stored, 'stored ')} count again.")
    if is_last:
        told.append("It is your last brand: the sources rest until you name another.")
    return told
