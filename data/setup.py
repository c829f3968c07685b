"""Reads and writes setup.toml, which holds the brands and the options of the sources."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from data import files, folding, troubles
from data.models import Brand, HearbackError

HEADING = """\
# Hearback: the brands we listen for and the sources we listen to.
# Edit it here or on the Setup page; both take effect within seconds. Secrets never go here.
"""
ENCODING = "utf-8-sig"  # some editors put a mark before the first letter
LISTS = ("terms", "required", "excluded", "handles")
FIELDS = ("name", *LISTS, "competitor", "reply_within_hours", "old_after_days")
TABLES = ("brand", "sources", "backup")
BACKUP = ("folder", "every_hours", "keep")
KINDS = ("default", "reviews")  # of mentions, beside the names of sources, with days of their own
LONGEST_AGE = 36_500  # days
LARGEST = 2**22  # bytes
MOST_HOURS = 24 * 366  # between two backups
MOST_KEPT = 1_000
DEEPEST = 8  # tables and lists within each other
MOST = 2**63  # numbers beyond are none that TOML knows
LONG_KEY = re.compile(
    r"""(?<![\w"'-])["']?+[\w-]++["']?+(?:[ \t]*+\.[ \t]*+["']?+[\w-]++["']?+){50}"""
)  # a.a.a.a and so on
NUL = "\x00"
SHOWN = 80  # characters of a name in a sentence
TOO_DEEP = "setup.toml cannot be read: its tables lie too deeply in each other. Take out what is no setting of ours."
MISSPELT = 0.85  # "review" for "reviews"; not the source "reviews_io"
ALIKE = 0.66  # "exclude" for "excluded", "reply_hours" for "reply_within_hours"; not "notes" for "terms"


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """When the app makes a backup by itself. `folder`: gets a folder for each; `keep`: how many of them stay."""

    folder: Path
    every: timedelta = timedelta(days=1)
    keep: int = 7


@dataclass(frozen=True, slots=True)
class Setup:
    """The content of setup.toml. `sources`: the options of each source, by its name; `backup`: None without a
    schedule."""

    brands: tuple[Brand, ...] = ()
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # source -> its table
    backup: BackupPlan | None = None


def load(path: Path) -> Setup:
    """Read setup.toml; a missing file gives an empty Setup. HearbackError, with the line or entry to mend, when it
    cannot be read. An empty file is an error, too: editors empty a file before they write it, and all brands would be
    removed for that moment."""
    try:
        text = files.read(path, linked=True, most=LARGEST).decode(ENCODING)
    except FileNotFoundError:
        return Setup()
    except OSError as trouble:
        raise HearbackError(troubles.sentence(trouble)) from None
    except UnicodeDecodeError as trouble:
        line = trouble.object.count(b"\n", 0, trouble.start) + 1
        raise HearbackError(f"setup.toml cannot be read: line {line} is not UTF-8. Save the file as UTF-8.") from None
    if not text.strip():
        raise HearbackError("setup.toml is empty. Write a brand into it, or remove the file to start over.")
    return parse(text)


def parse(text: str) -> Setup:
    """Parse the text of a setup.toml. HearbackError names the line or entry to mend."""
    try:
        if LONG_KEY.search(text):  # reading it takes hours
            raise RecursionError
        tables = tomllib.loads(text)
    except RecursionError:
        raise HearbackError(TOO_DEEP) from None
    except tomllib.TOMLDecodeError as trouble:
        raise HearbackError(
            f"setup.toml cannot be read: {_short(trouble)}. Mend that line and save it again."
        ) from None
    except ValueError:  # Python's own, which says how to lift its limit
        raise HearbackError(
            "setup.toml cannot be read: it holds a number of thousands of digits. Take it out."
        ) from None
    _check_values(tables)
    _check_names(tables, TABLES, "setup.toml")
    entries, sources = tables.get("brand", []), tables.get("sources", {})
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise HearbackError("setup.toml: brands are written as [[brand]] tables, each with a name and terms.")
    if not isinstance(sources, dict) or not all(isinstance(table, dict) for table in sources.values()):
        raise HearbackError("setup.toml: sources are written as [sources.NAME] tables.")
    brands = tuple(to_brand(entry) for entry in entries)
    names = Counter(brand.name.casefold() for brand in brands)
    for brand in brands:
        if names[brand.name.casefold()] > 1:
            raise HearbackError(f"setup.toml: the brand {_short(brand.name)} stands there twice; keep one.")
    return Setup(brands, sources, _plan(tables["backup"]) if "backup" in tables else None)


def _plan(said: object) -> BackupPlan:
    """Make a BackupPlan from the [backup] table. HearbackError when a value has the wrong type or range."""
    if not isinstance(said, dict):
        raise HearbackError('setup.toml: backups are written as a [backup] table with a folder = "...".')
    _check_names(said, BACKUP, "setup.toml: [backup]")
    folder, hours, keep = said.get("folder"), said.get("every_hours", 24), said.get("keep", 7)
    if not isinstance(folder, str) or not folder.strip().startswith(("/", "~/")):
        wrong = "" if folder is None else f" {_short(folder)} is none."
        raise HearbackError(f'setup.toml: [backup] needs a folder, written out: folder = "/mnt/backups".{wrong}')
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 1 <= hours <= MOST_HOURS:
        raise HearbackError(
            f"setup.toml: [backup] every_hours must be a number of hours from 1 to {MOST_HOURS:,}, not {_short(hours)}."
        )
    if isinstance(keep, bool) or not isinstance(keep, int) or not 1 <= keep <= MOST_KEPT:
        raise HearbackError(
            f"setup.toml: [backup] keep must be a whole number of backups from 1 to {MOST_KEPT:,}, not {_short(keep)}."
        )
    return BackupPlan(_whole_path(folder.strip()), timedelta(hours=hours), keep)


def _whole_path(said: str) -> Path:
    try:
        return Path(said).expanduser()
    except RuntimeError:  # nobody has a home
        raise HearbackError(f"setup.toml: [backup] folder is {_short(said)}, and there is no such home.") from None


def _check_values(tables: Mapping[str, Any]) -> None:
    """Raise HearbackError for values that TOML allows and no setting may have: too deep, too large, with NUL."""
    for path, value in _values(tables, ()):
        where = f"setup.toml: {'.'.join(path)[:SHOWN]}"
        if len(path) > DEEPEST:
            raise HearbackError(TOO_DEEP)
        if isinstance(value, int) and not -MOST <= value < MOST:
            raise HearbackError(f"{where} is a number out of range. Write a smaller one.")
        if any(NUL in text for text in (*path, value) if isinstance(text, str)):
            raise HearbackError(f"{where.replace(NUL, '')} holds a NUL character. Take it out.")


def _short(said: object) -> str:
    """What somebody wrote, in quotes where it is text, or what is said of it, cut where it is long; its end tells the
    line."""
    text = repr(said) if isinstance(said, str) else str(said)
    return text if len(text) <= 2 * SHOWN else f"{text[:SHOWN]} … {text[-SHOWN:]}"


def _values(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield the path and the value of everything in a table, down to one level below DEEPEST."""
    yield path, value
    if len(path) > DEEPEST:
        return
    held = value.items() if isinstance(value, dict) else enumerate(value, 1) if isinstance(value, list) else ()
    for name, one in held:
        yield from _values(one, (*path, str(name)))


def to_brand(entry: Mapping[str, Any]) -> Brand:
    """Make a Brand from a [[brand]] table. HearbackError when a field has the wrong type or range."""
    said = entry.get("name", "")
    name = " ".join(said.split()) if isinstance(said, str) else ""
    if not name:
        raise HearbackError("setup.toml: a [[brand]] has no name in quotes.")
    _check_names(entry, FIELDS, _who(name))
    competitor = entry.get("competitor", False)
    if not isinstance(competitor, bool):
        raise HearbackError(f"{_who(name)}: competitor must be true or false, not {_short(competitor)}.")
    lists = {key: _words(name, key, entry.get(key, ())) for key in LISTS}
    hours = entry.get("reply_within_hours", 8)
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 1 / 60 <= hours <= 24 * 365:
        raise HearbackError(
            f"{_who(name)}: reply_within_hours must be a number of hours between a minute and a year, "
            f"not {_short(hours)}."
        )
    return Brand(
        name,
        terms=lists["terms"] or (name,),
        required=lists["required"],
        excluded=lists["excluded"],
        competitor=competitor,
        reply_within=timedelta(hours=hours),
        handles=lists["handles"],
        old_after=_ages(name, entry.get("old_after_days", {})),
    )


def _who(name: str) -> str:
    return f"Brand {_short(name)}"


def _ages(name: str, said: object) -> tuple[tuple[str, int], ...]:
    """Check `old_after_days`; return it as sorted pairs (source or kind, days). A single number is the "default"."""
    told: dict[str, Any] = said if isinstance(said, dict) else {"default": said}
    for kind, days in told.items():
        if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= LONGEST_AGE:
            raise HearbackError(
                f"{_who(name)}: old_after_days must be a whole number of days from 1 to {LONGEST_AGE:,}, or such "
                f"numbers by source: {{ default = 30, reviews = 90, reddit = 7 }}. {str(days)[:SHOWN]!r} is none."
            )
        if kind not in KINDS and (meant := get_close_matches(kind.lower(), KINDS, n=1, cutoff=MISSPELT)):
            raise HearbackError(f"{_who(name)}: in old_after_days, {kind!r} is written {meant[0]!r}. Mend that name.")
    return tuple(sorted(told.items()))


def _check_names(table: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    """Raise HearbackError for a name that looks like a misspelt known one, such as "exclude". Names unlike any known
    one are ignored."""
    for name in table:
        if name not in known and (meant := get_close_matches(name.lower(), known, n=1, cutoff=ALIKE)):
            raise HearbackError(f"{where}: {name!r} is written {meant[0]!r}. Mend that name.")


def _words(name: str, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        raise HearbackError(f'{_who(name)}: {key} must be a list of words in quotes, such as ["{name[:SHOWN]}"].')
    return tuple(dict.fromkeys(" ".join(word.split()) for word in value if folding.key(word)))


def _entry(brand: Brand) -> dict[str, Any]:
    hours = brand.reply_within / timedelta(hours=1)
    return {
        "name": brand.name,
        **{key: list(getattr(brand, key)) for key in LISTS},
        "competitor": brand.competitor,
        "reply_within_hours": int(hours) if hours == int(hours) else hours,
        **({"old_after_days": _as_written(brand.old_after)} if brand.old_after else {}),
    }


def _as_written(old_after: Sequence[tuple[str, int]]) -> int | dict[str, int]:
    ages = dict(old_after)
    return ages["default"] if ages.keys() == {"default"} else ages


def save_brands(path: Path, brands: Sequence[Brand]) -> None:
    """Replace the brands in setup.toml; all else in it, comments too, stays. HearbackError when the file cannot be read
    or would become too large; OSError when it cannot be written."""
    import tomlkit  # only the one who writes pays for it

    document = _document(path)
    kept = {str(entry.get("name")): entry for entry in document.get("brand", [])}
    tables = tomlkit.aot()
    for brand in brands:
        entry = kept.get(brand.name, tomlkit.table())
        fields = _entry(brand)
        if "old_after_days" not in fields:
            entry.pop("old_after_days", None)
        if isinstance(ages := fields.get("old_after_days"), dict):
            fields["old_after_days"] = tomlkit.inline_table()  # a table of its own would take in what follows
            fields["old_after_days"].update(ages)
        entry.update(fields)
        tables.append(entry)
    document["brand"] = tables
    _replace(path, tomlkit.dumps(document))


def save_source(path: Path, source: str, options: Mapping[str, Any]) -> None:
    """Set these options in one source's table; all else in setup.toml stays. Errors as for `save_brands`."""
    import tomlkit

    document = _document(path)
    sources = document.setdefault("sources", tomlkit.table(is_super_table=True))
    table = sources.setdefault(source, tomlkit.table())
    table.update(options)
    _replace(path, tomlkit.dumps(document))


def _document(path: Path) -> Any:
    import tomlkit

    load(path)  # what cannot be read is never written over
    return tomlkit.parse(files.read(path, linked=True).decode(ENCODING) if path.exists() else HEADING)


def _replace(path: Path, text: str) -> None:
    parse(text)  # nothing that could not be read back is ever put in place
    content = text.encode()
    if len(content) > LARGEST:
        raise HearbackError(f"setup.toml would have more than {LARGEST:,} bytes. Take out brands that nobody needs.")
    files.write(path, content)
