"""setup.toml: the brands and the sources, in a file people can read and the Setup page edits."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from data.models import Brand, HearbackError

HEADING = """\
# Hearback: the brands we listen for and the sources we listen to.
# Edit it here or on the Setup page; both take effect within seconds. Secrets never go here.
"""
LISTS = ("terms", "required", "excluded", "handles")


@dataclass(frozen=True, slots=True)
class Setup:
    """What setup.toml says."""

    brands: tuple[Brand, ...] = ()
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # source -> its table


def load(path: Path) -> Setup:
    """Read setup.toml; a missing file is an empty setup. HearbackError says which line or entry to mend. An empty file
    is an error too: an editor that is saving empties it first, and every brand would be gone for a moment."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Setup()
    except OSError as trouble:
        raise HearbackError(f"{path} cannot be read: {trouble.strerror}.") from None
    except UnicodeDecodeError as trouble:
        raise HearbackError(f"setup.toml cannot be read: {trouble}.") from None
    if not text.strip():
        raise HearbackError("setup.toml is empty. Write a brand into it, or remove the file to start over.")
    return parse(text)


def parse(text: str) -> Setup:
    """A setup from TOML. HearbackError says which line or entry to mend."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as trouble:
        raise HearbackError(f"setup.toml cannot be read: {trouble}. Mend that line and save it again.") from None
    entries, sources = tables.get("brand", []), tables.get("sources", {})
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise HearbackError("setup.toml: brands are written as [[brand]] tables, each with a name and terms.")
    if not isinstance(sources, dict) or not all(isinstance(table, dict) for table in sources.values()):
        raise HearbackError("setup.toml: sources are written as [sources.NAME] tables.")
    brands = tuple(to_brand(entry) for entry in entries)
    names = [brand.name.casefold() for brand in brands]
    for brand in brands:
        if names.count(brand.name.casefold()) > 1:
            raise HearbackError(f"setup.toml: the brand {brand.name!r} stands there twice; keep one.")
    return Setup(brands, sources)


def to_brand(entry: Mapping[str, Any]) -> Brand:
    """One [[brand]] table as a brand. HearbackError when a field cannot be used."""
    name = " ".join(str(entry.get("name", "")).split())
    if not name:
        raise HearbackError("setup.toml: a [[brand]] has no name.")
    lists = {key: _words(name, key, entry.get(key, ())) for key in LISTS}
    hours = entry.get("reply_within_hours", 8)
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 1 / 60 <= hours <= 24 * 365:
        raise HearbackError(
            f"Brand {name!r}: reply_within_hours must be a number of hours between a minute and a year, not {hours!r}."
        )
    return Brand(
        name,
        terms=lists["terms"] or (name,),
        required=lists["required"],
        excluded=lists["excluded"],
        competitor=bool(entry.get("competitor", False)),
        reply_within=timedelta(hours=hours),
        handles=lists["handles"],
    )


def _words(name: str, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        raise HearbackError(f'Brand {name!r}: {key} must be a list of words in quotes, such as ["{name}"].')
    return tuple(dict.fromkeys(cleaned for word in value if (cleaned := " ".join(word.split()))))


def _entry(brand: Brand) -> dict[str, Any]:
    hours = brand.reply_within / timedelta(hours=1)
    return {
        "name": brand.name,
        **{key: list(getattr(brand, key)) for key in LISTS},
        "competitor": brand.competitor,
        "reply_within_hours": int(hours) if hours == int(hours) else hours,
    }


def save_brands(path: Path, brands: Sequence[Brand]) -> None:
    """Write the brands into setup.toml and leave everything else in it, comments too, as it stands."""
    import tomlkit  # only the one who writes pays for it

    document = _document(path)
    kept = {str(entry.get("name")): entry for entry in document.get("brand", [])}
    tables = tomlkit.aot()
    for brand in brands:
        entry = kept.get(brand.name, tomlkit.table())
        entry.update(_entry(brand))
        tables.append(entry)
    document["brand"] = tables
    _replace(path, tomlkit.dumps(document))


def save_source(path: Path, source: str, options: Mapping[str, Any]) -> None:
    """Write one source's table into setup.toml and leave everything else in it as it stands."""
    import tomlkit

    document = _document(path)
    sources = document.setdefault("sources", tomlkit.table(is_super_table=True))
    table = sources.setdefault(source, tomlkit.table())
    table.update(options)
    _replace(path, tomlkit.dumps(document))


def _document(path: Path) -> Any:
    import tomlkit

    load(path)  # what cannot be read is never written over
    return tomlkit.parse(path.read_text(encoding="utf-8") if path.exists() else HEADING)


def _replace(path: Path, text: str) -> None:
    parse(text)  # nothing that could not be read back is ever put in place
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
