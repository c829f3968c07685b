"""What review sources have in common: whose the pages are, how far they were read, the owners' answers, replies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from data.models import Answer, Brand, Found, Gap, Letter, Mention, Rejected
from listeners import border
from listeners.base import Cursor, ListenerError, Looked, Options, ReplyRule
from listeners.sync.slices import Ground, Part

ENOUGH = 25  # known reviews in a row that mean known ground; fewer may only be out of order
REMEMBERED = 1_000  # reviews of one page that are known again
PAGES = 100  # requests for one page in one visit
THOROUGHLY_EVERY = timedelta(days=1)  # how often the latest reviews are all looked at, for edits and late answers
THOROUGHLY = timedelta(days=30)  # how far back that goes

ToReview = Callable[[Any], "Review"]
Fetch = Callable[[str | None], tuple[Sequence[Any], str | None]]  # a page's token -> its items, the next token


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of reviews that the team listed: a business, a location, an app; all on it is about `brand`."""

    id: str
    brand: str


@dataclass(frozen=True, slots=True)
class Review:
    """What one foreign review came to: the mention, and the brand's answer where it has one."""

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
    known = {brand.name.casefold(): brand.name for brand in brands}
    if named.casefold() not in known:
        raise ListenerError(source, f"{setting} names the brand {named[:60]!r}, which nobody set up", permanent=True)
    return Listing(own, known[named.casefold()])


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
                self.cut = "the source gave the same page mark twice"
            yield items
            if token is None or self.cut:
                return
            tokens.add(token)
        self.cut = f"more than {self.ceiling} pages"


def items_of(source: str, answer: Mapping[str, Any], key: str, beside: frozenset[str] | None = None) -> list[Any]:
    """The list under `key`. `beside`: it may be missing when only these are there. ListenerError when it is no list."""
    held = answer.get(key, [] if beside is not None and answer.keys() <= beside else None)
    if not isinstance(held, list):
        raise ListenerError(source, f"it answered with something else than {key}")
    return held


def read_down(
    source: str, listing: Listing, pager: Pager, to_review: ToReview, ground: Ground, floor: datetime, now: datetime
) -> Part:
    """Read a listing, newest first, down to known ground, or on a first visit to `floor`; once a day all of 30 days."""
    if ground.get("brand") != listing.brand:
        ground = {}  # all that is on the page is somebody else's now
    walk = _Walk(source, listing, to_review, ground, floor, now)
    for page in pager:
        if not walk.take_all(page):
            pager.cut = "the source gave the same page twice"
        if walk.is_done() or pager.cut:
            break
    if not walk.is_done():
        walk.note_cut(pager.cut)
    return Part(walk.ground(), walk.found, walk.rejected, walk.gaps, walk.answers)


