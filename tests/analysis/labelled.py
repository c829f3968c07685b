"""The labelled sets, read from outside the repository; what needs them is skipped where they are not."""

import os
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LABELLED = Path(os.environ.get("HEARBACK_SHARED") or ROOT.parent / "shared") / "data" / "labelled"
AIRLINES = LABELLED / "nc/twitter_us_airlines.parquet"
COMPLAINTS = LABELLED / "unlicensed/complaints_acl2019.parquet"
GOLD = (
    "nc/twitter_us_airlines",
    "unlicensed/twitter_entity",
    "unlicensed/sanders",
    "unlicensed/brands_emotions_sxsw",
    "unlicensed/youtube_phones_labelled",
    "unlicensed/trustpilot_petins",
    "unlicensed/yelp_reviews",
    "unlicensed/amazon_alexa",
)

needed = pytest.mark.skipif(not AIRLINES.exists(), reason="the labelled sets are not beside the repository")


@cache
def rows(name, at_most=None):
    """(requests, gold sentiments) of a set's labelled texts; of a larger set every second, third."""
    from analysis import evaluation

    read = evaluation.read(LABELLED / f"{name}.parquet")
    pairs = [(row, gold) for row, gold in zip(read.requests, read.golds, strict=True) if gold in evaluation.LABELS]
    if at_most:
        pairs = pairs[:: max(1, len(pairs) // at_most)]
    return [row for row, _ in pairs], [gold for _, gold in pairs]
