"""`python -m analysis score` judges texts line by line, for the store and for anyone with a file of texts."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from typing import IO, Any

import orjson

from analysis.scoring import Asked, asked, score_lines
from data.command import Parser

TOGETHER = 100  # lines answered at once

DESCRIPTION = """Reads one JSON value a line: a text, or {"id", "title", "text", "rating", "names"} of which only "text"
must be there. Writes one JSON object a line in the same order: mention_id, scorer, label, compound, rests_on, words and
cues; or error and line for a line that cannot be read. Answers come by the hundred, at an empty line, at the end."""


def main(arguments: list[str]) -> int:
    """Run the command; 0 even when single lines could not be read."""
    options = _options(arguments)
    os.nice(10)  # whoever works in the dashboard comes first
    score_lines([asked("")])  # whatever is loaded at its first use is there when the first line comes
    answer(sys.stdin.buffer, sys.stdout.buffer, tuple(options.brand))
    return 0


def answer(lines: IO[bytes], out: IO[bytes], names: tuple[str, ...]) -> None:
    """Write an answer for each line, in order, flushing after each group."""
    for group in _groups(lines):
        readings = [_read(line, number, names) for number, line in group]
        made = iter(score_lines([reading for reading in readings if isinstance(reading, Asked)]))
        answers = [next(made) if isinstance(reading, Asked) else reading for reading in readings]
        out.write(b"\n".join([*map(orjson.dumps, answers), b""]))
        out.flush()


def _groups(lines: IO[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    """Lines with their numbers from 1, at most TOGETHER at once; an empty line ends a group and is in none."""
    group: list[tuple[int, bytes]] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            group.append((number, line))
        if len(group) == TOGETHER or (group and not line.strip()):
            yield group
            group = []
    if group:
        yield group


def _read(line: bytes, number: int, names: tuple[str, ...]) -> Asked | dict[str, Any]:
    try:
        return asked(orjson.loads(line), names)
    except ValueError as trouble:
        return {"error": str(trouble), "line": number}


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = Parser(prog="python -m analysis", description=DESCRIPTION)
    parser.add_argument("command", choices=["score"])
    parser.add_argument("--brand", action="append", default=[], metavar="TERM", help="a name that carries no feeling")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (KeyboardInterrupt, BrokenPipeError):
        # Whoever asked is gone. Python would still flush into the broken pipe on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(2)
