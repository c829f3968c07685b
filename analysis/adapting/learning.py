"""Learns from corrections: a layer, how such layers do on held-out corrections, and words to suggest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis import evaluation
from analysis.adapting.comparison import held_out, words
from analysis.adapting.layer_fit import TooFew, fit
from data.models import HearbackError


def learn(rows: Sequence[Mapping[str, Any]], lexicon: Mapping[str, str]) -> dict[str, Any]:
    """{"layer", "held_out", "words"}: see layer_fit.fit, comparison.held_out and comparison.words. `rows`, `lexicon`:
    as for layer_fit.fit. Held-out figures stand beside the shipped scorer's, since any earlier layer has seen some of
    these corrections. TooFew when there are too few."""
    return {"layer": fit(rows, lexicon), "held_out": held_out(rows, None, lexicon), "words": words(rows)}


def from_file(file: Path) -> dict[str, Any]:
    """A layer fitted on a labelled Parquet file, as evaluation.read takes it. HearbackError when it cannot be read or
    holds too few corrections."""
    labelled = evaluation.read(file)
    corrections = [
        {
            "title": request.title,
            "text": request.text,
            "names": request.names,
            "sentiment": gold if gold in evaluation.LABELS else None,
            "needs_reply": reply,
        }
        for request, gold, reply in zip(labelled.requests, labelled.golds, labelled.replies, strict=True)
    ]
    try:
        return fit(corrections)
    except TooFew as trouble:
        raise HearbackError(f"{file}: {trouble}") from trouble
