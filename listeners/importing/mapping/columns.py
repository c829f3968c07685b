"""Maps a file's columns to fields: guessed by name and by value, and changed by a person's choices."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from data.models import HearbackError
from listeners.formats import cells as values
from listeners.formats.numbers import scale_in
from listeners.formats.time_words import folded, zone_in
from listeners.formats.times import order_in
from listeners.importing.mapping.answer_names import answer_name, is_bare
from listeners.importing.mapping.shapes import plain
from listeners.importing.mapping.synonyms import REDDIT, REVIEWS, SURE_BRANDS, SYNONYMS, WRAPPERS

FIELDS = {  # what a column can be read as -> what people call it
    "text": "Text",
    "title": "Title",
    "published_at": "When it was written",
    "edited_at": "When it was last edited",
    "author": "Author",
    "author_url": "Link to the author",
    "rating": "Stars (1 to 5)",
    "url": "Link to it",
    "native_id": "Its id at the source",
    "thread_id": "Thread it stands in",
    "parent_id": "What it answers (an id)",
    "source": "Source",
    "kind": "Kind (post, comment, review, article)",
    "brand": "Brand",
    "engagement": "Likes, votes or points",
    "reach": "Followers of the author",
    "language": "Language",
    "reply_text": "The brand's reply",
    "reply_at": "When the brand replied",
    "reply_author": "Who replied for the brand",
    "is_from_brand": "Written by the brand itself (yes or no)",
}
CHOSEN = "you said so"
IGNORED = "ignore"  # --map COLUMN=ignore
ALIASES = {"id": "native_id", "stars": "rating", "time": "published_at", "created_at": "published_at"}

FEW_BRANDS = 20  # in the first rows; a column "product" with more of them holds titles
HALF = 0.5  # of the cells must be what their column's name says: a few bad rows must not hide the column
MOST = 0.8  # the same where the name tells little or nothing
LONG = 12  # characters that a column of free text has on average, at least
TEN = ("10", "10.0")
LONG_BESIDE_A_TITLE = 40  # the same where a title may be all there is; or as long as the titles

FLAGS = frozenset(("hasreply", "hasresponse", "isanswered", "isreplied"))  # whether there is a reply, not its words
Rows = Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Guess:
    """The field that one column is read as, and why. `field` None: the column is not read."""

    column: str
    field: str | None
    why: str


# How a person says what a column holds.
WHERE = "--map COLUMN=FIELD, or choose it on the Setup page; where lines stand above a CSV's header, --skip N"


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The field of each column of a file, in the file's order; no field twice."""

    guesses: tuple[Guess, ...]

    @property
    def columns(self) -> dict[str, str]:
        """field -> the column that holds it."""
        return {guess.field: guess.column for guess in self.guesses if guess.field}

    @property
    def ignored(self) -> tuple[str, ...]:
        """The columns that are not read."""
        return tuple(guess.column for guess in self.guesses if not guess.field)

    @property
    def missing(self) -> str | None:
        """What must be chosen before the file can be imported, as a sentence; None when nothing is missing."""
        if "text" not in self.columns and "title" not in self.columns:
            return f"No column holds the text (text). Say which one does: {WHERE}."
        if "published_at" not in self.columns:
            return f"No column holds the time of writing (published_at). Say which one does: {WHERE}."
        return None

    def changed(self, choices: Mapping[str, str | None]) -> ColumnMapping:
        """A copy with a person's choices, column -> field, or None to ignore it; they override guesses. HearbackError
        for an unknown column or field, or a field chosen twice."""
        chosen = {_known(column, self.guesses): _field(field) for column, field in choices.items()}
        taken = [field for field in chosen.values() if field]
        for field in taken:
            if taken.count(field) > 1:
                raise HearbackError(f"{FIELDS[field]} ({field}) can be read from one column only; choose one.")
        return ColumnMapping(tuple(_decided(guess, chosen, taken) for guess in self.guesses))

    def told(self, columns: Mapping[str, str], left: Collection[str], why: str) -> ColumnMapping:
        """A copy with a known shape's columns: `columns` (column -> field) override guesses, `left` are not read, `why`
        is the reason shown."""
        fields, unread = set(columns.values()), {plain(name) for name in left}

        def known(guess: Guess) -> Guess:
            if guess.column in columns:
                return Guess(guess.column, columns[guess.column], why)
            if guess.field in fields or plain(guess.column) in unread:
                return Guess(guess.column, None, "not read")
            return guess

        return ColumnMapping(tuple(map(known, self.guesses)))

    def extended(self, header: Sequence[str]) -> ColumnMapping:
        """A copy with the columns of `header` that are new, read by their names where the field is still free."""
        known = {guess.column for guess in self.guesses}
        fresh = [name for name in header if name not in known]
        found = _by_name(fresh, [()] * len(fresh), set(self.columns))
        return ColumnMapping(self.guesses + tuple(found.get(name, Guess(name, None, "not read")) for name in fresh))


