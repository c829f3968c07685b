"""Each kind of line that a batch may hold, described once. Both ways of reading a batch are made from this: the store's
own reading of the whole file, and the check of line after line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from data.models import DeliveryState, Sentiment

LONGEST_TEXT = 1_000_000  # characters; more is refused: nobody reads it and every screen would choke on it
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before this no platform existed: the time was misread
AHEAD = timedelta(days=2)  # clocks differ, time zones get lost; what lies further ahead was misread
PLANNED = timedelta(days=3653)  # so far ahead the next run may be
MOST = 2**53  # from it on a JSON number is no longer itself


class Type(Enum):
    """What a field holds. `null` stands for an absent field of any type."""

    TEXT = auto()  # a JSON string; a number is taken as its digits, for somebody posted "42"
    ID = auto()  # a source, a colon, its own id: "reddit:t3_1abc"
    WHOLE = auto()  # a number without a fraction, under MOST either side of 0; 3.0 is one, "3" and 3.5 are none
    NUMBER = auto()  # a number under MOST either side of 0
    FLAG = auto()  # true or false
    INSTANT = auto()  # a calendar date in ISO 8601, with a time or without; UTC where no zone is told
    DAY = auto()  # a calendar date in ISO 8601
    CHOICE = auto()  # one of `choices`
    NAMES = auto()  # a list of JSON strings
    OBJECTS = auto()  # a list of objects, each with `fields`


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a line. `may_be_empty`: "" will do where it is required. `ahead`: how far after now an instant or a
    day may lie; none lies before EARLIEST."""

    name: str
    type: Type = Type.TEXT
    required: bool = False
    may_be_empty: bool = False
    ahead: timedelta = AHEAD
    choices: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of line. `either`: of these groups of fields one must be there whole. `bounded`: these fields together
    have at most LONGEST_TEXT characters."""

    name: str
    fields: tuple[Field, ...]
    either: tuple[tuple[str, ...], ...] = ()
    bounded: tuple[str, ...] = ()


def _required(*names: str, type: Type = Type.TEXT) -> tuple[Field, ...]:
    return tuple(Field(name, type, required=True) for name in names)


def _optional(*names: str, type: Type = Type.TEXT) -> tuple[Field, ...]:
    return tuple(Field(name, type) for name in names)


GAP = (*_required("query", "why"), *_required("since", "until", type=Type.INSTANT))

MENTION = Kind(
    "a mention",
    (
        *_required("id", type=Type.ID),
        *_required("source"),
        *_required("published_at", type=Type.INSTANT),
        Field("text", required=True, may_be_empty=True),
        *_optional("kind", "author", "author_url", "title", "url", "language", "thread_id", "parent_id"),
        *_optional("reach", "engagement", type=Type.WHOLE),
        *_optional("rating", type=Type.NUMBER),
        *_optional("edited_at", type=Type.INSTANT),
        *_optional("brands", type=Type.NAMES),
    ),
    bounded=("text", "title"),
)  # its fields stand in the line itself

ENVELOPES = (
    Kind(
        "answer",
        (
            *_required("mention_id", type=Type.ID),
            *_required("text"),
            *_required("answered_at", type=Type.INSTANT),
            *_optional("author"),
        ),
        bounded=("text",),
    ),
    Kind("brand", (*_required("name"), *_optional("competitor", type=Type.FLAG))),
    Kind("rejected", (*_required("file", "reason"), *_optional("line", type=Type.WHOLE), *_optional("content"))),
    Kind(
        "run",
        (
            *_required("source"),
            *_required("started_at", "ended_at", type=Type.INSTANT),
            *_optional("found", type=Type.WHOLE),
            *_optional("error"),
            *_optional("permanent", type=Type.FLAG),
            Field("next_at", Type.INSTANT, ahead=PLANNED),
            Field("gaps", Type.OBJECTS, fields=GAP),
        ),
    ),
    Kind("gone", _required("id", type=Type.ID)),
    Kind("checked", (*_required("id", type=Type.ID), *_required("checked_at", type=Type.INSTANT))),
    Kind(
        "erase",
        (*_required("asked_by"), *_optional("mention_id", type=Type.ID), *_optional("source", "author")),
        either=(("mention_id",), ("source", "author")),
    ),
    Kind(
        "topic",
        (
            *_required("source", "brand", "subject", "topic"),
            *_required("week_on", type=Type.DAY),
            Field("sentiment", Type.CHOICE, required=True, choices=tuple(Sentiment)),
            *_optional("mentions", type=Type.WHOLE),
            *_optional("share", "stars", type=Type.NUMBER),
            *_optional("title"),
        ),
    ),
    Kind(
        "delivery",
        (
            *_required("letter_id", "approved_by"),
            *_required("mention_id", type=Type.ID),
            Field("state", Type.CHOICE, required=True, choices=tuple(DeliveryState)),
            *_required("happened_at", type=Type.INSTANT),
            *_optional("reply_id", "url", "why"),
        ),
    ),
)  # each stands under its name: {"answer": {...}}

# Read alike by Python and by the store's RE2, which knows neither \s nor \d as Python does.
ID = r"^[^ \t\n\x0b\f\r:{\[]+:."
CALENDAR = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
INSTANT = (
    CALENDAR + r"([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?)?)?"
)
