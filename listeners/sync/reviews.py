"""What review sources share: the listed pages and their brands, the cursor of reviews and owners' answers, rechecks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from data.folding import key
from data.models import Answer, ApprovedReply, Brand, Mention
from listeners import border
from listeners.base import Cursor, ListenerError, Options, RecheckResult, ReplyRule
from listeners.sync import reader
from listeners.sync.reader import About, Pager, SliceCursor, SliceReader
from listeners.sync.slices import Part, SliceState

ENOUGH = 25  # known reviews in a row that mark known content; fewer may only be out of order
REMEMBERED = 1_000  # reviews of one page that the cursor keeps
THOROUGHLY_EVERY = timedelta(days=1)  # how often all recent reviews are read again, for edits and late answers
THOROUGHLY = timedelta(days=30)  # how far back that goes

ToReview = Callable[[Any], "Review"]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of reviews that the team listed: a business, a location, an app; all on it is about `brand`."""

    id: str
    brand: str


@dataclass(frozen=True, slots=True)
class Review:
    """One foreign review: its mention, and the brand's answer where it has one."""

    mention: Mention
    answer: Answer | None = None


def listings(source: str, options: Options, setting: str, brands: Sequence[Brand]) -> list[Listing]:
    """The pages listed under `setting`, as "ID" or "ID = Brand"; without a brand it is the first of ours.

    ListenerError when one cannot be read or names a brand that nobody set up.
    """
    return list(dict.fromkeys(_listing(source, setting, *one, brands) for one in _entries(source, options, setting)))


def listed_ids(source: str, options: Options, setting: str) -> list[str]:
    """The ids alone of the pages listed under `setting`. ListenerError when one cannot be read."""
    return list(dict.fromkeys(own for own, _ in _entries(source, options, setting)))


def _entries(source: str, options: Options, setting: str) -> Iterator[tuple[str, str]]:
    said = options.get(setting, [])
    for entry in said if isinstance(said, list) else [said]:
        own, named = (part.strip() for part in str(entry).partition("=")[::2])
        if not own:
            wanted = f'{setting} = ["ID", "ID = Brand"]'
            raise ListenerError(source, f"an entry of {setting} is empty; they are written as {wanted}", permanent=True)
        yield own, named


def _listing(source: str, setting: str, own: str, named: str, brands: Sequence[Brand]) -> Listing:
    if not named:
        ours = [brand.name for brand in brands if not brand.competitor] or [brand.name for brand in brands]
        return Listing(own, ours[0])
    known = {key(brand.name): brand.name for brand in brands}
    if key(named) not in known:
        raise ListenerError(source, f"{setting} names the brand {named[:60]!r}, which nobody set up", permanent=True)
    return Listing(own, known[key(named)])


def items_of(source: str, answer: Mapping[str, Any], key: str, beside: frozenset[str] | None = None) -> list[Any]:
    """The list under `key`. `beside`: it may be missing when only these are there. ListenerError when it is no list."""
    held = answer.get(key, [] if beside is not None and answer.keys() <= beside else None)
    if not isinstance(held, list):
        raise ListenerError(source, f"it answered with something else than {key}")
    return held


def read_down(
    source: str, listing: Listing, pager: Pager, to_review: ToReview, state: SliceState, floor: datetime, now: datetime
) -> Part:
    """Read a listing, newest first, down to known content, on a first run down to `floor`. Once a day it is read 30
    days back. Raises ListenerError."""
    if state.get("brand") != listing.brand:
        state = {}  # the whole page is another brand's now
    cursor = ReviewCursor(listing, to_review, state, floor, now)
    return reader.read_down(SliceReader(source, listing.id, cursor, About(ours=listing.brand).keep), pager)


class SeenReview(NamedTuple):
    """What the cursor keeps of a review: fingerprints of its text, of its answer and of its author ("" where there is
    none), and its time in epoch seconds."""

    mark: str
    answer_mark: str
    at: float
    author_mark: str


