"""The model card: what the shipped weights were made of, under which licences, what they reach, and what not."""

from __future__ import annotations

from collections.abc import Mapping

LICENCES = {
    "gplay_kids_cards": "CC0",
    "crypto_app_reviews": "MIT",
    "goemotions_reddit": "Apache-2.0",
    "hutto_groundtruth": "MIT",
    "reddit_brokers_labelled": "Apache-2.0",
    "tweeteval_sentiment_val": "SemEval-2017, as published with TweetEval",
}

CARD = """# {scorer}: model card

Written by `python -m analysis fit`, which makes these weights anew from the same files, to the same bytes.

## What it is
Three logistic regressions (negative, positive, needs a reply) over hashed pieces of words, words and pairs of words,
and over VADER's figures, cues and marks of the text. {size:,} places, a byte each, {heads} heads; SHA-256 of the
numbers {digest}. The file holds numbers and their names only: nothing in it can run, and no text can be read out of it.

## Data
The open tier only; names, handles and links masked; each text once.

| set | licence | texts | negative | AUC for negative, this set left out |
|---|---|---|---|---|
{sets}

Stars stand in for labels in the review sets (1 and 2 negative, 4 and 5 positive, 3 left out). Nobody has labelled what
needs a reply: a review that is negative, asks or requests does, talk among people does not.

## Figures
On sets it has never seen, beside VADER and TextBlob: `python -m tests.benchmarks accuracy`. On any file of your own:
`python -m analysis evaluate FILE.parquet`. Calibrated on sets left out; human labels count more there than stars.

## Limits
- English only; what is not is marked as not judged.
- Irony, comparisons and news about a brand are often misjudged, and so is talk in which a brand is only named.
- The share of negatives differs between sources; how sure it says it is holds over many sources together, less for one.
  A team's own corrections mend that.
- "Needs a reply" was never taught by people who answer mentions, and where its half-way lies was set by hand;
  corrections teach it.
"""


def written(scorer: str, digest: str, size: int, heads: int, sets: Mapping[str, tuple[int, int, float]]) -> str:
    """The card as text. `sets`: for each group its texts, how many are negative, and its AUC when left out."""
    rows = [
        f"| {group} | {LICENCES[group.split(':')[0]]} | {count:,} | {negative:,} | {auc:.3f} |"
        for group, (count, negative, auc) in sets.items()
    ]
    return CARD.format(scorer=scorer, digest=digest[:16], size=size, heads=heads, sets="\n".join(rows))
