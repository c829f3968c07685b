"""What a scorer is asked: the title, text, stars and names of one mention, read from plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from analysis.text.quoting import own_words
from analysis.text.valence import READ
from data.models import Sentiment

SCORER = "hearback-3"  # changes whenever the same text may be scored otherwise, and with it the weights' own name
VADER = "vader-4"  # the same for VADER alone

Layer = Mapping[str, Any]  # what corrections taught: {"format", "scorer", "corrections", "heads", "lexicon", "digest"}


class ScoreRequest(NamedTuple):
    """One mention to judge; `id` is copied to the answer. `names`: terms that carry no feeling of their own; `brands`:
    (name, terms) of each brand that the mention names, where it names several."""

    id: str | None
    title: str | None
    text: str
    rating: float | None
    names: tuple[str, ...]
    brands: tuple[tuple[str, tuple[str, ...]], ...] = ()


def read_request(row: Any, names: tuple[str, ...] = ()) -> ScoreRequest:
    """Read {"id", "title", "text", "rating", "names", "brands"}, of which only "text" must be there; other keys are
    passed over. A bare string is a text without an id. `names` are added to the row's own; "brands" is a list of
    {"name", "terms"}. ValueError for a wrong type."""
    if isinstance(row, str):
        return ScoreRequest(None, None, row, None, names)
    if not isinstance(row, dict):
        raise ValueError("neither an object nor a string")
    get = row.get
    for key, kinds in _KINDS.items():
        if not isinstance(get(key), kinds):
            raise ValueError(f'"{key}" cannot be {get(key)!r:.40}')
    if own := get("names"):
        names = (*_strings(own, "names"), *names)
    brands = tuple(_brands(get("brands") or ()))
    return ScoreRequest(get("id"), get("title"), row["text"], get("rating"), names, brands)


def _brands(rows: Sequence[Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not isinstance(row.get("terms"), list):
            raise ValueError('"brands" must be objects with "name" and "terms"')
        yield row["name"], _strings(row["terms"], "terms")


def _strings(values: Sequence[Any], key: str) -> tuple[str, ...]:
    if not all(isinstance(value, str) for value in values):
        raise ValueError(f'"{key}" must be strings')
    return tuple(values)


_KINDS: dict[str, tuple[type, ...]] = {
    "id": (str, type(None)),
    "title": (str, type(None)),
    "text": (str,),
    "rating": (int, float, type(None)),
    "names": (list, tuple, type(None)),
    "brands": (list, tuple, type(None)),
}


def own_text(request: ScoreRequest) -> str:
    """The title and the author's own words, without what the text quotes; at most READ characters."""
    text = own_words(request.text[:READ])
    return f"{request.title}\n{text}"[:READ] if request.title else text


def label_of_stars(rating: float | None) -> Sentiment | None:
    """The sentiment that 1 to 5 stars stand for; None without stars and for a number outside that range."""
    if rating is None or not 1 <= rating <= 5:
        return None
    if rating < 2.5:
        return Sentiment.NEGATIVE
    return Sentiment.NEUTRAL if rating < 3.5 else Sentiment.POSITIVE
