"""The border of imports: one row of a file becomes a mention or the brand's own answer, or is refused with a reason."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from operator import itemgetter
from typing import NamedTuple, TypeVar

from data.models import SAMPLE, Answer, Found, Mention
from listeners.formats import cells as values
from listeners.formats.cells import DAMAGED_ID, prose, word
from listeners.formats.markup import written
from listeners.formats.numbers import Decimal, OutOfPlace, Unfit
from listeners.formats.placeholders import is_placeholder
from listeners.formats.times import DoubtfulDate, Order, behind, instant, is_month_only, is_serial
from listeners.importing.mapping.conventions import Conventions

LONGEST_TEXT = 1_000_000  # characters of title, text and reply together
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # no platform existed before; an earlier time was misread
AHEAD = timedelta(days=2)  # clocks differ and time zones get lost; a time further in the future was misread
ANYWHERE = "import"  # the source of a row that names none
UNWRITTEN = "[The file tells of this reply, not its words.]"
Value = TypeVar("Value")
NOT_IN_A_SOURCE = re.compile(r"[^\w.-]+")


class RowRefused(Exception):
    """A row that cannot be imported; the message says why."""


class WrittenOtherwise(Exception):
    """A row shows that the file's columns are written otherwise than was taken for granted, so that earlier rows were
    misread. `conventions`: how all of the file is written."""

    def __init__(self, conventions: Conventions) -> None:
        super().__init__("the columns are written otherwise")
        self.conventions = conventions


class Cells(NamedTuple):
    """The raw cells of one row by field; None where the file has no column for the field."""

    text: object
    title: object
    published_at: object
    edited_at: object
    author: object
    author_url: object
    rating: object
    url: object
    native_id: object
    thread_id: object
    parent_id: object
    source: object
    kind: object
    brand: object
    engagement: object
    reach: object
    language: object
    reply_text: object
    reply_at: object
    reply_author: object
    is_from_brand: object


class ImportedRow(NamedTuple):
    """What a row became: a mention, an answer, both, or neither (a post of the brand that answers nobody). `id`: the
    row's own; `version`: when it was last changed."""

    id: str
    version: datetime
    found: Found | None = None
    answer: Answer | None = None


def source_name(name: str) -> str:
    """A source's name as ids begin with it: google_play for "Google Play". "sample" is reserved for the fictional
    data."""
    bare = NOT_IN_A_SOURCE.sub("_", name.strip().casefold()).strip("_")
    return bare if bare and bare != SAMPLE else ANYWHERE


