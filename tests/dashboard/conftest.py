"""What tests of the dashboard share: a part of a page, or a press, that fails unexpectedly fails the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dashboard import edge


@pytest.fixture(autouse=True)
def failed_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Exception]]:
    """What was said to have failed, in order. A test that means it to fail looks at the list and clears it."""
    failed: list[Exception] = []
    say, tell = edge._say, edge._tell

    def said(name: str, fault: Exception) -> None:
        failed.append(fault)
        say(name, fault)

    def told(fault: Exception) -> None:
        failed.append(fault)
        tell(fault)

    monkeypatch.setattr(edge, "_say", said)
    monkeypatch.setattr(edge, "_tell", told)
    edge.watch_presses()
    yield failed
    assert failed == [], "a part of a page or a press failed, and nobody meant it to"
