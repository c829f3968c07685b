"""Hearback's own judgement of many mentions at once: the learned scorer over VADER, under a team's layer, by the stars.

A text that is not English is marked so and not guessed at; a text without a word says that it rests on nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy

from analysis.adapting import layer_fit
from analysis.cues.certainty import weigh_cues
from analysis.cues.cues import find
from analysis.scoring import aspects, attributions
from analysis.scoring.model import NEEDS_REPLY, NEGATIVE, POSITIVE, Learned, Odds, Weighed, chances, shipped
from analysis.scoring.scoring import SCORER, VADER, Asked, label_of_stars, said
from analysis.text import language
from analysis.text.features import Cues
from analysis.text.masking import HANDLE, LINK, NAME, mask
from analysis.text.vader import Feeling
from analysis.text.valence import MOST_WORDS, Cut, look_into, strongest
from data.models import Sentiment

# Both by `python -m analysis fit`, which tells when they should be others; the model card shows by what figures.
SENTENCES = 0.3  # of a long text's log-odds are its sentences', where some are about the brand and others are not
NEGATIVE_FROM = 0.4  # how likely a text is negative that is called so
NEEDED = 0.5  # how likely it is that a reply is needed where the words for it are shown

_NOT_JUDGED = "not judged"  # what a text in another language rests on
_NOTHING, _STARS, _WORDS = "nothing", "stars", "words"
_VADER_ALONE = "VADER alone"  # the weights are missing or broken
_STAND_INS = re.compile(rf"@?(?:{NAME}|{HANDLE[1:]}|{LINK})", re.IGNORECASE)
_LABELS = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)


class Read(NamedTuple):
    """Masked texts with all that is found in them before anything is learned about them."""

    masked: Sequence[str]
    feelings: Sequence[Feeling]
    cues: Sequence[Cues]
    languages: Sequence[str]
    cuts: Sequence[Cut | None]


def judge(rows: Sequence[Asked], taught: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """One line for each row; see scoring.score_lines. `taught`: a layer."""
    texts = look([mask(said(row), row.names) for row in rows])
    model = shipped()
    weighed = model.weigh(texts.masked, texts.feelings, texts.cues) if rows and isinstance(model, Learned) else None
    odds = odds_of(texts, model, weighed)
    if taught:
        odds = layer_fit.adjust(odds, texts.masked, taught)
    shares = shares_of(odds)
    replies = chances(odds[:, NEEDS_REPLY]).round(4).tolist()
    lines = [
        _line(row, texts, number, share, reply)
        for number, (row, share, reply) in enumerate(zip(rows, shares, replies, strict=True))
    ]
    if weighed and isinstance(model, Learned):
        _add_words(lines, model, weighed, texts.masked)
    for row, line in zip(rows, lines, strict=True):
        if isinstance(model, str):
            line |= {"scorer": VADER, "rests_on": _VADER_ALONE if line["rests_on"] == _WORDS else line["rests_on"]}
        if len(row.brands) > 1 and line["language"] == language.ENGLISH:
            line["by_brand"] = aspects.judge(row, line, model, taught) or None
    return lines


def look(masked: list[str]) -> Read:
    """Read masked texts: their words of feeling, their cues, their language."""
    feelings, cuts = zip(*map(look_into, masked), strict=True) if masked else ((), ())
    cues = [find(text) for text in masked]
    languages = [
        language.detect(text, [word for word, _ in words]) for text, (_, words) in zip(masked, feelings, strict=True)
    ]
    return Read(masked, feelings, cues, languages, cuts)


def _add_words(lines: Sequence[dict[str, Any]], model: Learned, weighed: Weighed, masked: Sequence[str]) -> None:
    """Put the words that the learned scorer went by among those shown, where it says something."""
    heads = {number: head for number, line in enumerate(lines) if (head := _said_by(line)) is not None}
    for number, learned in attributions.words(model, weighed, masked, heads).items():
        felt = lines[number]["words"]
        fresh = [one for one in learned if one[0] not in dict(felt)] if felt else learned
        lines[number]["words"] = (*felt[: MOST_WORDS - len(fresh)], *fresh)


def _said_by(line: Mapping[str, Any]) -> int | None:
    """The head whose words are shown after VADER's: why a mention is negative, or else needs a reply where no cue
    tells; and why it is positive where VADER knows none of its words."""
    if not line["confidence"]:
        return None
    if line["label"] == Sentiment.NEGATIVE:
        return NEGATIVE
    if line["label"] == Sentiment.POSITIVE and not line["words"]:
        return POSITIVE
    return NEEDS_REPLY if line["needs_reply"] >= NEEDED and not line["cues"] else None


def odds_of(texts: Read, model: Learned | str, weighed: Weighed | None = None) -> Odds:
    """Calibrated log-odds for each text; by VADER alone where there is no model. `weighed`: what the model makes of
    them, where that is known already."""
    if isinstance(model, str):
        return by_vader(texts.feelings, texts.cues)
    odds = weighed.odds if weighed else model.odds(texts.masked, texts.feelings, texts.cues)
    # Sentences that all weigh the same are the text once more.
    cuts = {number: cut for number, cut in enumerate(texts.cuts) if cut and len(set(cut.weights)) > 1}
    of_sentences = _odds_of_sentences(cuts.values(), model)
    start = 0
    for number, cut in cuts.items():
        about = numpy.average(of_sentences[start : start + len(cut.sentences)], axis=0, weights=cut.weights)
        odds[number] = (1 - SENTENCES) * odds[number] + SENTENCES * about
        start += len(cut.sentences)
    return odds


def _odds_of_sentences(cuts: Collection[Cut], model: Learned) -> Odds:
    """The sentences of many texts at once: asked one by one, the model's own start costs more than its work."""
    sentences = [sentence for cut in cuts for sentence in cut.sentences]
    feelings = [feeling for cut in cuts for feeling in cut.feelings]
    return model.odds(sentences, feelings, [find(sentence) for sentence in sentences])


