"""The language library's model, unpacked once beside the environment: else each process unpacks it, for 0.4 s."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy

from data import files

# Limited to these, the library does not take a few English words for a rare language.
KNOWN = """
    en es pt fr de it nl sv da no fi pl cs sk sl hr sr hu ro bg el tr ru uk he ar fa ur hi bn mr ta te th vi id ms tl
    ja ko zh
"""
UNPACKED = Path(sys.prefix) / "share" / "hearback"

_PARTS = ("weights", "biases", "codes", "moves", "found", "rows")  # what an identifier is made of, in its own order


def identifier(unpacked: Path = UNPACKED) -> Any:
    """The library's identifier for the languages in KNOWN, with normalized probabilities. It is loaded from the files
    that `unpack` left in `unpacked`, else from the library's own, which takes longer and gives the same answers."""
    from py3langid.langid import LanguageIdentifier

    if (parts := _laid_out(_of_this_version(unpacked))) is None:
        return _packed()
    weights, biases, codes, moves, found, rows = parts
    # A view of the file: all processes look at the same memory.
    return LanguageIdentifier(
        weights, biases, codes.tolist(), memoryview(moves), found.tolist(), norm_probs=True, tk_row=rows.tolist()
    )


def unpack(into: Path = UNPACKED) -> Path:
    """Unpack the model into a folder of `into` named by the library's version, and return that folder; other versions'
    files in `into` are removed. OSError where nothing can be written."""
    folder = _of_this_version(into)
    if _laid_out(folder) is None:
        made = _packed()
        shutil.rmtree(into, ignore_errors=True)
        half = into / f"half-{os.getpid()}"
        half.mkdir(parents=True)
        values = (made.nb_ptc, made.nb_pc, made.nb_classes, made.tk_nextmove, made.tk_output, made.tk_row)
        for part, value in zip(_PARTS, values, strict=True):
            numpy.save(half / f"{part}.npy", numpy.asarray(value), allow_pickle=False)
        files.replace(half, folder)
    return folder


def _packed() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    made.set_languages(KNOWN.split())
    return made


def _of_this_version(unpacked: Path) -> Path:
    return unpacked / f"py3langid-{version('py3langid')}"


def _laid_out(folder: Path) -> list[Any] | None:
    """The parts in their order; None when one is missing or cannot be read."""
    try:
        return [numpy.asarray(numpy.load(folder / f"{part}.npy", mmap_mode="r", allow_pickle=False)) for part in _PARTS]
    except (OSError, EOFError, ValueError):
        return None
