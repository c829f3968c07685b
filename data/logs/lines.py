"""Makes a line of a log record: its time in UTC, level, part and message, as text or as JSON."""

from __future__ import annotations

import json
import logging
import re
import threading
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from data.logs import faults
from data.loops import Loop

OURS = ("app", "dashboard", "listeners", "analysis", "data")  # where loggers of ours begin
LONGEST = 2_000  # characters of a message
LEFT_OUT = "…"  # in place of what a library would have us write
# Line breaks, the terminal's control characters, and those that turn the direction of reading.
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class TextLines(logging.Formatter):
    """2026-11-29T22:15:52.123Z WARNING absorber: what happened (data.loops) | KeyError in data/ingest/batch.py:88."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self._part = part

    def format(self, record: logging.LogRecord) -> str:
        """The record on one line, whatever it holds."""
        said = f"{_message(record)} ({record.name})"
        told = " | ".join([said, *map(str, _faults(record))])
        return escaped(f"{_time(record)} {record.levelname} {_part(self._part)}: {told}")


class JsonLines(TextLines):
    """{"time", "level", "part", "logger", "message", "faults"}; `faults` has "type", "text" and "places" of each."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one JSON object in ASCII, on one line."""
        told: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname,
            "part": _part(self._part),
            "logger": record.name,
            "message": _message(record),
        }
        if found := _faults(record):
            told["faults"] = [asdict(one) for one in found]
        return json.dumps(told)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _part(process: str) -> str:
    """The loop whose thread this is; the process's name in every other thread. A record is made into a line in the
    thread that logged it."""
    thread = threading.current_thread()
    return thread.name if isinstance(thread, Loop) else process


def _faults(record: logging.LogRecord) -> list[faults.Fault]:
    return faults.told(record.exc_info[1]) if record.exc_info and record.exc_info[1] is not None else []


def _message(record: logging.LogRecord) -> str:
    """What is said. Of a library's record only the first line, with no argument but numbers and kinds of exceptions:
    its texts may be a stranger's, or hold a key."""
    is_ours = record.name.split(".", maxsplit=1)[0] in OURS
    said = _filled(record, is_ours)
    if record.exc_info and record.exc_info[1] is not None and not is_ours:
        said = _without(said, record.exc_info[1])
    if not is_ours:
        said = next(iter(said.strip().splitlines()), "")
    return said if len(said) <= LONGEST else said[:LONGEST] + LEFT_OUT


def _filled(record: logging.LogRecord, is_ours: bool) -> str:
    """The message with its arguments, where they fit it."""
    template, given = str(record.msg), record.args
    if not given:
        return template
    try:
        if isinstance(given, dict):
            return template % {name: _argument(value, is_ours) for name, value in given.items()}
        return template % tuple(_argument(value, is_ours) for value in given)
    except (TypeError, ValueError, KeyError):
        return template


def _argument(value: object, is_ours: bool) -> object:
    if isinstance(value, BaseException):
        fault = faults.told(value)[0]
        return fault.text or str(fault)
    return value if is_ours or isinstance(value, int | float | None) else LEFT_OUT


def _without(said: str, raised: BaseException) -> str:
    """A message without the text of the exception that is told beside it."""
    text = str(raised)
    return said.replace(text, LEFT_OUT) if text else said


def escaped(line: str) -> str:
    """A text with its line breaks and control characters written out, so that it is one line and moves no terminal."""
    return UNSAFE.sub(lambda hit: hit[0].encode("unicode_escape", "surrogatepass").decode("ascii"), line)
