"""The values that are passed between packages: frozen dataclasses; every time is an aware datetime in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

OLD_AFTER, REVIEWS_OLD_AFTER = 30, 90  # days after which a mention is too old to answer, where its brand says nothing
SAMPLE = "sample"  # ids of fictional mentions start with "sample:"
SYSTEM = "system"  # who did what no person did


class HearbackError(Exception):
    """An error that a person can act on. Its text is shown unchanged: what happened, to which thing, what to do."""


class PartlyDone(HearbackError):
    """A round of work did all that it could; what it tells of needs a person, or passes by itself."""


class Sentiment(StrEnum):
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Status(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    OLD = "old"  # too old to answer when it first came in, and nobody has brought it back
    RESOLVED = "resolved"


class ActionKind(StrEnum):
    ASSIGN = "assign"
    NOTE = "note"
    REPLY = "reply"
    SNOOZE = "snooze"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    DISMISS = "dismiss"  # not relevant
    JUDGE = "judge"  # a person sets the sentiment
    EXPECT = "expect"  # a person says whether it needs a reply: the body is "yes" or "no"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Brand:
    """One brand to listen for. A text names it when it holds any of `terms`, one of `required` (when there are any) and
    none of `excluded`. `handles`: the brand's own accounts, "@acmehelp" or "reddit:acme_support". `old_after`: the days
    after which a mention is too old to answer, by source, for "reviews" and as "default", where they are not the usual
    ones; two brands that differ in nothing else are equal."""

    name: str
    terms: tuple[str, ...]
    required: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    competitor: bool = False
    reply_within: timedelta = timedelta(hours=8)
    handles: tuple[str, ...] = ()
    old_after: tuple[tuple[str, int], ...] = field(default=(), compare=False, repr=False)  # cursors keep hashes of it

    @property
    def is_sample(self) -> bool:
        return self.name.endswith(" (sample)")

    def old_after_days(self, source: str, *, is_review: bool) -> int:
        """The age in days from which a mention of the brand is too old to answer when it first comes in."""
        told = dict(self.old_after)
        usual = REVIEWS_OLD_AFTER if is_review else OLD_AFTER
        kinds = (source, "reviews", "default") if is_review else (source, "default")
        return next((told[kind] for kind in kinds if kind in told), usual)


@dataclass(frozen=True, slots=True)
class Mention:
    """A post, comment, review or article, as its source gives it. Scores and actions are kept apart from it."""

    id: str  # "reddit:t3_1abcde"; never holds the query that found it
    source: str  # "reddit"
    kind: str  # "post", "comment", "review", "article"
    text: str
    published_at: datetime
    title: str | None = None
    author: str | None = None  # None: the account is gone or was never told
    author_url: str | None = None
    url: str | None = None
    rating: float | None = None  # 1 to 5 stars
    reach: int | None = None  # people the author speaks to, where the source tells
    engagement: int | None = None  # votes, likes, points
    language: str | None = None  # ISO 639-1, where the source tells
    thread_id: str | None = None
    parent_id: str | None = None
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A mention that arrives, with the brands that its source itself names (a review page, an inbox, a column)."""

    mention: Mention
    brands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The brand's own reply to a mention, as found at the source."""

    mention_id: str
    text: str
    answered_at: datetime
    author: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovedReply:
    """A reply that a person approved, word for word, and the mention it answers."""

    id: str
    mention_id: str
    text: str
    approved_by: str
    approved_at: datetime
    author: str | None = None  # whom it answers
    url: str | None = None
    thread_id: str | None = None
    parent_id: str | None = None
    kind: str | None = None  # the mention's
    named: tuple[str, ...] = ()  # handles and names the mention speaks of: some platforms allow answers only then


class DeliveryState(StrEnum):
    SENT = "sent"
    REFUSED = "refused"  # for sure: nothing arrived
    IN_DOUBT = "in doubt"  # it may have arrived; a person must look


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of sending an approved reply. It holds no text, so it may be kept longer than the mention."""

    approved_reply_id: str
    mention_id: str
    state: DeliveryState
    happened_at: datetime
    approved_by: str
    reply_id: str | None = None
    url: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """What reviewers of one product wrote about in one week, as the platform counts it: numbers only, no texts."""

    source: str
    brand: str
    subject: str  # "B0EXAMPLE1", the platform's name of the product
    week_on: date  # a Monday
    topic: str  # "battery life"
    sentiment: Sentiment
    mentions: int | None = None  # reviews that speak of it
    share: float | None = None  # of all reviews, 0 to 1
    stars: float | None = None  # how far it moves the average rating
    title: str | None = None  # the product's


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that could not be taken in: its place, the reason, and its content."""

    file: str
    line: int  # counted from 1; 0: the whole file
    reason: str
    content: str = ""