class Border:
    """Reads the rows of one file. `remarks` counts the cells that were changed or left out, by reason.

    `source`: the source of all rows; `brand`: the brand of rows that name none; `conventions`: how its columns are
    written; `survey`: tells it of the whole file, where the conventions are not final and a row does not fit them;
    `zone`: the zone of times that name none, over what their column's name gives; UTC by default; `is_1904`: whether
    day numbers count from 1904.
    """

    def __init__(
        self,
        now: datetime,
        *,
        source: str | None = None,
        brand: str | None = None,
        conventions: Conventions | None = None,
        survey: Callable[[], Conventions] | None = None,
        zone: tzinfo | None = None,
        is_1904: bool = False,
    ) -> None:
        self._latest = now + AHEAD
        self._source = source_name(source) if source else None
        self._brands = (name,) if (name := _brand_name(brand)) else ()
        self.conventions = conventions or Conventions()
        self._survey, self._zone, self._is_1904 = survey, zone, is_1904
        self._named: dict[str, tuple[str, ...]] = {}
        self._sources: dict[str, str] = {}
        self.remarks: Counter[str] = Counter()
        self.face({}, ())

    def face(self, columns: Mapping[str, str], header: Sequence[str]) -> None:
        """Set the columns of the rows that follow. `columns`: field -> column; `header`: the names of a row's cells."""
        places = {name: place for place, name in enumerate(header)}
        # A field without a column reads the blank cell that `read` adds at the end of every row.
        self._pick = itemgetter(*(places.get(columns.get(field, ""), len(header)) for field in Cells._fields))

    def read(self, cells: Sequence[object]) -> ImportedRow:
        """Read one row. RowRefused says why it cannot be imported; WrittenOtherwise that earlier rows were misread."""
        try:
            return self._read(Cells._make(self._pick((*cells, None))))
        except Unfit as trouble:
            raise RowRefused(str(trouble)) from None

    def _read(self, cells: Cells) -> ImportedRow:
        source = self._source or self._source_of(cells.source)
        text, title = prose(cells.text) or "", prose(cells.title)
        said = None if cells.reply_text is None else values.reply(cells.reply_text)
        reply = _written(said) if isinstance(said, str) else None
        author = word(cells.author)
        content = (author, text or title or "")
        text, title, author = written(text), _written(title), _written(author)
        parent_id = None if cells.parent_id is None else self._id(source, cells.parent_id)
        rating = None if cells.rating is None else self._rating(cells.rating, cells.source)
        own = cells.is_from_brand
        is_own = own is not None and own is not False and bool(self._fit(values.yes, own))
        if is_placeholder(text or title):
            raise RowRefused("deleted at its source")
        if not text and (is_own or not (title or rating)):
            raise RowRefused("no text")
        self._check_length(text, title, reply)
        published_at = self._time("published_at", cells.published_at)
        edited_at = None if cells.edited_at is None else self._edit(cells.edited_at, published_at)
        id = self._id(source, cells.native_id) or self._made_up_id(source, published_at, *content)
        if is_own:
            return self._own(id, parent_id, text, published_at, author)
        kind = values.kind(cells.kind) if cells.kind else None
        mention = Mention(
            id=id,
            source=source,
            kind=kind or ("review" if rating else "comment" if parent_id else "post"),
            text=text,
            published_at=published_at,
            title=title,
            author=None if is_placeholder(author) else author,
            author_url=self._link(cells.author_url, source) if cells.author_url else None,
            url=self._link(cells.url, source) if cells.url else None,
            rating=rating,
            reach=None if cells.reach is None else self._counted("reach", cells.reach),
            engagement=None if cells.engagement is None else self._counted("engagement", cells.engagement),
            language=values.language(cells.language) if cells.language else None,
            thread_id=None if cells.thread_id is None else self._id(source, cells.thread_id),
            parent_id=parent_id,
            edited_at=edited_at,
        )
        brands = self._brands if cells.brand is None else self._brands_of(cells.brand)
        version = edited_at or published_at
        is_answered = said is not False and (said is not None or cells.reply_at is not None)
        answer = self._answer(id, said is True, reply, cells, version) if is_answered else None
        return ImportedRow(id, version, Found(mention, brands), answer)

    def _check_length(self, text: str, title: str | None, reply: str | None) -> None:
        length = len(text) + len(title or "") + len(reply or "")
        if length > LONGEST_TEXT:
            raise RowRefused(f"the text has {length:,} characters; at most {LONGEST_TEXT:,} are taken in")
        if "\N{REPLACEMENT CHARACTER}" in text:
            self.remarks["damaged"] += 1

    def _fit(self, read: Callable[[object], Value | None], cell: object) -> Value | None:
        """Read an optional cell; one that does not fit is left out and counted in `remarks`."""
        try:
            return read(cell)
        except Unfit as trouble:
            self.remarks[str(trouble)] += 1
            return None

    def _rating(self, cell: object, source: object) -> float | None:
        try:
            return values.stars(cell, self.conventions.scale_of(source))
        except OutOfPlace:
            self._look_at_all()
        except Unfit:
            pass
        return self._fit(lambda same: values.stars(same, self.conventions.scale_of(source)), cell)

    def _counted(self, field: str, cell: object) -> int | None:
        decimal = self.conventions.decimals.get(field, Decimal.NOT_SEEN)
        try:
            return values.count(cell, decimal)
        except OutOfPlace:
            self._look_at_all()
        except Unfit:
            pass
        decimal = self.conventions.decimals.get(field, Decimal.NOT_SEEN)
        return self._fit(lambda same: values.count(same, decimal), cell)

    def _look_at_all(self) -> None:
        """Have the whole file looked at, once, because a cell does not fit. WrittenOtherwise where that changes what
        cells mean."""
        if self.conventions.is_final or self._survey is None:
            return
        before, self.conventions = self.conventions, self._survey()
        if not self.conventions.reads_as(before):
            raise WrittenOtherwise(self.conventions)

    def _link(self, cell: object, source: str) -> str | None:
        return self._fit(values.reddit_link if source == "reddit" else values.link, cell)

    def _source_of(self, cell: object) -> str:
        name = word(cell) or ANYWHERE
        if name not in self._sources:
            self._sources[name] = source_name(name)
        return self._sources[name]

    def _id(self, source: str, cell: object) -> str | None:
        bare = word(cell)
        if bare is None:
            return None
        if "+" in bare and DAMAGED_ID.match(bare):
            self.remarks["rounded"] += 1
            return None
        return bare if bare.startswith(f"{source}:") else f"{source}:{bare}"

    def _made_up_id(self, source: str, published_at: datetime, author: str | None, text: str) -> str:
        """An id for a row without one, made from its content as the file has it: the same row has the same id in every
        file."""
        self.remarks["no_id"] += 1
        facts = f"{author or ''}|{published_at.isoformat()}|{text}"
        return f"{source}:row-{hashlib.sha1(facts.encode(), usedforsecurity=False).hexdigest()[:16]}"

    def _brands_of(self, cell: object) -> tuple[str, ...]:
        if isinstance(cell, list):
            return tuple(dict.fromkeys(name for one in cell if (name := _brand_name(one)))) or self._brands
        name = _brand_name(cell)
        if name is None:
            return self._brands
        if name not in self._named:
            self._named[name] = (name,)  # one tuple for all: a million rows name four brands
        return self._named[name]

    def _time(self, field: str, cell: object) -> datetime:
        if type(cell) is datetime and cell.tzinfo is UTC:
            moment = cell
        elif values.is_blank(cell):
            raise RowRefused("no time of writing")
        else:
            moment = self._read_time(field, cell)
        if not EARLIEST <= moment <= self._latest:
            raise RowRefused(f"the time {str(cell)[:40]} cannot be true")
        return moment

    def _read_time(self, field: str, cell: object) -> datetime:
        moment, has_zone = self._instant(field, cell)
        if has_zone:
            return moment
        if is_serial(cell):
            self.remarks["serial_1904" if self._is_1904 else "serial"] += 1
            moment = behind(moment) if self._is_1904 else moment
        zone = self._zone or self.conventions.zones.get(field)
        if zone is not None:
            return moment.replace(tzinfo=zone).astimezone(UTC)
        self.remarks["month" if is_month_only(cell) else "zone"] += 1
        return moment

    def _instant(self, field: str, cell: object) -> tuple[datetime, bool]:
        try:
            try:
                return instant(cell, self.conventions.orders.get(field, Order.SAID_BY_NONE))
            except DoubtfulDate:
                self._look_at_all()
            return instant(cell, self.conventions.orders.get(field, Order.SAID_BY_NONE))
        except ValueError as trouble:
            raise RowRefused(str(trouble)) from None

    def _edit(self, cell: object, published_at: datetime) -> datetime | None:
        """The time of the last edit; None when there was none: Reddit writes false, others repeat the time of
        writing."""
        if values.is_blank(cell) or str(cell).casefold() in values.NO:
            return None
        try:
            edited_at = self._time("edited_at", cell)
        except RowRefused:
            self.remarks["edited"] += 1
            return None
        return edited_at if edited_at > published_at else None

    def _own(
        self, id: str, parent_id: str | None, text: str, published_at: datetime, author: str | None
    ) -> ImportedRow:
        answer = Answer(parent_id, text, published_at, author) if parent_id else None
        return ImportedRow(id, published_at, answer=answer)

    def _answer(self, id: str, is_told: bool, reply: str | None, cells: Cells, otherwise: datetime) -> Answer | None:
        """The brand's reply in a mention's row; without a time it gets that of the mention's last change. `is_told`:
        the row tells that there is one."""
        if reply is None and not is_told and values.is_blank(cells.reply_at):
            return None
        try:
            answered_at = self._time("reply_at", cells.reply_at)
        except RowRefused:
            answered_at = otherwise
            self.remarks["reply_at"] += 1
            if reply is None and not is_told:
                return None
        if reply is None:
            self.remarks["reply_text"] += 1
        return Answer(id, reply or UNWRITTEN, answered_at, word(cells.reply_author))


def _brand_name(cell: object) -> str | None:
    name = _written(word(cell))
    return " ".join(name.split()) if name else None


def _written(text: str | None) -> str | None:
    return written(text) or None if text else text
