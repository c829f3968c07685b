"""What paid sources have spent this month, by their ledgers and setup.toml; only listeners write the ledgers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data import files

CAP = "dollars_a_month"  # what setup.toml calls the most a source may spend
BEFORE = "before"  # a ledger's key for the months before its own: month -> US dollars
MONTHS = 24  # of them that are kept
NEAR = 0.8  # of the cap; from there on it is said


@dataclass(frozen=True, slots=True)
class Spending:
    """One source's month in US dollars. `spent`: None when its ledger cannot be read; `cap`: None when none is set."""

    spent: float | None
    cap: float | None

    @property
    def left(self) -> float | None:
        """What may still be spent; None when that cannot be told."""
        return None if self.spent is None or self.cap is None else max(0.0, self.cap - self.spent)

    @property
    def near_its_end(self) -> bool:
        """Whether four fifths of the cap or more are spent."""
        return self.spent is not None and bool(self.cap) and self.spent >= NEAR * (self.cap or 0.0)


def spending(folder: Path, sources: Mapping[str, Mapping[str, Any]], now: datetime) -> dict[str, Spending]:
    """Every source that has a ledger in `folder` or a cap in its table of setup.toml."""
    month = f"{now.astimezone(UTC):%Y-%m}"
    capped = {source for source, table in sources.items() if CAP in table}
    kept = {path.stem for path in files.named(folder, ".json")}
    return {
        source: Spending(_spent(folder / f"{source}.json", month), _cap(sources.get(source, {}).get(CAP)))
        for source in sorted(capped | kept)
    }


def spent_in(ledger: Mapping[str, Any], month: str) -> tuple[float, dict[str, float]]:
    """What a ledger counts for a month ("2026-11"), and for each month before. What a clock that was ahead wrote under
    later months was spent by now, so it counts. KeyError, TypeError, ValueError when the ledger is damaged."""
    months = {**ledger.get(BEFORE, {}), str(ledger["month"]): ledger["spent"]}
    amounts = {name: float(dollars) for name, dollars in months.items()}
    if not all(0 <= dollars < math.inf for dollars in amounts.values()):  # nor is NaN
        raise ValueError("a sum was never spent")
    before = {name: dollars for name, dollars in amounts.items() if name < month}
    spent = sum(dollars for name, dollars in amounts.items() if name >= month)
    return spent, dict(sorted(before.items())[-MONTHS:])


def _spent(ledger: Path, month: str) -> float | None:
    try:
        return spent_in(files.read_json(ledger), month)[0]
    except FileNotFoundError:
        return 0.0
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _cap(said: object) -> float | None:
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    return float(said) if 0 <= said < math.inf else None
