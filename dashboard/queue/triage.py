"""What the verbs do: write an action, keep it for undo and move on; and the session's triage state."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import zones
from dashboard.access import identity
from dashboard.access.identity import NotLoggedIn
from dashboard.runtime import Runtime, now, runtime
from dashboard.shared import words
from data.exclusions import mutes
from data.exclusions.mutes import Target
from data.models import SYSTEM, Action, ActionKind, HearbackError, Sentiment
from data.people import people
from data.people.rights import Forbidden
from data.queue import details, triage
from data.queue.actions import Collision, NotAllowed
from data.queue.details import Detail
from data.queue.status import NO, YES
from data.store.condition import StoreTrouble
from data.store.store import Store

DONE = {
    ActionKind.ASSIGN: "Assigned",
    ActionKind.NOTE: "Note kept",
    ActionKind.REPLY: "Marked as replied",
    ActionKind.SNOOZE: "Snoozed",
    ActionKind.RESOLVE: "Resolved",
    ActionKind.REOPEN: "Open again",
    ActionKind.DISMISS: "Set aside as not relevant",
    ActionKind.JUDGE: "Sentiment set",
    ActionKind.EXPECT: "Set whether it needs a reply",
    ActionKind.UNDO: "Taken back",
}
DID = {
    ActionKind.ASSIGN: "assigned it",
    ActionKind.NOTE: "left a note",
    ActionKind.REPLY: "replied",
    ActionKind.SNOOZE: "snoozed it",
    ActionKind.RESOLVE: "resolved it",
    ActionKind.REOPEN: "opened it again",
    ActionKind.DISMISS: "set it aside as not relevant",
    ActionKind.JUDGE: "set its sentiment",
    ActionKind.EXPECT: "set whether it needs a reply",
    ActionKind.UNDO: "took back the step before",
}
MOVES_ON = frozenset({ActionKind.REPLY, ActionKind.RESOLVE, ActionKind.DISMISS, ActionKind.SNOOZE})
SNOOZES = {"1 hour": 1, "4 hours": 4, "until tomorrow 9:00": None, "3 days": 72, "1 week": 168}
SNOOZED_FOR = "4 hours"  # unless somebody chooses
SOMEBODY_NEW = "Somebody new…"
KEPT_UNDOS = 50
HOLDS_FOR = timedelta(seconds=3)  # a cached query, unless something is written; less than the page's own rhythm

T = TypeVar("T")


@dataclass(frozen=True)
class CachedQuery(Generic[T]):
    """What a query found, for which parameters, and when."""

    parameters: tuple[object, ...]
    at: datetime
    found: T


@dataclass(frozen=True)
class Muted:
    """A mute that can be taken back, and the mention from which it was made."""

    mute_id: str
    mention_id: str


@dataclass
class TriageState:
    """One session's place in the queue: what is shown, which mention is chosen, what can be undone."""

    me: str = ""  # who works here, as the page was last drawn for
    may_work: bool = True  # whether their role may do anything to a mention
    shown: list[str] = field(default_factory=list)  # the ids on the page, as last drawn
    chosen: str | None = None
    page: int = 0  # 0: the one the address names
    seen: dict[str, int] = field(default_factory=dict)  # each drawn mention's version, so that any can be acted on
    undoable: list[Action | Muted] = field(default_factory=list)
    own: set[str] = field(default_factory=set)  # the ids of all that this session wrote: nobody else's step
    said: str = ""  # what just happened, for the line above the list
    trouble: str = ""  # why the last key did nothing
    focus: str = ""  # a counter and the box the cursor should go to
    turn: int = 0  # which way the page should turn
    asks_name: bool = False  # whether the box for a new name stands open
    emptied: dict[str, int] = field(default_factory=dict)  # mention -> how often its box was used up
    gone: tuple[str, ...] = ()  # mentions that the browser has drafts for and that are stored no more
    handled: float = 0.0  # the number of the latest step of the browser's that was followed
    queries: dict[str, CachedQuery[Any]] = field(default_factory=dict)  # by name: the latest

    def cached(
        self, name: str, store: Store, parameters: tuple[object, ...], at: datetime, query: Callable[[], T]
    ) -> T:
        """Run `query`, or return what it found less than HOLDS_FOR ago with the same parameters, if nothing was written
        since: a key that only moves on must not have a million rows ranked again."""
        parameters = (store.writings, *parameters)
        latest = self.queries.get(name)
        if latest is None or latest.parameters != parameters or at - latest.at > HOLDS_FOR:
            latest = self.queries[name] = CachedQuery(parameters, at, query())
        found: T = latest.found
        return found

    def move(self, step: int) -> None:
        """Choose the next or the previous mention; beyond the page's end, turn the page."""
        self.trouble = ""
        place = self.shown.index(self.chosen) + step if self.chosen in self.shown else 0
        if 0 <= place < len(self.shown):
            self.chosen = self.shown[place]
        elif self.shown:
            self.turn = step

    def move_on(self) -> None:
        """Choose the mention after the chosen one, which leaves the list; the last one where there is none after it."""
        if self.chosen not in self.shown:
            return
        place = self.shown.index(self.chosen)
        left = self.shown[:place] + self.shown[place + 1 :]
        self.chosen = left[min(place, len(left) - 1)] if left else None

    def box(self, mention: str) -> str:
        """The key of a mention's text box. Each mention has its own draft; after `use_up` the key is a new one."""
        return f"words_{zlib.crc32(mention.encode()):08x}_{self.emptied.get(mention, 0)}"

    def use_up(self, mention: str) -> None:
        """Note that the draft in a mention's box was written down, so that the box is empty next time."""
        self.emptied[mention] = self.emptied.pop(mention, 0) + 1  # last now: the latest are told to the browser

    def put_cursor(self, box: str) -> None:
        """Ask the page to put the cursor into a text box, once."""
        self.focus = f"{int(self.focus.split()[0] or 0) + 1 if self.focus else 1} {box}"


