"""When a source's credentials end: by the date that the team wrote down, or by what the source itself said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from data import files

EXPIRES = "expires"  # its key under [sources.NAME] in setup.toml: the last day on which the credentials hold
TOLD = "credentials_end"  # its key in a cursor: the instant that the source named at its last visit
EARLY = timedelta(days=14)  # before a date of the team's, warn
EARLY_TOLD = timedelta(days=3)  # before an instant of the source's: what it tells of is made to be short


@dataclass(frozen=True, slots=True)
class Ending:
    """What is to be said of credentials that end soon or have ended."""

    says: str
    over: bool


def endings(options: Mapping[str, Any], cursors: Path, source: str, now: datetime) -> Iterator[Ending]:
    """What should be known of one source's credentials. `options`: its table of setup.toml; `cursors`: their folder."""
    written = last_day(options)
    if options.get(EXPIRES) and written is None:
        yield Ending(f"{EXPIRES} in setup.toml is no date, so nobody is warned: write it as 2027-01-31.", over=False)
    if written is not None:
        yield from _by_date(written, now.astimezone(UTC).date())
    told = _told(cursors, source)
    if told is not None:
        yield from _by_source(told, now)


def last_day(options: Mapping[str, Any]) -> date | None:
    """The day that setup.toml names, as a TOML date or as text; None when it names none that can be read."""
    said = options.get(EXPIRES)
    if isinstance(said, datetime):
        return said.date()
    if isinstance(said, date):
        return said
    try:
        return date.fromisoformat(str(said).strip()) if said else None
    except ValueError:
        return None


def _by_date(last: date, today: date) -> Iterator[Ending]:
    days, named = (last - today).days, f"{last.day} {last:%B %Y}"
    then = "Make new ones, then set the new date under Setup, Sources."
    if days < 0:
        yield Ending(f"Its credentials ended on {named}, by the date in setup.toml. {then}", over=True)
    elif days <= EARLY.days:
        when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
        yield Ending(f"Its credentials end on {named}, {when}, by the date in setup.toml. {then}", over=False)


def _by_source(at: datetime, now: datetime) -> Iterator[Ending]:
    named = f"{at.day} {at:%B %Y}, {at:%H:%M} UTC"
    if at <= now:
        yield Ending(f"Its refresh token ended on {named}, as the source said. Make a new one.", over=True)
    elif at - now <= EARLY_TOLD:
        yield Ending(f"Its refresh token ends on {named}, as the source says. Make a new one before.", over=False)


def _told(cursors: Path, source: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(files.read_json(cursors / f"{source}.json")[TOLD])
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None
