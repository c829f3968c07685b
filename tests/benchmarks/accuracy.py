"""How right the scorers are, set by set, without stars: ours, VADER's and TextBlob's. What takes long is kept, known by
the bytes of the set and of the scorer."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis import evaluation
from analysis.scoring.request import SCORER, VADER, ScoreRequest
from analysis.scoring.weights import SHIPPED
from data.settings import ROOT
from tests.analysis.labelled import AIRLINES, COMPLAINTS, GOLD, LABELLED
from tests.benchmarks.figures import Figure, NotMeasured
from tests.benchmarks.ground import Ground

CACHE = Path(tempfile.gettempdir()) / "hearback-accuracy"
TEXTBLOB = "textblob"
SHOWN = ("auc", "negative_recall", "negative_precision", "macro_f1")
_NAMES = {SCORER: "hearback", VADER: "vader", TEXTBLOB: TEXTBLOB}


def accuracy(ground: Ground) -> Iterator[Figure]:
    """By set and scorer: AUC, recall and precision for negative, macro-F1; and the AUC for "needs a reply"."""
    if not AIRLINES.exists():
        raise NotMeasured("the labelled sets are not beside the repository")
    names = GOLD[: ground.sizes.labelled]
    sums: dict[str, list[float]] = {}
    for name in names:
        for scorer in (SCORER, VADER, TEXTBLOB):
            figures = _kept(LABELLED / f"{name}.parquet", scorer)
            sums.setdefault(_NAMES[scorer], []).append(figures["auc"])
            for key in SHOWN:
                yield Figure(f"accuracy.{name.split('/')[1]}.{_NAMES[scorer]}.{key}", figures[key], "")
    for scorer, values in sums.items():
        yield Figure(f"accuracy.mean.{scorer}.auc", sum(values) / len(values), "")
    reply = _kept(COMPLAINTS, SCORER)["needs_reply"]["auc"]
    yield Figure("accuracy.complaints_acl2019.hearback.needs_reply.auc", reply, "")


def _kept(file: Path, scorer: str) -> dict[str, Any]:
    """The figures of a scorer on a file, from the cache where neither has changed."""
    known = CACHE / f"{file.stem}-{scorer}-{_digest(file)}.json"
    if known.exists():
        kept: dict[str, Any] = json.loads(known.read_text())
        return kept
    figures = _by_textblob(file) if scorer == TEXTBLOB else evaluation.evaluate(evaluation.read(file), scorer)
    CACHE.mkdir(parents=True, exist_ok=True)
    known.write_text(json.dumps(figures))
    return figures


def _digest(file: Path) -> str:
    """Of the set and of all that judges it."""
    digest = hashlib.sha256(file.read_bytes() + SHIPPED.read_bytes())
    folding = (ROOT / "data" / "folding.py", ROOT / "data" / "matching.py")  # every text is folded before it is judged
    for source in sorted([*(ROOT / "analysis").rglob("*.py"), *folding]):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _by_textblob(file: Path) -> Mapping[str, Any]:
    read = evaluation.read(file)
    labelled = [(row, gold) for row, gold in zip(read.requests, read.golds, strict=True) if gold in evaluation.LABELS]
    return evaluation.measure([gold or "" for _, gold in labelled], [*_lines([row for row, _ in labelled])])


def _lines(rows: Sequence[ScoreRequest]) -> Iterator[dict[str, Any]]:
    from textblob import TextBlob

    for row in rows:
        polarity = TextBlob(row.text).sentiment.polarity
        yield {
            "scorer": VADER,  # measured as VADER is: what it gives is no probability either
            "compound": polarity,
            "label": "negative" if polarity < 0 else "positive" if polarity > 0 else "neutral",
        }
