"""One mention, judged: sentiment by stars or by words, how sure that is, whether it needs a reply, and its cues."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from analysis.cues.cues import find
from analysis.text.masking import mask
from analysis.text.quoting import own_words
from analysis.text.valence import READ, SHORT, read, strongest, vader
from data.models import Mention, Score, Sentiment

__all__ = ["READ", "SCORER", "SHORT", "VADER", "Asked", "asked", "score", "score_line", "score_lines", "under"]

SCORER = "hearback-2"  # changes whenever the same text may be scored otherwise, and with it the weights' own name
VADER = "vader-2"  # the same for VADER alone

FELT = 0.05  # VADER's own paper: from here on a compound is positive, from its negative on negative


class Asked(NamedTuple):
    """What a judgement looks at; `id` is handed through. `brands`: the terms of each brand that the mention names,
    where it names several."""

    id: str | None
    title: str | None
    text: str
    rating: float | None
    names: tuple[str, ...]
    brands: tuple[tuple[str, tuple[str, ...]], ...] = ()


_KEPT = {field.name for field in fields(Score)}
Layer = Mapping[str, Any]  # what analysis.adapting.layer.fit made


def score(mention: Mention, names: tuple[str, ...], scorer: str = SCORER) -> Score:
    """Judge a mention by its title and text, at most the first READ characters of them. `names`: every brand's terms,
    ours and competitors'; they carry no feeling of their own.

    The label is that of the stars where there are stars (1 and 2 negative, 3 neutral, 4 and 5 positive), else that of
    the words; all other figures are always the words'.
    """
    row = Asked(mention.id, mention.title, mention.text, mention.rating, names)
    line = score_lines([row], scorer=scorer)[0]
    return Score(**{name: value for name, value in line.items() if name in _KEPT})


def score_line(row: Any) -> dict[str, Any]:
    """`score` for values as they travel between processes. `row` as for `asked`."""
    return score_lines([asked(row)])[0]


def under(layer: str) -> Callable[[Any], dict[str, Any]]:
    """`score_line` under a layer, JSON as analysis.adapting.layer made it."""
    return lambda row: score_lines([asked(row)], _layer(layer))[0]


@lru_cache(maxsize=4)
def _layer(content: str) -> Layer:
    made: Layer = orjson.loads(content)
    return made


def score_lines(rows: Sequence[Asked], layer: Layer | None = None, scorer: str = SCORER) -> list[dict[str, Any]]:
    """`score` for many at once, as values for JSON: mention_id, scorer, label, compound, neg, neu, pos, confidence,
    needs_reply, rests_on, words, cues, certainty, language, by_brand. `layer`: what a team's corrections taught."""
    if scorer == SCORER:
        from analysis.scoring.judging import judge

        return judge(rows, layer)
    return _score_by_vader(rows)


def _score_by_vader(rows: Sequence[Asked]) -> list[dict[str, Any]]:
    # One step over all rows, then the next, keeps the processor's caches warm: a sixth faster than row by row.
    masked = [_mask(row) for row in rows]
    found = [find(text) for text in masked]
    return [_judged(row, text, cues) for row, text, cues in zip(rows, masked, found, strict=True)]


def asked(row: Any, names: tuple[str, ...] = ()) -> Asked:
    """Read {"id", "title", "text", "rating", "names", "brands"}, of which only "text" must be there; other keys are
    passed over. A bare string is a text without an id. `names` are added to the row's own; "brands" is a list of
    {"name", "terms"}. Raises ValueError for a wrong type."""
    if isinstance(row, str):
        return Asked(None, None, row, None, names)
    if not isinstance(row, dict):
        raise ValueError("neither an object nor a string")
    get = row.get
    for key, kinds in _KINDS.items():
        if not isinstance(get(key), kinds):
            raise ValueError(f'"{key}" cannot be {get(key)!r:.40}')
    if own := get("names"):
        names = (*_strings(own, "names"), *names)
    brands = tuple(_brands(get("brands") or ()))
    return Asked(get("id"), get("title"), row["text"], get("rating"), names, brands)


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


def said(row: Asked) -> str:
    """The words of a mention that are its author's own, the title first."""
    text = own_words(row[2][:READ])
    return f"{row[1]}\n{text}"[:READ] if row[1] else text


def _mask(row: Asked) -> str:
    return mask(f"{row[1]}\n{row[2]}"[:READ] if row[1] else row[2][:READ], row[4])


def _judged(row: Asked, masked: str, cues: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    figures = vader().read(masked)
    is_short = len(masked.split()) <= SHORT  # then it is not read by sentence
    compound, words = (figures.compound, figures.words) if is_short else read(masked)
    stars = label_of_stars(row[3])
    return {
        "mention_id": row[0],
        "scorer": VADER,
        "label": stars or _label_of(compound),
        "compound": compound,
        "neg": figures.neg,
        "neu": figures.neu,
        "pos": figures.pos,
        "rests_on": "stars" if stars else "words" if words else "nothing",
        "words": strongest(words),
        "cues": cues,
    }


def label_of_stars(rating: float | None) -> Sentiment | None:
    """None without stars; a figure outside 1 to 5 is none of ours and says nothing."""
    if rating is None or not 1 <= rating <= 5:
        return None
    if rating < 2.5:
        return Sentiment.NEGATIVE
    return Sentiment.NEUTRAL if rating < 3.5 else Sentiment.POSITIVE


def _label_of(compound: float) -> Sentiment:
    if compound <= -FELT:
        return Sentiment.NEGATIVE
    return Sentiment.POSITIVE if compound >= FELT else Sentiment.NEUTRAL


def bare(text: str) -> dict[str, Any]:
    """VADER's own four figures of a text as it stands, nothing masked, nothing cut: equal to vaderSentiment's."""
    figures = vader().read(text)
    words = strongest(figures.words)
    return {
        "mention_id": None,
        "scorer": VADER,
        "label": _label_of(figures.compound),
        "compound": figures.compound,
        "neg": figures.neg,
        "neu": figures.neu,
        "pos": figures.pos,
        "rests_on": "words" if words else "nothing",
        "words": words,
        "cues": find(mask(text[:READ], ())),
    }
