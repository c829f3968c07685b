"""Reads scores and counts: "4/5", "80%", "four stars", "1.234", "3,4 Mio"; the column settles what one cell cannot."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from listeners.formats.time_words import folded

MOST_STARS = 5.0
UNTOLD = "nothing tells what they are out of; name the column “rating (of 10)” where it is ten"
POSSIBLE = (4, 5, 6, 7, 10, 20, 100)  # what scores are out of
NUMBER = r"(?P<value>\d+(?:[.,]\d+)?)"
STAR_WORDS = r"(?:stars?|sterne?n?|etoiles?|estrellas?|estrelas?|stell[ae]|sterren|ster|star\(s\)|points?|★|⭐)"
SCORE = re.compile(
    rf"(?:(?:rated|rating|score|bewertung|note|nota|valoracion|voto|avis):? |★ ?|⭐ ?)?{NUMBER}[ -]?(?:{STAR_WORDS} )?"
    rf"(?:(?:/|out of|of|von|sur|de|su|van|av) ?(?P<best>\d{{1,3}})(?:[.,]0+)?|(?P<percent>%|percent|prozent))?"
    rf"[ -]?(?P<stars>{STAR_WORDS}(?: rating)?)?$"
)
WORDS = {
    1: "one eine einen ein un une uno una um uma een",
    2: "two zwei deux dos due dois duas twee",
    3: "three drei trois tres tre drie",
    4: "four vier quatre cuatro quattro quatro",
    5: "five funf cinq cinco cinque vijf",
}
WORD_SCORES = {name: float(number) for number, names in WORDS.items() for name in names.split()}
IN_WORDS = re.compile(rf"(?P<word>[a-z]+)(?:[ -]{STAR_WORDS})?$")
FULL, EMPTY, HALF = "★⭐●🌟", "☆○", ".5"
BESTS = {  # what scores can be out of, in words
    **WORDS,
    6: "six sechs seis sei zes",
    7: "seven sieben sept siete sette sete zeven",
    10: "ten zehn dix diez dieci dez tien",
    20: "twenty zwanzig vingt veinte venti vinte twintig",
    100: "hundred hundert cent cien cento cem honderd",
}
BEST_WORDS = {name: number for number, names in BESTS.items() if number in POSSIBLE for name in names.split()}
TOP = r"(?:the )?(?:best|excellent|highest|max|perfect|very|sehr|extremely|great|outstanding)"
BEST = rf"\d{{1,3}}|(?:{'|'.join(BEST_WORDS)})\b"
OUT_OF = re.compile(
    r"(?<![\d.])(?:(?P<worst>[01]|\b(?:zero|one|eins?|null)\b) ?(?:-|–|—|to|bis|a|à|\.\.) ?"
    r"|(?:\b(?:out ?of|of|von|sur|de|su|van|av|max\.?)|/) ?)"
    rf"(?P<best>{BEST})(?![\d.])(?! ?(?:[-–—à]|(?:to|bis|a)\b|\.\.))|(?<![\w.])(?P<top>\d{{1,3}}) ?= ?{TOP}\b"
    rf"|(?<![\w.])(?P<steps>{BEST})[ -](?:stars?|points?|punkte?|sterne?)\b",
)
AROUND = re.compile(r"\b(?:on a|from|scale|skala|echelle|escala|scala|schaal|de|von|da|van)\b|\(.*?=.*")
ZERO = ("0", "zero", "null")
IS_PERCENT = re.compile(r"%|\b(?:percent|percentage|prozent|pct)\b")
IS_PROMOTER = re.compile(r"\bnps\b|\bnet promoter\b|\bhow likely\b.*\brecommend\b")


class Unfit(ValueError):
    """A cell whose value does not fit its field; the message names such cells in the plural: "links that are no
    ..."."""


class OutOfPlace(Unfit):
    """A cell that does not fit how its column is taken to be written: the column may be written otherwise."""


class StarScale(NamedTuple):
    """What a column's bare numbers are out of. `best`: 0 where nothing tells; `has_zero`: whether 0 is a score, and not
    "not rated"."""

    best: int = 5
    has_zero: bool = False


class Decimal(Enum):
    """The mark before the decimals of a column's numbers; the other one groups the digits."""

    POINT = "."
    COMMA = ","
    NOT_SEEN = "no number has a mark"
    UNCLEAR = "its numbers contradict each other"


def scale_in(name: str) -> tuple[StarScale, str] | None:
    """The scale that a column's name gives, and the name without it: "Rating" for "Rating (0-10)", "score_out_of_5",
    "NPS". None where it gives none."""
    spaced = folded(name).replace("_", " ")
    is_promoter = IS_PROMOTER.search(spaced) is not None
    for found in OUT_OF.finditer(spaced):
        said = found["best"] or found["steps"] or found["top"]
        best = BEST_WORDS.get(said) or int(said)
        if best in POSSIBLE:
            bare = AROUND.sub(" ", f"{spaced[: found.start()]} {spaced[found.end() :]}").strip(" ()[]-,:?")
            return StarScale(best, has_zero=found["worst"] in ZERO), "score" if is_promoter else bare
    if is_promoter:
        return StarScale(10, has_zero=True), "score"
    if IS_PERCENT.search(spaced):
        return StarScale(100, has_zero=True), IS_PERCENT.sub(" ", spaced).strip(" ()[]")
    return None


