"""What the keys do: callbacks that write an action, keep it for undo and move on; and the session's triage state."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard.runtime import now, runtime
from dashboard.shared import words
from data.exclusions import mutes
from data.exclusions.mutes import Target
from data.models import Action, ActionKind, HearbackError, Sentiment
from data.queue import triage
from data.queue.actions import Collision, NotAllowed
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

    shown: list[str] = field(default_factory=list)  # the ids on the page, as last drawn
    chosen: str | None = None
    page: int = 0  # 0: the one the address names
    seen: dict[str, int] = field(default_factory=dict)  # each drawn mention's version, so that any can be acted on
    undoable: list[Action | Muted] = field(default_factory=list)
    said: str = ""  # what just happened, for the line above the list
    trouble: str = ""  # why the last key did nothing
    focus: str = ""  # a counter and the box the cursor should go to
    turn: int = 0  # which way the page should turn
    asks_name: bool = False  # whether the box for a new name stands open
    emptied: dict[str, int] = field(default_factory=dict)  # mention -> how often its box was used up
    picked_at: float = 0.0  # when the row was picked that was chosen last
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
        self.emptied[mention] = self.emptied.get(mention, 0) + 1

    def put_cursor(self, box: str) -> None:
        """Ask the page to put the cursor into a text box, once."""
        self.focus = f"{int(self.focus.split()[0] or 0) + 1 if self.focus else 1} {box}"


def triage_state() -> TriageState:
    """This session's triage state."""
    if "triage_state" not in st.session_state:
        st.session_state.triage_state = TriageState()
    kept: TriageState = st.session_state.triage_state
    return kept


def catch_up() -> None:
    """Choose the row that was picked in the list, once. A key pressed right after arrives with the pick and may be
    served first; the pick must then not undo what the key did."""
    state = triage_state()
    picked = getattr(st.session_state.get("queue_list"), "picked", None)
    if picked and picked["at"] != state.picked_at:
        state.chosen, state.picked_at, state.trouble = picked["id"], picked["at"], ""


def step(by: int) -> None:
    """Go to the next or the previous mention, as a button's callback."""
    catch_up()
    triage_state().move(by)


def act(kind: ActionKind, me: str, **details: object) -> None:
    """Record an action on the chosen mention, as a button's callback. `details`: more fields of the action."""
    state = triage_state()
    catch_up()
    if state.chosen is None:
        return
    action = Action("", state.chosen, kind, me, now(), **details)  # type: ignore[arg-type]
    _write(action, state.seen.get(state.chosen, 0))


def _write(action: Action, seen: int | None) -> bool:
    state, here = triage_state(), runtime()
    state.said = state.trouble = ""
    try:
        written = triage.record(here.store, here.judgement.ranking, action, seen)
    except Collision as collision:
        state.trouble = what_happened(collision, now())
        return False
    except (NotAllowed, StoreTrouble) as refusal:
        state.trouble = str(refusal)
        return False
    state.said = DONE[action.kind] + ("" if action.kind is ActionKind.UNDO else " · U takes it back")
    if action.kind is not ActionKind.UNDO:
        state.undoable = [*state.undoable[-KEPT_UNDOS:], written]
    if action.kind in MOVES_ON:
        state.move_on()
    return True


def what_happened(collision: Collision, at: datetime) -> str:
    """Who did what in the meantime, as sentences."""
    steps = ", then ".join(
        f"{action.actor} {DID[action.kind]} {words.ago(action.happened_at, at)}" for action in collision.since
    )
    return f"{steps[:1].upper()}{steps[1:]}. Nothing of yours was written; this is how it stands now."


def undo(me: str) -> None:
    """Undo the latest action or mute of this session, and choose its mention."""
    state = triage_state()
    if not state.undoable:
        state.trouble = "There is nothing of yours to take back."
        return
    last = state.undoable[-1]
    if isinstance(last, Muted):
        _unmute(last, me)
    elif _write(Action("", last.mention_id, ActionKind.UNDO, me, now(), undoes=last.id), None):
        state.chosen = last.mention_id
    state.undoable = state.undoable[:-1]


