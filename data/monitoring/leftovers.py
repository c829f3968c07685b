"""What was kept aside when a store was lost, damaged or restored, until a person removes it."""

from __future__ import annotations

from pathlib import Path

from data.analytics import kept_copies
from data.retention import kept_aside
from data.settings import Places
from data.store import damage


def paths(here: Places) -> list[Path]:
    """Every file and folder that was kept aside."""
    return [*damage.kept(here.store), *(one.path for one in kept_copies.kept(here.root))]


def told(here: Places, *, urgent: bool = False) -> list[str]:
    """What to say of each. `urgent`: only of those with something that the store may not hold."""
    copies = [one.says for one in kept_copies.kept(here.root)]
    beside = damage.kept(here.store)
    if urgent:
        beside = [path for path in beside if f".{damage.KEPT_LOG}-" in path.name]
    return copies + [_said(path) for path in beside]


def _said(path: Path) -> str:
    if path.suffix == ".wal" and f".{damage.KEPT_STORE}-" not in path.name:
        return damage.told_of_log(path)
    return f"{path} is what was there before a restore. Remove it when nobody needs it."


def told_of_erasure(here: Places) -> str:
    """What to say after an erasure; "" when it reaches all that was kept aside."""
    left = kept_aside.out_of_reach(here)
    if not left:
        return ""
    named = ", ".join(f"{path} ({what})" for path, what in left.items())
    return f"\nNo erasure reaches what cannot be read: {named}. It may hold the same words: remove it if you can."