def score(cell: object) -> tuple[float, int | None]:
    """A score, and what it is out of where the cell itself says so. Unfit where it is none."""
    if isinstance(cell, bool):
        raise Unfit("stars that are no number")
    if isinstance(cell, int | float):
        return float(cell), None
    text = str(cell).replace(" ½", "½").replace("½", HALF).replace("\N{VARIATION SELECTOR-16}", "")
    text = " ".join(folded(text).split())
    if text[:1] in FULL and not text.removesuffix(HALF).strip(FULL + EMPTY) and text:
        return sum(map(text.count, FULL)) + text.count(HALF) / 2, 5
    if parts := SCORE.match(text):
        value = float(parts["value"].replace(",", "."))
        best = 100 if parts["percent"] else int(parts["best"]) if parts["best"] else 5 if parts["stars"] else None
        return value, best
    if (parts := IN_WORDS.match(text)) and parts["word"] in WORD_SCORES:
        return WORD_SCORES[parts["word"]], 5
    raise Unfit("stars that are no number")


def in_stars(value: float, scale: StarScale) -> float:
    """A score as 1 to 5 stars, in proportion. Unfit outside its scale, also for a 0 that means "not rated"."""
    if not scale.best:
        raise OutOfPlace(f"scores of which {UNTOLD}")
    if value > scale.best:
        raise OutOfPlace(f"stars outside 1 to {scale.best}")
    lowest = 0.0 if scale.has_zero else 1.0 if scale.best == MOST_STARS else 0.01
    if not value >= lowest:
        raise Unfit(f"stars outside 1 to {scale.best}")
    return max(1.0, round(value * MOST_STARS / scale.best, 2))


MULTIPLES = {
    **{"": 1, "k": 1e3, "tsd": 1e3, "thousand": 1e3, "tausend": 1e3, "mil": 1e3, "mila": 1e3, "万": 1e4, "萬": 1e4},
    **{"만": 1e4, "lakh": 1e5, "lac": 1e5, "m": 1e6, "mn": 1e6, "mio": 1e6, "mln": 1e6, "million": 1e6},
    **{"millions": 1e6, "millionen": 1e6, "mill": 1e6, "cr": 1e7, "crore": 1e7, "億": 1e8, "亿": 1e8, "억": 1e8},
    **{"b": 1e9, "bn": 1e9, "mrd": 1e9, "md": 1e9, "mld": 1e9, "billion": 1e9, "mille": 1e3},
    **dict.fromkeys(("like", "likes", "vote", "votes", "upvote", "upvotes", "point", "points", "follower"), 1),
    "followers": 1,
}
COUNT = re.compile(r"(?P<sign>[-+\N{MINUS SIGN}]?)(?P<digits>\d[\d.,'’٬\s]*|[.,]\d+)\s*(?P<unit>[^\W\d_]{0,9})\.?\+?$")
BLANKS = re.compile(r"[\s'’٬]")
BLANKS_BETWEEN = re.compile(r"\d{1,3}(?:[\s'’٬]\d{3})+(?:[.,]\d*)?$")
GROUPED = {  # by the decimal mark: digits in groups, with decimals or without
    Decimal.POINT: re.compile(r"(?:\d+|[1-9]\d{0,2}(?:,\d{2,3})*,\d{3})?(?:\.\d*)?$"),
    Decimal.COMMA: re.compile(r"(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+)?(?:,\d*)?$"),
}
GROUP_OR_DECIMALS = re.compile(r"[1-9]\d{0,2}(?P<mark>[.,])\d{3}$")  # 1.234


class Count(NamedTuple):
    """A count as it is written: digits with marks, and what they are multiplied by."""

    sign: str
    digits: str
    times: float

    def decimals(self) -> frozenset[Decimal]:
        """The decimal marks with which it can be read; both where it has no mark."""
        return frozenset(mark for mark, pattern in GROUPED.items() if pattern.match(self.digits))

    @property
    def has_marks(self) -> bool:
        """Whether a point or a comma stands in it."""
        return not self.digits.isdecimal()

    @property
    def as_group(self) -> Decimal | None:
        """The decimal mark of its column where "1.234" means 1234; None where its marks tell for themselves."""
        found = GROUP_OR_DECIMALS.match(self.digits) if self.times == 1 else None
        return found and {".": Decimal.COMMA, ",": Decimal.POINT}[found["mark"]]

    def value(self, decimal: Decimal) -> float:
        """Its value where `decimal` is the decimal mark."""
        group = "," if decimal is Decimal.POINT else "."
        bare = self.digits.replace(group, "").replace(",", ".")
        return float(f"{self.sign}{bare}") * self.times


def written_count(text: str) -> Count | None:
    """The parts of a text that is a count; None for any other."""
    parts = COUNT.match(text.strip())
    times = MULTIPLES.get(folded(parts["unit"])) if parts else None
    if parts is None or times is None:
        return None
    digits = parts["digits"].strip()
    if BLANKS.search(digits) and not BLANKS_BETWEEN.match(digits):
        return None
    return Count(parts["sign"].replace("\N{MINUS SIGN}", "-"), BLANKS.sub("", digits), times)


def counted(text: str, decimal: Decimal) -> float:
    """The number that a text is in a column with this decimal mark. Unfit where it is none; OutOfPlace where it does
    not fit the column."""
    written = written_count(text)
    readings = written.decimals() if written else frozenset()
    if written is None or not readings:
        raise Unfit("counts that are no number")
    if not written.has_marks:
        return written.value(Decimal.POINT)
    if decimal in readings:
        return written.value(decimal)
    if decimal is Decimal.UNCLEAR and len(readings) == 1:
        return written.value(next(iter(readings)))
    raise OutOfPlace("counts whose points or commas can be decimals or thousands, as others of their column have both")
