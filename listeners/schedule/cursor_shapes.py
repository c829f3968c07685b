"""What each source's cursor looks like: one that a disk or a hand has damaged must not fail every run from then on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

Check = Callable[[Any], bool]
LATEST = 1e11  # no epoch seconds of ours, and no count, comes near it
DIGITS = 30  # of an id that is a number


def _text(said: Any) -> bool:
    return isinstance(said, str)


def _flag(said: Any) -> bool:
    return isinstance(said, bool)


def _number(said: Any) -> bool:
    return isinstance(said, int | float) and not isinstance(said, bool) and math.isfinite(said) and abs(said) < LATEST


def _digits(said: Any) -> bool:
    return isinstance(said, str) and said.isascii() and said.isdecimal() and len(said) <= DIGITS


def _moment(said: Any) -> bool:
    """An instant as ISO text, with a time zone or without."""
    try:
        return datetime.fromisoformat(said) is not None
    except (TypeError, ValueError):
        return False


def _instant(said: Any) -> bool:
    return _moment(said) and datetime.fromisoformat(said).tzinfo is not None


def _maybe(check: Check) -> Check:
    return lambda said: said is None or check(said)


def _many(check: Check) -> Check:
    return lambda said: isinstance(said, list) and all(map(check, said))


def _row(*checks: Check) -> Check:
    return lambda said: (
        isinstance(said, list)
        and len(said) == len(checks)
        and all(check(one) for check, one in zip(checks, said, strict=True))
    )


def _one_of(*checks: Check) -> Check:
    return lambda said: any(check(said) for check in checks)


def _each(check: Check) -> Check:
    return lambda said: isinstance(said, dict) and all(map(check, said.values()))


def _fields(*needed: str, **checks: Check) -> Check:
    """An object whose known fields fit; others are left alone. `needed`: names that are there unless it is empty."""

    def fits(said: Any) -> bool:
        if not isinstance(said, dict) or (said and not said.keys() >= set(needed)):
            return False
        return all(check(said[name]) for name, check in checks.items() if name in said)

    return fits


def _with(name: str, other: str, check: Check) -> Check:
    """As `check`, where one name stands with another or not at all."""
    return lambda said: check(said) and (name not in said or other in said)


_WAITS = {"not_before": _instant, "asked": _text}  # of a slice whose server asked us to wait
_MARKS = {"brands": _text, "etag": _text, "modified": _text}
_POSTS = {**_MARKS, **_WAITS, "since": _maybe(_number), "known": _each(_row(_text, _number))}
_REVIEWS = {
    **_WAITS,
    "brand": _text,
    "horizon": _number,
    "known_reviews": _each(_row(_text, _text, _number, _text)),
    "refused": _many(_text),
    "thorough": _instant,
}
_SPAN = _fields("low", low=_instant, high=_maybe(_instant))

# What one slice remembers, by source.
SLICES: dict[str, Check] = {
    "amazon": _fields(week=_text, **_WAITS),
    "app_store": _fields(**_REVIEWS),
    "bluesky": _fields(**_POSTS),
    "google_business": _fields(**_REVIEWS),
    "google_play": _fields(**_REVIEWS),
    "hackernews": _fields(**{**_POSTS, "known": _each(_text)}),
    "mastodon": _fields(**_POSTS),
    "product_page": _fields(**{**_MARKS, **_WAITS}, known=_each(_row(_moment, _text)), read_at=_instant, again=_flag),
    "reddit": _fields(**{**_POSTS, "known": _each(_number)}),
    "reddit_feed": _fields(**{**_POSTS, "known": _each(_row(_number, _text))}),
    "rss": _fields(
        **{**_MARKS, **_WAITS}, shared=_many(_text),
        # An earlier version kept the first two.
        seen=_each(_one_of(_row(_moment, _text), _row(_moment, _text, _text, _many(_text)))),
    ),
    "stackexchange": _fields(**_POSTS, floor=_number),
    "trustpilot": _fields(**_REVIEWS, since=_instant, known=_many(_text)),
    "x": _with(
        "newest", "newest_at",
        _fields(**_WAITS, read_to=_instant, newest=_digits, newest_at=_instant, known=_many(_digits), rest=_SPAN),
    ),
    "yelp": _fields(**_REVIEWS),
    "youtube": _fields(**_POSTS, replies=_each(_number)),
}  # fmt: skip
# What stands beside the slices; some names are of one source only.
BESIDE: dict[str, Check] = {
    "turns": _each(
        _fields("read_at", read_at=_instant, fresh_at=_instant, due=_instant, more_since=_instant)
    ),
    "stopped": _text,
    "asked_for": _text,
    "credentials_end": _instant,
    "not_before": _instant,
    "quota": _fields(day=_text, units=_number),
    "read": _many(_text),
    "seen": _each(_row(_text, _number)),
    "replayed_at": _text,
}  # fmt: skip


def wrong(source: str, cursor: dict[str, Any]) -> str | None:
    """The first part of a cursor that is not what the source keeps there; None when all fits."""
    return next(_wrong(source, cursor), None)


def _wrong(source: str, cursor: dict[str, Any]) -> Iterator[str]:
    yield from (name for name, check in BESIDE.items() if name in cursor and not check(cursor[name]))
    slices = cursor.get("stretches", {})
    if not isinstance(slices, dict):
        yield "stretches"
        return
    check = SLICES.get(source, _fields())
    yield from (f"stretches, {key}" for key, state in slices.items() if not check(state))
