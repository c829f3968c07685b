"""What paid sources have spent: one small file a source, written before the request that costs money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from data import files, locks
from data.spool import budgets
from listeners.base import ListenerError, Options

CAP = budgets.CAP  # the option in setup.toml that says how much may be spent


class Ledger:
    """One source's budget. Months and days are UTC's, as the platforms bill them.

    What was reserved and never settled, because the process died, counts as spent: a cap is better kept too early.
    """

    def __init__(self, folder: Path, source: str, options: Options, now: datetime) -> None:
        """Open the books of `source` in `folder`. ListenerError when setup.toml sets no cap that can be used."""
        self._path = folder / f"{source}.json"
        self._source = source
        self._now = now.astimezone(UTC)
        self._cap = cap(source, options)
        self._reserved = 0.0
        _entries(self._path, self._now)  # damaged ones are told before anything is asked for

    @property
    def spent(self) -> float:
        """Dollars spent or set aside this month."""
        return float(_entries(self._path, self._now)["spent"])

    @property
    def left(self) -> float:
        """Dollars that may still be spent this month."""
        return max(0.0, self._cap - self.spent)

    @property
    def share(self) -> float:
        """The share of the cap that is left, 0 to 1."""
        return self.left / self._cap if self._cap else 0.0

    def reserve(self, dollars: float) -> None:
        """Set money aside for one request. ListenerError at the cap; it says so and waits for the next month."""
        with self._locked() as entries:
            spent = entries["spent"]
            if spent + dollars > self._cap + 1e-9:
                raise ListenerError(
                    self._source,
                    f"the month's cap of ${self._cap:,.2f} is reached (${spent:,.2f} spent); it listens again next "
                    f"month, or raise {CAP} on the Setup page",
                    retry_after=(_next_month(self._now) - self._now).total_seconds(),
                )
            entries["spent"] = spent + dollars
        self._reserved += dollars

    def charge(self, ids: Sequence[str], dollars_each: float) -> None:
        """Settle what was reserved since the last charge: only items not billed yet on this day cost anything."""
        with self._locked() as entries:
            billed = set(entries["billed"])
            new = [one for one in dict.fromkeys(ids) if one not in billed]
            entries["billed"] += new
            entries["spent"] = max(0.0, entries["spent"] - self._reserved) + len(new) * dollars_each
        self._reserved = 0.0

    @contextmanager
    def _locked(self) -> Iterator[dict[str, Any]]:
        """The books as they stand, nobody else writing: a visit, a second look and an answer may spend at one time."""
        with locks.take(self._path.with_suffix(".lock"), patience=None):
            entries = _entries(self._path, self._now)
            yield entries
            files.write(self._path, orjson.dumps(entries))


def cap(source: str, options: Options) -> float:
    """The most a source may spend a month, in dollars. ListenerError when setup.toml sets none that can be used."""
    said = options.get(CAP)
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said < 1e6:
        wrong = f"it costs money: set {CAP} under [sources.{source}], the most it may spend, in US dollars"
        raise ListenerError(source, wrong, permanent=True)
    return float(said)


def _entries(path: Path, now: datetime) -> dict[str, Any]:
    """The books as they stand this month and day. ListenerError when they are damaged: nothing is spent blindly."""
    month, day = f"{now:%Y-%m}", f"{now:%Y-%m-%d}"
    fresh: dict[str, Any] = {"month": month, "spent": 0.0, "day": day, "billed": []}
    try:
        entries = orjson.loads(path.read_bytes())
        spent, billed = float(entries["spent"]), list(entries["billed"])
    except FileNotFoundError:
        return fresh
    except (ValueError, KeyError, TypeError):
        said = f"{path.name} in {path.parent} cannot be read, so nothing is known of what was spent; mend or remove it"
        raise ListenerError(path.stem, said, permanent=True) from None
    if entries.get("month") != month:
        return fresh
    return fresh | {"spent": spent, "billed": billed if entries.get("day") == day else []}


def _next_month(now: datetime) -> datetime:
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)
