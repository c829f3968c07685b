"""One lesson: what a team's corrections teach, how that does on corrections held out, and the words they speak for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.adapting import layer


def learn(rows: Sequence[Mapping[str, Any]], lexicon: Mapping[str, str]) -> dict[str, Any]:
    """{"layer", "held_out", "words"}: see layer.fit, layer.held_out (beside the shipped scorer, for any layer would
    know some of these corrections already) and layer.words. `rows`, `lexicon` as for layer.fit. layer.TooFew when there
    are too few."""
    return {
        "layer": layer.fit(rows, lexicon),
        "held_out": layer.held_out(rows, None, lexicon),
        "words": layer.words(rows),
    }