def mute(target: Target, me: str) -> None:
    """Keep an author, a community or a thread out of the queue; the undo key takes it back."""
    state, here = triage_state(), runtime()
    state.said = state.trouble = ""
    try:
        mute_id = mutes.mute(here.store, here.judgement.ranking, target, me, now())
    except StoreTrouble as trouble:
        state.trouble = str(trouble)
        return
    state.undoable = [*state.undoable[-KEPT_UNDOS:], Muted(mute_id, state.chosen or "")]
    state.said = "Muted · U takes it back"
    state.move_on()


def _unmute(last: Muted, me: str) -> None:
    state, here = triage_state(), runtime()
    state.said = state.trouble = ""
    try:
        mutes.lift(here.store, here.judgement.ranking, last.mute_id, me, now())
    except HearbackError as trouble:
        state.trouble = str(trouble)
        return
    state.said, state.chosen = "Not muted any more", last.mention_id


def stands_beside(mention: str) -> bool:
    """Whether the mention that a key was meant for is still the chosen one; says so in the state where it is not. A key
    may come before the page shows what the key before it did."""
    catch_up()
    state = triage_state()
    if state.chosen != mention:
        state.trouble = "It came before this mention was on the screen. Nothing was written; press it again."
    return state.chosen == mention


def claim(me: str, assignee: str | None, mention: str) -> None:
    """Assign the chosen mention to `me`, or to nobody where it is `me`'s already."""
    if stands_beside(mention):
        act(ActionKind.ASSIGN, me, assignee=None if assignee == me else me)


def assign(me: str) -> None:
    """Assign the chosen mention to the person chosen in the menu, or open the field for a new name."""
    name = st.session_state.assign
    if name == SOMEBODY_NEW:
        triage_state().asks_name = True
        triage_state().put_cursor("new_name")
    elif name:
        act(ActionKind.ASSIGN, me, assignee=name)


def assign_new(me: str) -> None:
    """Assign the chosen mention to the person whose name was typed."""
    triage_state().asks_name = False
    if name := st.session_state.new_name.strip():
        act(ActionKind.ASSIGN, me, assignee=name)


def write_down(kind: ActionKind, me: str, mention: str) -> None:
    """Record the draft as a note or as the reply that was sent; an empty box gets the cursor instead."""
    if not stands_beside(mention):
        return
    state = triage_state()
    box = state.box(mention)
    body = (st.session_state.get(box) or "").strip()
    if not body:
        state.trouble = ""
        state.said = (
            "Write what you answered, then Esc and M." if kind is ActionKind.REPLY else "Write, then Esc and N."
        )
        state.put_cursor(box)
        return
    act(kind, me, body=body)
    if not state.trouble:
        state.use_up(mention)


def snooze(me: str, choice: str) -> None:
    """Snooze the chosen mention. `choice`: one of SNOOZES."""
    act(ActionKind.SNOOZE, me, until=wakes_at(choice, now(), st.context.timezone))


def wakes_at(choice: str, at: datetime, zone: str | None) -> datetime:
    """When a snooze ends. `choice`: one of SNOOZES; `zone`: the reader's IANA time zone, for "tomorrow 9:00"."""
    hours = SNOOZES[choice]
    if hours is not None:
        return at + timedelta(hours=hours)
    local = at.astimezone(ZoneInfo(zone or "UTC"))
    return (local + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)


def judge(me: str, sentiment: Sentiment) -> None:
    """Correct the chosen mention's sentiment."""
    act(ActionKind.JUDGE, me, sentiment=sentiment)


def expect(me: str, mention: str, *, needs_reply: bool) -> None:
    """Correct whether the chosen mention needs a reply."""
    if stands_beside(mention):
        act(ActionKind.EXPECT, me, body=YES if needs_reply else NO)
