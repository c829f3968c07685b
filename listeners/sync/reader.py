"""The incremental reader: reads one slice of a source, page by page, down to the content known from earlier runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from data.models import Answer, Brand, Found, Gap, Mention, Rejected
from listeners import border
from listeners.base import ListenerError
from listeners.sync.slices import Part

PAGES = 100  # requests for one slice in one run
REPEATED = "the source gave the same page mark twice"

Fetch = Callable[[str | None], tuple[Sequence[Any], str | None]]  # a page's token -> its items, the next token


@dataclass
class Pager:
    """Iterates over pages, one request each, until there are no more, a token repeats, or the ceiling is reached."""

    fetch: Fetch
    ceiling: int = PAGES
    cut: str | None = None  # why the pages ended before the source's last one

    def __iter__(self) -> Iterator[Sequence[Any]]:
        tokens: set[str] = set()
        token: str | None = None
        for _ in range(self.ceiling):
            items, token = self.fetch(token)
            if token in tokens:
                self.cut = REPEATED
            yield items
            if token is None or self.cut:
                return
            tokens.add(token)
        self.cut = f"more than {self.ceiling} pages"


@dataclass(frozen=True, slots=True)
class About:
    """What a slice's items must be about: the brand `ours`, whatever their text; without it, one of `brands` by
    name."""

    brands: Sequence[Brand] = ()
    ours: str | None = None

    @property
    def asked_for(self) -> str:
        """A fingerprint of the brands; it changes when they do."""
        return border.fingerprint(self.ours, *self.brands)

    def keep(self, mention: Mention) -> Found | None:
        """The mention with its brand; None when it is about none of them."""
        if self.ours:
            return Found(mention, (self.ours,))
        return Found(mention) if border.concerns(mention, self.brands) else None


class SliceCursor(ABC):
    """A slice's cursor while the slice is read, begun from the stored cursor of the last run. Each subclass has its own
    stored form; it decides which items are new, where known content begins, and what is stored."""

    @abstractmethod
    def meet(self, item: Any) -> Iterable[Mention | Answer]:
        """Note an item; return its new or changed mentions and answers. border.Unreadable when it cannot be read."""

    @abstractmethod
    def stored(self) -> dict[str, Any]:
        """The cursor for the next run; JSON only."""

    def meet_unreadable(self, mark: str) -> bool:
        """Note an unreadable item by a fingerprint of its content; return whether it was not reported before."""
        return True

    def begin_page(self) -> None:  # noqa: B027  # most forms count nothing by page
        """Begin a page: the items that follow belong to it."""

    def reached(self) -> bool:
        """Whether known content is reached, so that later pages hold nothing new."""
        return False

    def cut(self) -> str | None:
        """Why reading must stop before known content is reached; None while it can go on."""
        return None

    def unread(self) -> tuple[datetime, datetime] | None:
        """The time span that stays unread if the pages end here; None where nothing is missing."""
        return None


Form = TypeVar("Form", bound=SliceCursor)


@dataclass
class SliceReader(Generic[Form]):
    """Reads one slice: the source gives the pages, the cursor tells what is new. An unreadable item is kept with its
    reason, once."""

    source: str
    name: str  # the slice's name in gaps and refusals: "search: acme"
    cursor: Form
    keep: Callable[[Mention], Found | None] = Found  # None: the mention is about no brand that is listened for
    outlives_errors: bool = False  # the cursor is valid after every page, so an error loses only the unread pages
    content_of: Callable[[Any], object] = field(default=lambda item: item)  # what is kept of an unreadable item
    found: list[Found] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    pages: int = 0
    interrupted: ListenerError | None = None
    _line: int = 0

    def read(self, pager: Pager) -> bool:
        """Read pages; return whether they reached known content or the source's last page. Raises ListenerError."""
        try:
            return self._read(pager)
        except ListenerError as trouble:
            if not (self.outlives_errors and self.pages):
                raise
            self.interrupted = trouble
            return False

    def _read(self, pager: Pager) -> bool:
        for page in pager:
            self.pages += 1
            self.take(page)
            if self.cursor.reached():
                return True
            pager.cut = self.cursor.cut() or pager.cut
            if pager.cut:
                break
        return pager.cut is None

    def take(self, items: Iterable[Any]) -> None:
        """Read the items of one page."""
        self.cursor.begin_page()
        for item in items:
            self._line += 1
            self.take_one(item, self._line)

    def take_one(self, item: Any, line: int) -> None:
        """Read one item; `line` is its position, from 1."""
        try:
            fresh = list(self.cursor.meet(item))
        except border.Unreadable as why:
            self.refuse(item, line, why)
            return
        for told in fresh:
            self._hand_on(told)

    def _hand_on(self, told: Mention | Answer) -> None:
        if isinstance(told, Answer):
            self.answers.append(told)
        elif found := self.keep(told):
            self.found.append(found)

    def refuse(self, item: Any, line: int, why: border.Unreadable) -> None:
        """Keep an unreadable item with its reason, unless an earlier run did."""
        refused = border.refused(f"{self.source}: {self.name}", line, why, self.content_of(item))
        if self.cursor.meet_unreadable(border.fingerprint(refused.content)):
            self.rejected.append(refused)

    def note_gap(self, why: str | None) -> None:
        """Note the time span left unread because the pages ended before known content. `why` None: they did not."""
        unread = self.cursor.unread()
        if why is not None and unread is not None:
            self.gaps.append(Gap(self.name, *unread, why))

    def part(self, *, more: bool = False) -> Part:
        """The slice's result: what was read, and the cursor that covers it. `more`: the run ended before all was
        read."""
        return Part(self.cursor.stored(), self.found, self.rejected, self.gaps, self.answers, more=more)


def read_down(reader: SliceReader[Any], pager: Pager) -> Part:
    """Read a listing, newest first, down to known content; pages that end before it leave a gap. Raises
    ListenerError."""
    if not reader.read(pager):
        reader.note_gap(pager.cut)
    return reader.part()