@dataclass(frozen=True, slots=True)
class Erase:
    """A request to erase one mention, or all that one author said on one source."""

    asked_by: str
    mention_id: str | None = None
    source: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """What a source's policy demands of stored mentions: how long their text may be kept, how often to recheck them."""

    source: str
    name: str  # "Yelp"
    lifetime: timedelta | None = None
    recheck_every: timedelta | None = None
    recheck_within: timedelta | None = None  # so long after it was published the source can tell; None: always
    recheck_ids: str | None = None  # the ids that it can tell of, as a regular expression; None: all


@dataclass(frozen=True, slots=True)
class RecheckTarget:
    """What a listener needs to know of a stored mention to recheck it at its source."""

    id: str
    url: str | None = None
    thread_id: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """A mention that a recheck found at its source, and when."""

    id: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A slice of a source that was not read between these two instants, because a limit was reached."""

    query: str
    since: datetime
    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a listener: how much it found or why it failed, and when the next one is due."""

    source: str
    started_at: datetime
    ended_at: datetime
    found: int = 0
    error: str | None = None
    permanent: bool = False  # asking again will not help; a person must change something
    next_at: datetime | None = None
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """The score that one scorer gave one mention."""

    mention_id: str
    scorer: str  # "hearback-3"
    label: Sentiment | None  # None: neither stars nor words that can be judged
    compound: float | None  # -1 to 1; None, as all that words are judged by: not English
    rests_on: str  # "stars", "words", "nothing", "not judged" (not English), "danger" (not positive beside it)
    words: tuple[tuple[str, float], ...] = ()  # what drove it, strongest first
    cues: dict[str, tuple[str, ...]] = field(default_factory=dict)  # cue -> the words that gave it
    confidence: float | None = None  # 0 to 1, in the label
    needs_reply: float | None = None  # 0 to 1; from 0.5 on it needs one
    layer: int = 0  # the version of what was learned from corrections; 0: the scorer as it is shipped
    corrections: int = 0  # how many of them that layer knew
    cue_confidence: dict[str, float] = field(default_factory=dict)  # cue -> how sure, 0 to 1
    language: str | None = None  # ISO 639-1, as detected
    by_brand: dict[str, dict[str, Any]] | None = None  # brand -> label, neg, pos; where several fare differently


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that the rank of one mention is computed from."""

    label: Sentiment | None
    rating: float | None = None
    cues: frozenset[str] = frozenset()
    reach: int | None = None
    engagement: int | None = None
    nth_complaint: int = 0  # 2 for the author's second complaint about our brands; 0: no complaint
    corrected: bool = False  # a person set the label
    expects: bool | None = None  # whether it needs a reply, where a person said so
    expected: bool = False  # whether it needs one, as far as the scorer can tell
    edited: str | None = None  # what changed since it was answered, closed or snoozed: why it is open again
    unjudged: str | None = None  # the language (ISO 639-1) of words that cannot be judged
    addressed: bool = False  # such words hold one of our handles


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a mention's rank: whole points and the words that a person reads."""

    why: str
    points: int


@dataclass(frozen=True, slots=True)
class Action:
    """What a person or the system did to a mention. It is written once and never changed."""

    id: str
    mention_id: str
    kind: ActionKind
    actor: str
    happened_at: datetime
    body: str | None = None  # the note, or what was said
    assignee: str | None = None
    until: datetime | None = None  # a snooze's end
    sentiment: Sentiment | None = None
    undoes: str | None = None  # the id of the action taken back


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person's judgement of a mention beside the scorer's; None where either said nothing."""

    mention_id: str
    source: str
    brands: tuple[str, ...]  # ours
    said: Sentiment | None
    confidence: float | None
    said_needs_reply: float | None
    sentiment: Sentiment | None
    needs_reply: bool | None
    scorer: str | None
    layer: int | None
    week: date | None  # of the blind check's


@dataclass(frozen=True, slots=True)
class MentionState:
    """The triage state of a mention, as its actions leave it."""

    status: Status = Status.OPEN
    assignee: str | None = None
    snoozed_until: datetime | None = None
    sentiment: Sentiment | None = None  # set by a person
    expects: bool | None = None  # whether it needs a reply, where a person said so
    first_reply_at: datetime | None = None
    outcome: ActionKind | None = None  # what closed it: reply, resolve or dismiss
    edited: str | None = None  # why an edit opened it again, while nobody has closed it since
    edited_at: datetime | None = None  # when that edit was made
    wanted_at: datetime | None = field(default=None, compare=False)  # when a person made it work, however old it is
    version: int = 0  # how many actions it has; a write names the version it saw
