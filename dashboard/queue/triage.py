"""What the keys do: each verb is a callback that writes through the desk, remembers what to undo and moves on."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard.runtime import house, now
from dashboard.shared import words
from data.exclusions import mutes
from data.exclusions.mutes import Target
from data.models import Action, ActionKind, HearbackError, Sentiment
from data.queue import triage
from data.queue.actions import Collision, NotAllowed
from data.queue.status import NO, YES
from data.settings import user
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
HOLDS_FOR = timedelta(seconds=3)  # what a look found, unless something is written; less than the page's own rhythm

T = TypeVar("T")


@dataclass(frozen=True)
class Looked(Generic[T]):
    """What a look into the store found, what it asked for, and when."""

    asked: tuple[object, ...]
    at: datetime
    found: T


@dataclass(frozen=True)
class Muted:
    """A mute that can be taken back, and the mention it was begun at."""

    mute_id: str
    mention_id: str


@dataclass
class Hand:
    """One person's place in the queue: what is shown, which mention is chosen, what can be taken back."""

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
    looked: dict[str, Looked[Any]] = field(default_factory=dict)  # by what was looked for: the latest look

    def look(self, name: str, store: Store, asked: tuple[object, ...], at: datetime, look: Callable[[], T]) -> T:
        """What `look` finds, or found a moment ago when it `asked` for the same and nothing was written since: a key
        that only moves on must not have a million rows ranked again."""
        asked = (store.writings, *asked)
        latest = self.looked.get(name)
        if latest is None or latest.asked != asked or at - latest.at > HOLDS_FOR:
            latest = self.looked[name] = Looked(asked, at, look())
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
        """Choose what follows a mention that leaves the list."""
        if self.chosen not in self.shown:
            return
        place = self.shown.index(self.chosen)
        left = self.shown[:place] + self.shown[place + 1 :]
        self.chosen = left[min(place, len(left) - 1)] if left else None

    def box(self, mention: str) -> str:
        """The key of a mention's text box: each mention keeps its own draft, and a box once used is a new one."""
        return f"words_{zlib.crc32(mention.encode()):08x}_{self.emptied.get(mention, 0)}"

    def use_up(self, mention: str) -> None:
        """What stood in the mention's box has been written down."""
        self.emptied[mention] = self.emptied.get(mention, 0) + 1

    def put_cursor(self, box: str) -> None:
        """Ask for the cursor in a text box, once."""
        self.focus = f"{int(self.focus.split()[0] or 0) + 1 if self.focus else 1} {box}"


def hand() -> Hand:
    """This session's place in the queue."""
    if "hand" not in st.session_state:
        st.session_state.hand = Hand()
    kept: Hand = st.session_state.hand
    return kept


def catch_up() -> None:
    """Choose the row that was picked, once. A key pressed right after it arrives with it, and may be served first; what
    that key did must stand when the pick's own turn comes."""
    mine = hand()
    picked = getattr(st.session_state.get("queue_list"), "picked", None)
    if picked and picked["at"] != mine.picked_at:
        mine.chosen, mine.picked_at, mine.trouble = picked["id"], picked["at"], ""


def step(by: int) -> None:
    """Go to the next or the previous mention, as a button's callback."""
    catch_up()
    hand().move(by)


def act(kind: ActionKind, me: str, **details: object) -> None:
    """Do one thing to the chosen mention, as a button's callback."""
    mine = hand()
    catch_up()
    if mine.chosen is None:
        return
    action = Action("", mine.chosen, kind, me, now(), **details)  # type: ignore[arg-type]
    _write(action, mine.seen.get(mine.chosen, 0))


def _write(action: Action, seen: int | None) -> bool:
    mine, here = hand(), house()
    mine.said = mine.trouble = ""
    try:
        written = triage.record(here.store, here.judgement.ranking, action, seen)
    except Collision as collision:
        mine.trouble = what_happened(collision, now())
        return False
    except NotAllowed as refusal:
        mine.trouble = str(refusal)
        return False
    mine.said = DONE[action.kind] + ("" if action.kind is ActionKind.UNDO else " · U takes it back")
    if action.kind is not ActionKind.UNDO:
        mine.undoable = [*mine.undoable[-KEPT_UNDOS:], written]
    if action.kind in MOVES_ON:
        mine.move_on()
    return True


