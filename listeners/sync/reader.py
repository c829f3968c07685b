"""The incremental reader: one slice of a source, page by page, down to what is known of it already."""

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
    """Pages, one request each, until there are no more, the source repeats itself, or there were too many."""

    fetch: Fetch
    ceiling: int = PAGES
    cut: str | None = None  # why it ended before the source did

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
    """What a slice's items must be about: `ours`, without a look at their words; else one of `brands`, by name."""

    brands: Sequence[Brand] = ()
    ours: str | None = None

    @property
    def asked_for(self) -> str:
        """A mark that changes when something else is looked for."""
        return border.fingerprint(self.ours, *self.brands)

    def keep(self, mention: Mention) -> Found | None:
        """The mention, if it is about what is looked for."""
        if self.ours:
            return Found(mention, (self.ours,))
        return Found(mention) if border.concerns(mention, self.brands) else None


class SliceCursor(ABC):
    """What is known of a slice while it is read, begun from the cursor of the last run. A subclass for each form that
    cursors are stored in: it decides what is new, where known ground begins and what is stored."""

    @abstractmethod
    def meet(self, item: Any) -> Iterable[Mention | Answer]:
        """Note an item; return what of it is new or changed. border.Unreadable when it cannot be read."""

    @abstractmethod
    def stored(self) -> dict[str, Any]:
        """The cursor for the next run; JSON only."""

    def meet_unreadable(self, mark: str) -> bool:
        """Note an item that cannot be read, by a mark of its content; return whether nobody was told of it before."""
        return True

    def begin_page(self) -> None:  # noqa: B027  # most forms count nothing by page
        """The items that follow are those of the next page."""

    def reached(self) -> bool:
        """Whether known ground is reached, so that later pages can hold nothing new."""
        return False

    def cut(self) -> str | None:
        """Why it makes no sense to read on although known ground is not reached; None while it does."""
        return None

    def unread(self) -> tuple[datetime, datetime] | None:
        """Since when and until when nothing was read if the pages end here; None where nothing is missing."""
        return None


Form = TypeVar("Form", bound=SliceCursor)


@dataclass
class SliceReader(Generic[Form]):
    """Reads one slice: a source gives its pages, a cursor tells what is new. An item that cannot be read is kept with
    its reason, once."""

    source: str
    name: str  # what gaps and refusals call the slice: "search: acme"
    cursor: Form
    keep: Callable[[Mention], Found | None] = Found  # None: the mention is about nothing that is looked for
    outlives_errors: bool = False  # the cursor holds after every page, so that an error costs only what was not read
    content_of: Callable[[Any], object] = field(default=lambda item: item)  # what is kept of an unreadable item
    found: list[Found] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    pages: int = 0
    interrupted: ListenerError | None = None
    _line: int = 0

    def read(self, pager: Pager) -> bool:
        """Read pages; return whether they reached known ground or ended by themselves. ListenerError."""
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
        """Take in one page."""
        self.cursor.begin_page()
        for item in items:
            self._line += 1
            self.take_one(item, self._line)

    def take_one(self, item: Any, line: int) -> None:
        """Take in one item, which stands at `line`."""
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
        """Keep an item that cannot be read with its reason, unless that was done in an earlier run."""
        refused = border.refused(f"{self.source}: {self.name}", line, why, self.content_of(item))
        if self.cursor.meet_unreadable(border.fingerprint(refused.content)):
            self.rejected.append(refused)

    def note_gap(self, why: str | None) -> None:
        """The pages ended before known ground did: what lies between was not read. None: they did not."""
        unread = self.cursor.unread()
        if why is not None and unread is not None:
            self.gaps.append(Gap(self.name, *unread, why))

    def part(self, *, more: bool = False) -> Part:
        """What was read, and the cursor that covers it. `more`: it ended before all was read."""
        return Part(self.cursor.stored(), self.found, self.rejected, self.gaps, self.answers, more=more)


def read_down(reader: SliceReader[Any], pager: Pager) -> Part:
    """Read a listing, newest first, down to known ground; pages that end before it leave a gap. ListenerError."""
    if not reader.read(pager):
        reader.note_gap(pager.cut)
    return reader.part()