def by_vader(feelings: Sequence[Feeling], cues: Sequence[Cues]) -> Odds:
    """What VADER and the cues alone come to, in the same terms."""
    compounds = numpy.array([compound for compound, _ in feelings])
    asks = numpy.array([bool({"complaint", "question", "request"} & found.keys()) for found in cues])
    odds = numpy.stack((-4 * compounds - 0.4, 4 * compounds - 0.4, 2.0 * asks - 1.0 - compounds), axis=1)
    return odds.reshape(len(feelings), 3)


def shares_of(odds: Odds) -> list[list[float]]:
    """How likely each text is negative, neutral and positive; the three come to 1. The positive log-odds are those of
    a text that is not negative."""
    negative, positive = chances(odds[:, NEGATIVE]).round(4), chances(odds[:, POSITIVE])
    positive = ((1 - negative) * positive).round(4)
    shares: list[list[float]] = numpy.stack((negative, (1 - negative - positive).round(4), positive), axis=1).tolist()
    return shares


def negative_from(shift: float) -> float:
    """How likely a text is negative whose log-odds come to nothing once they are moved by `shift`."""
    return round(1 / (1 + math.exp(shift)), 2)


def _is_worded(masked: str) -> bool:
    """Whether a text holds a letter that is not of a name, a handle or a link."""
    if any(word.isascii() and word.isalpha() and not _STAND_INS.match(word) for word in masked.split()):
        return True  # most often the first or second word
    left = _STAND_INS.sub("", masked)
    return left.upper() != left.lower()


def labels_of(odds: Odds) -> list[tuple[str, bool]]:
    """The label that log-odds come to, and whether a reply is needed, for each text."""
    return [
        (str(label_of(share)), reply > 0)
        for share, reply in zip(shares_of(odds), odds[:, NEEDS_REPLY].tolist(), strict=True)
    ]


def label_of(share: Sequence[float]) -> Sentiment:
    """The label that the three shares come to: negative before it is quite the largest, for a complaint that nobody
    sees costs more than one look too many."""
    return _LABELS[_best(share)]


def _best(share: Sequence[float]) -> int:
    if share[0] >= NEGATIVE_FROM:
        return 0
    return 1 if share[1] >= share[2] else 2


def _line(row: Asked, texts: Read, number: int, share: list[float], reply: float) -> dict[str, Any]:
    words, cues, tongue = texts.feelings[number][1], texts.cues[number], texts.languages[number]
    stars = label_of_stars(row.rating)
    is_judged = tongue == language.ENGLISH
    is_said = is_judged and (bool(words) or _is_worded(texts.masked[number]))
    if not is_said:
        share, reply = [0.0, 1.0, 0.0], 0.0
    best = _best(share)
    certainty = weigh_cues(texts.masked[number], cues, share[0], share[2]) if is_judged and cues else {}
    return {
        "mention_id": row.id,
        "scorer": SCORER,
        "label": stars or _LABELS[best],
        "compound": round(share[2] - share[0], 4),
        "neg": share[0],
        "neu": share[1],
        "pos": share[2],
        "confidence": share[_LABELS.index(stars)] if stars and is_said else share[best] if is_said else 0.0,
        "needs_reply": reply,
        "rests_on": _STARS if stars else _NOT_JUDGED if not is_judged else _WORDS if is_said else _NOTHING,
        "words": strongest(words) if is_judged else (),
        "cues": {cue: cues[cue] for cue in certainty},
        "certainty": certainty,
        "language": tongue,
        "by_brand": None,
    }