def _known(column: str, guesses: Sequence[Guess]) -> str:
    for guess in guesses:
        if guess.column == column:
            return column
    close = [guess.column for guess in guesses if plain(guess.column) == plain(column)]
    if len(close) == 1:
        return close[0]
    names = ", ".join(guess.column for guess in guesses[:30])
    raise HearbackError(f"There is no column {column!r}. The columns are: {names}.")


def _field(field: str | None) -> str | None:
    name = (field or IGNORED).strip().lower()
    if name == IGNORED:
        return None
    if name not in FIELDS and name not in ALIASES:
        raise HearbackError(f"There is no field {field!r}. The fields are: {', '.join(FIELDS)}; or {IGNORED}.")
    return ALIASES.get(name, name)


def _decided(guess: Guess, chosen: Mapping[str, str | None], taken: Sequence[str]) -> Guess:
    if guess.column in chosen:
        return replace(guess, field=chosen[guess.column], why=CHOSEN)
    if guess.field in taken:
        return replace(guess, field=None, why="you chose another column for it")
    return guess


def spellings(name: str) -> tuple[str, ...]:
    """The names that a column goes by: its whole path, the path without objects that only wrap or repeat it, and the
    name without accents and without the zone, the scale or the order of dates that it gives; and that of a column of
    the brand's answers."""
    *above, last = name.split(".")
    bare = [part for part in above if plain(part) not in WRAPPERS and not plain(last).startswith(plain(part))]
    short = name
    for hint in (zone_in, order_in, scale_in):
        if (found := hint(short)) is not None:
            short = found[1]
    answer = answer_name(short)
    said = (plain(name), plain("".join([*bare, last])), plain(folded(short)), *([answer] if answer else []))
    return tuple(dict.fromkeys(said))


def guess(header: Sequence[str], rows: Rows) -> ColumnMapping:
    """Guess the field of each column from its name and the first rows; each row has a cell for every column."""
    columns = [[row[place] for row in rows] for place in range(len(header))]
    filled = [tuple(cell for cell in column if not values.is_blank(cell)) for column in columns]
    found = _by_name(header, filled, set())
    taken = {one.field for one in found.values()}
    left = {name: cells for name, cells in zip(header, filled, strict=True) if name not in found}
    if "published_at" not in taken and (time := _column_of_times(left) or _column_called_so(left)):
        found[time.column] = time
        del left[time.column]
    if "rating" not in taken and (name := _column_with_a_scale(left)) is not None:
        found[name] = Guess(name, "rating", "its name gives a scale")
        del left[name]
    titled = [place for place, name in enumerate(header) if name in found and found[name].field == "title"]
    least = min(LONG_BESIDE_A_TITLE, max(LONG, 1 + _length(filled[titled[0]]))) if titled else LONG
    if "text" not in taken and (name := _column_of_prose(left, least)) is not None:
        found[name] = Guess(name, "text", "longest text")
    _give_back(found)
    return ColumnMapping(tuple(found.get(name, Guess(name, None, "not read")) for name in header))


def _give_back(found: dict[str, Guess]) -> None:
    """Read a survey's "Response" as its text and "Response date" as its time, where nothing else is."""
    for answer, field, instead in (("reply_text", "text", "title"), ("reply_at", "published_at", "reply_text")):
        fields = {one.field: one.column for one in found.values() if one.field}
        is_free = field not in fields and instead not in fields and (field == "text" or "text" in fields)
        if is_free and answer in fields and is_bare(fields[answer]):
            found[fields[answer]] = Guess(fields[answer], field, "no other column fits")


def _by_name(header: Sequence[str], filled: Sequence[Sequence[object]], taken: set[str]) -> dict[str, Guess]:
    """column -> its guess, for columns with a known name and fitting cells. `taken`: fields to leave out."""
    names = [spellings(name) for name in header]
    everything = frozenset(spelling for spellings in names for spelling in spellings)
    found: dict[str, Guess] = {}
    for field, synonyms in SYNONYMS.items():
        if field in taken:
            continue
        for synonym in filter(everything.__contains__, synonyms.split()):
            places = [place for place, spellings in enumerate(names) if synonym in spellings]
            places.sort(key=lambda place: names[place][0] != synonym)  # its own id goes before that of its thread
            free = [place for place in places if header[place] not in found and not _is_hollow(place, header, filled)]
            fits = [place for place in free if _fits(field, synonym, header[place], filled[place], everything)]
            if fits:
                found[header[fits[0]]] = Guess(header[fits[0]], field, "its name")
                break
    return found


def _is_hollow(place: int, header: Sequence[str], filled: Sequence[Sequence[object]]) -> bool:
    """Whether a column holds nothing and others hold what lies in it: "reply" beside "reply.text"."""
    return not filled[place] and any(name.startswith(f"{header[place]}.") for name in header)