@dataclass
class _Walk:
    source: str
    listing: Listing
    to_review: ToReview
    before: Ground
    floor: datetime
    now: datetime
    found: list[Found] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.known: Mapping[str, Sequence[Any]] = self.before.get("known_reviews", {})
        self.horizon = float(self.before.get("horizon", self.floor.timestamp()))  # what is older was passed over
        last = self.before.get("thorough")
        self.thorough = last is None or abs(self.now - datetime.fromisoformat(last)) >= THOROUGHLY_EVERY
        self.depth = max(self.horizon, (self.now - THOROUGHLY).timestamp()) if self.known else self.horizon
        self.seen: dict[
            str, list[Any]
        ] = {}  # id -> mark of the review, of the answer, epoch seconds, mark of the author
        self.refused: list[str] = []
        self.line = self.row = self.deep_row = self.repeated = 0
        self.oldest = float("inf")

    def take_all(self, page: Sequence[Any]) -> bool:
        """Take a page; return whether anything in it was not seen in this visit before."""
        self.repeated = 0
        for item in page:
            self._read(item)
        return not page or self.repeated < len(page)

    def _read(self, item: Any) -> None:
        self.line += 1
        try:
            review = self.to_review(item)
        except border.Unreadable as why:
            self._refuse(item, why)
            return
        self._take(review)

    def _take(self, review: Review) -> None:
        mention, answer = review.mention, review.answer
        at = (mention.edited_at or mention.published_at).timestamp()
        marks = [
            border.fingerprint(mention.title, mention.text, mention.rating),
            border.fingerprint(answer.text) if answer else "",
        ]
        if mention.id in self.seen:  # the list moved on while it was read
            self.repeated += 1
            return
        was = self.known.get(mention.id)
        self.oldest = min(self.oldest, at)
        old = at < self.horizon if was is None else list(was[:2]) == marks
        self.row = self.row + 1 if old else 0
        self.deep_row = self.deep_row + 1 if at < self.depth else 0
        if was is None and old:
            return
        self.seen[mention.id] = [*marks, at, border.fingerprint(mention.author_url) if mention.author_url else ""]
        if was is None or was[0] != marks[0]:
            self.found.append(Found(mention, (self.listing.brand,)))
        if answer and (was is None or was[1] != marks[1]):
            self.answers.append(replace(answer, author=answer.author or self.listing.brand))

    def _refuse(self, item: Any, why: border.Unreadable) -> None:
        refused = border.refused(f"{self.source}: {self.listing.id}", self.line, why, item)
        mark = border.fingerprint(refused.content)
        if mark not in self.before.get("refused", []) and mark not in self.refused:
            self.rejected.append(refused)
        self.refused.append(mark)

    def is_done(self) -> bool:
        return (self.deep_row if self.thorough else self.row) >= ENOUGH

    def note_cut(self, why: str | None) -> None:
        """The pages ended before known ground did: what lies between was not read."""
        if why is None or self.oldest == float("inf"):
            return
        newest = max((was[2] for was in self.known.values()), default=self.horizon)
        since, until = sorted(datetime.fromtimestamp(at, UTC) for at in (newest, self.oldest))
        self.gaps.append(Gap(self.listing.id, since, until, why))

    def ground(self) -> dict[str, Any]:
        """The newest reviews seen, now or before; what is forgotten lifts the horizon."""
        newest = sorted({**self.known, **self.seen}.items(), key=lambda pair: pair[1][2], reverse=True)
        if len(newest) > REMEMBERED:
            self.horizon = max(self.horizon, newest[REMEMBERED - 1][1][2])
        return {
            "brand": self.listing.brand,
            "horizon": self.horizon,
            "known_reviews": {key: list(was) for key, was in newest[:REMEMBERED]},
            "refused": list(dict.fromkeys([*self.refused, *self.before.get("refused", [])]))[:REMEMBERED],
            "thorough": self.now.isoformat() if self.thorough else self.before["thorough"],
        }


def by_authors(cursor: Cursor, author_urls: Iterable[str]) -> list[str]:
    """The ids of the reviews on known ground that these authors wrote."""
    wanted = {border.fingerprint(url) for url in author_urls}
    grounds = cursor.get("stretches", {}).values() if wanted else ()
    known = (pair for ground in grounds for pair in ground.get("known_reviews", {}).items())
    return [own for own, was in known if was[3] in wanted]


def look_again(ids: Iterable[str], listed: Set[str], stands: Callable[[str], bool]) -> Looked:
    """Those that are listed stand; each of the others is asked for by itself before it is called gone."""
    told = {own: own in listed or stands(own) for own in ids}
    return Looked([own for own, there in told.items() if not there], [own for own, there in told.items() if there])


def own_id(source: str, mention_id: str) -> str:
    """A mention's id at its source. ListenerError when it is not that source's."""
    found, _, own = mention_id.partition(":")
    if found != source or not own:
        raise ListenerError(source, f"{mention_id} is no review of {source}", permanent=True)
    return own


def unfit(rule: ReplyRule, letter: Letter) -> str | None:
    """Why the text cannot be an answer there: empty or too long, measured in the source's unit; None when it can."""
    text = letter.text
    if not text.strip():
        return "There is nothing in it."
    length = len(text.encode()) if rule.unit == "bytes" else len(text)
    return f"It has {length:,} {rule.unit}; {rule.longest:,} are allowed." if length > rule.longest else None


def is_same(said: object, text: str) -> bool:
    """Whether an answer found at the source is this text; sources trim and join blanks."""
    return isinstance(said, str) and " ".join(said.split()) == " ".join(text.split())


def said_at(value: object, otherwise: datetime) -> datetime:
    """When an answer was given; `otherwise` where its time cannot be read."""
    try:
        return border.moment(value)
    except border.Unreadable:
        return otherwise