def what_happened(collision: Collision, at: datetime) -> str:
    """Who did what meanwhile, as a sentence."""
    steps = ", then ".join(
        f"{action.actor} {DID[action.kind]} {words.ago(action.happened_at, at)}" for action in collision.since
    )
    return f"{steps[:1].upper()}{steps[1:]}. Nothing of yours was written; this is how it stands now."


def undo(me: str) -> None:
    """Take back the latest thing this session did, and show that mention again."""
    mine = hand()
    if not mine.undoable:
        mine.trouble = "There is nothing of yours to take back."
        return
    last = mine.undoable[-1]
    if isinstance(last, Muted):
        _unmute(last, me)
    elif _write(Action("", last.mention_id, ActionKind.UNDO, me, now(), undoes=last.id), None):
        mine.chosen = last.mention_id
    mine.undoable = mine.undoable[:-1]


def mute(target: Target, me: str) -> None:
    """Keep an author, a community or a thread out of the queue; the undo key takes it back."""
    mine, here = hand(), house()
    mine.said = mine.trouble = ""
    mute_id = mutes.mute(here.store, here.judgement.ranking, target, me, now())
    mine.undoable = [*mine.undoable[-KEPT_UNDOS:], Muted(mute_id, mine.chosen or "")]
    mine.said = "Muted · U takes it back"
    mine.move_on()


def _unmute(last: Muted, me: str) -> None:
    mine, here = hand(), house()
    mine.said = mine.trouble = ""
    try:
        mutes.lift(here.store, here.judgement.ranking, last.mute_id, me, now())
    except HearbackError as trouble:
        mine.trouble = str(trouble)
        return
    mine.said, mine.chosen = "Not muted any more", last.mention_id


def me() -> str:
    """Whom this session works as, where the queue's page was told; else the name this machine is used under."""
    return str(st.session_state.get("me") or "").strip() or user()


def stands_beside(mention: str) -> bool:
    """Whether the mention that a key was meant for is still the chosen one. A key may come faster than the answer to
    the one before, and what it would do was read off the mention that stood there."""
    catch_up()
    mine = hand()
    if mine.chosen != mention:
        mine.trouble = "It came before this mention was on the screen. Nothing was written; press it again."
    return mine.chosen == mention


def claim(me: str, assignee: str | None, mention: str) -> None:
    """Take the chosen mention, or let it go when it is one's own."""
    if stands_beside(mention):
        act(ActionKind.ASSIGN, me, assignee=None if assignee == me else me)


def assign(me: str) -> None:
    """Give the chosen mention to whom the menu names, or ask for a name it does not hold."""
    name = st.session_state.assign
    if name == SOMEBODY_NEW:
        hand().asks_name = True
        hand().put_cursor("new_name")
    elif name:
        act(ActionKind.ASSIGN, me, assignee=name)


def assign_new(me: str) -> None:
    """Give the chosen mention to the person whose name was written."""
    hand().asks_name = False
    if name := st.session_state.new_name.strip():
        act(ActionKind.ASSIGN, me, assignee=name)


def write_down(kind: ActionKind, me: str, mention: str) -> None:
    """Keep what the box holds as a note or as the reply that was sent; an empty box gets the cursor instead."""
    if not stands_beside(mention):
        return
    mine = hand()
    box = mine.box(mention)
    body = (st.session_state.get(box) or "").strip()
    if not body:
        mine.trouble = ""
        mine.said = "Write what you answered, then Esc and M." if kind is ActionKind.REPLY else "Write, then Esc and N."
        mine.put_cursor(box)
        return
    act(kind, me, body=body)
    if not mine.trouble:
        mine.use_up(mention)


def snooze(me: str, choice: str) -> None:
    """Let the chosen mention rest for as long as the box beside the key says."""
    act(ActionKind.SNOOZE, me, until=wakes_at(choice, now(), st.context.timezone))


def wakes_at(choice: str, at: datetime, zone: str | None) -> datetime:
    """When a snooze of this name ends. `zone`: the reader's time zone, for "tomorrow 9:00"."""
    hours = SNOOZES[choice]
    if hours is not None:
        return at + timedelta(hours=hours)
    local = at.astimezone(ZoneInfo(zone or "UTC"))
    return (local + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)


def judge(me: str, sentiment: Sentiment) -> None:
    """Set the chosen mention's sentiment by hand."""
    act(ActionKind.JUDGE, me, sentiment=sentiment)


def expect(me: str, needs_reply: bool, mention: str) -> None:
    """Say of the chosen mention whether it needs a reply."""
    if stands_beside(mention):
        act(ActionKind.EXPECT, me, body=YES if needs_reply else NO)
