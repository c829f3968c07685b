"""What the documents say: links lead somewhere, named files and tests exist, named commands run with named options."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from dashboard.shared import pulse
from listeners.registry import LISTENERS, LIVE_VIEWS
from tests.laws.code import ROOT, hold, sources

# What a path is written with that a reader fills in: listeners/sources/NAME.py.
PLACEHOLDER = re.compile(r"NAME|NNN_name")
# Files that exist only where Hearback runs, and others' files.
ELSEWHERE = {"setup.toml", "data/live/", "data/live/setup.toml", ".streamlit/secrets.toml", "tweets.js"}
FILE_NAME = re.compile(r"[\w.-]+\.(css|ipynb|js|jsonl|md|py|sql|toml|txt|yaml)")
COMMAND = re.compile(r"python -m (data|listeners|analysis|tests\.benchmarks)\b((?: [a-z]+\b)?)([^`\n]*)")
VERBLESS = {"tests.benchmarks"}  # what follows names a benchmark, not a command with options of its own
MOST_LINES = 200  # of README
COUNTER_EXAMPLES = "test_the_laws_refuse_what_breaks_them"
HELP = """
import contextlib, io, json, runpy, sys
module, *verbs = sys.argv[1:]
told = {}
for verb in verbs:
    sys.argv = [module, *verb.split(), "--help"]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        try:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        except SystemExit as left:
            told[verb] = "" if left.code else out.getvalue()
