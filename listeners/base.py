"""The protocols that sources implement, the values they return, and the one error they raise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol, runtime_checkable

from data.models import Answer, ApprovedReply, Brand, Found, Gap, HearbackError, Rejected, Topic
from data.models import RecheckTarget as RecheckTarget  # noqa: PLC0414  # re-exported for the sources: data lists what is due

Cursor = Mapping[str, Any]  # what a source needs to continue where it stopped; JSON only, empty at first
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
    """The limits on a reply through the API: its greatest length in the source's own unit, and when one is allowed."""

    longest: int
    unit: str = "characters"  # "graphemes" on Bluesky
    only_when: str | None = None  # the precondition in a sentence: "Only where the author mentioned us."


@dataclass(frozen=True, slots=True)
class Setting:
    """One option of a source in setup.toml, and how the Setup page asks for it."""

    name: str  # its key under [sources.NAME]: "business_ids"
    label: str
    kind: Literal["list", "text", "number", "switch"] = "list"  # a list has one entry a line
    needed: bool = False  # without it there is nothing to listen to
    placeholder: str = ""
    hint: str = ""
    pattern: str | None = None  # a regular expression that each whole entry must match
    slip: str = ""  # what to say of an entry that does not match


@dataclass(frozen=True, slots=True)
class Policy:
    """What a platform's terms allow, as they stood on `checked_on`."""

    name: str  # "Hacker News"
    keeps_text: bool  # False: its text may not be stored; it is shown live only
    deletions: str  # what to do when the author deletes, in a sentence
    replies: str  # how a reply reaches the source, in a sentence
    checked_on: date
    terms: str  # the terms' address, or where to find them
    approval: str | None = None  # what the team needs before it may switch the source on, such as a paid plan
    secrets: tuple[str, ...] = ()  # the environment variables it cannot work without
    lifetime: timedelta | None = None  # how long text may be kept; None: the terms state no end
    recheck_every: timedelta | None = None  # how often stored mentions must be rechecked; None: never
    recheck_within: timedelta | None = None  # how long after publication a recheck is possible; None: always
    recheck_ids: str | None = None  # a regular expression for the whole ids that can be rechecked; None: all
    display: str | None = None  # how it must be shown, in a sentence
    dollars_per_item: float = 0.0  # what reading one mention costs
    reply: ReplyRule | None = None  # None: no reply can be sent through an API
    settings: tuple[Setting, ...] = ()  # in addition to the common ones, such as `on` and `expires`
    credentials: str | None = None  # how long its keys and tokens stay valid, in a sentence; None: it needs none
    looks_back: bool = True  # whether a first run can look back `first_days`

    @property
    def is_paid(self) -> bool:
        """Whether reading costs money. A paid source needs a budget and offers an estimate."""
        return self.dollars_per_item > 0


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What one run of a source returned: all new items, the cursor that covers them, and what stayed unread."""

    found: Sequence[Found] = ()
    answers: Sequence[Answer] = ()
    rejected: Sequence[Rejected] = ()
    cursor: Cursor = field(default_factory=dict)
    gaps: Sequence[Gap] = ()
    troubles: Sequence[str] = ()  # what failed although the rest could be read, a sentence each
    gone: Sequence[str] = ()  # ids of mentions that the source says were deleted; leaving a feed is not that
    topics: Sequence[Topic] = ()
    credentials_end: datetime | None = None  # when the credentials expire, where the source says so
    left: float | None = None  # the share of the source's own request budget that is left, where its headers tell
    more: bool = False  # the run ended before all was read; the next run follows within seconds


class Governed(Protocol):
    """Anything with a platform's policy: listeners and live views."""

    source: str
    policy: Policy

    def own_secrets(self, options: Options) -> tuple[str, ...]:
        """The environment variables that it needs in addition to its policy's, given its options."""
        return ()


def secrets_of(source: Governed, options: Options) -> tuple[str, ...]:
    """All environment variables that a source needs, given its options."""
    return source.policy.secrets + source.own_secrets(options)


class Source(Governed, Protocol):
    """A source that the schedule runs."""

    every: timedelta  # the interval between runs when setup.toml does not set one
    soon: float = 10.0  # seconds until the next run, when a run ended before all was read


class Budget(Protocol):
    """What a paid source may still spend, in US dollars. Money is reserved before the request that costs it."""

    def reserve(self, dollars: float) -> None:
        """Reserve money for one request. ListenerError when that would exceed the month's cap: do not send the
        request."""

    def charge(self, ids: Sequence[str], dollars_each: float) -> None:
        """Replace the reservation by the price of the items received. An item billed earlier on this UTC day is
        free."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a source would cost: items and US dollars a month, and what the figures are based on, in a sentence."""

    items_a_month: int
    dollars_a_month: float
    based_on: str


class Listener(Source, Protocol):
    """One source. `policy.is_paid` says whether reading it costs money."""

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """Return what is new since `cursor`, up to `now`. `budget`: what a paid source may spend; None for a free one.
        Raises ListenerError only."""
        ...

    def estimate(self, brands: Sequence[Brand], options: Options, now: datetime) -> Estimate:
        """Estimate a month's cost. Paid sources override this. ListenerError when no estimate can be made."""
        return Estimate(0, 0.0, f"Reading {self.policy.name} costs nothing, so nothing was counted.")


def required(source: str, budget: Budget | None) -> Budget:
    """Return `budget`. ListenerError when it is None: a paid source reads nothing without one."""
    if budget is None:
        raise ListenerError(source, "it costs money and was given no budget", permanent=True)
    return budget


@dataclass(frozen=True, slots=True)
class RecheckResult:
    """What a recheck found. `gone`, `present`: ids of mentions deleted at the source, and still there; `found`:
    mentions with their present text."""

    gone: Sequence[str] = ()
    present: Sequence[str] = ()
    found: Sequence[Found] = ()


@runtime_checkable
class Rechecker(Protocol):
    """A source that can tell whether mentions still exist, by its cheapest request. Raises ListenerError only."""

    source: str
    ids_at_once: int

    def recheck(self, held: Sequence[RecheckTarget], options: Options, now: datetime) -> RecheckResult:
        """Recheck at most `ids_at_once` mentions. A mention in none of the three lists of the result is undecided."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply as the source shows it."""

    reply_id: str  # "reddit:t1_xyz"
    sent_at: datetime
    url: str | None = None


class Doubtful(ListenerError):
    """A reply may or may not have arrived: the request was sent, and no clear response came. Search for the reply at
    the source before sending it again."""


@runtime_checkable
class Responder(Protocol):
    """A source that takes replies. No client retries by itself; every request is sent once."""

    source: str
    rule: ReplyRule

    def refuses(self, reply: ApprovedReply, options: Options) -> str | None:
        """Why this reply may not be sent, in a sentence; None when it may. Makes no request."""

    def send(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent:
        """Send the reply once. ListenerError when it was certainly refused, Doubtful when it may have arrived."""

    def find(self, reply: ApprovedReply, options: Options, now: datetime) -> Sent | None:
        """Find our reply with this text below the mention; None when it is not there. ListenerError when the source
        cannot be searched."""


@runtime_checkable
class LiveView(Governed, Protocol):
    """A source whose text may never be stored: it is fetched for display and held in memory only."""

    def look(self, brands: Sequence[Brand], options: Options, now: datetime) -> Sequence[Found]: ...
