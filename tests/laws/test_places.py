"""Laws of place: what stands in one module, so that there is one answer to how it is done."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence

import pytest

from tests.laws.code import ROOT, Source, example, hold, sources

ONE_PLACE = {
    "fsync": (re.compile(r"\bos\.fsync\b|\bfrom os import .*\bfsync\b"), "data/files.py"),
    "flock": (re.compile(r"\bfcntl\.(flock|lockf)\b|\bfrom fcntl import\b"), "data/locks.py"),
    "the wall clock": (
        re.compile(
            r"\b(datetime\.(now|utcnow|today)|date\.today|time\.(time(_ns)?|localtime|gmtime))\b"
            r"|\bfrom time import .*\b(time|time_ns|localtime|gmtime)\b"
        ),
        "data/clock.py",
    ),
    "the browser's time zone": (re.compile(r"\bcontext\.timezone\b"), "dashboard/zones.py"),
    "an address taken apart": (re.compile(r"\burl(split|parse|join|defrag)\("), "listeners/addresses.py"),
    "a file put in another's place": (
        re.compile(r"\bos\.(replace|renames?)\b|\bfrom os import .*\b(replace|rename)"), "data/files.py"
    ),
}  # fmt: skip
OPENS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "touch", "mkdir"}
COPIES = {"copy", "copy2", "copyfile", "copytree", "move"}
MODES = re.compile(r"[rwax]b?\+?t?")
# What else is opened: the system's, our own package's, and what a person names, all outside the data folder.
OPENED_ELSEWHERE = {
    "data/files.py": "it is the one place",
    "data/cli.py": "the null device",
    "data/clock.py": "the name of the machine's start",
    "data/store/store.py": "our own SQL",
    "data/analytics/published.py": "our own SQL",
    "listeners/sources/sample.py": "our own sample",
    "listeners/sources/youtube/client.py": "Google's description of its API",
    "dashboard/http/gatekeeper.py": "Streamlit's own page",
    "dashboard/queue/queue_list.py": "our own script and style",
    "dashboard/shared/frame.py": "our own style",
}
PEOPLES_FILES = "listeners/importing/"  # opened as the user who runs the import, and never in the data folder
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


def opens(found: Sequence[Source]) -> list[str]:
    """Files that are opened, made or copied past `data.files`, which opens regular files only and closes them to
    others. A named pipe would wait for ever, a link lead anywhere, a new file be open to all."""
    return [
        f"{source.at(node)} {ast.unparse(node)}"
        for source in found
        if source.folder != "analysis" and source.path not in OPENED_ELSEWHERE
        if not source.path.startswith(PEOPLES_FILES)
        for node in source.nodes
        if isinstance(node, ast.Call) and _opens(node)
    ]


def _opens(node: ast.Call) -> bool:
    called = node.func
    if isinstance(called, ast.Name):
        return called.id == "open"
    if not isinstance(called, ast.Attribute):
        return False
    owner = called.value.id if isinstance(called.value, ast.Name) else ""
    if owner == "shutil":
        return called.attr in COPIES
    return called.attr in OPENS and (called.attr != "open" or owner == "os" or _has_mode(node))


def _has_mode(node: ast.Call) -> bool:
    """Whether a call of a method `open` opens a file: with no argument, a mode, or an encoding."""
    if node.keywords or not node.args:
        return True
    first = node.args[0]
    return isinstance(first, ast.Constant) and isinstance(first.value, str) and bool(MODES.fullmatch(first.value))


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


def test_files_of_the_data_folder_are_opened_by_one_module():
    assert all((ROOT / path).exists() for path in OPENED_ELSEWHERE)
    hold(opens(sources()))


def test_only_a_process_edge_catches_everything():
    hold(catches_everything(sources()))


def test_certificates_are_always_checked():
    hold(elsewhere(sources(), UNCHECKED, ""))


def test_the_laws_refuse_what_breaks_them():
    broken: dict[str, Callable[[], object]] = {
        "os.fsync(file)": lambda: elsewhere([example("os.fsync(file)")], *ONE_PLACE["fsync"]),
        "a lock": lambda: elsewhere([example("fcntl.flock(file, 2)")], *ONE_PLACE["flock"]),
        "a named fsync": lambda: elsewhere([example("from os import fsync")], *ONE_PLACE["fsync"]),
        "a named lock": lambda: elsewhere([example("from fcntl import flock")], *ONE_PLACE["flock"]),
        "a named clock": lambda: elsewhere([example("from time import time")], *ONE_PLACE["the wall clock"]),
        "a clock handed on": lambda: elsewhere([example("clock = datetime.now")], *ONE_PLACE["the wall clock"]),
        "a clock": lambda: elsewhere([example("now = datetime.now(UTC)")], *ONE_PLACE["the wall clock"]),
        "an address": lambda: elsewhere([example("urlsplit(link)")], *ONE_PLACE["an address taken apart"]),
        "no check": lambda: elsewhere([example("get(url, verify=False)")], UNCHECKED, ""),
        "a plain open": lambda: opens([example("open(path)")]),
        "a method's open": lambda: opens([example('path.open("rb")')]),
        "an open with an encoding": lambda: opens([example('(folder / "a").open(encoding="utf-8")')]),
        "the system's open": lambda: opens([example("os.open(path, os.O_RDONLY)")]),
        "a whole file": lambda: opens([example("json.loads(path.read_bytes())")]),
        "a folder for all": lambda: opens([example("path.mkdir(parents=True)")]),
        "a copy": lambda: opens([example("shutil.copy(one, other)")]),
        "a rename": lambda: renames([example("path.rename(other)")]),
        "a broad handler": lambda: catches_everything([example("try:\n    f()\nexcept Exception:\n    pass\n")]),
    }
    assert not [name for name, breach in broken.items() if not breach()]
    assert not renames([example('text.replace("a", "b")')])
    assert not opens([example("form().open(brand)")])
    assert not opens([example("files.opened(path)")])
