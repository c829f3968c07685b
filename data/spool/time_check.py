"""The time check: whether the clock may be believed, by the time that was seen to pass and by what sources say.

What deletes by age asks here first. Two small files in the folder `clock` are all that is kept: the newest moment that
was believed, and the latest time that a source told with an answer. The running clock, which nobody can set, tells how
much time passed since either; where the machine was started anew in between, only a source or a person can.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from data import files
from data.clock import Clock, Moment, Running, boot, moment, now_in_utc, seconds_running

TOLERANCE = timedelta(hours=1)  # by which the clock may differ from the time that passed
KEEP_EVERY = 300.0  # seconds between two writings of a file
PATIENCE = 600.0  # seconds for which a source's answer is waited for before a person is asked
KEPT, TOLD = "believed.json", "told.json"
UNTIL_THEN = (
    "Until the time is confirmed nothing is deleted: no text expires, nothing is looked up again at its source, "
    "nothing old is removed. What a person erases goes all the same."
)
WHAT_TO_DO = (
    "If the time is right, confirm it on any page or with python -m data clock --confirm. If it is wrong, set the "
    "machine's clock; deleting then goes on by itself."
)


@dataclass(frozen=True, slots=True)
class Belief:
    """Whether the clock may be believed; if not, `says` why and what to do. `asks`: a person is needed, since no source
    settled it in ten minutes, or the clock was seen to jump."""

    is_believed: bool = True
    says: str = ""
    asks: bool = False


BELIEVED = Belief()


class TimeCheck:
    """Checks one machine's clock for one process. `folder`: of the two files; `newest`: the newest instant that the
    store knows, asked for only where no moment was kept yet."""

    def __init__(
        self,
        folder: Path,
        newest: Callable[[], datetime | None] = lambda: None,
        clock: Clock = now_in_utc,
        running: Running = seconds_running,
    ) -> None:
        self.folder = folder
        self._newest = newest
        self._clock = clock
        self._running = running
        self._doubted_since: float | None = None  # by the running clock
        self._lock = threading.RLock()
        self.latest = BELIEVED

    def look(self) -> Belief:
        """Judge the clock as it stands now, and keep the moment when it is believed."""
        with self._lock:  # several threads ask, and one file is written
            return self._judge()

    def _judge(self) -> Belief:
        now = moment(self._clock, self._running)
        kept, told = self._kept(), read(self.folder / TOLD)
        doubt = "" if told and _agree(now, told) else _doubt(now, kept)
        if doubt:
            self.latest = self._doubted(now, kept, told, doubt)
        else:
            self._doubted_since = None
            self.latest = BELIEVED
            self._keep(now, kept)
        return self.latest

    def now(self) -> datetime:
        """The time that the clock tells, believed or not."""
        return self._clock()

    def confirm(self) -> datetime:
        """Believe the clock from now on, because a person said that it is right; return the time. OSError."""
        with self._lock:
            now = moment(self._clock, self._running)
            _write(self.folder / KEPT, now)
            self._judge()
        return now.at

    def _kept(self) -> Moment | None:
        kept = read(self.folder / KEPT)
        if kept is None and (newest := self._newest()):
            return Moment(newest, "", 0.0)
        return kept

    def _keep(self, now: Moment, kept: Moment | None) -> None:
        if kept is None or not _comparable(now, kept) or now.running - kept.running > KEEP_EVERY or _gap(now, kept):
            with suppress(OSError):  # a full disk: the moment before stays the newest
                _write(self.folder / KEPT, now)

    def _doubted(self, now: Moment, kept: Moment | None, told: Moment | None, doubt: str) -> Belief:
        self._doubted_since = now.running if self._doubted_since is None else self._doubted_since
        is_seen = kept is not None and _comparable(now, kept)
        asks = is_seen or now.running - self._doubted_since > PATIENCE
        said = (
            f" By what a source said, it is {named(_reached(told, now))} now."
            if told and _comparable(now, told)
            else ""
        )
        return Belief(is_believed=False, says=f"{doubt}{said} {UNTIL_THEN} {WHAT_TO_DO}", asks=asks)


def note_told(folder: Path, said: datetime, now: Moment) -> None:
    """Keep the time that a source told with an answer that came at `now`; once in a while is enough. OSError."""
    known = read(folder / TOLD)
    if (
        known is None
        or not _comparable(now, known)
        or now.running - known.running > KEEP_EVERY
        or not _agree(now, known)
    ):
        _write(folder / TOLD, Moment(said, now.boot, now.running))


def reckoned(folder: Path, at: datetime, running: Running = seconds_running) -> datetime:
    """What the time is when the clock tells `at`: that, unless the clock was set since the newest moment that was
    believed; then it is that moment and the seconds that passed since. `folder`: as of TimeCheck."""
    now, kept = Moment(at, boot(), running()), read(folder / KEPT)
    return _reached(kept, now) if kept and _comparable(now, kept) and _gap(now, kept) else at


def read(file: Path) -> Moment | None:
    """A kept moment; None where there is none that can be read."""
    try:
        said = files.read_json(file)
        at = datetime.fromisoformat(said["at"])
        return Moment(at, str(said["boot"]), float(said["running"])) if at.tzinfo else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(file: Path, kept: Moment) -> None:
    files.write(file, json.dumps({"at": kept.at.isoformat(), "boot": kept.boot, "running": kept.running}).encode())


def _comparable(now: Moment, other: Moment) -> bool:
    """Whether the running clock has run on since: the machine was not started anew in between."""
    return now.boot == other.boot and now.running >= other.running


def _reached(other: Moment, now: Moment) -> datetime:
    """What the time is now by the other moment and the seconds that passed since."""
    return other.at + timedelta(seconds=now.running - other.running)


def _agree(now: Moment, other: Moment) -> bool:
    return _comparable(now, other) and abs(now.at - _reached(other, now)) <= TOLERANCE


def _gap(now: Moment, other: Moment) -> bool:
    """Whether the two differ by more than the tolerance."""
    expected = _reached(other, now) if _comparable(now, other) else other.at
    return abs(now.at - expected) > TOLERANCE


def _doubt(now: Moment, kept: Moment | None) -> str:
    """Why the clock is not believed; "" when it is."""
    if kept is None or not _gap(now, kept):
        return ""
    says = f"The clock of this machine says {named(now.at)}"
    if not _comparable(now, kept):
        if now.at > kept.at:
            return f"{says}: Hearback did not run for {_length(now.at - kept.at)}, or the clock is wrong."
        return f"{says}, which is {_length(kept.at - now.at)} before the newest time that Hearback has kept."
    gap = now.at - _reached(kept, now)
    way = "ahead" if gap > timedelta() else "back"
    return f"{says}: it was set {way} by {_length(abs(gap))}, which did not pass."


def named(at: datetime) -> str:
    """An instant in words: "29 November 2026, 05:38 UTC"."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def _length(length: timedelta) -> str:
    """A length of time, rounded: the clock is read a moment after it was set."""
    days, hours = round(length / timedelta(days=1)), round(length / timedelta(hours=1))
    return f"{days:,} days" if hours >= 48 else f"{hours} hours" if hours > 1 else "more than an hour"
