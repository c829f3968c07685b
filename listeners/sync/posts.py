"""Slices of posts, newest first: their cursor is the newest time seen and the posts near it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from data.models import Answer, Brand, Mention
from listeners import border
from listeners.sync.reader import About, SliceCursor, SliceReader
from listeners.sync.slices import SliceState

OVERLAP = timedelta(
    hours=2
)  # posts so far below the newest time are read again: indexes lag, other servers deliver late
AHEAD = timedelta(days=1)  # a time further in the future is wrong, and must not move the watermark

# Turns a foreign item into a mention, our own answer to one, or None when it is neither. Raises Unreadable.
Border = Callable[[Any], Mention | Answer | None]


@dataclass(frozen=True, slots=True)
class Posts:
    """How a slice of posts is read: the border, what the posts must be about, and the time span."""

    to_post: Border
    about: About
    start: datetime  # how far a first run looks back
    now: datetime
    overlap: timedelta = OVERLAP
    place: Callable[[Any], datetime] | None = None  # the time that the listing sorts by, if not the item's own

    def reader(self, source: str, name: str, state: SliceState) -> SliceReader[Watermark]:
        """A reader of the slice `name` that continues from `state`."""
        return SliceReader(source, name, Watermark(self, state), self.about.keep)


class SeenPost(NamedTuple):
    """What is remembered of a post: a mark of its words, "" where it could not be read, and epoch seconds."""

    mark: str
    at: float


class Watermark(SliceCursor):
    """The newest time seen, and the posts within the overlap below it."""

    def __init__(self, posts: Posts, state: SliceState) -> None:
        self._posts = posts
        self._asked_for = posts.about.asked_for
        # The search terms changed: an item skipped earlier may match now.
        before = state if state.get("brands") == self._asked_for else {}
        self._since: float | None = before.get("since")
        self._known: dict[str, SeenPost] = {key: SeenPost(*was) for key, was in before.get("known", {}).items()}
        self._above = self._below = 0  # items of this page
        self.met: set[str] = set()
        self.oldest: float | None = None
        since = self._since
        self.low = posts.start if since is None else datetime.fromtimestamp(since, UTC) - posts.overlap

    def begin_page(self) -> None:
        self._above = self._below = 0

    def reached(self) -> bool:
        """Whether the whole page lies below the watermark."""
        return self._below > 0 and self._above == 0

    def meet(self, item: Any) -> Iterable[Mention | Answer]:
        told = self._posts.to_post(item)
        if told is None:
            return ()
        at = self._at(item, told)
        if at < self.low.timestamp():
            self._below += 1
            return ()
        self._above += 1
        return self._changed(told, at)

    def _at(self, item: Any, told: Mention | Answer) -> float:
        own = told.published_at if isinstance(told, Mention) else told.answered_at
        at = self._posts.place(item).timestamp() if self._posts.place else own.timestamp()
        self.oldest = at if self.oldest is None else min(self.oldest, at)
        return at

    def _changed(self, told: Mention | Answer, at: float) -> Iterable[Mention | Answer]:
        if isinstance(told, Mention):
            key, mark = told.id, border.fingerprint(told.title, told.text)
        else:
            mark = border.fingerprint(told.text)
            key = f"answer:{told.mention_id}:{mark}"
        self.met.add(key)
        was, self._known[key] = self._known.get(key), SeenPost(mark, at)
        return () if was and was.mark == mark else (told,)

    def meet_unreadable(self, mark: str) -> bool:
        is_new = mark not in self._known
        self._known[mark] = SeenPost("", self._posts.now.timestamp())
        return is_new

    def unread(self) -> tuple[datetime, datetime]:
        until = self._posts.now if self.oldest is None else datetime.fromtimestamp(self.oldest, UTC)
        return min(self.low, until), max(self.low, until)

    def stored(self) -> dict[str, Any]:
        latest = (self._posts.now + AHEAD).timestamp()
        times = [was.at for was in self._known.values() if was.mark and was.at <= latest]
        newest = max([*times, *([] if self._since is None else [self._since])], default=None)
        if newest is None:
            return {}  # nothing was ever seen
        near = newest - self._posts.overlap.total_seconds()
        known = {key: list(was) for key, was in self._known.items() if was.at >= near}
        return {"brands": self._asked_for, "since": newest, "known": known}


def our_brand(options: Any, brands: Sequence[Brand]) -> str | None:
    """The brand that our account speaks for: `inbox_brand` of the options, else the first of ours."""
    ours = next((brand.name for brand in brands if not brand.competitor), None)
    return str(options.get("inbox_brand") or ours) if ours or options.get("inbox_brand") else None


def listed(options: Any, setting: str) -> list[str]:
    """The entries of a list setting, trimmed, each once."""
    said = options.get(setting) or []
    entries = said if isinstance(said, list) else [said]
    return list(dict.fromkeys(str(entry).strip() for entry in entries if str(entry).strip()))
