"""Measures a scorer on a labelled file, for `python -m analysis evaluate`. Stars are not used."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy

from analysis.measuring.metrics import (
    auc,
    average_precision,
    calibration_error,
    confusion,
    macro_f1,
    recall_and_precision,
)
from analysis.scoring.request import VADER, Layer, ScoreRequest
from analysis.scoring.scoring import score_lines
from data.models import HearbackError, Sentiment

LABELS = tuple(str(kind) for kind in Sentiment)
AT_ONCE = 500
REPLIES = {"complaint": True, "not_complaint": False}  # a gold_label that says whether a reply is needed


class Labelled(NamedTuple):
    """A labelled file: its texts as they are scored, without stars, and for each the gold sentiment and whether it
    needs a reply, None where the file does not tell."""

    file: str
    requests: Sequence[ScoreRequest]
    golds: Sequence[str | None]
    replies: Sequence[bool | None]


def evaluate(labelled: Labelled, scorer: str, layer: Layer | None = None) -> dict[str, Any]:
    """The figures of a scorer, under a layer where one is given, on a labelled file; None for a figure that the file
    cannot give."""
    golds, replies = labelled.golds, labelled.replies
    started = time.perf_counter()
    lines = judge(labelled.requests, scorer, layer)
    seconds = time.perf_counter() - started
    figures: dict[str, Any] = {
        "file": labelled.file,
        "scorer": lines[0]["scorer"],
        "corrections": layer["corrections"] if layer else 0,
        "texts": len(lines),
        "texts_per_second": round(len(lines) / seconds),
        "stars": "not used",
    }
    with_gold = [(gold, line) for gold, line in zip(golds, lines, strict=True) if gold in LABELS]
    if with_gold:
        figures |= measure([gold or "" for gold, _ in with_gold], [line for _, line in with_gold])
    with_reply = [(reply, line) for reply, line in zip(replies, lines, strict=True) if reply is not None]
    if with_reply and "needs_reply" in lines[0]:
        truth = numpy.array([reply for reply, _ in with_reply])
        chances = numpy.array([line["needs_reply"] or 0.0 for _, line in with_reply])
        figures["needs_reply"] = {"texts": len(with_reply), "auc": round(auc(truth, chances), 4)}
    return figures


def measure(golds: Sequence[str], lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Figures of scored lines against their gold sentiments. The probability that a line is negative is its "neg"; for
    VADER, whose "neg" is none, (1 - compound) / 2. What is not judged counts as neutral: it is not found."""
    labels = [str(line["label"] or Sentiment.NEUTRAL) for line in lines]
    is_negative = numpy.array([gold == Sentiment.NEGATIVE for gold in golds])
    promises = lines[0]["scorer"] != VADER
    chances = numpy.array([line["neg"] or 0.0 if promises else (1 - line["compound"]) / 2 for line in lines])
    negative = recall_and_precision(
        [(gold == Sentiment.NEGATIVE, label == Sentiment.NEGATIVE) for gold, label in zip(golds, labels, strict=True)]
    )
    return {
        "labelled": len(golds),
        "auc": _rounded(auc(is_negative, chances)),
        "average_precision": _rounded(average_precision(is_negative, chances)),
        "negative_recall": _rounded(negative["recall"]),
        "negative_precision": _rounded(negative["precision"]),
        "macro_f1": round(macro_f1(golds, labels, LABELS), 4),
        "calibration_error": round(calibration_error(is_negative, chances), 4) if promises else None,
        "confusion": confusion(golds, labels, LABELS),
    }


def _rounded(figure: float | None) -> float | None:
    """None also for NaN, which JSON does not have."""
    return None if figure is None or numpy.isnan(figure) else round(figure, 4)


def read(file: Path) -> Labelled:
    """Read a Parquet file with "text" and "gold_sentiment" or "gold_label" (whether a reply is needed), and "brand" and
    "title" where they are there. HearbackError where columns are missing or of another kind, or nothing is labelled."""
    from pyarrow import ArrowException, parquet

    if not file.is_file():
        raise HearbackError(f"There is no file {file}.")
    try:
        table = parquet.read_table(file)
    except (OSError, ArrowException) as trouble:
        raise HearbackError(f"{file} cannot be read as Parquet: {trouble}") from trouble
    columns = set(table.column_names)
    if "text" not in columns or not columns & {"gold_sentiment", "gold_label"}:
        raise HearbackError(f'{file} must have the columns "text" and "gold_sentiment".')
    rows = [row for row in table.to_pylist() if row["text"]]
    if not rows:
        raise HearbackError(f"{file} holds no text.")
    if others := [name for name in ("text", "title") if not all(isinstance(row.get(name), str | None) for row in rows)]:
        raise HearbackError(f'The column "{others[0]}" of {file} must hold text, and nothing else.')
    golds = [_label(row, "gold_sentiment") for row in rows]
    replies = [REPLIES.get(_label(row, "gold_label")) for row in rows]
    if not {*golds} & {*LABELS} and replies.count(None) == len(replies):
        raise HearbackError(f'No "gold_sentiment" of {file} is one of {", ".join(LABELS)}: nothing can be measured.')
    return Labelled(
        file.name,
        [ScoreRequest(None, row.get("title"), row["text"], None, _names(row)) for row in rows],
        [gold or None for gold in golds],
        replies,
    )


def _label(row: Mapping[str, Any], column: str) -> str:
    return str(row.get(column) or "").strip().lower()


def _names(row: Mapping[str, Any]) -> tuple[str, ...]:
    brand = row.get("brand")
    return (brand,) if isinstance(brand, str) and brand.strip() else ()


def judge(requests: Sequence[ScoreRequest], scorer: str, layer: Layer | None = None) -> list[dict[str, Any]]:
    """A line for each request, as scoring.score_lines gives it, AT_ONCE at a time."""
    lines = []
    for start in range(0, len(requests), AT_ONCE):
        lines += score_lines(requests[start : start + AT_ONCE], layer, scorer)
    return lines


def told(figures: Mapping[str, Any]) -> str:
    """Figures as lines for a person."""
    return "\n".join(f"{name.replace('_', ' '):20} {figure}" for name, figure in figures.items())
