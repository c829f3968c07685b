"""What is said of a backup, of a restore and of a check, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from data.backup.checking import Checked
from data.backup.manifest import Made, Manifest
from data.backup.putting_back import PutBack
from data.backup.requests import CopyOutcome

SHOWN = ("mention", "score", "action", "queue", "correction")  # whose rows are counted first
NOT_IN_IT = (
    "Secrets are not in it: keep .streamlit/secrets.toml and what you set in the environment elsewhere. What is erased "
    "from now on stays in this folder, and is left out when it is restored."
)


def of_backup(folder: Path, made: Manifest) -> str:
    """What to say of a backup that was made."""
    size = sum(one.size for one in made.files.values()) / 1e6
    held = f"{counted(made.tables)}, in {len(made.files)} files of {size:,.1f} MB"
    return f"The backup {folder} holds {held}.\n{NOT_IN_IT}"


def counted(rows: Mapping[str, int]) -> str:
    """Rows by table, those first that people know."""
    first = [f"{rows[table]:,} rows of {table}" for table in SHOWN if table in rows]
    others = sum(many for table, many in rows.items() if table not in SHOWN)
    rest = len(rows) - len(first)
    return ", ".join([*first, *([f"{others:,} rows of {rest} other tables"] if rest else [])])


def of_check(done: Checked) -> CopyOutcome:
    """What to say of a check."""
    counts = f"{len(done.rows)} tables were read whole: {counted(done.rows)}."
    if done.wrong:
        return CopyOutcome(counts, "\n".join(done.wrong))
    return CopyOutcome(f"{counts}\nNothing is wrong with them.")


def of_restore(done: PutBack, *, only_look: bool) -> str:
    """What to say of a backup that was restored, or that would be."""
    return "\n".join(_of_look(done) if only_look else _of_restore(done))


def _of_look(done: PutBack) -> list[str]:
    lines = [f"{_named(done)} is whole and can be restored: {counted(done.rows)}. Nothing was changed."]
    if done.erased:
        lines.append(f"{done.erased:,} mentions would be left out: they were erased since.")
    if done.held:
        lines.append(f"{done.held:,} approved replies would be held until somebody looks at them.")
    return [*lines, "What came in or was done after it would not be in the store, which is kept under another name."]


def _of_restore(done: PutBack) -> list[str]:
    lines = [f"The store was made from {_named(done)}: {counted(done.rows)}."]
    lines.append("What came in or was done after that is not in it. People and the audit log are as they were.")
    if done.erased:
        lines.append(f"{done.erased:,} mentions were left out: they had been erased.")
    if done.held:
        lines.append(
            f"{done.held:,} approved replies are held, for they may have been sent since: python -m listeners deliver "
            "--list names them."
        )
    if done.aside:
        names = " and ".join(map(str, done.aside))
        lines.append(f"What was there before is kept as {names}; remove it when nobody needs it.")
    return lines


def _named(done: PutBack) -> str:
    kind = "the backup" if done.made.made_of is Made.FOLDER else "the copy of before an update"
    return f"{kind} {done.folder} of {done.made.when}"
