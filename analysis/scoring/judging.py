"""Hearback's own judgement of many mentions at once: the learned scorer over VADER, under a team's layer, by the stars.

A text that is not English is marked so and not guessed at: it has no figures, which is another thing than figures of 0.
A text without a word says that it rests on nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.cues.confidence import ONE, cue_confidences, danger
from analysis.scoring import aspects, attributions
from analysis.scoring import layer as layers
from analysis.scoring.model import NEEDS_REPLY, NEGATIVE, POSITIVE, Learned, Weighed, chances, shipped
from analysis.scoring.odds import (
    LABELS,
    ReadTexts,
    Shares,
    beside_danger,
    label_of,
    odds_of,
    read_texts,
    shares_of,
    vader_odds,
)
from analysis.scoring.request import SCORER, VADER, Layer, ScoreRequest, label_of_stars, own_text
from analysis.text import language
from analysis.text.masking import HANDLE, LINK, NAME, mask
from analysis.text.valence import MOST_WORDS, SHORT, strongest
from data.models import Sentiment

NEEDED = 0.5  # how likely it is that a reply is needed where the words for it are shown

_NOT_JUDGED = "not judged"  # what a text in another language rests on
_NOTHING, _STARS, _WORDS = "nothing", "stars", "words"
_DANGER = "danger"  # the words, or the stars, are positive beside a report of danger, and the label is not
_VADER_ALONE = "VADER alone"  # the weights are missing or broken
_STAND_INS = re.compile(rf"@?(?:{NAME}|{HANDLE[1:]}|{LINK})", re.IGNORECASE)
_NO_SHARES = Shares(0.0, 1.0, 0.0)


def judge(requests: Sequence[ScoreRequest], layer: Layer | None = None) -> list[dict[str, Any]]:
    """One line for each request; see scoring.score_lines."""
    texts = read_texts([mask(own_text(request), request.names) for request in requests])
    model = shipped()
    weighed = model.weigh(texts.masked, texts.feelings, texts.cues) if requests and isinstance(model, Learned) else None
    odds = odds_of(texts, model, weighed)
    if signs := [*_of_signs(texts)]:
        odds[signs] = vader_odds([texts.feelings[number] for number in signs], [texts.cues[number] for number in signs])
    if layer:
        odds = layers.apply(odds, texts.masked, layer)
    replies = chances(odds[:, NEEDS_REPLY]).round(4).tolist()
    lines = [
        _line(request, texts, number, shares, reply)
        for number, (request, shares, reply) in enumerate(zip(requests, shares_of(odds), replies, strict=True))
    ]
    if weighed and isinstance(model, Learned):
        _add_words(lines, model, weighed, texts.masked)
    for request, line in zip(requests, lines, strict=True):
        if isinstance(model, str):
            line |= {"scorer": VADER, "rests_on": _VADER_ALONE if line["rests_on"] == _WORDS else line["rests_on"]}
        if len(request.brands) > 1 and line["language"] == language.ENGLISH:
            line["by_brand"] = aspects.judge(request, line, model, layer) or None
    return lines


def _of_signs(texts: ReadTexts) -> Iterator[int]:
    """The numbers of the texts that hold emoji, faces or stars with a mood and no word: the model knows words only."""
    for number, (masked, (_, felt)) in enumerate(zip(texts.masked, texts.feelings, strict=True)):
        if felt and not _is_worded(masked):
            yield number


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


def _is_worded(masked: str) -> bool:
    """Whether a text holds a letter that is not of a name, a handle or a link."""
    if any(word.isascii() and word.isalpha() and not _STAND_INS.match(word) for word in masked.split(maxsplit=4)[:4]):
        return True  # most often the first or second word
    left = _STAND_INS.sub("", masked)
    return left.upper() != left.lower()


def _line(request: ScoreRequest, texts: ReadTexts, number: int, shares: Shares, reply: float) -> dict[str, Any]:
    words, cues, code = texts.feelings[number][1], texts.cues[number], texts.languages[number]
    stars = label_of_stars(request.rating)
    if code != language.ENGLISH:
        return _unjudged(request, texts.masked[number], code, stars)
    is_said = bool(words) or _is_worded(texts.masked[number])
    if not is_said:
        shares, reply = _NO_SHARES, 0.0
    sure = cue_confidences(texts.masked[number], cues, shares.negative, shares.positive) if cues else {}
    rests_on = _STARS if stars else _WORDS if is_said else _NOTHING
    label = stars or label_of(shares)
    if reported := danger(sure):
        is_all = len(texts.masked[number].split()) <= SHORT  # a long text may be happy about the rest
        shares = beside_danger(shares, reported if is_all else 0.0)
        safe = label_of(shares) if stars is None else Sentiment.NEUTRAL if stars == Sentiment.POSITIVE else stars
        label, rests_on = safe, rests_on if safe == label else _DANGER
    return {
        "mention_id": request.id,
        "scorer": SCORER,
        "label": label,
        "compound": round(shares.positive - shares.negative, 4),
        "neg": shares.negative,
        "neu": shares.neutral,
        "pos": shares.positive,
        "confidence": shares[LABELS.index(label)] if is_said else 0.0,
        "needs_reply": reply,
        "rests_on": rests_on,
        "words": strongest(words),
        "cues": {cue: cues[cue] for cue in sure},
        "cue_confidence": sure,
        "language": code,
        "by_brand": None,
    }


def _unjudged(request: ScoreRequest, masked: str, code: str, stars: Sentiment | None) -> dict[str, Any]:
    """The line of a text in another language: the label of its stars, whether it asks, and nothing else."""
    asks = language.asking(masked, code)
    return {
        "mention_id": request.id,
        "scorer": SCORER,
        "label": stars,
        **dict.fromkeys(("compound", "neg", "neu", "pos", "confidence", "needs_reply")),
        "rests_on": _STARS if stars else _NOT_JUDGED,
        "words": (),
        "cues": {"question": (asks,)} if asks else {},
        "cue_confidence": {"question": ONE["question"]} if asks else {},
        "language": code,
        "by_brand": None,
    }
