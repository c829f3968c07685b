"""What the whole suite shares: the order of its files, and a SIGINT that every process heeds."""

from __future__ import annotations

import signal
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONGEST = (
    HERE / "test_kill.py", HERE / "test_full_disk.py", HERE / "data/backup/test_kills.py",
    *(HERE / "browser").glob("test_*.py"),
)  # fmt: skip  # few, long tests


def pytest_configure() -> None:
    """A script starts its background jobs with SIGINT ignored; all that a test starts would inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, then those with the most tests: of two processes that share them neither should wait
    long for the other. Within a file the order stays."""
    many = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path not in LONGEST, -many[item.path], item.path))
