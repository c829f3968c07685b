"""Every source as plain values: its policy, whether it is switched on, what it lacks, and its other abilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from typing import Any, cast

from data.models import SAMPLE, HearbackError
from data.settings import secret
from data.setup import Setup
from data.spool.budgets import CAP
from listeners.base import Listener, ListenerError, secrets_of
from listeners.budget import cap
from listeners.registry import LISTENERS, LIVE_VIEWS, RECHECKERS, RESPONDERS
from listeners.schedule.runs import Task, interval, why_off


def catalog(setup: Setup) -> dict[str, dict[str, Any]]:
    """Every source by name, as plain JSON. Secrets are reported as present or missing; their values are left out."""
    live = {view.source for view in LIVE_VIEWS}
    return {task.listener.source: _row(task, live=task.listener.source in live) for task in every_task(setup)}


def every_task(setup: Setup) -> Iterator[Task]:
    """Every source with its options from setup.toml, switched on or not; live views last."""
    brands = tuple(brand for brand in setup.brands if not brand.is_sample)
    for source in (*LISTENERS, *LIVE_VIEWS):  # only the name and policy of a live view are used here
        yield Task(cast(Listener, source), brands, setup.sources.get(source.source, {}))


def unknown(setup: Setup) -> list[str]:
    """A sentence for each table of setup.toml whose source does not exist, such as a misspelt one."""
    known = {source.source for source in (*LISTENERS, *LIVE_VIEWS)}
    return [
        f"setup.toml has [sources.{name}], and there is no such source: python -m listeners sources lists them."
        for name in setup.sources
        if name not in known
    ]


def _row(task: Task, *, live: bool) -> dict[str, Any]:
    source, off = task.listener.source, why_off(task)
    return {
        "name": task.listener.policy.name,
        "on": off is None,
        "why_off": off,
        "lacks": list(lacking(task)),
        "can": {
            "listen": not live,
            "live_view": live,
            "recheck": any(one.source == source for one in RECHECKERS),
            "reply": any(one.source == source for one in RESPONDERS),
            "estimate": task.listener.policy.is_paid,
        },
        "every": None if live else _every(task),
        "policy": plain(task.listener.policy),
    }


def _every(task: Task) -> float:
    try:
        return interval(task)
    except ListenerError:
        return task.listener.every.total_seconds()


def lacking(task: Task) -> Iterator[dict[str, str]]:
    """What a source still needs before it can run: for each thing its `kind`, its `name` and a phrase, `says`."""
    source, policy, options = task.listener.source, task.listener.policy, task.options
    if not task.brands and source != SAMPLE:
        yield {"kind": "brand", "name": "brand", "says": "a brand to listen for"}
    if policy.approval and not options.get("approved"):
        yield {"kind": "approval", "name": "approved", "says": f"your word that you hold {policy.approval}"}
    for name in secrets_of(task.listener, options):
        if not _is_there(name):
            yield {"kind": "secret", "name": name, "says": name}
    for setting in policy.settings:
        if setting.needed and setting.name != CAP and not options.get(setting.name):
            yield {"kind": "setting", "name": setting.name, "says": f"{setting.name} in setup.toml"}
    if task.listener.policy.is_paid and cap_of(task) is None:
        yield {"kind": "cap", "name": CAP, "says": f"{CAP}, the most it may spend"}


def _is_there(name: str) -> bool:
    try:
        return bool(secret(name))
    except HearbackError:  # secrets.toml cannot be read, so no secret in it can be used
        return False


def cap_of(task: Task) -> float | None:
    """A source's monthly cap in US dollars; None where no usable cap is set."""
    try:
        return cap(task.listener.source, task.options)
    except ListenerError:
        return None


def plain(value: Any) -> Any:
    """A value as plain JSON: time spans in seconds, dates as ISO text, dataclasses as objects."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, tuple | list) else value
