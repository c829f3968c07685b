"""A source in words for the screen: how it stands, why, and what its platform allows; plain functions, no widgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from dashboard.shared import words
from data.models import SAMPLE, HearbackError
from data.monitoring.health import LATE
from data.settings import secret
from data.setup import Setup
from listeners.base import Listener, ListenerError, LiveView, Options, Policy, Source, secrets_of
from listeners.schedule.runs import Task, interval, lacks, why_off

SAID_ALREADY = ("refused", "late", "gap")  # by the last visit's error, by the mark, in the table of gaps
UNREADABLE = "What setup.toml last said of it stands."


class Mark(Enum):
    """How a source stands: the word people read, its icon, its colour; word and icon tell it without the colour."""

    LISTENING = ("Listening", ":material/check_circle:", "green")
    STARTING = ("Not visited yet", ":material/schedule:", "blue")
    TROUBLE = ("In trouble", ":material/warning:", "orange")
    NEEDS_YOU = ("Needs you", ":material/front_hand:", "red")
    BEHIND = ("Behind", ":material/hourglass_bottom:", "orange")
    SILENT = ("Silent", ":material/hearing_disabled:", "orange")
    UNCLEAR = ("Unclear", ":material/help:", "orange")
    WAITING = ("Waiting", ":material/hourglass_empty:", "gray")
    OFF = ("Off", ":material/pause_circle:", "gray")

    @property
    def sign(self) -> tuple[str, str, Any]:
        """Word, icon and colour of its badge."""
        return self.value

    @property
    def rests(self) -> bool:
        """Whether the source is not listened to."""
        return self in (Mark.WAITING, Mark.OFF)


URGENCY = (Mark.NEEDS_YOU, Mark.TROUBLE, Mark.UNCLEAR, Mark.BEHIND, Mark.SILENT, Mark.STARTING, Mark.LISTENING)
MARKS = {"behind": Mark.BEHIND, "silent": Mark.SILENT}


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source as the screen shows it. `why`: our own words; `error`: may hold a stranger's, so shown as text."""

    source: str
    name: str
    mark: Mark
    why: str
    error: str
    last_run: str
    next_run: str
    new_at_last_run: int | None
    new_in_all: int
    spent: str = ""  # "$3.20 of $50.00 spent this month"; only of what costs money


