"""Laws of the sources: each is registered, dated, tested, and keeps nothing that its platform forbids to keep."""

from __future__ import annotations

import re

import pytest

from listeners.registry import LISTENERS, LIVE_VIEWS
from tests.laws.code import ROOT

TESTS = ROOT / "tests/listeners/sources"


@pytest.mark.parametrize("listener", [*LISTENERS, *LIVE_VIEWS], ids=lambda listener: listener.source)
def test_a_source_is_named_dated_and_tested(listener):
    name = listener.source
    assert type(listener).__module__ in (f"listeners.sources.{name}", f"listeners.sources.{name}.listener")
    assert listener.policy.checked_on
    assert (TESTS / f"test_{name}.py").exists() or (TESTS / name / "test_listener.py").exists()


def test_every_source_is_registered():
    offered = {
        path.parent.name if path.stem == "listener" else path.stem
        for path in (ROOT / "listeners/sources").rglob("*.py")
        if re.search(r"^    source(: str)? = ", path.read_text(encoding="utf-8"), re.M)
    }
    assert offered == {listener.source for listener in [*LISTENERS, *LIVE_VIEWS]}


def test_what_may_not_be_kept_is_a_live_view_and_nothing_else():
    """What a listener fetches is written to a batch, so a source whose text may touch no disk cannot be one."""
    assert all(listener.policy.keeps_text for listener in LISTENERS)
    assert not any(view.policy.keeps_text for view in LIVE_VIEWS)
    assert not {view.source for view in LIVE_VIEWS} & {listener.source for listener in LISTENERS}
    assert not [view.source for view in LIVE_VIEWS if hasattr(view, "listen")]
