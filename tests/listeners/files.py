"""Files as the tests of their shapes write and read them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from listeners.importing.imports import Instructions, preview, read_whole

ROOT = Path(__file__).parents[2]
RECORDED = Path(os.environ.get("HEARBACK_SHARED") or ROOT.parent / "shared") / "data/payloads/review_sites"
needs_recorded = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded files in ../shared/data are not here")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def written(folder: Path, content: str | bytes, name: str = "upload") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def csv(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def read(path: Path, **options):
    """The mentions, answers and refusals of a file, and what it was recognised as."""
    content = read_whole(path, NOW, Instructions(**options))
    return [one.mention for one in content["found"]], content, preview(path, now=NOW).shape