def triage_state() -> TriageState:
    """This session's triage state."""
    if "triage_state" not in st.session_state:
        st.session_state.triage_state = TriageState()
    kept: TriageState = st.session_state.triage_state
    return kept


def act(kind: ActionKind, mention: str, seen: int | None, **details: object) -> None:
    """Record an action on a mention. `seen`: its version on the screen; `details`: more fields of the action."""
    _write(Action("", mention, kind, triage_state().me, now(), **details), seen)  # type: ignore[arg-type]


def _write(action: Action, seen: int | None) -> bool:
    state, here = triage_state(), runtime()
    state.said = state.trouble = ""
    try:
        written = _record(here, action, seen)
    except Collision as collision:
        state.trouble = what_happened(collision, now())
        return False
    except (NotAllowed, StoreTrouble, Forbidden, NotLoggedIn) as refusal:
        state.trouble = str(refusal)
        return False
    state.own.add(written.id)
    state.said = DONE[action.kind] + ("" if action.kind is ActionKind.UNDO else " · U takes it back")
    if action.kind is not ActionKind.UNDO:
        state.undoable = [*state.undoable[-KEPT_UNDOS:], written]
    if action.kind in MOVES_ON:
        state.move_on()
    return True


def _record(here: Runtime, action: Action, seen: int | None) -> Action:
    """Write an action. What this session did itself since the version that was on the screen is no collision: a key may
    be pressed before the page shows what the key before it did."""
    by = identity.acting()
    try:
        return triage.record(here.store, here.judgement.ranking, action, seen, by)
    except Collision as collision:
        if seen is None or not all(one.id in triage_state().own for one in collision.since):
            raise
        return triage.record(here.store, here.judgement.ranking, action, seen + len(collision.since), by)


def name_of(actor: str) -> str:
    """Who did it, as people read it."""
    return "Hearback" if actor == SYSTEM else actor


def what_happened(collision: Collision, at: datetime) -> str:
    """Who did what in the meantime, as sentences."""
    steps = ", then ".join(
        f"{name_of(action.actor)} {DID[action.kind]} {words.ago(action.happened_at, at)}" for action in collision.since
    )
    return f"{steps[:1].upper()}{steps[1:]}. Nothing of yours was written; this is how it stands now."


def undo() -> None:
    """Undo the latest action or mute of this session, and choose its mention."""
    state = triage_state()
    if not state.undoable:
        state.trouble = "There is nothing of yours to take back."
        return
    last = state.undoable[-1]
    if isinstance(last, Muted):
        _unmute(last)
    elif _write(Action("", last.mention_id, ActionKind.UNDO, state.me, now(), undoes=last.id), None):
        state.chosen = last.mention_id
    state.undoable = state.undoable[:-1]


