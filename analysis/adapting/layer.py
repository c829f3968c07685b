"""A team's layer over the shipped scorer: fitted from corrections, applied to log-odds, compared, and its words."""

from __future__ import annotations

from analysis.adapting.evaluation import compare, held_out, words
from analysis.adapting.layer_fit import FEWEST, TooFew, adjust, fit

__all__ = ["FEWEST", "TooFew", "apply", "compare", "fit", "held_out", "words"]

apply = adjust
