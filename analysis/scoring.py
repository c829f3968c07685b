"""One mention, judged: sentiment by stars or by words, what drove it, and its cues."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from analysis.cues import find
from analysis.masking import is_named, mask
from analysis.sentences import split
from analysis.vader import Driving as Words
from analysis.vader import Vader
from data.models import Mention, Score, Sentiment

SCORER = "vader-1"  # changes whenever the same text may be scored otherwise

READ = 20_000  # characters; what follows is not read
SHORT = 50  # words; longer texts are read by sentence, for VADER's sum over a long text ends at -1 or 1 in any case
MOST_WORDS = 8
FELT = 0.05  # VADER's own paper: from here on a compound is positive, from its negative on negative

NAMING, AFTER_NAMING, OTHER = 2.0, 1.5, 1.0  # how much a sentence weighs in a long text


class Asked(NamedTuple):
    """What a judgement looks at; `id` is handed through."""

    id: str | None
    title: str | None
    text: str
    rating: float | None
    names: tuple[str, ...]


def score(mention: Mention, names: tuple[str, ...]) -> Score:
    """Judge a mention by its title and text, at most the first READ characters of them. `names`: every brand's terms,
    ours and competitors'; they carry no feeling of their own.

    The label is that of the stars where there are stars (1 and 2 negative, 3 neutral, 4 and 5 positive), else that of
    the words; `compound` is always the words'. In a text of more than SHORT words it is the weighted mean over the
    sentences that hold a word of sentiment: one naming a brand weighs double, one right after it half as much again.
    """
    row = Asked(mention.id, mention.title, mention.text, mention.rating, names)
    return Score(**score_lines([row])[0])


def score_line(row: Any) -> dict[str, Any]:
    """`score` for values as they travel between processes. `row` as for `asked`."""
    return score_lines([asked(row)])[0]


def score_lines(rows: Sequence[Asked]) -> list[dict[str, Any]]:
    """`score` for many at once, as values for JSON: mention_id, scorer, label, compound, rests_on, words, cues."""
    # One step over all rows, then the next, keeps the processor's caches warm: a sixth faster than row by row.
    masked = [_mask(row) for row in rows]
    read = [_read(text) for text in masked]
    found = [find(text) for text in masked]
    return [_judged(row, reading, cues) for row, reading, cues in zip(rows, read, found, strict=True)]


def asked(row: Any, names: tuple[str, ...] = ()) -> Asked:
    """Read {"id", "title", "text", "rating", "names"}, of which only "text" must be there; other keys are passed over.
    A bare string is a text without an id. `names` are added to the row's own. Raises ValueError for a wrong type."""
    if isinstance(row, str):
        return Asked(None, None, row, None, names)
    if not isinstance(row, dict):
        raise ValueError("neither an object nor a string")
    get = row.get
    for key, kinds in _KINDS.items():
        if not isinstance(get(key), kinds):
            raise ValueError(f'"{key}" cannot be {get(key)!r:.40}')
    if own := get("names"):
        if not all(isinstance(name, str) for name in own):
            raise ValueError('"names" must be strings')
        names = (*own, *names)
    return Asked(get("id"), get("title"), row["text"], get("rating"), names)


_KINDS: dict[str, tuple[type, ...]] = {
    "id": (str, type(None)),
    "title": (str, type(None)),
    "text": (str,),
    "rating": (int, float, type(None)),
    "names": (list, tuple, type(None)),
}


@cache
def _vader() -> Vader:
    return Vader()


def _mask(row: Asked) -> str:
    return mask(f"{row[1]}\n{row[2]}"[:READ] if row[1] else row[2][:READ], row[4])


def _judged(row: Asked, reading: tuple[float, Words], cues: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    compound, words = reading
    stars = _label_of_stars(row[3])
    return {
        "mention_id": row[0],
        "scorer": SCORER,
        "label": stars or _label_of(compound),
        "compound": compound,
        "rests_on": "stars" if stars else "words" if words else "nothing",
        "words": words,
        "cues": cues,
    }


def _label_of_stars(rating: float | None) -> Sentiment | None:
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


def _read(masked: str) -> tuple[float, Words]:
    feel, tokens = _vader().feel, masked.split()
    if len(tokens) <= SHORT:
        compound, words = feel(masked, tokens)
        return compound, _strongest(words)
    sentences = split(masked)
    feelings = [feel(sentence) for sentence in sentences]
    return _combine(feelings, _weights(sentences)), _strongest([word for _, words in feelings for word in words])


def _weights(sentences: Sequence[str]) -> list[float]:
    naming = [is_named(sentence) for sentence in sentences]
    return [
        NAMING if named else AFTER_NAMING if before else OTHER
        for named, before in zip(naming, [False, *naming], strict=False)
    ]


def _combine(feelings: Sequence[tuple[float, Words]], weights: Sequence[float]) -> float:
    felt = [(compound, weight) for (compound, words), weight in zip(feelings, weights, strict=True) if words]
    total = sum(weight for _, weight in felt)
    return round(sum(compound * weight for compound, weight in felt) / total, 4) if total else 0.0


def _strongest(words: Sequence[tuple[str, float]]) -> Words:
    """Each word once, at its strongest, at most MOST_WORDS of them."""
    if len(words) == 1:
        return ((words[0][0], round(words[0][1], 2)),)
    ranked = sorted(words, key=_strength)
    once: dict[str, float] = {}
    for word, valence in ranked:
        if word not in once:
            once[word] = round(valence, 2)
            if len(once) == MOST_WORDS:
                break
    return tuple(once.items())


def _strength(word: tuple[str, float]) -> float:
    return -abs(word[1])
