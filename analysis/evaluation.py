"""Measures a scorer on any labelled file, for `python -m analysis evaluate`. Stars are never looked at."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy

from analysis.adapting import layer_fit as layers
from analysis.measuring.metrics import (
    auc,
    average_precision,
    calibration_error,
    confusion,
    macro_f1,
    recall_and_precision,
)
from analysis.scoring.scoring import VADER, Asked, score_lines
from data.models import HearbackError, Sentiment

LABELS = tuple(str(kind) for kind in Sentiment)
AT_ONCE = 500
REPLIES = {"complaint": True, "not_complaint": False}  # a gold_label that says whether a reply is needed


def evaluate(file: Path, scorer: str, corrections: Path | None = None) -> dict[str, Any]:
    """The figures of a scorer on a Parquet file with "text" and "gold_sentiment" (and "brand" and "title", where they
    are there); None for a figure that the file cannot give. `corrections`: another such file to learn from first.
    HearbackError for a file without the columns or without a label that is known, and for VADER with corrections."""
    if corrections and scorer == VADER:
        raise HearbackError("VADER learns nothing: corrections go with --scorer hearback.")
    rows, golds, replies = read(file)
    layer = learn(corrections) if corrections else None
    started = time.perf_counter()
    lines = judge(rows, scorer, layer)
    seconds = time.perf_counter() - started
    figures: dict[str, Any] = {
        "file": file.name,
        "scorer": lines[0]["scorer"],
        "corrections": layer["corrections"] if layer else 0,
        "texts": len(rows),
        "texts_per_second": round(len(rows) / seconds),
        "stars": "not used",
    }
    labelled = [number for number, gold in enumerate(golds) if gold in LABELS]
    if labelled:
        figures |= measure([golds[number] or "" for number in labelled], [lines[number] for number in labelled])
    told = [number for number, reply in enumerate(replies) if reply is not None]
    if told and "needs_reply" in lines[0]:
        truth = numpy.array([bool(replies[number]) for number in told])
        chances = numpy.array([lines[number]["needs_reply"] for number in told])
        figures["needs_reply"] = {"texts": len(told), "auc": round(auc(truth, chances), 4)}
    return figures


def measure(golds: Sequence[str], lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Figures of scored lines against their gold sentiments; a line's chance of being negative is "neg" for Hearback
    and the compound turned round for VADER, which promises none."""
    labels = [str(line["label"]) for line in lines]
    is_negative = numpy.array([gold == Sentiment.NEGATIVE for gold in golds])
    promises = lines[0]["scorer"] != VADER
    chances = numpy.array([line["neg"] if promises else (1 - line["compound"]) / 2 for line in lines])
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


def read(file: Path) -> tuple[list[Asked], list[str | None], list[bool | None]]:
    """The texts of a file as they are asked about, without stars, their gold sentiments, and whether they need a reply
    where "gold_label" tells. HearbackError where the columns are missing or of another kind, or nothing is labelled."""
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
    return (
        [Asked(None, row.get("title"), row["text"], None, _names(row)) for row in rows],
        [gold or None for gold in golds],
        replies,
    )


def _label(row: Mapping[str, Any], column: str) -> str:
    return str(row.get(column) or "").strip().lower()


def _names(row: Mapping[str, Any]) -> tuple[str, ...]:
    brand = row.get("brand")
    return (brand,) if isinstance(brand, str) and brand.strip() else ()


def judge(rows: Sequence[Asked], scorer: str, layer: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """A line for each row."""
    lines = []
    for start in range(0, len(rows), AT_ONCE):
        lines += score_lines(rows[start : start + AT_ONCE], layer, scorer)
    return lines


def learn(file: Path) -> dict[str, Any]:
    """A layer from a labelled file. HearbackError when it holds too few corrections."""
    rows, golds, replies = read(file)
    taught = [
        {"title": row.title, "text": row.text, "names": row.names, "sentiment": gold, "needs_reply": reply}
        for row, gold, reply in zip(rows, (gold if gold in LABELS else None for gold in golds), replies, strict=True)
    ]
    try:
        return layers.fit(taught)
    except layers.TooFew as trouble:
        raise HearbackError(f"{file}: {trouble}") from trouble


def told(figures: Mapping[str, Any]) -> str:
    """Figures as lines for a person."""
    return "\n".join(f"{name.replace('_', ' '):20} {figure}" for name, figure in figures.items())
