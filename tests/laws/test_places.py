"""Laws of place: what stands in one module, so that there is one answer to how it is done."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence

import pytest

from tests.laws.code import ROOT, Source, example, hold, sources

ONE_PLACE = {
    "fsync": (re.compile(r"\bos\.fsync\b"), "data/files.py"),
    "flock": (re.compile(r"\bfcntl\.(flock|lockf)\b"), "data/locks.py"),
    "the wall clock": (
        re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time(_ns)?)\("), "data/clock.py"
    ),
    "the browser's time zone": (re.compile(r"\bcontext\.timezone\b"), "dashboard/zones.py"),
    "a file put in another's place": (re.compile(r"\bos\.(replace|rename)\("), "data/files.py"),
}  # fmt: skip
UNCHECKED = re.compile(r"verify\s*=\s*False|CERT_NONE|_create_unverified")
RENAMES = {"rename", "replace"}


def elsewhere(found: Sequence[Source], pattern: re.Pattern[str], place: str) -> list[str]:
    """The lines outside `place` that do what only it may."""
    return [
        f"{source.path}:{number} {line.strip()}"
        for source in found
        if source.path != place
        for number, line in enumerate(source.text.splitlines(), start=1)
        if pattern.search(line)
    ]


def renames(found: Sequence[Source]) -> list[str]:
    """Files put in another's place by `Path.rename` or `Path.replace`: one argument, where text's `replace` has two."""
    return [
        f"{source.at(node)} {ast.unparse(node)}"
        for source in found
        if source.path != "data/files.py"
        for node in source.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RENAMES
        if len(node.args) == 1 and not node.keywords
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "files")
    ]


def catches_everything(found: Sequence[Source]) -> list[str]:
    """Handlers of every exception that neither raise it again nor say that they are a process's outermost edge."""
    return [source.at(node) for source in found for node in source.nodes if _is_broad(node) and not _may(source, node)]


def _is_broad(node: ast.AST) -> bool:
    broad = ("Exception", "BaseException")
    return isinstance(node, ast.ExceptHandler) and (node.type is None or getattr(node.type, "id", "") in broad)


def _may(source: Source, node: ast.AST) -> bool:
    assert isinstance(node, ast.ExceptHandler)
    lines = source.text.splitlines()
    return "outermost edge" in lines[node.lineno - 1] or "raise" in "".join(lines[node.lineno : node.lineno + 5])


@pytest.mark.parametrize("what", ONE_PLACE)
def test_it_stands_in_one_module(what):
    pattern, place = ONE_PLACE[what]
    assert (ROOT / place).exists()
    hold(elsewhere(sources(), pattern, place))


def test_a_file_is_put_in_anothers_place_by_one_function():
    hold(renames(sources()))


def test_only_a_process_edge_catches_everything():
    hold(catches_everything(sources()))


def test_certificates_are_always_checked():
    hold(elsewhere(sources(), UNCHECKED, ""))


def test_the_laws_refuse_what_breaks_them():
    broken: dict[str, Callable[[], object]] = {
        "os.fsync(file)": lambda: elsewhere([example("os.fsync(file)")], *ONE_PLACE["fsync"]),
        "a lock": lambda: elsewhere([example("fcntl.flock(file, 2)")], *ONE_PLACE["flock"]),
        "a clock": lambda: elsewhere([example("now = datetime.now(UTC)")], *ONE_PLACE["the wall clock"]),
        "no check": lambda: elsewhere([example("get(url, verify=False)")], UNCHECKED, ""),
        "a rename": lambda: renames([example("path.rename(other)")]),
        "a broad handler": lambda: catches_everything([example("try:\n    f()\nexcept Exception:\n    pass\n")]),
    }
    assert not [name for name, breach in broken.items() if not breach()]
    assert not renames([example('text.replace("a", "b")')])
