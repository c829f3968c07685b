"""One version: the commands, the agent that sources see, the project's file and the changelog say the same."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest

from data.settings import VERSION
from listeners.http.web import AGENT
from tests.laws.code import ROOT


@pytest.mark.parametrize("command", ["data", "listeners", "analysis"])
def test_every_command_tells_the_version(command):
    done = subprocess.run(
        [sys.executable, "-m", command, "--version"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, f"Hearback {VERSION}\n", "")


def test_the_projects_file_has_the_same_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION


def test_sources_see_the_same_version():
    assert AGENT.startswith(f"Hearback/{VERSION} (")


def test_the_latest_release_of_the_changelog_is_not_another():
    released = re.findall(r"^## (\d\S*)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert released[:1] in ([], [VERSION])
