"""How fast VADER's four scores are had beside vaderSentiment itself, in one process: on tweets and on one long post."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path

from data.settings import ROOT
from tests.benchmarks.figures import Figure, race, timed
from tests.benchmarks.ground import Ground

TWEETS = Path("data/labelled/nc/twitter_us_airlines.parquet")


def vader(ground: Ground) -> Iterator[Figure]:
    """All four scores of each text, one text after the other."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    from analysis.text.vader import Vader

    ours, theirs = Vader().read, SentimentIntensityAnalyzer().polarity_scores
    tweets = list(islice(_tweets(ground), ground.sizes.read))
    times = race(timed(_each(ours, tweets)), timed(_each(theirs, tweets)), ground.sizes.rounds)
    yield times.rate("vader tweets", len(tweets), "tweets/s", "vaderSentiment's polarity_scores of the same tweets")
    words = ground.sizes.words
    post = " ".join(islice(chain.from_iterable(tweet.split() for tweet in tweets), words))
    times = race(timed(_each(ours, [post])), timed(_each(theirs, [post])), 1)
    yield times.rate(f"vader {words:,} words", 1, "posts/s", "vaderSentiment's polarity_scores of the same post")


def _each(read: Callable[[str], object], texts: list[str]) -> Callable[[], None]:
    def work() -> None:
        for text in texts:
            read(text)

    return work


def _tweets(ground: Ground) -> Iterator[str]:
    """Real tweets where they are, else what the other benchmarks read."""
    file = Path(os.environ.get("HEARBACK_SHARED") or ROOT.parent / "shared") / TWEETS
    if file.exists():
        from pyarrow import parquet

        yield from parquet.read_table(file, columns=["text"])["text"].to_pylist()
    yield from (said.text for said in ground.texts)
