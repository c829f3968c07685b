"""The command `python -m analysis`: scores texts, measures scorers on a file, learns from corrections, fits weights."""

from __future__ import annotations

import argparse
import gc
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import orjson

from analysis.scoring.request import SCORER, VADER, Layer, ScoreRequest, read_request
from analysis.scoring.scoring import score_lines
from analysis.scoring.vader_scoring import bare
from data.cli import Parser, say_to, to_its_end
from data.models import HearbackError

TOGETHER = 1_000  # lines answered at once
SCORERS = {"hearback": SCORER, "vader": VADER}

DESCRIPTION = """score reads one JSON value a line: a text, or {"id", "title", "text", "rating", "names", "brands"} of
which only "text" must be there. It writes one JSON object a line in the same order: compound, neg, neu, pos, label,
confidence, needs_reply, words, what they rest on and more; or error and line for a line that cannot be read. Answers
come by the thousand, at an empty line, at the end. With --scorer vader and no brand the first four are
vaderSentiment's own.
evaluate measures a scorer on a Parquet file with "text" and "gold_sentiment"; stars are not looked at.
learn reads {"lexicon": {word: sentiment}}, then a correction a line: {"text", "title", "names", "sentiment",
"needs_reply"}; it writes one JSON object: layer, held_out, words.
fit makes the shipped weights anew from the open tier.
unpack lays the language model out, so that it is read at once; the set-up does so."""

_PROMISED = {"confidence": None, "needs_reply": None}  # every line has them; VADER has nothing to say there

Score = Callable[[Sequence[ScoreRequest]], list[dict[str, Any]]]


def main(arguments: list[str]) -> int:
    """Run the command; 0 even when single lines could not be read."""
    return to_its_end(lambda: _run(_parser().parse_args(arguments)))


def _run(options: argparse.Namespace) -> int:
    os.nice(10)  # the dashboard has priority
    if options.part:
        _begin_log(options.part)
    return int(options.run(options))


def _begin_log(part: str) -> None:
    """Write lines of a log from now on, as a part of the app, in which this process works."""
    from data.logs import start

    start.start(part, own_file=False)
    say_to(logging.getLogger("analysis"))


def score(options: argparse.Namespace) -> int:
    """Judge the lines of standard input."""
    judge = _scorer(options)
    judge([read_request("")])  # load everything that is loaded at its first use
    gc.freeze()  # and leave it out of every later garbage collection
    answer(sys.stdin.buffer, sys.stdout.buffer, tuple(options.brand), judge)
    return 0


def evaluate(options: argparse.Namespace) -> int:
    """Measure a scorer on a file."""
    from analysis import evaluation
    from analysis.adapting import learning

    scorer = SCORERS[options.scorer]
    if options.corrections and scorer == VADER:
        raise HearbackError("VADER learns nothing: corrections go with --scorer hearback.")
    labelled = evaluation.read(options.file)
    layer = learning.from_file(options.corrections) if options.corrections else None
    figures = evaluation.evaluate(labelled, scorer, layer)
    print(json.dumps(figures) if options.json else evaluation.told(figures))
    return 0


def learn(_: argparse.Namespace) -> int:
    """Learn from the corrections on standard input."""
    from analysis.adapting import learning
    from analysis.adapting.layer_fit import TooFew

    first, *rows = [_object(line, number) for number, line in enumerate(sys.stdin.buffer, 1) if line.strip()] or [{}]
    try:
        sys.stdout.buffer.write(orjson.dumps(learning.learn(rows, first.get("lexicon") or {})))
    except TooFew as trouble:
        raise HearbackError(str(trouble)) from None
    return 0


def _object(line: bytes, number: int) -> dict[str, Any]:
    try:
        value = orjson.loads(line)
    except ValueError as trouble:
        raise HearbackError(f"Line {number} is no JSON: {trouble}.") from None
    if not isinstance(value, dict):
        raise HearbackError(f"Line {number} is no JSON object.")
    return value


