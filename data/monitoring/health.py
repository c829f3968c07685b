"""Finds what a person should know about each source: failures, lateness, silence, gaps, budget, credentials."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from data import files, setup
from data.models import HearbackError
from data.monitoring.figures import count_waiting, listeners, status
from data.monitoring.silence import Habit, habits, silence
from data.settings import Places
from data.spool import credentials, pushes
from data.spool.budgets import Spending, spending
from data.spool.credentials import Ending
from data.spool.time_check import reckoned
from data.store.store import Connection

LATE = timedelta(minutes=5)  # after which a run that was due counts as missed
BEHIND = timedelta(hours=2)  # for so long at least a slice may stay unread
RUNS = 4  # and for so many runs

Kind = Literal["refused", "late", "silent", "behind", "gap", "budget", "credentials"]


@dataclass(frozen=True, slots=True)
class Concern:
    """One problem of a source. `broken`: it stays until a person does something."""

    kind: Kind
    says: str
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Lag:
    """A slice of a source that is behind. `unread`: not read at all since then; else not read to its end since then."""

    key: str
    since: datetime
    unread: bool


def whole(store: Connection, places: Places, now: datetime, on: Collection[str] | None = None) -> dict[str, Any]:
    """The state of the whole as figures.status gives it, how many pushed bodies lie in the `intake`, and per source
    what it has spent and what should be known of it: `spent`, `cap`, `left`, `concerns`. `on`: the sources that are
    switched on; None when that is not known."""
    figures = status(store, places.incoming, now) | lying(places)
    money, known = budgets(places, now), concerns(store, places, now, on)
    for source in money.keys() - figures["listeners"].keys():
        figures["listeners"][source] = {}
        known[source] = list(_budget(money[source]))
    for source, row in figures["listeners"].items():
        spent = money.get(source)
        if spent:
            row.update(spent=spent.spent, cap=spent.cap, left=spent.left)
        row["concerns"] = [asdict(concern) for concern in known.get(source, ())]
    return figures


def lying(places: Places) -> dict[str, int]:
    """What lies there to be taken in: batches that wait, bodies in the intake. It can be told without the store."""
    return {"waiting": count_waiting(places.incoming), "intake": _count_intake(places.intake)}


def _count_intake(intake: Path) -> int:
    """How many pushed bodies lie there; none where the folder cannot be read, which its source tells."""
    try:
        return len(pushes.waiting(intake))
    except OSError:
        return 0


def budgets(places: Places, now: datetime) -> dict[str, Spending]:
    """What paid sources have spent this month; the caps are unknown while setup.toml cannot be read."""
    return spending(places.budgets, _tables(places), reckoned(places.clock, now))


def _tables(places: Places) -> Mapping[str, Mapping[str, Any]]:
    try:
        return setup.load(places.setup).sources
    except HearbackError:
        return {}


def concerns(
    store: Connection, places: Places, now: datetime, on: Collection[str] | None = None
) -> dict[str, list[Concern]]:
    """The concerns of each source that ever ran and is switched on, by source."""
    money, usual, tables = budgets(places, now), habits(store, now), _tables(places)
    known = {}
    for row in listeners(store):
        source = row["source"]
        if on is None or source in on:
            ends = list(credentials.endings(tables.get(source, {}), places.cursors, source, now))
            known[source] = judge(row, usual.get(source), lags(places.cursors, source), money.get(source), now, ends)
    return known


def judge(
    run: Mapping[str, Any],
    habit: Habit | None,
    behind: Collection[Lag],
    spent: Spending | None,
    now: datetime,
    ends: Collection[Ending] = (),
) -> list[Concern]:
    """What should be known of one source. `run`: its row of figures.listeners; `ends`: of its credentials."""
    told = [Concern("credentials", one.says, one.over) for one in ends]
    return [*_runs(run, now), *told, *_silent(run, habit), *_behind(run, behind, now), *_gaps(run), *_budget(spent)]


def _runs(run: Mapping[str, Any], now: datetime) -> Iterator[Concern]:
    if run["error"] and run["permanent"]:
        yield Concern("refused", f"A person must change something: {str(run['error']).rstrip('.')}.", broken=True)
    if run["next_run_at"] and now - run["next_run_at"] > LATE:
        yield Concern("late", f"Its next visit was due {lasting(now - run['next_run_at'])} ago.")


def _silent(run: Mapping[str, Any], habit: Habit | None) -> Iterator[Concern]:
    lasted = silence(habit) if habit and not run["error"] else None
    if habit and lasted:
        yield Concern(
            "silent",
            f"Nothing new for {lasting(lasted)}, though it is visited; it was never silent for longer than "
            f"{lasting(habit.longest)} in the last 30 days. Has a query, an account or a permission changed?",
        )


def _behind(run: Mapping[str, Any], behind: Collection[Lag], now: datetime) -> Iterator[Concern]:
    apart = run["next_run_at"] - run["last_run_at"] if run["next_run_at"] else timedelta()
    late = [lag for lag in behind if run["last_run_at"] - lag.since > max(BEHIND, RUNS * apart)]
    unread, unfinished = ([lag for lag in late if lag.unread is kind] for kind in (True, False))
    if unread:
        longest = min(unread, key=lambda lag: lag.since)
        yield Concern("behind", f"{_named(unread)} not read for {lasting(now - longest.since)}.")
    if unfinished:
        longest = min(unfinished, key=lambda lag: lag.since)
        yield Concern(
            "behind", f"{_named(unfinished)} brings more than is read, for {lasting(now - longest.since)} now."
        )


def _named(late: Collection[Lag]) -> str:
    names = sorted(lag.key for lag in late)
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _gaps(run: Mapping[str, Any]) -> Iterator[Concern]:
    if run["gaps"]:
        why = "; ".join(gap["why"] for gap in run["gaps"][:3])
        yield Concern("gap", f"At its last visit not all could be read: {why}.")


def _budget(spent: Spending | None) -> Iterator[Concern]:
    if spent is None:
        return
    if spent.spent is None:
        yield Concern("budget", "What it has spent cannot be read, so it spends nothing.", broken=True)
    elif spent.cap is not None and spent.near_its_end:
        said = f"${spent.spent:,.2f} of this month's ${spent.cap:,.2f} are spent"
        over = "; at the cap it stops until next month, or until the cap is raised"
        yield Concern("budget", f"{said}{over}.")


def lags(folder: Path, source: str) -> list[Lag]:
    """The slices of a source's cursor: when each was read last, and since when some were not read to their end. Empty
    when the cursor has no such record."""
    try:
        turns = files.read_json(folder / f"{source}.json")["turns"].items()
        unread = [Lag(key, _at(turn["read_at"]), unread=True) for key, turn in turns]
        return unread + [Lag(key, _at(turn["more_since"]), unread=False) for key, turn in turns if "more_since" in turn]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def _at(said: str) -> datetime:
    at = datetime.fromisoformat(said)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def lasting(length: timedelta) -> str:
    """A length of time in words: "40 minutes", "5 hours", "3 days"."""
    minutes = max(0, int(length.total_seconds() // 60))
    for unit, size in (("day", 2 * 1440), ("hour", 120)):
        if minutes >= size:
            return f"{minutes // (size // 2)} {unit}s"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