print(json.dumps(told))
"""


@dataclass(frozen=True, repr=False)
class Document:
    """One Markdown file: `path` from the top of the project, and its `text`."""

    path: str
    text: str

    def __repr__(self) -> str:
        return self.path

    @property
    def folder(self) -> Path:
        return (ROOT / self.path).parent

    @property
    def quoted(self) -> list[str]:
        """What stands in backticks, blocks of code apart."""
        return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", self.text, flags=re.M | re.S))

    @property
    def anchors(self) -> set[str]:
        """The headings as a link names them."""
        headings = re.findall(r"^#+ (.+)$", self.text, re.M)
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@cache
def tracked() -> tuple[str, ...]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(listed.splitlines())


@cache
def documents() -> tuple[Document, ...]:
    found = [name for name in tracked() if name.endswith(".md")]
    assert {"README.md", "CONTRIBUTING.md", "docs/sources.md"} <= set(found)
    return tuple(Document(name, (ROOT / name).read_text(encoding="utf-8")) for name in found)


def document(path: str) -> Document:
    return next(one for one in documents() if one.path == path)


def dead_links(found: Document) -> list[str]:
    return [f"{found}: {link}" for link in re.findall(r"\]\(([^)\s]+)\)", found.text) if not _leads(found, link)]


def _leads(found: Document, link: str) -> bool:
    if re.match(r"https?://|mailto:", link):
        return True  # the suite asks nobody outside
    path, _, anchor = link.partition("#")
    target = (found.folder / path).resolve() if path else ROOT / found.path
    if not target.exists():
        return False
    return not anchor or anchor in Document(link, target.read_text(encoding="utf-8")).anchors


def missing_paths(found: Document) -> list[str]:
    """The files, folders and tests in backticks that do not exist."""
    return [f"{found}: {said}" for said in found.quoted if _is_path(said) and not _exists(found, said)]


def _is_path(said: str) -> bool:
    top = {name.split("/", maxsplit=1)[0] for name in tracked() if "/" in name}
    in_a_folder = "/" in said and " " not in said and said.split("/", maxsplit=1)[0] in top
    return in_a_folder or bool(FILE_NAME.fullmatch(said))


def _exists(found: Document, said: str) -> bool:
    path, _, test = said.partition("::")
    if path in ELSEWHERE:
        return True
    named = PLACEHOLDER.sub("*", path)
    hits = [hit for folder in (ROOT, found.folder) for hit in folder.glob(named)]
    if not hits:  # a bare name stands for every file that is called so: page.py
        return "/" not in path and any(name.endswith(f"/{path}") for name in tracked())
    return not test or f"def {test}(" in hits[0].read_text(encoding="utf-8")


def missing_classes(found: Document) -> list[str]:
    known = {node.name for source in sources() for node in source.classes}
    named = [said for said in found.quoted if re.fullmatch(r"([A-Z][a-z]+){2,}", said)]
    return [f"{found}: {said}" for said in named if said not in known]


def missing_variables(found: Document) -> list[str]:
    """Environment variables of ours that nothing reads."""
    named = set(re.findall(r"\bHEARBACK_[A-Z_]+\b", found.text))
    # HEARBACK_WEBHOOK_ACME_NEWS begins as the code begins it, and ends in a name of the team's own.
    return [
        f"{found}: {name}" for name in named if not name.startswith("HEARBACK_WEBHOOK_") and name not in variables()
    ]


@cache
def variables() -> frozenset[str]:
    """The environment variables of ours that stand in the code."""
    code = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in tracked() if name.endswith(".py"))
    return frozenset(re.findall(r"\bHEARBACK_[A-Z_]+\b", code))


def missing_targets(found: Document) -> list[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    named = {target for block in _code(found) for target in re.findall(r"(?:^|\s)make ([a-z-]+)", block)}
    return [f"{found}: make {target}" for target in sorted(named - known)]


def _code(found: Document) -> Iterator[str]:
    yield from found.quoted
    yield from re.findall(r"^```.*?^```", found.text, re.M | re.S)


def commands() -> dict[tuple[str, str], set[str]]:
    """Every command that a document names, as module and verb, with the options it is given anywhere."""
    named: dict[tuple[str, str], set[str]] = {}
    for found in documents():
        for block in _code(found):
            for module, verb, rest in COMMAND.findall(block):
                key = (module, "" if module in VERBLESS else verb.strip())
                named.setdefault(key, set()).update(re.findall(r"--[a-z][a-z-]+", rest))
    return named


@pytest.mark.parametrize("found", documents(), ids=str)
def test_every_link_leads_somewhere(found):
    hold(dead_links(found))


@pytest.mark.parametrize("found", documents(), ids=str)
def test_every_file_and_test_that_is_named_exists(found):
    hold(missing_paths(found))


@pytest.mark.parametrize("found", documents(), ids=str)
def test_every_class_variable_and_target_that_is_named_exists(found):
    hold(missing_classes(found) + missing_variables(found) + missing_targets(found))


def test_every_command_that_is_named_knows_the_options_it_is_given():
    named = commands()
    assert len(named) > 10
    verbs: dict[str, list[str]] = defaultdict(list)
    for module, verb in named:
        verbs[module].append(verb)
    helped = {module: _helped(module, *asked) for module, asked in verbs.items()}
    hold([f"{module} {verb}: no help" for module, verb in named if not helped[module].get(verb)])
    hold([
        f"{module} {verb} has no {option}"
        for (module, verb), options in named.items()
        for option in options
        if option not in helped[module][verb]
    ])  # fmt: skip


def _helped(module: str, *verbs: str) -> dict[str, str]:
    """What `python -m module VERB --help` prints, by verb, where it ends well; one process answers for all."""
    words = [sys.executable, "-c", HELP, module, *verbs]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    told: dict[str, str] = json.loads(done.stdout)
    return told


def test_every_source_is_described():
    text = document("docs/sources.md").text
    known = {one.source for one in (*LISTENERS, *LIVE_VIEWS)}
    assert known | {"import"} == set(re.findall(r"^\| `(\w+)` \|", text, re.M))
    assert (known | {"import"}) - {"sample"} == set(re.findall(r"^## `(\w+)`: ", text, re.M))


def test_every_thread_of_the_app_is_described_and_has_a_name_on_the_pages():
    started = set(re.findall(r'Loop\(\s*"(\w+)"', (ROOT / "dashboard/runtime.py").read_text(encoding="utf-8")))
    assert len(started) > 5
    described = re.search(r"^\| thread \|.*?\n\n", document("docs/processes.md").text, re.M | re.S)
    assert described
    assert set(re.findall(r"^\| (\w+) \|", described[0], re.M)) - {"thread"} == started
    assert set(pulse.THREADS) - {"store"} == started


def test_every_law_stands_among_the_rules():
    laws = [
        f"tests/laws/{path.name}::{name}"
        for path in sorted((ROOT / "tests/laws").glob("test_*.py"))
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
        if name != COUNTER_EXAMPLES
    ]
    assert laws
    hold([law for law in laws if f"`{law}`" not in document("CONTRIBUTING.md").text])


def test_nobody_is_told_to_install_beside_the_lock():
    """A law compares what is installed with the lock: whoever followed such a sentence would have a red suite."""
    hold([str(found) for found in documents() if re.search(r"\bpip install\b", found.text)])


def test_readme_is_short():
    assert len(document("README.md").text.splitlines()) < MOST_LINES


def test_what_is_wrong_is_found():
    assert dead_links(Document("docs/a.md", "[a](gone.md) [b](sources.md#no-such-heading)")) == [
        "docs/a.md: gone.md",
        "docs/a.md: sources.md#no-such-heading",
    ]
    assert not dead_links(Document("docs/a.md", "[b](sources.md#keys-that-end) [c](https://example.com)"))
    assert missing_paths(Document("a.md", "`data/gone.py`, `gone.toml`, `listeners/gone/NAME.py`"))
    assert missing_paths(Document("a.md", "`tests/test_documents.py::test_gone`"))
    assert not missing_paths(Document("a.md", "`data/models.py`, `make test`, `stars/rating`"))
    assert missing_classes(Document("a.md", "`GoneError`"))
    assert missing_variables(Document("a.md", f"`{'HEARBACK'}_GONE=1`"))
    assert missing_targets(Document("a.md", "```\nmake gone\n```"))