def fit(options: argparse.Namespace) -> int:
    """Make the shipped weights and their card anew."""
    from analysis.training import fit as fitting

    for line in fitting.write(options.into):
        print(line, flush=True)
    return 0


def unpack(_: argparse.Namespace) -> int:
    """Lay the language model out beside the environment."""
    from analysis.text import language_model

    try:
        language_model.unpack()
    except OSError as trouble:
        raise HearbackError(
            f"The language model could not be laid out in {language_model.UNPACKED}: {trouble.strerror}. Hearback "
            "works without it; its scorers start half a second later."
        ) from None
    return 0


def _scorer(options: argparse.Namespace) -> Score:
    """The function that scores a group of requests. VADER reads a text without names as it stands."""
    layer = _layer(options.layer) if options.layer else None
    if options.scorer == "hearback":
        return lambda requests: score_lines(requests, layer)
    return _by_vader


def _by_vader(requests: Sequence[ScoreRequest]) -> list[dict[str, Any]]:
    named = iter(score_lines([one for one in requests if one.names], scorer=VADER))
    return [_PROMISED | (next(named) if one.names else _bare(one)) for one in requests]


def _bare(request: ScoreRequest) -> dict[str, Any]:
    text = f"{request.title}\n{request.text}" if request.title else request.text
    return bare(text) | {"mention_id": request.id}


def _layer(file: Path) -> Layer:
    try:
        made: Layer = orjson.loads(file.read_bytes())
    except (OSError, ValueError) as trouble:
        raise HearbackError(f"{file} holds no layer: {trouble}.") from trouble
    try:
        if not made:
            raise ValueError("it is empty")
        score_lines([read_request("good")], made)
    except (KeyError, TypeError, ValueError) as trouble:
        raise HearbackError(f"{file} holds no layer of this version: {trouble}.") from trouble
    return made


def answer(lines: IO[bytes], out: IO[bytes], names: tuple[str, ...], judge: Score = score_lines) -> None:
    """Write an answer for each line, in order, flushing after each group."""
    for group in _groups(lines):
        readings = [_read(line, number, names) for number, line in group]
        made = iter(judge([reading for reading in readings if isinstance(reading, ScoreRequest)]))
        answers = [next(made) if isinstance(reading, ScoreRequest) else reading for reading in readings]
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


def _read(line: bytes, number: int, names: tuple[str, ...]) -> ScoreRequest | dict[str, Any]:
    try:
        return read_request(orjson.loads(line), names)
    except ValueError as trouble:
        return {"error": str(trouble), "line": number}


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m analysis", description=DESCRIPTION)
    parser.tell_version()
    parser.set_defaults(part=None)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    scoring = commands.add_parser("score", help="judge texts, one JSON value a line", description=DESCRIPTION)
    scoring.add_argument("--scorer", choices=SCORERS, default="hearback")
    scoring.add_argument("--brand", action="append", default=[], metavar="TERM", help="a name that carries no feeling")
    scoring.add_argument("--layer", type=Path, metavar="FILE", help="what a team's corrections taught")
    scoring.add_argument("--part", help=argparse.SUPPRESS)  # the app's own, whose log it joins
    scoring.set_defaults(run=score)
    measuring = commands.add_parser("evaluate", help="how well a scorer does on a labelled file")
    measuring.add_argument("file", type=Path, metavar="FILE.parquet")
    measuring.add_argument("--scorer", choices=SCORERS, default="hearback")
    measuring.add_argument("--corrections", type=Path, metavar="FILE", help="learn from this labelled file first")
    measuring.add_argument("--json", action="store_true", help="as one JSON object")
    measuring.set_defaults(run=evaluate)
    learning = commands.add_parser("learn", help='what corrections teach: first {"lexicon"}, then one a line')
    learning.set_defaults(run=learn)
    fitting = commands.add_parser("fit", help="make the shipped weights anew")
    fitting.add_argument("--into", type=Path, metavar="FOLDER", help="where to write; the shipped ones otherwise")
    fitting.set_defaults(run=fit)
    unpacking = commands.add_parser("unpack", help="lay the language model out, once")
    unpacking.set_defaults(run=unpack)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
