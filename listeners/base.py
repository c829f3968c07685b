"""What every source offers and every error it may raise; the only names the schedule knows a source by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from data.models import Answer, Brand, Found, Gap, HearbackError, Rejected

Cursor = Mapping[str, Any]  # what a source needs to go on where it stopped; JSON only, empty at first
Options = Mapping[str, Any]  # the source's own table in setup.toml


class ListenerError(HearbackError):
    """A source refused or failed. `permanent`: asking again will not help, a person must change something.
    `retry_after`: seconds, if the source said."""

    def __init__(self, source: str, message: str, *, permanent: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.source = source
        self.permanent = permanent
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Policy:
    """What a platform allows, as it stood on `checked_on`."""

    name: str  # "Hacker News"
    keeps_text: bool
    deletions: str  # what must be done when the author deletes, in a sentence
    replies: str  # how an answer gets there, in a sentence
    checked_on: date
    terms: str  # where the terms are
    approval: str | None = None  # what the team must hold before the source may be switched on
    secrets: tuple[str, ...] = ()  # the environment variables it cannot work without


@dataclass(frozen=True, slots=True)
class Haul:
    """What one visit brought: everything new, the cursor that covers it, and what stayed unread."""

    found: Sequence[Found] = ()
    answers: Sequence[Answer] = ()
    rejected: Sequence[Rejected] = ()
    cursor: Cursor = field(default_factory=dict)
    gaps: Sequence[Gap] = ()
    troubles: Sequence[str] = ()  # what failed while the rest could be read, in plain words


class Listener(Protocol):
    """One source. `listen` reads from the cursor to now, pages until known ground, and raises ListenerError only."""

    source: str
    policy: Policy
    every: timedelta  # how often it is visited when setup.toml does not say

    def listen(self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime) -> Haul: ...
