"""Scores one mention or many: sentiment by stars or by words, its confidence, whether it needs a reply, its cues."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any

import orjson

from analysis.scoring.request import SCORER, VADER, Layer, ScoreRequest, read_request
from analysis.scoring.vader_scoring import score_by_vader
from data.models import Mention, Score

__all__ = ["SCORER", "VADER", "score", "score_line", "score_lines", "under"]

_KEPT = {field.name for field in fields(Score)}


def score(mention: Mention, names: tuple[str, ...], scorer: str = SCORER) -> Score:
    """Judge a mention by its title and text, at most the first READ characters of them. `names`: every brand's terms,
    ours and competitors'; they carry no feeling of their own.

    The label is that of the stars where there are stars (1 and 2 negative, 3 neutral, 4 and 5 positive), else that of
    the words; all other figures are always the words'.
    """
    request = ScoreRequest(mention.id, mention.title, mention.text, mention.rating, names)
    line = score_lines([request], scorer=scorer)[0]
    return Score(**{name: value for name, value in line.items() if name in _KEPT})


def score_line(row: Any) -> dict[str, Any]:
    """`score` for values as they travel between processes. `row` as for `read_request`."""
    return score_lines([read_request(row)])[0]


def under(layer: str) -> Callable[[Any], dict[str, Any]]:
    """`score_line` under a layer. `layer`: JSON of what adapting.layer_fit.fit made."""
    return lambda row: score_lines([read_request(row)], _parsed(layer))[0]


@lru_cache(maxsize=4)
def _parsed(layer: str) -> Layer:
    made: Layer = orjson.loads(layer)
    return made


def score_lines(
    requests: Sequence[ScoreRequest], layer: Layer | None = None, scorer: str = SCORER
) -> list[dict[str, Any]]:
    """`score` for many at once, as values for JSON: mention_id, scorer, label, compound, neg, neu, pos, confidence,
    needs_reply, rests_on, words, cues, cue_confidence, language, by_brand. `layer`: adds what a team's corrections
    taught; VADER takes none. ValueError for a layer of another format or scorer."""
    if scorer != SCORER:
        return score_by_vader(requests)
    from analysis.scoring.judging import judge  # VADER alone needs no model

    return judge(requests, layer)
