"""What every source offers and every error it may raise; the only names the schedule knows a source by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol, runtime_checkable

from data.models import Answer, Brand, Found, Gap, HearbackError, Letter, Rejected, Topic
from data.models import Held as Held  # noqa: PLC0414  # passed on: the data room says what is due

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
class ReplyRule:
    """Replying through the API: how long an answer may be, in the source's own unit, and when it is allowed at all."""

    longest: int
    unit: str = "characters"  # "graphemes" on Bluesky
    only_when: str | None = None  # the precondition in a sentence: "Only where the author mentioned us."


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that setup.toml may say of a source, as the Setup page asks for it."""

    name: str  # its key under [sources.NAME]: "business_ids"
    label: str
    kind: Literal["list", "text", "number", "switch"] = "list"  # a list is typed one a line
    needed: bool = False  # without it there is nothing to listen to
    placeholder: str = ""
    hint: str = ""
    pattern: str | None = None  # what each entry must be, as a regular expression for the whole of it
    slip: str = ""  # what to say of one that is not


@dataclass(frozen=True, slots=True)
class Policy:
    """What a platform allows, as it stood on `checked_on`."""

    name: str  # "Hacker News"
    keeps_text: bool  # False: nothing of it may touch a disk; it is shown live only
    deletions: str  # what must be done when the author deletes, in a sentence
    replies: str  # how an answer gets there, in a sentence
    checked_on: date
    terms: str  # where the terms are
    approval: str | None = None  # what the team must hold before the source may be switched on; payment counts
    secrets: tuple[str, ...] = ()  # the environment variables it cannot work without
    lifetime: timedelta | None = None  # how long text may be kept; None: the terms state no end
    recheck_every: timedelta | None = None  # how often what is kept must be looked for at the source; None: never
    recheck_within: timedelta | None = None  # so long after it was published can that be told; None: always
    recheck_ids: str | None = None  # of which mentions, by their ids, as a regular expression for the whole; None: all
    display: str | None = None  # how it must be shown, in a sentence
    dollars_per_item: float = 0.0  # what reading one mention costs
    reply: ReplyRule | None = None  # None: no answer goes through an API
    settings: tuple[Setting, ...] = ()  # beside those that all may have, such as `on` and `expires`
    credentials: str | None = None  # how long its keys and tokens hold, in a sentence; None: it needs none
    looks_back: bool = True  # whether a first visit can reach back `first_days`

    @property
    def is_paid(self) -> bool:
        """Whether reading costs money: then a budget is needed, and an estimate can be asked for."""
        return self.dollars_per_item > 0


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What one visit brought: everything new, the cursor that covers it, and what stayed unread."""

    found: Sequence[Found] = ()
    answers: Sequence[Answer] = ()
    rejected: Sequence[Rejected] = ()
    cursor: Cursor = field(default_factory=dict)
    gaps: Sequence[Gap] = ()
    troubles: Sequence[str] = ()  # what failed while the rest could be read, in plain words
    gone: Sequence[str] = ()  # ids of mentions that the source says were deleted; leaving a feed is not that
    topics: Sequence[Topic] = ()
    credentials_end: datetime | None = None  # when what it was read with ends, where the source says so
    left: float | None = None  # the share of the source's own request budget that is left, where its headers tell
    more: bool = False  # the visit ended before all was read; the next slice is fetched within seconds


class Governed(Protocol):
    """What goes by a platform's policy."""

    source: str
    policy: Policy

    def own_secrets(self, options: Options) -> tuple[str, ...]:
        """The environment variables it needs beside its policy's, by how it is set."""
        return ()


def secrets_of(source: Governed, options: Options) -> tuple[str, ...]:
    """The environment variables that a source cannot work without, set as it is."""
    return source.policy.secrets + source.own_secrets(options)


class Source(Governed, Protocol):
    """What every source is, whatever it costs."""

    every: timedelta  # how often it is visited when setup.toml does not say


class Budget(Protocol):
    """What a paid source may still spend. Money is reserved before the request that costs it."""

    def reserve(self, dollars: float) -> None:
        """Set money aside for one request. ListenerError when the month's cap would be passed: do not send it."""

    def charge(self, ids: Sequence[str], dollars_each: float) -> None:
        """Replace the reservation by what came: an item that was billed earlier on this UTC day costs nothing."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a query would cost: items and dollars a month, and what that is based on, in a sentence."""

    items_a_month: int
    dollars_a_month: float
    based_on: str


class Listener(Source, Protocol):
    """One source. `policy.is_paid` says whether reading it costs money."""

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """Read from the cursor to `now`, down to known ground. `budget`: what a paid source may spend; a free one gets
        none. ListenerError only."""
        ...

    def estimate(self, brands: Sequence[Brand], options: Options, now: datetime) -> Estimate:
        """What a month would cost; a paid source says it of itself. ListenerError when that cannot be told."""
        return Estimate(0, 0.0, f"Reading {self.policy.name} costs nothing, so nothing was counted.")


def required(source: str, budget: Budget | None) -> Budget:
    """The budget without which a paid source reads nothing. ListenerError when it was given none."""
    if budget is None:
        raise ListenerError(source, "it costs money and was given no budget", permanent=True)
    return budget


@dataclass(frozen=True, slots=True)
class RecheckResult:
    """What a second look found: what is gone at the source, what still stands, what says something else now."""

    gone: Sequence[str] = ()
    standing: Sequence[str] = ()
    found: Sequence[Found] = ()


@runtime_checkable
class Rechecker(Protocol):
    """A source that can say whether mentions still stand, by its cheapest signal. ListenerError only."""

    source: str
    ids_at_once: int

    def recheck(self, held: Sequence[Held], options: Options, now: datetime) -> RecheckResult:
        """Look again for at most `ids_at_once` mentions; those in none of the three lists could not be told."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer as it stands at the source."""

    reply_id: str  # "reddit:t1_xyz"
    sent_at: datetime
    url: str | None = None


class Doubtful(ListenerError):
    """A letter may or may not have arrived: the request went out, no clear answer came. Look before sending again."""


@runtime_checkable
class Responder(Protocol):
    """A source that takes answers. No client retries by itself; every request is made once."""

    source: str
    rule: ReplyRule

    def refuses(self, reply: Letter, options: Options) -> str | None:
        """Why this letter may not be sent, in a sentence; None when it may. No request."""

    def send(self, reply: Letter, options: Options, now: datetime) -> Sent:
        """Send it once. ListenerError when it was refused for sure, Doubtful when it may have arrived."""

    def find(self, reply: Letter, options: Options, now: datetime) -> Sent | None:
        """Our answer to this mention with this text, if it stands there. ListenerError when that cannot be told."""


@runtime_checkable
class LiveView(Governed, Protocol):
    """A source whose text may never be kept: fetched when somebody looks, held in memory, and forgotten."""

    def look(self, brands: Sequence[Brand], options: Options, now: datetime) -> Sequence[Found]: ...
