"""Gathers rows into batches and writes each when it is full, so that memory holds one batch at most."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

from data.folding import key
from data.models import Answer, Brand, Found, Rejected
from data.spool.batches import Content, hold, release, withdraw
from listeners.importing.border import Border, ImportedRow, RowRefused
from listeners.importing.mapping.chunks import SHOWN, Chunk
from listeners.importing.prospects import Outlook, Prospects
from listeners.importing.repeats import RepeatKind, Repeats

NAME = "import"  # the batches' name, whatever the rows' sources
LARGEST_BATCH = 50_000  # lines
SHOWN_REASONS = 5
COUNTED = ("rows", "taken", "own", "repeats", "rejected", "answers", "to_nobody")


class ImportIntake:
    """Gathers one file's rows and drops them as batches when it is left. `incoming`: None to gather them all in memory.
    `outlook`: tells the prospects of the mentions, where they are asked for. `counts` has each of COUNTED, as Summary
    defines them."""

    def __init__(
        self,
        incoming: Path | None,
        now: datetime,
        file: str,
        competitors: Collection[str],
        outlook: Outlook | None = None,
    ) -> None:
        self._incoming, self._now, self._file = incoming, now, file
        self._competitors, self._outlook = {key(name) for name in competitors}, outlook
        self.prospects = Prospects()
        self._repeats = Repeats()
        self._found: dict[str, Found] = {}
        self._answers: list[Answer] = []
        self._rejected: list[Rejected] = []
        self._spellings: dict[str, Brand] = {}  # folded name -> the brand as it was first written
        self._named: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.counts = Counter(dict.fromkeys(COUNTED, 0))
        self.reasons: list[Rejected] = []
        self.batches: list[Path] = []
        self._held: list[Path] = []  # batches that are written and not yet published

    @property
    def brands(self) -> tuple[Brand, ...]:
        """The brands named so far, in their order of appearance."""
        return tuple(self._spellings.values())

    @property
    def gathered(self) -> Content:
        """The content gathered since the last batch."""
        return {
            "found": list(self._found.values()),
            "answers": self._answers,
            "brands": self.brands,
            "rejected": self._rejected,
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *trouble: object) -> None:
        """Publish what was read, also of a file that broke off. OSError when it cannot be written."""
        if trouble[0] is None:
            self._flush()
        while self._held:
            self.batches.append(release(self._held.pop(0)))

    def forget(self) -> None:
        """Take back everything that was read: it will be read again, otherwise."""
        for batch in self._held:
            withdraw(batch)
        self._held, self._found, self._answers, self._rejected = [], {}, [], []
        self.prospects = Prospects()

    def add(self, chunk: Chunk, border: Border) -> None:
        """Gather a chunk of rows; write a batch when it is full. OSError when it cannot be written."""
        self._keep(chunk, border)
        held = len(self._found) + len(self._answers) + len(self._rejected)
        if self._incoming is not None and held >= LARGEST_BATCH:
            self._flush()

    def _keep(self, chunk: Chunk, border: Border) -> None:
        """Gather a chunk of rows; nothing is written."""
        for broken in chunk.broken:
            self._reject(broken.line, broken.reason, broken.content)
        for line, cells in zip(chunk.lines, chunk.rows, strict=True):
            try:
                row = border.read(cells)
            except RowRefused as refusal:
                self._reject(line, str(refusal), _shown(chunk.header, cells))
                continue
            self._place(row, line, chunk.header, cells)
        self.counts["rows"] += len(chunk.rows) + len(chunk.broken)

    def _flush(self) -> None:
        """Write what was gathered as one batch, which is held back until all rows are read: a later one may show that
        these were misread. Each batch names all brands so far, because any may be read first."""
        if self._outlook:
            self.prospects += self._outlook.of(self._found.values(), self._answers, self.brands)
        if self._incoming is None or not (self._found or self._answers or self._rejected):
            return
        self._held.append(hold(self._incoming, NAME, self._now, **self.gathered))
        self._found, self._answers, self._rejected = {}, [], []

    def _place(self, row: ImportedRow, line: int, header: Sequence[str], cells: Sequence[object]) -> None:
        place = self._repeats.place(row)
        if place is RepeatKind.NEW:
            self._count(row)
        elif place is RepeatKind.OTHER:
            reason = f"the id {row.id[:80]} stands on an earlier line with something else, not older than this"
            self._reject(line, reason, _shown(header, cells))
            return
        else:
            self.counts["repeats"] += 1
        if place is RepeatKind.AGAIN:
            return
        if row.found is not None and place is not RepeatKind.ANSWERED:
            self._found[row.id] = self._spelt(row.found)
        if row.answer is not None:
            self._answers.append(row.answer)
            self.counts["answers"] += 1

    def _count(self, row: ImportedRow) -> None:
        self.counts["taken" if row.found else "own"] += 1
        if row.found is None and row.answer is None:
            self.counts["to_nobody"] += 1

    def _spelt(self, found: Found) -> Found:
        """The mention with its brands in their first spelling: "fampay" and "FamPay" are one brand."""
        if found.brands not in self._named:
            self._named[found.brands] = tuple(dict.fromkeys(map(self._spelling, found.brands)))
        brands = self._named[found.brands]
        return found if brands == found.brands else Found(found.mention, brands)

    def _spelling(self, name: str) -> str:
        folded = key(name)
        if folded not in self._spellings:
            self._spellings[folded] = Brand(name, terms=(name,), competitor=folded in self._competitors)
        return self._spellings[folded].name

    def _reject(self, line: int, reason: str, content: str) -> None:
        rejected = Rejected(self._file, line, reason, content)
        self._rejected.append(rejected)
        self.counts["rejected"] += 1
        if len(self.reasons) < SHOWN_REASONS:
            self.reasons.append(rejected)


def _shown(header: Sequence[str], cells: Sequence[object]) -> str:
    filled = {name: _brief(cell) for name, cell in zip(header, cells, strict=True) if cell not in (None, "")}
    return json.dumps(filled, ensure_ascii=False, default=str)[:SHOWN]


def _brief(cell: object) -> object:
    return cell[:SHOWN] if isinstance(cell, str) else cell