class ReviewCursor(SliceCursor):
    """The newest reviews of a listing. ENOUGH known ones in a row mark known content; reviews older than the horizon
    were skipped. Once a day all reviews of the last 30 days are read again."""

    def __init__(
        self, listing: Listing, to_review: ToReview, before: SliceState, floor: datetime, now: datetime
    ) -> None:
        self._listing, self._to_review, self._before, self._now = listing, to_review, before, now
        self._known = {key: SeenReview(*was) for key, was in before.get("known_reviews", {}).items()}
        self._horizon = float(before.get("horizon", floor.timestamp()))
        last = before.get("thorough")
        self._is_thorough = last is None or abs(now - datetime.fromisoformat(last)) >= THOROUGHLY_EVERY
        self._depth = max(self._horizon, (now - THOROUGHLY).timestamp()) if self._known else self._horizon
        self._seen: dict[str, SeenReview] = {}
        self._refused: list[str] = []
        self._row = self._deep_row = 0  # reviews in a row that are known, that are below the depth
        self._items = self._repeated = 0  # of this page, and how many of them this run had seen before
        self._oldest = float("inf")

    def begin_page(self) -> None:
        self._items = self._repeated = 0

    def cut(self) -> str | None:
        return "the source gave the same page twice" if self._items and self._repeated == self._items else None

    def meet(self, item: Any) -> Iterable[Mention | Answer]:
        self._items += 1
        review = self._to_review(item)
        mention, answer = review.mention, review.answer
        if mention.id in self._seen:  # the list moved on while it was read
            self._repeated += 1
            return
        seen, was = _seen(review), self._known.get(mention.id)
        self._oldest = min(self._oldest, seen.at)
        is_old = seen.at < self._horizon if was is None else was[:2] == seen[:2]
        self._row = self._row + 1 if is_old else 0
        self._deep_row = self._deep_row + 1 if seen.at < self._depth else 0
        if was is None and is_old:
            return
        self._seen[mention.id] = seen
        if was is None or was.mark != seen.mark:
            yield mention
        if answer and (was is None or was.answer_mark != seen.answer_mark):
            yield replace(answer, author=answer.author or self._listing.brand)

    def meet_unreadable(self, mark: str) -> bool:
        is_new = mark not in self._before.get("refused", []) and mark not in self._refused
        self._refused.append(mark)
        return is_new

    def reached(self) -> bool:
        return (self._deep_row if self._is_thorough else self._row) >= ENOUGH

    def unread(self) -> tuple[datetime, datetime] | None:
        if self._oldest == float("inf"):
            return None
        newest = max((was.at for was in self._known.values()), default=self._horizon)
        since, until = sorted(datetime.fromtimestamp(at, UTC) for at in (newest, self._oldest))
        return since, until

    def stored(self) -> dict[str, Any]:
        """The newest REMEMBERED reviews, of this run or earlier ones; the horizon rises to the oldest of them."""
        newest = sorted({**self._known, **self._seen}.items(), key=lambda pair: pair[1].at, reverse=True)
        if len(newest) > REMEMBERED:
            self._horizon = max(self._horizon, newest[REMEMBERED - 1][1].at)
        return {
            "brand": self._listing.brand,
            "horizon": self._horizon,
            "known_reviews": {key: list(was) for key, was in newest[:REMEMBERED]},
            "refused": list(dict.fromkeys([*self._refused, *self._before.get("refused", [])]))[:REMEMBERED],
            "thorough": self._now.isoformat() if self._is_thorough else self._before["thorough"],
        }


def _seen(review: Review) -> SeenReview:
    mention, answer = review.mention, review.answer
    return SeenReview(
        mark=border.fingerprint(mention.title, mention.text, mention.rating),
        answer_mark=border.fingerprint(answer.text) if answer else "",
        at=(mention.edited_at or mention.published_at).timestamp(),
        author_mark=border.fingerprint(mention.author_url) if mention.author_url else "",
    )


def by_authors(cursor: Cursor, author_urls: Iterable[str]) -> list[str]:
    """The ids of the reviews in the cursor that these authors wrote."""
    wanted = {border.fingerprint(url) for url in author_urls}
    states = cursor.get("stretches", {}).values() if wanted else ()
    known = (pair for state in states for pair in state.get("known_reviews", {}).items())
    return [own for own, was in known if SeenReview(*was).author_mark in wanted]


def recheck_each(ids: Iterable[str], listed: Set[str], stands: Callable[[str], bool]) -> RecheckResult:
    """Recheck reviews: those in `listed` exist; `stands` asks the source for each of the others by its id."""
    told = {own: own in listed or stands(own) for own in ids}
    return RecheckResult(
        [own for own, there in told.items() if not there], [own for own, there in told.items() if there]
    )


def own_id(source: str, mention_id: str) -> str:
    """A mention's id at its source. ListenerError when the mention is another source's."""
    found, _, own = mention_id.partition(":")
    if found != source or not own:
        raise ListenerError(source, f"{mention_id} is no review of {source}", permanent=True)
    return own


def unfit(rule: ReplyRule, reply: ApprovedReply) -> str | None:
    """Why the reply's text may not be sent: it is empty, or too long in the source's unit; None when it may."""
    text = reply.text
    if not text.strip():
        return "There is nothing in it."
    length = len(text.encode()) if rule.unit == "bytes" else len(text)
    return f"It has {length:,} {rule.unit}; {rule.longest:,} are allowed." if length > rule.longest else None


def is_same(said: object, text: str) -> bool:
    """Whether an answer found at the source has this text; differences in white space are ignored."""
    return isinstance(said, str) and " ".join(said.split()) == " ".join(text.split())


def said_at(value: object, otherwise: datetime) -> datetime:
    """The time of an answer; `otherwise` where it cannot be read."""
    try:
        return border.moment(value)
    except border.Unreadable:
        return otherwise