def _fits(field: str, synonym: str, name: str, cells: Sequence[object], header: frozenset[str]) -> bool:
    """Whether the cells fit the field that their column's name suggests; a column without cells fits."""
    if field == "rating" and synonym == "score" and scale_in(name) is None:
        is_score = header & REVIEWS and _share(cells, values.is_score) == 1 if cells else True
        return not header & REDDIT and bool(is_score or _are_stars(cells))
    if field == "brand" and synonym not in SURE_BRANDS:
        return len(set(map(str, cells))) <= FEW_BRANDS
    if synonym in FLAGS:
        return all(map(_is_flag, cells))
    check = CHECKS.get(field)
    return check is None or not cells or _share(cells, check) >= HALF


def _are_stars(cells: Sequence[object]) -> bool:
    """Whether the numbers of a column "score" are no votes: nearly all up to five, or all up to ten that occurs."""
    if _share(cells, lambda cell: values.is_score(cell, most=5)) >= MOST:
        return True
    return _share(cells, lambda cell: values.is_score(cell, most=10)) == 1 and any(
        str(cell).strip() in TEN for cell in cells
    )


def _share(cells: Sequence[object], check: Callable[[object], bool]) -> float:
    return sum(map(check, cells)) / len(cells)


def _reads(read: Callable[[object], object]) -> Callable[[object], bool]:
    def check(cell: object) -> bool:
        try:
            return read(cell) is not None
        except ValueError:
            return False

    return check


def _is_words(cell: object) -> bool:
    return isinstance(cell, str) and not cell.strip().replace(".", "", 1).isdecimal() and not _is_link(cell)


def _is_flag(cell: object) -> bool:
    return isinstance(cell, bool) or (isinstance(cell, str | int) and isinstance(values.reply(str(cell)), bool))


def _is_scalar(cell: object) -> bool:
    return not isinstance(cell, list | tuple | dict | bool)


def _is_link(cell: object) -> bool:
    return isinstance(cell, str) and cell.strip().startswith(("http://", "https://", "www.", "/"))


CHECKS: dict[str, Callable[[object], bool]] = {
    "text": _is_words,
    "title": _is_words,
    "author": _is_scalar,
    "reply_text": lambda cell: isinstance(cell, bool) or _is_words(cell),
    "published_at": values.is_time,
    "edited_at": values.is_time,
    "reply_at": values.is_time,
    "rating": values.is_score,
    "engagement": values.is_count,
    "reach": values.is_count,
    "url": _is_link,
    "author_url": _is_link,
    "native_id": _is_scalar,
    "thread_id": _is_scalar,
    "parent_id": _is_scalar,
    "is_from_brand": _reads(values.yes),
    "kind": _reads(values.kind),
    "source": lambda cell: isinstance(cell, str) and len(cell) <= 40 and "<" not in cell,  # X puts a link there
    "language": _reads(values.language),
}


def _column_of_times(columns: Mapping[str, Sequence[object]]) -> Guess | None:
    """The first column of dates. Numbers do not count: ten digits may be seconds since 1970 or a customer's number."""
    name = next((name for name, cells in columns.items() if cells and _share(cells, _is_date) >= MOST), None)
    return Guess(name, "published_at", "its values are times") if name is not None else None


def _column_with_a_scale(columns: Mapping[str, Sequence[object]]) -> str | None:
    """The first column of scores whose name says what they are out of: "How was your stay? (1-10)". A share in percent
    may be one of anything."""
    for name, cells in columns.items():
        told = scale_in(name)
        if told and told[0].best < values.HIGHEST and cells and _share(cells, values.is_score) >= MOST:
            return name
    return None


def _column_called_so(columns: Mapping[str, Sequence[object]]) -> Guess | None:
    """A column with a time's name and no times: its rows are then refused one by one, each with its cell."""
    found = _by_name(tuple(columns), [()] * len(columns), set(FIELDS) - {"published_at"})
    return next(iter(found.values()), None)


def _is_date(cell: object) -> bool:
    is_number = isinstance(cell, int | float) or str(cell).strip().replace(".", "", 1).isdecimal()
    return not is_number and values.is_time(cell)


def _length(cells: Sequence[object]) -> float:
    """How many characters cells have on average."""
    return sum(len(str(cell)) for cell in cells) / max(1, len(cells))


def _column_of_prose(columns: Mapping[str, Sequence[object]], least: float) -> str | None:
    """The column with the longest texts, at least `least` characters on average, many of them of several words."""
    lengths = {
        name: _length(cells)
        for name, cells in columns.items()
        if cells and _share(cells, lambda cell: _is_words(cell) and " " in str(cell).strip()) >= MOST / 2
        if _share(cells, values.is_time) < HALF
    }
    longest = max(lengths, key=lambda name: lengths[name], default=None)
    return longest if longest is not None and lengths[longest] >= least else None
