"""Posts read newest first: what is new since the last visit, what was edited since, and the ground that covers it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from data.models import Answer, Brand, Found, Gap, Mention, Rejected
from listeners import border
from listeners.sync.reviews import Pager
from listeners.sync.slices import Ground, Part

OVERLAP = timedelta(hours=2)  # read again below the newest: indexes lag, posts arrive late from other servers
AHEAD = timedelta(days=1)  # a time further ahead is broken; it must not carry the ground away

# A foreign item as a mention, as our own answer to one, or as nothing that concerns us. Raises Unreadable.
Border = Callable[[Any], Mention | Answer | None]


@dataclass
class Catch:
    """What one listing holds that is new or changed. Ground: the newest time seen, and what stands near it."""

    query: str  # "bluesky: acme"
    to_post: Border
    ground: Ground
    start: datetime  # how far a first visit looks back
    now: datetime
    brands: Sequence[Brand] = ()  # one of these must be named
    ours: str | None = None  # the brand that every item is about; then none need be named
    overlap: timedelta = OVERLAP
    place: Callable[[Any], datetime] | None = None  # where the listing puts an item, if not at its own time
    found: list[Found] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._asked_for = border.fingerprint(self.ours, *self.brands)
        # Other words are looked for now: what was passed over may count.
        before = self.ground if self.ground.get("brands") == self._asked_for else {}
        self._since: float | None = before.get("since")
        self._known: dict[str, list[Any]] = dict(before.get("known", {}))  # id -> mark, epoch seconds
        self._line = 0
        self.met: set[str] = set()
        self.pages = 0
        self.oldest: float | None = None
        self.low = self.start if self._since is None else datetime.fromtimestamp(self._since, UTC) - self.overlap

    def read(self, pager: Pager) -> bool:
        """Read pages down to `low`; True when they reached it or ended of themselves."""
        for page in pager:
            self.pages += 1
            if not self.take(page):
                return True
        return pager.cut is None

    def take(self, items: Iterable[Any]) -> bool:
        """Take in one page; False when all in it lies below `low`, so that the next can hold nothing new."""
        above = below = 0
        for item in items:
            self._line += 1
            try:
                told = self.to_post(item)
                at = self._at(item, told)
            except border.Unreadable as why:
                self._refuse(item, why)
                continue
            if told is None or at is None:
                continue
            if at < self.low.timestamp():
                below += 1
                continue
            above += 1
            self._keep(told, at)
        return above > 0 or below == 0

    def _at(self, item: Any, told: Mention | Answer | None) -> float | None:
        if told is None:
            return None
        own = told.published_at if isinstance(told, Mention) else told.answered_at
        at = self.place(item).timestamp() if self.place else own.timestamp()
        self.oldest = at if self.oldest is None else min(self.oldest, at)
        return at

    def _keep(self, told: Mention | Answer, at: float) -> None:
        if isinstance(told, Mention):
            key, mark = told.id, border.fingerprint(told.title, told.text)
        else:
            mark = border.fingerprint(told.text)
            key = f"answer:{told.mention_id}:{mark}"
        self.met.add(key)
        was, self._known[key] = self._known.get(key), [mark, at]
        if was and was[0] == mark:
            return
        if isinstance(told, Answer):
            self.answers.append(told)
        elif self.ours:
            self.found.append(Found(told, (self.ours,)))
        elif border.concerns(told, self.brands):
            self.found.append(Found(told))

    def _refuse(self, item: Any, why: border.Unreadable) -> None:
        refused = border.refused(self.query, self._line, why, item)
        mark = border.fingerprint(refused.content)
        if mark not in self._known:
            self.rejected.append(refused)
        self._known[mark] = ["", self.now.timestamp()]

    def note_gap(self, why: str | None) -> None:
        """The pages ended before known ground did: what lies between was not read."""
        if why is None:
            return
        until = self.now if self.oldest is None else datetime.fromtimestamp(self.oldest, UTC)
        since, until = sorted((self.low, until))
        self.gaps.append(Gap(self.query.partition(": ")[2], since, until, why))

    def part(self) -> Part:
        """What was caught, and the ground for the next visit."""
        latest = (self.now + AHEAD).timestamp()
        times = [at for mark, at in self._known.values() if mark and at <= latest]
        newest = max([*times, *([] if self._since is None else [self._since])], default=None)
        if newest is None:
            return Part({}, self.found, self.rejected, self.gaps, self.answers)  # nothing was ever seen
        near = newest - self.overlap.total_seconds()
        fresh = {
            "brands": self._asked_for,
            "since": newest,
            "known": {key: was for key, was in self._known.items() if was[1] >= near},
        }
        return Part(fresh, self.found, self.rejected, self.gaps, self.answers)


def read_down(catch: Catch, pager: Pager) -> Part:
    """Read a listing, newest first, down to known ground; a ceiling that is hit is a gap."""
    if not catch.read(pager):
        catch.note_gap(pager.cut)
    return catch.part()


def our_brand(options: Any, brands: Sequence[Brand]) -> str | None:
    """The brand that our account speaks for: `inbox_brand` of the options, else the first of ours."""
    ours = next((brand.name for brand in brands if not brand.competitor), None)
    return str(options.get("inbox_brand") or ours) if ours or options.get("inbox_brand") else None


def listed(options: Any, setting: str) -> list[str]:
    """The entries of a list setting, trimmed, each once."""
    said = options.get(setting) or []
    entries = said if isinstance(said, list) else [said]
    return list(dict.fromkeys(str(entry).strip() for entry in entries if str(entry).strip()))
