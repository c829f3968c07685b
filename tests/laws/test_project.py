"""Laws of the project: what lies at its top, what it needs, where it listens."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions

from tests.laws.code import FOLDERS, ROOT, sources

AGREED = {
    *("app.py", "listeners", "analysis", "data", "notebooks", "tests", "requirements.txt", "README.md", "dashboard"),
    *("docs", "Makefile", "pyproject.toml", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", ".ci", ".streamlit"),
    *(".gitignore", ".gitattributes", ".editorconfig", ".pre-commit-config.yaml"),
}


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return listed.splitlines()


def packages() -> dict[str, str]:
    """Every package with the sentence on top of it."""
    return {
        source.path.removesuffix("__init__.py"): source.docstring
        for source in sources()
        if source.path.endswith("/__init__.py")
    }


def test_every_folder_of_modules_is_a_package():
    """A folder without an `__init__` would be passed over by the type checker."""
    folders = {source.path.rpartition("/")[0] + "/" for source in sources() if source.folder in FOLDERS}
    assert folders == set(packages())


def test_the_packages_are_listed_with_their_sentences():
    architecture = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| `([\w/]+/)` \| (.+) \|$", architecture, re.M))
    assert table == packages()


def test_all_that_is_installed_is_locked_with_hashes():
    locked = dict(_locked((ROOT / "requirements-lock.txt").read_text()))
    chosen = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert chosen
    assert {_normal(name): version for name, version in chosen}.items() <= locked.items()
    installed = {_normal(one.name): one.version for one in distributions()}
    tools = {"pip", "setuptools", "wheel"}  # of the environment itself
    assert {name: version for name, version in installed.items() if name not in tools}.items() <= locked.items()


def test_the_second_environment_of_ci_is_locked_too():
    locked = dict(_locked((ROOT / ".ci/mastodon-mock-lock.txt").read_text()))
    chosen = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / ".ci/mastodon-mock.txt").read_text(), re.MULTILINE)
    assert {_normal(name): version for name, version in chosen} == locked


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _locked(lock: str) -> Iterator[tuple[str, str]]:
    """The names and versions of a lock file, each of which has a hash."""
    for entry in re.split(r"\n(?=\w)", "\n" + "\n".join(line for line in lock.splitlines() if line[:1] != "#")):
        if entry.strip():
            name, version = re.match(r"\s*([\w.-]+)==([^\s;]+)", entry).groups()
            assert "--hash=sha256:" in entry, name
            yield _normal(name), version


def test_requirements_are_pinned_and_explained():
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and not line.startswith("#")]
    assert lines
    assert not [line for line in lines if not re.match(r"[A-Za-z0-9_.\-\[\]]+==[\w.]+\s+# \w", line)]


def test_the_top_level_is_what_was_agreed():
    top = {name.split("/", maxsplit=1)[0] for name in tracked()}
    assert not [name for name in top - AGREED if not re.fullmatch(r"requirements-[\w-]+\.txt", name)]


def test_the_server_listens_on_this_machine_only():
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
    assert settings["server"]["address"] == "127.0.0.1"


def test_no_part_of_a_page_is_left_to_what_a_browser_remembers():
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from streamlit.runtime.forward_msg_cache import populate_hash_if_needed

    message = ForwardMsg()
    message.delta.new_element.text.body = "a long list of mentions" * 100_000
    populate_hash_if_needed(message)
    assert not message.metadata.cacheable
