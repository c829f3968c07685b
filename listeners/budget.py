"""The ledger of what paid sources have spent: one file per source, written before each request that costs money."""

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
    """One source's spending, in US dollars. Months and days are in UTC, as the platforms bill them.

    Money that was reserved and never charged, because the process died, counts as spent, so the cap always holds. The
    months before are kept: where the clock was set ahead and comes back, nothing is forgotten.
    """

    def __init__(self, folder: Path, source: str, options: Options, now: datetime) -> None:
        """Open the ledger of `source` in `folder`. ListenerError when setup.toml sets no usable cap, or the file is
        damaged."""
        self._path = folder / f"{source}.json"
        self._source = source
        self._now = now.astimezone(UTC)
        self._cap = cap(source, options)
        self._reserved = 0.0
        _entries(self._path, self._now)  # a damaged file is reported before any request

    @property
    def spent(self) -> float:
        """US dollars spent or reserved this month."""
        return float(_entries(self._path, self._now)["spent"])

    @property
    def left(self) -> float:
        """US dollars that may still be spent this month."""
        return max(0.0, self._cap - self.spent)

    @property
    def share(self) -> float:
        """The share of the cap that is left, 0 to 1."""
        return self.left / self._cap if self._cap else 0.0

    def reserve(self, dollars: float) -> None:
        """Reserve money for one request. ListenerError when the cap would be exceeded; its `retry_after` is next
        month."""
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
        """Replace what was reserved since the last charge by the price of the items not billed earlier on this day."""
        with self._locked() as entries:
            billed = set(entries["billed"])
            new = [one for one in dict.fromkeys(ids) if one not in billed]
            entries["billed"] += new
            entries["spent"] = max(0.0, entries["spent"] - self._reserved) + len(new) * dollars_each
        self._reserved = 0.0

    @contextmanager
    def _locked(self) -> Iterator[dict[str, Any]]:
        """The ledger's entries, under a lock: a run, a recheck and a delivery may spend at the same time."""
        with locks.take(self._path.with_suffix(".lock"), patience=None):
            entries = _entries(self._path, self._now)
            yield entries
            files.write(self._path, orjson.dumps(entries))


def cap(source: str, options: Options) -> float:
    """A source's monthly cap in US dollars. ListenerError when setup.toml sets no usable one."""
    said = options.get(CAP)
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said < 1e6:
        wrong = f"it costs money: set {CAP} under [sources.{source}], the most it may spend, in US dollars"
        raise ListenerError(source, wrong, permanent=True)
    return float(said)


def _entries(path: Path, now: datetime) -> dict[str, Any]:
    """The entries of this month and day. ListenerError when the file is damaged: without it nothing may be spent."""
    month, day = f"{now:%Y-%m}", f"{now:%Y-%m-%d}"
    fresh: dict[str, Any] = {"month": month, "spent": 0.0, "day": day, "billed": []}
    try:
        entries = files.read_json(path)
        spent, before = budgets.spent_in(entries, month)
        billed = [str(one) for one in entries["billed"]]
    except FileNotFoundError:
        return fresh
    except (ValueError, KeyError, TypeError, AttributeError, files.NotAFile):
        said = f"{path.name} in {path.parent} cannot be read, so nothing is known of what was spent; mend or remove it"
        raise ListenerError(path.stem, said, permanent=True) from None
    return fresh | {
        "spent": spent,
        "billed": billed if entries.get("day") == day else [],
        **({budgets.BEFORE: before} if before else {}),
    }


def _next_month(now: datetime) -> datetime:
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)
