"""The webhook source: imports what licensed providers and automation tools pushed to the endpoint."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from data import files
from data.models import Brand, HearbackError, Rejected
from data.settings import places
from data.spool import pushes
from data.spool.batches import Content
from data.spool.pushes import LAID
from data.troubles import passes, sentence
from listeners import border
from listeners.base import Budget, Cursor, FetchResult, Listener, ListenerError, Options, Policy, Setting
from listeners.importing import imports
from listeners.importing.mapping import columns
from listeners.importing.readers.json_lists import rows_of
from listeners.sources.webhook_endpoint import SOURCE, is_name, names, secret_name

AT_ONCE = 1_000  # bodies that a run reads
MOST_BYTES = 32 * 1024 * 1024  # of the bodies that a run reads; the first is read whatever its size
LARGEST_READ = 4 * MOST_BYTES  # of one body; what is pushed is far smaller
NO_ROWS = "it is neither a JSON object nor a list of them"


class Webhook(Listener):
    """Reads the bodies that the endpoint stored, oldest first. The cursor names those whose batch is in place; the next
    run deletes them."""

    source = SOURCE
    every = timedelta(seconds=20)
    soon = 0.0  # the bodies lie here: nobody is to be spared
    policy = Policy(
        name="Webhook",
        keeps_text=True,
        deletions="As the provider's contract says; erase by id or by author when it tells you to.",
        replies="By hand, through the link.",
        checked_on=date(2026, 11, 24),
        terms="the contract with whoever pushes; you vouch that you may hold what they send",
        settings=(
            Setting(
                "names", "Intakes", needed=True, placeholder="acme-news = Acme",
                hint="One a line; POST /ingest/NAME takes what HEARBACK_WEBHOOK_NAME signs. A brand may follow.",
                pattern=r"[a-z0-9][a-z0-9-]{1,39}( = .+)?", slip="A name has small letters, digits and dashes.",
            ),
        ),
        looks_back=False,
    )  # fmt: skip

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def own_secrets(self, options: Options) -> tuple[str, ...]:
        """One secret per intake; without it the endpoint refuses every request."""
        return tuple(secret_name(name) for name in names(options))

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """The rows of the waiting bodies, as many as a run reads. Options: a table [sources.webhook.NAME] may set
        `source`, `brand` and `map`, column -> field."""
        read = set(cursor.get("read", []))
        waiting = _waiting(self._folder or places().intake)
        stay, fixed = _remove([body for body in waiting if body.name in read])
        fresh = [body for body in waiting if body.name not in read]
        portion = _portion(fresh)
        taken, troubles = _each(portion, options, now)
        troubles, parts = [*fixed, *troubles], taken.values()
        return FetchResult(
            found=[found for part in parts for found in part.get("found", ())],
            answers=[answer for part in parts for answer in part.get("answers", ())],
            rejected=[refused for part in parts for refused in part.get("rejected", ())],
            cursor={"read": [*stay, *taken]},
            troubles=troubles,
            more=len(fresh) > len(portion) and not troubles,
        )


def _waiting(intake: Path) -> list[Path]:
    try:
        return pushes.waiting(intake)
    except OSError as trouble:
        raise ListenerError(SOURCE, sentence(trouble).rstrip(".")) from None


def _remove(read: Sequence[Path]) -> tuple[list[str], list[str]]:
    """Remove the bodies whose batch is in place; the names of those that stay, and why. They are not read again."""
    stay, troubles = [], []
    for body in read:
        try:
            body.unlink(missing_ok=True)
        except OSError as trouble:
            stay.append(body.name)
            troubles.append(f"{body} was taken in and cannot be removed ({trouble.strerror}); remove it")
    return stay, troubles


def _portion(waiting: Sequence[Path]) -> Sequence[Path]:
    """The first bodies, as many as a run reads."""
    sizes = accumulate(map(pushes.size, waiting[:AT_ONCE]))
    return waiting[: max(1, sum(1 for size in sizes if size <= MOST_BYTES))]


def _each(bodies: Sequence[Path], options: Options, now: datetime) -> tuple[dict[str, Content], list[str]]:
    """The contents of bodies by the names of their files, and a sentence for each file that could not be read. Such a
    file stops no other: what may be read later is tried again in the next run, what is no file is set aside."""
    taken, troubles = {}, []
    for body in bodies:
        try:
            if files.shown(body) != body.name:
                raise OSError(errno.EILSEQ, "its name is not valid UTF-8")
            taken[body.name] = _taken(body, options, now)
        except OSError as trouble:
            if passes(trouble) or not os.path.lexists(body):
                troubles.append(f"{body.name} cannot be read now ({trouble.strerror}); it is tried again")
            else:
                taken |= _set_aside(body, trouble, troubles)
    return taken, troubles


def _set_aside(body: Path, why: OSError, troubles: list[str]) -> dict[str, Content]:
    """Rename what cannot be read at all; return the rejected line that tells of it. What cannot even be renamed is told
    of in `troubles`, in each run."""
    name, said = files.shown(body), f"it cannot be read: {why.strerror}"
    try:
        aside = files.set_aside(body)
    except OSError as trouble:
        troubles.append(f"{name} can be neither read ({why.strerror}) nor set aside ({trouble.strerror}); move it away")
        return {}
    rejected = Rejected(f"{SOURCE}: {name.rsplit('-', 2)[0]}", 0, f"{said}; it was set aside as {files.shown(aside)}")
    return {name: {"rejected": [rejected]}}


def rest(
    body: Path, options: Options, now: datetime, erased: Callable[[Collection[str]], Collection[str]]
) -> Content | None:
    """The content of a body without erased mentions; None when it has none. `erased`: returns those of the given ids
    that were erased."""
    content = _taken(body, options, now)
    found, answers = list(content.get("found", ())), list(content.get("answers", ()))
    gone = erased([*(one.mention.id for one in found), *(one.mention_id for one in answers)])
    if not gone:
        return None
    return {
        "found": [one for one in found if one.mention.id not in gone],
        "answers": [one for one in answers if one.mention_id not in gone],
        "rejected": content.get("rejected", ()),
    }


def _taken(body: Path, options: Options, now: datetime) -> Content:
    """One body as a batch's content; one that cannot be understood becomes a rejected line. OSError when the file
    cannot be read."""
    laid, name = body.with_suffix(LAID), body.name.rsplit("-", 2)[0]
    told, known = options.get(name, {}), names(options)
    told = told if isinstance(told, Mapping) and is_name(name) else {}
    file = f"{SOURCE}: {name}"
    try:
        pushed = files.read(body, most=LARGEST_READ)
        _lay(laid, list(_rows(pushed)))
        mapping = told.get("map")
        instructions = imports.Instructions(
            source=str(told.get("source") or name),
            brand=told.get("brand") or known.get(name),
            mapping=mapping if isinstance(mapping, Mapping) else None,
            shown_name=file,
        )
        return imports.read_whole(laid, now, instructions)
    except (HearbackError, ValueError, RecursionError) as trouble:
        reason = str(trouble).replace(columns.WHERE, _where(name)) if isinstance(trouble, HearbackError) else NO_ROWS
        content = pushed[: border.LONGEST_CONTENT].decode("utf-8", "replace")
        return {"rejected": [Rejected(file, 0, reason, content)]}
    finally:
        with suppress(OSError):
            laid.unlink(missing_ok=True)


def _where(name: str) -> str:
    return f'[sources.{SOURCE}.{name}] map = {{ "COLUMN" = "FIELD" }} in setup.toml'


def _rows(body: bytes) -> Iterator[dict[str, Any]]:
    """The objects of a body: one, a list of them, an object that holds such a list, or one a line. Raises
    ValueError."""
    text = body.decode("utf-8-sig")
    try:
        value = json.loads(text, strict=False)
    except ValueError:
        value = [json.loads(line, strict=False) for line in text.splitlines() if line.strip()]
    if isinstance(value, dict):
        value = rows_of(value)
    if not isinstance(value, list) or not value or not all(isinstance(row, dict) for row in value):
        raise ValueError(NO_ROWS)
    yield from value


def _lay(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    if os.path.lexists(path) and not files.is_plain(path):
        files.set_aside(path)
    with files.create(path) as file:
        file.writelines(json.dumps(row).encode() + b"\n" for row in rows)
