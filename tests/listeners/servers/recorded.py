"""What vendors really said, recorded by others and kept beside the project; a test without it skips and says so."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAYLOADS = Path(os.environ.get("HEARBACK_SHARED") or ROOT.parent / "shared") / "data" / "payloads"


def recorded_text(name: str) -> str:
    path = PAYLOADS / name
    if not path.exists():
        pytest.skip(f"no recorded payload at {path}")
    return path.read_text(encoding="utf-8")


def recorded(name: str) -> Any:
    """A recorded JSON document that is not empty."""
    told = json.loads(recorded_text(name))
    assert told
    return told
