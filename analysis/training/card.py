"""Writes the model card: the data the shipped weights were fitted on, its licences, their figures and their limits."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

from analysis.scoring.odds import negative_from
from analysis.scoring.weights import HEADS
from analysis.text.ngrams import SIZE
from analysis.training.fitted import FitResult
from analysis.training.selection import CLOSE, SEEN, ChosenValue, CueFigures

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
and over VADER's figures, cues and marks of the text. Customers' own words for what went wrong and well (a list written
by hand, analysis/training/lexicon.py) count as one while fitting; single words add to that.
{size:,} places, a byte each, {heads} heads; SHA-256 of the numbers {digest}. The file holds numbers and their
names only: nothing in it can run, and no text can be read out of it.

## Data
The open tier only; names, handles and links masked; each text once.

| set | licence | texts | negative | AUC for negative, this set left out |
|---|---|---|---|---|
{sets}

Stars stand in for labels in the review sets (1 and 2 negative, 4 and 5 positive, 3 left out). Nobody has labelled what
needs a reply: a review that is negative, asks or requests does, talk among people does not.

## Figures
On sets it has never seen, beside VADER and TextBlob: `python -m tests.benchmarks accuracy`. On any file of your own:
`python -m analysis evaluate FILE.parquet`. Calibrated on sets left out.

{choices}

## Limits
- English only; what is not is marked as not judged.
- Irony, comparisons and news about a brand are often misjudged, and so is talk in which a brand is only named.
- The share of negatives differs between sources; how sure it says it is holds over many sources together, less for one.
  A team's own corrections mend that.
- "Needs a reply" was never taught by people who answer mentions. How many do is not known either: its half-way lies
  where texts that do and texts that do not would be as many. Corrections teach it.
"""


CHOICES = """## Choices
Made on the open tier alone, by leaving out one set after the other. "Chosen without": what the
choice comes to on a set when it is made by the others.

A text is called negative from a likelihood of {from_negative:.2f} on (log-odds moved by {negative:+}), which is
the lowest that leaves macro-F1 above VADER's on every set. Of the rest, what is positive when its log-odds are moved by
{positive:+} is called positive. Macro-F1 of three labels, on the sets that people labelled in three ways:

{labels}

The sentences of a long text, weighed by whether they are about the brand, are {part} of it (the least part within
{close} of the best). AUC for negative, on long texts of which some sentences name the brand and others do not:

{parts}

One phrase of a cue alone, and how often a text that holds it feels so (texts). What is not here nobody
has labelled; it is set by hand:

{cues}
"""


MANY = 12  # values tried, of which every second one is enough to see


def card(scorer: str, digest: str, made: FitResult) -> str:
    """The card as Markdown. `digest`: the SHA-256 of the table, in hexadecimal."""
    rows = [
        f"| {group} | {LICENCES[group.split(':')[0]]} | {of.texts:,} | {of.negative:,} | {of.auc:.3f} |"
        for group, of in made.sets.items()
    ]
    return CARD.format(
        scorer=scorer,
        digest=digest[:16],
        size=SIZE,
        heads=len(HEADS),
        sets="\n".join(rows),
        choices=_choices(made),
    )


def _choices(made: FitResult) -> str:
    return CHOICES.format(
        from_negative=negative_from(made.negative.value),
        negative=made.negative.value,
        positive=made.positive.value,
        labels=_table("negative moved by", made.negative) + "\n\n" + _table("positive moved by", made.positive),
        part=made.part.value,
        close=CLOSE,
        parts=_table("part", made.part),
        cues="\n".join(_cue(cue, by_set) for cue, by_set in made.cues.items()),
    ).rstrip()


def _cue(cue: str, by_set: Mapping[str, CueFigures]) -> str:
    if not by_set:
        return f"- {cue}: fewer than {SEEN} texts in every set"
    of_sets = ", ".join(f"{group} {of.share:.2f} of {of.texts:,}" for group, of in by_set.items())
    return f"- {cue}: {fmean(of.share for of in by_set.values()):.2f} ({of_sets})"


def _table(name: str, choice: ChosenValue) -> str:
    """The figures of all values that were tried, then those of the values chosen without each set, then VADER's."""
    sets = list(choice.trials[0].by_set)
    lines = [f"| {name} | {' | '.join(sets)} | mean |", "|---" * (len(sets) + 2) + "|"]
    told = [
        (f"{trial.value:g}", trial.by_set, trial.value == choice.value)
        for number, trial in enumerate(choice.trials)
        if number % (2 if len(choice.trials) > MANY else 1) == 0
    ]
    told += [
        (title, by_set, False)
        for title, by_set in (("chosen without", choice.apart), ("VADER", choice.beside))
        if by_set
    ]
    for title, by_set, is_chosen in told:
        figures = [f"{figure:.3f}" for figure in (*(by_set[one] for one in sets), fmean(by_set.values()))]
        lines.append(f"| {title} | {' | '.join(f'**{one}**' if is_chosen else one for one in figures)} |")
    return "\n".join(lines)
