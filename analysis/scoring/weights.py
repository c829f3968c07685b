"""Reads and writes a scorer's weights: a file with one line of JSON, then compressed numbers; nothing in it can run.

A file with a wrong format, shape or checksum is refused.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray

from analysis.text.features import NAMES
from analysis.text.ngrams import BITS, SIZE

FORMAT = "hearback-weights-1"
HEADS = ("negative", "positive", "needs_reply")
SHIPPED = Path(__file__).parent.parent / "shipped" / "weights.bin"
LONGEST_HEADER = 100_000  # bytes

Table = NDArray[numpy.int8]


class ForeignWeights(ValueError):
    """The file holds no weights of this version; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A scorer's weights. `table`: (SIZE, HEADS) whole numbers, which `scales` (HEADS, 2: pieces, words) turn into
    weights; `features`: (HEADS, NAMES); `biases`: (HEADS,). Their sum is a calibrated log-odds."""

    scorer: str
    table: Table
    scales: NDArray[numpy.float64]
    features: NDArray[numpy.float64]
    biases: NDArray[numpy.float64]


def save(weights: Weights, path: Path) -> None:
    """Write weights to a file; the same weights give the same bytes."""
    numbers = weights.table.T.tobytes()
    header = {
        "format": FORMAT,
        "scorer": weights.scorer,
        "heads": HEADS,
        "traits": NAMES,  # the file's own word for features
        "bits": BITS,
        "sha256": hashlib.sha256(numbers).hexdigest(),
        "scales": weights.scales.tolist(),
        "weights": weights.features.tolist(),
        "biases": weights.biases.tolist(),
    }
    path.write_bytes(json.dumps(header).encode() + b"\n" + zlib.compress(numbers, 9))


def load(path: Path) -> Weights:
    """Read weights. ForeignWeights when the file is missing, damaged or of another version."""
    try:
        with path.open("rb") as file:
            line, pressed = file.readline(LONGEST_HEADER), file.read(2 * SIZE * len(HEADS))
    except OSError as trouble:
        raise ForeignWeights(f"{path.name} cannot be read: {trouble.strerror}") from trouble
    header = _header(path, line)
    numbers = _numbers(path, pressed, header)
    table = numpy.frombuffer(numbers, dtype=numpy.int8).reshape(len(HEADS), SIZE).T
    try:
        made = Weights(
            str(header["scorer"]),
            table,
            *(numpy.array(header[name], dtype=numpy.float64) for name in ("scales", "weights", "biases")),
        )
    except (KeyError, TypeError, ValueError) as trouble:
        raise ForeignWeights(f"{path.name} lacks a part of its header: {trouble}") from trouble
    shapes = [made.scales.shape, made.features.shape, made.biases.shape]
    count = len(HEADS)
    if shapes != [(count, 2), (count, len(NAMES)), (count,)] or not _is_finite(made):
        raise ForeignWeights(f"{path.name} has a header of the wrong shape")
    return made


def _header(path: Path, line: bytes) -> dict[str, Any]:
    try:
        header = json.loads(line)
    except ValueError as trouble:
        raise ForeignWeights(f"{path.name} does not begin like a file of weights") from trouble
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ForeignWeights(f"{path.name} is not of the format {FORMAT}")
    if (header.get("bits"), header.get("heads"), header.get("traits")) != (BITS, list(HEADS), list(NAMES)):
        raise ForeignWeights(f"{path.name} was made for another version of Hearback")
    return header


def _numbers(path: Path, pressed: bytes, header: dict[str, Any]) -> bytes:
    wanted = SIZE * len(HEADS)
    try:
        numbers = zlib.decompressobj().decompress(pressed, wanted + 1)
    except zlib.error as trouble:
        raise ForeignWeights(f"{path.name} is damaged: {trouble}") from trouble
    if len(numbers) != wanted or hashlib.sha256(numbers).hexdigest() != header.get("sha256"):
        raise ForeignWeights(f"{path.name} is damaged: its checksum is not that of its numbers")
    return numbers


def _is_finite(made: Weights) -> bool:
    return all(bool(numpy.isfinite(part).all()) for part in (made.scales, made.features, made.biases))
