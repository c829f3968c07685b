"""The labelled texts that the shipped weights are fitted on: the open tier and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from analysis.cues.cues import find
from analysis.text.features import Cues
from analysis.text.masking import mask
from analysis.text.vader import Feeling
from analysis.text.valence import READ, read
from data.settings import ROOT

OPEN = Path(os.environ.get("HEARBACK_SHARED") or ROOT.parent / "shared") / "data" / "labelled" / "open"

AT_MOST = 20_000  # texts of one set; of a larger one every second, every third

NEGATIVE, NEUTRAL, POSITIVE = "negative", "neutral", "positive"


class LabelledText(NamedTuple):
    """One text with its labels; None: not known. `weight`: how much it counts while fitting."""

    group: str
    masked: str
    feeling: Feeling
    cues: Cues
    sentiment: str | None
    needs_reply: bool | None
    weight: float


class _Source(NamedTuple):
    """A file of the open tier. `counts`: what all its texts together weigh. `is_talk`: people talk among themselves, so
    that no text needs a reply; `has_stars`: its labels are stars, so that its texts are addressed to a brand."""

    file: str
    counts: float
    has_stars: bool = False
    is_talk: bool = False
    domain: str | None = None

    @property
    def group(self) -> str:
        return f"{self.file}:{self.domain}" if self.domain else self.file


SOURCES = (
    _Source("gplay_kids_cards", 6000, has_stars=True),
    _Source("crypto_app_reviews", 3000, has_stars=True),
    _Source("goemotions_reddit", 3000, is_talk=True),
    _Source("hutto_groundtruth", 2500, is_talk=True, domain="tweets"),
    _Source("hutto_groundtruth", 2000, domain="amazonReviewSnippets"),
    _Source("reddit_brokers_labelled", 1500),
    _Source("tweeteval_sentiment_val", 2500, is_talk=True),
)


def texts(folder: Path = OPEN) -> list[LabelledText]:
    """Every text of the corpus, in the order of the files, each once per group and label. FileNotFoundError without
    the files."""
    return [text for source in SOURCES for text in _of_source(folder, source)]


def _of_source(folder: Path, source: _Source) -> list[LabelledText]:
    rows = list(_distinct(_rows(folder / f"{source.file}.parquet", source.domain)))
    rows = rows[:: max(1, len(rows) // AT_MOST)]
    each = source.counts / max(1, len(rows))
    return [text for row in rows if (text := _labelled(row, source, each))]


def _rows(file: Path, domain: str | None) -> Iterator[dict[str, Any]]:
    from pyarrow import parquet

    for row in parquet.read_table(file).to_pylist():
        if row["text"] and (domain is None or row["domain"] == domain):
            yield row


def _distinct(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    seen = set()
    for row in rows:
        key = (row["text"].strip().lower(), row["gold_sentiment"])
        if key not in seen:
            seen.add(key)
            yield row


def _labelled(row: dict[str, Any], source: _Source, weight: float) -> LabelledText | None:
    sentiment = row["gold_sentiment"] if row["gold_sentiment"] in (NEGATIVE, NEUTRAL, POSITIVE) else None
    if source.has_stars and sentiment == NEUTRAL:
        return None  # three stars are given to praise and to blame alike
    masked = mask(row["text"][:READ], (row["brand"],) if row.get("brand") else ())
    cues = find(masked)
    reply = _needs_reply(sentiment, cues, source)
    if sentiment is None and reply is None:
        return None
    return LabelledText(source.group, masked, read(masked), cues, sentiment, reply, weight)


def _needs_reply(sentiment: str | None, cues: Cues, source: _Source) -> bool | None:
    """Nobody has labelled what needs a reply. A review that is negative or asks does; talk among people does not."""
    if source.is_talk:
        return False
    if not source.has_stars:
        return None
    return sentiment == NEGATIVE or "question" in cues or "request" in cues


def groups(corpus: Sequence[LabelledText]) -> list[str]:
    """The groups of a corpus in their order."""
    return list(dict.fromkeys(one.group for one in corpus))
