"""The order of the suite: of two processes that share it by files, neither should long wait for the other."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONGEST = (HERE / "test_kill.py", HERE / "browser" / "test_journey.py")  # few tests, half a minute and more


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, then those with the most tests; within a file the order stays."""
    many = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path not in LONGEST, -many[item.path], item.path))