def mute(target: Target, mention: str) -> None:
    """Keep an author, a community or a thread out of the queue; the undo key takes it back. `mention`: the one from
    which it is muted."""
    state, here = triage_state(), runtime()
    state.said = state.trouble = ""
    try:
        mute_id = mutes.mute(here.store, here.judgement.ranking, target, identity.acting(), now())
    except (StoreTrouble, Forbidden, NotLoggedIn) as trouble:
        state.trouble = str(trouble)
        return
    state.undoable = [*state.undoable[-KEPT_UNDOS:], Muted(mute_id, mention)]
    state.said = "Muted · U takes it back"
    state.move_on()


def _unmute(last: Muted) -> None:
    state, here = triage_state(), runtime()
    state.said = state.trouble = ""
    try:
        mutes.lift(here.store, here.judgement.ranking, last.mute_id, identity.acting(), now())
    except HearbackError as trouble:
        state.trouble = str(trouble)
        return
    state.said, state.chosen = "Not muted any more", last.mention_id


def claim(mention: str, seen: int | None) -> None:
    """Assign a mention to who works here, or to nobody where it is theirs already."""
    me = triage_state().me
    detail = _detail(mention)
    is_mine = detail is not None and detail.state.assignee == me
    act(ActionKind.ASSIGN, mention, seen, assignee=None if is_mine else me)


def assign(mention: str, seen: int | None) -> None:
    """Assign a mention to the person chosen in the menu, or open the field for a new name."""
    name = st.session_state.assign
    if name == SOMEBODY_NEW:
        triage_state().asks_name = True
        triage_state().put_cursor("new_name")
    elif name:
        act(ActionKind.ASSIGN, mention, seen, assignee=name)
        person = people.known(runtime().places).named(name)
        if person and person.is_away and triage_state().said:
            triage_state().said = f"Assigned, though {words.plain(name)} is away · U takes it back"


def assign_new(mention: str, seen: int | None) -> None:
    """Assign a mention to the person whose name was typed."""
    triage_state().asks_name = False
    if name := st.session_state.new_name.strip():
        act(ActionKind.ASSIGN, mention, seen, assignee=name)


def write_down(kind: ActionKind, mention: str, seen: int | None, text: str | None = None) -> None:
    """Record the draft as a note or as the reply that was sent; an empty box gets the cursor instead. `text`: what
    stood in the box when the verb was pressed; None where the browser did not say, and the box as last left counts."""
    state = triage_state()
    box = state.box(mention)
    body = ((st.session_state.get(box) if text is None else text) or "").strip()
    if not body:
        state.trouble = ""
        state.said = (
            "Write what you answered, then Esc and M." if kind is ActionKind.REPLY else "Write, then Esc and N."
        )
        state.put_cursor(box)
        return
    act(kind, mention, seen, body=body)
    if not state.trouble:
        state.use_up(mention)


def snooze(mention: str, seen: int | None) -> None:
    """Snooze a mention for as long as the box beside the button says."""
    choice = st.session_state.get("snooze_for") or SNOOZED_FOR
    act(ActionKind.SNOOZE, mention, seen, until=wakes_at(choice, now(), zones.of_reader().key))


def wakes_at(choice: str, at: datetime, zone: str | None) -> datetime:
    """When a snooze ends. `choice`: one of SNOOZES; `zone`: the reader's IANA time zone, for "tomorrow 9:00"."""
    hours = SNOOZES[choice]
    if hours is not None:
        return at + timedelta(hours=hours)
    local = at.astimezone(ZoneInfo(zone or "UTC"))
    return (local + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)


def judge(sentiment: Sentiment, mention: str, seen: int | None) -> None:
    """Correct a mention's sentiment."""
    act(ActionKind.JUDGE, mention, seen, sentiment=sentiment)


def expect(mention: str, seen: int | None) -> None:
    """Say of a mention that needs a reply that it needs none, and the other way round."""
    detail = _detail(mention)
    act(ActionKind.EXPECT, mention, seen, body=NO if detail and detail.needs_reply else YES)


def _detail(mention: str) -> Detail | None:
    with runtime().store.read() as store:
        return details.find(store, mention)
