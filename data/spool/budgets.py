"""What paid sources have spent this month, by their ledgers and setup.toml; only listeners write the ledgers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data import files

CAP = "dollars_a_month"  # what setup.toml calls the most a source may spend
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


def _spent(ledger: Path, month: str) -> float | None:
    try:
        said = files.read_json(ledger)
        return float(said["spent"]) if said["month"] == month else 0.0
    except FileNotFoundError:
        return 0.0
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _cap(said: object) -> float | None:
    return float(said) if isinstance(said, int | float) and not isinstance(said, bool) and said >= 0 else None
