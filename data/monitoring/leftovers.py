"""What was kept aside when a store was lost, damaged or restored, until a person removes it."""

from __future__ import annotations

from pathlib import Path

from data.analytics import kept_copies
from data.settings import Places
from data.store import damage


def paths(here: Places) -> list[Path]:
    """Every file and folder that was kept aside. Erasures do not reach them."""
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
    return f"{path} is what was there before a restore. Remove it when nobody needs it; erasures do not reach it."


def told_of_erasure(here: Places) -> str:
    """What to say after an erasure; "" when nothing was kept aside."""
    left = paths(here)
    if not left:
        return ""
    return f"\nErasures do not reach what was kept aside: {', '.join(map(str, left))}. Remove it when nobody needs it."