def states(
    listeners: Sequence[Listener],
    setup: Setup | None,
    runs: Sequence[Mapping[str, Any]],
    now: datetime,
    *,
    runs_here: bool,
    known: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[SourceState]:
    """The state of every source, by URGENCY, those that are off last. `setup`: None when it cannot be read; `runs`: as
    monitoring.figures.listeners gives them; `runs_here`: whether this app runs the listeners' process; `known`: the
    listeners of monitoring.health.whole."""
    by_source = {run["source"]: run for run in runs}
    shown = [_state(one, setup, by_source.get(one.source, {}), now, runs_here=runs_here) for one in listeners]
    told = [with_health(state, (known or {}).get(state.source, {})) for state in shown]
    return sorted(told, key=lambda state: (state.mark.rests, not state.mark.rests and URGENCY.index(state.mark)))


def with_health(state: SourceState, known: Mapping[str, Any]) -> SourceState:
    """Add a source's spending and its concerns, `known` as monitoring.health.whole gives it, to its state."""
    spent, cap = known.get("spent"), known.get("cap")
    said = any(one["kind"] == "budget" for one in known.get("concerns", ())) and not state.mark.rests
    state = replace(state, spent="" if spent is None or said else _money(spent, cap))
    if state.mark.rests or state.mark is Mark.UNCLEAR:
        return state
    concerns = [one for one in known.get("concerns", ()) if one["kind"] not in SAID_ALREADY]
    why = "\n".join([*filter(None, [state.why]), *(words.shown(one["says"]) for one in concerns)])
    marks = [state.mark, *map(_worth, concerns)]
    return replace(state, why=why, mark=min(marks, key=URGENCY.index))


def _worth(concern: Mapping[str, Any]) -> Mark:
    """The mark that one concern stands for."""
    return Mark.NEEDS_YOU if concern["broken"] else MARKS.get(concern["kind"], Mark.LISTENING)


def _money(spent: float, cap: float | None) -> str:
    return f"${spent:,.2f}" + ("" if cap is None else f" of ${cap:,.2f}") + " spent this month."


def _state(
    listener: Listener, setup: Setup | None, run: Mapping[str, Any], now: datetime, *, runs_here: bool
) -> SourceState:
    mark, why = _judge(listener, setup, run, now, runs_here=runs_here)
    is_said = mark.rests or (run.get("permanent") and setup and why == needed(task(listener, setup)))
    return SourceState(
        source=listener.source,
        name=listener.policy.name,
        mark=mark,
        why=why,
        error="" if is_said else sentence(words.shown(run.get("error") or "")),
        last_run=words.ago(run["last_run_at"], now) if run else "never",
        next_run="\N{EN DASH}"
        if mark.rests or (mark is Mark.UNCLEAR and not run)
        else _next_run(run.get("next_run_at"), now),
        new_at_last_run=run.get("new_at_last_run"),
        new_in_all=run.get("new_in_all") or 0,
    )


def _judge(
    listener: Listener, setup: Setup | None, run: Mapping[str, Any], now: datetime, *, runs_here: bool
) -> tuple[Mark, str]:
    if setup is None:
        return Mark.UNCLEAR, UNREADABLE
    wanted = task(listener, setup)
    if off := reason_off(wanted):
        return resting(wanted), off
    if need := needed(wanted):
        return Mark.NEEDS_YOU, need
    return _fare(run, now, runs_here=runs_here)


def _fare(run: Mapping[str, Any], now: datetime, *, runs_here: bool) -> tuple[Mark, str]:
    """The mark of a source that is switched on, and why, from its last run."""
    if not run:
        return Mark.STARTING, _first_run(runs_here=runs_here)
    if run["next_run_at"] and now - run["next_run_at"] > LATE:
        return (
            Mark.SILENT,
            f"Its next visit was due {words.ago(run['next_run_at'], now)}. {_who_runs_it(runs_here=runs_here)}",
        )
    if run["error"]:
        return (Mark.NEEDS_YOU if run["permanent"] else Mark.TROUBLE), _last_success(run, now)
    return Mark.LISTENING, ""


def task(listener: Listener, setup: Setup) -> Task:
    """A source's task, with our brands and its options in setup.toml, as the listeners' process makes it."""
    real = tuple(brand for brand in setup.brands if not brand.is_sample)
    return Task(listener, real, setup.sources.get(listener.source, {}))


def resting(wanted: Task) -> Mark:
    """OFF for a source that was switched off, WAITING for one that has nothing to listen for yet."""
    gone = wanted.listener.source == SAMPLE or wanted.listener.policy.approval
    return Mark.OFF if gone or wanted.options.get("on") is False else Mark.WAITING


def mark_of(wanted: Task) -> Mark:
    """The mark of a source by its settings alone, whatever came of its runs."""
    if reason_off(wanted):
        return resting(wanted)
    return Mark.NEEDS_YOU if needed(wanted) else Mark.LISTENING


def reason_off(wanted: Task) -> str | None:
    """Why a source is not listened to, a sentence; None when it is switched on."""
    said = why_off(wanted)
    return None if said is None else _in_words(wanted, said)


def _in_words(wanted: Task, said: str) -> str:
    if wanted.options.get("on") is False:
        return "Switched off under Setup, Sources."
    if wanted.listener.source == SAMPLE:
        return "It gave way to a brand of your own."
    if wanted.listener.policy.approval:
        return _approval_missing(wanted)
    if not wanted.brands:
        return "No brand to listen for yet: name one under Setup, Brands."
    if lacking := lacks(wanted):
        return f"{lacking.label}: none yet. Set it under Setup, Sources."
    return sentence(said)


def _approval_missing(wanted: Task) -> str:
    policy, missing = wanted.listener.policy, secrets_missing(wanted.listener, wanted.options, " ")
    if wanted.options.get("approved"):
        return f"Its approval is confirmed; it can be switched on under Setup, Sources.{missing}"
    return f"Off until you hold {policy.approval}.{missing}"


def secrets_missing(source: Source | LiveView, options: Options, lead: str = "") -> str:
    """The names of the secrets that nobody set, as a sentence after `lead`; "" when all are set. No value is shown."""
    try:
        missing = [name for name in secrets_of(source, options) if not secret(name)]
    except HearbackError as trouble:  # secrets.toml is broken
        return f"{lead}{trouble}"
    if not missing:
        return ""
    return f"{lead}It needs {' and '.join(missing)} in the environment or in .streamlit/secrets.toml."


def needed(wanted: Task) -> str | None:
    """What a person must do before a source that is switched on can run, a sentence; None when nothing is missing."""
    policy = wanted.listener.policy
    if policy.approval and not wanted.options.get("approved"):
        return f"Confirm under Setup, Sources, that you hold {policy.approval}."
    if missing := secrets_missing(wanted.listener, wanted.options):
        return missing
    try:
        interval(wanted)
    except ListenerError:
        return "How often it is to be visited cannot be read from setup.toml: set it under Setup, Sources."
    return None


def sentence(said: str) -> str:
    """`said` as a sentence: a capital first, a full stop last; "" stays ""."""
    said = said.strip()
    return said[:1].upper() + said[1:] + ("" if said[-1:] in ".!?" else ".") if said else ""


def _first_run(*, runs_here: bool) -> str:
    return "Its first visit comes within seconds." if runs_here else _who_runs_it(runs_here=runs_here)


def _who_runs_it(*, runs_here: bool) -> str:
    if runs_here:
        return "The listeners' process may be starting again."
    return "This app does not run the listeners: start them with python -m listeners."


def _last_success(run: Mapping[str, Any], now: datetime) -> str:
    if run["last_success_at"] is None:
        return "No visit has gone well yet."
    return f"The last visit without trouble was {words.ago(run['last_success_at'], now)}."


def _next_run(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "soon"
    if at < now - LATE:
        return f"was due {words.ago(at, now)}"
    return "any moment" if at - now < timedelta(minutes=1) else f"in {words.span(at - now)}"


def rules(policy: Policy) -> list[tuple[str, str]]:
    """What the platform allows, each rule as (title, sentence)."""
    rows = [("Text", _retention(policy)), ("Deleted there", policy.deletions), ("Answers", policy.replies)]
    if policy.approval:
        rows.insert(0, ("Only with", sentence(policy.approval)))
    if policy.reply:
        when = f" {policy.reply.only_when}" if policy.reply.only_when else ""
        rows.append(("Their length", f"At most {policy.reply.longest:,} {policy.reply.unit}.{when}"))
    if policy.dollars_per_item:
        rows.append(
            ("Price", f"${policy.dollars_per_item:g} for each mention or call billed; the cap is yours to set.")
        )
    if policy.credentials:
        rows.append(("Its keys", policy.credentials))
    if policy.display:
        rows.append(("Shown", policy.display))
    if not has_link(policy):
        rows.append(("Terms", sentence(policy.terms)))
    return [*rows, ("Rules checked", f"on {said_on(policy.checked_on)}")]


def _retention(policy: Policy) -> str:
    if not policy.keeps_text:
        return "Nothing that is read may be kept: it is shown live only."
    kept = f"Kept for {_length(policy.lifetime)} at most." if policy.lifetime else "What is read may be kept."
    if policy.recheck_every:
        return f"{kept} CachedQuery for again at the source every {_length(policy.recheck_every)}."
    return kept


def _length(span: timedelta) -> str:
    hours = span // timedelta(hours=1)
    return f"{hours} hours" if hours <= 48 else f"{span.days} days"


def has_link(policy: Policy) -> bool:
    """Whether the terms are an address that can be opened."""
    return policy.terms.startswith(("https://", "http://"))


def said_on(day: date) -> str:
    """A day in words: "22 November 2026"."""
    return f"{day.day} {day:%B %Y}"


def is_approved(options: Options) -> bool:
    """Whether somebody confirmed that the team holds the platform's approval."""
    return bool(options.get("approved"))
