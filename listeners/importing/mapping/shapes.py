"""The type of a known shape: which columns identify a file, and how they are read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

NAMED = 4  # columns that "how" names


def plain(name: str) -> str:
    """A column's name in lower case, letters and digits only: "createdat" for "Created At", created_at and
    createdAt."""
    return "".join(character for character in name.casefold() if character.isalnum())


class MadeField(NamedTuple):
    """A field made from other columns. `make` gets their cells, of any type, None for a missing column; it never
    raises."""

    field: str
    columns: tuple[str, ...]
    make: Callable[..., object]

    @property
    def called(self) -> str:
        """The name of the made column."""
        return f"{self.field} out of {', '.join(self.columns)}" if self.columns else f"{self.field} of every row"


@dataclass(frozen=True, slots=True)
class Shape:
    """One known shape.

    `marks`: columns that must all be there, with "|" between names that serve alike; `lacks`: columns of which none may
    be. `columns`: field -> its column, "|" as above, over what would be guessed. `left`: columns that are not read,
    whatever their names promise. `refusal`: why nothing of it is a mention. `note`: what a person should know.
    """

    name: str
    source: str | None = None
    marks: tuple[str, ...] = ()
    columns: Mapping[str, str] | None = None
    made: tuple[MadeField, ...] = ()
    left: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    refusal: str = ""
    note: str = ""
    how: str = ""  # where it is not the columns that told

    def fits(self, header: Collection[str]) -> bool:
        """Whether a file with these columns, written as `plain` writes them, has this shape."""
        has = all(any(plain(name) in header for name in mark.split("|")) for mark in self.marks)
        return has and bool(self.marks) and not any(plain(name) in header for name in self.lacks)

    @property
    def told_by(self) -> str:
        """What the shape was recognised by, for people."""
        if self.how:
            return self.how
        names = [mark.split("|")[0] for mark in self.marks[:NAMED]]
        return f"its columns {', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else f"its column {names[0]}"

    def reads(self, header: Sequence[str]) -> dict[str, str]:
        """column -> field, for the columns of `header` that this shape knows, including made ones."""
        known = {plain(name): name for name in reversed(header)}
        found = {known[plain(made.called)]: made.field for made in self.made if plain(made.called) in known}
        for field, names in (self.columns or {}).items():
            for name in names.split("|"):
                if plain(name) in known and field not in found.values():
                    found[known[plain(name)]] = field
        return found


def recognise(header: Sequence[str], shapes: Sequence[Shape]) -> Shape | None:
    """The first of `shapes` that fits a file with these columns; None when none does."""
    names = frozenset(map(plain, header))
    return next((shape for shape in shapes if shape.fits(names)), None)
